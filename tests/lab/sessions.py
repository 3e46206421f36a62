"""The log of fakemx (fakemx_log.c): the sessions of a lab."""

from __future__ import annotations

import collections
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Log:
    opened: list
    ended: list
    forbidden: list

    @property
    def unfinished(self) -> int:
        return len(self.opened) - len(self.ended)

    def count(self) -> collections.Counter:
        """Sessions by (address, SNI); an SNI of "-" is none."""
        return collections.Counter((line["address"], line["sni"])
                                   for line in self.ended)

    def most(self, column: str) -> int:
        """The most sessions at a time: column at_address or at_network."""
        return max((int(line[column]) for line in self.opened), default=0)


def read_log(path: Path) -> Log:
    events: dict = {"open": [], "end": [], "forbidden": []}
    for line in path.read_text().splitlines():
        event, *fields = line.split(" ")
        events[event].append(dict(field.split("=", 1) for field in fields))
    return Log(events["open"], events["end"], events["forbidden"])


def read_ended_log(path: Path, seconds: float = 10) -> Log:
    """The log, once every session in it has ended: fakemx may list a client for
    a moment after it is gone."""
    deadline = time.monotonic() + seconds
    while True:
        log = read_log(path)
        if log.unfinished == 0 or time.monotonic() > deadline:
            return log
        time.sleep(0.05)
