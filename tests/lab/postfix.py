#!/usr/bin/python3
"""postfix.py TABLE DOMAIN...: a real Postfix sends a mail to each domain.

Runs inside the lab, as root: `lab run tests/lab/postfix.py ...`. It enters a
separate mount and process namespace, where /etc/resolv.conf names the lab's
validating Unbound, so that no process outlives this program. Its folder is in
the place of the lab (place.py). TABLE is its smtp_tls_policy_maps. It prints
one line for each domain: the domain, the level of TLS that Postfix reached ("-"
if none), how the mail ended, and why.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import os                           # noqa: E402
import re                           # noqa: E402
import shutil                       # noqa: E402
import smtplib                      # noqa: E402
import subprocess                   # noqa: E402
import time                         # noqa: E402
from pathlib import Path            # noqa: E402

import postfix_server               # noqa: E402
from network import Lab             # noqa: E402
from place import place_of          # noqa: E402
from zones import RESOLVER          # noqa: E402

PORT = 2525
SECONDS = 60

MAIN = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = sender.lab.sec
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
smtp_host_lookup = dns
smtp_dns_support_level = enabled
smtp_tls_security_level = may
smtp_tls_loglevel = 1
smtp_tls_CAfile = {folder}/ca.pem
smtp_tls_policy_maps = hash:{folder}/policy
smtp_tls_mandatory_protocols = >=TLSv1.2
tls_wildcard_matches_multiple_labels = no
smtp_connect_timeout = 5s
smtp_helo_timeout = 5s
notify_classes =
"""

SERVICES = """127.0.0.1:2525 inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def enter_namespaces(folder: Path) -> None:
    """Executes this program again inside the namespaces."""
    configuration = folder / "resolv.conf"
    configuration.write_text(f"nameserver {RESOLVER}\noptions edns0 trust-ad"
                             "\n")
    script = ('mount --bind "$1" /etc/resolv.conf && shift && exec "$@"')
    os.execvp("unshare", [
        "unshare", "--mount", "--pid", "--fork", "--kill-child=SIGKILL",
        "sh", "-c", script, "sh", str(configuration), sys.executable,
        os.path.abspath(__file__), "--inside", *sys.argv[1:]])


def configure(folder: Path, table: Path) -> None:
    (folder / "main.cf").write_text(MAIN.format(folder=folder))
    (folder / "master.cf").write_text(SERVICES)
    shutil.copy(Lab().folder / "ca.pem", folder)
    shutil.copy(table, folder / "policy")
    postfix_server.make_folders(folder)
    subprocess.run(["postmap", "-c", str(folder), f"hash:{folder}/policy"],
                   check=True)


def send(domains: list) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", PORT, timeout=10) as session:
                for domain in domains:
                    session.sendmail("", [f"postmaster@{domain}"],
                                     "Subject: policy\r\n\r\n")
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def read_ends(log: Path, domains: list) -> dict:
    """For each domain (status, why), once the log has all of them."""
    deadline = time.monotonic() + SECONDS
    form = re.compile(r"to=<postmaster@([^>]+)>.* status=(\w+) \((.*)\)$",
                      re.MULTILINE)
    while True:
        text = log.read_text() if log.exists() else ""
        ends = {m[1]: (m[2], m[3]) for m in form.finditer(text)}
        if len(ends) == len(domains) or time.monotonic() > deadline:
            return ends
        time.sleep(0.1)


def main() -> int:
    inside = sys.argv[1] == "--inside"
    table, *domains = sys.argv[1 + inside:]
    folder = place_of(Lab().folder) / "sender"
    if not inside:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        enter_namespaces(folder)
    configure(folder, Path(table))
    with open(folder / "said", "wb") as said:
        daemon = subprocess.Popen(
            ["postfix", "-c", str(folder), "start-fg"], stdout=said,
            stderr=said, stdin=subprocess.DEVNULL)
    try:
        send(domains)
        ends = read_ends(folder / "log", domains)
    finally:
        daemon.terminate()
    log = (folder / "log").read_text()
    for domain in domains:
        level = re.search(rf"(\w+) TLS connection established to \S*"
                          rf"\b{re.escape(domain)}\[", log)
        status, why = ends.get(domain, ("unknown", ""))
        print(domain, level[1] if level else "-", status, why)
    return 0


if __name__ == "__main__":
    sys.exit(main())
