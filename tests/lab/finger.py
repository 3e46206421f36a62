"""Postfix's posttls-finger on a domain of the lab, inside it and as root.

A separate mount namespace gives it an /etc/resolv.conf with the lab's
validating Unbound.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from postfix_server import OWNER
from zones import RESOLVER

SECONDS = 40


def run_finger(folder: Path, *arguments: str) -> str:
    """The output of posttls-finger with the lab's resolver. Each call has its
    own file, since others may be running."""
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix="resolv.") as file:
        file.write(f"nameserver {RESOLVER}\noptions edns0 trust-ad\n")
        file.flush()
        os.chmod(file.name, 0o644)
        script = ('mount --bind "$1" /etc/resolv.conf && shift && '
                  'exec posttls-finger -c -t 10 -T 10 "$@"')
        command = ["unshare", "--mount", "sh", "-c", script, "sh", file.name,
                   *arguments]
        try:
            done = subprocess.run(command, capture_output=True, text=True,
                                  timeout=SECONDS, stdin=subprocess.DEVNULL)
            return done.stdout + done.stderr
        except subprocess.TimeoutExpired:
            return "no answer in time"


def finger_missing() -> str:
    """Why it cannot run here; or "". It becomes Postfix's user first, whom the
    user namespace of a lab that is not root's does not have, though one is root
    in it."""
    if shutil.which("posttls-finger") is None:
        return "there is no posttls-finger"
    try:
        subprocess.run(["true"], user=OWNER, group=OWNER, check=True)
    except (KeyError, OSError, subprocess.SubprocessError):
        return f"posttls-finger cannot become the user {OWNER}"
    return ""


def finger(domain: str, folder: Path) -> str:
    """Checks only DANE, at the MX hosts of the domain."""
    return run_finger(folder, "-l", "dane-only", "-o",
                      "smtp_dns_support_level=dnssec", domain)


def authenticated(said: str) -> bool:
    """"Verified" by itself may mean WebPKI, so a TLSA record must have matched.
    If the MX RRset is insecure, a match is logged as trusted (RULES T12)."""
    word = "Trusted" if "MX RRset insecure" in said else "Verified"
    return f"{word} TLS connection" in said and "Matched DANE" in said
