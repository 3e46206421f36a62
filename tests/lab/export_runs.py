#!/usr/bin/python3
"""export_runs RUN ANONYMOUS AGAIN: does the first export of RUN have no
addresses and nothing that servers say about themselves, and can its tables
still be joined? AGAIN is another such export. In TAP."""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import collections                                      # noqa: E402
import gzip                                             # noqa: E402
import json                                             # noqa: E402
import re                                               # noqa: E402
from pathlib import Path                                # noqa: E402

from tables import read_table                           # noqa: E402

# All addresses of the lab, and that of mx-address.sec.
ADDRESS = re.compile(rb"198\.1[89]\.|2001:db8|9\.9\.9\.9")
NUMBER = re.compile(r"[0-9a-f]{16}")
EMPTY = ("greeting_text", "ehlo_text")


def rows(run: Path, table: str) -> list:
    return list(read_table(run, table))


def content(path: Path) -> bytes:
    return (gzip.decompress(path.read_bytes()) if path.suffix == ".gz"
            else path.read_bytes())


def no_address(run: Path, anonymous: Path, _: Path) -> None:
    def found(folder: Path) -> list:
        return [path.name for path in folder.rglob("*") if path.is_file()
                and ADDRESS.search(content(path))]
    assert found(anonymous) == [], found(anonymous)
    assert found(run) != []


def banners(run: Path, anonymous: Path, _: Path) -> None:
    for name in EMPTY:
        assert all(row[name] == "" for row in rows(anonymous, "probes"))
        assert any(row[name] != "" for row in rows(run, "probes"))


def certificates(run: Path, anonymous: Path, _: Path) -> None:
    """Those that name an address have neither names nor DER; the others are as
    they were."""
    without = {row["certificate_sha256"]: row
               for row in rows(anonymous, "certificates")}
    named = 0
    for row in rows(run, "certificates"):
        other = without.pop(row["certificate_sha256"])
        if ADDRESS.search(row["san_text"].encode()):
            named += 1
            # RFC 4648: 05 00, an ASN.1 NULL.
            assert (other["san_text"], other["der_base64"]) == ("", "BQA=")
        else:
            assert other == row, (other, row)
    assert named > 0 and without == {}


def joins(run: Path, anonymous: Path, _: Path) -> None:
    """How many rows each address has, in each table."""
    def shape(folder: Path) -> list:
        counts: dict = collections.defaultdict(collections.Counter)
        for table in "addresses", "probes", "host_results":
            for row in rows(folder, table):
                counts[row["address"]][table, row.get("attempt"),
                                       row.get("tls_class"),
                                       row.get("outcome")] += 1
        return sorted(sorted(map(str, count.items()))
                      for count in counts.values())
    assert shape(run) == shape(anonymous)
    assert all(NUMBER.fullmatch(row["address"])
               for row in rows(anonymous, "addresses"))


def outcomes(run: Path, anonymous: Path, _: Path) -> None:
    """The remaining facts say the same: outcomes were made from them again."""
    def senders(folder: Path) -> dict:
        return {row["domain"]: [value for name, value in row.items()
                                if name != "reasons"]
                for row in rows(folder, "outcomes")}
    assert senders(run) == senders(anonymous)


def keys(_: Path, anonymous: Path, again: Path) -> None:
    """Each export has a new random key."""
    first, second = ({row["address"] for row in rows(folder, "addresses")}
                     for folder in (anonymous, again))
    assert len(first) == len(second) and not first & second


def run_file(run: Path, anonymous: Path, _: Path) -> None:
    was, is_now = (json.loads((folder / "run.json").read_text())
                   for folder in (run, anonymous))
    assert is_now["anonymous"] is True and "anonymous" not in was
    assert was["vantage"]["machine"] != "" == is_now["vantage"]["machine"]
    assert was["options"]["allow-network"] != ""
    assert is_now["options"]["allow-network"] == ""
    assert is_now["inputs"]["domains"] == was["inputs"]["domains"]
    assert is_now["program"] == was["program"]


def main() -> int:
    folders = [Path(argument) for argument in sys.argv[1:]]
    checks = [
        ("no address is left", no_address),
        ("no greeting and no reply to EHLO is left", banners),
        ("certificates that name an address are left out", certificates),
        ("tables join as before", joins),
        ("outcomes are those of the run", outcomes),
        ("two exports have no number in common", keys),
        ("run.json says that it is anonymous", run_file),
    ]
    failures = 0
    print(f"1..{len(checks)}")
    for number, (name, check) in enumerate(checks, 1):
        try:
            check(*folders)
            print(f"ok {number} - {name}")
        except AssertionError as error:
            failures += 1
            print(f"not ok {number} - {name}\n# {str(error)[:2000]}")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
