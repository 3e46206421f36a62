"""How chains match TLSA records (RULES 4)."""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

DANE = [
    dane_match("dane-ee-match", "T8 U1", "dane-ee-mismatch", EE_SPKI),
    dane_fail("dane-ee-mismatch", "T8 U10", "dane-ee-match", "mismatch",
              Tlsa(3, 1, 1, wrong=1)),
    dane_match("dane-ee-certificate", "U1", "dane-ee-certificate-wrong",
               EE_CERTIFICATE),
    dane_fail("dane-ee-certificate-wrong", "U1 U10", "dane-ee-certificate",
              "mismatch", Tlsa(3, 0, 1, wrong=1)),
    dane_match("dane-ee-sha512", "U1", "dane-ee-sha512-wrong",
               Tlsa(3, 1, 2)),
    dane_fail("dane-ee-sha512-wrong", "U1 U10", "dane-ee-sha512", "mismatch",
              Tlsa(3, 1, 2, wrong=1)),
    dane_match("dane-ee-full", "U1", "dane-ee-match", Tlsa(3, 0, 0)),
    dane_match("dane-ee-self-signed", "U4", "self-signed", EE_SPKI,
               chain=SELF_SIGNED, session=SELF_SIGNED_CHAIN),
    dane_match("dane-ee-expired", "U4", "dane-ee-match", EE_SPKI,
               chain=EXPIRED, session=EXPIRED_CHAIN,
               result={"flags": "expired"}),
    dane_match("dane-ee-other-name", "U4", "dane-ta-other-name", EE_SPKI,
               chain=OTHER_NAME, result={"name": 0}),
    dane_match("dane-ta-match", "U5", "dane-ta-wrong", TA_SPKI, depth=1),
    dane_match("dane-ta-certificate", "U5", "dane-ta-match",
               Tlsa(2, 0, 1, of="issuing"), depth=1),
    dane_match("dane-ta-root", "U5", "dane-ta-not-presented",
               Tlsa(2, 1, 1, of="root"), depth=2, chain=WITH_ROOT),
    dane_fail("dane-ta-not-presented", "U6", "dane-ta-root",
              "ta_not_presented", Tlsa(2, 1, 1, of="root")),
    # It cannot be known whose key it is if no certificate with it is presented.
    dane_fail("dane-ta-wrong", "U6", "dane-ta-match", "ta_not_presented",
              Tlsa(2, 1, 1, of="issuing", wrong=1)),
    dane_fail("dane-ta-of-leaf", "U5", "dane-ta-match", "mismatch",
              Tlsa(2, 1, 1, of="leaf")),
    dane_match("dane-ta-private", "U5", "private-root",
               Tlsa(2, 0, 1, of="private"), depth=1, chain=PRIVATE,
               session=PRIVATE_CHAIN),
    dane_fail("dane-ta-expired", "U5 U11", "dane-ta-match", "expired",
              TA_SPKI, chain=EXPIRED, session=EXPIRED_CHAIN),
    dane_fail("dane-ta-other-name", "U5 U11", "dane-ta-match",
              "name_mismatch", TA_SPKI, chain=OTHER_NAME,
              result={"name": 0}),
    # There are two faults, and only the worse one counts.
    dane_fail("dane-ta-expired-other-name", "U11", "dane-ta-other-name",
              "expired", TA_SPKI,
              chain=Chain(names=("elsewhere",), not_before_days=-90,
                          not_after_days=-1),
              session=EXPIRED_CHAIN, result={"name": 0}),
    one_host("dane-ta-from-dns", "U7", "dane-ta-not-presented",
             tlsa=(Tlsa(2, 0, 0, of="issuing"),), chain=NO_ISSUER,
             sessions=[("modern", 1, NO_INTERMEDIATE)],
             results=[(1, judged("match_ta_from_dns", "usable"))]),
    one_host("tlsa-pkix-only", "U2 T9", "dane-ee-match",
             tlsa=(Tlsa(1, 1, 1),), host_row=tlsa_found(1, 0),
             tlsa_rows=[unusable_record(Tlsa(1, 1, 1), "usage")],
             results=[(1, judged("none_usable", "unusable_only"))]),
    one_host("tlsa-short", "U1 T9", "dane-ee-match",
             tlsa=(Tlsa(3, 1, 1, length=20),), host_row=tlsa_found(1, 0),
             tlsa_rows=[unusable_record(EE_SPKI, "length")],
             results=[(1, judged("none_usable", "unusable_only"))]),
    one_host("tlsa-selector", "U1 T9", "dane-ee-match",
             tlsa=(Tlsa(3, 2, 1),), host_row=tlsa_found(1, 0),
             tlsa_rows=[unusable_record(Tlsa(3, 2, 1), "selector")],
             results=[(1, judged("none_usable", "unusable_only"))]),
    one_host("tlsa-undecodable", "U1 T9", "dane-ee-full",
             tlsa=(Tlsa(3, 0, 0, data="30820100"),),
             host_row=tlsa_found(1, 0),
             tlsa_rows=[unusable_record(Tlsa(3, 0, 0), "undecodable")],
             results=[(1, judged("none_usable", "unusable_only"))]),
    one_host("tlsa-pkix-and-ee", "U2 U8", "tlsa-pkix-only",
             tlsa=(Tlsa(1, 1, 1), EE_SPKI), host_row=tlsa_found(2, 1),
             tlsa_rows=[unusable_record(Tlsa(1, 1, 1), "usage"),
                        usable_record(EE_SPKI)],
             results=[(1, matched(0, "[1]"))]),
    # The digest decides the order in the RRset, so no position is expected.
    dane_match("rollover", "U8", "dane-ee-match", EE_SPKI,
               Tlsa(3, 1, 1, wrong=1),
               host_row=tlsa_found(2, rollover_ready=1),
               result={"positions": one_of("[0]", "[1]")}),
    one_host("agility", "U3 U10", "dane-ee-match",
             tlsa=(EE_SPKI, Tlsa(3, 1, 2, wrong=1)),
             sessions=twice(established()),
             results=[(attempt, unmatched(
                 "mismatch", dane_verdict_no_agility="match", **more))
                 for attempt, more in ((1, {}), (2, {"confirmed": 1}))]),
    Scenario(
        "addresses-differ", "U9 U10", "dane-ee-match",
        hosts=(Host("mx", (At(GOOD), At(GOOD, Chain(serial=1))),
                    (EE_SPKI,)),),
        oracle="one address of two matches: the answer is a matter of chance",
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**tlsa_found(), "address_count": 2}},
            addresses={"mx/0": PUBLIC_V4, "mx/1": PUBLIC_V4},
            tlsa={("mx", 1, 0): usable_record(EE_SPKI)},
            probes={("mx/0", "mx", "modern", 1): established(),
                    ("mx/1", "mx", "modern", 1): established(),
                    ("mx/1", "mx", "modern", 2): established()},
            host_results={
                ("mx", "mx/0", "mx", 1): matched(0),
                ("mx", "mx/1", "mx", 1): unmatched("mismatch"),
                ("mx", "mx/1", "mx", 2): unmatched("mismatch",
                                                   confirmed=1)})),
    no_tls("dane-no-starttls", "T8", "dane-ee-match", "starttls_absent",
           behaviour=NO_STARTTLS, tlsa=(EE_SPKI,)),
]

# The record brings its anchor along (U7) ------------------------------------


def brought(name: str, twin: str, record: Tlsa, chain: Chain,
            session: dict) -> Scenario:
    return one_host(name, "U7", twin, tlsa=(record,), chain=chain,
                    sessions=[("modern", 1, session)],
                    results=[(1, judged("match_ta_from_dns", "usable"))])

BROUGHT = [
    brought("brought-key", "brought-key-wrong", Tlsa(2, 1, 0, of="issuing"),
            NO_ISSUER, NO_INTERMEDIATE),
    dane_fail("brought-key-wrong", "U7", "brought-key", "chain_broken",
              Tlsa(2, 1, 0, of="private"), chain=NO_ISSUER,
              session=NO_INTERMEDIATE),
    dane_fail("brought-certificate-wrong", "U7", "dane-ta-from-dns",
              "chain_broken", Tlsa(2, 0, 0, of="private"), chain=NO_ISSUER,
              session=NO_INTERMEDIATE),
    brought("brought-root", "dane-ta-not-presented",
            Tlsa(2, 0, 0, of="root"), TRUSTED, established()),
    brought("brought-root-key", "dane-ta-not-presented",
            Tlsa(2, 1, 0, of="root"), TRUSTED, established()),
    brought("brought-private-root", "brought-certificate-wrong",
            Tlsa(2, 0, 0, of="private"),
            Chain(issuer="private", present=("leaf",)), NO_INTERMEDIATE),
    dane_fail("brought-expired", "U7 U11", "dane-ta-from-dns", "expired",
              Tlsa(2, 0, 0, of="issuing"),
              chain=Chain(present=("leaf",), not_before_days=-90,
                          not_after_days=-1),
              session={**NO_INTERMEDIATE, "in_dates": 0}),
    dane_fail("brought-other-name", "U7 U11", "dane-ta-from-dns",
              "name_mismatch", Tlsa(2, 0, 0, of="issuing"),
              chain=Chain(names=("elsewhere",), present=("leaf",)),
              session=NO_INTERMEDIATE, result={"name": 0}),
]

# Of several records the best counts, of one its worst fault (U11) ------------

BEST = [
    dane_fail("best-expired", "U11", "dane-ee-mismatch", "expired", TA_SPKI,
              EE_WRONG, chain=EXPIRED, session=EXPIRED_CHAIN),
    dane_fail("best-name", "U11", "dane-ta-not-presented", "name_mismatch",
              TA_SPKI, Tlsa(2, 1, 1, of="root"), chain=OTHER_NAME,
              result={"name": 0}),
    dane_fail("best-not-presented", "U11", "dane-ee-mismatch",
              "ta_not_presented", Tlsa(2, 1, 1, of="root"), EE_WRONG),
    # An invalid path to an existing anchor.
    dane_fail("best-broken", "U11", "dane-ta-not-presented", "chain_broken",
              TA_SPKI, Tlsa(2, 1, 1, of="root"), chain=FORGED,
              session=FORGED_CHAIN),
    dane_fail("worst-of-one", "U11", "dane-ta-expired", "chain_broken",
              TA_SPKI, chain=dataclasses.replace(
                  FORGED, not_before_days=-90, not_after_days=-1),
              session={**FORGED_CHAIN, "in_dates": 0}),
    dane_match("best-of-all", "U11 U8", "best-not-presented",
               EE_CERTIFICATE, EE_SPKI, chain=EXPIRED, session=EXPIRED_CHAIN,
               result={"flags": "expired", "positions": "[0,1]"}),
]

# What usage 3 ignores, and usage 2 does not (U4, U5) ------------------------

FAULTS = [
    # Name, chain, what WebPKI says of it, a record of an anchor above it.
    ("early", EARLY, EARLY_CHAIN, TA_SPKI, "expired"),
    ("forged", FORGED, FORGED_CHAIN, TA_SPKI, "chain_broken"),
    ("late-issuer", LATE, EXPIRED_CHAIN, Tlsa(2, 1, 1, of="root"), "expired"),
    ("constrained", STRICT, STRICT_CHAIN, Tlsa(2, 1, 1, of="root"),
     "chain_broken"),
    ("too-deep", LONG, LONG_CHAIN, Tlsa(2, 1, 1, of="root"), "chain_broken"),
    ("no-authority", BY_SERVER, SERVER_CHAIN, TA_SPKI, "chain_broken"),
    ("client-only", CLIENT, CLIENT_CHAIN, TA_SPKI, "chain_broken"),
]
IGNORED = [
    scenario for name, chain, session, anchor, verdict in FAULTS
    for scenario in (
        dane_match(f"dane-ee-{name}", "U4", f"dane-ta-{name}", EE_SPKI,
                   chain=chain, session=session, result={
                       "flags": one_of("", "expired") if name == "early"
                       else ""}),
        dane_fail(f"dane-ta-{name}", "U5 U11", f"dane-ee-{name}", verdict,
                  anchor, chain=chain, session=session))
]
ANCHORS = [
    dane_match("dane-ta-deep-1", "U5", "dane-ta-deep-missing",
               Tlsa(2, 1, 1, of="deep"), chain=DEEP, depth=1),
    dane_match("dane-ta-deep-2", "U5", "dane-ta-deep-missing",
               Tlsa(2, 1, 1, of="policy"), chain=DEEP, depth=2),
    dane_match("dane-ta-deep-certificate", "U5", "dane-ta-deep-missing",
               Tlsa(2, 0, 2, of="policy"), chain=DEEP, depth=2),
    dane_fail("dane-ta-deep-missing", "U5", "dane-ta-deep-2", "chain_broken",
              Tlsa(2, 1, 1, of="policy"), session=NO_INTERMEDIATE,
              chain=Chain(issuer="deep", present=("leaf", "policy"))),
    # Presented, but not above the leaf.
    dane_fail("dane-ta-unrelated", "U5", "dane-ta-private", "chain_broken",
              Tlsa(2, 1, 1, of="private"),
              chain=Chain(present=("leaf", "issuing", "private"))),
    dane_match("dane-ta-wrong-order", "U5", "dane-ta-not-presented",
               Tlsa(2, 1, 1, of="root"),
               chain=Chain(present=("leaf", "root", "issuing")),
               depth=one_of(1, 2)),
    dane_match("dane-ta-extra", "U5", "dane-ta-unrelated", TA_SPKI,
               chain=Chain(present=("leaf", "private", "issuing")),
               depth=one_of(1, 2)),
    dane_fail("dane-ta-self-signed", "U5", "dane-ee-self-signed", "mismatch",
              Tlsa(2, 0, 1), chain=SELF_SIGNED, session=SELF_SIGNED_CHAIN),
    # Neither does it become an authority by being there twice.
    dane_fail("dane-ta-leaf-twice", "U5", "dane-ta-match", "mismatch",
              Tlsa(2, 1, 1), chain=Chain(present=("leaf", "leaf",
                                                  "issuing"))),
]

# How strong keys and signatures must be (U12) --------------------------------

RSA_CA = Tlsa(2, 1, 1, of="rsa")
STRENGTH = [
    dane_match("dane-ta-sha256", "U12", "dane-ta-sha1", RSA_CA, depth=1,
               chain=SHA256),
    dane_fail("dane-ta-sha1", "U12", "dane-ta-sha256", "chain_broken", RSA_CA,
              chain=SHA1, session=WEAK_CHAIN),
    dane_match("dane-ee-sha1", "U12 U4", "dane-ta-sha1", EE_SPKI, chain=SHA1,
               session=WEAK_CHAIN),
]

# More certificates than are kept (U13) ----------------------------------------

CUT = [
    dane_match("dane-ta-chain-17", "U13", "dane-ta-not-presented", TA_SPKI,
               depth=16, chain=CHAIN_17),
    dane_match("dane-ta-chain-100", "U13", "dane-ta-chain-101", TA_SPKI,
               depth=99, chain=CHAIN_100),
    dane_fail("dane-ta-chain-101", "U13", "dane-ta-chain-100",
              "undetermined", TA_SPKI, chain=CHAIN_101, session=CUT_CHAIN),
    dane_match("dane-ta-cut-behind", "U13", "dane-ta-chain-101", TA_SPKI,
               depth=1, chain=CUT_BEHIND, session=CUT_CHAIN),
    dane_match("dane-ee-chain-101", "U13 U4", "dane-ta-chain-101", EE_SPKI,
               chain=CHAIN_101, session=CUT_CHAIN),
    dane_fail("dane-ee-chain-101-wrong", "U13 U4", "dane-ee-chain-101",
              "mismatch", EE_WRONG, chain=CHAIN_101, session=CUT_CHAIN),
    too_large("dane-too-large", "dane-ta-chain-101", tlsa=(TA_SPKI,)),
]

# Names of usage 2 (RFC 7672 3.2.2, 3.2.3) -----------------------------------

TA_NAMES = [
    dane_match("dane-ta-wildcard", "N1", "dane-ta-wildcard-deep", TA_SPKI,
               depth=1, chain=Chain(names=("*",))),
    dane_fail("dane-ta-wildcard-deep", "N1", "dane-ta-wildcard",
              "name_mismatch", TA_SPKI, chain=Chain(names=("*.mx",)),
              result={"name": 0}),
    # The CN counts where there is no dNSName, which for WebPKI it never does.
    dane_match("dane-ta-common-name", "N7", "dane-ta-common-name-beside",
               TA_SPKI, depth=1, chain=CN_ONLY, result={"name": 0}),
    dane_match("dane-ta-common-name-address", "N7 N4",
               "dane-ta-common-name-beside", TA_SPKI, depth=1,
               chain=dataclasses.replace(CN_ONLY, names=("ip:198.18.9.9",)),
               result={"name": 0}),
    dane_fail("dane-ta-common-name-beside", "N7", "dane-ta-common-name",
              "name_mismatch", TA_SPKI,
              chain=dataclasses.replace(CN_ONLY, names=("elsewhere",)),
              result={"name": 0}),
    dane_fail("dane-ta-next-hop", "4", "dane-ta-match", "name_mismatch",
              TA_SPKI, chain=Chain(names=("@",)), result={"name": 0}),
]

# Addresses that differ, with and without TLS (U9) ---------------------------

NO_TLS_SEEN = failed("starttls_absent")


def two_addresses(name: str, rules: str, twin: str, second: At, probe: dict,
                  result: dict, oracle: str = "", times: int = 1) -> Scenario:
    """The first address matches; the second is seen this many times."""
    kind = PUBLIC_V6 if second.place == "v6" else PUBLIC_V4
    families = host(ipv6="found") if second.place == "v6" else host()
    return Scenario(
        name, rules, twin, oracle=oracle,
        hosts=(Host("mx", (At(GOOD), second), (EE_SPKI,)),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**tlsa_found(), "address_count": 2,
                          "ipv6_status": families["ipv6_status"]}},
            addresses={"mx/0": PUBLIC_V4, "mx/1": kind},
            tlsa={("mx", 1, 0): usable_record(EE_SPKI)},
            probes={("mx/0", "mx", "modern", 1): established(),
                    **{("mx/1", "mx", "modern", attempt): probe
                       for attempt in range(1, times + 1)}},
            host_results={("mx", "mx/0", "mx", 1): matched(0),
                          **{("mx", "mx/1", "mx", attempt): result
                             for attempt in range(1, times + 1)}}))

ADDRESSES = [
    two_addresses("addresses-agree", "U9", "addresses-differ", At(GOOD),
                  established(), matched(0)),
    two_addresses("addresses-agree-dual", "U9", "addresses-differ",
                  At(GOOD, place="v6"), established(), matched(0)),
    two_addresses("addresses-one-without-tls", "U9", "addresses-agree",
                  At(NO_STARTTLS), NO_TLS_SEEN,
                  without_tls("no_tls", "usable"),
                  "one address of two has TLS: the answer is a matter of "
                  "chance", times=2),
]

# TLS is there, or not, under each kind of RRset (T8, T9) --------------------

WITHOUT_TLS = [
    no_tls("dane-stripped", "T8 S9", "dane-no-starttls", "starttls_stripped",
           behaviour=STRIPPED, tlsa=(EE_SPKI,)),
    no_tls("dane-starttls-refused", "T8 S11", "dane-no-starttls",
           "starttls_refused", behaviour=STARTTLS_REFUSED, tlsa=(EE_SPKI,)),
    one_host("unusable-no-starttls", "T9", "dane-no-starttls",
             behaviour=NO_STARTTLS, tlsa=(Tlsa(1, 1, 1),),
             host_row=tlsa_found(1, 0),
             tlsa_rows=[unusable_record(Tlsa(1, 1, 1), "usage")],
             sessions=twice(failed("starttls_absent")),
             results=[(attempt, without_tls("no_tls", "unusable_only"))
                      for attempt in (1, 2)]),
]

DANE += BROUGHT + BEST + IGNORED + ANCHORS + STRENGTH + CUT + TA_NAMES + ADDRESSES + WITHOUT_TLS
