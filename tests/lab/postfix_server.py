"""A real Postfix as mail server of the lab: an smtpd for each address.

Postfix wants to be started by root, and does not start in a user namespace; the
scenarios that need it are skipped elsewhere. Its configuration, queue and log
are the lab's own; the system's are not touched. Exim is not here: in Debian
either of the two takes the other's place (mail-transport-agent).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PATH = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"
OWNER = "postfix"

# smtpd asks no name server: there is none in the lab that knows the client.
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
    """Why there can be none here; or ""."""
    if os.getuid() != 0:
        return "Postfix starts as root alone"
    if shutil.which("postfix", path=PATH) is None:
        return "there is no Postfix"
    return ""


class Postfix:
    """Collects its servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.services: list = []
        self.addresses: list = []
        shutil.rmtree(folder, ignore_errors=True)

    def serve(self, address: str, chain: Path | None) -> None:
        """With STARTTLS and this chain, or without."""
        where = f"[{address}]" if ":" in address else address
        tls = ("-o smtpd_tls_security_level=may "
               f"-o smtpd_tls_chain_files={chain}" if chain
               else "-o smtpd_tls_security_level=none")
        self.services.append(f"{where}:25 inet n - n - - smtpd {tls}\n")
        self.addresses.append(address)

    def write(self) -> None:
        if not self.services:
            return
        for name in ("queue", "data"):
            (self.folder / name).mkdir(parents=True)
        shutil.chown(self.folder / "data", OWNER)
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
