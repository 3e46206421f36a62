#!/usr/bin/python3
"""kills.py UNDISTURBED RUN COMMAND...: a run that is killed again and again.

COMMAND scans into RUN, but each new run gets a separate folder instead. At
random moments the coordinator is killed, or one worker, or all at once, until
KILLS (default 8) are done; SEED repeats the same choices. If the coordinator
was killed, the same command resumes the run; otherwise it continues by itself.

Each run must end with 0 and the rows of UNDISTURBED, leave no worker behind, and
start no session again too soon. TAP.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import collections                                      # noqa: E402
import os                                               # noqa: E402
import random                                           # noqa: E402
import signal                                           # noqa: E402
import subprocess                                       # noqa: E402
import time                                             # noqa: E402
from pathlib import Path                                # noqa: E402

from network import HERE, build_folder, process_start   # noqa: E402
from sessions import read_ended_log                     # noqa: E402
from tables import same_address                         # noqa: E402

RUN_SECONDS = 300           # then a run is stuck
ORPHAN_SECONDS = 30         # then a worker is
RETRY_AFTER_MS = 2000       # of `lab options`
CLOCK_MS = 10               # between two programs that write the time down
LOG = Path(os.environ["LAB_FAKEMX_LOG"])


def delay() -> float:
    """The moments: half of them shortly after a start, half anywhere in a
    run."""
    return random.uniform(0, random.choice((1, 8)))


def workers_of(pid: int) -> list:
    """(pid, start) of each child."""
    children = []
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return children
    for child in map(int, text.split()):
        try:
            children.append((child, process_start(child)))
        except OSError:
            pass
    return children


def is_alive(pid: int, start: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1][1]
        return process_start(pid) == start and state != "Z"
    except OSError:
        return False


class Run:
    """One folder, from its first start to its end."""

    def __init__(self, folder: Path, command: list) -> None:
        self.folder = folder
        self.command = [str(folder) if word == "RUN" else word
                        for word in command]
        self.errors = open(f"{folder}.err", "ab")
        self.notes = Path(f"{folder}.starts")
        self.notes.unlink(missing_ok=True)
        self.problems: list = []
        self.began = time.time()
        self.process = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=self.errors,
            stderr=self.errors)

    def wait(self, seconds: float) -> bool:
        """Has it ended by then?"""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            if not self.notes.exists():
                # Seal removes .work; a second link to the file stays.
                try:
                    os.link(self.folder / ".work/starts", self.notes)
                except OSError:
                    pass
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def kill(self, who: str) -> None:
        """Kills, and restarts the coordinator if that was killed."""
        workers = workers_of(self.process.pid)
        if who == "worker":
            if workers:
                os.kill(random.choice(workers)[0], signal.SIGKILL)
            return
        self.process.kill()
        for pid, start in workers if who == "all" else ():
            if is_alive(pid, start):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + ORPHAN_SECONDS
        while any(is_alive(*worker) for worker in workers):
            if time.monotonic() > deadline:
                self.problems.append("a worker outlives its coordinator")
                break
            time.sleep(0.02)
        self.start()


def kill_and_finish(run: Run, kills: int) -> int:
    """Returns how many kills the run took until it had ended."""
    done = 0
    run.start()
    while done < kills and not run.wait(delay()):
        who = random.choice(("coordinator", "worker", "all"))
        print(f"# {time.time() - run.began:6.2f} s: {who}", flush=True)
        run.kill(who)
        done += 1
    if not run.wait(RUN_SECONDS):
        run.problems.append(f"it has not ended after {RUN_SECONDS} s")
        run.kill("all")
        run.process.kill()
        run.process.wait()
    elif run.process.returncode != 0:
        run.problems.append(f"it ended with {run.process.returncode}")
    return done


# Sessions against the starts that were noted --------------------------------

def read_notes(path: Path) -> dict:
    """When each (address, SNI) was started, in ms."""
    notes: dict = collections.defaultdict(list)
    for line in path.read_text().splitlines():
        address, sni, _, when = line.split(" ")
        notes[same_address(address), sni].append(int(when))
    return {key: sorted(times) for key, times in notes.items()}


def read_sessions(began: float) -> list:
    log = read_ended_log(LOG)
    ends = {line["session"]: line for line in log.ended}
    return [{**ends.get(line["session"], {"sni": "-", "reached": "",
                                          "tls": "-"}), **line}
            for line in log.opened if float(line["time"]) >= began]


def started_by(notes: list, session: dict) -> int | None:
    """The last start that was noted before it."""
    at = float(session["time"]) * 1000 + CLOCK_MS
    return max((when for when in notes if when <= at), default=None)


def is_failed_handshake(session: dict) -> bool:
    return session["reached"] == "hello" and session["tls"] == "-"


def check_sessions(path: Path, began: float) -> list:
    """RULES K2: a session is noted before it starts; starts with a name at an
    address are --retry-after apart; a start is one session.

    There are two exceptions: the session with the legacy profile, which is a
    second session of the same start and follows one whose handshake failed; and
    a session that ended before it sent a name, at an address where several
    names were used."""
    notes = read_notes(path)
    names = collections.defaultdict(list)
    for address, sni in notes:
        names[address].append(sni)
    problems = [f"{address} {sni}: noted {second - first} ms apart"
                for (address, sni), times in notes.items()
                for first, second in zip(times, times[1:])
                if second - first < RETRY_AFTER_MS]
    of_start: dict = collections.defaultdict(list)
    for session in read_sessions(began):
        address, sni = same_address(session["address"]), session["sni"]
        if sni == "-" and len(names[address]) > 1:
            continue
        if sni == "-" and names[address]:
            sni = names[address][0]
        start = started_by(notes.get((address, sni), []), session)
        if start is None:
            problems.append(f"{address} {sni}: a session without a note")
        of_start[address, sni, start].append(session)
    for (address, sni, start), sessions in of_start.items():
        allowed = 2 if is_failed_handshake(sessions[0]) else 1
        if start is not None and len(sessions) > allowed:
            problems.append(f"{address} {sni}: {len(sessions)} sessions for "
                            "one start")
    return problems


# What must hold -------------------------------------------------------------

def output_of(command: list) -> list:
    """The output of a program that does not end with 0."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode == 0:
        return []
    return [f"{command[0]}: {done.returncode}"] + done.stdout.splitlines()


def check(run: Run, undisturbed: Path) -> list:
    """(name, problems) of each test."""
    program = build_folder() / "mxcensus"
    if not run.notes.exists():
        run.problems.append("no start was noted")
    return [
        ("it ends with 0, and no worker is left", run.problems),
        ("verify", output_of([program, "verify", run.folder])),
        ("the rows of the undisturbed run",
         output_of([HERE / "compare.py", undisturbed, run.folder])),
        ("each session is noted, and none comes again too soon",
         check_sessions(run.notes, run.began) if run.notes.exists() else
         ["no notes"])]


def main() -> int:
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    undisturbed, base = Path(sys.argv[1]), Path(sys.argv[2])
    left = int(os.environ.get("KILLS", "8"))
    seed = os.environ.get("SEED", str(time.time_ns() % 1_000_000))
    random.seed(seed)
    print(f"# KILLS={left} SEED={seed}", flush=True)
    failures = tests = number = 0
    while left > 0:
        number += 1
        run = Run(base.with_name(f"{base.name}-{number}"), sys.argv[3:])
        took = kill_and_finish(run, left)
        left -= took
        for name, problems in check(run, undisturbed):
            tests += 1
            failures += bool(problems)
            print(f"{'not ok' if problems else 'ok'} {tests} - run {number}, "
                  f"killed {took} times: {name}")
            for problem in problems[:40]:
                print(f"# {problem}")
        sys.stdout.flush()
    print(f"1..{tests}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
