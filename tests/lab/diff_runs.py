#!/usr/bin/python3
"""diff_runs PROGRAM RUN FOLDER: makes from RUN the runs FOLDER/old, FOLDER/new
and FOLDER/soon with known changes, by rewriting their parts; the program
concludes and seals them again. Then it tests `mxcensus diff`, in TAP.

`new` is two hours after `old`, `soon` half an hour: the TLSA records of the lab
have a TTL of an hour.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import csv                                              # noqa: E402
import datetime                                         # noqa: E402
import gzip                                             # noqa: E402
import hashlib                                          # noqa: E402
import io                                               # noqa: E402
import json                                             # noqa: E402
import shutil                                           # noqa: E402
import subprocess                                       # noqa: E402
from pathlib import Path                                # noqa: E402

SENDERS = 6


def mx(scenario: str) -> str:
    return f"mx.{scenario}.sec"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Run:
    """A run whose rows can be changed: parts by path, rows in their order."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(source, folder)
        self.parts: dict = {}
        self.columns: dict = {}
        for path in sorted(folder.glob("*/*.csv.gz")):
            with gzip.open(path, "rt", newline="") as file:
                reader = csv.DictReader(file, strict=True)
                self.parts[path] = list(reader)
                self.columns[path] = reader.fieldnames

    def rows(self, table: str, **where: str) -> list:
        return [row for path, rows in self.parts.items()
                if path.parent.name == table for row in rows
                if all(row[name] == value for name, value in where.items())]

    def change(self, table: str, where: dict, **values: str) -> None:
        found = self.rows(table, **where)
        assert found, (table, where)
        for row in found:
            row.update(values)

    def add(self, table: str, row: dict) -> None:
        """Adds the row to the first part of the table."""
        path = next(path for path in self.parts if path.parent.name == table)
        whole = dict.fromkeys(self.columns[path], "") | row
        self.parts[path].append(whole)
        keys = self.columns[path][:2]
        if table == "chains":
            self.parts[path].sort(key=lambda r: (r["chain_id"],
                                                 int(r["position"])))
        else:
            self.parts[path].sort(key=lambda r: [r[key] for key in keys])

    def drop(self, table: str, **where: str) -> None:
        for path, rows in self.parts.items():
            if path.parent.name == table:
                rows[:] = [row for row in rows if any(
                    row[name] != value for name, value in where.items())]

    def drop_domain(self, domain: str) -> None:
        """As if it had asked to be left out."""
        self.drop("domains", domain=domain)
        self.drop("mx", domain=domain)
        path = self.folder / "run.json"
        run = json.loads(path.read_text())
        run["inputs"]["domains"] -= 1
        run["inputs"]["opted_out"] += 1
        run["counts"]["domains"] -= 1
        path.write_text(json.dumps(run))

    def option(self, name: str, value: str) -> None:
        path = self.folder / "run.json"
        run = json.loads(path.read_text())
        run["options"][name] = value
        path.write_text(json.dumps(run))

    def later(self, **span: int) -> None:
        for rows in self.parts.values():
            for row in rows:
                for name in "measured_at", "tlsa_asked_at", "fetched_at":
                    if row.get(name):
                        at = datetime.datetime.fromisoformat(row[name][:-1])
                        at += datetime.timedelta(**span)
                        row[name] = at.isoformat(
                            timespec="milliseconds") + "Z"

    def leaf(self, scenario: str) -> dict:
        """The row of certificates of what its host showed."""
        address = self.rows("addresses", host=mx(scenario))[0]["address"]
        chain = self.rows("probes", address=address)[0]["chain_id"]
        leaf = self.rows("chains", chain_id=chain, position="0")[0]
        return self.rows("certificates", certificate_sha256=leaf[
            "certificate_sha256"])[0]

    def show(self, scenario: str, certificate: str, key: str) -> None:
        """Another leaf, with what stood behind the old one."""
        address = self.rows("addresses", host=mx(scenario))[0]["address"]
        old = self.rows("probes", address=address)[0]["chain_id"]
        leaf = dict(self.leaf(scenario))
        leaf.update(certificate_sha256=certificate, spki_sha256=key)
        chain = digest(old + certificate)
        for row in self.rows("chains", chain_id=old):
            self.add("chains", row | {"chain_id": chain} | (
                {"certificate_sha256": certificate}
                if row["position"] == "0" else {}))
        self.add("certificates", leaf)
        self.change("probes", {"address": address}, chain_id=chain)

    def publish(self, scenario: str, *records: str) -> None:
        """The whole RRset of its host, in canonical order."""
        host = mx(scenario)
        self.drop("tlsa", host=host)
        for position, record in enumerate(sorted(records)):
            usage, selector, matching_type, data = record.split()
            self.add("tlsa", {
                "host": host, "asking": "1", "base": host, "usage": usage,
                "position": str(position), "selector": selector,
                "matching_type": matching_type, "data_hex": data,
                "usable": "1"})
        self.change("hosts", {"host": host}, tlsa_count=str(len(records)),
                    tlsa_usable_count=str(len(records)))

    def judge(self, scenario: str, verdict: str, positions: str = "") -> None:
        self.change("host_results", {"host": mx(scenario)},
                    dane_verdict=verdict, dane_verdict_no_agility=verdict,
                    dane_matching_positions=positions and f"[{positions}]",
                    dane_depth="0" if positions else "")

    def record(self, scenario: str, position: int = 0) -> str:
        row = self.rows("tlsa", host=mx(scenario), position=str(position))[0]
        return " ".join(row[name] for name in (
            "usage", "selector", "matching_type", "data_hex"))

    def seal(self, program: str) -> None:
        for path, rows in self.parts.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, self.columns[path],
                                    lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            path.write_bytes(gzip.compress(text.getvalue().encode(),
                                           mtime=0))
        subprocess.run([program, "conclude", "--force", self.folder], check=True)
        subprocess.run([program, "verify", self.folder], check=True,
                       stdout=sys.stderr)


KEY, CERTIFICATE = digest("the next key"), digest("the next certificate")
OTHER = digest("a key that nobody has")


def prepare_old(run: Run) -> None:
    run.drop_domain("refused.sec")
    own = run.record("dane-ee-match")
    both = [own, f"3 1 1 {KEY}"]
    run.publish("dane-ee-match", *both)
    run.judge("dane-ee-match", "match", str(sorted(both).index(own)))


def prepare_new(run: Run) -> None:
    run.drop_domain("addresses-differ.sec")
    run.option("attempts", "1")
    # Published before; after; never.
    run.show("dane-ee-match", CERTIFICATE, KEY)
    run.publish("dane-ee-match", f"3 1 1 {KEY}")
    run.judge("dane-ee-match", "match", "0")
    late = digest("late")
    run.show("dane-ee-certificate", late, digest("late key"))
    run.publish("dane-ee-certificate", f"3 0 1 {late}")
    run.judge("dane-ee-certificate", "match", "0")
    run.show("dane-ee-sha512", digest("never"), digest("never key"))
    run.judge("dane-ee-sha512", "mismatch")
    # The record of the CA matches both keys, in any cache.
    run.show("dane-ta-match", digest("of the CA"), digest("key of the CA"))
    # The same key in another certificate.
    leaf = run.leaf("dane-ee-self-signed")
    run.show("dane-ee-self-signed", digest("again"), leaf["spki_sha256"])
    # The record of the key that is shown is gone.
    run.publish("rollover", f"3 1 1 {OTHER}")
    run.judge("rollover", "mismatch")
    # And here it was published.
    run.publish("dane-ee-mismatch", "3 1 1 " + run.leaf(
        "dane-ee-mismatch")["spki_sha256"])
    run.judge("dane-ee-mismatch", "match", "0")
    # Nothing was seen.
    host = mx("dane-ee-other-name")
    address = run.rows("addresses", host=host)[0]["address"]
    run.change("probes", {"address": address}, outcome="timeout",
               phase="greeting", chain_id="", chain_trusted="",
               chain_error="", in_dates="", tls_version="")
    run.judge("dane-ee-other-name", "not_applicable")
    run.change("host_results", {"host": host}, tls_class="undetermined",
               name_match="")
    # To another provider.
    run.change("mx", {"domain": "dane-ta-certificate.sec"},
               host=mx("dane-ee-full"))


class Told:
    """The CSV files of a diff."""

    def __init__(self, program: str, old: Path, new: Path) -> None:
        folder = old.parent / f"diff-{old.name}-{new.name}"
        self.text = subprocess.run(
            [program, "diff", old, new, "--csv", folder], check=True,
            stdout=subprocess.PIPE, text=True).stdout
        self.folder = folder
        self.program, self.old, self.new = program, old, new

    def rows(self, name: str) -> list:
        with open(self.folder / f"{name}.csv", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    def rollovers(self) -> dict:
        return {row["host"].split(".")[1]: row["rollover"]
                for row in self.rows("certificates")}

    def moves(self, sender: str) -> dict:
        return {(row["old"], row["new"]): int(row["domains"])
                for row in self.rows("transitions")
                if row["sender"] == sender and row["old"] != row["new"]}

    def provider(self, name: str) -> dict:
        return next(row for row in self.rows("providers")
                    if row["provider"] == f"{name}.sec" and
                    row["sender"] == "dane")


ROLLOVERS = {
    "dane-ee-match": "pre_published", "dane-ee-certificate": "late",
    "dane-ee-sha512": "never_updated", "dane-ta-match": "pre_published",
    "dane-ee-self-signed": "none", "rollover": "retracted_early",
}


def births(told: Told) -> None:
    assert sorted((row["domain"], row["change"])
                  for row in told.rows("domains")) == [
        ("addresses-differ.sec", "removed"), ("refused.sec", "added")]


def rollovers(told: Told) -> None:
    assert told.rollovers() == ROLLOVERS, told.rollovers()
    changed = {row["host"].split(".")[1]: row["key_changed"]
               for row in told.rows("certificates")}
    assert [name for name in sorted(changed) if changed[name] == "0"] == [
        "dane-ee-self-signed", "rollover"], changed


def too_short(told: Told) -> None:
    wanted = ROLLOVERS | {"dane-ee-match": "ttl_too_short"}
    assert told.rollovers() == wanted, told.rollovers()


def rrsets(told: Told) -> None:
    changes = {row["host"].split(".")[1]: (row["change"], row["rollover"])
               for row in told.rows("tlsa")}
    assert changes == {
        "dane-ee-match": ("changed", "pre_published"),
        "dane-ee-certificate": ("changed", "late"),
        "rollover": ("changed", "retracted_early"),
        "dane-ee-mismatch": ("changed", "none")}, changes
    row = next(row for row in told.rows("tlsa")
               if row["host"] == mx("dane-ee-match"))
    assert row["new_records"] == f"3 1 1 {KEY}", row
    assert row["new_records"] in row["old_records"].split("; "), row


def transitions(told: Told) -> None:
    moves = {("authenticated", "refused"): 2, ("refused", "authenticated"): 1,
             ("authenticated", "undetermined"): 1}
    for sender in "dane", "dane_or_mta_sts":
        assert told.moves(sender) == moves, told.moves(sender)
    # A run that does not ask for TLSA reports only that it could not be seen.
    assert told.moves("opportunistic") == {("encrypted", "undetermined"): 1}
    for sender in {row["sender"] for row in told.rows("transitions")}:
        count = sum(int(row["domains"]) for row in told.rows("transitions")
                    if row["sender"] == sender)
        assert count == told.both, (sender, count)
    assert len({row["sender"] for row in told.rows("transitions")}) == SENDERS


def providers(told: Told) -> None:
    for name, column in (("dane-ee-sha512", "worse"), ("rollover", "worse"),
                         ("dane-ee-mismatch", "better"),
                         ("dane-ee-other-name", "into_undetermined"),
                         ("dane-ta-certificate", "left"),
                         ("dane-ee-full", "joined")):
        row = told.provider(name)
        for other in ("better", "worse", "into_undetermined",
                      "out_of_undetermined", "other", "left", "joined"):
            assert row[other] == ("1" if other == column else "0"), row
    assert told.provider("dane-ee-full")["new_domains"] == "2"
    assert not any(row["provider"] == "dane-ee-match.sec"
                   for row in told.rows("providers"))


def backwards(told: Told) -> None:
    assert told.moves("dane") == {
        ("refused", "authenticated"): 2, ("authenticated", "refused"): 1,
        ("undetermined", "authenticated"): 1}
    assert told.provider("dane-ee-other-name")["out_of_undetermined"] == "1"
    assert sorted((row["domain"], row["change"])
                  for row in told.rows("domains")) == [
        ("addresses-differ.sec", "added"), ("refused.sec", "removed")]


def text(told: Told) -> None:
    lines = told.text.splitlines()
    assert all(len(line) <= 80 or line.startswith(("old ", "new "))
               for line in lines), told.text
    assert "  --attempts: 1, was 2" in lines, told.text
    assert "The runs were made differently:" in lines, told.text
    at = lines.index("Domains: 14 now, 14 before")
    assert [line.split() for line in lines[at + 1:at + 4]] == [
        ["13", "in", "both"], ["1", "added"], ["1", "removed"]], told.text
    assert any(line.split()[:3] == ["never_updated", "1", "1"]
               for line in lines), told.text
    assert told.rows("options") == [
        {"what": "--attempts", "old": "2", "new": "1"}], told.rows("options")


def same(told: Told) -> None:
    for name in ("domains", "providers", "certificates", "tlsa", "options"):
        rows = [row for row in told.rows(name)
                if row.get("rollover") != "undetermined"]
        assert rows == [], rows
    assert told.moves("dane") == {}
    assert "made differently" not in told.text


def not_whole(told: Told) -> None:
    """Missing rows are not removed domains."""
    for table in "outcomes", "hosts", "tlsa":
        copy = told.folder.parent / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(told.new, copy)
        for part in (copy / table).glob("*"):
            part.unlink() if table != "tlsa" else part.write_bytes(b"")
        for runs in (copy, told.old), (told.old, copy):
            status = subprocess.run([told.program, "diff", *runs],
                                    stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL).returncode
            assert status == 65, (table, status)


def main() -> int:
    program, source, folder = sys.argv[1], Path(sys.argv[2]), Path(
        sys.argv[3])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    runs = {name: Run(source, folder / name)
            for name in ("old", "new", "soon")}
    prepare_old(runs["old"])
    for name, span in (("new", {"hours": 2}), ("soon", {"minutes": 30})):
        prepare_new(runs[name])
        runs[name].later(**span)
    for run in runs.values():
        run.seal(program)
    forth = Told(program, folder / "old", folder / "new")
    forth.both = len(runs["old"].rows("domains")) - 1
    soon = Told(program, folder / "old", folder / "soon")
    back = Told(program, folder / "new", folder / "old")
    none = Told(program, folder / "old", folder / "old")
    checks = [
        ("domains are added and removed", births, forth),
        ("each kind of rollover is told", rollovers, forth),
        ("with less than a TTL between it is too short", too_short, soon),
        ("TLSA RRsets that changed are listed", rrsets, forth),
        ("outcomes move, for each sender", transitions, forth),
        ("each move is its provider's, in its direction", providers, forth),
        ("the other way round, all moves back", backwards, back),
        ("the text fits and tells which options differ", text, forth),
        ("a run and itself do not differ", same, none),
        ("a run that is not whole is not compared", not_whole, forth),
    ]
    failures = 0
    print(f"1..{len(checks)}")
    for number, (name, check, told) in enumerate(checks, 1):
        try:
            check(told)
            print(f"ok {number} - {name}")
        except AssertionError as error:
            failures += 1
            print(f"not ok {number} - {name}\n# {str(error)[:2000]}")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
