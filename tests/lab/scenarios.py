"""The scenarios: what is out there, and what a scan of it must write.

Zones, certificates, servers, the list of names and the expected rows all come
from this table alone (README.md says how to add to it).
"""

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403
from policies import POLICIES

EE_SPKI = Tlsa(3, 1, 1)
EE_CERTIFICATE = Tlsa(3, 0, 1)
TA_SPKI = Tlsa(2, 1, 1, of="issuing")

EXPIRED = Chain(not_before_days=-90, not_after_days=-1)
NO_ISSUER = Chain(present=("leaf",))
WITH_ROOT = Chain(present=("leaf", "issuing", "root"))
OTHER_NAME = Chain(names=("elsewhere",))

INVALID_HOST = {"host_status": "invalid_name", "ipv4_status": "",
                "ipv6_status": "", "address_count": 0,
                "tlsa_status": "not_asked"}

# The rules do not say whether a dot, or the domain itself, is counted.
NO_HOST = one_of("", 0, 1)

# The MX answer (RULES 1) ----------------------------------------------------

MX_ANSWERS = [
    only_domain("null-mx", "MX6", "null-mx-preference",
                domain("null_mx", count=NO_HOST), mx_records=((0, "."),)),
    only_domain("null-mx-preference", "MX7", "null-mx",
                domain("null_mx", count=NO_HOST,
                       flags="null_mx_preference"),
                mx_records=((10, "."),)),
    only_domain("null-mx-bare", "MX6", "null-mx",
                domain("null_mx", "insecure", count=NO_HOST), zone=BARE,
                mx_records=((0, "."),)),
    Scenario(
        "null-mx-mixed", "MX8", "null-mx", mx=((0, "."), (10, "mx")),
        hosts=(Host("mx", (At(GOOD),)),),
        expect=Expect(
            domains={"@": domain(flags="null_mx_mixed")},
            mx={"mx": mx()}, hosts={"mx": host()},
            addresses={"mx/0": PUBLIC_V4},
            probes={("mx/0", "mx", "modern", 1): established()},
            host_results={("mx", "mx/0", "mx", 1): judged()})),
    # Not probed by default, so that the host is in no other table.
    Scenario(
        "implicit-mx", "MX2", "no-mail", mx=(),
        hosts=(Host("@", (At(GOOD),)),),
        expect=Expect(domains={"@": domain("implicit", count=NO_HOST)},
                      mx={"@": mx(0, flags="implicit")})),
    Scenario(
        "implicit-mx-bare", "MX2", "implicit-mx", zone=BARE, mx=(),
        hosts=(Host("@", (At(GOOD),)),),
        expect=Expect(
            domains={"@": domain("implicit", "insecure", NO_HOST)},
            mx={"@": mx(0, flags="implicit")})),
    only_domain("no-mail", "MX3", "implicit-mx", no_answer("no_mail",
                                                           "secure")),
    only_domain("no-mail-bare", "MX3", "no-mail",
                no_answer("no_mail", "insecure"), zone=BARE),
    only_domain("nxdomain", "MX4", "no-mail",
                no_answer("nxdomain", "secure"), scanned="gone"),
    only_domain("nxdomain-bare", "MX4", "nxdomain",
                no_answer("nxdomain", "insecure"), zone=BARE, scanned="gone"),
    only_domain("mx-localhost", "MX10", "mx-address", domain(),
                mx_records=((10, "localhost."),),
                mx_rows={"localhost.": mx(flags="mx_is_localhost")},
                host_rows={"localhost.": INVALID_HOST}),
    only_domain("mx-address", "MX10", "mx-localhost", domain(),
                mx_records=((10, "198.18.9.9."),),
                mx_rows={"198.18.9.9.": mx(flags="mx_is_address")},
                host_rows={"198.18.9.9.": INVALID_HOST}),
    only_domain("mx-tld", "MX10", "mx-localhost", domain(),
                mx_records=((10, "sec."),),
                mx_rows={"sec.": mx(flags="mx_is_tld")},
                host_rows={"sec.": INVALID_HOST}),
    # The owner of the alias has a secure TLSA RRset, its target has none: the
    # base domain is the original name (T2), and there is one probe.
    Scenario(
        "mx-cname", "MX9 T2", "mx-cname-target-tlsa",
        hosts=(Host("mx", cname="real", tlsa=(EE_SPKI,)),
               Host("real", (At(GOOD, Chain(names=("mx",))),))),
        expect=Expect(
            domains={"@": domain()},
            mx={"mx": mx(flags=one_of("", "mx_cname"))},
            hosts={"mx": {**tlsa_found(), "flags": "has_cname",
                          "canonical_name": "real.mx-cname.sec",
                          "cname_dnssec": "secure",
                          "tlsa_base": "mx.mx-cname.sec"}},
            addresses={"mx/0": PUBLIC_V4},
            tlsa={("mx", 1, 0): {**usable_record(EE_SPKI),
                                 "base": "mx.mx-cname.sec"}},
            probes={("mx/0", "mx", "modern", 1): established()},
            host_results={("mx", "mx/0", "mx", 1): matched(0)})),
    # The target has them: it is the base domain, the SNI of DANE; WebPKI asks
    # for the MX name, so there are two probes (N6).
    Scenario(
        "mx-cname-target-tlsa", "MX9 T2 N6", "mx-cname",
        hosts=(Host("mx", cname="real"),
               Host("real", (At(GOOD, Chain(names=("mx",))),),
                    (EE_SPKI,))),
        expect=Expect(
            domains={"@": domain()},
            mx={"mx": mx(flags=one_of("", "mx_cname"))},
            hosts={"mx": {**tlsa_found(), "flags": "has_cname",
                          "canonical_name": "real.mx-cname-target-tlsa.sec",
                          "cname_dnssec": "secure",
                          "tlsa_base": "real.mx-cname-target-tlsa.sec"}},
            addresses={"mx/0": PUBLIC_V4},
            tlsa={("mx", 1, 0): {
                **usable_record(EE_SPKI),
                "base": "real.mx-cname-target-tlsa.sec"}},
            probes={("mx/0", "mx", "modern", 1): established(),
                    ("mx/0", "real", "modern", 1): established()},
            host_results={
                ("mx", "mx/0", "mx", 1): {"tls_class": "tls",
                                          "name_match": 1},
                ("mx", "mx/0", "real", 1): {"tls_class": "tls",
                                            "dane_verdict": "match"}})),
    Scenario(
        "two-tiers", "MX1 MX11", "two-equal",
        mx=((20, "mx2"), (10, "mx1"), (30, "mx1")),
        hosts=(Host("mx1", (At(GOOD, Chain(names=("mx1",))),)),
               Host("mx2", (At(GOOD, Chain(names=("mx2",))),))),
        expect=Expect(
            domains={"@": domain(count=2)},
            mx={"mx1": mx(10, 1), "mx2": mx(20, 2)},
            hosts={"mx1": host(), "mx2": host()},
            addresses={"mx1/0": PUBLIC_V4, "mx2/0": PUBLIC_V4},
            probes={("mx1/0", "mx1", "modern", 1): established(),
                    ("mx2/0", "mx2", "modern", 1): established()},
            host_results={("mx1", "mx1/0", "mx1", 1): judged(),
                          ("mx2", "mx2/0", "mx2", 1): judged()})),
    Scenario(
        "two-equal", "MX1", "two-tiers", mx=((10, "mx2"), (10, "mx1")),
        hosts=(Host("mx1", (At(GOOD, Chain(names=("mx1",))),)),
               Host("mx2", (At(GOOD, Chain(names=("mx2",))),))),
        expect=Expect(
            domains={"@": domain(count=2)},
            mx={"mx1": mx(10, 1), "mx2": mx(10, 1)},
            hosts={"mx1": host(), "mx2": host()},
            addresses={"mx1/0": PUBLIC_V4, "mx2/0": PUBLIC_V4},
            probes={("mx1/0", "mx1", "modern", 1): established(),
                    ("mx2/0", "mx2", "modern", 1): established()},
            host_results={("mx1", "mx1/0", "mx1", 1): judged(),
                          ("mx2", "mx2/0", "mx2", 1): judged()})),
]

# DNSSEC and the hosts' addresses (RULES 2, 3) -------------------------------

# The operator of several domains; it is none of the scanned ones itself.
PROVIDER_TLSA = Scenario(
    "provider", "T12", "provider-bare", domain="", mx=(),
    hosts=(Host("mx", (At(GOOD),), (EE_SPKI,)),),
    expect=Expect(
        hosts={"mx": tlsa_found()}, addresses={"mx/0": PUBLIC_V4},
        tlsa={("mx", 1, 0): usable_record(EE_SPKI)},
        probes={("mx/0", "mx", "modern", 1): established()},
        host_results={("mx", "mx/0", "mx", 1): matched(0)}))
PROVIDER_BARE = Scenario(
    "provider-bare", "T4", "provider", domain="", zone=BARE, mx=(),
    hosts=(Host("mx", (At(GOOD),), (EE_SPKI,)),),
    expect=Expect(
        hosts={"mx": host("not_asked", "insecure")},
        addresses={"mx/0": PUBLIC_V4},
        probes={("mx/0", "mx", "modern", 1): established()},
        host_results={("mx", "mx/0", "mx", 1): judged(tlsa="not_asked")}))


def customer(name: str, rules: str, twin: str, provider: str, dnssec: str,
             **more) -> Scenario:
    return only_domain(name, rules, twin, domain(dnssec=dnssec),
                       mx_records=((10, provider),),
                       mx_rows={provider: mx()}, **more)


DNSSEC = [
    PROVIDER_TLSA,
    PROVIDER_BARE,
    # One host for many: the row of each is in the scenario "provider".
    customer("shared-secure", "T8", "shared-insecure", "mx.provider.sec.",
             "secure"),
    customer("shared-insecure", "T12", "shared-secure", "mx.provider.sec.",
             "insecure", zone=BARE),
    customer("shared-unsigned", "T12", "shared-secure", "mx.provider.sec.",
             "insecure", zone=UNSIGNED),
    customer("shared-bare", "T4", "shared-secure", "mx.provider-bare.bare.",
             "secure"),
    customer("unknown-algorithm", "DS1", "shared-secure", "mx.provider.sec.",
             "insecure", zone=Zone(ds="unknown")),
    only_domain("nsec3", "DS4", "nsec3-opt-out",
                no_answer("nxdomain", "secure"), zone=Zone(nsec3=True),
                scanned="gone"),
    only_domain("nsec3-opt-out", "DS4", "nsec3",
                no_answer("nxdomain", "insecure"),
                zone=Zone(nsec3=True, opt_out=True), scanned="gone"),
    customer("own-glue", "MX1", "own-glue-signed", "mx.provider.sec.",
             "insecure", zone=Zone(signed=False, ds="none", glue=True)),
    customer("own-glue-signed", "MX1", "own-glue", "mx.provider.sec.",
             "secure", zone=Zone(glue=True)),
    only_domain("bogus-mx", "MX5 DS2 T13", "shared-secure",
                no_answer("bogus", "bogus", mx_bogus_text=ANY),
                zone=Zone(spoil=(Spoil("@", "MX"),)),
                mx_records=((10, "mx.provider.sec."),)),
    only_domain("bogus-mx-stripped", "MX5 DS2", "shared-secure",
                no_answer("bogus", "bogus", mx_bogus_text=ANY),
                zone=Zone(spoil=(Spoil("@", "MX", "strip"),)),
                mx_records=((10, "mx.provider.sec."),)),
    only_domain("bogus-expired", "MX5 DS2", "shared-secure",
                no_answer("bogus", "bogus", mx_bogus_text=ANY),
                zone=Zone(inception_days=-60, expiration_days=-30),
                mx_records=((10, "mx.provider.sec."),)),
    only_domain("bogus-early", "MX5 DS2", "shared-secure",
                no_answer("bogus", "bogus", mx_bogus_text=ANY),
                zone=Zone(inception_days=30, expiration_days=60),
                mx_records=((10, "mx.provider.sec."),)),
    only_domain("bogus-ds", "MX5 DS2", "shared-secure",
                no_answer("bogus", "bogus", mx_bogus_text=ANY),
                zone=Zone(ds="wrong"),
                mx_records=((10, "mx.provider.sec."),)),
    Scenario(
        "bogus-address", "T7 DS2", "plain-secure",
        zone=Zone(spoil=(Spoil("mx", "A"),)),
        hosts=(Host("mx", (At(GOOD),), (EE_SPKI,)),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {"host_status": "bogus", "ipv4_status": "bogus",
                          "ipv4_dnssec": "bogus", "ipv4_bogus_text": ANY,
                          "address_count": 0,
                          "tlsa_status": "not_asked"}})),
    one_host("bogus-tlsa", "T11 DS2", "dane-ee-match",
             zone=Zone(spoil=(Spoil("_25._tcp.mx", "TLSA"),)),
             tlsa=(EE_SPKI,), tlsa_rows=[],
             host_row=host("bogus", tlsa_dnssec="bogus", tlsa_bogus_text=ANY),
             results=[(1, judged(tlsa="bogus"))]),
    Scenario(
        "no-address", "T5", "host-gone", hosts=(Host("mx"),),
        zone=Zone(records=('mx TXT "a name without an address"',)),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {"host_status": "no_address", "address_count": 0,
                          "ipv4_status": "nodata", "ipv4_dnssec": "secure",
                          "ipv6_status": "nodata", "ipv6_dnssec": "secure",
                          "tlsa_status": "not_asked"}})),
    Scenario(
        "host-gone", "T5", "no-address", hosts=(Host("mx"),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {"host_status": "nxdomain", "address_count": 0,
                          "ipv4_status": "nxdomain", "ipv4_dnssec": "secure",
                          "tlsa_status": "not_asked"}})),
    one_host("plain-secure", "T10", "plain-bare"),
    one_host("plain-bare", "T4", "plain-secure", zone=BARE),
    one_host("plain-unsigned", "T4 DS4", "plain-secure", zone=UNSIGNED),
    one_host("tlsa-bare", "T4 T14", "dane-ee-match", zone=BARE,
             tlsa=(EE_SPKI,), host_row=host("not_asked", "insecure")),
    one_host("ipv6-only", "T6", "plain-secure", place="v6",
             host_row=host(ipv4="nodata", ipv6="found")),
]


def special(name: str, twin: str, address: str, family: int = 4) -> Scenario:
    """An MX host in special-purpose address space is not connected to."""
    found = ("found", "nodata") if family == 4 else ("nodata", "found")
    return Scenario(
        name, "11", twin, hosts=(Host("mx", (At(None, place=address),)),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {"host_status": "special_address",
                          "ipv4_status": found[0], "ipv6_status": found[1],
                          "address_count": 1, "tlsa_status": "not_asked"}},
            addresses={"mx/0": {"family": family, "class": "special"}},
            host_results={("mx", "mx/0", "mx", 1): {
                "basis": "none", "reason": "special_address",
                "profile": "", "tls_class": "unreachable",
                "dane_verdict": "not_applicable"}}))


SPECIAL = [
    special("special-loopback", "plain-secure", "127.0.0.1"),
    special("special-private", "plain-secure", "10.0.0.1"),
    special("special-this", "plain-secure", "0.0.0.0"),
    special("special-v6-loopback", "ipv6-only", "::1", 6),
    special("special-mapped", "ipv6-only", "::ffff:127.0.0.1", 6),
]

# TLSA matching (RULES 4) ----------------------------------------------------

DANE = [
    dane_match("dane-ee-match", "T8 U1", "dane-ee-mismatch", EE_SPKI),
    dane_fail("dane-ee-mismatch", "T8 U10", "dane-ee-match", "mismatch",
              Tlsa(3, 1, 1, wrong=True)),
    dane_match("dane-ee-certificate", "U1", "dane-ee-certificate-wrong",
               EE_CERTIFICATE),
    dane_fail("dane-ee-certificate-wrong", "U1 U10", "dane-ee-certificate",
              "mismatch", Tlsa(3, 0, 1, wrong=True)),
    dane_match("dane-ee-sha512", "U1", "dane-ee-sha512-wrong",
               Tlsa(3, 1, 2)),
    dane_fail("dane-ee-sha512-wrong", "U1 U10", "dane-ee-sha512", "mismatch",
              Tlsa(3, 1, 2, wrong=True)),
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
    # Whose key it is that nobody presents cannot be known.
    dane_fail("dane-ta-wrong", "U6", "dane-ta-match", "ta_not_presented",
              Tlsa(2, 1, 1, of="issuing", wrong=True)),
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
    # Two faults: only the worse counts.
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
             results=[(1, matched(0, "1"))]),
    # The digest decides the order in the RRset, so no position is expected.
    dane_match("rollover", "U8", "dane-ee-match", EE_SPKI,
               Tlsa(3, 1, 1, wrong=True),
               host_row=tlsa_found(2, rollover_ready=1),
               result={"positions": one_of("0", "1")}),
    one_host("agility", "U3 U10", "dane-ee-match",
             tlsa=(EE_SPKI, Tlsa(3, 1, 2, wrong=True)),
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

# Certificates (RULES 5) -----------------------------------------------------

CERTIFICATES = [
    one_host("self-signed", "5", "plain-secure", chain=SELF_SIGNED,
             sessions=[("modern", 1, SELF_SIGNED_CHAIN)]),
    one_host("expired", "5", "plain-secure", chain=EXPIRED,
             sessions=[("modern", 1, EXPIRED_CHAIN)]),
    one_host("other-name", "5", "plain-secure", chain=OTHER_NAME,
             results=[(1, judged(name=0))]),
    one_host("no-intermediate", "5", "plain-secure", chain=NO_ISSUER,
             sessions=[("modern", 1, NO_INTERMEDIATE)]),
    one_host("private-root", "5", "plain-secure", chain=PRIVATE,
             sessions=[("modern", 1, PRIVATE_CHAIN)]),
    one_host("wildcard", "N1", "wildcard-deep",
             chain=Chain(names=("*",))),
    one_host("wildcard-deep", "N1", "wildcard",
             chain=Chain(names=("*.mx",)), results=[(1, judged(name=0))]),
    one_host("wildcard-part", "N2", "wildcard",
             chain=Chain(names=("m*",)), results=[(1, judged(name=0))]),
    one_host("upper-case", "N3", "other-name", chain=Chain(names=("MX",))),
    one_host("rsa", "5", "tls-1-2", chain=Chain(key="rsa2048"),
             behaviour=TLS_1_2,
             sessions=[("modern", 1, established(
                 tls_version="TLSv1.2",
                 cipher=one_of("ECDHE-RSA-AES256-GCM-SHA384",
                               "ECDHE-RSA-AES128-GCM-SHA256",
                               "ECDHE-RSA-CHACHA20-POLY1305")))]),
    # By its name the server shows the right certificate, to others another.
    one_host("by-name", "N6", "by-name-other",
             chain=Chain(names=("elsewhere",)), by_name=(("mx", TRUSTED),)),
    one_host("by-name-other", "N6", "by-name", chain=TRUSTED,
             by_name=(("mx", OTHER_NAME),), results=[(1, judged(name=0))]),
]

# SMTP and STARTTLS (RULES 6) ------------------------------------------------


def ended_in_handshake(name: str, twin: str, outcome: str,
                       behaviour: Behaviour) -> Scenario:
    """No TLS only if it is seen twice; the rules do not say whether the old
    profile is tried."""
    row = failed(outcome, phase="handshake", starttls_code=220)
    result = without_tls("undetermined", profile=one_of("modern", "legacy"))
    return one_host(
        name, "9", twin, behaviour=behaviour,
        sessions=twice(row) + [("legacy", 1, Maybe(row)),
                               ("legacy", 2, Maybe(row))],
        results=[(1, result), (2, result)])


SMTP = [
    no_tls("no-starttls", "S7", "plain-secure", "starttls_absent",
           behaviour=NO_STARTTLS),
    no_tls("nearly-starttls", "S7 S8", "mixed-case", "starttls_absent",
           behaviour=NEARLY_STARTTLS),
    one_host("mixed-case", "S8", "nearly-starttls", behaviour=MIXED_CASE),
    no_tls("stripped", "S9", "no-starttls", "starttls_stripped",
           behaviour=STRIPPED),
    no_tls("helo-only", "S10", "no-starttls", "starttls_absent",
           behaviour=EHLO_REFUSED, probe={"ehlo_code": 502}),
    unreached("ehlo-temporary", "S10", "helo-only", "temporary_reject",
              "undetermined", behaviour=EHLO_TEMPORARY,
              probe={"phase": "ehlo", "ehlo_code": 451}),
    no_tls("starttls-refused", "S11", "starttls-temporary",
           "starttls_refused", behaviour=STARTTLS_REFUSED,
           probe={"phase": "starttls", "starttls_code": 502}),
    unreached("starttls-temporary", "S11", "starttls-refused",
              "starttls_temporary", "undetermined",
              behaviour=STARTTLS_TEMPORARY,
              probe={"phase": "starttls", "starttls_code": 454}),
    unreached("greeting-554", "S6", "greeting-421", "rejected",
              "undetermined", behaviour=GREETING_554,
              probe={"phase": "greeting", "greeting_code": 554,
                     "ehlo_code": ""}),
    unreached("greeting-421", "S6", "greeting-554", "temporary_reject",
              "undetermined", behaviour=GREETING_421,
              probe={"phase": "greeting", "greeting_code": 421,
                     "ehlo_code": ""}),
    unreached("greeting-450", "S6", "greeting-554", "temporary_reject",
              "undetermined", behaviour=GREETING_450,
              probe={"phase": "greeting", "greeting_code": 450}),
    one_host("greeting-lines", "S5", "greeting-421",
             behaviour=GREETING_LINES),
    unreached("silent", "6", "refused", "timeout", "undetermined",
              behaviour=SILENT, probe={"phase": "greeting",
                                       "greeting_code": ""}),
    unreached("dripping", "6", "silent", "timeout", "undetermined",
              behaviour=DRIPPING,
              probe={"phase": "greeting"}),
    unreached("refused", "9", "plain-secure", "connect_refused",
              "unreachable", behaviour=None, probe={"phase": "connect"}),
    unreached("deaf", "9", "refused", "connect_timeout", "unreachable",
              behaviour=DEAF, probe={"phase": "connect"}),
    unreached("no-way", "9", "refused", "unreachable", "unreachable",
              behaviour=None, place="no_way", probe={"phase": "connect"}),
    unreached("closed-greeting", "9", "reset-greeting", "closed",
              "undetermined", behaviour=CLOSED_GREETING,
              probe={"phase": "greeting"}),
    unreached("reset-greeting", "9", "closed-greeting", "reset",
              "undetermined", behaviour=RESET_GREETING,
              probe={"phase": "greeting"}),
    unreached("closed-ehlo", "9", "closed-greeting", "closed",
              "undetermined", behaviour=CLOSED_EHLO,
              probe={"phase": "ehlo"}),
    ended_in_handshake("closed-handshake", "reset-handshake", "closed",
                       CLOSED_HANDSHAKE),
    ended_in_handshake("reset-handshake", "closed-handshake", "reset",
                       RESET_HANDSHAKE),
    unreached("mixed-codes", "S2", "plain-secure", "protocol_error",
              "undetermined", behaviour=MIXED_CODES,
              probe={"phase": "ehlo"}),
    unreached("too-long-line", "S1", "long-line", "protocol_error",
              "undetermined", behaviour=TOO_LONG_LINE,
              probe={"phase": "ehlo"}),
    unreached("too-many-lines", "S3", "long-line", "protocol_error",
              "undetermined", behaviour=TOO_MANY_LINES,
              probe={"phase": "ehlo"}),
    one_host("long-line", "S1", "too-long-line", behaviour=LONG_LINE,
             sessions=[("modern", 1, established(flags="long_reply"))]),
    one_host("bare-lf", "S4", "plain-secure", behaviour=BARE_LF,
             sessions=[("modern", 1, established(flags="bare_lf"))]),
    one_host("hostile-bytes", "S4", "plain-secure", behaviour=HOSTILE_BYTES,
             sessions=[("modern", 1, established(
                 flags="hostile_bytes",
                 greeting_text=one_of("mail\\x00lab \\xff\\xfe",
                                      "mail\\x00lab \\xFF\\xFE")))]),
    unreached("injected", "S12", "plain-secure", "plaintext_injected",
              "undetermined", behaviour=INJECTED,
              probe={"starttls_code": 220}),
    no_handshake("garbage", "S12", "injected", behaviour=GARBAGE),
    no_handshake("alert", "S15", "tls-1-0", behaviour=ALERT),
    one_host("starttls-in-tls", "S14", "plain-secure",
             behaviour=STARTTLS_IN_TLS,
             sessions=[("modern", 1, established(flags="starttls_in_tls"))]),
    one_host("asks-certificate", "6", "plain-secure",
             behaviour=ASKS_CERTIFICATE,
             sessions=[("modern", 1, established(
                 flags="client_certificate_requested"))]),
    one_host("tls-1-2", "S15", "plain-secure", behaviour=TLS_1_2,
             sessions=[("modern", 1, established(tls_version="TLSv1.2"))]),
    one_host("tls-1-0", "S15", "tls-1-2", behaviour=TLS_1_0,
             sessions=[("modern", 1, failed("handshake_failed",
                                            phase="handshake")),
                       ("legacy", 1, established(
                           tls_version=one_of("TLSv1", "TLSv1.0")))],
             results=[(1, judged(profile="legacy"))]),
]

SCENARIOS = MX_ANSWERS + DNSSEC + SPECIAL + DANE + CERTIFICATES + SMTP + POLICIES
