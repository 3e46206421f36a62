"""The parts of a scan's CPU time, from `perf record` with the stack of each
sample. A sample belongs to the part of the innermost frame that a rule knows.

    plan     the inputs are read, and the order of the names is made
    ask      libunbound, validation, sockets and the event loop of the workers
    row      the cells of the tables
    gzip     the workers compress and write what they have found
    harvest  the coordinator reads rows back, checks and registers them
    commit   the coordinator links files into the run
    seal     what is made at the end: outcomes, hashes, the summary
    other    the rest: most of it is libc, called by the workers (their stacks
             often cannot be unwound beyond a library)
"""

from __future__ import annotations

import collections
import re
import shutil
import subprocess
from pathlib import Path

FREQUENCY = 499
STACK_BYTES = 16384
PARTS = ("plan", "ask", "row", "gzip", "harvest", "commit", "seal", "other")

# Names of functions, or of libraries where these have no names.
WORKER = (
    ("gzip", re.compile(r"^libz\.|^gzip_|_sys_(write|pwrite64)$")),
    ("row", re.compile(r"^(table_|field_|append_field|write_row|write_mx_rows|"
                       r"write_addresses|host_write|tlsa_set_write)")),
    ("ask", re.compile(r"^lib(unbound|ev|nettle|hogweed|gmp|crypto)\b|"
                       r"_sys_(send|recv|socket|bind|connect|close|epoll|"
                       r"setsockopt|getsockname|fcntl)|^(on_answer|on_turn|"
                       r"asking_|resolver_|lookup_|answer_|lane_|direct_|"
                       r"domain_start|host_start|mx_set_|tlsa_set_|"
                       r"worker_start_check)")),
)
COORDINATOR = (
    ("plan", re.compile(r"^(plan_make|be_reader|reader_)")),
    ("seal", re.compile(r"^(seal_run|derived_write|conclude_run)")),
    ("harvest", re.compile(r"^(harvest_|table_reader_|unpack_|batch_amend)|"
                           r"_(read_back|committed)$")),
    ("commit", re.compile(r"^(batch_commit|work_commit|folder_|batch_discard|"
                          r"replacement_)")),
)
HEAD = re.compile(r"^(\S.*?)\s+(\d+)\s+([\d.]+):")
FRAME = re.compile(r"^\s+[0-9a-f]+ (.*?) \((.*)\)$")


def is_there() -> bool:
    """Is perf installed, and may we use it?"""
    return shutil.which("perf") is not None and subprocess.run(
        ["perf", "record", "-q", "-o", "/dev/null", "true"],
        capture_output=True).returncode == 0


def command(data: Path, scan: list) -> list:
    return ["perf", "record", "-q", "-F", str(FREQUENCY), "--call-graph",
            f"dwarf,{STACK_BYTES}", "-o", str(data), "--", *scan]


def samples(data: Path):
    """(process, frames) of each; a frame is a function and its library."""
    said = subprocess.Popen(
        ["perf", "script", "-i", str(data), "-F", "comm,pid,time,ip,sym,dso"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        errors="replace")
    head, frames = None, []
    for line in said.stdout:
        if match := FRAME.match(line):
            frames.append((re.sub(r"\+0x[0-9a-f]+$", "", match[1]), match[2]))
        elif match := HEAD.match(line):
            if head is not None:
                yield head, frames
            head, frames = int(match[2]), []
    if head is not None:
        yield head, frames
    said.wait()


def first_match(rules: tuple, frames: list) -> str:
    for symbol, place in frames:
        for part, pattern in rules:
            if pattern.search(symbol) or pattern.search(Path(place).name):
                return part
    return "other"


def divide(data: Path) -> dict:
    """Shares of the parts. A coordinator, and a reader that it has forked, have
    their function at the bottom of the stack; all other processes are
    workers."""
    parts: collections.Counter = collections.Counter()
    taken = list(samples(data))
    coordinators = {pid for pid, frames in taken
                    if any(symbol == "coordinator_run" for symbol, _ in frames)}
    for pid, frames in taken:
        parts[first_match(COORDINATOR if pid in coordinators else WORKER,
                          frames)] += 1
    total = sum(parts.values())
    return {part: parts[part] / total for part in PARTS} if total else {}
