#!/usr/bin/python3
"""scale.py bulk|paced|customers|slow|prefix|silent RUN: did a run of that world
comply with RULES 11?

LAB_DIR is the world that was scanned, its logs have this run and nothing else.
TAP.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import bisect                                           # noqa: E402
import collections                                      # noqa: E402
import datetime                                         # noqa: E402
import json                                             # noqa: E402
from pathlib import Path                                # noqa: E402

from network import Lab                                 # noqa: E402
from sessions import read_ended_log                     # noqa: E402
from tables import read_table                           # noqa: E402

FOLDER = Lab().folder
SNI_PER_ADDRESS = 8         # the default of the option
EARLY_NAMES = 2             # RULES K6: facts before the ClientHello
DNS_RATE = 500              # the default of the option
PREFIX_RATE = 300           # the option of that run
BURST = 1.2                 # a second may begin with a burst of every worker


class Tap:
    def __init__(self) -> None:
        self.number = self.failures = 0

    def say(self, good, text: str) -> None:
        self.number += 1
        self.failures += not good
        print(f"{'ok' if good else 'not ok'} {self.number} - {text}")

    def end(self) -> int:
        print(f"1..{self.number}")
        return int(self.failures > 0)


def count_domains(run: Path) -> collections.Counter:
    return collections.Counter(row["mx_status"]
                               for row in read_table(run, "domains"))


def check_conduct(tap: Tap, log) -> None:
    """RULES K3, S16."""
    tap.say(log.most("at_address") <= 1, "one session at a time to an address")
    tap.say(log.most("at_network") <= 2, "two at a time to a network")
    tap.say(not log.forbidden, "no forbidden command")
    tap.say(log.unfinished == 0, "every session was ended")


# Bulk ------------------------------------------------------------------------

def bulk(run: Path, tap: Tap) -> None:
    """RULES K8, K2: each host once, however many domains it has; a silent one
    twice."""
    log = read_ended_log(FOLDER / "fakemx.log")
    names = (FOLDER / "names").read_text().split()
    tap.say(count_domains(run) == {"mx": len(names)},
            f"an MX row for each of {len(names)} domains")
    met = collections.Counter(line["address"] for line in log.ended)
    for host in json.loads((FOLDER / "bulk.json").read_text()):
        wanted = 2 if host["silent"] else 1
        got = met.pop(host["address"], 0)
        tap.say(got == wanted, f"{host['host']}: {got} of {wanted} sessions "
                f"for {host['domains']} domains")
    tap.say(not met, "no session anywhere else")
    check_conduct(tap, log)


# Customers -------------------------------------------------------------------

class Address:
    """What a run says about one address."""

    def __init__(self) -> None:
        self.own: collections.Counter = collections.Counter()   # by attempt
        self.chains: set = set()
        self.rows: dict = {}            # (host, attempt): row


def paced(run: Path, tap: Tap) -> None:
    """Sessions that start one by one because of a rate share batches."""
    sessions = sum(row["measured_at"] != "" for row in
                   read_table(run, "probes"))
    parts = len(list((run / "probes").glob("part-*")))
    tap.say(sessions >= 60, f"{sessions} sessions at a low rate")
    tap.say(0 < parts * 3 <= sessions, f"they are in {parts} parts")


def read_addresses(run: Path) -> dict:
    addresses: dict = collections.defaultdict(Address)
    for row in read_table(run, "probes"):
        address = addresses[row["address"]]
        address.own[row["attempt"]] += 1
        address.chains.add(row["chain_id"])
    for row in read_table(run, "host_results"):
        addresses[row["address"]].rows[row["host"], row["attempt"]] = row
    return addresses


def sessions_as_ruled(kind: str, names: int, chains: int) -> dict:
    """Sessions by attempt. If a sample of eight shows one chain, that decides,
    even if a ninth name would have shown another (RULES K5)."""
    if kind in ("silent", "refused", "no_starttls"):
        return dict.fromkeys("12", min(EARLY_NAMES, names))
    return {"1": names if chains > 1 else min(SNI_PER_ADDRESS, names)}


TLS_CLASS = {"no_starttls": "no_tls", "silent": "undetermined",
             "refused": "unreachable"}


def judged_right(kind: str, host: str, covers, row: dict) -> bool:
    if row["tls_class"] != TLS_CLASS.get(kind, "tls"):
        return False
    if covers is None:
        return row["name_match"] == ""
    if kind == "by_name" and row["basis"] == "shared":
        return True     # a sample that missed the difference: no own fact
    return row["name_match"] == str(int(covers))


def customers(run: Path, tap: Tap) -> None:
    log = read_ended_log(FOLDER / "fakemx.log")
    seen = read_addresses(run)
    shared = judged = 0
    for place in json.loads((FOLDER / "customers.json").read_text()):
        kind, covers = place["kind"], place["covers"]
        address = seen.pop(place["address"], Address())
        wanted = sessions_as_ruled(kind, len(covers), len(address.chains))
        attempts = sorted(wanted)
        wrong = [f"{host} {attempt}" for host, covered in covers.items()
                 for attempt in attempts
                 if not judged_right(kind, host, covered, address.rows.get(
                     (host, attempt), collections.defaultdict(str)))]
        bases = collections.Counter(row["basis"]
                                    for row in address.rows.values())
        shared += bases["shared"]
        judged += len(address.rows)
        tap.say(dict(address.own) == wanted and not wrong
                and len(address.rows) == len(covers) * len(attempts)
                and bases["own"] == sum(wanted.values()),
                f"{place['address']} ({kind}): {len(covers)} names, sessions "
                f"{dict(address.own)} of {wanted}, {dict(bases)}, "
                f"{len(wrong)} judged wrong {wrong[:3]}")
    tap.say(not seen, "no other address")
    tap.say(shared > judged / 3, f"{shared} of {judged} results are shared")
    # fakemx saw what the table says; nothing listens at the refusing addresses.
    rows = sum(1 for row in read_table(run, "probes")
               if row["outcome"] != "connect_refused")
    tap.say(rows == len(log.ended),
            f"{len(log.ended)} sessions, {rows} rows of probes")
    check_conduct(tap, log)


# Slow ------------------------------------------------------------------------

def read_fakens(address: str) -> list:
    """(asked, dropped) for each second in which it was asked."""
    seconds = []
    for line in (FOLDER / "fakens.log").read_text().splitlines():
        fields = dict(word.split("=", 1) for word in line.split()
                      if "=" in word)
        if fields.get("address") == address:
            seconds.append((int(fields["asked"]), int(fields["dropped"])))
    return seconds


def questions_a_second(addresses: list) -> int:
    """The most questions that these addresses together got in a second."""
    seconds: collections.Counter = collections.Counter()
    for line in (FOLDER / "fakens.log").read_text().splitlines():
        fields = dict(word.split("=", 1) for word in line.split()
                      if "=" in word)
        if fields.get("address") in addresses:
            seconds[fields["time"]] += int(fields["asked"])
    return max(seconds.values())


def prefix(run: Path, tap: Tap) -> None:
    """RULES K9: all servers are in one /24."""
    operators = json.loads((FOLDER / "slow.json").read_text())["operators"]
    wanted = sum(operator["domains"] for operator in operators)
    found = sum(row["mx_status"] == "mx" and row["attempts"] == "1"
                for row in read_table(run, "domains"))
    tap.say(found >= wanted, f"{found} of {wanted} resolved at once")
    most = questions_a_second([address for operator in operators
                               for address in operator["addresses"]])
    tap.say(PREFIX_RATE / 2 <= most <= BURST * PREFIX_RATE,
            f"{most} questions a second to the prefix of {PREFIX_RATE}")


def slow(run: Path, tap: Tap) -> None:
    world = json.loads((FOLDER / "slow.json").read_text())
    operators = {o["name"]: o for o in world["operators"]}
    rows = {name: [] for name in operators}
    for row in read_table(run, "domains"):
        name = row["domain"].split(".")[0].rstrip("0123456789")
        if name in rows:
            rows[name].append(row)
    for name, operator in operators.items():
        found = sum(row["mx_status"] == "mx" for row in rows[name])
        tap.say(found == operator["domains"] == len(rows[name]),
                f"{name}: {found} of {operator['domains']} resolved")
    for operator in world["operators"]:
        for address in operator["addresses"]:
            most = questions_a_second([address])
            tap.say(most <= BURST * DNS_RATE,
                    f"{most} questions a second to {address}")
    # The twin of the run with a lower rate for the prefix.
    most = questions_a_second([address for operator in world["operators"]
                               for address in operator["addresses"]])
    tap.say(BURST * PREFIX_RATE < most <= BURST * 4 * DNS_RATE,
            f"{most} questions a second to their prefix")
    rates = json.loads((run / "run.json").read_text())["name_servers"]
    total = sum(rates.values())
    # Its two names have the same address in the zone file, at another
    # delegation.
    tap.say(set(rates) == set(operators["slow"]["addresses"]),
            f"it alone is restricted: {rates}")
    # Halved from 500 until it keeps up.
    rate = operators["slow"]["rate"]
    tap.say(rate / 4 <= total <= 2 * rate,
            f"its budget is found: {total} of {rate} a second")
    waited = {server["name"]
              for line in (run / "progress.jsonl").read_text().splitlines()
              for server in json.loads(line)["name_servers"]}
    tap.say(set(operators["slow"]["addresses"]) & waited,
            f"progress.jsonl says what is waited for: {sorted(waited)}")
    seconds = read_fakens(operators["slow"]["addresses"][0])
    late = seconds[len(seconds) // 2:]
    dropped = sum(d for _, d in late)
    tap.say(dropped * 20 <= sum(a for a, _ in late),
            f"and kept: {dropped} of {sum(a for a, _ in late)} questions "
            "dropped in the second half")
    for name in ("even", "other"):
        tap.say(all(row["attempts"] == "1" for row in rows[name]),
                f"{name}: nothing was asked a second time")
        tap.say(max(row["measured_at"] for row in rows[name])
                < max(row["measured_at"] for row in rows["slow"]),
                f"{name}: does not wait for it")


# Silent ----------------------------------------------------------------------

def parse_time(text: str) -> float:
    return datetime.datetime.fromisoformat(
        text.removesuffix("Z")).timestamp()


def silent(run: Path, tap: Tap) -> None:
    """How many silent names are under way when a healthy one is asked? Not more
    than the window has room for, if they took room there."""
    world = json.loads((FOLDER / "silent.json").read_text())
    window = json.loads((run / "run.json").read_text())["options"]["window"]
    found: collections.Counter = collections.Counter()
    asked, began, ended = [], [], []
    for row in read_table(run, "domains"):
        found[row["mx_status"] == "mx"] += 1
        start = parse_time(row["measured_at"])
        if row["domain"].startswith("s"):
            began.append(start)
            ended.append(start + int(row["lookup_ms"]) / 1000)
        else:
            asked.append(start)
    tap.say(found == {True: world["healthy"], False: world["silent"]},
            f"{dict(found)}: the healthy have MX rows, and they alone")
    began.sort()
    ended.sort()
    beside = [bisect.bisect(began, at) - bisect.bisect(ended, at)
              for at in asked]
    more = sum(count > int(window) for count in beside)
    tap.say(2 * more > len(asked),
            f"{more} of {len(asked)} healthy names are asked while more than "
            f"{window} silent ones are under way; {max(beside)} at most")


def main() -> int:
    kind, run = sys.argv[1], Path(sys.argv[2])
    tap = Tap()
    {"bulk": bulk, "paced": paced, "customers": customers, "slow": slow,
     "prefix": prefix, "silent": silent}[kind](run, tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
