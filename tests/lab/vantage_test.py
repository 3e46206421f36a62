#!/usr/bin/python3
"""vantage_test rules PLACE: prints the rules of nft that stand between a place and
the world of `--places`.

vantage_test test PROGRAM A B FOLDER: merges the runs A, from fra, and B, from nyc,
in FOLDER, and says in TAP whether they are what RULES 14 says."""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import csv                                              # noqa: E402
import json                                             # noqa: E402
import os                                               # noqa: E402
import shutil                                           # noqa: E402
import subprocess                                       # noqa: E402
from pathlib import Path                                # noqa: E402

import places_world as world                            # noqa: E402
from diff_runs import Run                               # noqa: E402
from tables import read_table                           # noqa: E402

A, B = "fra", "nyc"


def rules(place: str) -> str:
    """What is dropped has left this machine, so that it is not a fault of its
    own (RULES F9); what is turned aside meets another server."""
    expected = json.loads((Path(os.environ["LAB_DIR"]) / "expected.json")
                          .read_text())
    servers = next(scenario["name_servers"] for scenario in expected
                   if scenario["name"] == "name-server-a")
    dropped, turned = [world.BLOCKED_BOTH], {}
    ports = "25, 443"
    if place == A:
        dropped += [world.BLOCKED_A, world.POLICY_A, world.TWO[1]]
        turned = {world.GREY_A: world.GREY_BOTH,
                  world.FILTERED_A: world.FILTERED_BOTH}
    else:
        dropped += [world.BLOCKED_B, world.TWO[0]]
    lines = ["add table inet places", "delete table inet places",
             "table inet places {", " chain arriving {",
             "  type filter hook input priority 0"]
    lines += [f"  ip daddr {address} tcp dport {{ {ports} }} drop"
              for address in dropped]
    if place == A:
        lines += [f"  ip daddr {address} meta l4proto {{ tcp, udp }} "
                  "th dport 53 drop" for address in servers]
    lines += [" }", " chain leaving {",
              "  type nat hook output priority -100"]
    lines += [f"  ip daddr {address} tcp dport 25 dnat ip to {other}"
              for address, other in turned.items()]
    return "\n".join([*lines, " }", "}", ""])


class Merged:
    """The runs, and what they make together, in both orders."""

    def __init__(self, program: str, a: str, b: str, folder: str) -> None:
        self.program = program
        self.a, self.b, self.folder = Path(a), Path(b), Path(folder)
        self.ab = self.merge(self.a, self.b, "merged")
        self.ba = self.merge(self.b, self.a, "merged-back")

    def call(self, *words) -> subprocess.CompletedProcess:
        return subprocess.run([self.program, *map(str, words)],
                              capture_output=True, text=True)

    def new(self, name: str) -> Path:
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path

    def merge(self, a: Path, b: Path, name: str) -> Path:
        run = self.new(name)
        done = self.call("merge", a, b, "-o", run)
        assert done.returncode == 0, done.stderr
        self.verify(run)
        return run

    def verify(self, run: Path) -> None:
        done = self.call("verify", run)
        assert done.returncode == 0, done.stdout

    def refused(self, a: Path, b: Path, status: int, text: str) -> None:
        """And nothing is left."""
        run = self.new("refused")
        done = self.call("merge", a, b, "-o", run)
        assert (done.returncode, run.exists()) == (status, False), done
        assert text in done.stderr, done.stderr

    def altered(self, source: Path, name: str, change) -> Path:
        """A copy of the run, changed and sealed again."""
        path = self.new(name)
        run = Run(source, path)
        change(run)
        run.seal(self.program)
        return path

    def described(self, source: Path, name: str, change) -> Path:
        """A copy of the run with another run.json, sealed again."""
        path = self.new(name)
        shutil.copytree(source, path)
        file = path / "run.json"
        metadata = json.loads(file.read_text())
        change(metadata)
        file.write_text(json.dumps(metadata))
        done = self.call("conclude", "--force", path)
        assert done.returncode == 0, done.stderr
        return path


def column(run: Path, table: str, key: str, name: str) -> dict:
    return {row[key]: row[name] for row in read_table(run, table)}


def firsts(run: Path, sender: str) -> dict:
    return {name.removesuffix(".sec"): value for name, value in
            column(run, "outcomes", "domain", f"{sender}_first").items()}


def csv_rows(path: Path) -> list:
    with open(path, newline="") as file:
        return list(csv.DictReader(file, strict=True))


def equal(got, wanted) -> None:
    assert got == wanted, f"{got}, not {wanted}"


UNSEEN = ("undetermined", "unreachable")
GOOD = {f"good{n}" for n in range(world.GOOD_ZONES)}


def seen_by_one(runs: Merged) -> None:
    """Of all senders: what one place saw is seen."""
    for sender in ("opportunistic", "dane", "mta_sts", "webpki"):
        a, b = firsts(runs.a, sender), firsts(runs.b, sender)
        both = firsts(runs.ab, sender)
        equal(set(both), set(a))
        for name, value in both.items():
            if a[name] not in UNSEEN or b[name] not in UNSEEN:
                assert value not in UNSEEN, (sender, name, value)


def seen_by_nobody(runs: Merged) -> None:
    for run in runs.ab, runs.ba:
        both = firsts(run, "dane")
        equal({name for name, value in both.items() if value in UNSEEN},
              {"blocked-both", "grey-both"})
        # RULES 9: nobody connects, twice; somebody is there.
        equal((both["blocked-both"], both["grey-both"]),
              ("unreachable", "undetermined"))


def outcomes(runs: Merged) -> None:
    wanted = dict.fromkeys(
        GOOD | {"blocked-a", "blocked-b", "grey-a", "name-server-a", "hosted",
                "policy-a", "two"}, "authenticated")
    wanted |= {"blocked-both": "unreachable", "grey-both": "undetermined",
               "filtered-a": "encrypted", "filtered-both": "cleartext"}
    # Both saw it, and differently.
    equal(firsts(runs.ab, "dane"), {**wanted, "moved": "refused"})
    equal(firsts(runs.ba, "dane"), {**wanted, "moved": "authenticated"})


def domains_of(runs: Merged) -> None:
    from_b = {"name-server-a.sec"}
    names = column(runs.ab, "domains", "domain", "vantage")
    equal({name for name, place in names.items() if place == B}, from_b)
    equal(set(names.values()), {A, B})
    names = column(runs.ba, "domains", "domain", "vantage")
    equal(set(names.values()), {B})


def hosts_of(runs: Merged) -> None:
    names = column(runs.ab, "hosts", "host", "vantage")
    equal({name for name, place in names.items() if place == B},
          {"mx.name-server-a.sec"})
    equal(names.keys(), column(runs.b, "hosts", "host", "host").keys())


def results_of(runs: Merged) -> None:
    wanted = {world.BLOCKED_A: B, world.BLOCKED_B: A, world.BLOCKED_BOTH: A,
              world.GREY_A: B, world.GREY_BOTH: A, world.FILTERED_A: B,
              world.FILTERED_BOTH: A, world.TWO[0]: A, world.TWO[1]: B,
              "198.19.20.1": B, "198.19.21.1": A, "198.19.22.1": A}
    for table in "probes", "host_results":
        places = column(runs.ab, table, "address", "vantage")
        equal({address: places[address] for address in wanted}, wanted)
    equal(column(runs.ba, "probes", "address", "vantage")[world.BLOCKED_B], A)


def attempts_of(runs: Merged) -> None:
    """All attempts are those of one run, row by row."""
    sources = {A: list(read_table(runs.a, "probes")),
               B: list(read_table(runs.b, "probes"))}
    for row in read_table(runs.ab, "probes"):
        own = sources[row["vantage"]]
        assert {**row, "vantage": ""} in own, row
        of_own = [other["attempt"] for other in own if
                  (other["address"], other["sni"]) ==
                  (row["address"], row["sni"])]
        equal([other["attempt"] for other in read_table(runs.ab, "probes") if
               (other["address"], other["sni"]) ==
               (row["address"], row["sni"])], of_own)


def policy_of(runs: Merged) -> None:
    for run in runs.ab, runs.ba:
        rows = list(read_table(run, "policies"))
        equal([(row["domain"], row["mta_sts_status"], row["vantage"])
               for row in rows], [("policy-a.sec", "valid", B)])
    equal(column(runs.ab, "domains", "domain", "vantage")["policy-a.sec"], A)
    equal(firsts(runs.ab, "mta_sts")["policy-a"], "authenticated")
    equal(firsts(runs.a, "mta_sts")["policy-a"], "encrypted")


def metadata_of(runs: Merged) -> None:
    run = json.loads((runs.ab / "run.json").read_text())
    a = json.loads((runs.a / "run.json").read_text())
    equal(run["state"], "sealed")
    equal([source["name"] for source in run["merged"]], [A, B])
    equal([source["options"]["ehlo"] for source in run["merged"]],
          ["scan.lab.bare", "other.lab.bare"])
    equal(run["merged"][0]["counts"], a["counts"])
    equal(run["started_at"], a["started_at"])
    equal(json.loads((runs.ba / "run.json").read_text())["started_at"],
          a["started_at"])
    assert "ehlo" not in run["options"] and "vantage" not in run["options"]
    equal(run["options"]["retry-after"], "2000ms")
    equal(run["counts"]["domains"], 18)
    equal(run["counts"]["policies"], 1)
    equal(run["merge"]["kept"][B]["domains"], 1)
    sessions = sum(1 for run in (runs.a, runs.b)
                   for _ in read_table(run, "probes"))
    merge = run["merge"]
    equal(sum(kept["sessions"] for kept in merge["kept"].values()) +
          merge["left_out"]["sessions"], sessions)


def concluded_again(runs: Merged) -> None:
    run = runs.new("again")
    shutil.copytree(runs.ab, run)
    before = sorted((path.name, path.read_bytes())
                    for path in (run / "outcomes").iterdir())
    summary = (run / "summary.json").read_bytes()
    done = runs.call("conclude", run)
    assert done.returncode == 0, done.stderr
    equal(sorted((path.name, path.read_bytes())
                 for path in (run / "outcomes").iterdir()), before)
    equal((run / "summary.json").read_bytes(), summary)
    runs.verify(run)


def read_by_others(runs: Merged) -> None:
    for words in (("status", runs.ab), ("summary", runs.ab),
                  ("diff", runs.a, runs.ab), ("diff", runs.ab, runs.ba)):
        done = runs.call(*words)
        assert done.returncode == 0, (words, done.stderr)
    assert f"of runs from {A} and {B}" in runs.call("status", runs.ab).stdout
    said = runs.call("summary", runs.ab).stdout
    assert said.startswith(f"MERGED: runs from {A} and {B}."), said
    assert "MERGED" not in runs.call("summary", runs.a).stdout
    for name, options in ("export", ()), ("anonymous", ("--anonymous",)):
        copy = runs.new(name)
        done = runs.call("export", runs.ab, "-o", copy, *options)
        assert done.returncode == 0, done.stderr
        runs.verify(copy)
    run = json.loads((runs.folder / "anonymous" / "run.json").read_text())
    equal([(source["options"]["ehlo"], source["vantage"]["machine"])
           for source in run["merged"]], [("", ""), ("", "")])


def a_place_for_itself(runs: Merged) -> None:
    """A run that sees as much as the other gives all of itself."""
    twin = runs.described(runs.a, "twin", lambda run: run["options"].update(
        vantage="oslo"))
    run = runs.merge(runs.a, twin, "with-twin")
    for table in "domains", "hosts", "policies", "probes", "host_results":
        equal({row["vantage"] for row in read_table(run, table)}, {A})
        equal([{**row, "vantage": ""} for row in read_table(run, table)],
              list(read_table(runs.a, table)))
    for table in "mx", "addresses", "tlsa", "outcomes":
        equal(list(read_table(run, table)), list(read_table(runs.a, table)))
    equal(json.loads((run / "summary.json").read_text()),
          json.loads((runs.a / "summary.json").read_text()))


def other_addresses(runs: Merged) -> None:
    """Where each place is told another address, the one that was met counts."""
    host, new = "mx.blocked-a.sec", "198.19.201.1"

    def move(run: Run) -> None:
        for table in "addresses", "host_results", "probes":
            run.change(table, {"address": world.BLOCKED_A}, address=new)

    run = runs.merge(runs.a, runs.altered(runs.b, "moved-b", move), "by-place")
    equal(column(run, "hosts", "host", "vantage")[host], B)
    equal(column(run, "addresses", "host", "address")[host], new)
    equal(firsts(run, "dane")["blocked-a"], "authenticated")
    # As many are seen: those of A.
    def move_good(run: Run) -> None:
        for table in "addresses", "host_results", "probes":
            run.change(table, {"address": "198.19.10.1"}, address=new)

    run = runs.merge(runs.a, runs.altered(runs.b, "moved-b", move_good),
                     "by-place")
    equal(column(run, "addresses", "host", "address")["mx.good0.sec"],
          "198.19.10.1")
    equal(json.loads((run / "run.json").read_text())["merge"]["left_out"][
        "host_addresses"], 1)


def other_records(runs: Merged) -> None:
    """The host is of B, which alone was told of its records, and only A met a
    server: what it showed was not compared with them."""
    host, address = "mx.good0.sec", "198.19.10.1"

    def forget(run: Run) -> None:
        run.drop("tlsa", host=host)
        run.change("hosts", {"host": host}, tlsa_status="servfail",
                   tlsa_count="", tlsa_usable_count="", tlsa_dnssec="",
                   attempts="2")
        run.change("host_results", {"host": host}, tlsa_status="servfail",
                   dane_verdict="not_applicable", dane_depth="",
                   dane_verdict_no_agility="not_applicable",
                   dane_matching_positions="", asking="")

    def lose(run: Run) -> None:
        run.change("probes", {"address": address}, outcome="timeout",
                   phase="connect", chain_id="", chain_trusted="",
                   chain_error="", in_dates="", tls_version="")
        run.change("host_results", {"host": host}, tls_class="unreachable",
                   name_match="", dane_verdict="no_tls", dane_depth="",
                   dane_verdict_no_agility="no_tls",
                   dane_matching_positions="")

    a = runs.altered(runs.a, "without-records", forget)
    b = runs.altered(runs.b, "without-session", lose)
    run = runs.merge(a, b, "apart")
    equal(column(run, "hosts", "host", "vantage")[host], B)
    row = next(row for row in read_table(run, "host_results")
               if row["host"] == host)
    equal((row["vantage"], row["tls_class"], row["tlsa_status"],
           row["dane_verdict"], row["asking"], row["flags"]),
          (A, "tls", "usable", "not_applicable", "", ""))
    equal((firsts(run, "dane")["good0"], firsts(run, "opportunistic")["good0"]),
          ("undetermined", "encrypted"))
    # The twin: B met it, too, with its records.
    run = runs.merge(a, runs.b, "together")
    row = next(row for row in read_table(run, "host_results")
               if row["host"] == host)
    equal((row["vantage"], row["dane_verdict"]), (B, "match"))
    equal(firsts(run, "dane")["good0"], "authenticated")


def opted_out(runs: Merged) -> None:
    left = runs.altered(runs.b, "opted-out",
                        lambda run: run.drop_domain("hosted.sec"))
    run = runs.merge(runs.a, left, "of-both")
    names = column(run, "domains", "domain", "vantage")
    assert "hosted.sec" not in names and len(names) == 17, names
    inputs = json.loads((run / "run.json").read_text())["inputs"]
    equal((inputs["domains"], inputs["opted_out"]), (17, 1))

    # A domain that is in one run alone, for no reason: as many are in both.
    def rename(run: Run) -> None:
        for table in "domains", "mx", "outcomes":
            run.change(table, {"domain": "hosted.sec"}, domain="other.sec")
        for path, rows in run.parts.items():
            if path.parent.name in ("domains", "mx", "outcomes"):
                rows.sort(key=lambda row: [row[name] for name in
                                           run.columns[path][:1]])
    runs.refused(runs.a, runs.altered(runs.b, "renamed", rename), 65,
                 "do not have the same domains")


def orphans(runs: Merged) -> None:
    """A host that only a row of mx names that is not kept is left out."""
    def lead_on(run: Run) -> None:
        run.change("mx", {"domain": "hosted.sec"}, host="mx.extra.sec")
        for table in "hosts", "addresses", "tlsa":
            for row in run.rows(table, host="mx.blocked-a.sec"):
                run.add(table, {**row, "host": "mx.extra.sec"})
        for row in run.rows("host_results", host="mx.blocked-a.sec"):
            run.add("host_results", {**row, "host": "mx.extra.sec",
                                     "sni": "mx.extra.sec",
                                     "basis": "shared"})
    b = runs.altered(runs.b, "with-extra", lead_on)
    run = runs.merge(runs.a, b, "of-a")
    assert "mx.extra.sec" not in column(run, "hosts", "host", "host")
    equal(json.loads((run / "run.json").read_text())["merge"]["left_out"][
        "hosts"], 1)
    run = runs.merge(b, runs.a, "of-b")
    equal(column(run, "hosts", "host", "vantage")["mx.extra.sec"], B)
    equal(firsts(run, "dane")["hosted"], "authenticated")


def misfits(runs: Merged) -> None:
    def option(name: str, value: str):
        return lambda run: run["options"].update({name: value})

    runs.refused(runs.a, runs.a, 2, "are from one place, fra")
    runs.refused(runs.ab, runs.b, 2, "is merged of several runs already")
    runs.refused(runs.a, runs.folder / "anonymous", 2, "is merged")
    copy = runs.new("without-addresses")
    assert runs.call("export", runs.b, "-o", copy,
                     "--anonymous").returncode == 0
    runs.refused(runs.a, copy, 2, "is anonymous")
    for name, change, status, text in (
            ("seed", option("seed", "x"), 2, "--seed is 'mxcensus' and 'x'"),
            ("sample", option("sample", "2"), 2, "--sample"),
            ("unnamed", option("vantage", ""), 2, "no name of its place"),
            ("misnamed", option("vantage", "=a"), 65, "not a name of a place"),
            ("timed", option("retry-after", "1000ms"), 2, "--retry-after")):
        runs.refused(runs.a, runs.described(runs.b, name, change), status,
                     text)

    def other_bytes(run: dict) -> None:
        run["inputs"]["files"][0]["sha256"] = "0" * 64
    runs.refused(runs.a, runs.described(runs.b, "input", other_bytes), 2,
                 "their inputs differ")
    for words, status in (((runs.a, runs.b), 2), ((runs.a,), 2),
                          ((runs.a, runs.b, "-o", runs.ab), 74),
                          ((runs.a, runs.folder / "no-run", "-o",
                            runs.new("refused")), 65)):
        equal(runs.call("merge", *words).returncode, status)


def damage(runs: Merged) -> None:
    path = runs.new("damaged")
    shutil.copytree(runs.b, path)
    part = next((path / "hosts").glob("*.csv.gz"))
    part.write_bytes(part.read_bytes()[:-9])
    runs.refused(runs.a, path, 65, "hosts/")
    runs.refused(path, runs.a, 65, "hosts/")
    path = runs.new("measuring")
    shutil.copytree(runs.b, path)
    file = path / "run.json"
    file.write_text(file.read_text().replace('"sealed"', '"measuring"'))
    runs.refused(runs.a, path, 75, "is not sealed")


def by_place(runs: Merged) -> None:
    lists = runs.new("by-place-csv")
    done = runs.call("diff", "--places", runs.a, runs.b, "--sender", "dane",
                     "--csv", lists)
    assert done.returncode == 0, done.stderr
    assert all(len(line) <= 80 for line in done.stdout.split("\n")
               if str(runs.folder) not in line), done.stdout
    rows = {name: csv_rows(lists / f"{name}.csv")
            for name in ("domains", "addresses", "networks", "providers")}

    def network(address: str) -> str:
        return address.rpartition(".")[0] + ".0/24"
    # What kept A, and what kept B.
    equal({row["network"]: tuple(
        name for name, value in row.items() if value == "1")
        for row in rows["networks"] if row["alike"] == "0"}, {
            network(world.BLOCKED_A): ("b_alone", "a_blocked"),
            network(world.BLOCKED_B): ("a_alone", "b_blocked"),
            network(world.BLOCKED_BOTH): ("neither",),
            network(world.GREY_A): ("b_alone", "a_greylisted"),
            network(world.GREY_BOTH): ("neither",),
            network(world.FILTERED_A): ("b_alone", "a_filtered"),
            network(world.TWO[0]): ("a_alone", "b_blocked"),
            network(world.TWO[1]): ("b_alone", "a_blocked"),
            "198.19.22.0/24": ("otherwise",)})
    providers = {row["provider"]: row for row in rows["providers"]}
    hosted = providers["blocked-a.sec"]
    equal((hosted["b_alone"], hosted["a_blocked"], hosted["domains_b_alone"]),
          ("1", "1", "2"))
    # B alone knows who that is.
    equal(providers["name-server-a.sec"]["domains_b_alone"], "1")
    equal({row["domain"].removesuffix(".sec"): row["seen"]
           for row in rows["domains"]}, {
              "blocked-a": "b_alone", "blocked-b": "a_alone",
              "blocked-both": "neither", "grey-a": "b_alone",
              "grey-both": "neither", "filtered-a": "otherwise",
              "hosted": "b_alone", "moved": "otherwise",
              "name-server-a": "b_alone"})
    equal({row["host"]: (row["a_obstacle"], row["b_obstacle"])
           for row in rows["addresses"] if row["seen"] == "b_alone"}, {
              "mx.blocked-a.sec": ("blocked", "none"),
              "mx.grey-a.sec": ("greylisted", "none"),
              "mx.filtered-a.sec": ("filtered", "none"),
              "mx.two.sec": ("blocked", "none")})
    words = [line.split() for line in done.stdout.split("\n")]
    for line in ("Addresses seen by blocked greylisted filtered unclear "
                 "not_tried",
                 "B alone, since for A 2 1 1 0 0",
                 "A alone, since for B 2 0 0 0 0",
                 "MX hosts: 16 in both, 0 in A alone, 1 in B alone"):
        assert line.split() in words, done.stdout


def by_place_backwards(runs: Merged) -> None:
    one, other = (runs.new(f"by-place-{n}") for n in (1, 2))
    for lists, a, b in (one, runs.a, runs.b), (other, runs.b, runs.a):
        done = runs.call("diff", "--places", a, b, "--csv", lists)
        assert done.returncode == 0, done.stderr

    def turned(name: str) -> str:
        return {"a": "b", "b": "a"}[name[0]] + name[1:] \
            if name[:2] in ("a_", "b_") else name
    equal(csv_rows(one / "networks.csv"),
          [{turned(name): value for name, value in row.items()}
           for row in csv_rows(other / "networks.csv")])


def by_place_misfits(runs: Merged) -> None:
    for a, b, status in ((runs.a, runs.a, 2), (runs.ab, runs.b, 2),
                         (runs.a, runs.folder / "damaged", 65),
                         (runs.a, runs.folder / "measuring", 75),
                         (runs.a, runs.folder / "no-run", 65)):
        done = runs.call("diff", "--places", a, b)
        equal((done.returncode, done.stdout), (status, ""))


CHECKS = [
    ("RULES V12: what one place alone sees, and why", by_place),
    ("RULES V12: the other way round", by_place_backwards),
    ("what one place saw is determined", seen_by_one),
    ("what neither saw is not", seen_by_nobody),
    ("outcomes follow from the rows that are kept", outcomes),
    ("RULES V3: the rows of a domain are of the run that got an answer", domains_of),
    ("RULES V4: those of a host, too", hosts_of),
    ("RULES V5: results are of the run that saw more", results_of),
    ("RULES V1: attempts of two places are not combined", attempts_of),
    ("RULES V7: a policy is of the run that fetched it", policy_of),
    ("RULES V11: run.json has both runs", metadata_of),
    ("conclude makes the same again", concluded_again),
    ("other commands read a merged run", read_by_others),
    ("the same run twice is A", a_place_for_itself),
    ("RULES V4: other addresses by place", other_addresses),
    ("RULES V9: other TLSA records by place", other_records),
    ("RULES V10: a domain that one run opted out", opted_out),
    ("RULES V8: a host that no kept row names", orphans),
    ("RULES V2: runs that do not fit are refused", misfits),
    ("RULES V2: a run that is damaged or not sealed is refused", damage),
    ("RULES V2: nor are such runs compared", by_place_misfits),
]


def main() -> int:
    if sys.argv[1] == "rules":
        sys.stdout.write(rules(sys.argv[2]))
        return 0
    runs = Merged(*sys.argv[2:])
    failures = 0
    print(f"1..{len(CHECKS)}")
    for number, (name, check) in enumerate(CHECKS, 1):
        try:
            check(runs)
            print(f"ok {number} - {name}", flush=True)
        except AssertionError as error:
            failures += 1
            print(f"not ok {number} - {name}\n# {str(error)[:2000]}",
                  flush=True)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
