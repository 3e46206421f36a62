"""Reads the tables of a run (docs/schema.md): RUN/<table>/*.csv.gz."""

from __future__ import annotations

import csv
import gzip
import io
import ipaddress
from pathlib import Path
from typing import Iterator


def read_table(run: Path, table: str) -> Iterator[dict]:
    for part in sorted((run / table).glob("*.csv.gz")):
        with gzip.open(part, "rb") as file:
            text = io.TextIOWrapper(file, "utf-8", newline="")
            yield from csv.DictReader(text, strict=True)


def same_address(text: str) -> str:
    """One spelling for each address."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text


def key_of(row: dict, columns: tuple) -> tuple:
    return tuple(same_address(row[c]) if c == "address" else row[c]
                 for c in columns)
