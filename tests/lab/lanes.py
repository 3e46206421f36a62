#!/usr/bin/python3
"""lanes.py RECURSIVE AUTO: which lane answered for whom?

RECURSIVE is a run of the lab's zone files with `--lane recursive`, AUTO one with
`--lane auto`. LAB_DIR is the lab that was scanned. TAP.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import json                                             # noqa: E402
import os                                               # noqa: E402
from pathlib import Path                                # noqa: E402

from tables import read_table                           # noqa: E402

# Of the names without DS that have glue, in percent: a lane that always falls
# back answers none.
ANSWERED_LEAST = 60


class Tap:
    def __init__(self) -> None:
        self.number = 0

    def say(self, text: str, problems: list) -> None:
        self.number += 1
        print(f"{'not ok' if problems else 'ok'} {self.number} - {text}")
        for problem in problems:
            print(f"# {problem}")


def delegations(zone: Path) -> tuple:
    """The names with DS, and those with glue, that a zone file delegates."""
    signed, glued = set(), set()
    for line in zone.read_text().splitlines():
        words = line.split()
        if len(words) < 3 or not words[0].endswith("."):
            continue
        if "DS" in words[1:4]:
            signed.add(words[0][:-1])
        if {"A", "AAAA"} & set(words[1:4]):
            glued.add(words[0][:-1].partition(".")[2])
    return signed, glued


def main() -> int:
    recursive, auto = map(Path, sys.argv[1:])
    folder = Path(os.environ["LAB_DIR"])
    tap = Tap()
    rows = {row["domain"]: row for row in read_table(auto, "domains")}
    signed, glued = set(), set()
    for name in ("sec", "bare"):
        zone = delegations(folder / f"{name}.zone")
        signed |= zone[0]
        glued |= zone[1]
    tap.say("with --lane recursive nobody is asked directly", [
        row["domain"] for row in read_table(recursive, "domains")
        if row["lane"] != "recursive"])
    direct = {name for name, row in rows.items() if row["lane"] == "direct"}
    tap.say("no name with DS is asked directly", sorted(direct & signed))
    tap.say("no name without glue is asked directly", sorted(direct - glued))
    able = (rows.keys() & glued) - signed
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
        counts] if (counts["asked_directly"], counts["servers_failed"] + odd
                    < len(able - direct)) != (len(able), False) else [])
    tap.say("and why", [counts] if not {"truncated", "signed"} <=
            counts["fell_back"].keys() else [])
    tap.say("with --lane recursive there is nothing to count", [
        row for row in [json.loads((recursive / "run.json").read_text())
                        ["lanes"]]
        if row != {"asked_directly": 0, "servers_failed": 0, "fell_back": {}}])
    for scenario in json.loads((folder / "expected.json").read_text()):
        if scenario["lane"] and not scenario["skip"]:
            lane = rows.get(scenario["zone"], {}).get("lane")
            tap.say(f"{scenario['name']}: {scenario['lane']}",
                    [] if lane == scenario["lane"] else [lane])
    print(f"1..{tap.number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
