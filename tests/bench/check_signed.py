#!/usr/bin/python3
"""check_signed.py: does the direct lane never say secure where libunbound does
not (RULES 13)?

N signed zones (default 20000) of each kind of signed_kinds.py in turn, and
MUTATED (default N / 4) of which one bit of an answer is spoilt, are scanned
with `--lane recursive`, and with `--lane auto` by each way to take the DS of
the file. Both get the same bytes. Checked are

    the rows of the recursive lane, by what signed_kinds.py demands of the kind
    all tables of each further run, row by row, by those of the recursive lane
    that no row is secure by the direct lane alone: but where the file's DS is
    not the parent's any more, which is counted apart
    which lane answered, by kind: of those that the direct lane has to know, it
    answers DIRECT_LEAST percent, since one that always falls back is no lane

TAP; comments say how each kind was answered. FOLDER (default
BUILD/check_signed) is left behind if a test fails.
"""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from lane_check import Tap, folder_of, main, scan, verify    # noqa: E402
from signed_kind import DIRECT, FALLS_BACK, Kind        # noqa: E402
from signed_kinds import KINDS, check_twins             # noqa: E402
from signed_world import SignedLab, server_addresses    # noqa: E402
from compare import KEYS, comparable, varies            # noqa: E402
from tables import key_of, read_table                   # noqa: E402

BY_NAME = {kind.name: kind for kind in KINDS}
# Columns that are secure or not.
SECURE = {"domains": ("mx_dnssec",),
          "hosts": ("ipv4_dnssec", "ipv6_dnssec", "tlsa_dnssec")}
HOST = ("host_status", "ipv4_dnssec", "tlsa_status")
TXT = ("mta_sts", "tlsrpt")
# Tables that follow from TXT records.
OF_TXT = ("outcomes", "policies")
# A name that no zone has, and that nothing else asks for.
UNLISTED = "unlisted."
# Of what the direct lane must answer, in percent: a machine that is too busy may
# lose an answer.
DIRECT_LEAST = 95


def domain_of(name: str) -> str:
    return ".".join(name.split(".")[-2:])


def kind_of(name: str) -> Kind | None:
    """None of a zone whose answers are mutated."""
    return BY_NAME.get(domain_of(name).partition(".")[0].rpartition("-")[0])


# A run -----------------------------------------------------------------------

class Run:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables = {table: {key_of(row, columns): row
                               for row in read_table(path, table)}
                       for table, columns in KEYS.items()}

    def row(self, table: str, name: str) -> dict:
        return self.tables[table].get((name,), {})

    def state(self, domain: str, kind: Kind) -> tuple:
        """As signed_kinds.py writes it."""
        row = self.row("domains", domain)
        mx = f"{row.get('mx_status')} {row.get('mx_dnssec')}"
        row = self.row("hosts", f"{kind.label}.{domain}")
        return mx, " ".join(row[c] for c in HOST) if row else None

    def txt(self, domain: str) -> str:
        row = self.row("domains", domain)
        return f"{row.get('mta_sts_record')} {row.get('tlsrpt_record')}"

    def lanes(self, domain: str, kind: Kind) -> tuple:
        return (self.row("domains", domain).get("lane"),
                self.row("hosts", f"{kind.label}.{domain}").get("lane"))


def fits(expected: str | None, got: str | None) -> bool:
    """Each word may have several forms; the last one may be empty, for a row
    that need not be there."""
    if expected is None or got is None:
        return got is None and (expected is None or expected.endswith("|"))
    words, found = expected.split(), got.split()
    return len(words) == len(found) and all(
        word in options.split("|") for word, options in zip(found, words))


def check_expected(tap: Tap, names: list, run: Run) -> None:
    wrong = []
    for name in names:
        kind = kind_of(name)
        if kind is None:
            continue
        mx, host = run.state(name, kind)
        if not fits(kind.mx, mx):
            wrong.append(f"{name}: {mx}, not {kind.mx}")
        elif not fits(kind.host, host):
            wrong.append(f"{name}: host {host}, not {kind.host}")
        elif kind.txt and run.txt(name) != kind.txt:
            wrong.append(f"{name}: TXT {run.txt(name)}, not {kind.txt}")
    tap.say("the recursive lane says what the RFCs demand of each kind", wrong)


# Both lanes ------------------------------------------------------------------

def name_in(table: str, row: dict) -> str:
    return row.get("domain") or row.get("host") or row.get("sni") or ""


def compared(table: str, row: dict) -> dict:
    kind = kind_of(name_in(table, row))
    ignores = kind is not None and kind.txt_unproven
    return {column: comparable(column, text, True)
            for column, text in row.items() if not varies(column)
            and not (ignores and column.startswith(TXT))}


def is_apart(table: str, row: dict) -> bool:
    kind = kind_of(name_in(table, row))
    return kind is not None and (bool(kind.after) or (
        kind.txt_unproven and table in OF_TXT))


def is_of_cache(table: str, one: dict, two: dict) -> bool:
    """A spoilt SOA record in a denial, which libunbound does not look at while it
    has the good one of an earlier answer. If the direct lane had that answer,
    libunbound calls the denial bogus."""
    return table == "hosts" and kind_of(name_in(table, one or two)) is None and \
        (one.get("tlsa_status"), two.get("tlsa_status")) == ("absent", "bogus")


def check_equal(tap: Tap, first: Run, second: Run) -> None:
    total, of_cache, wrong = 0, 0, []
    for table, rows in first.tables.items():
        others = second.tables[table]
        for key in sorted(rows.keys() | others.keys()):
            one, two = rows.get(key, {}), others.get(key, {})
            if is_apart(table, one or two):
                continue
            total += 1
            a, b = compared(table, one), compared(table, two)
            if a != b and is_of_cache(table, one, two):
                of_cache += 1
            elif a != b:
                wrong.append(f"{table} {' '.join(key)}: " + ", ".join(
                    f"{column} {a.get(column)!r} {b.get(column)!r}"
                    for column in (a or b) if a.get(column) != b.get(column)))
    tap.say(f"{second.path.name}: {total} rows are those of the recursive "
            f"lane, {len(wrong)} differ", wrong or ([] if total else ["none"]))
    print(f"# apart, {second.path.name}: {of_cache} bogus by what libunbound "
          "had in its cache")


def check_alone(tap: Tap, first: Run, second: Run) -> None:
    """The one number that must be 0."""
    alone, agree = [], 0
    for table, columns in SECURE.items():
        for key, row in second.tables[table].items():
            other = first.tables[table].get(key, {})
            for column in columns:
                if row[column] != "secure" or is_apart(table, row):
                    continue
                if other.get(column) == "secure":
                    agree += row["lane"] == "direct"
                else:
                    alone.append(f"{key[0]}: {column}, the other lane: "
                                 f"{other.get(column, 'no row')}")
    tap.say(f"{second.path.name}: secure by the direct lane alone: "
            f"{len(alone)} (by both: {agree})", alone)


def check_mutated(tap: Tap, lab: SignedLab, run: Run) -> None:
    """Most bits matter; some do not (those of a TTL, or the case of a
    letter)."""
    counts: collections.Counter = collections.Counter()
    for name in lab.names:
        if kind_of(name) is None:
            row = run.row("domains", name)
            host = run.row("hosts", f"mx.{name}")
            counts[f"{row.get('mx_dnssec')}, host "
                   f"{host.get('ipv4_dnssec')} "
                   f"{host.get('tlsa_dnssec')}"] += 1
    tap.say(f"recursive: {counts.total()} answers with a spoilt bit: not all "
            "are secure, not all are bogus",
            [] if len(counts) > 1 or lab.mutated == 0 else [dict(counts)])
    for what, number in sorted(counts.items()):
        print(f"# mutated, {run.path.name}: {number} {what}")


def check_after(tap: Tap, names: list, first: Run, second: Run) -> None:
    """Where the file's DS is not the parent's: the direct lane has the row that
    follows from the file's DS (RULES 13)."""
    wrong, counts = [], collections.Counter()
    for name in names:
        kind = kind_of(name)
        if kind is None or not kind.after:
            continue
        lane = second.lanes(name, kind)[0]
        mx = second.state(name, kind)[0]
        counts[kind.name, lane, mx] += 1
        expected = kind.after if lane == "direct" else \
            first.state(name, kind)[0]
        if mx != expected:
            wrong.append(f"{name}: {mx} by {lane}, not {expected}")
    tap.say(f"{second.path.name}: the file's DS is not the parent's any more",
            wrong)
    for (kind, lane, mx), count in sorted(counts.items()):
        print(f"# apart, {second.path.name}: {count} {kind}: {lane}: {mx}")


def check_txt(tap: Tap, names: list, run: Run) -> None:
    """The direct lane does not have to prove that TXT records are absent;
    nothing else is exempt from the comparison."""
    wrong = []
    for name in names:
        kind = kind_of(name)
        if kind is None or not kind.txt_unproven:
            continue
        is_direct = run.lanes(name, kind)[0] == "direct"
        # A denial falls back alone where its signatures are too large for UDP.
        is_large = run.row("domains", name)["parent_ds_algorithms"] != "[13]"
        expected = kind.txt if not is_direct else " ".join(
            f"absent|{word}" for word in kind.txt.split()
        ) if is_large else "absent absent"
        if not fits(expected, run.txt(name)):
            wrong.append(f"{name}: TXT {run.txt(name)}, not {expected}")
    tap.say(f"{run.path.name}: TXT records whose absence is not proven", wrong)


def check_share(tap: Tap, names: list, run: Run) -> None:
    """Does the direct lane answer the names and hosts that it must answer?"""
    by_lane = {"MX": collections.Counter(), "host": collections.Counter()}
    recursive = collections.Counter()
    for name in names:
        kind = kind_of(name)
        if kind is None or not (kind.lane == DIRECT or (
                kind.by_trust and run.path.name == "trust")):
            continue
        for what, lane in zip(by_lane, run.lanes(name, kind)):
            if lane is not None:
                by_lane[what][lane] += 1
                recursive[kind.name, what] += lane != "direct"
    for what, counts in by_lane.items():
        good = counts["direct"] * 100 >= DIRECT_LEAST * counts.total() > 0
        tap.say(f"{run.path.name}: {what} of kinds that the direct lane must "
                f"answer: {dict(counts)}", [] if good else [
                    f"{kind}: {count} recursive" for (kind, of), count
                    in sorted(recursive.items()) if of == what and count])


def check_lanes(tap: Tap, names: list, run: Run) -> None:
    counts: dict = {}
    for name in names:
        kind = kind_of(name)
        if kind is not None:
            mx, host = run.lanes(name, kind)
            counts.setdefault(kind.name, collections.Counter())[
                f"MX {mx}"] += 1
            if host:
                counts[kind.name][f"host {host}"] += 1
    tap.say(f"{run.path.name}: kinds that must fall back do",
            [f"{name}: {dict(by)}" for name, by in counts.items()
             if (BY_NAME[name].lane == FALLS_BACK or (
                 run.path.name == "verify" and BY_NAME[name].by_trust))
             and by["MX direct"]])
    for name, by in counts.items():
        print(f"# {run.path.name}: {name} ({BY_NAME[name].lane}): "
              + ", ".join(f"{count} {what}" for what, count
                          in sorted(by.items())))
    lanes = json.loads((run.path / "run.json").read_text())["lanes"]
    print(f"# {run.path.name}: {lanes}")


def check_book(tap: Tap, lab: SignedLab) -> None:
    """Does fakens answer as its book says (fakens.h)?"""
    def ask(name: str, kind: str, *options: str) -> str:
        command, environment = lab.inside([
            "drill", *options, f"{name}{lab.names[0]}", kind,
            f"@{server_addresses(0)[0]}"])
        return subprocess.run(command, env=environment, capture_output=True,
                              text=True, timeout=60, check=False).stdout

    def says(text: str, words: tuple, without: tuple = ()) -> list:
        return [] if all(w in text for w in words) and not any(
            w in text for w in without) else text.splitlines()

    tap.say("book: an answer with DO", says(ask("", "MX", "-D"), (
        " aa ", "rcode: NOERROR", "\tRRSIG\tMX"), ("\tNSEC",)))
    tap.say("book: without DO it has no signature", says(ask("", "MX"), (
        " aa ", "\tMX\t10 mx."), ("\tRRSIG\t",)))
    tap.say("book: a denial with DO", says(ask("_tls.", "TXT", "-D"), (
        "rcode: NXDOMAIN", "\tRRSIG\tSOA", "\tNSEC\t", "\tRRSIG\tNSEC")))
    tap.say("book: without DO it has SOA alone", says(ask("_tls.", "TXT"), (
        "rcode: NXDOMAIN", "\tSOA\t"), ("\tNSEC", "\tRRSIG")))
    tap.say("book: any other type", says(ask("", "TYPE99", "-D"), (
        "rcode: NOERROR", "ANSWER: 0", "\tNSEC\t")))
    tap.say("book: REFUSED where it has nothing", says(ask(
        UNLISTED, "MX"), ("rcode: REFUSED",)))


def check(tap: Tap, lab: SignedLab) -> None:
    lab.start()
    check_book(tap, lab)
    runs = [scan(lab, "recursive", len(lab.names), ("--lane", "recursive"))]
    for way in ("trust", "verify"):
        runs.append(scan(lab, way, len(lab.names),
                         ("--lane", "auto", "--ds", way)))
    lab.down()
    verify(tap, runs)
    # The second attempt asks for TLSA together with addresses that are bogus.
    said = [line for line in lab.unlisted() if ".denied-by-a-" not in line]
    tap.say("the book had an answer to every other question", [] if said == [
        f"name={UNLISTED}{lab.names[0]}. type=MX"] else said)
    recursive, *others = [Run(path) for path in runs]
    check_expected(tap, lab.names, recursive)
    check_mutated(tap, lab, recursive)
    for run in others:
        check_alone(tap, recursive, run)
        check_equal(tap, recursive, run)
        check_after(tap, lab.names, recursive, run)
        check_txt(tap, lab.names, run)
        check_share(tap, lab.names, run)
        check_lanes(tap, lab.names, run)


def make_lab() -> SignedLab:
    check_twins()
    count = int(os.environ.get("N") or 20000)
    return SignedLab(folder_of("check_signed"), count,
                     int(os.environ.get("MUTATED") or count // 4))


if __name__ == "__main__":
    sys.exit(main(make_lab(), check))
