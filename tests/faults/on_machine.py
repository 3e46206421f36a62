"""Faults of this machine: its sockets, clock, memory, disk and files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import machine
from on_network import (GRACE, bad_answers, expect_no_probe_rows,
                        expect_resumes, slow_run)
from vantage_world import names_of

# The outcomes that would be a finding about a stranger who was not contacted.
ACCUSING = ("unreachable", "connect_refused", "connect_timeout", "timeout")
# By port: packets after which a run of slow_run() has measured something.
MID_RUN = {53: ("dns", 200), 25: ("smtp", 20)}
# Longer than the program, and libunbound, try again for a name.
SECONDS = 10
YEARS = 365 * 86400
MIB = 1024
DISK = "24m"


def expect_nobody_accused(place: machine.Place) -> None:
    rows = [row for row in place.rows("probes") if row["outcome"] in ACCUSING]
    place.expect(not rows, "no target is called unreachable")
    if rows:
        place.note(f"{len(rows)} rows of probes, for example "
                   f"{rows[0]['outcome']}")


def passing(call: str, error: str, port: int) -> Callable:
    """A call fails for a while during a run."""
    def row(place: machine.Place) -> None:
        names, options = slow_run()
        undisturbed = place.undisturbed_run(names, *options)
        shim = place.shim(f"{call} {error} port={port}", is_on=False)
        scan = place.start(names, *options, shim=shim)
        place.until_met(scan, *MID_RUN[port])
        shim.switch(True)
        machine.until(lambda: shim.count(call) > 0 or scan.has_ended(),
                      f"{call} fails")
        place.expect(machine.outlast(scan, SECONDS), "the run outlasts it")
        shim.switch(False)
        place.prove(shim.count(call) > 0, f"{call} fails")
        place.note(f"{shim.count(call)} calls fail")
        scan.wait()
        place.expect_status(scan, 0)
        expect_nobody_accused(place)
        place.expect_same_rows(undisturbed)
    return row


def lasting(call: str, error: str, port: int) -> Callable:
    """It fails from the first connection on, for ever."""
    def row(place: machine.Place) -> None:
        names = names_of("net", 40)
        place.undisturbed_run(names)
        shim = place.shim(f"{call} {error} port={port}", is_on=port == 25)
        if port == 53:
            names, options = slow_run()
            scan = place.start(names, *options, *GRACE, shim=shim)
            place.until_met(scan, *MID_RUN[port])
            shim.switch(True)
            scan.wait()
        else:
            scan = place.scan(names, *GRACE, shim=shim)
        place.prove(shim.count(call) > 0, f"{call} fails")
        place.expect_status(scan, 69)
        expect_nobody_accused(place)
        left = bad_answers(place)
        place.expect(not left, "no servfail, bogus or error")
        if left:
            place.note(f"{len(left)} answers servfail, bogus or error")
        if port == 25:
            expect_no_probe_rows(place)
            expect_resumes(place, names, *GRACE)
    return row


def no_socket(error: str, text: str) -> Callable:
    """No TCP socket can be made; DNS over UDP continues."""
    def row(place: machine.Place) -> None:
        names = names_of("net", 40)
        place.undisturbed_run(names)
        shim = place.shim(f"socket {error} type=stream")
        scan = place.scan(names, *GRACE, shim=shim)
        place.prove(shim.count("socket") > 0, "socket() fails")
        place.expect_status(scan, 75)
        place.expect(scan.says(text), f"the reason: {text}")
        # RULES F35
        place.expect(scan.says("warning", "faults of this machine"),
                     "a warning that many items failed by our own faults")
        expect_no_probe_rows(place)
        expect_resumes(place, names, *GRACE)
    return row


def no_socket_at_all(place: machine.Place) -> None:
    """Nor one over UDP, from the start on."""
    names = names_of("net", 40)
    shim = place.shim("socket EMFILE")
    scan = place.scan(names, *GRACE, shim=shim)
    place.prove(shim.count("socket") > 0, "socket() fails")
    place.expect_status(scan, 75)
    place.expect(scan.says("too many open files"),
                 "the reason: too many open files")
    place.expect(not place.rows("domains"), "no row in domains")


def green_shim(place: machine.Place) -> None:
    """The twin of all faults of the shim: it is loaded, but switched off."""
    names = [*names_of("net", 40), *names_of("signed")]
    undisturbed = place.undisturbed_run(names)
    shim = place.shim("socket EMFILE;connect EPERM port=25;"
                      f"send EPERM port=53;clock {YEARS}", is_on=False)
    scan = place.scan(names, shim=shim)
    place.prove(all(shim.count(call, injected=False) > 0
                    for call in machine.CALLS), "every call comes by")
    place.expect(not any(map(shim.count, machine.CALLS)), "and none fails")
    place.expect_status(scan, 0)
    place.expect_same_rows(undisturbed)


def clock_at_start(years: int) -> Callable:
    def row(place: machine.Place) -> None:
        shim = place.shim(f"clock {years * YEARS}")
        scan = place.scan(names_of("signed"), *GRACE, shim=shim)
        place.prove(shim.count("clock") > 0, "the clock is wrong")
        place.expect_status(scan, 69)
        place.expect(scan.says("clock"), "a sentence about the clock")
        place.expect(not place.rows("domains"), "no row in domains")
    return row


def clock_in_mid_run(years: int) -> Callable:
    def row(place: machine.Place) -> None:
        names, options = slow_run()
        shim = place.shim(f"clock {years * YEARS}", is_on=False)
        scan = place.start(names, *options, *GRACE, shim=shim)
        place.until_met(scan, "dns", 200)
        shim.switch(True)
        scan.wait()
        place.prove(shim.count("clock") > 0, "the clock is wrong")
        place.expect_status(scan, 69)
        place.expect(scan.says("clock"), "a sentence about the clock")
        wrong = {(row["domain"], row["mx_status"])
                 for row in place.rows("domains") if row["mx_status"] != "mx"}
        place.expect(not wrong, "no answer is bogus for it")
        if wrong:
            place.note(f"{len(wrong)} domains without MX, for example "
                       f"{sorted(wrong)[0]}")
    return row


# Input -----------------------------------------------------------------------

def write_repeated(path: Path, name: str, count: int) -> None:
    """So many lines of one name, gzip."""
    block = f"{name}\n".encode() * 10000
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(count // 10000):
            file.write(block)


def one_name(lines: int) -> Callable:
    def row(place: machine.Place) -> None:
        names = names_of("net", 1)
        once = place.scan(names, "--mta-sts", "no", run=place.path("once"))
        path = place.path("lines.gz")
        write_repeated(path, names[0], lines)
        scan = place.scan(path, "--mta-sts", "no", run=place.path("run"))
        path.unlink()
        place.expect_status(scan, 0)
        figures = place.run_json()
        read = json.dumps(figures).count(str(lines))
        place.prove(read > 0, f"run.json has {lines} records read")
        place.expect(len(place.rows("domains")) == 1, "one row in domains")
        place.expect(scan.peak_kib <= once.peak_kib + 64 * MIB,
                     "64 MiB more than for one line, at most")
        place.note(f"peak {scan.peak_kib // MIB} MiB, "
                   f"{once.peak_kib // MIB} MiB for one line")
    return row


# The folder of a run ---------------------------------------------------------

def change_cell(run: Path) -> str:
    """One cell of probes is another. Returns what was changed."""
    part = sorted((run / "probes").glob("*.csv.gz"))[0]
    rows = list(csv.reader(io.StringIO(gzip.decompress(
        part.read_bytes()).decode())))
    column = rows[0].index("outcome")
    was, rows[1][column] = rows[1][column], "starttls_absent"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    part.write_bytes(gzip.compress(text.getvalue().encode()))
    return f"{was} to {rows[1][column]}"


def cell_changed(place: machine.Place) -> None:
    run = place.path("run")
    shutil.copytree(place.undisturbed_run(names_of("net", 40)), run)
    place.run = run

    def command(name: str, *options: str) -> int:
        done = subprocess.run([place.program, name, str(run), *options],
                              capture_output=True, text=True)
        place.note(f"{name} {' '.join(options)}: exit {done.returncode}")
        return done.returncode

    place.prove(command("verify") == 0, "the run is whole before")
    place.prove(change_cell(run) == "tls_established to starttls_absent",
                "a cell is changed")
    place.expect(command("verify") in (65, 74), "verify finds it")
    place.expect(command("conclude") in (65, 74), "conclude refuses")
    place.expect("concluded_by_force" not in place.run_json(),
                 "which leaves the run as it is")
    place.expect(command("conclude", "--force") == 0, "--force goes on")
    place.expect(place.run_json().get("concluded_by_force") is True,
                 "run.json says so")


MOUNT = """
disk=$1 copy=$2
shift 2
mount -t tmpfs -o size=%s tmpfs "$disk" || exit 99
"$@"
status=$?
cp -a "$disk/run" "$copy" || exit 98
exit $status
""" % DISK


def fill(folder: Path) -> Path:
    """Writes until the disk has no room. Returns the file that takes it."""
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as file:
        size = 1 << 20
        while size > 0:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2
    return filler


def start_on_disk(place: machine.Place, *more: str) -> tuple:
    """A run whose folder is on a small disk, which becomes full during the
    run."""
    names, options = slow_run()
    disk = place.path("disk")
    disk.mkdir()
    scan = place.start(names, *options, *more, run=disk / "run", before=(
        "unshare", "--mount", "sh", "-c", MOUNT, "sh", str(disk),
        str(place.path("run"))))
    place.run = place.path("run")
    try:
        place.until_met(scan, "dns", 200)
    except machine.RowFailed:
        if scan.has_ended() and scan.status == 99:
            raise machine.Unavailable("no tmpfs can be mounted") from None
        raise
    seen = Path(f"/proc/{scan.pid}/root") / disk.relative_to("/")
    try:
        filler = fill(seen)
    except PermissionError as error:
        raise machine.Unavailable(str(error)) from None
    room = os.statvfs(seen)
    place.prove(room.f_bavail == 0 and filler.stat().st_size > 0,
                "the disk has no room")
    place.prove(not scan.has_ended(), "the run is under way")
    return scan, filler


def says_full(scan: machine.Scan) -> bool:
    return scan.says("no space") or scan.says("disk") or scan.says("room")


def disk_full_for_a_while(place: machine.Place) -> None:
    names, options = slow_run()
    undisturbed = place.undisturbed_run(names, *options)
    scan, filler = start_on_disk(place)
    machine.until(lambda: says_full(scan) or scan.has_ended(),
                  "the run says that the disk is full")
    place.expect(says_full(scan), "a line says so")
    if not scan.has_ended():
        filler.unlink()
    scan.wait()
    place.expect_status(scan, 0)
    if scan.status == 0:
        place.expect_same_rows(undisturbed)


def disk_stays_full(place: machine.Place) -> None:
    scan, _ = start_on_disk(place, "--grace-disk", "3s")
    scan.wait()
    place.expect(says_full(scan), "a line says so")
    place.expect_status(scan, 74)
