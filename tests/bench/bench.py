#!/usr/bin/python3
"""bench.py: what a domain costs, in a world that is measured (README.md).

Environment: BUILD, N, SEED, RUNS, WORLDS, DELAY, ATTEMPTS, INPUT,
SCAN_OPTIONS, PROGRAM, and SHARES ("signed=0.1 lame=0.05") for all worlds. Writes BUILD/bench.json.
"""

from __future__ import annotations

import collections
import csv
import dataclasses
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import bench_parts                                      # noqa: E402
from bench_lab import BenchLab                          # noqa: E402
from bench_peers import find_peers, run_peer            # noqa: E402
from bench_process import Watch, finish, servers_cpu, start     # noqa: E402
from bench_world import (DEFAULT_WORLDS, SIGNED_WORLDS,  # noqa: E402
                         WORLDS, Shares, World)
from network import LabError, build_folder, catch_interrupts    # noqa: E402

PROGRAM = Path(os.environ.get("PROGRAM") or build_folder() / "mxcensus")
HERE = Path(__file__).resolve().parent
# What else WORLDS may name: a program of its own, which writes this file.
OTHERS = {"sessions": ([HERE / "session_bench.py"], "session_bench.json"),
          "input": ([HERE / "input_bench.sh", build_folder()],
                    "input_bench.json")}
# A name server of the lab keeps up with any number of questions.
OPTIONS = ("--probes", "0", "--mta-sts", "no", "--quiet", "--dns-rate",
           "100000")


@dataclasses.dataclass(frozen=True)
class Parameters:
    n: int
    seed: str
    runs: int
    worlds: tuple
    delay_ms: int
    attempts: int
    input: str              # zone: its file; list: its names
    scan_options: tuple
    shares: dict


def read_parameters() -> Parameters:
    said = os.environ.get
    shares = dict(word.split("=") for word in said("SHARES", "").split())
    kinds = {field.name: field.type for field in dataclasses.fields(Shares)}
    return Parameters(
        int(said("N") or 20000), said("SEED", "bench"),
        int(said("RUNS") or 1),
        tuple(world for word in said("WORLDS", "").split() for world in (
            SIGNED_WORLDS if word == "signed" else (word,)))
        or DEFAULT_WORLDS,
        int(said("DELAY") or 5), int(said("ATTEMPTS") or 1),
        said("INPUT") or "zone",
        tuple(said("SCAN_OPTIONS", "").split()),
        {name: int(text) if kinds[name] == "int" else float(text)
         for name, text in shares.items()})


def find_lanes(shares: Shares, has_zone: bool) -> dict:
    """Options of each lane that the program knows; where much is signed, by each
    way to take the DS of the file."""
    said = subprocess.run([PROGRAM, "scan", "--help"], capture_output=True,
                          text=True, check=True).stdout
    if "--lane" not in said:
        return {"recursive": ()}
    lanes = {lane: ("--lane", lane) for lane in ("auto", "recursive")}
    if has_zone and "--ds " in said and shares.signed >= 0.5:
        lanes = {**{way: ("--lane", "auto", "--ds", way)
                    for way in ("trust", "verify")},
                 "recursive": lanes["recursive"]}
    return lanes


# One run ---------------------------------------------------------------------

def read_rows(run: Path) -> dict:
    """The rows of the domains: their number, states and lanes."""
    counts: dict = {name: collections.Counter() for name in (
        "states", "lanes")}
    for part in sorted((run / "domains").glob("*.csv.gz")):
        with gzip.open(part, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                counts["states"][f"{row['mx_status']} {row['mx_dnssec']}"] += 1
                # The lane, and what else a column says of it.
                counts["lanes"][" ".join(
                    text for name, text in row.items()
                    if name.startswith(("lane", "fallback")) and text)] += 1
    return {name: dict(counter) for name, counter in counts.items()}


def fallback_of(run: Path) -> dict:
    """Counts by reason, wherever run.json has a member with this name."""
    found: dict = {}

    def search(value, path: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                search(inner, f"{path}.{name}" if path else name)
        elif isinstance(value, int) and any(
                word in path for word in ("fallback", "fell_back", "lane")):
            found[path.rsplit(".", 1)[-1]] = value

    search(json.loads((run / "run.json").read_text())["counts"], "")
    return found


def scan_command(lab: BenchLab, parameters: Parameters, lane: tuple) -> list:
    names = (lab.zone_file if parameters.input == "zone"
             else lab.folder / "names")
    return [str(PROGRAM), "scan", str(names), "-o",
            str(lab.folder / "run"), *lab.options().split(), *OPTIONS,
            "--attempts", str(parameters.attempts), *lane,
            *parameters.scan_options]


def run_scan(lab: BenchLab, parameters: Parameters, lane: tuple) -> dict:
    run = lab.folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    before = servers_cpu(lab.holder())
    process = start(lab.inside(scan_command(lab, parameters, lane)))
    usage = finish(process, Watch(process.pid))
    after = servers_cpu(lab.holder())
    if usage.status != 0:
        raise RuntimeError(f"the scan ended with {usage.status}")
    rows = read_rows(run)
    if sum(rows["states"].values()) != parameters.n:
        raise RuntimeError(f"{sum(rows['states'].values())} rows for "
                           f"{parameters.n} domains")
    return {"cpu": usage.cpu, "wall": usage.wall, "kinds": usage.kinds,
            "memory": usage.memory, **rows, "fallback": fallback_of(run),
            "servers": {name: after[name] - before.get(name, 0.0)
                        for name in after}}


def run_parts(lab: BenchLab, parameters: Parameters, lane: tuple) -> dict:
    """Uses a separate run, because perf costs CPU time, too."""
    data = lab.folder / "perf.data"
    shutil.rmtree(lab.folder / "run", ignore_errors=True)
    usage = finish(start(lab.inside(bench_parts.command(
        data, scan_command(lab, parameters, lane)))))
    parts = bench_parts.divide(data) if usage.status == 0 else {}
    data.unlink(missing_ok=True)
    return parts


def run_world(name: str, parameters: Parameters, peers: dict) -> dict:
    shares = dataclasses.replace(WORLDS[name], **parameters.shares)
    lanes = find_lanes(shares, parameters.input == "zone")
    world = World(parameters.n, shares, parameters.seed)
    lab = BenchLab(build_folder() / "bench" / name, world,
                   parameters.delay_ms)
    print(f"{name}: " + ", ".join(
        f"{count} {kind}" for kind, count in world.counts.items()),
          flush=True)
    result: dict = {"shares": dataclasses.asdict(shares),
                    "counts": world.counts,
                    "scans": {lane: [] for lane in lanes},
                    "parts": {}, "peers": {peer: [] for peer in peers}}
    try:
        lab.start()
        for _ in range(parameters.runs):
            for lane, options in lanes.items():
                result["scans"][lane].append(run_scan(lab, parameters,
                                                      options))
            for peer, adapter in peers.items():
                result["peers"][peer].append(run_peer(lab, adapter,
                                                      lab.folder / "names"))
        if bench_parts.is_there():
            result["parts"] = {lane: run_parts(lab, parameters, options)
                               for lane, options in lanes.items()}
    finally:
        lab.down()
    return result


def run_other(name: str, parameters: Parameters) -> dict:
    """N is the number of domains, which these do not have."""
    command, file = OTHERS[name]
    print(f"\n{name}", flush=True)
    subprocess.run(command, check=True, env={
        **os.environ, "N": os.environ.get("SESSIONS", ""),
        "RUNS": str(parameters.runs), "ROUNDS": str(parameters.runs)})
    return json.loads((build_folder() / file).read_text())


# The table -------------------------------------------------------------------

def median(runs: list, value) -> float:
    return statistics.median(value(run) for run in runs)


def per_domain(seconds: float, n: int) -> str:
    return f"{1e6 * seconds / n:.0f}"


def ratio_to_peer(runs: list, result: dict) -> str:
    """To the unbound daemon with dnsperf, which is the first peer."""
    of_peer = next(iter(result["peers"].values()), [])
    ratios = [run["cpu"] / other["cpu"] for run, other in zip(runs, of_peer)]
    return f"{statistics.median(ratios):.2f}" if ratios else "-"


def scan_row(name: str, lane: str, result: dict, n: int) -> list:
    runs = result["scans"][lane]
    cpu = median(runs, lambda run: run["cpu"])
    parts = result["parts"].get(lane, {})
    return [name, f"mxcensus {lane}", per_domain(cpu, n),
            ratio_to_peer(runs, result),
            *(per_domain(cpu * parts[part], n) if parts else "-"
              for part in bench_parts.PARTS),
            *(per_domain(median(runs, lambda run: run["kinds"].get(kind, 0)),
                         n) for kind in ("coordinator", "worker", "reader",
                                         "unseen")),
            "-", f"{n / median(runs, lambda run: run['wall']):.0f}",
            *(f"{median(runs, lambda run: run['memory'].get(kind, 0)):.0f}"
              for kind in ("coordinator", "worker")),
            *(per_domain(median(runs, lambda run: run["servers"].get(
                server, 0)), n) for server in ("fakens", "nsd"))]


def peer_row(name: str, peer: str, result: dict, n: int) -> list:
    runs = result["peers"][peer]
    blank = ["-"] * (len(bench_parts.PARTS) + 4)
    return [name, peer, per_domain(median(runs, lambda run: run["cpu"]), n),
            "1.00" if peer == next(iter(result["peers"])) else "-", *blank,
            per_domain(median(runs, lambda run: run["asking_cpu"]), n),
            f"{n / median(runs, lambda run: run['wall']):.0f}",
            "-", "-", "-", "-"]


HEAD = ["world", "program", "CPU", "ratio", *bench_parts.PARTS, "coord",
        "worker", "reader", "unseen", "asking", "rate", "MiB c", "MiB w",
        "fakens", "nsd"]


def print_hosts(results: dict, parameters: Parameters) -> None:
    """The world `hosts` differs from `unsigned` in these alone."""
    if not {"unsigned", "hosts"} <= results.keys():
        return
    count = round(parameters.n * parameters.shares.get(
        "own_mx", WORLDS["hosts"].own_mx))
    without, with_hosts = (results[name]["scans"]
                           for name in ("unsigned", "hosts"))
    for lane, runs in with_hosts.items():
        each = [1e6 * (run["cpu"] - other["cpu"]) / count
                for run, other in zip(runs, without[lane])]
        print(f"an MX host below its domain, A and AAAA, {lane}: "
              f"{statistics.median(each):.0f} us")


def print_table(results: dict, parameters: Parameters) -> None:
    n = parameters.n
    rows = [HEAD]
    for name, result in results.items():
        rows += [scan_row(name, lane, result, n) for lane in result["scans"]]
        rows += [peer_row(name, peer, result, n) for peer in result["peers"]]
    widths = [max(map(len, column)) for column in zip(*rows)]
    print("\nMicroseconds of CPU a domain (medians); rate: domains a second "
          "of wall time;\nplan to other: from perf, in a run of its own; "
          "coord to unseen: from /proc")
    for row in rows:
        print("  ".join(cell.ljust(width) if i < 2 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))))
    for name, result in results.items():
        for lane, runs in result["scans"].items():
            said = {**runs[-1]["lanes"], **runs[-1]["fallback"]}
            print(f"{name}, {lane}: " + ", ".join(
                f"{count} {key}" for key, count in sorted(
                    [*said.items(), *runs[-1]["states"].items()])))
        for peer, runs in result["peers"].items():
            print(f"{name}, {peer}: {median(runs, lambda r: r['answered']):.0f}"
                  f" of {n} names were answered")


def main() -> int:
    catch_interrupts()
    try:
        parameters = read_parameters()
        peers, missing = find_peers()
        print(f"parameters: {dataclasses.asdict(parameters)}")
        for peer in missing:
            print(f"{peer}: left out, because it is not installed")
        if not bench_parts.is_there():
            print("parts: left out, because perf is not installed or may not "
                  "be used")
        # The first peer is what the others are compared with.
        peers = dict(sorted(peers.items(), key=lambda p: "dnsperf" not in p[0]))
        results: dict = {}
        others: dict = {}
        for name in parameters.worlds:
            if name in OTHERS:
                others[name] = run_other(name, parameters)
            else:
                results[name] = run_world(name, parameters, peers)
            (build_folder() / "bench.json").write_text(json.dumps(
                {"parameters": dataclasses.asdict(parameters),
                 "worlds": results, **others}, indent=1) + "\n")
        if results:
            print_table(results, parameters)
            print_hosts(results, parameters)
    except (KeyError, ValueError, LabError, OSError, RuntimeError,
            subprocess.SubprocessError) as error:
        print(f"bench: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
