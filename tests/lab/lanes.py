#!/usr/bin/python3
"""lanes.py [--list] RECURSIVE AUTO: which lane answered for which name?

RECURSIVE is a run of the lab's zone files with `--lane recursive`, AUTO one with
`--lane auto`. With --list both are runs of the list that `lanes.py --names`
prints. LAB_DIR is the lab that was scanned. TAP.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import collections                                      # noqa: E402
import json                                             # noqa: E402
import os                                               # noqa: E402
from pathlib import Path                                # noqa: E402

from compare import without_lane                        # noqa: E402
from expect import matches, spell                       # noqa: E402
from expected_lanes import (DIFFERS, DIRECT, FAILED,    # noqa: E402
                            RECURSIVE)
from tables import read_table                           # noqa: E402
from zones import OPERATOR                              # noqa: E402


# Where a list has another lane than the zone file. The first zone is at the
# servers of its parent, which give no referral. Of the second, the parent has glue
# for the server that does not have it alone. The others have another DS in the
# file than in the parent zone: without, removed, rolled.
OF_LIST = {"lane-at-parent.bare": RECURSIVE,
           "lane-stale-by-one.bare": f"{RECURSIVE} {FAILED}",
           "lane-ds-added.sec": DIRECT,
           "lane-ds-kept.sec": f"{RECURSIVE} signed",
           "lane-ds-removed.sec": DIRECT,
           "lane-ds-rolled.sec": DIRECT}
# Of hosts: the only one with such servers that is in no zone of the list.
OTHER_HOSTS = {"mx.host-lame.bare": f"{RECURSIVE} {FAILED}"}


class Tap:
    def __init__(self) -> None:
        self.number = 0

    def say(self, text: str, problems: list) -> None:
        self.number += 1
        print(f"{'not ok' if problems else 'ok'} {self.number} - {text}")
        for problem in problems:
            print(f"# {problem}")


def check_rows(scenarios: list, rows: dict) -> list:
    """The row of each domain that is a delegation is what the scenario expects,
    except for the columns that depend on the lane."""
    problems = []
    for scenario in scenarios:
        for row in scenario["rows"]:
            if row["table"] != "domains" or row["key"][0] not in rows:
                continue
            for column, value in row["columns"].items():
                got = rows[row["key"][0]][column]
                if column == "flags":
                    got = " ".join(sorted(without_lane(got)))
                if column not in ("lane", "ds_source", "attempts") and \
                        not matches(value, got):
                    problems.append(f"{row['key'][0]}: {column}: expected "
                                    f"{spell(value)}, got {got!r}")
    return problems


def expected_counts(lanes: dict) -> dict:
    """What run.json must say about them (L10): each name counts once."""
    way = [lane.split()[1:] for lane in lanes.values()]
    return {"asked_directly": sum(lane != RECURSIVE
                                  for lane in lanes.values()),
            "servers_failed": sum(FAILED in words for words in way),
            "fell_back": dict(collections.Counter(
                word for words in way for word in words
                if word not in (DIFFERS, FAILED)))}


def count_in(run: Path, hosts: bool = False) -> dict:
    lanes = json.loads((run / "run.json").read_text())["lanes"]
    if hosts:
        lanes = lanes["hosts"]
    return {name: lanes[name] for name in (
        "asked_directly", "servers_failed", "fell_back")}


def is_below_any(name: str, domains: set) -> bool:
    labels = name.split(".")
    return any(".".join(labels[i:]) in domains for i in range(len(labels)))


def add_hosts(lanes: dict, rows: dict) -> None:
    """L46, L50: of a list, every host that is resolved is asked directly, but for
    a name with escapes, which has no registrable domain."""
    for name, row in rows.items():
        if row["host_status"] == "invalid_name" or "\\" in name:
            lanes[name] = RECURSIVE
        elif name not in lanes:
            lanes[name] = OTHER_HOSTS.get(name, DIRECT)


def check_hosts(tap: Tap, scenarios: list, recursive: Path, auto: Path,
                is_list: bool) -> None:
    """L14 to L17, L38, L50."""
    with_ds = {row["domain"] for row in read_table(auto, "domains")
               if row["parent_ds"] == "1"}
    rows = {row["host"]: row for row in read_table(auto, "hosts")}
    lanes: dict = {}
    for scenario in scenarios:
        lanes.update(scenario["host_lanes"])
    if is_list:
        add_hosts(lanes, rows)
    tap.say("with --lane recursive no host is asked directly", [
        row["host"] for row in read_table(recursive, "hosts")
        if row["lane"] != RECURSIVE])
    tap.say("nor counted", [] if count_in(recursive, True)
            == expected_counts({}) else [count_in(recursive, True)])
    tap.say("hosts of which a lane is expected have a row",
            sorted(lanes.keys() - rows.keys()))
    # A list does not say which of them are below DS.
    tap.say("what it answers for hosts is secure below DS, else insecure", [
        name for name, row in sorted(rows.items()) if row["lane"] == DIRECT
        and {row["ipv4_dnssec"], row["ipv6_dnssec"]} not in (
            [{"secure"}, {"insecure"}] if is_list else
            [{"secure" if is_below_any(name, with_ds) else "insecure"}])])
    for name, lane in sorted(lanes.items()):
        if lane == RECURSIVE or name not in rows:
            continue
        got = rows[name]["lane"]
        tap.say(f"host {name}: {lane}",
                [] if got == lane.split()[0] else [got])
    tap.say("all other hosts are left to the recursive lane", [
        name for name, row in sorted(rows.items())
        if lanes.get(name, RECURSIVE) == RECURSIVE
        and row["lane"] != RECURSIVE])
    tap.say("run.json counts the hosts apart", []
            if count_in(auto, True) == expected_counts(lanes) else
            [count_in(auto, True), expected_counts(lanes)])


def read_lanes(scenarios: list, is_list: bool) -> dict:
    """The expected lane of each name. A list has no escapes (I7)."""
    lanes = {OPERATOR: DIRECT}
    for scenario in scenarios:
        lanes.update(scenario["lanes"])
    if is_list:
        lanes = {name: OF_LIST.get(name, lane)
                 for name, lane in lanes.items() if "\\" not in name}
    return lanes


def main() -> int:
    is_list = sys.argv[1] in ("--list", "--names")
    scenarios = json.loads((Path(os.environ["LAB_DIR"]) /
                            "expected.json").read_text())
    lanes = read_lanes(scenarios, is_list)
    if sys.argv[1] == "--names":
        print("\n".join(sorted(lanes)))
        return 0
    recursive, auto = map(Path, sys.argv[1 + is_list:])
    tap = Tap()
    rows = {row["domain"]: row for row in read_table(auto, "domains")}
    tap.say("with --lane recursive nobody is asked directly", [
        row["domain"] for row in read_table(recursive, "domains")
        if row["lane"] != RECURSIVE])
    tap.say("with --lane recursive there is nothing to count",
            [] if count_in(recursive) == expected_counts({})
            else [count_in(recursive)])
    tap.say("a lane is expected of each name", sorted(
        rows.keys() ^ lanes.keys()))
    tap.say("what the direct lane answers is secure with DS, else insecure", [
        name for name, row in sorted(rows.items()) if row["lane"] == DIRECT
        and row["mx_dnssec"] != (
            "secure" if (row["ds_source"] if is_list
                         else row["parent_ds"] == "1") else "insecure")])
    if is_list:
        tap.say("the parent vouches for all DS, and no zone file", [
            name for name, row in sorted(rows.items())
            if row["ds_source"] not in ("", "parent") or row["parent_ds"]
            or (row["ds_source"] and row["lane"] != DIRECT)])
    else:
        tap.say("signatures vouch for all DS but one, which the parent has "
                "removed", [
                    name for name, row in sorted(rows.items())
                    if row["ds_source"] != (
                        "" if row["lane"] != DIRECT
                        or row["parent_ds"] != "1" else
                        "file" if name == "lane-ds-kept.sec"
                        else "file_signed")])
    for name, lane in sorted(lanes.items()):
        if lane == RECURSIVE or name not in rows:
            continue
        row = rows[name]
        got = [row["lane"], DIFFERS in row["flags"].split()]
        tap.say(f"{name}: {lane}", [] if got == [
            lane.split()[0], DIFFERS in lane.split()] else [got])
    tap.say("all other names are left to the recursive lane", [
        name for name, row in sorted(rows.items())
        if lanes.get(name) == RECURSIVE and row["lane"] != RECURSIVE])
    tap.say("run.json counts who was asked, why they fell back, who failed",
            [] if count_in(auto) == expected_counts(lanes) else
            [count_in(auto), expected_counts(lanes)])
    tap.say("the rows are those of the scenarios",
            check_rows(scenarios, rows))
    check_hosts(tap, scenarios, recursive, auto, is_list)
    print(f"1..{tap.number}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
