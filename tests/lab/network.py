"""The network namespace of a lab, and the process that holds it.

`unshare` makes a network and a process namespace (in a user namespace where we
are not root). Its first process is the holder: it starts the daemons, writes
the file "ready", and waits. When it ends, for whatever reason, the kernel ends
everything in its process namespace, and the shell that started `unshare`
removes the lab's place (place.py).

A LabError is one sentence, which names the log with the details.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import place
import postfix_server

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
LIFETIME = int(os.environ.get("LAB_LIFETIME", "7200"))
PATH = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"
READY_SECONDS = 120
END_SECONDS = 10

# Starts the holder, and outlives it: $1 is the place, the rest the command.
KEEPER = 'place=$1; shift; "$@"; rm -rf -- "$place"'

# The scripted servers, and their libraries.
PROGRAMS = {"fakemx": ["-lev", "-lssl", "-lcrypto"], "fakens": ["-lev"]}

NETWORKS = ["-4 route add local 198.18.0.0/15 dev lo",
            "-6 route add local 2001:db8::/32 dev lo",
            # These routes are more specific, and in the table that is used
            # first. Packets to the second one come back and are not forwarded,
            # so it is silent.
            "-4 route add unreachable 198.18.254.0/24 table local",
            "-4 route add unicast 198.18.32.0/19 dev lo table local"]


class LabError(Exception):
    """Shown to the user as it is: one sentence."""


def build_folder() -> Path:
    return Path(os.environ.get("BUILD", TOP / "build")).resolve()


class Lab:
    def __init__(self) -> None:
        self.folder = Path(os.environ.get(
            "LAB_DIR", build_folder() / "lab")).resolve()
        self.pid_file = self.folder / "holder.pid"
        self.log = self.folder / "holder.log"
        self.keeper: subprocess.Popen | None = None

    # The holder, seen from outside -----------------------------------------

    def holder(self) -> int | None:
        """The process of the holder, if it exists and still belongs to this
        lab."""
        try:
            pid, started = self.pid_file.read_text().split()
            return int(pid) if process_start(int(pid)) == started else None
        except (OSError, ValueError):
            return None

    def is_up(self) -> bool:
        return self.holder() is not None and (self.folder / "ready").exists()

    def up(self, fresh: bool, world: str = "scenarios",
           size: str = "") -> None:
        if self.is_up() and not fresh:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.down()
        for name in ("ready", "fakemx.log", "fakens.log", "fakehttps.log",
                     "holder.log"):
            (self.folder / name).unlink(missing_ok=True)
        try:
            for program in PROGRAMS:
                build_program(program, self.log)
            place.make_place(self.folder, postfix_server.group())
            make_world(self.folder, world, size)
            self.start_holder()
        except BaseException:
            ignore_interrupts()
            if self.keeper is not None and self.keeper.poll() is None:
                os.killpg(self.keeper.pid, signal.SIGKILL)
                self.keeper.wait()
            self.down()
            raise

    def start_holder(self) -> None:
        command = ["unshare", "--net", "--pid", "--fork",
                   "--kill-child=SIGKILL"]
        if os.getuid() != 0:
            command[1:1] = ["--user", "--map-root-user"]
        environment = {**os.environ, "PATH": PATH,
                       "BUILD": str(build_folder()),
                       "LAB_DIR": str(self.folder)}
        with open(self.log, "ab") as log:
            self.keeper = subprocess.Popen(
                ["sh", "-c", KEEPER, "sh", place.place_of(self.folder),
                 *command, sys.executable, str(HERE / "lab"), "hold"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, env=environment)
        # The holder gives up earlier, and says what it waited for.
        deadline = time.monotonic() + 2 * READY_SECONDS
        while not (self.folder / "ready").exists():
            if self.keeper.poll() is not None or time.monotonic() > deadline:
                raise LabError(f"the lab does not come up: {self.why()}")
            time.sleep(0.02)

    def why(self) -> str:
        """The last message of the holder, and where to find the rest."""
        try:
            lines = self.log.read_text(errors="replace").split("\n")
        except OSError:
            lines = []
        lines = [line.strip() for line in lines if line.strip()]
        of_holder = [line.removeprefix("lab: ") for line in lines
                     if line.startswith("lab: ")]
        said = (of_holder or lines or ["its holder said nothing"])[-1]
        return f"{said} (details: {self.log})"

    def must_be_up(self) -> None:
        if not self.is_up():
            raise LabError("the lab is not up" + (
                f": {self.why()}" if self.log.exists() else ""))

    def down(self) -> None:
        pid = self.holder()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + END_SECONDS
            while self.holder() is not None:
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                    deadline += END_SECONDS
                time.sleep(0.02)
        self.pid_file.unlink(missing_ok=True)
        (self.folder / "ready").unlink(missing_ok=True)
        place.remove_place(self.folder)

    # What is inside ---------------------------------------------------------

    def environment(self) -> dict:
        return {"LAB_DIR": str(self.folder),
                "LAB_NAMES": str(self.folder / "names"),
                "LAB_ROOT_HINTS": str(self.folder / "root.hints"),
                "LAB_TRUST_ANCHOR": str(self.folder / "root.anchor"),
                "LAB_CA_FILE": str(self.folder / "ca.pem"),
                "LAB_FAKEMX_LOG": str(self.folder / "fakemx.log"),
                "LAB_FAKENS_LOG": str(self.folder / "fakens.log"),
                "LAB_OPTIONS": self.options()}

    def inside(self, command: list) -> tuple:
        """The command that runs a command inside, and its environment."""
        self.must_be_up()
        enter = ["nsenter", "--target", str(self.holder()), "--net"]
        if os.getuid() != 0:
            enter += ["--user", "--preserve-credentials"]
        # Batches with failures would be held for 15 s, which no test needs.
        environment = {"MXCENSUS_TEST_HOLD": "200",
                       **os.environ, **self.environment()}
        # Daemons are in sbin, which is not in every user's path.
        environment["PATH"] = PATH
        return [*enter, "--", *command], environment

    def run(self, command: list) -> None:
        """Becomes the command, inside. Does not return."""
        words, environment = self.inside(command)
        os.execvpe(words[0], words, environment)

    def change(self) -> None:
        """The later zones of the scenarios replace the present ones, and NSD
        reloads them."""
        self.must_be_up()
        zones = self.folder / "zones"
        for path in (zones / "changed").glob("*.zone"):
            path.replace(zones / path.name)
        pid = (self.folder / "nsd-zones.pid").read_text().strip()
        enter = ["nsenter", "--target", str(self.holder()), "--pid"]
        if os.getuid() != 0:
            enter += ["--user", "--preserve-credentials"]
        # A number of the lab's process namespace.
        done = subprocess.run([*enter, "--", "sh", "-c", f"kill -HUP {pid}"])
        if done.returncode != 0:
            raise LabError("NSD cannot be told that its zones have changed")

    def options(self) -> str:
        """Words that a shell can split at blanks."""
        folder = self.folder
        if re.search(r"\s", str(folder)) and (folder / place.NAME).exists():
            folder = place.place_of(folder) / "lab"
        return " ".join([
            "--root-hints", str(folder / "root.hints"),
            "--trust-anchor", str(folder / "root.anchor"),
            "--ca-file", str(folder / "ca.pem"),
            "--allow-network", "198.18.0.0/15",
            "--allow-network", "2001:db8::/32",
            "--ehlo", "scan.lab.bare", "--contact", "post@lab.bare",
            "--retry-after", "2s", "--pause", "0s", "--per-prefix", "64"])


INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def catch_interrupts() -> None:
    """Turns signals into KeyboardInterrupt, so that a lab that has begun to
    come up is taken down."""
    for number in INTERRUPTS:
        signal.signal(number, signal.default_int_handler)


def ignore_interrupts() -> None:
    """While a lab goes down."""
    for number in INTERRUPTS:
        signal.signal(number, signal.SIG_IGN)


def process_start(pid: int) -> str:
    """The start time of the process, so that a reused number is not mistaken
    for it."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    return stat.rsplit(")", 1)[1].split()[19]


def build_program(name: str, log: Path) -> None:
    """Makes fakemx or fakens where it is missing or older than its source."""
    program = build_folder() / "tests/lab" / name
    sources = sorted(HERE.glob(f"{name}*.c"))
    newest = max(s.stat().st_mtime for s in HERE.glob(f"{name}*.[ch]"))
    if program.exists() and program.stat().st_mtime >= newest:
        return
    program.parent.mkdir(parents=True, exist_ok=True)
    new = program.with_suffix(f".{os.getpid()}")
    done = subprocess.run(
        [os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-O2", "-g",
         "-Wall", "-Wextra", "-o", str(new), *map(str, sources),
         *PROGRAMS[name]], capture_output=True, text=True)
    if done.returncode != 0:
        log.write_text(done.stderr)
        raise LabError(f"{name} does not compile (details: {log})")
    new.rename(program)


def make_world(folder: Path, kind: str, size: str) -> None:
    # Here, so that `options` and `names` need no cryptography module.
    import advice_faults
    import bulk_world
    import check_faults
    import misbehaviour
    import outcomes
    import places_world
    import rollover
    import sample_world
    import scenarios
    import vantage_world
    import world
    from scenarios.drawn import DRAWN
    tables = {"scenarios": scenarios.SCENARIOS + outcomes.SCENARIOS,
              "rollover": rollover.SCENARIOS,
              "misbehaviour": misbehaviour.SCENARIOS,
              "listed": scenarios.LISTED,
              "sample": sample_world.SCENARIOS,
              "places": places_world.SCENARIOS,
              "drawn": scenarios.LISTED + DRAWN,
              "faults": check_faults.SCENARIOS + advice_faults.SCENARIOS}
    for name in ("zones", "chains"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "web.json").unlink(missing_ok=True)
    try:
        if kind in tables:
            if kind in ("scenarios", "rollover"):
                world.check(tables[kind])
            world.build(tables[kind], folder)
        elif kind == "vantage":
            vantage_world.build_vantage(folder)
        else:
            bulk_world.WORLDS[kind](size, folder)
    except (world.WorldError, RuntimeError, ValueError, OSError) as error:
        log = folder / "holder.log"
        log.write_text(f"{error}\n")
        raise LabError("the world of the lab cannot be made: "
                       f"{first_line(error)} (details: {log})") from error


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


# The holder, inside ---------------------------------------------------------

def set_up_interfaces() -> None:
    for command in ["link set lo up", *NETWORKS]:
        subprocess.run(["ip", *command.split()], check=True)


def set_death_signal() -> None:
    """Called in a daemon before it is started: it ends with the holder. The
    process namespace does that as well; this is for machines without one."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def start_daemons(folder: Path) -> list:
    commands = [["nsd", "-d", "-c", str(folder / f"nsd-{name}.conf")]
                for name in ("root", "tld", "zones")]
    commands += [[str(build_folder() / "tests/lab" / program),
                  str(folder / f"{program}.table"),
                  str(folder / f"{program}.log")] for program in PROGRAMS]
    if "nginx" in web_servers(folder):
        commands.append(["nginx", "-p", str(folder),
                         "-c", str(folder / "nginx.conf")])
    if "fakehttps" in web_servers(folder):
        commands.append([sys.executable, str(HERE / "fakehttps.py"),
                         str(folder / "fakehttps.table"),
                         str(folder / "fakehttps.log")])
    if shutil.which("unbound", path=PATH):
        commands.append(["unbound", "-d", "-p", "-c",
                         str(folder / "unbound.conf")])
    if mail_servers(folder):
        commands.append(postfix_server.command(
            place.place_of(folder) / "postfix"))
    return [subprocess.Popen(command, stdin=subprocess.DEVNULL,
                             preexec_fn=set_death_signal)
            for command in commands]


def web_servers(folder: Path) -> dict:
    """An address of each, by program; none in a lab made by --bulk."""
    path = folder / "web.json"
    return json.loads(path.read_text()) if path.exists() else {}


def mail_servers(folder: Path) -> list:
    """The addresses of Postfix."""
    return postfix_server.addresses(place.place_of(folder) / "postfix")


def accepts(address: str) -> bool:
    """Is there a web server?"""
    try:
        socket.create_connection((address, 443), 0.2).close()
        return True
    except OSError:
        return False


def answers(address: str) -> bool:
    """Is there a name server? Any answer to the smallest question will do."""
    question = (b"\x12\x34\0\0\0\1\0\0\0\0\0\0" + b"\0" + b"\0\6\0\1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.settimeout(0.2)
        try:
            plug.connect((address, 53))
            plug.send(question)
            return plug.recv(512)[:2] == question[:2]
        except OSError:
            return False


def greets(address: str) -> bool:
    """Is there a mail server?"""
    try:
        with socket.create_connection((address, 25), 1) as plug:
            return plug.recv(4) == b"220 "
    except OSError:
        return False


def name_of(daemon: subprocess.Popen) -> str:
    return Path(daemon.args[0]).name


def wait_for(daemons: list, folder: Path) -> None:
    import zones
    log = folder / "holder.log"
    waiting = {
        **{program: lambda who: f"{who} ready" in log.read_text()
           for program in PROGRAMS},
        **{address: answers for address in (
            zones.ROOT_SERVERS[0], zones.TLD_SERVERS[0],
            zones.ZONE_SERVERS[0])},
        **{address: accepts for address in web_servers(folder).values()},
        **{address: greets for address in mail_servers(folder)}}
    if shutil.which("unbound", path=PATH):
        waiting[zones.RESOLVER] = answers
    deadline = time.monotonic() + READY_SECONDS
    while waiting:
        for daemon in daemons:
            if daemon.poll() is not None:
                raise LabError(f"{name_of(daemon)} ended with "
                               f"{daemon.returncode}")
        if time.monotonic() > deadline:
            raise LabError(f"{next(iter(waiting))} is not ready after "
                           f"{READY_SECONDS} seconds")
        waiting = {who: is_ready for who, is_ready in waiting.items()
                   if not is_ready(who)}
        time.sleep(0.02)


def hold(lab: Lab) -> None:
    """Runs until it is ended, a daemon ends, or its time is over."""
    # /proc is that of the outer namespace, so this is our number there.
    pid = int(os.readlink("/proc/self"))
    lab.pid_file.write_text(f"{pid} {process_start(pid)}\n")
    ending: list = []
    signal.signal(signal.SIGTERM,
                  lambda *_: ending.append("it was told to end"))
    daemons: list = []
    try:
        set_up_interfaces()
        daemons = start_daemons(lab.folder)
        wait_for(daemons, lab.folder)
        (lab.folder / "ready").touch()
        deadline = time.monotonic() + LIFETIME
        while not ending:
            time.sleep(0.1)
            if time.monotonic() > deadline:
                ending.append("its time is over")
            for daemon in daemons:
                if daemon.poll() is not None:
                    ending.append(f"{name_of(daemon)} ended with "
                                  f"{daemon.returncode}")
        print("lab:", ending[0], flush=True)
    except subprocess.CalledProcessError as error:
        raise LabError(f"{' '.join(error.cmd)} failed; is this kernel without "
                       "network namespaces?") from error
    except OSError as error:
        raise LabError(str(error)) from error
    finally:
        for daemon in daemons:
            daemon.terminate()
        for daemon in daemons:
            try:
                daemon.wait(3)
            except subprocess.TimeoutExpired:
                daemon.kill()
        (lab.folder / "ready").unlink(missing_ok=True)
