#!/usr/bin/python3
"""silent_bench.py: how much silent names of a list delay the healthy ones
(README.md, "Silent names").

Environment: BUILD, N (healthy names), RUNS, PROGRAMS (several mxcensus take
turns).
"""

from __future__ import annotations

import csv
import datetime
import gzip
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True

from bench_process import Watch, finish, start          # noqa: E402
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))
from network import (Lab, LabError, build_folder,       # noqa: E402
                     catch_interrupts)

# Silent names for each healthy one: none, and 5 % and 20 % of all.
SHARES = {"alone": 0, "5 % silent": 1 / 19, "20 % silent": 1 / 4}
OPERATORS_MAX = 4000
PROGRAMS = (os.environ.get("PROGRAMS")
            or str(build_folder() / "mxcensus")).split()


class FirstPass(Watch):
    """Watches a scan, and ends it when only the second pass is left."""

    def __init__(self, pid: int, run: Path) -> None:
        super().__init__(pid)
        self.progress = run / "progress.jsonl"
        self.used: list = []            # (time, CPU of the worker)
        self.has_ended = False

    def look(self) -> None:
        super().look()
        self.used.append((time.time(), sum(
            cpu for kind, cpu, _ in self.seen.values() if kind == "worker")))
        if (not self.has_ended and self.progress.exists()
                and '"waits_until":"' in
                self.progress.read_text().rpartition('{"at"')[2]):
            self.has_ended = True
            os.kill(self.pid, signal.SIGTERM)

    def used_until(self, at: float) -> float:
        return max(cpu for when, cpu in self.used
                   if when <= at or cpu == 0)


def seconds(text: str) -> float:
    return datetime.datetime.fromisoformat(
        text.removesuffix("Z")).timestamp()


def read_rows(run: Path) -> tuple:
    """Of the healthy names: how many have rows, when the first one began and
    the last one ended."""
    began, ended = [], []
    for part in (run / "domains").glob("*.csv.gz"):
        with gzip.open(part, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["domain"].startswith("d"):
                    began.append(seconds(row["measured_at"]))
                    ended.append(began[-1] + int(row["lookup_ms"]) / 1000)
    return len(began), min(began), max(ended)


def scan(lab: Lab, program: str, names: Path) -> dict:
    run = lab.folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    process = start(lab.inside([
        program, "scan", str(names), "-o", str(run), *lab.options().split(),
        "--quiet", "--workers", "1", "--probes", "0", "--mta-sts", "no",
        "--retry-after", "1h"]), stderr=subprocess.DEVNULL)
    watch = FirstPass(process.pid, run)
    usage = finish(process, watch)
    if usage.status not in (0, 75):
        raise RuntimeError(f"the scan ended with {usage.status}")
    found, began, ended = read_rows(run)
    return {"found": found, "seconds": ended - began,
            "cpu": watch.used_until(ended)}


def write_lists(lab: Lab, healthy: int) -> dict:
    names = (lab.folder / "names").read_text().split()
    lists = {}
    for label, share in SHARES.items():
        drawn = names[:healthy + round(healthy * share)]
        random.Random(label).shuffle(drawn)
        lists[label] = lab.folder / f"list-{len(drawn)}"
        lists[label].write_text("".join(f"{name}\n" for name in drawn))
    return lists


def show(program: str, runs: dict) -> None:
    for label, of_list in runs.items():
        pairs = list(zip(of_list, runs["alone"]))
        print(f"{program}, {label}: " + ", ".join(
            f"{statistics.median(run[key] for run in of_list):.2f} s {what}, "
            + format(statistics.median(run[key] / alone[key]
                                       for run, alone in pairs), ".2f")
            + " times alone"
            for key, what in (("seconds", "until all healthy ones are done"),
                              ("cpu", "CPU of the worker by then")))
            + f"; found at once {[run['found'] for run in of_list]}")


def main() -> int:
    catch_interrupts()
    healthy = int(os.environ.get("N") or 20000)
    silent = round(healthy * max(SHARES.values()))
    folder = build_folder() / "bench" / "silent"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["LAB_DIR"] = str(folder)
    lab = Lab()
    measured: dict = {program: {label: [] for label in SHARES}
                      for program in PROGRAMS}
    try:
        lab.up(True, "silent", f"{healthy},{silent},"
                               f"{min(silent, OPERATORS_MAX)}")
        lists = write_lists(lab, healthy)
        for _ in range(int(os.environ.get("RUNS") or 3)):
            for label, names in lists.items():
                for program in PROGRAMS:
                    measured[program][label].append(scan(lab, program, names))
        for program, runs in measured.items():
            show(program, runs)
        (build_folder() / "silent_bench.json").write_text(
            json.dumps(measured, indent=1) + "\n")
    except (LabError, OSError, RuntimeError, ValueError) as error:
        print(f"silent_bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    finally:
        lab.down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
