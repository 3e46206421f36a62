"""The text format of Prometheus (prometheus.io, "Exposition formats", text-based
format 0.0.4), read strictly: what the document does not allow is a fault. It
knows nothing of mxcensus, and does not come from it."""

from __future__ import annotations

import math
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)?\}})? (\S+)")
TYPES = ("counter", "gauge", "histogram", "summary", "untyped")
ENDINGS = {"histogram": ("_bucket", "_sum", "_count"),
           "summary": ("", "_sum", "_count")}


class Fault(Exception):
    """A line that the format does not allow, or that says nothing clear."""


def number(text: str) -> float:
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|Inf)|NaN", text):
        raise Fault(f"{text}: not a number")
    return float(text)


def labels_of(text: str | None) -> tuple:
    pairs = re.findall(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"',
                       text or "")
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise Fault(f"{text}: a label twice")
    return tuple(sorted((name, re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(
        m[1], m[1]), value)) for name, value in pairs))


class Page:
    """What a file says."""

    def __init__(self, text: str) -> None:
        self.help, self.types, self.samples = {}, {}, {}
        self.current, seen = "", set()
        if not text.endswith("\n"):
            raise Fault("the last line has no end")
        for line in text[:-1].split("\n"):
            self.take(line, seen)
        for name, kind in self.types.items():
            if name not in self.help:
                raise Fault(f"{name} has no HELP")
            if kind == "histogram":
                self.check_histogram(name)

    def take(self, line: str, seen: set) -> None:
        if line.startswith("# "):
            self.take_comment(line, seen)
            return
        match = SAMPLE.fullmatch(line)
        if not match:
            raise Fault(f"neither a sample nor a comment: {line}")
        name, labels = match[1], labels_of(match[2])
        kind = self.types.get(self.current)
        if name not in [self.current + ending for ending
                        in ENDINGS.get(kind, ("",))]:
            raise Fault(f"{name} is not below its TYPE")
        if (name, labels) in self.samples:
            raise Fault(f"twice: {line}")
        self.samples[name, labels] = value = number(match[3])
        # The names of counters, and what they may be.
        if (kind == "counter") != name.endswith("_total"):
            raise Fault(f"{name}: a {kind}")
        if kind in ("counter", "histogram") and not value >= 0:
            raise Fault(f"{line}: less than nothing")

    def take_comment(self, line: str, seen: set) -> None:
        match = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
        if not match:
            raise Fault(f"a comment of no use: {line}")
        word, name, rest = match.groups()
        table = self.help if word == "HELP" else self.types
        if name in table:
            raise Fault(f"twice: {line}")
        if word == "HELP":
            if name in seen:
                raise Fault(f"{name} is in two places")
            seen.add(name)
        elif rest not in TYPES or name != self.current:
            raise Fault(line)
        if re.search(r"\\(?![\\n])", rest):
            raise Fault(f"not escaped: {line}")
        self.current = name
        table[name] = rest

    def check_histogram(self, name: str) -> None:
        series = {}
        for (of, labels), value in self.samples.items():
            if of == name + "_bucket":
                rest = tuple(pair for pair in labels if pair[0] != "le")
                le = [pair[1] for pair in labels if pair[0] == "le"]
                if len(le) != 1:
                    raise Fault(f"{name}: a bucket without le")
                series.setdefault(rest, []).append((number(le[0]), value))
        for labels, buckets in series.items():
            limits = [limit for limit, _ in buckets]
            counts = [count for _, count in buckets]
            if limits != sorted(set(limits)) or limits[-1] != math.inf:
                raise Fault(f"{name}: the limits {limits}")
            if counts != sorted(counts):
                raise Fault(f"{name}: buckets fall")
            if self.samples.get((name + "_count", labels)) != counts[-1] or \
                    (name + "_sum", labels) not in self.samples:
                raise Fault(f"{name}: count or sum")

    def get(self, name: str, **labels) -> float:
        """The only sample of the name that has these labels."""
        found = [value for (of, has), value in self.samples.items()
                 if of == name and labels.items() <= dict(has).items()]
        if len(found) != 1:
            raise Fault(f"{name} {labels}: {len(found)} samples")
        return found[0]

    def monotonic(self) -> dict:
        """What must never fall while the process lives."""
        return {key: value for key, value in self.samples.items()
                if key[0].endswith(("_total", "_bucket", "_sum", "_count"))}


if __name__ == "__main__":
    try:
        Page(sys.stdin.read())
    except Fault as fault:
        sys.exit(str(fault))
