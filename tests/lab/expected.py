"""Rows that a scan must write, in the words of docs/schema.md.

Each constant or function is a row, or the rows of a common case; a scenario
states what differs. The values come from docs/rules.md and the RFCs it cites.
"""

from __future__ import annotations

import dataclasses
import ssl
from typing import Iterable, Optional

from behaviours import GOOD
from model import (ANY, At, Chain, Expect, Host, Maybe, Scenario, SIGNED,
                   Tlsa, TOO_LARGE, TRUSTED, UNDECODABLE, Zone, one_of)

SECOND_LOOK = 2     # the attempt that repeats or confirms another


# The same row whoever answers. test_lanes and test_list_lanes say which lane it
# is.
BY_ANY_LANE = {"lane": one_of("recursive", "direct"),
               "ds_source": one_of("", "parent")}


def domain(status: str = "mx", dnssec: str = "secure", count: int = 1,
           **more) -> dict:
    # They are only looked up for a domain that takes mail.
    record = "absent" if status == "mx" else "not_asked"
    return {"mx_status": status, "mx_dnssec": dnssec, "mx_count": count,
            "mta_sts_record": record, "tlsrpt_record": record,
            "mx_truncated": 0, "mx_wildcard": 0, "cname_target": "",
            "flags": "", **BY_ANY_LANE, "mx_bogus_reason": "", **more}


def no_answer(status: str, dnssec: str, **more) -> dict:
    """A domain for which no MX set was found."""
    return {"mx_status": status, "mx_dnssec": dnssec, "flags": "",
            **BY_ANY_LANE, "mx_bogus_reason": "", **more}


def mx(preference: int = 10, tier: int = 1, flags="") -> dict:
    return {"preference": preference, "tier": tier, "flags": flags}


def host(tlsa: str = "absent", dnssec: str = "secure", ipv4: str = "found",
         ipv6: str = "nodata", **more) -> dict:
    return {"host_status": "usable", "ipv4_status": ipv4,
            "ipv4_dnssec": dnssec, "ipv6_status": ipv6, "ipv6_dnssec": dnssec,
            "address_count": 1, "addresses_truncated": 0,
            "tlsa_status": tlsa, "flags": "", "canonical_name": "",
            "tlsa_cname_target": "", "tlsa_wildcard_parent": "",
            "ipv4_bogus_reason": "", "ipv6_bogus_reason": "",
            "tlsa_bogus_reason": "", **more}


def tlsa_found(records: int = 1, usable: Optional[int] = None,
               **more) -> dict:
    """A host with a secure TLSA RRset at its own name."""
    usable = records if usable is None else usable
    return host("usable" if usable else "unusable_only", tlsa_dnssec="secure",
                tlsa_count=records, tlsa_usable_count=usable,
                tlsa_wildcard=0, tlsa_ttl_s=ANY, **more)


PUBLIC_V4 = {"family": 4, "class": "public"}
PUBLIC_V6 = {"family": 6, "class": "public"}
BOTH = (At(GOOD), At(GOOD, place="v6"))

# Rows of `probes` -----------------------------------------------------------

GREETED = {"port": 25, "greeting_code": 220}
# Without a handshake the TLS columns are empty.
NO_TLS = {"tls_version": "", "cipher": "", "chain_id": "",
          "chain_trusted": "", "chain_error": "", "in_dates": ""}


def established(trusted: int | str = 1, error: str = "ok",
                dates: int | str = 1, **more) -> dict:
    return {**GREETED, "outcome": "tls_established", "phase": "done",
            "ehlo_code": 250, "starttls_code": 220, "tls_version": "TLSv1.3",
            "cipher": ANY, "chain_id": ANY, "chain_trusted": trusted,
            "chain_error": error, "in_dates": dates, "flags": "", **more}


def failed(outcome: str, **more) -> dict:
    return {"port": 25, "outcome": outcome, **NO_TLS, **more}


SELF_SIGNED_CHAIN = established(0, "depth_zero_self_signed_cert")
PRIVATE_CHAIN = established(0, "self_signed_cert_in_chain")
NO_INTERMEDIATE = established(
    0, one_of("unable_to_get_issuer_cert_locally",
              "unable_to_verify_leaf_signature"))
EXPIRED_CHAIN = established(1, "cert_has_expired", 0)
EARLY_CHAIN = established(1, "cert_not_yet_valid", 0)
# Senders that authenticate refuse SHA-1 (N8, U12).
WEAK_CHAIN = established(0, "ca_md_too_weak")
# More certificates than are kept (U13).
CUT_CHAIN = established("", "", "", flags="chain_truncated")
FORGED_CHAIN = established(0, "cert_signature_failure")
# A certificate between leaf and root does not allow such a leaf (RFC 5280
# 4.2.1.9, 4.2.1.10, 4.2.1.12).
STRICT_CHAIN = established(0, "permitted_violation")
LONG_CHAIN = established(0, "path_length_exceeded")
CLIENT_CHAIN = established(0, "invalid_purpose")
SERVER_CHAIN = established(0, one_of(
    "invalid_ca", "keyusage_no_certsign", "invalid_non_ca",
    "unable_to_get_issuer_cert_locally", "unable_to_verify_leaf_signature"))

# Rows of `host_results` -----------------------------------------------------


def judged(verdict: str = "not_applicable", tlsa: str = "absent",
           name: int | str = 1, **more) -> dict:
    """A session with TLS."""
    return {"profile": "modern", "basis": "own", "reason": "",
            "tls_class": "tls", "name_match": name, "tlsa_status": tlsa,
            "dane_verdict": verdict, "dane_verdict_no_agility": verdict,
            "flags": "", **more}


def without_tls(tls_class: str, tlsa: str = "absent", **more) -> dict:
    verdict = {"usable": "no_tls", "unusable_only": "none_usable"}.get(
        tlsa, "not_applicable")
    return judged(verdict, tlsa, "", tls_class=tls_class, **more)


def matched(depth: int, positions: str = "[0]", **more) -> dict:
    return judged("match", "usable", dane_depth=depth,
                  dane_matching_positions=positions, **more)


def unmatched(verdict: str, **more) -> dict:
    return judged(verdict, "usable", **more)


# Whole scenarios ------------------------------------------------------------

def usable_record(tlsa: Tlsa) -> dict:
    return {"usage": tlsa.usage, "selector": tlsa.selector,
            "matching_type": tlsa.matching_type, "usable": 1,
            "unusable_reason": "", "data_hex": ANY}


def unusable_record(tlsa: Tlsa, reason: str) -> dict:
    return {**usable_record(tlsa), "usable": 0, "unusable_reason": reason}


Sessions = Iterable[tuple]      # (profile, attempt, row of probes)
Results = Iterable[tuple]       # (attempt, row of host_results)


def twice(row: dict) -> list:
    """The same result twice, the second --retry-after later."""
    return [("modern", 1, row), ("modern", SECOND_LOOK, row)]


def one_host(name: str, rules: str, twin: str, *,
             host_row: Optional[dict] = None,
             sessions: Optional[Sessions] = None,
             results: Optional[Results] = None,
             behaviour=GOOD, chain: Optional[Chain] = TRUSTED,
             by_name: tuple = (), zone: Zone = SIGNED, tlsa: tuple = (),
             tlsa_rows: Optional[list] = None, place: str = "v4",
             domain_row: Optional[dict] = None, mx_records: tuple = (),
             mx_row: Optional[dict] = None, parts: tuple = (),
             tlsa_owner: str = "", oracle: str = "", mx_name: str = "mx",
             certificates: Optional[dict] = None,
             said: str = "") -> Scenario:
    """One domain with one MX host at one address. `certificates` are rows by
    role, `said` the commands of a session."""
    is_secure = zone.signed and zone.ds == "right"
    dnssec = "secure" if is_secure else "insecure"
    tlsa_status = "absent" if is_secure else "not_asked"
    if host_row is None:
        host_row = tlsa_found(len(tlsa)) if tlsa else host(tlsa_status, dnssec)
    if tlsa_rows is None:
        tlsa_rows = [usable_record(record) for record in tlsa] \
            if is_secure else []
    if sessions is None:
        sessions = [("modern", 1, established())]
    if results is None:
        results = [(1, judged(tlsa=host_row["tlsa_status"]))]
    at = f"{mx_name}/0"
    return Scenario(
        name, rules, twin, zone=zone, oracle=oracle, parts=parts,
        mx=mx_records or ((10, mx_name),),
        hosts=(Host(mx_name, (At(behaviour, chain, place, by_name),), tlsa,
                    tlsa_owner=tlsa_owner),),
        expect=Expect(
            domains={"@": domain_row or domain(dnssec=dnssec)},
            mx={mx_name: mx_row or mx()}, hosts={mx_name: host_row},
            addresses={at: PUBLIC_V6 if place == "v6" else PUBLIC_V4},
            tlsa={(mx_name, 1, position): row
                  for position, row in enumerate(tlsa_rows)},
            probes={(at, mx_name, profile, attempt): row
                    for profile, attempt, row in sessions},
            host_results={(mx_name, at, mx_name, attempt): row
                          for attempt, row in results},
            certificates={(at, role): row
                          for role, row in (certificates or {}).items()},
            said={at: said} if said else {}))


def at_host(lane: str, scenario: Scenario) -> Scenario:
    """The lane of its MX host, mx."""
    return dataclasses.replace(scenario, host_lanes=(("mx", lane),))


def dane_match(name: str, rules: str, twin: str, *records: Tlsa,
               depth: int = 0, session: Optional[dict] = None,
               **more) -> Scenario:
    """One host whose TLSA records match what it shows."""
    result = more.pop("result", {})
    return one_host(
        name, rules, twin, tlsa=records,
        sessions=[("modern", 1, session or established())],
        results=[(1, matched(depth, **result))], **more)


def dane_fail(name: str, rules: str, twin: str, verdict: str, *records: Tlsa,
              session: Optional[dict] = None, result: Optional[dict] = None,
              **more) -> Scenario:
    """One host whose TLSA records do not authenticate it. RULES U10 demands a
    second look at a mismatch; for the other failures it is optional."""
    row = unmatched(verdict, **(result or {}))
    probe = session or established()
    first, second = dict(row), {**row, "confirmed": 1}
    if verdict != "mismatch":
        probe_again, second = Maybe(probe), Maybe(row)
    else:
        probe_again = probe
    return one_host(
        name, rules, twin, tlsa=records,
        sessions=[("modern", 1, probe), ("modern", SECOND_LOOK, probe_again)],
        results=[(1, first), (SECOND_LOOK, second)], **more)


def unreached(name: str, rules: str, twin: str, outcome: str, tls_class: str,
              *, probe: Optional[dict] = None, **more) -> Scenario:
    """One host with which TLS was not possible, tried twice."""
    return one_host(
        name, rules, twin, sessions=twice(failed(outcome, **(probe or {}))),
        results=[(1, without_tls(tls_class)),
                 (SECOND_LOOK, without_tls(tls_class))], **more)


def no_tls(name: str, rules: str, twin: str, outcome: str, *,
           probe: Optional[dict] = None, **more) -> Scenario:
    """One host without TLS. Absent STARTTLS is confirmed by a second session
    (RULES 9); for the other outcomes one session is enough."""
    tlsa = "usable" if more.get("tlsa") else "absent"
    row, result = failed(outcome, **(probe or {})), without_tls("no_tls", tlsa)
    again = outcome == "starttls_absent"
    return one_host(
        name, rules, twin,
        sessions=twice(row) if again else [("modern", 1, row)],
        results=[(1, result), (SECOND_LOOK, result)] if again
        else [(1, result)], **more)


def too_large(name: str, twin: str, **more) -> Scenario:
    """One host whose chain is larger than our own limit, tried twice."""
    row = failed("handshake_too_large", phase="handshake", starttls_code=220)
    result = without_tls("undetermined")
    if more.get("tlsa"):
        result = without_tls("undetermined", "usable",
                             dane_verdict="undetermined",
                             dane_verdict_no_agility="undetermined")
    return one_host(name, "U13", twin, chain=TOO_LARGE, sessions=twice(row),
                    results=[(1, result), (SECOND_LOOK, result)], **more)


def no_handshake(name: str, rules: str, twin: str, **more) -> Scenario:
    """One host whose handshake fails with the modern profile and the old."""
    row = failed("handshake_failed", phase="handshake", starttls_code=220)
    return one_host(
        name, rules, twin,
        sessions=[("modern", 1, row), ("legacy", 1, row)],
        results=[(1, without_tls("no_tls", profile="legacy"))], **more)


# OpenSSL 3.3 and later decode no date without seconds; Python is linked with the
# same one.
DECODES_NO_SECONDS = ssl.OPENSSL_VERSION_INFO < (3, 3)


def undecodable(name: str, twin: str, chain: Chain = UNDECODABLE,
                **more) -> Scenario:
    """One host with a leaf that cannot be decoded: the handshake fails, and the
    presented bytes are kept."""
    row = failed("handshake_failed", phase="handshake", starttls_code=220,
                 chain_id=ANY, chain_trusted=0, chain_error="undecodable")
    nothing = ("spki_sha256", "subject_text", "issuer_text", "san_text",
               "not_before", "not_after", "key_type", "key_bits", "is_ca",
               "self_signed", "weak_key", "weak_signature", "serial_hex")
    tlsa = "usable" if more.get("tlsa") else "absent"
    return one_host(
        name, "5", twin, chain=chain,
        sessions=[("modern", 1, row), ("legacy", 1, row)],
        results=[(1, without_tls("no_tls", tlsa, profile="legacy"))],
        certificates={"leaf": {"der_base64": ANY,
                               **dict.fromkeys(nothing, "")},
                      "issuing": {"key_type": "ec", "is_ca": 1}}, **more)


def only_domain(name: str, rules: str, twin: str, row: dict, *,
                zone: Zone = SIGNED, mx_records: tuple = (),
                mx_rows: Optional[dict] = None,
                host_rows: Optional[dict] = None,
                scanned: str = "@", parts: tuple = ()) -> Scenario:
    """A domain whose MX answer settles it: no connection is made."""
    return Scenario(name, rules, twin, zone=zone, mx=mx_records,
                    domain=scanned, parts=parts,
                    expect=Expect(domains={scanned: row}, mx=mx_rows or {},
                                  hosts=host_rows or {}))


# The host of the scenario "provider", which has its own rows there.
PROVIDER = "mx.provider.sec."


def customer(name: str, rules: str, twin: str, dnssec: str = "secure",
             provider: str = PROVIDER, row: Optional[dict] = None,
             flags="", **more) -> Scenario:
    """A domain whose mail goes to a host outside; with `scanned`, a name below
    it, whose MX records are among those of the zone."""
    records = () if "scanned" in more else ((10, provider),)
    return only_domain(name, rules, twin, row or domain(dnssec=dnssec,
                                                         flags=flags),
                       mx_records=records, mx_rows={provider: mx()}, **more)


def bogus_tlsa_row(reason: object, dnssec: str = "secure", **more) -> dict:
    """A host whose answer to TLSA does not validate."""
    return host("bogus", dnssec, tlsa_dnssec="bogus", tlsa_bogus_text=ANY,
                tlsa_bogus_reason=reason, attempts=SECOND_LOOK, **more)


# RFC 4035 5.2 to 5.4: why what was spoiled so is bogus (model.Spoil).
REASONS = {"alter": "bad_signature", "strip": "no_signature",
           "expired": "expired", "early": "not_yet_valid",
           "foreign": "bad_signature", "forge": "bad_denial"}


def bogus_mx(name: str, rules: str, twin: str, zone: Zone, *,
             reason: object = None, **more) -> Scenario:
    """A domain whose MX answer does not validate, for the first damage of its
    zone if nothing else is said."""
    if reason is None:
        reason = REASONS[zone.spoil[0].how]
    records = () if "scanned" in more else ((10, PROVIDER),)
    return only_domain(name, rules, twin,
                       no_answer("bogus", "bogus", mx_bogus_text=ANY,
                                 mx_bogus_reason=reason,
                                 attempts=SECOND_LOOK),
                       zone=zone, mx_records=more.pop("mx_records", records),
                       **more)
