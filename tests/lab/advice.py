"""Changes the zones and servers of a lab of --faults as a person would who
follows the advice of `mxcensus check`. It runs only inside the lab."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rdata
import dns.rdatatype
import dns.zone

from model import Web
from zones import TLD_SERVERS, ZONE_SERVERS

FOLDER = Path(os.environ["LAB_DIR"])
ZONES = FOLDER / "zones"
PATIENCE = 30
OF_SIGNATURES = ("RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY")


class Zone:
    """A zone of the lab, to be changed and signed again."""

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
        self.removed: set = set()
        self.bump()

    def has(self, kind: str) -> bool:
        return any(dns.rdatatype.to_text(r.rdtype) == kind
                   for node in self.zone.nodes.values()
                   for r in node.rdatasets)

    def bump(self) -> None:
        """Increments the serial, to see which zone is served."""
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
            raise ValueError(f"not there, and to be removed: {line}")
        found.remove(rdata)
        if not found:
            self.zone.delete_rdataset(owner, kind)

    def replace(self, what: dict, lines: list) -> None:
        """Removes every record of a type whose data begins like this, and adds
        the lines."""
        found = self.zone.get_rdataset(what["owner"], what["type"])
        begins = what["begins"]
        for rdata in list(found or ()):
            text = rdata.to_text()
            # The strings of a TXT record are one text (RFC 8461 3.1), and of
            # an MX record the host counts.
            if what["type"] == "TXT":
                text = "".join(s.decode() for s in rdata.strings)
            elif what["type"] == "MX":
                text = str(rdata.exchange)
            if text == begins if begins == "." else text.startswith(begins):
                found.remove(rdata)
        if found is not None and not found:
            self.zone.delete_rdataset(what["owner"], what["type"])
        for line in lines:
            self.publish(line)

    def apply(self, advice: dict) -> None:
        """A record to be removed must exist, or have been removed by the advice
        before."""
        if advice["replace"] is not None:
            self.replace(advice["replace"], advice["publish"])
            return
        for line in advice["remove"]:
            if line not in self.removed:
                self.remove(line)
            self.removed.add(line)
        for line in advice["publish"]:
            self.publish(line)

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

    def loads(self) -> dict:
        """Does NSD load the zone, and does BIND, if it is installed? Returns
        the output of those that do not."""
        said = {}
        for command in (["nsd-checkzone"], ["named-checkzone", "-i", "none"]):
            if shutil.which(command[0]) is None:
                continue
            done = subprocess.run([*command, self.name, str(self.path)],
                                  capture_output=True, text=True)
            if done.returncode != 0:
                said[command[0]] = done.stdout + done.stderr
        return said


def ds_of(zone: Zone) -> str:
    done = subprocess.run(["ldns-key2ds", "-n", "-f", "-2",
                           zone.key() + ".key"], check=True, text=True,
                          capture_output=True)
    owner, _, _, text = done.stdout.split(None, 3)
    return f"{owner} 3600 IN {text if text.startswith('DS') else 'DS ' + text}"


def words_of(process: Path) -> list:
    """Its command line; empty if it has ended."""
    try:
        return (process / "cmdline").read_bytes().decode().split("\0")
    except (OSError, UnicodeDecodeError):
        return []


def hang_up(argument: str) -> None:
    """SIGHUP to the lab's own server that was started with that file."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or argument not in words_of(entry):
            continue
        # NSD has children with the same command line.
        parent = (entry / "stat").read_text().rsplit(")")[1].split()[1]
        if argument not in words_of(Path("/proc") / parent):
            os.kill(int(entry.name), signal.SIGHUP)
            return
    raise LookupError(f"no server with {argument}")


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
        hang_up(str(FOLDER / f"nsd-{conf}.conf"))
    for zone in zones.values():
        server = (ZONE_SERVERS if "." in zone.name else TLD_SERVERS)[0]
        wait_until(lambda s=server, z=zone: serial_at(s, z.name) == z.serial,
                   f"the new {zone.name} is not served")


# Servers ---------------------------------------------------------------------

def mend_servers(faults: list) -> None:
    """Changes the table of fakemx: other chains, and servers without faults."""
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
    before = count_of("fakemx ready")
    hang_up(str(table))
    wait_until(lambda: count_of("fakemx ready") > before,
               "fakemx does not come back")


def addresses_in(zone: str) -> set:
    """The addresses of its hosts."""
    return set(re.findall(r"\bIN\s+A{1,4}\s+(\S+)",
                          (ZONES / f"{zone}.zone").read_text()))


def count_of(line: str) -> int:
    """How often a server of the lab has said this."""
    return (FOLDER / "holder.log").read_text().count(line)


def write_policy(domain: str, text: str) -> None:
    configuration = (FOLDER / "nginx.conf").read_text()
    path = re.search(rf"server_name mta-sts\.{re.escape(domain)};.*?"
                     r'alias "([^"]+)";', configuration, re.S).group(1)
    Path(path).write_text(text)


def mend_web_servers(policies: dict) -> None:
    """The table of fakehttps: the policy host of each domain responds with
    status 200 and this policy, and has the certificate `after`."""
    path = FOLDER / "fakehttps.table"
    table = json.loads(path.read_text())
    for domain, policy in policies.items():
        entry = next(e for e in table
                     if f"mta-sts.{domain}" in e["certificates"])
        certificates = entry["certificates"]
        entry.update(does="respond", response=Web(policy=policy).response())
        certificates[f"mta-sts.{domain}"] = certificates.get(
            f"after.{domain}", certificates[f"mta-sts.{domain}"])
    path.write_text(json.dumps(table, indent=1))
    before = count_of("fakehttps reloaded")
    hang_up(str(path))
    wait_until(lambda: count_of("fakehttps reloaded") > before,
               "fakehttps does not read its table again")
