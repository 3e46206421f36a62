"""A Slurm cluster inside a lab: the controller, and nodes that have network,
host name and processes of their own.

A node reaches the lab's Internet over a link of its own, and nothing else. Its
process namespace ends as a whole when the node is killed, as a machine that
loses its power does. All share one folder, as nodes share their storage.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from network import PATH, set_death_signal

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue")
START_SECONDS = 60
CONTROLLER = "10.77.0.1"

CONFIGURATION = """\
ClusterName=lab
SlurmctldHost=control({controller})
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmdSpoolDir={folder}/spool-%n
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
SlurmctldPort=6817
SlurmdPort=6818
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=2,sched_min_interval=100000,batch_sched_delay=0
MpiDefault=none
ReturnToService=2
SlurmdTimeout=5
SlurmctldTimeout=5
InactiveLimit=0
KillWait=5
MinJobAge=300
TreeWidth=65533
{nodes}
PartitionName=lab Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> list:
    return [name for name in PROGRAMS if not shutil.which(name, path=PATH)]


def run(*command: str, **keywords) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          **keywords).stdout


class Cluster:
    """`folder` has a short path: the socket of munge is in it."""

    def __init__(self, folder: Path, nodes: int) -> None:
        self.folder = folder
        self.environment = {**os.environ, "PATH": PATH,
                            "SLURM_CONF": str(folder / "slurm.conf")}
        self.names = [f"node{number + 1}" for number in range(nodes)]
        self.processes: dict = {}

    def up(self) -> None:
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o600)
        for name in ["state", *(f"spool-{node}" for node in self.names)]:
            (self.folder / name).mkdir(mode=0o755)
        (self.folder / "cgroup.conf").write_text(
            "CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n")
        nodes = "\n".join(
            f"NodeName={name} NodeAddr=10.77.{number}.2 CPUs=1 RealMemory=1000"
            for number, name in enumerate(self.names, 1))
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            controller=CONTROLLER, folder=self.folder, nodes=nodes))
        run("ip", "address", "add", f"{CONTROLLER}/32", "dev", "lo")
        self.daemon("munged", "munged", "--force", "--foreground",
                    f"--socket={self.folder}/munge.socket",
                    f"--key-file={key}", "--num-threads=2",
                    f"--pid-file={self.folder}/munge.pid",
                    f"--seed-file={self.folder}/munge.seed",
                    f"--log-file={self.folder}/munge.log")
        self.wait_for((self.folder / "munge.socket").exists, "munged")
        self.daemon("slurmctld", "unshare", "--uts", "sh", "-c",
                    "hostname control && exec slurmctld -D -i")
        for name in self.names:
            self.node_up(name)
        self.wait_for(lambda: self.idle() == len(self.names), "the nodes")

    def daemon(self, name: str, *command: str) -> subprocess.Popen:
        with open(self.folder / f"{name}.out", "ab") as out:
            self.processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env=self.environment, preexec_fn=set_death_signal)
        return self.processes[name]

    def node_up(self, name: str) -> None:
        number = self.names.index(name) + 1
        # The first process of the node waits until its link is there.
        node = self.daemon(
            name, "unshare", "--net", "--uts", "--pid", "--fork", "--mount",
            "--mount-proc", "--kill-child", "sh", "-c",
            f"hostname {name}; umount -R /sys/fs/cgroup; until ip link show up dev port 2>/dev/null |"
            f" grep -q port; do sleep 0.1; done; exec slurmd -D -N {name}")
        pid = self.inside(node)
        run("ip", "link", "add", f"to{number}", "type", "veth", "peer",
            "name", "port", "netns", str(pid))
        run("ip", "address", "add", f"10.77.{number}.1/30", "dev",
            f"to{number}")
        run("ip", "address", "add", f"fd77:{number}::1/64", "nodad", "dev",
            f"to{number}")
        run("ip", "link", "set", f"to{number}", "up")
        for command in (
                "link set lo up",
                f"address add 10.77.{number}.2/30 dev port",
                f"address add fd77:{number}::2/64 nodad dev port",
                "link set port up",
                f"route add default via 10.77.{number}.1",
                f"-6 route add default via fd77:{number}::1"):
            run("nsenter", "--target", str(pid), "--net", "ip",
                *command.split())

    def inside(self, node: subprocess.Popen) -> int:
        """The first process of the node, as it is seen from here."""
        children = Path(f"/proc/{node.pid}/task/{node.pid}/children")
        self.wait_for(lambda: children.read_text().split(), "a node")
        return int(children.read_text().split()[0])

    def wait_for(self, done, what: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{what} of the cluster did not come up: "
                                   f"see {self.folder}")
            time.sleep(0.1)

    def idle(self) -> int:
        done = subprocess.run(["sinfo", "-h", "-t", "idle", "-o", "%D"],
                              capture_output=True, text=True,
                              env=self.environment)
        return sum(map(int, done.stdout.split()))

    def kill_node(self, name: str) -> None:
        """All that runs at it ends at once."""
        os.kill(self.inside(self.processes[name]), signal.SIGKILL)
        self.processes.pop(name).wait()

    def jobs(self) -> dict:
        """The state of each task that Slurm still knows, by job and task."""
        lines = run("squeue", "--array", "-h", "-t", "all", "-o",
                    "%j/%K %T %N %r", env=self.environment).splitlines()
        return {line.split()[0]: line.split()[1:] for line in lines}

    def down(self) -> None:
        for name, process in reversed(self.processes.items()):
            if name in self.names:
                os.kill(self.inside(process), signal.SIGKILL)
            else:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
