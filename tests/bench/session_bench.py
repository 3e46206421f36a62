#!/usr/bin/python3
"""session_bench.py: the cost of an SMTP session (README.md, "Sessions").

Environment: BUILD, N (addresses), KINDS (rsa p256 p384), RUNS, PEERS (sessions
of each other program; 0: none), PROGRAMS (several mxcensus take turns). Writes
BUILD/session_bench.json.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from bench_process import Watch, finish, start          # noqa: E402
from session_world import KINDS, SessionLab             # noqa: E402
from network import LabError, build_folder, catch_interrupts    # noqa: E402

PROGRAMS = (os.environ.get("PROGRAMS")
            or str(build_folder() / "mxcensus")).split()

# {address} and {host}: one session, certificate and TLSA record or CA judged.
PEERS = {
    "openssl s_client": "openssl s_client -quiet -no_ign_eof -starttls smtp "
                        "-connect {address}:25 -servername {host} "
                        "-verify_hostname {host} -CAfile {ca} </dev/null",
    "posttls-finger": "posttls-finger -c -l secure -F {ca} "
                      "-t 30 [{address}]:25 {host}",
}


def scan(lab: SessionLab, program: str, probes: bool) -> dict:
    run = lab.folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    words = [program, "scan", str(lab.folder / "names"), "-o", str(run),
             *lab.options().split(), "--mta-sts", "no", "--quiet",
             "--dns-rate", "100000", "--workers", "1", "--attempts", "1",
             *(() if probes else ("--probes", "0")),
             *os.environ.get("SCAN_OPTIONS", "").split()]
    process = start(lab.inside(words))
    usage = finish(process, Watch(process.pid))
    if usage.status != 0:
        raise RuntimeError(f"the scan ended with {usage.status}")
    counts = json.loads((run / "summary.json").read_text())
    return {"cpu": usage.cpu, "wall": usage.wall, "kinds": usage.kinds,
            "summary": counts}


def run_peer(lab: SessionLab, text: str, count: int) -> float | None:
    """Microseconds of CPU a session; None if the program is missing."""
    if shutil.which(text.split()[0], path="/usr/bin:/usr/sbin:/bin") is None:
        return None
    lines = []
    for line in (lab.folder / "targets").read_text().split("\n")[:count]:
        address, host = line.split()
        lines.append(text.format(address=address, host=host,
                                 ca=lab.folder / "ca.pem")
                     + " >/dev/null 2>&1")
    script = lab.folder / "peer.sh"
    script.write_text("\n".join(lines) + "\n")
    used = finish(start(lab.inside(["sh", str(script)])))
    return 1e6 * used.cpu / count


def measure(kind: str, count: int, runs: int, peers: int) -> dict:
    lab = SessionLab(build_folder() / "bench" / f"sessions-{kind}", count,
                     kind)
    result: dict = {"n": count, "programs": {
        program: {"without": [], "sessions": []} for program in PROGRAMS},
                    "peers": {}}
    try:
        lab.start()
        for _ in range(runs):
            for program, measured in result["programs"].items():
                measured["without"].append(scan(lab, program, False))
                measured["sessions"].append(scan(lab, program, True))
        for name, text in PEERS.items():
            if peers > 0:
                result["peers"][name] = run_peer(lab, text, peers)
    finally:
        lab.down()
    return result


def per_session(measured: dict, count: int, kind: str = "") -> list:
    """Each run, less the run before it, which has no sessions."""
    def of(run: dict) -> float:
        return run["kinds"].get(kind, 0.0) if kind else run["cpu"]
    return [1e6 * (of(with_them) - of(without)) / count
            for with_them, without in zip(measured["sessions"],
                                          measured["without"])]


def show(kind: str, result: dict) -> None:
    for program, measured in result["programs"].items():
        each = per_session(measured, result["n"])
        parts = [f"{part} " + format(statistics.median(per_session(
            measured, result["n"], part)), ".0f")
                 for part in ("worker", "coordinator")]
        print(f"{kind} {program}: {statistics.median(each):.0f} us a session ("
              + " ".join(f"{value:.0f}" for value in each) + "); "
              + ", ".join(parts))
    for name, value in result["peers"].items():
        if value is not None:
            print(f"{kind} {name}: {value:.0f} us a session")
    sys.stdout.flush()


def main() -> int:
    said = os.environ.get
    count, runs = int(said("N") or 4000), int(said("RUNS") or 3)
    peers = int(said("PEERS") or 100)
    results = {}
    catch_interrupts()
    try:
        for kind in (said("KINDS") or " ".join(KINDS)).split():
            result = results[kind] = measure(kind, count, runs, peers)
            show(kind, result)
    except (LabError, RuntimeError, OSError,
            subprocess.SubprocessError) as error:
        print(f"session_bench: {error}", file=sys.stderr)
        return 1
    (build_folder() / "session_bench.json").write_text(
        json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
