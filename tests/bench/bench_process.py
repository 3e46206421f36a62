"""Measures processes: CPU time of each kind of process of a scan, memory, and
the CPU time of the servers that answer it.

A process that has ended is counted exactly (wait4), with its children. How the
time divides among the processes is read from /proc while they run; what a
process used after the last reading is `unseen`.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS = 0.05


@dataclasses.dataclass
class Usage:
    wall: float = 0.0
    cpu: float = 0.0                    # seconds, of all processes
    status: int = 0
    kinds: dict = dataclasses.field(default_factory=dict)   # CPU by kind
    memory: dict = dataclasses.field(default_factory=dict)  # MiB, by kind


def cpu_of(pid: int) -> float:
    """Of the process alone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def children_of(pid: int) -> list:
    try:
        return [int(word) for word in Path(
            f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def family_of(pid: int) -> list:
    family = [pid]
    for member in family:
        family += children_of(member)
    return family


def servers_cpu(holder: int) -> dict:
    """CPU time so far of the programs in a lab, by name."""
    used: dict = {}
    for pid in family_of(holder)[1:]:
        try:
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            name = "nsd" if name.startswith("nsd") else name
            used[name] = used.get(name, 0.0) + cpu_of(pid)
        except OSError:
            pass
    return used


def peak_mib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


class Watch:
    """The processes of a scan, while it runs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.seen: dict = {}            # pid: kind, CPU, MiB

    def kind_of(self, pid: int) -> str:
        """"" of a process that has ended and waits for its parent."""
        if pid == self.pid:
            return "coordinator"
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        words = line.split(b"\0")
        return line and ("worker" if b"worker" in words[:2] else "reader")

    def look(self) -> None:
        for pid in family_of(self.pid):
            before = self.seen.get(pid, ("reader", 0.0, 0))
            try:
                self.seen[pid] = (self.kind_of(pid) or before[0], cpu_of(pid),
                                  max(before[2], peak_mib(pid)))
            except OSError:
                pass            # it has just ended

    def fill(self, usage: Usage) -> None:
        for kind, cpu, mib in self.seen.values():
            usage.kinds[kind] = usage.kinds.get(kind, 0.0) + cpu
            usage.memory[kind] = max(usage.memory.get(kind, 0), mib)
        usage.kinds["unseen"] = max(0.0, usage.cpu
                                    - sum(usage.kinds.values()))


def start(inside: tuple, **options) -> subprocess.Popen:
    """`inside` is a command of Lab.inside()."""
    command, environment = inside
    return subprocess.Popen(command, env=environment,
                            stdin=subprocess.DEVNULL, **options)


def finish(process: subprocess.Popen, watch: Watch | None = None) -> Usage:
    """Waits for its end."""
    began, usage = time.monotonic(), Usage()
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid != 0:
            break
        if watch is not None:
            watch.look()
        time.sleep(LOOK_SECONDS)
    process.returncode = usage.status = os.waitstatus_to_exitcode(status)
    usage.wall = time.monotonic() - began
    usage.cpu = used.ru_utime + used.ru_stime
    if watch is not None:
        watch.fill(usage)
    return usage
