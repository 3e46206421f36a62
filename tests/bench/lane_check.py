"""What check_lanes.py and check_signed.py have in common: a world is scanned by
each lane, and the runs are compared. TAP."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from network import (Lab, LabError, build_folder,      # noqa: E402
                     catch_interrupts)

PROGRAM = build_folder() / "mxcensus"
# A name server of the lab keeps up with any number of questions. What a busy
# machine loses at the first attempt, it gets at the second.
OPTIONS = ("--probes", "0", "--quiet", "--dns-rate", "100000",
           "--attempts", "2", "--retry-after", "1s")
SHOWN = 20


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


def folder_of(name: str) -> Path:
    folder = Path(os.environ.get("FOLDER") or build_folder() / name)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def scan(lab: Lab, name: str, domains: int, options: tuple) -> Path:
    run = lab.folder / name
    shutil.rmtree(run, ignore_errors=True)
    command, environment = lab.inside([
        str(PROGRAM), "scan", str(lab.zone_file), "-o", str(run),
        *lab.options().split(), *OPTIONS, *options])
    began, before = time.monotonic(), resource.getrusage(
        resource.RUSAGE_CHILDREN)
    # What is sampled has the row of the other lane (RULES L11).
    done = subprocess.run(command, check=False, env={
        **(environment or os.environ), "MXCENSUS_TEST_LANE_SAMPLE": "0"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(f"the scan {name} ended with {done.returncode}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"# {name}: {1e6 * cpu / domains:.0f} us of CPU a domain, "
          f"{time.monotonic() - began:.0f} s", flush=True)
    return run


def verify(tap: Tap, runs: list) -> None:
    for run in runs:
        done = subprocess.run([PROGRAM, "verify", run],
                              capture_output=True, text=True, check=False)
        tap.say(f"{run.name}: verify", [] if done.returncode == 0
                else done.stderr.splitlines() or [done.returncode])


def main(lab: Lab, check: Callable[[Tap, Lab], None]) -> int:
    """The lab's folder is left behind if a test fails."""
    catch_interrupts()
    tap = Tap()
    try:
        check(tap, lab)
    except (LabError, OSError, RuntimeError) as error:
        tap.say("both lanes scan the world", [error])
    except KeyboardInterrupt:
        tap.say("it was not interrupted", ["SIGINT or SIGTERM"])
    finally:
        lab.down()
    print(f"1..{tap.number}")
    if tap.failures == 0:
        shutil.rmtree(lab.folder, ignore_errors=True)
    return int(tap.failures > 0)
