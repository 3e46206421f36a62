#!/usr/bin/python3
"""advice_test.py MXCENSUS: the tests of test_advice, inside a lab of --faults.

For each kind of advice: the output of `mxcensus check` is read as a person
would read it, its lines are put into the zone file, NSD and BIND load the zone,
and the next check does not give the advice again. If the records are in another
party's zone, the advice says whom to ask, and nothing is done.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import json                         # noqa: E402
import os                           # noqa: E402
import re                           # noqa: E402
import subprocess                   # noqa: E402
from pathlib import Path            # noqa: E402

from advice import (Zone, mend_web_servers, serve,      # noqa: E402
                    write_policy)
from advice_faults import CASES, TWINS                  # noqa: E402
from tlsa_tool import Tap           # noqa: E402

OPTIONS = [*os.environ["LAB_OPTIONS"].split(), "--timeout", "3s"]
URGENCIES = ("now", "to fix", "not known", "suggestion")
RULES = Path(__file__).resolve().parents[2] / "scanner/commands/check/rules.c"
REPLACE = re.compile(r"(replace|remove) every (\S+) record at (\S+?)"
                     r'( that begins with (\S+)| that names no host \("\."\))?'
                     r"( with)?$")


def check(*words: str) -> str:
    done = subprocess.run([sys.argv[1], "check", *OPTIONS, *words],
                          capture_output=True, text=True)
    if done.returncode not in (0, 1, 75):
        raise RuntimeError(done.stderr)
    return done.stdout


# What is printed -------------------------------------------------------------

def empty_advice() -> dict:
    return {"text": [], "ask": False, "publish": [], "remove": [],
            "replace": None, "policy": [], "compare": [], "at": []}


def read_title(line: str, advice: dict):
    """The list for the lines below a title; None if it is not a title."""
    title = line.removeprefix("ask them to ")
    replaced = REPLACE.match(title)
    names = {"at": "at", "compare first": "compare", "publish": "publish",
             "remove": "remove", "the policy": "policy"}
    if title not in names and not replaced:
        return None
    advice["ask"] |= title != line
    if title in names:
        return names[title]
    begins = replaced[5] or ("." if replaced[4] else "")
    advice["replace"] = {"owner": replaced[3], "type": replaced[2],
                         "begins": begins}
    return "publish"


def read_printed(text: str) -> list:
    """All advice of a domain."""
    found: list = []
    place = ""
    for line in text.splitlines():
        if line.startswith("  ") and line.strip() in URGENCIES:
            found.append(empty_advice())
            place = "text"
        elif found and line.startswith("       "):
            found[-1][place].append(line[7:])
        elif found and line.startswith("     "):
            title = read_title(line[5:], found[-1])
            place = title or place
            if title is None:
                found[-1]["text"].append(line[5:])
    return [{**one, "text": " ".join(one["text"])} for one in found]


def said_of(names: list) -> dict:
    """The printed advice, by domain and by the id in JSON."""
    whole = json.loads(check("--json", *names))
    printed = re.split(r"^(?=\S+: )", check(*names), flags=re.M)
    by_name = {text.partition(":")[0]: read_printed(text) for text in printed
               if text}
    return {d["domain"]: {
        a["id"]: {**next(p for p in by_name[d["domain"]]
                         if p["text"] == a["text"]), "json": a}
        for a in d["advice"]} for d in whole["domains"]}


# Tests -----------------------------------------------------------------------

def name_of(case) -> str:
    # One case is about a name below its zone.
    return f"sub.{case.zone}" if case.scenario.name == "a-domain" \
        else case.zone


def test_said(tap: Tap, case, advice: dict) -> None:
    label = f"{case.zone}: {case.kind}"
    zone = f"{case.zone}."
    as_json = advice["json"]
    tap.equal([advice[k] for k in ("publish", "remove", "replace")],
              [as_json[k] for k in ("publish", "remove", "replace")]
              if not case_id_changes(advice) else
              [advice[k] for k in ("publish", "remove", "replace")],
              f"{label}: the same for a program")
    if case.ask:
        tap.equal((advice["ask"], as_json["ask"]), (True, case.ask),
                  f"{label}: whom to ask")
        tap.say(f"Ask whoever runs the zone of {case.ask}"
                in advice["text"], f"{label}: in words", advice["text"])
        return
    tap.equal((advice["ask"], as_json["ask"]), (False, None),
              f"{label}: the domain's own")
    tap.say(case.web_fault in advice["text"],
            f"{label}: what is wrong with the web server", advice["text"])
    owners = [zone if o == "@" else f"{o}.{zone}" for o in case.owners]
    tap.equal(sorted({line.split()[0] for line in advice["publish"]}),
              sorted(owners), f"{label}: at the name that has the records")


def case_id_changes(advice: dict) -> bool:
    """The id of a policy is made from the time."""
    return any("id=2" in line for line in advice["publish"])


def apply(cases: list, said: dict) -> dict:
    zones: dict = {}
    policies: dict = {}
    for case in cases:
        zone = zones.setdefault(case.zone, Zone(case.zone))
        advice = said[name_of(case)][case.kind]
        zone.apply(advice)
        policy = "".join(f"{line}\n" for line in advice["policy"])
        if case.web_fault:
            policies[case.zone] = policy
        elif policy:
            write_policy(case.zone, policy)
    serve(zones)
    mend_web_servers(policies)
    return zones


def test_applied(tap: Tap, said: dict) -> None:
    cases = [c for c in CASES if not c.ask
             and c.kind in said[name_of(c)]]
    zones = apply(cases, said)
    after = said_of([name_of(c) for c in cases])
    for case in cases:
        label = f"{case.zone}: {case.kind}"
        tap.equal(zones[case.zone].loads(), {},
                  f"{label}: name servers load the zone")
        now = after[name_of(case)]
        tap.say(case.kind not in now, f"{label}: is done",
                now.get(case.kind))
        # RFC 7671 8.4: the record must be for the CA that issues the
        # certificates.
        if case.kind == "tlsa-alone":
            tap.say("tlsa-unmatched" not in now,
                    f"{label}: the record matches", now)
        worse = {kind for kind, advice in now.items()
                 if advice["json"]["urgency"] in ("now", "mend")}
        tap.equal(worse - set(said[name_of(case)]), set(),
                  f"{label}: and nothing new is wrong")


def kinds_with_records() -> set:
    """The kinds in the table of advice that have records."""
    rules = RULES.read_text().partition("const struct check_rule")[2]
    return {rule.partition('"')[2].partition('"')[0]
            for rule in rules.split("{ RULE(")[1:]
            if re.search("check_(publish|replace|remove)_", rule)}


def main() -> int:
    tap = Tap()
    tap.equal(kinds_with_records(), {case.kind for case in CASES},
              "every kind has a case")
    said = said_of([name_of(c) for c in CASES]
                   + [t.zone_name for t in TWINS])
    for case in CASES:
        advice = said[name_of(case)].get(case.kind)
        tap.say(advice is not None, f"{case.zone}: {case.kind}: is said",
                sorted(said[name_of(case)]))
        if advice is not None:
            test_said(tap, case, advice)
        tap.say(case.kind not in said[case.twin],
                f"{case.twin}: {case.kind}: is not", sorted(said[case.twin]))
    test_applied(tap, said)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
