#!/usr/bin/python3
"""compare.py RUN RUN: are two runs of one world equal (docs/schema.md)?

All tables are compared by key, without the columns that differ from run to run
(_ms, _at, ttl, attempts, lane; the flag delegation_differs) and regardless of
part files. At an address to which more than --sni-per-address host names lead,
it is chance which names were used: there neither the sessions are compared nor
chains that were seen nowhere else, and only host, address, tls_class and
name_match of host_results.

Two columns contain something that does not depend on the measured domain. A
*_bogus_text names the name server that happened to be asked; only the text
before that is compared. If a process stood still, a name is asked again, and
libunbound says then that it has seen the same before: why it did so is compared.
received_bytes depends on the length of an ECDSA signature in DER, on whether a
close_notify came before the end, and, for a session that timed out or was cut
off, on when that was.

Each difference is a line with table, key and column, and the exit status is 1;
a key that occurs twice in a run counts as a difference. --without NAME
(repeatable) leaves out the rows of a domain or host, and chains that were seen
nowhere else. --facts leaves out `outcomes`, which follow from the other tables.
With --patience, SERVFAIL and a timeout of a lookup are the same: if a name
server says nothing, the patience of the resolver decides which of them is
written.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import argparse                                         # noqa: E402
import collections                                      # noqa: E402
import re                                               # noqa: E402
from dataclasses import dataclass, field                # noqa: E402
from pathlib import Path                                # noqa: E402

from tables import key_of, read_table, same_address     # noqa: E402
from world import KEY_COLUMNS                           # noqa: E402

KEYS = {**KEY_COLUMNS,
        "chains": ("chain_id", "position"),
        "certificates": ("certificate_sha256",),
        "outcomes": ("domain",),
        "rejects": ("source_id", "line")}
CROWDED_COLUMNS = ("host", "address", "tls_class", "name_match")
CROWDED = "host_results of crowded addresses"
NAMES = ("domain", "host", "sni")
# The text after it is cut where the column is full, which depends on its
# length.
SERVERS_ASKED = re.compile(r" from [0-9a-f.:]+.*")
SEEN_BEFORE = re.compile(r": key for validation \S+ is marked as invalid because "
                         r"of a previous validation failure <[^>]*>")
# A close_notify takes 85 bytes at most (CBC with SHA-384), and of the signatures
# of a handshake each is seldom more than 4 bytes shorter than another.
TLS_BYTES = 100
# Columns that have the status of a lookup.
PATIENCE = {"mx_status", "host_status", "ipv4_status", "ipv6_status",
            "tlsa_status", "reasons"}
# Sessions that end while the server is sending.
CUT_OFF = {"timeout", "protocol_error", "closed", "reset", "handshake_too_large",
           "plaintext_injected"}


def varies(column: str) -> bool:
    return column.endswith(("_ms", "_at", "ttl", "ttl_s")) or \
        column in ("attempts", "lane", "ds_source")


@dataclass
class Run:
    """All rows of a run: table: key: row."""
    path: Path
    rows: dict = field(default_factory=dict)
    twice: list = field(default_factory=list)       # (table, key)
    left_out: list = field(default_factory=list)    # rows

    def read(self, without: set) -> None:
        for table, columns in KEYS.items():
            rows = self.rows[table] = {}
            for row in read_table(self.path, table):
                if without & {row.get(name) for name in NAMES}:
                    self.left_out.append(row)
                    continue
                key = key_of(row, columns)
                if key in rows:
                    self.twice.append((table, key))
                rows[key] = row

    def names_at(self) -> dict:
        """How many host names lead to each address."""
        return collections.Counter(
            same_address(row["address"])
            for row in self.rows["addresses"].values())


def without_lane(flags: str) -> set:
    """Removes what only the direct lane sees: what a zone says about its
    delegation."""
    return set(flags.split()) - {"delegation_differs"}


def comparable(column: str, text: str, patience: bool) -> str:
    """Maps texts of a column that count as equal to the same text."""
    if patience and column in PATIENCE:
        return text.replace("timeout", "servfail")
    if column == "flags":
        return " ".join(sorted(without_lane(text)))
    if column.endswith("_bogus_text"):
        return SEEN_BEFORE.sub("", SERVERS_ASKED.sub("", text))
    return text


def are_equal(column: str, one: dict, two: dict, patience: bool) -> bool:
    a, b = one.get(column), two.get(column)
    if a is None or b is None:
        return a == b
    if comparable(column, a, patience) == comparable(column, b, patience):
        return True
    if column == "received_bytes" and a and b:
        # A difference of the outcome is reported for that column.
        if CUT_OFF & {one["outcome"], two["outcome"]}:
            return True
        if one["outcome"] == "tls_established" and \
                one.get("phase", "done") != "done":
            return True         # a reset takes what was under way with it
        if one["starttls_code"] == two["starttls_code"] == "220":
            return abs(int(a) - int(b)) <= TLS_BYTES
    return False


def drop_chains(run: Run, seen: set, dropped: set) -> None:
    """Chains that were seen only in rows that are not compared."""
    gone, left = set(), set()
    for key, row in list(run.rows["chains"].items()):
        if key[0] in dropped - seen:
            gone.add(row["certificate_sha256"])
            del run.rows["chains"][key]
        else:
            left.add(row["certificate_sha256"])
    for certificate in gone - left:
        run.rows["certificates"].pop((certificate,), None)


def set_crowded_apart(run: Run, crowded: set) -> None:
    """Reduces the rows of crowded addresses to what does not depend on
    chance."""
    dropped = {row.get("chain_id", "") for row in run.left_out}
    seen = set()
    for key, row in list(run.rows["probes"].items()):
        if same_address(row["address"]) in crowded:
            dropped.add(row.get("chain_id", ""))
            del run.rows["probes"][key]
        else:
            seen.add(row.get("chain_id", ""))
    drop_chains(run, seen, dropped)
    run.rows[CROWDED] = {}
    for key, row in list(run.rows["host_results"].items()):
        if same_address(row["address"]) in crowded:
            reduced = {c: row[c] for c in CROWDED_COLUMNS}
            run.rows[CROWDED][key_of(reduced, CROWDED_COLUMNS)] = reduced
            del run.rows["host_results"][key]


def differences(first: Run, second: Run, patience: bool) -> list:
    """Lines of text."""
    lines = []
    for table in first.rows:
        one, two = first.rows[table], second.rows[table]
        for key in sorted(one.keys() | two.keys()):
            label = f"{table} {' '.join(key)}"
            if key not in one or key not in two:
                where = first if key in one else second
                lines.append(f"{label}: only in {where.path}")
                continue
            for column in sorted(one[key].keys() | two[key].keys()):
                if not varies(column) and not are_equal(
                        column, one[key], two[key], patience):
                    lines.append(f"{label}: {column}: "
                                 f"{one[key].get(column)!r}, "
                                 f"{two[key].get(column)!r}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path, nargs=2, metavar="RUN")
    parser.add_argument("--sni-per-address", type=int, default=8, metavar="N")
    parser.add_argument("--facts", action="store_true")
    parser.add_argument("--patience", action="store_true")
    parser.add_argument("--without", action="append", default=[],
                        metavar="NAME")
    arguments = parser.parse_args()
    runs = [Run(path) for path in arguments.runs]
    lines = []
    for run in runs:
        run.read(set(arguments.without))
        lines += [f"{table} {' '.join(key)}: twice in {run.path}"
                  for table, key in run.twice]
        if arguments.facts:
            run.rows["outcomes"] = {}
        if not run.rows["domains"]:
            lines.append(f"domains: none in {run.path}")
    crowded = {address for run in runs
               for address, count in run.names_at().items()
               if count > arguments.sni_per_address}
    for run in runs:
        set_crowded_apart(run, crowded)
    lines += differences(*runs, arguments.patience)
    for line in lines:
        print(line)
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
