#!/usr/bin/python3
"""check_lanes.py: do both lanes give the same rows (RULES 13) of a whole zone?

The world is ODD of bench_world.py with N domains (default 20000), drawn from
SEED. It is scanned with `--lane recursive` and `--lane auto`, without probes.
All tables are compared as tests/lab/compare.py compares them, row by row, so
that any number of domains takes little memory. A contradiction is a failure; an
answer that only one lane got is counted apart. TAP; how names were answered and
why they fell back is said in comments. FOLDER (default BUILD/check_lanes)
is left behind if a test fails.
"""

from __future__ import annotations

import collections
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

sys.dont_write_bytecode = True

from bench_lab import BenchLab                          # noqa: E402
from bench_world import ODD, World         # noqa: E402
from compare import KEYS, comparable, varies            # noqa: E402
from lane_check import (SHOWN, Tap, folder_of, main,    # noqa: E402
                        scan, verify)
from tables import key_of, read_table                   # noqa: E402

# Milliseconds that an answer of fakens takes.
LATE = 5

# The lane of each kind; the others are answered directly, if their servers have
# an address in the file. Names whose servers are looked up may come too early.
RECURSIVE = ("island", "lame", "silent", "cname", "disjoint", "truncated")
# The states that a kind may have; the others take mail at an MX host.
FAILED = {"servfail", "timeout"}
STATUS = {"lame": FAILED, "silent": FAILED, "truncated": FAILED,
          "gone": {"nxdomain"}, "no_mx": {"implicit"}}
# In percent: a machine that is too busy may lose an answer.
DIRECT_LEAST = 99
# In percent, for the same reason. Each kind has more names than that.
LOST_MOST = .1


# The comparison --------------------------------------------------------------

def compared(row: dict) -> tuple:
    return tuple((column, comparable(column, text, True))
                 for column, text in row.items() if not varies(column))


def rows_of(run: Path, table: str) -> Iterator[tuple]:
    for row in read_table(run, table):
        yield hash(key_of(row, KEYS[table])), row


def differing(first: Path, second: Path, table: str) -> tuple:
    """The number of rows, and the hashes of keys whose rows differ."""
    seen: dict = {}
    wrong = set()
    for key, row in rows_of(first, table):
        wrong |= {key} & seen.keys()
        seen[key] = hash(compared(row))
    count = len(seen)
    for key, row in rows_of(second, table):
        if seen.pop(key, None) != hash(compared(row)):
            wrong.add(key)
    return count, wrong | seen.keys()


def pairs_of(first: Path, second: Path, table: str, wrong: set) -> list:
    """The rows of both runs; {} for a row that is not there."""
    rows: dict = {}
    for side, run in enumerate((first, second)):
        for key, row in rows_of(run, table) if wrong else ():
            if key in wrong:
                rows.setdefault(key, [{}, {}])[side] = row
    return list(rows.values())


def spell(table: str, one: dict, two: dict) -> str:
    return f"{table} {' '.join(key_of(one or two, KEYS[table]))}: " + ", ".join(
        f"{column} {one.get(column)!r} {two.get(column)!r}"
        for column in (one or two)
        if not varies(column) and (not one or not two or
            comparable(column, one[column], True)
            != comparable(column, two[column], True)))


def has_no_answer(row: dict) -> bool:
    return not FAILED.isdisjoint(
        text for column, text in row.items()
        if column.endswith(("_status", "_record")))


class Differences:
    """Rows of a name that one lane got no answer for, and contradictions: each
    lane has an answer, and they are not the same. What follows from a lost answer
    (rows of MX hosts, outcomes) is lost, too."""

    def __init__(self) -> None:
        self.names: set = set()         # that one lane got no answer for
        self.lost: list = []
        self.contradictions: list = []

    def is_lost(self, one: dict, two: dict, mx: dict) -> bool:
        row = one or two
        names = {row.get(column) for column in ("domain", "host", "base")}
        # mx.a1-1.zz is the host of a1-1.zz alone.
        names |= {name.partition(".")[2] for name in names
                  if name and name.startswith("mx.")}
        names |= mx.get(row.get("domain"), set())
        return has_no_answer(one) != has_no_answer(two) or \
            not self.names.isdisjoint(names)

    def add(self, table: str, one: dict, two: dict, mx: dict) -> None:
        if not self.is_lost(one, two, mx):
            self.contradictions.append(spell(table, one, two))
            return
        self.lost.append(spell(table, one, two))
        if table in ("domains", "hosts"):
            self.names.add((one or two)[table[:-1]])


def hosts_of(run: Path, domains: set) -> dict:
    """The MX hosts of these domains."""
    hosts: dict = {}
    for row in read_table(run, "mx") if domains else ():
        if row["domain"] in domains:
            hosts.setdefault(row["domain"], set()).add(row["host"])
    return hosts


def compare(tap: Tap, first: Path, second: Path) -> None:
    total, found = 0, Differences()
    # What others follow from comes first.
    for table in sorted(KEYS, key=("domains", "hosts").__contains__,
                        reverse=True):
        count, wrong = differing(first, second, table)
        pairs = pairs_of(first, second, table, wrong)
        before = len(found.contradictions)
        mx = hosts_of(first, {(one or two)["domain"] for one, two in pairs
                              } if table == "outcomes" else set())
        for one, two in pairs:
            found.add(table, one, two, mx)
        total += count
        new = found.contradictions[before:]
        tap.say(f"{table}: {count} rows, {len(wrong)} differ, {len(new)} of "
                "them by contradiction", new)
    tap.say(f"{total} rows were compared", [] if total else ["none"])
    few = len(found.lost) * 100 <= LOST_MOST * total
    tap.say(f"a lane got no answer for {len(found.lost)} rows",
            [] if few else found.lost)
    for line in found.lost[:SHOWN] if few else ():
        print(f"# lost: {line}")


# The lanes -------------------------------------------------------------------

def check_kinds(tap: Tap, world: World, auto: Path) -> None:
    lanes, states, differs = {}, {}, collections.Counter()
    for row in read_table(auto, "domains"):
        lanes[row["domain"]] = row["lane"]
        states[row["domain"]] = row["mx_status"]
        differs[row["domain"][0]] += "delegation_differs" in row["flags"]
    counts: dict = {}
    wrong, lost = [], []
    for domain in world.domains():
        state = states[domain.name]
        if state not in STATUS.get(domain.kind, {"mx"}):
            (lost if state in FAILED else wrong).append(
                f"{domain.name}: {state}")
        # At an operator in another zone no server has an address in the file.
        is_known = domain.servers[0].endswith(".zz")
        counts.setdefault((domain.kind, is_known), collections.Counter())[
            lanes[domain.name]] += 1
    for (kind, is_known), by_lane in sorted(counts.items()):
        most = by_lane["direct"] * 100 >= DIRECT_LEAST * by_lane.total()
        good = by_lane["direct"] == 0 if kind in RECURSIVE else \
            most or not is_known
        tap.say(f"{kind}, {'with' if is_known else 'without'} an address in "
                f"the file: {dict(by_lane)}", [] if good else [by_lane])
    tap.say("each domain has a state of its kind, or no answer "
            f"({len(lost)})", wrong + (lost if len(lost) * 100
                                       > LOST_MOST * len(states) else []))
    tap.say("overlapping delegations are flagged, and no others",
            [] if +differs == +collections.Counter(
                v=counts["overlapping", True]["direct"]) else [differs])
    print(f"# {json.loads((auto / 'run.json').read_text())['lanes']}")


def check_hosts(tap: Tap, world: World, auto: Path) -> None:
    """A host below a domain is answered directly, unless it is an alias. Hosts
    of signed domains have TLSA."""
    lanes = {row["host"]: row["lane"] for row in read_table(auto, "hosts")}
    counts: dict = {True: collections.Counter(), False: collections.Counter()}
    for domain in world.domains():
        if domain.kind == "own_mx" or (domain.kind == "signed" and
                                       f"mx.{domain.name}" in lanes):
            counts[domain.servers[0].endswith(".zz")][
                lanes.pop(f"mx.{domain.name}", "no row")] += 1
    by_lane = counts[True]
    tap.say("MX hosts below their domains, with an address in the file: "
            f"{dict(by_lane)}, without: {dict(counts[False])}",
            [] if by_lane["direct"] * 100 >= DIRECT_LEAST * by_lane.total() > 0
            else [by_lane])
    tap.say(f"the other {len(lanes)} hosts are left to the recursive lane",
            [host for host, lane in lanes.items() if lane != "recursive"])


def check(tap: Tap, lab: BenchLab) -> None:
    lab.start()
    runs = [scan(lab, lane, lab.world.count, ("--lane", lane))
            for lane in ("recursive", "auto")]
    lab.down()
    verify(tap, runs)
    compare(tap, *runs)
    check_kinds(tap, lab.world, runs[1])
    check_hosts(tap, lab.world, runs[1])


def make_lab() -> BenchLab:
    world = World(int(os.environ.get("N") or 20000), ODD,
                  os.environ.get("SEED") or "lanes")
    return BenchLab(folder_of("check_lanes"), world, LATE)


if __name__ == "__main__":
    sys.exit(main(make_lab(), check))
