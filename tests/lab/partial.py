#!/usr/bin/python3
"""partial.py PROGRAM RUN COPY: `summary --partial` of runs that are not sealed.

RUN is sealed. COPY becomes the run as it was before the seal, with and without
parts that were still to come. These parts are unknown: no share of a partial
summary has more yes or no than the summary of the whole run. Nothing in the
folder changes. Exit status 1, with a line for each fault.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import csv                                              # noqa: E402
import gzip                                             # noqa: E402
import json                                             # noqa: E402
import shutil                                           # noqa: E402
import subprocess                                       # noqa: E402
from pathlib import Path                                # noqa: E402

PROGRAM, RUN, COPY = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
# The parts that have not come yet, in the order in which a scan links them. The
# last part of a batch commits it.
LACKING = {
    "nothing": (),
    "policies": ("policies",),
    "probes": ("probes", "host_results", ".work/chains", ".work/certificates"),
    "the end of a batch of probes": ("probes",),
    "second sessions": (),
    "hosts": ("hosts", "addresses", "probes", "host_results"),
    "the end of a batch of hosts": ("hosts",),
    "the end of a batch of domains": ("domains", "policies"),
}
faults = []


def tell(fault: str) -> None:
    faults.append(fault)
    print(fault)


def make_copy(lacking: tuple) -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(RUN, COPY)
    (COPY / ".work").mkdir()
    for name in ("chains", "certificates"):
        (COPY / name).rename(COPY / ".work" / name)
        (COPY / name).mkdir()
    for name in ("summary.json", "datapackage.json", "SHA256SUMS"):
        (COPY / name).unlink()
    shutil.rmtree(COPY / "outcomes")
    for name in lacking:
        for part in (COPY / name).iterdir():
            part.unlink()
    run = json.loads((COPY / "run.json").read_text())
    run["state"] = "measuring"
    (COPY / "run.json").write_text(json.dumps(run))


def drop_second_sessions() -> None:
    for table in ("probes", "host_results"):
        for part in (COPY / table).iterdir():
            with gzip.open(part, "rt", newline="") as file:
                rows = list(csv.DictReader(file))
            with gzip.open(part, "wt", newline="") as file:
                writer = csv.DictWriter(file, rows[0], lineterminator="\n")
                writer.writeheader()
                writer.writerows(row for row in rows if row["attempt"] == "1")


def contents() -> list:
    return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size)
                  for path in COPY.rglob("*"))


def ask(*options: str) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, "summary", COPY, *options], text=True,
                          capture_output=True)


def known(share: dict) -> tuple:
    """The numbers of yes and of no."""
    return share["numerator"], share["denominator"] - share["numerator"] - \
        share["undetermined"]


def shares_of(summary: dict) -> dict:
    """A host or domain without any known answer is in no share below."""
    return {(level, share["name"]): known(share)
            for level in ("domains", "hosts")
            for share in summary[level]["shares"]}


def examine(what: str, lacking: tuple, whole: dict) -> None:
    make_copy(lacking)
    if what == "second sessions":
        drop_second_sessions()
    before = contents()
    done = ask("--partial", "--json")
    if done.returncode != 0 or done.stderr != "":
        tell(f"without {what}: exit status {done.returncode}: {done.stderr}")
        return
    partial = json.loads(done.stdout)
    counts = partial.pop("partial")
    all_shares = shares_of(whole)
    for key, (yes, no) in shares_of(partial).items():
        if yes > all_shares[key][0] or no > all_shares[key][1]:
            tell(f"without {what}: {key}: {yes} yes and {no} no, where the "
                 f"whole run has {all_shares[key]}")
    if what == "nothing" and partial != whole:
        tell(f"with all parts the summary is another one: {partial}")
    total = whole["domains"]["count"]
    resolved = 0 if "domains" in lacking else total
    hosts = whole["hosts"]["count"]
    wanted = {"domains": total, "domains_resolved": resolved, "hosts": hosts}
    if what == "nothing":
        wanted |= {"domains_measured": total, "hosts_measured": hosts}
    elif "hosts" in lacking:
        wanted["hosts_measured"] = 0
    if not wanted.items() <= counts.items():
        tell(f"without {what}: {counts}, expected {wanted}")
    if "hosts" in lacking and any(known(share) != (0, 0) for share in
                                  partial["hosts"]["shares"]):
        tell(f"without {what}: a host is judged: {partial['hosts']}")
    text, table, refused = ask("--partial"), ask("--partial", "--csv"), ask()
    if not text.stdout.startswith("PARTIAL: the run is not sealed. "):
        tell(f"without {what}: {text.stdout}{text.stderr}")
    if f"partial,domains_resolved,,,{resolved},{total}," \
            not in table.stdout.splitlines():
        tell(f"without {what}: {table.stdout}{table.stderr}")
    if refused.returncode != 75 or refused.stdout != "":
        tell(f"without {what}: {refused.returncode} without --partial")
    if contents() != before:
        tell(f"without {what}: the folder is changed")


def main() -> int:
    whole = json.loads((RUN / "summary.json").read_text())
    for what, lacking in LACKING.items():
        examine(what, lacking, whole)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
