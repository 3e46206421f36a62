#!/usr/bin/python3
"""self_test.py: is the lab what its scenarios say? Runs inside it (`lab test`).

The expected rows are compared with two witnesses other than the scanner: a
validating Unbound for the DNS, and client.py for the mail servers. One test
(TAP) for each scenario.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import base64                       # noqa: E402
import concurrent.futures           # noqa: E402
import hashlib                      # noqa: E402
import json                         # noqa: E402
import os                           # noqa: E402
import re                           # noqa: E402
import subprocess                   # noqa: E402
import time                         # noqa: E402
from pathlib import Path            # noqa: E402

import dns.exception                # noqa: E402
import dns.flags                    # noqa: E402
import dns.message                  # noqa: E402
import dns.query                    # noqa: E402
import dns.rcode                    # noqa: E402
import dns.rdataclass               # noqa: E402

from client import probe            # noqa: E402
from expect import matches          # noqa: E402
from model import CALLED_BOGUS, LOOKS_ONCE      # noqa: E402
from zones import RESOLVER          # noqa: E402

CLIENTS = 8
# Where no answer is expected: less than what fakemx's slow servers need.
TIMEOUT = 3.0
# Where one is expected, on a busy machine.
PATIENCE = 20.0
# A resolver gives up if it loses enough packets, and then says so for 5 seconds
# without asking. That is a fault of the witness, which is asked again.
GIVEN_UP_SECONDS = 6.0
ASKINGS = 3


def seconds(expected) -> float:
    """How long to wait for what a row expects."""
    is_silent = re.search("servfail|timeout", str(expected))
    return TIMEOUT if is_silent else PATIENCE


def ask(name: str, kind: str, timeout: float = PATIENCE) -> tuple:
    """Status and DNSSEC as the tables name them, and the rdata."""
    answer = ask_patiently(name, kind, timeout)
    for _ in range(ASKINGS - 1 if timeout == PATIENCE else 0):
        if answer[0] != "servfail":
            break
        time.sleep(GIVEN_UP_SECONDS)
        answer = ask_patiently(name, kind, timeout)
    return answer


def ask_patiently(name: str, kind: str, timeout: float) -> tuple:
    try:
        return ask_once(name, kind, timeout)
    except dns.exception.Timeout:
        # Unbound is more patient with dead name servers than we are.
        return "servfail", "unchecked", []


def ask_once(name: str, kind: str, timeout: float) -> tuple:
    query = dns.message.make_query(name, kind, want_dnssec=True)
    answer = dns.query.udp(query, RESOLVER, timeout=timeout)
    if answer.flags & dns.flags.TC:
        answer = dns.query.tcp(query, RESOLVER, timeout=timeout)
    if answer.rcode() == dns.rcode.SERVFAIL:
        query.flags |= dns.flags.CD
        unchecked = dns.query.udp(query, RESOLVER, timeout=timeout)
        bogus = unchecked.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)
        return ("bogus", "bogus", []) if bogus else ("servfail",
                                                     "unchecked", [])
    dnssec = "secure" if answer.flags & dns.flags.AD else "insecure"
    if answer.rcode() == dns.rcode.NXDOMAIN:
        return "nxdomain", dnssec, []
    data = [rdata.to_text() for rrset in answer.answer for rdata in rrset
            if rrset.rdclass == dns.rdataclass.IN and
            dns.rdatatype.to_text(rrset.rdtype) == kind]
    return ("found" if data else "nodata"), dnssec, data


def failing(status) -> str:
    """How a failing name server is reported is left open by the rules."""
    return "servfail" if isinstance(status, dict) else status


def check_domain(name: str, row: dict) -> list:
    status, dnssec, _ = ask(name + ".", "MX", seconds(row["mx_status"]))
    expected = {"bogus": "bogus", "nxdomain": "nxdomain", "no_mail": "nodata",
                "implicit": "nodata", "servfail": "servfail",
                "timeout": "servfail"}.get(failing(row["mx_status"]), "found")
    # No MX, and then an address lookup that fails (MX3).
    if expected == "servfail" and row["mx_dnssec"] == "secure":
        expected = "nodata"
    return [] if status == expected and matches(
        row["mx_dnssec"], dnssec) else [
        f"MX of {name}: {status} {dnssec}, the scenario says {row}"]


def check_host(name: str, row: dict) -> list:
    problems = []
    if row["host_status"] == "invalid_name":
        return []
    for kind, family in (("A", "ipv4"), ("AAAA", "ipv6")):
        status, dnssec, _ = ask(name + ".", kind,
                                seconds(row.get(f"{family}_status")))
        for column, got in ((f"{family}_status", status),
                            (f"{family}_dnssec", dnssec)):
            if column in row and not matches(row[column], got):
                problems.append(f"{kind} of {name}: {column} is {got}, the "
                                f"scenario says {row[column]}")
    if row["tlsa_status"] == "not_asked":
        return problems
    base = row.get("tlsa_base", name)
    status, dnssec, data = ask(f"_25._tcp.{base}.", "TLSA",
                               seconds(row["tlsa_status"]))
    absent = ("nxdomain", "nodata")
    expected = {"absent": absent, "absent_insecure": absent,
                "bogus": ("bogus",), "servfail": ("servfail",)}.get(
                    failing(row["tlsa_status"]), ("found",))
    is_insecure = row["tlsa_status"] in ("insecure", "absent_insecure")
    if status not in expected or (dnssec == "insecure") != is_insecure or \
            "tlsa_count" in row and int(row["tlsa_count"]) != len(set(data)):
        problems.append(f"TLSA of {base}: {status} {dnssec} {data}, the "
                        f"scenario says {row['tlsa_status']}")
    return problems


def check_probe(key: list, row: dict) -> list:
    address, sni, profile, _ = key
    seen = probe(address, sni, profile == "legacy", seconds(row["outcome"]))
    problems = []
    got = {"outcome": seen.outcome, **{
        f"{phase}_code": str(code) for phase, code in seen.codes.items()}}
    if seen.version:
        got["tls_version"] = seen.version
    for column, value in got.items():
        if column in row and not matches(row[column], value):
            problems.append(f"{' '.join(key)}: {column} is {value}, the "
                            f"scenario says {row[column]}")
    return problems


def public_key(leaf: bytes) -> bytes:
    """Its SubjectPublicKeyInfo, by the OpenSSL that made the handshake, since
    cryptography is stricter with dates."""
    pem = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout",
                          "-pubkey"], input=leaf, capture_output=True,
                         check=True).stdout
    return base64.b64decode(b"".join(pem.splitlines()[1:-1]))


def check_ee(host: str, address: str, sni: str, row: dict) -> list:
    """Usage 3 is simple enough to be judged here a second time."""
    _, _, data = ask(f"_25._tcp.{sni}.", "TLSA")
    records = [text.split(" ", 3) for text in data]
    if not records or {r[0] for r in records} != {"3"} or \
            row.get("dane_verdict_no_agility") not in ("match", "mismatch"):
        return []
    leaf = probe(address, sni, False, PATIENCE).leaf
    if not leaf:
        return []
    spki = public_key(leaf)
    hit = False
    for _, selector, matching_type, hexes in records:
        bytes_ = leaf if selector == "0" else spki
        digest = {"0": bytes_.hex(), "1": hashlib.sha256(bytes_).hexdigest(),
                  "2": hashlib.sha512(bytes_).hexdigest()}[matching_type]
        hit |= digest == hexes.replace(" ", "").lower()
    return [] if hit == (row["dane_verdict_no_agility"] == "match") else [
        f"{host} at {address}: match is {hit}, the scenario says {row}"]


def check_scenario(scenario: dict) -> list:
    problems = []
    if scenario["oracle"] in (LOOKS_ONCE, CALLED_BOGUS):
        return problems
    for row in scenario["rows"]:
        table, key, columns = row["table"], row["key"], row["columns"]
        try:
            if row["maybe"]:
                continue
            if table == "domains":
                problems += check_domain(key[0], columns)
            elif table == "hosts":
                problems += check_host(key[0], columns)
            elif table == "probes" and key[3] == "1":
                problems += check_probe(key, columns)
            elif table == "host_results" and key[3] == "1":
                problems += check_ee(key[0], key[1], key[2], columns)
        except Exception as error:      # a witness that fails is a failure
            problems.append(f"{table} {key}: {error!r}")
    return problems


def main() -> int:
    folder = Path(os.environ["LAB_DIR"])
    scenarios = json.loads((folder / "expected.json").read_text())
    print(f"1..{len(scenarios)}")
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        for number, (scenario, problems) in enumerate(zip(
                scenarios, pool.map(check_scenario, scenarios)), 1):
            failures += bool(problems)
            print(f"{'not ok' if problems else 'ok'} {number} - "
                  f"{scenario['name']}")
            for problem in problems:
                print(f"# {problem}")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
