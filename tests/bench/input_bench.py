#!/usr/bin/python3
"""input_bench.py FILE.gz PROGRAM...: `mxcensus zone` and `mxcensus scan
--dry-run` of a zone file, compared with gunzip and ldns-read-zone, in turns. A
row has the median CPU time of all processes (user and system), the median of
its ratio to the gunzip of the same round, and the most memory of a process.

ldns-read-zone keeps the whole zone in memory. It runs only in the first
round."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile


def measure(command: list) -> tuple:
    """CPU seconds and MiB."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": folder})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", help="a file for the figures of all runs")
    parser.add_argument("file")
    parser.add_argument("programs", nargs="+")
    arguments = parser.parse_args()
    path = arguments.file
    commands = {"gunzip": ["gunzip", "-c", path]}
    for number, program in enumerate(arguments.programs):
        suffix = " before" if number > 0 else ""
        commands[f"zone{suffix}"] = [program, "zone", path]
        commands[f"scan --dry-run{suffix}"] = [program, "scan", "--dry-run",
                                               path]
    if shutil.which("ldns-read-zone"):
        commands["ldns-read-zone"] = ["sh", "-c", "gunzip -c \"$1\" | "
                                      "ldns-read-zone /dev/stdin", "sh", path]
    rows: dict = {name: [] for name in commands}
    for turn in range(arguments.rounds):
        for name, command in commands.items():
            if name == "ldns-read-zone" and turn > 0:
                continue
            rows[name].append(measure(command))
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({name: [{"cpu": cpu, "mib": mib} for cpu, mib in runs]
                       for name, runs in rows.items()}, file, indent=1)
    print(f"{'':24}{'CPU s':>8}{'ratio':>8}{'MiB':>8}")
    for name, runs in rows.items():
        ratio = statistics.median(cpu / gunzip for (cpu, _), (gunzip, _)
                                  in zip(runs, rows["gunzip"]))
        print(f"{name:24}{statistics.median(cpu for cpu, _ in runs):8.2f}"
              f"{ratio:8.2f}{max(mib for _, mib in runs):8.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
