#!/usr/bin/python3
"""check_lanes.py: do both lanes give the same rows (RULES 13) of a whole zone?

The world is ODD of bench_world.py with N domains (default 20000), drawn from
SEED. It is scanned with `--lane recursive` and `--lane auto`, without probes.
All tables are compared as tests/lab/compare.py compares them, row by row, so
that any number of domains takes little memory. TAP; comments say how names were
answered and why they fell back. FOLDER (default BUILD/check_lanes) is left
behind if a test fails.
"""

from __future__ import annotations

import collections
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.dont_write_bytecode = True

from bench_lab import BenchLab                          # noqa: E402
from bench_world import ODD, World         # noqa: E402
from compare import KEYS, comparable, varies            # noqa: E402
from network import LabError, build_folder, catch_interrupts    # noqa: E402
from tables import key_of, read_table                   # noqa: E402

PROGRAM = build_folder() / "mxcensus"
# A name server of the lab keeps up with any number of questions. A question
# that it does not answer stays unanswered at a second attempt, too.
OPTIONS = ("--probes", "0", "--quiet", "--dns-rate", "100000", "--attempts",
           "1")
# Milliseconds that an answer of fakens takes.
LATE = 5
SHOWN = 20

# The lane of each kind; the others are answered directly, if their servers have
# an address in the file. Names whose servers are looked up may come too early.
RECURSIVE = ("island", "lame", "silent", "cname", "disjoint", "truncated")
# The states that a kind may have; the others take mail at an MX host.
FAILED = {"servfail", "timeout"}
STATUS = {"lame": FAILED, "silent": FAILED, "truncated": FAILED,
          "gone": {"nxdomain"}, "no_mx": {"implicit"}}
# In percent: a machine that is too busy may lose an answer.
DIRECT_LEAST = 99


class Tap:
    def __init__(self) -> None:
        self.number = self.failures = 0

    def say(self, text: str, problems: list) -> None:
        self.number += 1
        self.failures += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.number} - {text}",
              flush=True)
        for problem in problems[:SHOWN]:
            print(f"# {problem}")


def scan(lab: BenchLab, lane: str) -> Path:
    run = lab.folder / lane
    shutil.rmtree(run, ignore_errors=True)
    command, environment = lab.inside([
        str(PROGRAM), "scan", str(lab.zone_file), "-o", str(run),
        *lab.options().split(), *OPTIONS, "--lane", lane])
    began, before = time.monotonic(), resource.getrusage(
        resource.RUSAGE_CHILDREN)
    # Sampled names have the row of the other lane (RULES L11).
    done = subprocess.run(command, check=False, env={
        **(environment or os.environ), "MXCENSUS_TEST_LANE_SAMPLE": "0"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(f"the scan with --lane {lane} ended with "
                           f"{done.returncode}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"# {lane}: {1e6 * cpu / lab.world.count:.0f} us of CPU a domain, "
          f"{time.monotonic() - began:.0f} s", flush=True)
    return run


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


def spell(first: Path, second: Path, table: str, wrong: set) -> list:
    """A line for each row that differs."""
    rows: dict = {}
    for side, run in enumerate((first, second)):
        for key, row in rows_of(run, table):
            if key in wrong:
                rows.setdefault(key, [{}, {}])[side] = row
    return [f"{table} {' '.join(key_of(one or two, KEYS[table]))}: " + ", ".join(
        f"{column} {one.get(column)!r} {two.get(column)!r}"
        for column in (one or two)
        if not varies(column) and (not one or not two or
            comparable(column, one[column], True)
            != comparable(column, two[column], True)))
            for one, two in rows.values()]


def compare(tap: Tap, first: Path, second: Path) -> None:
    total = 0
    for table in KEYS:
        count, wrong = differing(first, second, table)
        total += count
        tap.say(f"{table}: {count} rows, {len(wrong)} differ",
                spell(first, second, table, wrong) if wrong else [])
    tap.say(f"{total} rows were compared", [] if total else ["none"])


# The lanes -------------------------------------------------------------------

def check_kinds(tap: Tap, world: World, auto: Path) -> None:
    lanes, states, differs = {}, {}, collections.Counter()
    for row in read_table(auto, "domains"):
        lanes[row["domain"]] = row["lane"]
        states[row["domain"]] = row["mx_status"]
        differs[row["domain"][0]] += "delegation_differs" in row["flags"]
    counts: dict = {}
    wrong = []
    for domain in world.domains():
        if states[domain.name] not in STATUS.get(domain.kind, {"mx"}):
            wrong.append(f"{domain.name}: {states[domain.name]}")
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
    tap.say("each domain has a state of its kind", wrong)
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


def main() -> int:
    catch_interrupts()
    world = World(int(os.environ.get("N") or 20000), ODD,
                  os.environ.get("SEED") or "lanes")
    folder = Path(os.environ.get("FOLDER") or build_folder() / "check_lanes")
    folder.mkdir(parents=True, exist_ok=True)
    lab = BenchLab(folder, world, LATE)
    tap = Tap()
    try:
        lab.start()
        runs = [scan(lab, lane) for lane in ("recursive", "auto")]
        lab.down()
        for run in runs:
            done = subprocess.run([PROGRAM, "verify", run],
                                  capture_output=True, text=True, check=False)
            tap.say(f"{run.name}: verify", [] if done.returncode == 0
                    else done.stderr.splitlines() or [done.returncode])
        compare(tap, *runs)
        check_kinds(tap, world, runs[1])
        check_hosts(tap, world, runs[1])
    except (LabError, OSError, RuntimeError) as error:
        tap.say("both lanes scan the world", [error])
    except KeyboardInterrupt:
        tap.say("it was not interrupted", ["SIGINT or SIGTERM"])
    finally:
        lab.down()
    print(f"1..{tap.number}")
    if tap.failures == 0:
        shutil.rmtree(folder, ignore_errors=True)
    return int(tap.failures > 0)


if __name__ == "__main__":
    sys.exit(main())
