"""A real Postfix as mail server of the lab: an smtpd for each address.

Postfix must be started by root, and does not start in a user namespace;
otherwise the scenarios that need it are skipped. Its configuration, queue and
log are the lab's own; the system's are not touched. Its processes become the
user postfix, who must be able to reach these files, so they are in the place of
the lab (place.py). There is no Exim, because in Debian the two packages exclude
each other (mail-transport-agent).
"""

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

PATH = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"
OWNER = "postfix"

# smtpd asks no name server, since none in the lab knows the client.
MAIN = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = /dev/stdout
myhostname = mail.lab
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_recipient_restrictions = reject
"""

# What an smtpd needs beside it.
MASTER = """tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


def missing() -> str:
    """Why Postfix cannot run here; or ""."""
    if os.getuid() != 0:
        return "Postfix starts as root alone"
    if shutil.which("postfix", path=PATH) is None:
        return "there is no Postfix"
    return ""


def group() -> int | None:
    """That of its user, where there is a Postfix."""
    return None if missing() else pwd.getpwnam(OWNER).pw_gid


def make_folders(folder: Path) -> None:
    for name in ("queue", "data"):
        (folder / name).mkdir(parents=True)
    shutil.chown(folder / "data", OWNER)


class Postfix:
    """Collects its servers, in folder/postfix."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "postfix"
        self.services: list = []
        self.addresses: list = []

    def serve(self, address: str, chain: Path | None) -> None:
        """With STARTTLS and this chain, or without."""
        where = f"[{address}]" if ":" in address else address
        tls = "-o smtpd_tls_security_level=none"
        if chain:
            # This path has no blank, which would end the option.
            self.folder.mkdir(exist_ok=True)
            shutil.copy(chain, self.folder)
            tls = ("-o smtpd_tls_security_level=may -o smtpd_tls_chain_files="
                   f"{self.folder / chain.name}")
        self.services.append(f"{where}:25 inet n - n - - smtpd {tls}\n")
        self.addresses.append(address)

    def write(self) -> None:
        if not self.services:
            return
        make_folders(self.folder)
        (self.folder / "main.cf").write_text(MAIN.format(folder=self.folder))
        (self.folder / "master.cf").write_text(
            "".join(self.services) + MASTER)
        (self.folder / "addresses").write_text("\n".join(self.addresses))


def command(folder: Path) -> list:
    return ["postfix", "-c", str(folder), "start-fg"]


def addresses(folder: Path) -> list:
    """Where it is expected to listen."""
    try:
        return (folder / "addresses").read_text().split()
    except FileNotFoundError:
        return []
