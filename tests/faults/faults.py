#!/usr/bin/python3
"""faults.py [--sample] [--tap] [--jobs N] [NAME...]: makes faults of this
machine and its network, and compares the results of runs with the table.

Without names it makes all faults of table.py, with --sample those of `make
check`. It prints a table, or with --tap a test for each row; --markdown prints
the table of the README of the tests. Each of N jobs (2) has a separate lab in
BUILD/tests/faults.

A row is `not proven` if nothing shows that its fault was in force: then it
proves nothing about the program, and fails.
"""

from __future__ import annotations

import argparse
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True

import machine                                          # noqa: E402
import network                                          # noqa: E402
import table                                            # noqa: E402

GOOD, BAD, UNPROVEN, SKIPPED = "as it must", "NOT", "not proven", "skipped"


@dataclass
class Result:
    row: table.Fault
    verdict: str
    given: str
    seconds: float


def judge(place: machine.Place) -> tuple:
    unproven = [text for holds, text in place.proven if not holds]
    missed = [text for holds, text in place.expected if not holds]
    if not place.expected or unproven:
        return UNPROVEN, [*(f"not shown: {text}" for text in unproven),
                          *place.given]
    return (BAD if missed else GOOD), [
        *(f"missed: {text}" for text in missed), *place.given]


def make(place: machine.Place, row: table.Fault) -> Result:
    began = time.monotonic()
    try:
        place.begin(row.name)
        row.does(place)
        verdict, given = judge(place)
    except machine.Unavailable as reason:
        verdict, given = SKIPPED, [str(reason)]
    except machine.RowFailed as reason:
        verdict, given = BAD, [str(reason), *place.given]
    except Exception:                   # a fault of the row, not of the program
        verdict, given = UNPROVEN, [traceback.format_exc()]
    finally:
        place.end()
    return Result(row, verdict, "; ".join(given), time.monotonic() - began)


# Tests of the lab ------------------------------------------------------------

def run_test(name: str) -> str:
    environment = {**os.environ, "BUILD": str(network.build_folder())}
    environment.pop("LAB_DIR", None)
    with tempfile.TemporaryFile("w+") as said:
        test = subprocess.Popen([machine.LAB / name], env=environment,
                                stdout=said, stderr=subprocess.DEVNULL)
        while test.poll() is None:
            if machine.STOP.wait(machine.POLL_SECONDS):
                test.terminate()        # which ends its lab
                test.wait()
        said.seek(0)
        return said.read()


def read_elsewhere(row: table.Fault, said: str, seconds: float) -> Result:
    lines = re.findall(r"^((?:not )?ok) \d+ - (.*)", said, re.M)
    given = []
    for pattern in row.does.lines:
        found = [(ok, text) for ok, text in lines if re.match(pattern, text)]
        if not found:
            given.append(f"no test says “{pattern}”")
        given += [text for ok, text in found if ok != "ok"]
    return Result(row, BAD if given else GOOD,
                  "; ".join(given) or f"ok in tests/lab/{row.does.test}",
                  seconds)


# All of them -----------------------------------------------------------------

class Work:
    """The waiting rows, and the threads that run them."""

    def __init__(self, rows: list, tell) -> None:
        self.tell = tell
        self.lock = threading.Lock()
        self.own = queue.SimpleQueue()
        self.elsewhere: dict = {}
        for row in rows:
            if isinstance(row.does, table.Elsewhere):
                self.elsewhere.setdefault(row.does.test, []).append(row)
            else:
                self.own.put(row)
        self.results: list = []

    def done(self, result: Result) -> None:
        with self.lock:
            self.results.append(result)
            self.tell(len(self.results), result)

    def make_own(self, folder: Path) -> None:
        place = machine.Place(folder)
        try:
            place.up()
            while not machine.STOP.is_set():
                self.done(make(place, self.own.get_nowait()))
        except queue.Empty:
            pass
        finally:
            place.down()

    def make_elsewhere(self) -> None:
        for name, rows in self.elsewhere.items():
            if machine.STOP.is_set():
                return
            began = time.monotonic()
            said = run_test(name)
            for row in rows:
                self.done(read_elsewhere(row, said,
                                         time.monotonic() - began))

    def run(self, folders: list) -> None:
        threads = [threading.Thread(target=self.make_own, args=(folder,))
                   for folder in folders if not self.own.empty()]
        threads.append(threading.Thread(target=self.make_elsewhere))
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except KeyboardInterrupt:
            machine.STOP.set()
            for thread in threads:
                thread.join()
            raise


def tell_line(_: int, result: Result) -> None:
    print(f"{result.verdict:<10} {result.row.name:<28} {result.seconds:4.0f} s"
          f"  {result.given}", flush=True)


def tell_tap(number: int, result: Result) -> None:
    row = result.row
    if result.verdict == SKIPPED:
        print(f"ok {number} - {row.name} # SKIP {result.given}", flush=True)
        return
    good = "ok" if result.verdict == GOOD else "not ok"
    print(f"{good} {number} - {row.name}: {row.fault}: {row.gives}")
    print("".join(f"# {line}\n" for line in result.given.splitlines()),
          end="", flush=True)


def print_table(results: list) -> None:
    order = {row.name: number for number, row in enumerate(table.FAULTS)}
    print("\n| fault | must give | gives | |\n|---|---|---|---|")
    for result in sorted(results, key=lambda r: order[r.row.name]):
        row = result.row
        given = result.given.replace("\n", " ")
        print(f"| {row.fault} | {row.gives} | {given} | {result.verdict} |")


def choose(arguments: argparse.Namespace) -> list:
    wanted = table.SAMPLE if arguments.sample else arguments.names
    rows = [row for row in table.FAULTS if not wanted or row.name in wanted]
    unknown = set(wanted) - {row.name for row in rows}
    if unknown:
        sys.exit(f"faults.py: no row is named {', '.join(sorted(unknown))}")
    return rows


def interrupt(*_) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--tap", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.markdown:
        print(table.markdown())
        return 0
    rows = choose(arguments)
    home = network.build_folder() / "tests/faults"
    folders = [Path(os.environ["LAB_DIR"])] if "LAB_DIR" in os.environ else [
        home / f"lab-{number}" for number in range(arguments.jobs)]
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    work = Work(rows, tell_tap if arguments.tap else tell_line)
    try:
        work.run(folders)
    except KeyboardInterrupt:
        return 1
    bad = [r for r in work.results if r.verdict not in (GOOD, SKIPPED)]
    if arguments.tap:
        print(f"1..{len(rows)}")
    else:
        print_table(work.results)
        print(f"\n{len(rows)} faults, {len(bad)} not as they must")
    return int(bool(bad) or len(work.results) != len(rows))


if __name__ == "__main__":
    sys.exit(main())
