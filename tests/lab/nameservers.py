"""Collects the table of fakens (fakens.h): scripted name servers in front of
real ones, and computed zones.
"""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path

from model import Rule, Says, Served

FIRST = {"v4": ipaddress.ip_address("198.18.1.1"),
         "v6": ipaddress.ip_address("2001:db8::53:1:1")}


QR, AA = 0x8000, 0x0400
OPT_BYTES = 1232


def record_bytes(zone: str, line: str) -> bytes:
    # Here, so that a world without such records needs no dnspython.
    import dns.name
    import dns.rdata
    origin = dns.name.from_text(zone)
    owner, ttl, rdclass, rdtype, text = line.split(None, 4)
    rdata = dns.rdata.from_text(rdclass, rdtype, text, origin, False)
    body = rdata.to_wire()
    return (dns.name.from_text(owner, origin).to_wire()
            + struct.pack("!HHIH", rdata.rdtype, rdata.rdclass, int(ttl),
                          len(body)) + body)


def response_bytes(zone: str, says: Says) -> bytes:
    """What fakens puts after the ID and around the question."""
    flags = QR | (AA if says.is_authoritative else 0) | (says.rcode & 15)
    opt = b"\0" + struct.pack("!HHIH", 41, OPT_BYTES, says.rcode >> 4 << 24, 0)
    sections = (says.answer, says.authority, says.additional)
    counts = [len(section) for section in sections]
    return (struct.pack("!HHHH", flags, *counts[:2], counts[2] + says.opts)
            + b"".join(record_bytes(zone, line) for section in sections
                       for line in section) + says.opts * opt)


def rule_line(zone: str, rule: Rule) -> str:
    name = rule.name
    if not name.endswith("."):
        name = f"{zone}." if name == "@" else f"{name}.{zone}."
    return (f" on {'below' if rule.below else 'at'} {name} {rule.type} "
            f"{rule.transport} {rule.action}"
            + (f" {response_bytes(zone, rule.says).hex()}" if rule.says
               else ""))


class FakeNs:
    def __init__(self, logs_questions: bool = True) -> None:
        self.logs_questions = logs_questions
        self.lines: list = []
        self.counts = {"v4": 0, "v6": 0}
        self.of_zone: dict = {}         # name: addresses

    def take(self, place: str = "v4") -> str:
        """An address that no other name server has."""
        count = self.counts[place]
        self.counts[place] += 1
        return str(FIRST[place] + count)

    def relay(self, zone: str, served: Served, upstream: str) -> str:
        """A name server in front of the one that has the zone. Returns its
        address."""
        address = self.take(served.place)
        self.of_zone.setdefault(zone, []).append(address)
        self.lines += [f"address {address}", f" upstream {upstream}",
                       f" tcp {served.tcp}", f" rate {served.rate}",
                       *(rule_line(zone, rule) for rule in served.rules)]
        return address

    def write(self, path: Path) -> None:
        head = ["questions"] if self.logs_questions else []
        path.write_text("".join(f"{line}\n" for line in head + self.lines))
