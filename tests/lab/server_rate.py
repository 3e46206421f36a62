#!/usr/bin/python3
"""server_rate.py RUN RATE WORKERS: was a name server ever asked faster than
`--dns-rate`? LAB_DIR is the world of `--slow` that was scanned, with MX hosts of
the domains' own (L17); the log of fakens has this run and nothing else. TAP.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import collections                                      # noqa: E402
import json                                             # noqa: E402
from pathlib import Path                                # noqa: E402

from network import Lab                                 # noqa: E402
from tables import read_table                           # noqa: E402

FOLDER = Lab().folder
# Of the rate: the clocks of the workers and of fakens are not one.
MORE = 1.1


def read_seconds() -> dict:
    """By address: pairs of time and questions. fakens writes them each second;
    one that it wrote late is longer than that."""
    seconds: dict = collections.defaultdict(list)
    for line in (FOLDER / "fakens.log").read_text().splitlines():
        fields = dict(word.split("=", 1) for word in line.split()[1:])
        if line.startswith("second "):
            seconds[fields["address"]].append((float(fields["time"]),
                                               int(fields["asked"])))
    return seconds


def too_many(seconds: list, ticks: list, most: float, workers: int) -> list:
    before = dict(zip(ticks[1:], ticks))
    return [f"{asked} at {time}" for time, asked in seconds
            if asked > most * max(1.0, time - before.get(time, time - 1))
            + workers]


def main() -> int:
    run, rate, workers = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    seconds = read_seconds()
    ticks = sorted({time for of_one in seconds.values() for time, _ in of_one})
    number = failures = 0
    # Names of servers are among the delegations.
    rows = [row for row in read_table(run, "domains")
            if not row["domain"].startswith("ns-")]
    direct = sum(row["lane"] == "direct" for row in rows)

    def say(good: bool, text: str) -> None:
        nonlocal number, failures
        number += 1
        failures += not good
        print(f"{'ok' if good else 'not ok'} {number} - {text}")

    is_auto = run.name == "auto"
    say(all(row["mx_status"] == "mx" for row in rows) and len(rows) > 0,
        f"{run.name}: all of {len(rows)} domains are resolved")
    say(direct == len(rows) if is_auto else direct == 0,
        f"{run.name}: {direct} were answered directly")
    hosts = [row for row in read_table(run, "hosts")
             if row["host"].endswith(".bare")]
    lane = "direct" if is_auto else "recursive"
    say(len(hosts) == len(rows) and all(
        row["ipv4_status"] == "found" and row["lane"] == lane
        for row in hosts),
        f"{run.name}: all of {len(hosts)} MX hosts are answered, {lane}")
    for operator in json.loads((FOLDER / "slow.json").read_text())["operators"]:
        for address in operator["addresses"]:
            wrong = too_many(seconds[address], ticks, MORE * rate, workers)
            peak = max((asked for _, asked in seconds[address]), default=0)
            say(not wrong and peak > 0, f"{run.name}: {operator['name']}, "
                f"{address}: {peak} questions in a second at most {wrong}")
    print(f"1..{number}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
