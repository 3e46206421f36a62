"""Helpers for tests in TAP, and for making and changing runs."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
import traceback
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
tests = []


def test(function):
    tests.append(function)
    return function


class Skip(Exception):
    pass


def run_tests() -> int:
    failed = 0
    for number, function in enumerate(tests, 1):
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {number} - {name}")
        except Skip as why:
            print(f"ok {number} - {name} # skip {why}")
        except Exception:  # whatever it is, it is this test's failure
            failed += 1
            print(f"not ok {number} - {name}")
            print("".join(f"# {line}\n" for line
                          in traceback.format_exc().splitlines()), end="")
        sys.stdout.flush()
    print(f"1..{len(tests)}")
    return failed > 0


def call(*command, **options) -> str:
    done = subprocess.run([str(word) for word in command], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    assert done.returncode == 0, f"{command}: {done.stdout}"
    return done.stdout


def alter(run: Path, table: str, change) -> None:
    """Each row of a table through change(row), in place."""
    for part in (run / table).glob("*.csv.gz"):
        with gzip.open(part, "rt", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
        text = io.StringIO()
        out = csv.DictWriter(text, reader.fieldnames, lineterminator="\n")
        out.writeheader()
        for row in rows:
            change(row)
            out.writerow(row)
        part.write_bytes(gzip.compress(text.getvalue().encode(), 4, mtime=0))
