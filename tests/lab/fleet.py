#!/usr/bin/python3
"""fleet.py UNDISTURBED RUN INPUT OPTION...: RUN by a cluster of three nodes.

INPUT is submitted with packaging/slurm/mxcensus-fleet and the options of the
scan. In the middle of the probes, the tasks are stopped; then one node is killed
with its steps, and does not come back. The run must end by itself with the rows of UNDISTURBED. TAP.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import collections                                      # noqa: E402
import os                                               # noqa: E402
import shutil                                           # noqa: E402
import subprocess                                       # noqa: E402
import tempfile                                         # noqa: E402
import time                                             # noqa: E402
from pathlib import Path                                # noqa: E402

import slurm                                            # noqa: E402
from network import HERE, TOP, build_folder             # noqa: E402
from sessions import read_ended_log, read_log           # noqa: E402

NODES = SHARDS = 3
FLEET = TOP / "packaging/slurm/mxcensus-fleet"
PROGRAM = build_folder() / "mxcensus"
LOG = Path(os.environ["LAB_FAKEMX_LOG"])
STAGE_SECONDS = 240         # then a fleet is stuck
AT_NETWORK = 64             # --per-prefix of `lab options`
# So slow that a node can be killed in the middle.
SLOWLY = ("--rate", "8")


class Tests:
    number = failures = 0

    def say(self, problems, text: str) -> None:
        self.number += 1
        self.failures += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.number} - {text}")
        for problem in list(problems)[:20]:
            print(f"# {problem}")
        sys.stdout.flush()


def output_of(*command) -> list:
    """What a program says that does not end with 0."""
    done = subprocess.run(list(map(str, command)), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return [] if done.returncode == 0 else [
        f"{command[0]}: {done.returncode}"] + done.stdout.splitlines()


def submit(cluster: slurm.Cluster, run: Path, words: list) -> list:
    command = [str(FLEET), "submit", words[0], "-o", str(run), "--shards",
               str(SHARDS), "--", *words[1:], *SLOWLY, "--quiet"]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env={
                              **cluster.environment, "MXCENSUS": str(PROGRAM)})
    print("".join(f"# {line}\n" for line in done.stdout.splitlines()))
    return [] if done.returncode == 0 else [done.stdout]


def start_now(cluster: slurm.Cluster) -> None:
    """Slurm lets a task that goes back in line wait for two minutes."""
    lines = slurm.run("squeue", "--array", "-h", "-t", "PENDING", "-o",
                      "%F_%K %r", env=cluster.environment).splitlines()
    for line in lines:
        job, reason = line.split()
        if reason == "BeginTime":
            subprocess.run(["scontrol", "update", f"JobId={job}",
                            "StartTime=now"], env=cluster.environment)


def wait_until(cluster: slurm.Cluster, done, what: str) -> list:
    deadline = time.monotonic() + STAGE_SECONDS
    while True:
        jobs = cluster.jobs()
        if done(jobs):
            return []
        start_now(cluster)
        failed = [f"{job} {words}" for job, words in jobs.items()
                  if words[0] not in ("PENDING", "RUNNING", "COMPLETED",
                                      "COMPLETING", "CONFIGURING",
                                      "REQUEUED", "NODE_FAIL")]
        if failed or time.monotonic() > deadline:
            return [f"{what} did not happen", *failed,
                    *(f"{job} {words}" for job, words in jobs.items())]
        time.sleep(0.5)


def probing_node(jobs: dict) -> str:
    """A node at which a task of probes runs."""
    for job, words in jobs.items():
        if job.startswith("mxcensus-probes/") and words[0] == "RUNNING":
            return words[1]
    return ""


def is_in_the_middle(jobs: dict, began: float) -> bool:
    """A node probes, and some of the sessions have ended. All addresses of a
    prefix are in one shard, so the shards are not of one length."""
    return probing_node(jobs) != "" and len([
        line for line in read_log(LOG).opened
        if float(line["time"]) >= began]) >= 10


def stop_probes(cluster: slurm.Cluster) -> list:
    """As Slurm does before a time limit."""
    done = subprocess.run(
        ["scancel", "--name=mxcensus-probes", "--state=RUNNING", "--batch",
         "--signal=TERM"], env=cluster.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return [] if done.returncode == 0 else [done.stdout]


def went_back(run: Path) -> bool:
    return any("goes back in line" in line for line in logs_of(run))


def is_done(jobs: dict) -> bool:
    return bool(jobs) and all(words[0] == "COMPLETED"
                              for words in jobs.values())


def sessions_between(began: float, ended: float) -> collections.Counter:
    """By address and SNI: the sessions that were opened then."""
    log = read_ended_log(LOG)
    opened = {line["session"] for line in log.opened
              if began <= float(line["time"]) < ended}
    return collections.Counter(
        (line["address"], line["sni"]) for line in log.ended
        if line["session"] in opened)


def check_sessions(began: float) -> list:
    """As many as in the undisturbed run, which was before; and once more where a
    task was stopped, or a node died, before it had committed them. Of a session
    that was cut off, nobody knows for which name it was."""
    wanted = sessions_between(0, began)
    met = sessions_between(began, float("inf"))
    problems = [f"{address} {sni}: {met[address, sni]} sessions, and "
                f"{count} in one run" for (address, sni), count
                in wanted.items()
                if not count <= met[address, sni] <= 3 * count]
    problems += [f"{address} {sni}: only the fleet had a session"
                 for address, sni in met - wanted
                 if sni != "-" and (address, sni) not in wanted]
    # Each prefix has one shard, so the limits of one run hold (RULES K2 to K4).
    problems += [f"{line[column]} sessions at a time ({column}): {line}"
                 for line in read_log(LOG).opened
                 if float(line["time"]) >= began
                 for column, most in (("at_address", 1),
                                      ("at_network", AT_NETWORK))
                 if int(line[column]) > most]
    again = sum((met - wanted).values())
    print(f"# {sum(met.values())} sessions, {again} of them again")
    return problems


def logs_of(run: Path) -> list:
    return [line for path in sorted(Path(f"{run}.log").glob("*"))
            for line in [f"{path.name}:", *path.read_text().splitlines()]]


def test(cluster: slurm.Cluster, undisturbed: Path, run: Path,
         words: list) -> int:
    tests = Tests()
    began = time.time()
    tests.say(submit(cluster, run, words), "the fleet is submitted")
    tests.say(wait_until(
        cluster, lambda jobs: is_in_the_middle(jobs, began), "probing"),
              "the fleet probes")
    tests.say(stop_probes(cluster) or wait_until(
        cluster, lambda _: went_back(run), "going back in line"),
        "a task that is stopped goes back in line")
    tests.say(wait_until(cluster, probing_node, "probing again"),
              "and probes again")
    node = probing_node(cluster.jobs())
    print(f"# {node} is killed")
    if node:
        cluster.kill_node(node)
    problems = wait_until(cluster, is_done, "the end")
    tests.say(problems + (logs_of(run) if problems else []),
              "the other nodes finish what it had begun")
    tests.say(output_of(PROGRAM, "verify", run), "verify")
    tests.say(output_of(HERE / "compare.py", undisturbed, run),
              "the rows of a single run")
    tests.say(check_sessions(began), "sessions are those of a single run, or "
              "once more for each death")
    tests.say(output_of(PROGRAM, "status", run), "status")
    print(f"1..{tests.number}")
    return int(tests.failures > 0)


def main() -> int:
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    undisturbed, run = Path(sys.argv[1]), Path(sys.argv[2])
    for old in (run, Path(f"{run}.log")):
        shutil.rmtree(old, ignore_errors=True)
    # The path of a socket is short.
    with tempfile.TemporaryDirectory(prefix="mxf.", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        cluster = slurm.Cluster(Path(folder), NODES)
        try:
            cluster.up()
            return test(cluster, undisturbed, run, sys.argv[3:])
        finally:
            cluster.down()


if __name__ == "__main__":
    sys.exit(main())
