"""Postfix's posttls-finger on a domain of the lab, inside it and as root.

A mount namespace of its own gives it an /etc/resolv.conf with the lab's
validating Unbound.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from zones import RESOLVER

SECONDS = 20


def finger(domain: str, folder: Path) -> str:
    """What posttls-finger says, with the lab's resolver."""
    configuration = folder / "resolv.conf"
    configuration.write_text(f"nameserver {RESOLVER}\noptions edns0 trust-ad"
                             "\n")
    script = ('mount --bind "$1" /etc/resolv.conf && '
              'exec posttls-finger -c -l dane-only -o smtp_dns_support_level='
              'dnssec -t 10 "$2"')
    command = ["unshare", "--mount", "sh", "-c", script, "sh",
               str(configuration), domain]
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=SECONDS, stdin=subprocess.DEVNULL)
        return done.stdout + done.stderr
    except subprocess.TimeoutExpired:
        return "no answer in time"


def authenticated(said: str) -> bool:
    """Verified alone may be WebPKI: it must have matched a TLSA record. Where
    the MX RRset is insecure a match is logged as trusted (RULES T12)."""
    word = "Trusted" if "MX RRset insecure" in said else "Verified"
    return f"{word} TLS connection" in said and "Matched DANE" in said
