"""Postfix's posttls-finger as a witness, of DANE and of WebPKI.

DANE is asked by domain (RFC 7672): Postfix looks up MX, addresses and TLSA by
itself, with the lab's validating Unbound. WebPKI is asked of each address with
the name of the MX host (RULES 5), so that nothing is left to chance.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

from differences import DANE, WEBPKI
from finger import authenticated, finger, run_finger
from witness import Question, Run

MATCHES = {"match", "match_ta_from_dns"}
WITHOUT_CHAIN = {"no_tls", "none_usable"}
# Nobody is there to be judged, and the witness would only wait.
SILENT = {"connect_refused", "connect_timeout", "unreachable", "timeout"}
SILENCE = "nobody answers there (RULES 9: undetermined)"
ESTABLISHED = re.compile(r"TLS connection established to \S+ (\S+) with")


# DANE -----------------------------------------------------------------------

def ask_dane(folder: Path, domain: str) -> tuple:
    said = finger(domain, folder)
    if authenticated(said):
        return "match", said
    # A failure must be a judgement, not a server that was not there.
    return ("no match" if ESTABLISHED.search(said) else "no TLS"), said


def ask_dane_of(folder: Path, domain: str, verdict: str) -> tuple:
    """Without a chain to judge, it does not matter whether there is TLS."""
    theirs, said = ask_dane(folder, domain)
    if theirs != "match" and verdict in WITHOUT_CHAIN:
        theirs = "no match"
    return theirs, said


def verdicts(run: Run) -> dict:
    """For each host, the result of its latest attempt at each address."""
    by_host: dict = {}
    for _, row in run.latest():
        if row["dane_verdict"] != "not_applicable":
            by_host.setdefault(row["host"], set()).add(row["dane_verdict"])
    return by_host


def with_dane(scenarios: list) -> Iterator[tuple]:
    """Scenarios that are scanned and whose first host has a secure RRset."""
    for scenario in scenarios:
        hosts = [r for r in scenario["rows"] if r["table"] == "hosts" and
                 r["columns"]["tlsa_status"] in ("usable", "unusable_only")]
        if scenario["domain"] and hosts:
            yield scenario, hosts[0]["key"][0]


def dane_questions(run: Run, scenarios: list, folder: Path) -> list:
    ours, questions = verdicts(run), []
    for scenario, host in with_dane(scenarios):
        found = sorted(ours.get(host, ("none",)))
        word = "match" if set(found) <= MATCHES else "no match"
        if len(found) > 1:
            word = "differs by address"
        questions.append(Question(
            DANE, scenario["name"], f"{host} {' '.join(found)}", word,
            lambda d=scenario["domain"], v=found[0]: ask_dane_of(folder, d, v),
            scenario["oracle"]))
    return questions


# WebPKI ---------------------------------------------------------------------

def ask_webpki(folder: Path, row: dict) -> tuple:
    """TLS 1.2 or better, chain to the lab's root, dates, and the name of the
    MX host: what `webpki` of RULES 9 demands."""
    said = run_finger(folder, "-l", "secure", "-p", ">=TLSv1.2",
                      "-F", str(folder / "ca.pem"), "-s", row["sni"],
                      f"[{row['address']}]:25", row["host"])
    established = ESTABLISHED.search(said)
    if not established:
        return "no TLS", said
    verified = "Verified TLS connection" in said
    return (f"{'verified' if verified else 'not verified'}, "
            f"{established[1].rstrip(':')}"), said


def webpki_word(row: dict, probe: dict) -> str:
    if probe["outcome"] != "tls_established":
        return "no TLS"
    verified = all(value == "1" for value in (
        probe["chain_trusted"], probe["in_dates"], row["name_match"]))
    return (f"{'verified' if verified else 'not verified'}, "
            f"{probe['tls_version']}")


def webpki_questions(run: Run, folder: Path) -> list:
    sessions = {(r["address"], r["sni"], r["attempt"]): r
                for _, r in run.rows("probes") if r["profile"] == "modern"}
    questions = []
    for scenario, row in run.latest():
        probe = sessions.get((row["address"], row["sni"], row["attempt"]))
        if row["basis"] != "own" or probe is None:
            continue
        skip = SILENCE if probe["outcome"] in SILENT else ""
        questions.append(Question(
            WEBPKI, scenario, f"{row['host']} at {row['address']}",
            webpki_word(row, probe),
            lambda r=row: ask_webpki(folder, r), skip))
    return questions
