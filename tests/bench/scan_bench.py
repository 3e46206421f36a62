#!/usr/bin/python3
"""scan_bench.py COMMAND...: runs a scan and prints what it used: seconds, CPU
of all its processes, and the most memory that each of them had (VmHWM)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path


def peak_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def children_of(pid: int) -> list:
    return [int(word) for word in Path(
        f"/proc/{pid}/task/{pid}/children").read_text().split()]


def main() -> int:
    began = time.monotonic()
    scan = subprocess.Popen(sys.argv[1:])
    peaks: dict = {}
    while scan.poll() is None:
        try:
            for pid in [scan.pid, *children_of(scan.pid)]:
                peaks[pid] = max(peaks.get(pid, 0), peak_kib(pid))
        except OSError:
            pass            # it has just ended
        time.sleep(0.2)
    used = os.times()
    coordinator = peaks.pop(scan.pid, 0)
    workers = " ".join(f"{kib // 1024}" for kib in peaks.values())
    print(f"{time.monotonic() - began:.1f} s, CPU "
          f"{used.children_user + used.children_system:.2f} s, MiB: "
          f"coordinator {coordinator // 1024}, workers {workers}")
    return scan.returncode


if __name__ == "__main__":
    sys.exit(main())
