#!/usr/bin/python3
"""check_test.py MXCENSUS: the tests of test_check, inside a lab of --faults.

Each fault is seen; the records and the policy that the advice prints are put
into the lab as they are, what no record mends is mended at the server; then all
is well.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import errno                        # noqa: E402
import json                         # noqa: E402
import os                           # noqa: E402
import re                           # noqa: E402
import signal                       # noqa: E402
import subprocess                   # noqa: E402
import time                         # noqa: E402
from pathlib import Path            # noqa: E402

import dns.exception                # noqa: E402
import dns.message                  # noqa: E402
import dns.query                    # noqa: E402
import dns.rdata                    # noqa: E402
import dns.rdatatype                # noqa: E402
import dns.zone                     # noqa: E402

from check_faults import FAULTS     # noqa: E402
from zones import TLD_SERVERS, ZONE_SERVERS     # noqa: E402

FOLDER = Path(os.environ["LAB_DIR"])
ZONES = FOLDER / "zones"
OPTIONS = [*os.environ["LAB_OPTIONS"].split(), "--timeout", "3s"]
PATIENCE = 30
OF_SIGNATURES = ("RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY")


class Tap:
    def __init__(self) -> None:
        self.count = self.failures = 0

    def say(self, good: bool, text: str, got=None) -> None:
        self.count += 1
        self.failures += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {text}")
        if not good:
            print("\n".join(f"# {line}" for line in str(got).splitlines()))

    def equal(self, got, expected, text: str) -> None:
        self.say(got == expected, text, f"{got!r}, not {expected!r}")


def check(*words: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run([sys.argv[1], "check", *OPTIONS, *words],
                          capture_output=True, text=True, **more)


def check_json(names: list) -> tuple:
    """The exit status, and what is said of each domain."""
    done = check("--json", *names)
    whole = json.loads(done.stdout)
    return done.returncode, {d["domain"]: d for d in whole["domains"]}


# Zones -----------------------------------------------------------------------

class Zone:
    """A zone of the lab, to be changed and signed anew."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.path = ZONES / f"{name}.zone"
        self.zone = dns.zone.from_file(str(self.path), f"{name}.",
                                       relativize=False)
        self.is_signed = self.has("RRSIG")
        self.has_nsec3 = self.has("NSEC3PARAM")
        for node in self.zone.nodes.values():
            node.rdatasets = [r for r in node.rdatasets if
                              dns.rdatatype.to_text(r.rdtype)
                              not in OF_SIGNATURES]
        self.bump()

    def has(self, kind: str) -> bool:
        return any(dns.rdatatype.to_text(r.rdtype) == kind
                   for node in self.zone.nodes.values()
                   for r in node.rdatasets)

    def bump(self) -> None:
        """So that it can be seen which one is served."""
        soa = self.zone.find_rdataset(f"{self.name}.", "SOA")
        old = soa[0]
        self.serial = old.serial + 1
        soa.clear()
        soa.add(old.replace(serial=self.serial), 3600)

    def publish(self, line: str) -> None:
        owner, ttl, _, kind, text = line.split(None, 4)
        self.zone.find_rdataset(owner, kind, create=True).add(
            dns.rdata.from_text("IN", kind, text), int(ttl))

    def remove(self, line: str) -> None:
        owner, _, kind, text = line.split(None, 3)
        rdata = dns.rdata.from_text("IN", kind, text)
        found = self.zone.find_rdataset(owner, kind)
        if rdata not in found:
            raise ValueError(f"not there, and to be taken out: {line}")
        found.remove(rdata)
        if not found:
            self.zone.delete_rdataset(owner, kind)

    def clear(self, owner: str, kind: str) -> None:
        self.zone.delete_rdataset(owner, kind)

    def key(self) -> str:
        return str(next(ZONES.glob(f"K{self.name}.+*.key"))
                   .with_suffix(""))

    def write(self) -> None:
        self.zone.to_file(str(self.path), relativize=False)
        if not self.is_signed:
            return
        command = ["ldns-signzone", "-o", f"{self.name}.", "-f",
                   f"{self.path}.new"]
        if self.has_nsec3:
            command += ["-n", "-p", "-t", "0"]
        subprocess.run([*command, str(self.path), self.key()], check=True)
        os.replace(f"{self.path}.new", self.path)


def ds_of(zone: Zone) -> str:
    done = subprocess.run(["ldns-key2ds", "-n", "-f", "-2",
                           zone.key() + ".key"], check=True, text=True,
                          capture_output=True)
    owner, _, _, text = done.stdout.split(None, 3)
    return f"{owner} 3600 IN {text if text.startswith('DS') else 'DS ' + text}"


def hang_up(program: str, argument: str) -> None:
    """SIGHUP to the lab's own server: the one with that file."""
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except (OSError, UnicodeDecodeError):
            continue
        if os.path.basename(words[0]) == program and argument in words:
            # NSD has children of the same name; the first has the others.
            parent = int((entry / "stat").read_text().rsplit(")")[1]
                         .split()[1])
            if program not in (Path("/proc") / str(parent) /
                               "comm").read_text():
                os.kill(int(entry.name), signal.SIGHUP)
                return
    raise LookupError(f"no {program} with {argument}")


def serial_at(server: str, name: str) -> int:
    question = dns.message.make_query(f"{name}.", "SOA")
    try:
        answer = dns.query.udp(question, server, timeout=1)
        return answer.answer[0][0].serial
    except (dns.exception.Timeout, IndexError):
        return -1


def wait_until(claim, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not claim():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.1)


def serve(zones: dict) -> None:
    for zone in zones.values():
        zone.write()
    for conf in ("zones", "tld"):
        hang_up("nsd", str(FOLDER / f"nsd-{conf}.conf"))
    for zone in zones.values():
        server = (ZONE_SERVERS if "." in zone.name else TLD_SERVERS)[0]
        wait_until(lambda s=server, z=zone: serial_at(s, z.name) == z.serial,
                   f"{zone.name} is not served anew")


# Servers ---------------------------------------------------------------------

def mend_servers(faults: list) -> None:
    """The table of fakemx: other chains, and servers that do all well."""
    table = FOLDER / "fakemx.table"
    lines = table.read_text().splitlines()
    for fault in faults:
        zone = fault.scenario.zone_name
        own = addresses_in(zone)
        for number, line in enumerate(lines):
            words = line.split(" ")
            if words[0] != "address" or words[1] not in own:
                continue
            if fault.after:
                words[3] = next(w for w in words[4:] if w.startswith(
                    f"after.{zone}=")).partition("=")[2]
            if fault.behaves:
                words[2] = "good"
            lines[number] = " ".join(words)
    table.write_text("\n".join(lines) + "\n")
    before = ready_lines()
    hang_up("fakemx", str(table))
    wait_until(lambda: ready_lines() > before, "fakemx does not come back")


def addresses_in(zone: str) -> set:
    """Those of its hosts."""
    return set(re.findall(r"\bIN\s+A{1,4}\s+(\S+)",
                          (ZONES / f"{zone}.zone").read_text()))


def ready_lines() -> int:
    return (FOLDER / "holder.log").read_text().count("fakemx ready")


def write_policy(domain: str, text: str) -> None:
    configuration = (FOLDER / "nginx.conf").read_text()
    path = re.search(rf"server_name mta-sts\.{re.escape(domain)};.*?"
                     r'alias "([^"]+)";', configuration, re.S).group(1)
    Path(path).write_text(text)


# Tests -----------------------------------------------------------------------

def advice_of(said: dict, wanted: str) -> dict:
    return next((a for a in said["advice"] if a["id"] == wanted),
                {"urgency": "none", "publish": [], "remove": [],
                 "policy": None})


def apply(fault, advice: dict, zones: dict) -> None:
    """What the advice says, to the lab."""
    name = fault.scenario.zone_name
    zone = zones.setdefault(name, Zone(name))
    if fault.after or fault.behaves or fault.signs:
        return
    # A record that is invalid, and is not printed, is replaced as a whole.
    if fault.advice == "tlsrpt-invalid":
        zone.clear(f"_smtp._tls.{name}.", "TXT")
    for line in advice["remove"] if fault.scenario.name != "rolled" else ():
        zone.remove(line)
    for line in advice["publish"]:
        zone.publish(line)
    if advice["policy"] is not None:
        write_policy(name, advice["policy"])
    if fault.ds:
        tld = name.partition(".")[2]
        zones.setdefault(tld, Zone(tld)).publish(ds_of(zone))


def test_faults(tap: Tap, said: dict) -> list:
    """What is seen of each. Returns those that can be mended."""
    for fault in FAULTS:
        domain = said[fault.scenario.zone_name]
        wanted = fault.status if fault.advice else 0
        urgent = [a["id"] for a in domain["advice"]
                  if a["urgency"] != "suggestion"]
        tap.equal(domain["status"], wanted, f"{domain['domain']}: {wanted}")
        tap.say(fault.advice in urgent if fault.advice else urgent == [],
                f"{domain['domain']}: {fault.advice or 'nothing to mend'}",
                urgent)
    return [f for f in FAULTS if f.advice and f.status == 1
            and f.scenario.name != "both"]


def test_mended(tap: Tap, said: dict) -> None:
    faults = test_faults(tap, said)
    zones: dict = {}
    for fault in faults:
        apply(fault, advice_of(said[fault.scenario.zone_name], fault.advice),
              zones)
    serve(zones)
    mend_servers(faults)
    names = [f.scenario.zone_name for f in faults]
    status, after = check_json(names)
    tap.equal(status, 0, "all of them are mended: exit 0")
    for name in names:
        tap.equal([a["text"] for a in after[name]["advice"]
                   if a["urgency"] != "suggestion"], [], f"{name}: mended")
    # RFC 8461 3.1: the advice gave the policy another id.
    tap.say(after["unlisted.sec"]["mta_sts"]["id"] not in ("1", None),
            "a policy that changes has another id",
            after["unlisted.sec"]["mta_sts"])


def test_statuses(tap: Tap, said: dict) -> None:
    for name, status in (("wrong.sec", 1), ("good.sec", 0),
                         ("silent.sec", 75), ("later.sec", 75)):
        done = check(name)
        tap.equal(done.returncode, status, f"check {name}: exit {status}")
    # RULES 11 and the order of urgency.
    tap.equal(said["both.sec"]["status"], 1, "to mend outweighs not known")
    urgencies = ["now", "mend", "later", "suggestion"]
    tap.say(all(d["advice"] == sorted(d["advice"], key=lambda a:
                                      urgencies.index(a["urgency"]))
                for d in said.values()), "most urgent first")
    for words, what in (((), "no domain"), (("a..b",), "no name"),
                        (("good.sec", "--limit", "1"), "not its option"),
                        (("good.sec", "--ehol", "x"), "no option")):
        tap.equal(check(*words).returncode, 2, f"{what}: exit 2")
    tap.say("did you mean --ehlo?" in check("good.sec", "--ehol", "x").stderr,
            "names the nearest option", check("good.sec", "--ehol").stderr)
    for name, status, word in (("wrong.sec", 2, "CRITICAL"),
                               ("other-name.sec", 1, "WARNING"),
                               ("good.sec", 0, "OK"),
                               ("silent.sec", 3, "UNKNOWN")):
        done = check("--nagios", name)
        tap.say(done.returncode == status and done.stdout.count("\n") == 1
                and done.stdout.startswith(f"MXCENSUS {word} - {name}: ")
                and "|" not in done.stdout, f"--nagios {name}: {word}",
                f"{done.returncode} {done.stdout}{done.stderr}")
    tap.equal(check("--nagios", "good.sec", "silent.sec",
                    "wrong.sec").returncode, 2, "--nagios: the worst of all")
    strangers = subprocess.run([sys.argv[1], "check", "good.sec"],
                               capture_output=True, text=True)
    tap.say(strangers.returncode == 2 and "--ehlo" in strangers.stderr,
            "nobody connects without a name", strangers.stderr)


def test_text(tap: Tap) -> None:
    done = check("good.sec", "wrong.sec")
    said = done.stdout
    tap.equal(re.findall(r"^(\S+): (.*)$", said, re.M),
              [("good.sec", "all is well"),
               ("wrong.sec", "something to mend")],
              "in the order of the command line")
    tap.say("\033" not in said, "no colour in a file", said)
    tap.say(all(32 <= ord(c) < 127 or c == "\n" for c in said),
            "nothing but printable ASCII", said)
    record = re.search(r"^ +(_25\._tcp\.mx\.wrong\.sec\. 3600 IN TLSA "
                       r"3 1 1 [0-9a-f]{64})$", said, re.M)
    tap.say(record is not None, "the record is a line of its own", said)
    coloured = in_terminal({"TERM": "xterm"})
    plain = in_terminal({"TERM": "xterm", "NO_COLOR": "1"})
    tap.say("\033[" in coloured, "colour on a terminal", coloured)
    tap.say("\033[" not in plain, "but not with NO_COLOR", plain)


def in_terminal(more: dict) -> str:
    """What it says there: a terminal of the kernel's, with nobody at it."""
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    ours, theirs = os.openpty()
    running = subprocess.Popen(
        [sys.argv[1], "check", *OPTIONS, "good.sec"], stdout=theirs,
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**environment, **more})
    os.close(theirs)
    said = b""
    try:
        while some := os.read(ours, 4096):
            said += some
    except OSError as error:
        # So Linux says that the other side is closed.
        if error.errno != errno.EIO:
            raise
    os.close(ours)
    running.wait(PATIENCE)
    return said.decode()


def test_folder(tap: Tap) -> None:
    """What it works in is gone, also where it is stopped."""
    place = FOLDER / "check-tmp"
    place.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(place)}
    tap.equal(check("good.sec", env=environment).returncode, 0,
              "a folder for a while")
    tap.equal(list(place.iterdir()), [], "which goes")
    for number in (signal.SIGINT, signal.SIGTERM):
        running = subprocess.Popen(
            [sys.argv[1], "check", *OPTIONS, "silent.sec"], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: list(place.glob("*/run/domains/*")),
                   "it does not begin")
        running.send_signal(number)
        tap.equal(running.wait(PATIENCE), -number, f"ends by {number.name}")
        tap.equal(list(place.iterdir()), [], f"{number.name}: it goes")


def main() -> int:
    tap = Tap()
    names = [f.scenario.zone_name for f in FAULTS]
    status, said = check_json(names)
    tap.equal(list(said), names, "dozens at once, in their order")
    tap.equal(status, 1, "exit 1")
    test_statuses(tap, said)
    test_text(tap)
    test_folder(tap)
    test_mended(tap, said)
    print(f"1..{tap.count}")
    return int(tap.failures > 0)


if __name__ == "__main__":
    sys.exit(main())
