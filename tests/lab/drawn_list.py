#!/usr/bin/python3
"""drawn_list.py LIST REASONS ABSENT_ONCE LATE LAST: the list that
test_policy_candidates draws from runs of the world --drawn, and the reasons
against the domains that are not in it, compared with RULES 10. ABSENT_ONCE was
in two runs, LATE in those of the last four days; LAST is the time of the last
run, as the list has it."""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import csv                                              # noqa: E402
import gzip                                             # noqa: E402
import json                                             # noqa: E402
from pathlib import Path                                # noqa: E402

import jsonschema                                       # noqa: E402

from scenarios.drawn import DRAWN                       # noqa: E402
from scenarios.listed import LISTED                     # noqa: E402

LIST_SCHEMA = Path(__file__).resolve().parent / "policy_list.schema.json"

# The accepted domains: mode, and patterns below the domain. C8: enforce where
# MTA-STS says so, or the owner (list-two-entries).
MX1 = ("mx1.@",)
TAKEN = {
    "list": ("testing", MX1),
    "list-two-entries": ("enforce", MX1),
    "list-suffix": ("testing", MX1),
    "list-suffix-deep": ("testing", ("a.mx1.@",)),
    "list-suffix-wildcard": ("testing", MX1),
    "list-wildcard": ("testing", MX1),
    "list-wildcard-deep": ("testing", MX1),
    "list-dane": ("testing", MX1),
    "list-sts": ("enforce", MX1),
    "list-sts-testing": ("testing", MX1),
    "list-sts-none": ("testing", MX1),
    "list-tiers-first": ("testing", ("mx1.@", "mx2.@")),
    "draw": ("testing", MX1),
    "draw-shared": ("testing", ("mx1.draw.sec",)),
    "draw-enforce": ("enforce", MX1),
    "draw-sts": ("enforce", MX1),
    "draw-two": ("testing", ("mx1.@", "mx2.@")),
    "draw-three": ("testing", (".@",)),
    "draw-dane-too": ("enforce", MX1),
}

# The rejected domains: rule, MX host and value, in each of the runs.
C2 = ("C2", "mx1", "starttls_absent")
C3_NAME = ("C3", "mx1", "certificate_name")
C6_AGE = ("C6", "", "max_age_short")
DIFFER = ("C9", "mx1", "addresses_differ")
REJECTED = {
    "list-gone": {("C1", "", "unreachable")},
    "list-no-starttls": {C2},
    "list-tiers": {("C2", "mx2", "starttls_absent")},
    "list-certificate-name": {C3_NAME},
    "list-mx-name": {C3_NAME},
    "list-self-signed": {("C3", "mx1", "depth_zero_self_signed_cert")},
    "list-expired-certificate": {("C3", "mx1", "certificate_expired")},
    "list-old": {("C4", "mx1", "tls_old")},
    "draw-host": {("C5", "mx_1", "not_expressible")},
    "draw-sts-short": {C2, C6_AGE},
    "list-sts-fails": {C3_NAME, C6_AGE},
    "list-sts-unfetched": {C3_NAME, ("C6", "", "fetch_failed")},
    "list-busy": {("C9", "mx1", "rejected")},
    "list-tiers-busy": {("C9", "mx1", "rejected")},
    "list-sts-broken": {("C9", "", "mta_sts_error")},
    "list-pairs": {C3_NAME, DIFFER},
    "list-pairs-both": {C3_NAME, DIFFER},
    "draw_n": {("C10", "", "not_expressible")},
    "draw-dane": {("C11", "", "dane_preferred")},
    # Only in the last run, which determines the list.
    "draw-soon": {("C9", "mx1", "expires_before_list")},
}
# Each rule is the only reason against some domain (C6 is the only rule that
# admits draw-sts).
RULES = {"C1", "C2", "C3", "C4", "C5", "C7", "C9", "C10", "C11"}

number = failures = 0


def equal(name: str, got, wanted) -> None:
    global number, failures
    number += 1
    failures += got != wanted
    print(f"{'ok' if got == wanted else 'not ok'} {number} - {name}")
    if got != wanted:
        print(f"# got      {got!r}\n# expected {wanted!r}")


def resolved(value: dict, name: str) -> tuple | None:
    policy = value["policies"].get(f"{name}.sec")
    if policy and "policy-alias" in policy:
        policy = value["policy-aliases"][policy["policy-alias"]]
    return policy and (policy["mode"], tuple(policy["mxs"]))


def test_list(value: dict) -> None:
    for scenario in LISTED + DRAWN:
        wanted = TAKEN.get(scenario.name)
        if wanted:
            wanted = wanted[0], tuple(mx.replace("@", scenario.zone_name)
                                      for mx in wanted[1])
        equal(f"policy of {scenario.zone_name}",
              resolved(value, scenario.name), wanted)
    equal("nobody else", set(value["policies"]),
          {f"{name}.sec" for name in TAKEN})
    equal("what two share is an alias", value["policy-aliases"],
          {"draw.sec": {"mode": "testing", "mxs": ["mx1.draw.sec"]}})
    try:
        jsonschema.validate(value, json.loads(LIST_SCHEMA.read_text()))
        said = ""
    except jsonschema.ValidationError as error:
        said = error.message
    equal("the schema accepts it", said, "")


def test_reasons(path: str, once: str, late: str, last: str) -> None:
    found: dict = {}
    scans: dict = {}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            name = row["domain"].removesuffix(".sec")
            host = row["host"].removesuffix(f".{row['domain']}")
            found.setdefault(name, set()).add(
                (row["rule"], host, row["value"]))
            scans.setdefault(name, set()).add(row["scan"])
    wanted = {**REJECTED, once: {("C7", "", "too_few_scans")},
              late: {("C7", "", "too_few_days")}}
    for name in sorted({*wanted, *found}):
        equal(f"reasons of {name}.sec", found.get(name), wanted.get(name))
    equal("of each of four runs", len(scans["list-gone"]), 4)
    equal("of the last", scans["draw-soon"], {last})
    equal("of none in particular", scans[once], {""})
    alone = {next(iter(reasons))[0] for reasons in found.values()
             if len({rule for rule, *_ in reasons}) == 1}
    equal("each rule is alone somewhere", alone, RULES)


def main() -> int:
    path, reasons, once, late, last = sys.argv[1:]
    with open(path) as file:
        value = json.load(file)
    equal("dated at the last run", value["timestamp"], last)
    test_list(value)
    test_reasons(reasons, once, late, last)
    print(f"1..{number}")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
