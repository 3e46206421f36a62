"""The result of each sender for a scenario's domain (RULES 9): the expected
rows of `outcomes`, by the name of the scenario. A scenario that is not named
here must have a row, with any content.

Domains with policies are in senders.py, with their own expectations. SCENARIOS
are those that need a whole domain.
"""

from __future__ import annotations

from behaviours import GOOD, NO_STARTTLS
from expected import (PUBLIC_V4, domain, established, failed, host, judged,
                      matched, mx, tlsa_found, unmatched, usable_record,
                      without_tls)
from model import (At, Chain, Expect, Host, Scenario, Tlsa, UNSIGNED, Maybe)

import policies
import senders
from scenarios import SCENARIOS as OTHERS

KEY = ("domain",)

EE_SPKI = Tlsa(3, 1, 1)
WRONG = Tlsa(3, 1, 1, wrong=True)
TA_SPKI = Tlsa(2, 1, 1, of="issuing")


def row(plain, dane, webpki, dane_domain="0", flags="", every=None) -> dict:
    """One word is the value of first, deliver and worst. Without a policy the
    senders that read one are as the opportunistic; so `dane_or_mta_sts` is as
    `dane`."""
    columns = {"dane_domain": dane_domain, "flags": flags,
               "dane_domain_all": dane_domain if every is None else every}
    senders = {"opportunistic": plain, "mta_sts": plain, "policy_list": plain,
               "dane": dane, "dane_or_mta_sts": dane, "webpki": webpki}
    for sender, value in senders.items():
        values = (value,) * 3 if isinstance(value, str) else value
        for kind, word in zip(("first", "deliver", "worst"), values):
            columns[f"{sender}_{kind}"] = word
    return columns


def all_senders(value: str, dane_domain: str = "0", reasons=None) -> dict:
    columns = row(value, value, value, dane_domain)
    return columns if reasons is None else {**columns, "reasons": reasons}


SENDERS = ("dane", "dane_or_mta_sts", "mta_sts", "opportunistic",
           "policy_list", "webpki")
NO_MAIL = all_senders("no_mail", reasons="")
BOGUS_MX = all_senders("refused", reasons=" ".join(
    f"{sender}:-:bogus" for sender in SENDERS))
UNREACHABLE = all_senders("unreachable")
UNDETERMINED = all_senders("undetermined")
# Hosts with TLS, by TLSA and certificate.
TRUSTED_TLS = row("encrypted", "encrypted", "authenticated")
UNTRUSTED_TLS = row("encrypted", "encrypted", "refused")
CLEARTEXT = row("cleartext", "cleartext", "refused")
MATCH = row("encrypted", "authenticated", "authenticated", "1")
MATCH_UNTRUSTED = row("encrypted", "authenticated", "refused", "1")
MISMATCH = row("encrypted", "refused", "authenticated")
MISMATCH_UNTRUSTED = row("encrypted", "refused", "refused")
INSECURE_MX = row("encrypted", "authenticated_insecure_mx", "authenticated")

BY_NAME = {
    **dict.fromkeys((
        "null-mx", "null-mx-preference", "null-mx-bare", "no-mail",
        "no-mail-bare", "nxdomain", "nxdomain-bare", "nsec3",
        "nsec3-opt-out"), NO_MAIL),
    # Whether it would match is unknown; without a secure MX that does not
    # matter.
    "implicit-mx": all_senders("not_probed", ""),
    "implicit-mx-bare": all_senders("not_probed"),
    **dict.fromkeys((
        "bogus-mx-alter", "bogus-mx-strip", "bogus-mx-expired",
        "bogus-mx-early", "bogus-expired", "bogus-early", "bogus-ds",
        "keys-denied"),
        BOGUS_MX),
    **dict.fromkeys(("bogus-address-alter", "bogus-address-strip"),
                    all_senders("refused")),
    # In both passes: nobody can deliver, and what it is remains unknown.
    **dict.fromkeys(("mx-servfail", "mx-dropped", "keys-dropped",
                     "keys-servfail"), all_senders("unreachable", "")),
    # Only in the second pass.
    "mx-dropped-later": all_senders("undetermined", ""),
    "tlsa-dropped-later": row("encrypted", "undetermined", "authenticated",
                              ""),
    **dict.fromkeys((
        "mx-localhost", "mx-address", "mx-tld", "no-address", "host-gone",
        "special-loopback", "special-private", "special-this",
        "special-v6-loopback", "special-mapped", "refused",
        "deaf"), UNREACHABLE),
    **dict.fromkeys((
        "ehlo-temporary", "greeting-554", "greeting-421", "greeting-450",
        "silent", "dripping", "closed-greeting", "reset-greeting",
        "closed-ehlo", "mixed-codes", "too-long-line", "too-many-lines",
        "injected",
        # Our own route, twice.
        "no-way"), UNDETERMINED),
    **dict.fromkeys((
        "no-starttls", "decoy-alone", "nearly-starttls", "stripped", "helo-only",
        "starttls-refused", "garbage", "alert",
        # Both attempts say so.
        "starttls-temporary", "closed-handshake", "reset-handshake"),
        CLEARTEXT),
    **dict.fromkeys((
        "null-mx-mixed", "two-tiers", "two-equal", "shared-bare",
        "plain-secure", "plain-bare", "decoy", "plain-unsigned", "tlsa-bare",
        "ipv6-only", "wildcard", "upper-case", "rsa", "by-name",
        "mixed-case", "greeting-lines", "long-line", "bare-lf",
        "hostile-bytes", "starttls-in-tls", "asks-certificate", "tls-1-2"),
        TRUSTED_TLS),
    **dict.fromkeys((
        "self-signed", "expired", "other-name", "no-intermediate",
        "private-root", "wildcard-deep", "wildcard-part", "by-name-other"),
        UNTRUSTED_TLS),
    **dict.fromkeys(("chain-17", "chain-100"), TRUSTED_TLS),
    "signature-sha1": UNTRUSTED_TLS,
    **dict.fromkeys(("dane-ta-sha256", "dane-ta-chain-17",
                     "dane-ta-chain-100"), MATCH),
    "dane-ta-sha1": MISMATCH_UNTRUSTED, "dane-ee-sha1": MATCH_UNTRUSTED,
    # A sender that needs the part that was cut off cannot decide (U13).
    "chain-101": row("encrypted", "encrypted", "undetermined"),
    "dane-ta-chain-101": row("encrypted", "undetermined", "undetermined", ""),
    **dict.fromkeys(("dane-ta-cut-behind", "dane-ee-chain-101"),
                    row("encrypted", "authenticated", "undetermined", "1")),
    "dane-ee-chain-101-wrong": row("encrypted", "refused", "undetermined"),
    "chain-too-large": UNDETERMINED,
    "dane-too-large": all_senders("undetermined", ""),
    "tls-1-0": {**UNTRUSTED_TLS, "flags": "legacy_tls"},
    # None usable: TLS is required, authentication is not (T9).
    **dict.fromkeys(("tlsa-pkix-only", "tlsa-short", "tlsa-selector",
                     "tlsa-undecodable"), TRUSTED_TLS),
    # It fails, so the host is skipped (T11).
    **dict.fromkeys(("bogus-tlsa-alter", "bogus-tlsa-strip", "tlsa-servfail",
                     "tlsa-dropped"), MISMATCH),
    "unusable-no-starttls": row("cleartext", "refused", "refused"),
    **dict.fromkeys((
        "mx-cname", "mx-cname-target-tlsa", "shared-secure",
        "mx-signed-later", "tlsa-signed-later",
        "own-glue-signed", "dane-ee-match", "dane-ee-certificate",
        "dane-ee-sha512", "dane-ee-full", "dane-ta-match",
        "dane-ta-certificate", "dane-ta-root", "tlsa-pkix-and-ee",
        "rollover"), MATCH),
    **dict.fromkeys((
        "dane-ee-self-signed", "dane-ee-expired", "dane-ee-other-name",
        "dane-ta-private", "dane-ta-from-dns"), MATCH_UNTRUSTED),
    **dict.fromkeys(("shared-insecure", "shared-unsigned",
                     "unknown-algorithm", "own-glue", "insecure-mx-match"),
                    INSECURE_MX),
    "insecure-mx-mismatch": {**MISMATCH, "flags": "insecure_mx"},
    "addresses-one-without-tls": row(
        ("mixed", "encrypted", "cleartext"), "authenticated",
        "authenticated", flags="addresses_differ"),
    "dane-ta-next-hop": MATCH_UNTRUSTED,
    **dict.fromkeys((
        "dane-ee-mismatch", "dane-ee-certificate-wrong",
        "dane-ee-sha512-wrong", "dane-ta-not-presented", "dane-ta-wrong",
        "dane-ta-of-leaf", "agility"), MISMATCH),
    **dict.fromkeys((
        "dane-ta-expired", "dane-ta-other-name",
        "dane-ta-expired-other-name"), MISMATCH_UNTRUSTED),
    "dane-no-starttls": row("cleartext", "refused", "refused"),
    "addresses-differ": row("encrypted", "authenticated", "authenticated",
                            flags="addresses_differ"),
    # The cases of RULES 9.
    "downgrade": row(("encrypted", "encrypted", "cleartext"),
                     ("authenticated", "authenticated", "cleartext"),
                     "authenticated", "1", every="0"),
    "equal-downgrade": row(("mixed", "encrypted", "cleartext"),
                           ("mixed", "authenticated", "cleartext"),
                           "authenticated"),
    "partial-failure": row("encrypted", "authenticated", "authenticated",
                           flags="partial_dane_failure"),
    # RFC 7672 3.2.2: the next hop is a name to look for, under a secure MX.
    "next-hop": MATCH_UNTRUSTED,
    "next-hop-unsigned": row("encrypted", "refused", "refused",
                             flags="insecure_mx"),
}

# Policies at a provider whose TLSA matches, which they do not list.
PROVIDED = dict.fromkeys(
    (scenario.name for scenario in policies.POLICIES if scenario.domain),
    MATCH)
ENFORCED = {**MATCH, **senders.triple("mta_sts", "R")}
PROVIDED.update({
    scenario.name: ENFORCED for scenario in policies.POLICIES
    for row in scenario.expect.policies.values()
    if row.get("mta_sts_mode") == "enforce"})
BY_NAME.update({
    **PROVIDED,
    "sts-testing": {**MATCH, "flags": "would_fail"},
    "sts-broken": {**MATCH, **senders.triple("mta_sts", "U")},
    **dict.fromkeys(("sts-bare", "sts-alias-bare"),
                    {**INSECURE_MX, **senders.triple("mta_sts", "R")}),
})

# Scenarios ------------------------------------------------------------------

FIRST = Chain(names=("mx1",))
SECOND = Chain(names=("mx2",))


def two_hosts(name: str, twin: str, second: Host, second_rows: dict,
              first_tlsa: Tlsa = EE_SPKI, preference: int = 20) -> Scenario:
    """mx1 has TLSA and TLS; mx2 is what the scenario is about."""
    good = first_tlsa is EE_SPKI
    # RULES 9: that STARTTLS is absent is looked at twice.
    attempts = (1, 2) if second is WITHOUT_TLS else (1,)
    confirmed = {} if good else {
        ("mx1", "mx1/0", "mx1", 2): unmatched("mismatch", confirmed=1)}
    again = {} if good else {
        ("mx1/0", "mx1", "modern", 2): established()}
    return Scenario(
        name, "9", twin, mx=((10, "mx1"), (preference, "mx2")),
        hosts=(Host("mx1", (At(GOOD, FIRST),), (first_tlsa,)), second),
        oracle="one MX host of two: the answer is of the first alone",
        expect=Expect(
            domains={"@": domain(count=2)},
            mx={"mx1": mx(10, 1),
                "mx2": mx(preference, 1 if preference == 10 else 2)},
            hosts={"mx1": tlsa_found(), "mx2": second_rows["host"]},
            addresses={"mx1/0": PUBLIC_V4, "mx2/0": PUBLIC_V4},
            tlsa={("mx1", 1, 0): usable_record(first_tlsa),
                  **second_rows.get("tlsa", {})},
            probes={("mx1/0", "mx1", "modern", 1): established(), **again,
                    **{("mx2/0", "mx2", "modern", attempt):
                       second_rows["probe"] for attempt in attempts}},
            host_results={
                ("mx1", "mx1/0", "mx1", 1):
                    matched(0) if good else unmatched("mismatch"),
                **confirmed,
                **{("mx2", "mx2/0", "mx2", attempt): second_rows["result"]
                   for attempt in attempts}}))


WITHOUT_TLS = Host("mx2", (At(NO_STARTTLS, SECOND),))
WITHOUT_TLS_ROWS = {"host": host(), "probe": failed("starttls_absent"),
                    "result": without_tls("no_tls")}
WITH_TLSA = Host("mx2", (At(GOOD, SECOND),), (EE_SPKI,))
WITH_TLSA_ROWS = {"host": tlsa_found(), "probe": established(),
                  "tlsa": {("mx2", 1, 0): usable_record(EE_SPKI)},
                  "result": matched(0)}

PROVIDER = "mx.next-hop-provider.sec."


def by_next_hop(name: str, twin: str, provider: str, **more) -> Scenario:
    dnssec = more.pop("dnssec", "secure")
    return Scenario(
        name, "9 U5", twin, mx=((10, provider),),
        oracle="its certificate is of the next hop, which is not asked",
        expect=Expect(domains={"@": domain(
            dnssec=dnssec, **more.pop("row", {}))},
            mx={provider: mx()}), **more)


def provider_of(name: str, twin: str, shown: str) -> Scenario:
    """An MX host whose certificate has only the name of a customer."""
    result = unmatched("name_mismatch", name=0)
    return Scenario(
        name, "U5", twin, domain="", mx=(),
        hosts=(Host("mx", (At(GOOD, Chain(names=(shown,))),), (TA_SPKI,)),),
        oracle="its certificate is of the next hop, which is not asked",
        expect=Expect(
            hosts={"mx": tlsa_found()}, addresses={"mx/0": PUBLIC_V4},
            tlsa={("mx", 1, 0): usable_record(TA_SPKI)},
            probes={("mx/0", "mx", "modern", 1): established(),
                    ("mx/0", "mx", "modern", 2): Maybe(established())},
            host_results={("mx", "mx/0", "mx", 1): result,
                          ("mx", "mx/0", "mx", 2): Maybe(result)}))


SCENARIOS = [
    two_hosts("downgrade", "equal-downgrade", WITHOUT_TLS, WITHOUT_TLS_ROWS),
    two_hosts("equal-downgrade", "downgrade", WITHOUT_TLS, WITHOUT_TLS_ROWS,
              preference=10),
    two_hosts("partial-failure", "downgrade", WITH_TLSA, WITH_TLSA_ROWS,
              first_tlsa=WRONG),
    provider_of("next-hop-provider", "dane-ta-match", "next-hop.sec."),
    by_next_hop("next-hop", "next-hop-unsigned", PROVIDER),
    # It has another name, but it is refused only because of the MX: see the
    # twin.
    provider_of("unsigned-provider", "dane-ta-match",
                "next-hop-unsigned.sec."),
    by_next_hop("next-hop-unsigned", "next-hop", "mx.unsigned-provider.sec.",
                dnssec="insecure", zone=UNSIGNED),
]


MET = {scenario.name: scenario for scenario in OTHERS
       if scenario.expect.senders}


def with_outcomes(scenario: dict, mode: str = "") -> dict:
    """A scenario of expected.json, with the row of its domain; `mode` is that of
    the policy list in force."""
    if not scenario["domain"]:
        return scenario
    name = scenario["name"]
    expected = {"table": "outcomes", "key": [scenario["domain"]],
                "maybe": False, "columns":
                    senders.columns(MET[name], mode) if name in MET
                    else BY_NAME.get(name, {})}
    return {**scenario, "rows": scenario["rows"] + [expected]}
