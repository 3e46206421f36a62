"""delv as a witness: the DNSSEC status of each RRset that the tables speak of.

delv validates by itself, from the lab's root anchor. It asks an Unbound that
does not validate (plain_resolver), so that only its own verdict counts. RULES 2
define the words.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from pathlib import Path
from typing import Iterator

from differences import DELV
from network import answers
from witness import NO_ANSWER, Question, Run
from zones import PLAIN_RESOLVER, unbound_configuration

SECONDS = 40
READY_SECONDS = 20

TRUST = re.compile(r"^; (?:negative response, )?(fully validated|unsigned)"
                   r"(?: |$)", re.MULTILINE)
FAILED = re.compile(r"^;; resolution failed: (.*)$", re.MULTILINE)
# Proven, and so no failure.
DENIALS = ("ncache nxdomain", "ncache nxrrset")
# RULES DS7, T5 to T7.
ALIAS_UNASKED = "a host that cannot be connected to: its alias is not asked"
# Nothing came that could be validated.
FAILURES = ("SERVFAIL", "timed out", "REFUSED", "failure", "FORMERR")
SCRIPTED = "name servers that fail: who gets an answer is a matter of patience"


@contextlib.contextmanager
def plain_resolver(folder: Path) -> Iterator[None]:
    """An Unbound that validates nothing, while it is needed."""
    configuration = folder / "plain.conf"
    configuration.write_text(unbound_configuration(
        folder, folder / "root.hints", None))
    process = subprocess.Popen(["unbound", "-d", "-p", "-c",
                                str(configuration)],
                               stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(PLAIN_RESOLVER):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the plain resolver does not come up")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


def write_anchor(folder: Path) -> Path:
    """The lab's anchor as delv reads it."""
    words = (folder / "root.anchor").read_text().split()
    tag, algorithm, digest_type, digest = words[-4:]
    path = folder / "delv.keys"
    path.write_text(f'trust-anchors {{ . static-ds {tag} {algorithm} '
                    f'{digest_type} "{digest}"; }};\n')
    return path


def status(said: str) -> str:
    """secure, insecure, bogus or unchecked, of a whole chain of aliases."""
    failed = FAILED.search(said)
    if failed and failed[1] not in DENIALS:
        return NO_ANSWER if failed[1] in FAILURES else "bogus"
    trust = TRUST.findall(said)
    if not trust:
        return NO_ANSWER
    return "secure" if set(trust) == {"fully validated"} else "insecure"


def ask(anchor: Path, name: str, kind: str) -> tuple:
    command = ["delv", f"@{PLAIN_RESOLVER}", "-a", str(anchor), "+nodnssec",
               "-q", f"{name}.", "-t", kind]
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return NO_ANSWER, "no answer in time"
    said = done.stdout + done.stderr
    return status(said), said


def rrsets(run: Run) -> Iterator[tuple]:
    """Scenario, owner, type, the status that the run has, and why it is not
    asked for."""
    for scenario, row in run.rows("domains"):
        yield scenario, row["domain"], "MX", row["mx_dnssec"], ""
    for scenario, row in run.rows("hosts"):
        host, base = row["host"], row["tlsa_base"]
        unasked = ALIAS_UNASKED if row["host_status"] != "usable" and \
            row["cname_dnssec"] == NO_ANSWER else ""
        yield scenario, host, "A", row["ipv4_dnssec"], ""
        yield scenario, host, "AAAA", row["ipv6_dnssec"], ""
        yield scenario, host, "CNAME", row["cname_dnssec"], unasked
        yield scenario, f"_25._tcp.{base}", "TLSA", row["tlsa_dnssec"], ""


def questions(run: Run, folder: Path) -> list:
    anchor = write_anchor(folder)
    return [Question(DELV, scenario, f"{owner} {kind}", ours,
                     lambda o=owner, k=kind: ask(anchor, o, k),
                     skip, SCRIPTED if scenario in run.scripted else "")
            for scenario, owner, kind, ours, skip in rrsets(run) if ours]
