#!/usr/bin/python3
"""guide.py FOLDER OPTION...: runs every command line of README.md and
docs/guide.md, in their order, in an empty folder.

What a reader has on the Internet, the lab has in its place: REPLACED says what.
A line of `make` is shown to make, which does not run it (-n): other tests do. A
line must end with 0, or with a status that STATUSES allows. TAP.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import gzip                                             # noqa: E402
import json                                             # noqa: E402
import os                                               # noqa: E402
import re                                               # noqa: E402
import shutil                                           # noqa: E402
import subprocess                                       # noqa: E402
from datetime import datetime, timedelta                # noqa: E402
from pathlib import Path                                # noqa: E402

from altered_run import set_vantage                     # noqa: E402
from network import TOP, build_folder                   # noqa: E402

DOCUMENTS = ("README.md", "docs/guide.md")
LINE = re.compile(r"    ((?:build/)?mxcensus|make|dig|duckdb)\b")
PROGRAM = build_folder() / "mxcensus"
DOMAIN = "draw-dane.sec"
# Statuses beside 0: problems are found; a measurement says no more than it can.
STATUSES = {"check": (1, 75), "policy audit": (1,), "check --nagios": (1, 2, 3)}
# What needs more than a lab: a server of zone transfers; a shell of DuckDB
# (tests/report asks the same tables).
SKIPPED = ("dig", "duckdb")
SECONDS = 300


def lines_of(document: str) -> list:
    """The commands, without comments. A line that ends in a backslash goes on."""
    text = (TOP / document).read_text().replace("\\\n", " ")
    return [re.split(r"\s+# ", line)[0].strip() for line in text.splitlines()
            if LINE.match(line)]


def replaced(line: str, options: str) -> str:
    """The line with the lab in place of the Internet."""
    who = "--ehlo scan.example.org --contact https://scan.example.org/"
    if "probing-txt" not in line:
        line = line.replace(who, options).replace(
            "--ehlo ... --contact ...", options)
    line = re.sub(r"[\[\]]", "", line)          # may be left out
    line = re.sub(r"^(build/)?mxcensus\b", str(PROGRAM), line)
    line = line.replace("&& build/mxcensus", f"&& {PROGRAM}")
    line = re.sub(r"(^|&& )make\b", rf"\1make -n -C {TOP}", line)
    # Dots are what has been said before.
    line = line.replace("scan LIST", "scan se.zone.gz").replace(" ...",
                                                               f" {options}")
    if "--nagios" in line or " check " in line:
        line = line.replace("example.com", DOMAIN)
    # The lab has too few names for a hundredth.
    line = line.replace("--sample 1/100", "--sample 1/2")
    return line.replace("--host mx.example.com", f"--host mx1.{DOMAIN}")


def make_files(folder: Path, lab: Path) -> None:
    with gzip.open(folder / "se.zone.gz", "wb") as file:
        file.write((lab / "sec.zone").read_bytes())
    (folder / "owners.txt").write_text(f"{DOMAIN}\n")
    (folder / "scan.conf").write_text("rate = 100\nattempts = 2\n")
    for name in ("chain", "old", "new", "server"):
        subprocess.run([PROGRAM, "tlsa", "--new", "mx.example.com", "--key",
                        f"{name}.key", "--certificate", f"{name}.pem"],
                       cwd=folder, check=True, capture_output=True)


def set_back(run: Path, days: int) -> None:
    path = run / "run.json"
    said = json.loads(path.read_text())
    began = datetime.fromisoformat(said["started_at"][:-1])
    said["started_at"] = (began - timedelta(days=days)).isoformat(
        timespec="milliseconds") + "Z"
    path.write_text(json.dumps(said))


def before(line: str, folder: Path) -> None:
    """What the text around the line takes for granted."""
    if "RUN1 RUN2 RUN3" in line and not (folder / "RUN3").exists():
        if not (folder / "RUN").exists():
            shutil.copytree(folder / "RUN2", folder / "RUN")
        for name, days in (("RUN1", 8), ("RUN2", 4), ("RUN3", 0)):
            if not (folder / name).exists():
                shutil.copytree(folder / "RUN", folder / name)
            set_back(folder / name, days)
    if "--places FRA NYC" in line:
        shutil.copytree(folder / "FRA", folder / "NYC")
        set_vantage(folder / "NYC", "nyc")
    if "diff OLD NEW" in line:
        for name in ("OLD", "NEW"):
            shutil.copytree(folder / "RUN", folder / name)
    for name in ("FOLDER", "TRIAL", "PUBLIC", "FRA"):
        if f"-o {name}" in line or f"--csv {name}" in line:
            shutil.rmtree(folder / name, ignore_errors=True)
    for run in re.findall(r"(?:scan|merge FRA) \S+ -o (RUN\d?)", line):
        shutil.rmtree(folder / run, ignore_errors=True)


def allowed(line: str) -> tuple:
    return (0, *(status for words, statuses in STATUSES.items()
                 for status in statuses
                 if all(word in line.split() for word in words.split())))


def main() -> int:
    lab, options = Path(sys.argv[1]), " ".join(sys.argv[2:]) + " --timeout 5s"
    number = failures = 0
    for document in DOCUMENTS:
        folder = lab / f"typed-{Path(document).stem}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        make_files(folder, lab)
        for line in lines_of(document):
            number += 1
            if line.split()[0] in SKIPPED:
                print(f"ok {number} - {document}: {line} # skip not in a lab")
                continue
            before(line, folder)
            done = subprocess.run(
                ["sh", "-c", replaced(line, options)], cwd=folder, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=SECONDS, env={
                    **os.environ, "MAKEFLAGS": ""})
            good = done.returncode in allowed(line)
            failures += not good
            print(f"{'ok' if good else 'not ok'} {number} - {document}: {line}")
            if not good:
                print(f"# it ended with {done.returncode}")
                print("".join(f"# {said}\n" for said in
                              done.stdout.splitlines()[-20:]), end="")
            sys.stdout.flush()
    print(f"1..{number}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
