"""Other programs that ask for the MX of the same names, in the same lab. Each
has an adapter in peers/ (README.md); all of them ask one unbound daemon, that
is new for each run and has the settings of the scanner's resolver."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from bench_process import Usage, finish, start

ADAPTERS = Path(__file__).resolve().parent / "peers"
RESOLVER = "198.18.0.12"
READY_SECONDS = 30

# scanner/dns/recursive/settings.c has the same, where it says anything.
CONFIGURATION = """server:
  interface: {resolver}
  access-control: 0.0.0.0/0 allow
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/peer.pid"
  logfile: ""
  use-syslog: no
  root-hints: "{folder}/root.hints"
  trust-anchor-file: "{folder}/root.anchor"
  num-threads: 1
  so-reuseport: yes
  do-ip6: no
  do-not-query-localhost: yes
  outgoing-range: 8192
  num-queries-per-thread: 4096
  msg-cache-size: 16m
  rrset-cache-size: 32m
  key-cache-size: 8m
  neg-cache-size: 4m
  infra-cache-numhosts: 50000
  infra-cache-max-rtt: 1000
  outbound-msg-retry: 2
  qname-minimisation: no
  edns-buffer-size: 1232
  so-rcvbuf: 1m
  verbosity: 0
remote-control:
  control-enable: no
"""


def say(adapter: Path, *words) -> str:
    """"" where the adapter fails."""
    done = subprocess.run([adapter, *words], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def find_peers() -> tuple:
    """Adapters of what is installed, by name, and names of what is not."""
    peers, missing = {}, []
    for adapter in sorted(ADAPTERS.glob("*.sh")):
        name = say(adapter, "name")
        if say(adapter, "version"):
            peers[name] = adapter
        else:
            missing.append(name)
    return peers, missing


def listens(pid: int) -> bool:
    """Does a server listen at port 53 of the resolver, in the network of a
    process?"""
    number = bytes(int(part) for part in RESOLVER.split("."))
    local = f"{int.from_bytes(number, 'little'):08X}:0035"
    return local in Path(f"/proc/{pid}/net/udp").read_text()


def run_peer(lab, adapter: Path, names: Path) -> dict:
    """One run: usage of the daemon and of the program that asks."""
    folder = lab.folder
    configuration, out = folder / "peer.conf", folder / "peer.out"
    configuration.write_text(CONFIGURATION.format(resolver=RESOLVER,
                                                  folder=folder))
    out.unlink(missing_ok=True)
    with open(folder / "peer.log", "w", encoding="utf-8") as log:
        daemon = start(lab.inside(["unbound", "-d", "-p", "-c",
                                   str(configuration)]), stderr=log)
        try:
            deadline = time.monotonic() + READY_SECONDS
            while not listens(daemon.pid):
                if time.monotonic() > deadline or daemon.poll() is not None:
                    raise RuntimeError("unbound does not start: see "
                                       f"{folder}/peer.log")
                time.sleep(0.05)
            asking = finish(start(lab.inside(
                [str(adapter), "run", str(names), RESOLVER, str(out)]),
                stderr=log))
            if asking.status != 0:
                raise RuntimeError(f"{adapter.name} ended with "
                                   f"{asking.status}: see {folder}/peer.log")
        finally:
            if daemon.returncode is None:
                daemon.terminate()
        answering: Usage = finish(daemon)
    return {"cpu": answering.cpu, "asking_cpu": asking.cpu,
            "wall": asking.wall, "answered": int(say(adapter, "count",
                                                     str(out)) or 0)}
