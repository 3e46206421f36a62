"""A lab in which faults are made, with the tools that a row of the table needs
to make and to prove them: scans, the packet filter, the shim.

A row calls expect() for what must be true, and prove() for evidence that its
fault was in force. A row without proof says nothing about the program.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
LAB = TOP / "tests/lab"
sys.path.insert(0, str(LAB))

import network                                          # noqa: E402
import vantage_world                                    # noqa: E402
from tables import read_table                           # noqa: E402

WAIT_SECONDS = 180          # for anything that must come
RUN_SECONDS = 420           # for the end of a run
POLL_SECONDS = 0.05
CALLS = ("socket", "connect", "send", "clock")      # of shim.c
PAGE = struct.Struct("=9I")
# Packets are counted from the start of a lab, so that rows see how far a run
# is.
WATCH = """table inet watch {
    counter dns { }
    counter smtp { }
    counter https { }
    chain output {
        type filter hook output priority -200
        meta l4proto { tcp, udp } th dport 53 counter name dns
        tcp dport 25 tcp flags & (syn | ack) == syn counter name smtp
        tcp dport 443 tcp flags & (syn | ack) == syn counter name https
    }
}
"""
FAULT = "table inet fault"


# Set when the program is interrupted; then rows give up.
STOP = threading.Event()


class RowFailed(Exception):
    """Something that a row waits for did not come."""


class Unavailable(Exception):
    """The fault cannot be made here."""


def until(condition: Callable, what: str,
          seconds: float = WAIT_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RowFailed(f"waited in vain: {what}")
        pause()


def pause() -> None:
    if STOP.wait(POLL_SECONDS):
        raise RowFailed("interrupted")


def outlast(scan: Scan, seconds: float) -> bool:
    """A fault lasts this long. Is the scan running all the time?"""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not scan.has_ended():
        pause()
    return not scan.has_ended()


def children_of(pid: int) -> list:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


class Shim:
    """The page that every process of a run maps (shim.c)."""

    def __init__(self, path: Path, rules: str) -> None:
        self.path, self.rules = path, rules
        path.write_bytes(PAGE.pack(*[0] * 9))

    def environment(self) -> dict:
        library = network.build_folder() / "tests/faults/shim.so"
        if not library.exists():
            raise RowFailed(f"there is no {library}: make check-programs")
        return {"LD_PRELOAD": str(library), "FAULTS": self.rules,
                "FAULTS_PAGE": str(self.path),
                # Under AddressSanitizer the shim comes first.
                "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")
                + ":verify_asan_link_order=0"}

    def switch(self, is_on: bool) -> None:
        with open(self.path, "r+b", buffering=0) as file:
            file.write(struct.pack("=I", is_on))

    def count(self, call: str, injected: bool = True) -> int:
        words = PAGE.unpack(self.path.read_bytes())
        return words[1 + len(CALLS) * injected + CALLS.index(call)]


class Scan:
    """A scan under way: of this process, and ended by its number."""

    def __init__(self, command: list, environment: dict, run: Path,
                 said: Path) -> None:
        self.run, self.said_path = run, said
        with open(said, "wb") as file:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                env=environment)
        self.pid = self.process.pid
        self.status: int | None = None
        self.peak_kib = 0

    def has_ended(self) -> bool:
        if self.status is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid != 0:
                self.status = os.waitstatus_to_exitcode(status)
                self.process.returncode = self.status
                self.peak_kib = usage.ru_maxrss
        return self.status is not None

    def wait(self, seconds: float = RUN_SECONDS) -> int:
        deadline = time.monotonic() + seconds
        while not self.has_ended():
            if time.monotonic() > deadline:
                self.end()
                raise RowFailed(f"the run has not ended after {seconds:.0f} s")
            pause()
        return self.status

    def end(self) -> None:
        """Workers end with their coordinator, even if they are stopped."""
        if self.has_ended():
            return
        for pid in (self.pid, *children_of(self.pid)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        while not self.has_ended():
            time.sleep(POLL_SECONDS)

    def said(self) -> list:
        """Its lines, without the path of the run."""
        return self.said_path.read_text(errors="replace").replace(
            str(self.run), "RUN").splitlines()

    def says(self, *words: str) -> bool:
        """Does one line have all of these words?"""
        return any(all(word.lower() in line.lower() for word in words)
                   for line in self.said())


class Place:
    """A lab of its own, in which rows run one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = folder / "faults"
        self.environment = {**os.environ, "LAB_DIR": str(folder),
                            "BUILD": str(network.build_folder()),
                            "MXCENSUS_TEST_HOLD": "1000"}
        self.program = str(network.build_folder() / "mxcensus")
        self.undisturbed: dict = {}
        self.row = ""

    # The lab -----------------------------------------------------------------

    def up(self) -> None:
        self.lab("up", "--fresh", "--vantage")
        self.options = self.lab("options").split()
        shutil.rmtree(self.runs, ignore_errors=True)
        self.runs.mkdir()
        self.nft(WATCH)

    def down(self) -> None:
        subprocess.run([LAB / "lab", "down"], env=self.environment)

    def lab(self, *words: str) -> str:
        done = subprocess.run([LAB / "lab", *words], env=self.environment,
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RowFailed(f"lab {words[0]}: {done.stderr.strip()}")
        return done.stdout

    def inside(self, *words: str, text: str = "",
               check: bool = True) -> subprocess.CompletedProcess:
        done = subprocess.run([LAB / "lab", "run", *words], input=text,
                              env=self.environment, capture_output=True,
                              text=True)
        if check and done.returncode != 0:
            raise RowFailed(f"{' '.join(words)}: {done.stderr.strip()}")
        return done

    # A row -------------------------------------------------------------------

    def begin(self, row: str) -> None:
        self.row = row
        self.hold(1)
        self.expected: list = []        # (holds, text)
        self.proven: list = []
        self.scans: list = []
        self.given: list = []
        self.mend()
        for path in self.runs.glob(f"{row}-*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def end(self) -> None:
        for scan in self.scans:
            scan.end()
        self.mend()

    def mend(self) -> None:
        self.inside("nft", FAULT + "; delete " + FAULT)
        self.set_link(True)

    def hold(self, seconds: int) -> None:
        """How long the row's scans hold a batch with failures (RULES F31)."""
        self.environment["MXCENSUS_TEST_HOLD"] = str(1000 * seconds)

    def expect(self, holds: object, text: str) -> None:
        self.expected.append((bool(holds), text))

    def prove(self, holds: object, text: str) -> None:
        self.proven.append((bool(holds), text))

    def note(self, text: str) -> None:
        self.given.append(text)

    # Faults ------------------------------------------------------------------

    def nft(self, text: str) -> None:
        self.inside("nft", "-f", "-", text=text)

    def drop(self, *matches: str) -> None:
        """Drops matching packets without an error."""
        rules = "\n".join(f"{match} counter name dropped drop"
                          for match in matches)
        self.nft(f"{FAULT} {{\n counter dropped {{ }}\n chain output {{\n"
                 f" type filter hook output priority 0\n{rules}\n }}\n}}\n")

    def redirect(self, port: int, address: str) -> None:
        self.nft(f"{FAULT} {{\n counter dropped {{ }}\n chain output {{\n"
                 " type nat hook output priority -100\n"
                 f" meta nfproto ipv4 tcp dport {port} counter name dropped "
                 f"dnat ip to {address}\n }}\n}}\n")

    def clear(self) -> None:
        self.nft(f"delete {FAULT}\n")

    def packets(self, name: str) -> int:
        table = "fault" if name == "dropped" else "watch"
        said = self.inside("nft", "-j", "list", "counter", "inet", table,
                           name).stdout
        return next(entry["counter"]["packets"]
                    for entry in json.loads(said)["nftables"]
                    if "counter" in entry)

    def set_link(self, is_up: bool) -> None:
        self.inside("ip", "link", "set", "lo", "up" if is_up else "down")
        if is_up:
            for route in network.NETWORKS:
                self.inside("ip", *route.replace(" add ", " replace ").split())

    def shim(self, rules: str, is_on: bool = True) -> Shim:
        shim = Shim(self.runs / f"{self.row}-page", rules)
        shim.switch(is_on)
        return shim

    # Scans -------------------------------------------------------------------

    def path(self, name: str) -> Path:
        return self.runs / f"{self.row}-{name}"

    def input(self, names: list) -> Path:
        path = self.path("names")
        path.write_text("".join(f"{name}\n" for name in names))
        return path

    def start(self, names: list | Path, *options: str, run: Path | None = None,
              shim: Shim | None = None, canary: str = vantage_world.CANARY,
              before: tuple = ()) -> Scan:
        """`before` is what the command line of the scan begins with."""
        file = names if isinstance(names, Path) else self.input(names)
        self.run = run or self.path("run")
        command = [LAB / "lab", "run", *before, self.program, "scan",
                   str(file), "-o", str(self.run), *self.options,
                   "--timeout", "3s", "--workers", "2", "--quiet",
                   "--canary", canary, *options]
        scan = Scan(command,
                    {**self.environment,
                     **(shim.environment() if shim else {})}, self.run,
                    self.path(f"said{len(self.scans)}"))
        self.scans.append(scan)
        return scan

    def scan(self, *arguments, **more) -> Scan:
        scan = self.start(*arguments, **more)
        scan.wait()
        return scan

    def undisturbed_run(self, names: list, *options: str,
                        canary: str = vantage_world.CANARY) -> Path:
        """One for each list of names, which all rows of this lab share."""
        key = (tuple(names), options, canary)
        if key not in self.undisturbed:
            run = self.runs / f"undisturbed{len(self.undisturbed)}"
            scan = self.scan(names, *options, run=run, canary=canary)
            if scan.status != 0:
                raise RowFailed(f"the undisturbed run ends with {scan.status}")
            self.undisturbed[key] = run
        return self.undisturbed[key]

    def until_met(self, scan: Scan, counter: str, count: int) -> None:
        """Waits for this many packets from now on, while the scan is
        running."""
        before = self.packets(counter)

        def is_met() -> bool:
            if scan.has_ended():
                raise RowFailed(f"the run ended with {scan.status} before "
                                "the fault")
            return self.packets(counter) - before >= count

        until(is_met, f"{count} packets of {counter}")

    # What a run says ---------------------------------------------------------

    def rows(self, table: str, run: Path | None = None) -> list:
        return list(read_table(run or self.run, table))

    def differences(self, undisturbed: Path, run: Path | None = None) -> list:
        done = subprocess.run(
            [sys.executable, LAB / "compare.py", undisturbed, run or self.run],
            capture_output=True, text=True)
        return (done.stdout + done.stderr).splitlines()

    def expect_same_rows(self, undisturbed: Path) -> None:
        lines = self.differences(undisturbed)
        self.expect(not lines, "the rows of an undisturbed run")
        if lines:
            self.note(f"{len(lines)} differences, the first: {lines[0]}")

    def expect_status(self, scan: Scan, *statuses: int) -> None:
        self.expect(scan.status in statuses,
                    "exit " + " or ".join(map(str, statuses)))
        self.note(f"exit {scan.status}")
        said = [line for line in scan.said() if line.strip()]
        if said and scan.status != 0:
            self.note(f"“{said[-1].partition('mxcensus: ')[2] or said[-1]}”")

    def run_json(self, run: Path | None = None) -> dict:
        return json.loads(((run or self.run) / "run.json").read_text())
