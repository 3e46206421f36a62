#!/usr/bin/python3
"""policy_list.py MODE|WORD: a policy list (STARTTLS Everywhere v0.1) of the
lab's listed domains, in JSON. enforce, testing: all in that mode; alias:
enforce, by aliases; expired: enforce, until yesterday; other: with no domain of
the lab."""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import datetime                                         # noqa: E402
import json                                             # noqa: E402

from scenarios.listed import LISTED                     # noqa: E402


def entries(mode: str) -> dict:
    found = {}
    for scenario in LISTED:
        listed = scenario.expect.senders[4]
        if listed is not None:
            found[scenario.zone_name] = {
                "mode": mode, "mxs": listed.patterns(scenario.zone_name)}
    return found


def day(days: int) -> str:
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(days=days)).strftime(
        "%Y-%m-%dT%H:%M:%SZ")


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    word = sys.argv[1]
    policies = entries("testing" if word == "testing" else "enforce")
    aliases: dict = {}
    if word == "alias":
        aliases = {f"of-{name}": policy for name, policy in policies.items()}
        policies = {name: {"policy-alias": f"of-{name}"}
                    for name in policies}
    elif word == "other":
        policies = {f"other.{name}": policy
                    for name, policy in policies.items()}
    print(json.dumps({
        "timestamp": day(-2), "expires": day(-1 if word == "expired" else 9),
        "version": "0.1", "author": "the lab", "policies": policies,
        "policy-aliases": aliases}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
