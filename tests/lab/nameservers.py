"""Collects the table of fakens (fakens.h): scripted name servers in front of
real ones, and zones that are computed.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path

from model import Rule, Served

FIRST = {"v4": ipaddress.ip_address("198.18.1.1"),
         "v6": ipaddress.ip_address("2001:db8::53:1:1")}


def rule_line(zone: str, rule: Rule) -> str:
    name = rule.name
    if not name.endswith("."):
        name = f"{zone}." if name == "@" else f"{name}.{zone}."
    return (f" on {'below' if rule.below else 'at'} {name} {rule.type} "
            f"{rule.transport} {rule.action}")


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
