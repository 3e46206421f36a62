#!/usr/bin/python3
"""lanes.py RECURSIVE AUTO: which lane answered for whom?

RECURSIVE is a run of the lab's zone files with `--lane recursive`, AUTO one with
`--lane auto`. LAB_DIR is the lab that was scanned. TAP.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import collections                                      # noqa: E402
import json                                             # noqa: E402
import os                                               # noqa: E402
from pathlib import Path                                # noqa: E402

from tables import read_table                           # noqa: E402

# Of the names without DS that have glue, in percent: a lane that always falls
# back answers none.
ANSWERED_LEAST = 60
# A host without address is looked up for so many names.
USERS_LEAST = 5


class Tap:
    def __init__(self) -> None:
        self.number = 0

    def say(self, text: str, problems: list) -> None:
        self.number += 1
        print(f"{'not ok' if problems else 'ok'} {self.number} - {text}")
        for problem in problems:
            print(f"# {problem}")


class Delegations:
    """What zone files delegate: names with DS, and the hosts of each name."""

    def __init__(self) -> None:
        self.signed: set = set()
        self.hosts: dict = {}
        self.addressed: set = set()

    def read(self, zone: Path) -> None:
        for line in zone.read_text().splitlines():
            words = line.split()
            if len(words) < 3 or not words[0].endswith("."):
                continue
            owner = words[0][:-1].lower()
            kinds = set(words[1:4])
            if "DS" in kinds:
                self.signed.add(owner)
            if {"A", "AAAA"} & kinds:
                self.addressed.add(owner)
            if "NS" in kinds:
                self.hosts.setdefault(owner, set()).add(
                    words[-1].rstrip(".").lower())

    def able(self) -> set:
        """A server has an address in a zone file (RULES L1)."""
        return {name for name, hosts in self.hosts.items()
                if hosts & self.addressed} - self.signed

    def hopeless(self) -> set:
        """No server has one, nor does the scanner look for it."""
        users = collections.Counter(
            host for hosts in self.hosts.values() for host in hosts)
        return {name for name, hosts in self.hosts.items()
                if not hosts & self.addressed
                and all(users[host] < USERS_LEAST for host in hosts)}


def main() -> int:
    recursive, auto = map(Path, sys.argv[1:])
    folder = Path(os.environ["LAB_DIR"])
    tap = Tap()
    rows = {row["domain"]: row for row in read_table(auto, "domains")}
    zones = Delegations()
    for name in ("sec", "bare"):
        zones.read(folder / f"{name}.zone")
    tap.say("with --lane recursive nobody is asked directly", [
        row["domain"] for row in read_table(recursive, "domains")
        if row["lane"] != "recursive"])
    direct = {name for name, row in rows.items() if row["lane"] == "direct"}
    tap.say("no name with DS is asked directly", sorted(direct & zones.signed))
    tap.say("no name whose servers have no address is asked directly",
            sorted(direct & zones.hopeless()))
    able = rows.keys() & zones.able()
    # Those whose servers are looked up may be asked too, if it is in time.
    most = len(rows.keys() - zones.signed - zones.hopeless())
    tap.say(f"of {len(able)} names that may be asked, {len(direct)} are "
            "answered directly",
            [] if able and 100 * len(direct) >= ANSWERED_LEAST * len(able)
            else sorted(able - direct))
    tap.say("what the direct lane answers is insecure, at the first attempt", [
        name for name in sorted(direct)
        if rows[name]["mx_dnssec"] != "insecure"])
    # L10: each name counts once.
    counts = json.loads((auto / "run.json").read_text())["lanes"]
    odd = sum(counts["fell_back"].values())
    tap.say("run.json counts who was asked, fell back and failed", [
        counts] if not len(able) <= counts["asked_directly"] <= most
            or counts["servers_failed"] + odd < len(able - direct) else [])
    tap.say("and why", [counts] if not {"truncated", "signed"} <=
            counts["fell_back"].keys() else [])
    tap.say("with --lane recursive there is nothing to count", [
        row for row in [json.loads((recursive / "run.json").read_text())
                        ["lanes"]]
        if row["asked_directly"] or row["servers_failed"] or row["fell_back"]
        or row["sampled"]["names"]])
    for scenario in json.loads((folder / "expected.json").read_text()):
        if scenario["lane"] and not scenario["skip"]:
            lane = rows.get(scenario["zone"], {}).get("lane")
            tap.say(f"{scenario['name']}: {scenario['lane']}",
                    [] if lane == scenario["lane"] else [lane])
    print(f"1..{tap.number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
