#!/usr/bin/python3
"""expect.py RUN: is a run of the lab's names what the scenarios say?

Each scenario is a test (TAP). A missing row, an unexpected row, or a column
with another value fails it. LAB_DIR (or --lab DIR) is the lab that was scanned:
its expected.json has the rows with real names and addresses.

With --log FILE, the log of a fakemx that has seen this run and nothing else,
the scanner's conduct is also compared with RULES S16, K2 and K3.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import argparse                                         # noqa: E402
import collections                                      # noqa: E402
import json                                             # noqa: E402
from pathlib import Path                                # noqa: E402

from model import ANY                                   # noqa: E402
from network import Lab                                 # noqa: E402
from compare import without_lane                        # noqa: E402
import outcomes                                         # noqa: E402
from sessions import Log, read_ended_log                # noqa: E402
from tables import key_of, read_table, same_address     # noqa: E402
import world                                            # noqa: E402
from world import OPEN_TABLES                           # noqa: E402

KEY_COLUMNS = {**world.KEY_COLUMNS, "outcomes": outcomes.KEY}

NOBODY = "rows that belong to no scenario"
SESSIONS = "as many sessions as rows, one at a time to an address"
FORBIDDEN = "no command that a survey must not give"


def matches(expected, got: str) -> bool:
    if isinstance(expected, dict):
        return got in expected["one_of"]
    return got != "" if expected == ANY else got == expected


def spell(expected) -> str:
    if isinstance(expected, dict):
        return " or ".join(repr(value) for value in expected["one_of"])
    return "anything" if expected == ANY else repr(expected)


class Expectations:
    """All expected rows, and the scenario to which any other row belongs."""

    def __init__(self, scenarios: list) -> None:
        self.problems: dict = {s["name"]: [] for s in scenarios}
        self.problems[NOBODY] = []
        self.rows: dict = {}            # (table, key): [(scenario, row)]
        self.said = {same_address(address): (s["name"], commands)
                     for s in scenarios
                     for address, commands in s["said"].items()}
        self.zones = {s["zone"]: s["name"] for s in scenarios}
        self.addresses = {same_address(a): s["name"] for s in scenarios
                          for a in s["addresses"]}
        for scenario in scenarios:
            for row in scenario["rows"]:
                columns = KEY_COLUMNS[row["table"]]
                key = key_of(dict(zip(columns, row["key"])), columns)
                self.rows.setdefault((row["table"], key), []).append(
                    (scenario["name"], row))
        self.seen: set = set()

    def owner(self, row: dict) -> str:
        for column in ("domain", "host", "sni"):
            name = row.get(column, "")
            while name:
                if name in self.zones:
                    return self.zones[name]
                name = name.partition(".")[2]
        return self.addresses.get(same_address(row.get("address", "")), NOBODY)

    def take(self, table: str, row: dict) -> None:
        key = key_of(row, KEY_COLUMNS[table])
        label = f"{table} {' '.join(key)}"
        if (table, key) in self.seen:
            self.problems[self.owner(row)].append(f"{label}: twice")
        self.seen.add((table, key))
        if (table, key) not in self.rows and table not in OPEN_TABLES:
            facts = {c: row.get(c) for c in (
                "mx_status", "host_status", "tlsa_status", "class", "outcome",
                "phase", "tls_class", "dane_verdict") if row.get(c)}
            self.problems[self.owner(row)].append(
                f"{label}: unexpected, {facts}")
        for scenario, expected in self.rows.get((table, key), []):
            # test_lanes and test_list_lanes expect the flag of a lane.
            row = {**row, "flags": " ".join(sorted(without_lane(
                row.get("flags", ""))))} if "flags" in row else row
            for column, value in expected["columns"].items():
                if column not in row:
                    self.problems[scenario].append(
                        f"{label}: there is no column {column}")
                elif not matches(value, row[column]):
                    self.problems[scenario].append(
                        f"{label}: {column}: expected {spell(value)}, "
                        f"got {row[column]!r}")

    def take_sessions(self, log: Log) -> None:
        """The commands that each address was told."""
        for line in log.ended:
            scenario, commands = self.said.get(
                same_address(line["address"]), ("", ""))
            if scenario and line["commands"] != commands:
                self.problems[scenario].append(
                    f"{line['address']} was told {line['commands']}, "
                    f"expected {commands}")

    def finish(self) -> None:
        for (table, key), rows in self.rows.items():
            for scenario, row in rows:
                if (table, key) not in self.seen and not row["maybe"]:
                    self.problems[scenario].append(
                        f"{table} {' '.join(key)}: missing")


def check_conduct(run: Path, path: Path, real: set) -> dict:
    """The problems of each test. fakemx does not run at the addresses of
    `real`."""
    log = read_ended_log(path)
    sessions = []
    # Sessions that never reached fakemx.
    unseen = ("connect_refused", "connect_timeout", "unreachable",
              "local_error")
    rows = collections.Counter(
        same_address(row["address"]) for row in read_table(run, "probes")
        if row["outcome"] not in unseen and
        same_address(row["address"]) not in real)
    seen = collections.Counter(same_address(line["address"])
                               for line in log.opened)
    for address in sorted(rows.keys() | seen.keys()):
        if rows[address] != seen[address]:
            sessions.append(f"{address}: {seen[address]} sessions, "
                            f"{rows[address]} rows of probes")
    if log.most("at_address") > 1:
        sessions.append(f"{log.most('at_address')} sessions at a time to an "
                        "address")
    if log.unfinished:
        sessions.append(f"{log.unfinished} sessions were left open")
    return {SESSIONS: sessions, FORBIDDEN: [
        f"{line['address']} was told {line['line']}"
        for line in log.forbidden]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--lab", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--list", choices=("enforce", "testing"), default="",
                        help="the policy list that is in force")
    arguments = parser.parse_args()
    lab = arguments.lab or Lab().folder
    scenarios = [outcomes.with_outcomes(scenario, arguments.list)
                 for scenario in json.loads(
                     (lab / "expected.json").read_text())]
    expectations = Expectations(scenarios)
    for table, key in KEY_COLUMNS.items():
        for row in read_table(arguments.run, table):
            missing = [column for column in key if column not in row]
            if missing:
                expectations.problems[NOBODY].append(
                    f"{table}: there is no column {' '.join(missing)}")
                break
            expectations.take(table, row)
    expectations.finish()
    if arguments.log:
        expectations.take_sessions(read_ended_log(arguments.log))
        real = {same_address(a) for s in scenarios for a in s["real"]}
        expectations.problems.update(check_conduct(
            arguments.run, arguments.log, real))
    rules = {s["name"]: f" # SKIP {s['skip']}" if s["skip"] else
             f" # RULES {s['rules']}" for s in scenarios}
    print(f"1..{len(expectations.problems)}")
    for number, (name, problems) in enumerate(
            expectations.problems.items(), 1):
        print(f"{'not ok' if problems else 'ok'} {number} - {name}"
              f"{rules.get(name, '')}")
        for problem in problems:
            print(f"# {problem}")
    return int(any(expectations.problems.values()))


if __name__ == "__main__":
    sys.exit(main())
