"""Certificates and names (RULES 5)."""

import dataclasses
from typing import Optional

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

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
    # For its name the server shows the right certificate, for other names
    # another one.
    one_host("by-name", "N6", "by-name-other",
             chain=Chain(names=("elsewhere",)), by_name=(("mx", TRUSTED),)),
    one_host("by-name-other", "N6", "by-name", chain=TRUSTED,
             by_name=(("mx", OTHER_NAME),), results=[(1, judged(name=0))]),
]

# Facts of certificates (table certificates) ---------------------------------

STRONG = {"weak_key": 0, "weak_signature": 0, "self_signed": 0, "is_ca": 0}
AUTHORITY = {**STRONG, "is_ca": 1}


def facts(name: str, twin: str, chain: Chain, leaf: dict,
          session: Optional[dict] = None, issuer: Optional[dict] = None,
          rules: str = "5", **more) -> Scenario:
    """Facts about the leaf, and about `issuer` by its role."""
    return one_host(name, rules, twin, chain=chain,
                    sessions=[("modern", 1, session or established())],
                    certificates={"leaf": leaf, **(issuer or {})}, **more)

FACTS = [
    facts("key-p256", "key-rsa1024", Chain(key="p256"),
          {**STRONG, "key_bits": 256}, issuer={"issuing": AUTHORITY}),
    facts("key-p384", "key-p256", Chain(key="p384"),
          {**STRONG, "key_bits": 384}),
    facts("key-ed25519", "key-p384", Chain(key="ed25519"), STRONG,
          established(peer_signature="ed25519")),
    facts("key-ed448", "key-ed25519", Chain(key="ed448"), STRONG,
          established(peer_signature="ed448")),
    facts("key-rsa2048", "key-rsa1024", Chain(key="rsa2048"),
          {**STRONG, "key_bits": 2048}),
    facts("key-rsa1024", "key-rsa2048", Chain(key="rsa1024"),
          {**STRONG, "key_bits": 1024, "weak_key": 1}),
    facts("key-rsa1024-tls-1-2", "rsa", Chain(key="rsa1024"),
          {**STRONG, "key_bits": 1024, "weak_key": 1},
          established(tls_version="TLSv1.2"), behaviour=TLS_1_2),
    facts("signature-sha256", "signature-sha1",
          SHA256, STRONG, issuer={"rsa": {**AUTHORITY, "key_bits": 2048}},
          rules="N8"),
    facts("signature-sha1", "signature-sha256", SHA1,
          {**STRONG, "weak_signature": 1}, WEAK_CHAIN, rules="N8"),
    facts("self-signed-facts", "key-p256", SELF_SIGNED,
          {**STRONG, "self_signed": 1}, SELF_SIGNED_CHAIN),
    facts("private-root-facts", "private-root", PRIVATE, STRONG,
          PRIVATE_CHAIN, {"private": {**AUTHORITY, "self_signed": 1}}),
]

# What is presented, and whether it leads to the root ------------------------


def chained(name: str, twin: str, chain: Chain, session: dict) -> Scenario:
    return one_host(name, "5", twin, chain=chain,
                    sessions=[("modern", 1, session)])

CHAINS = [
    chained("early", "plain-secure", EARLY, EARLY_CHAIN),
    chained("self-signed-expired", "self-signed",
            dataclasses.replace(SELF_SIGNED, not_before_days=-90,
                                not_after_days=-1),
            {**SELF_SIGNED_CHAIN, "in_dates": 0}),
    chained("root-presented", "private-root", WITH_ROOT, established()),
    chained("wrong-order", "no-intermediate",
            Chain(present=("leaf", "root", "issuing")), established()),
    chained("extra-certificates", "no-intermediate",
            Chain(present=("leaf", "private", "policy", "issuing")),
            established()),
    chained("deep-chain", "deep-chain-gap", DEEP, established()),
    chained("deep-chain-gap", "deep-chain",
            Chain(issuer="deep", present=("leaf", "policy")),
            NO_INTERMEDIATE),
    chained("chain-17", "no-intermediate", CHAIN_17, established()),
    chained("chain-100", "chain-101", CHAIN_100, established()),
    chained("chain-101", "chain-100", CHAIN_101, CUT_CHAIN),
    too_large("chain-too-large", "chain-101"),
    chained("by-root", "self-signed",
            Chain(issuer="root", present=("leaf",)), established()),
    chained("forged-signature", "plain-secure", FORGED, FORGED_CHAIN),
    chained("late-issuer", "plain-secure", LATE, EXPIRED_CHAIN),
    chained("constrained", "plain-secure", STRICT, STRICT_CHAIN),
    chained("too-deep", "deep-chain", LONG, LONG_CHAIN),
    chained("no-authority", "plain-secure", BY_SERVER, SERVER_CHAIN),
    chained("client-only", "plain-secure", CLIENT, CLIENT_CHAIN),
    chained("private-without-root", "private-root",
            Chain(issuer="private", present=("leaf",)), NO_INTERMEDIATE),
]

# What OpenSSL cannot decode ---------------------------------------------------

UNDECODED = [
    undecodable("undecodable", "plain-secure"),
    undecodable("undecodable-1-2", "rsa", behaviour=TLS_1_2),
    # No session, no verdict, whatever the bytes are (RFC 7672 2.2: TLS first).
    undecodable("undecodable-dane", "undecodable", tlsa=(EE_CERTIFICATE,)),
    undecodable("undecodable-dane-key", "undecodable", tlsa=(EE_SPKI,)),
]

# A date without seconds violates RFC 5280 4.1.2.5: such a certificate is never
# valid, and a library may decode it or not.
if DECODES_NO_SECONDS:
    IN_NO_DATES = established(1, "error_in_cert_not_before_field", 0)
    UNDECODED += [
        one_host("no-seconds", "5", "plain-secure", chain=NO_SECONDS,
                 sessions=[("modern", 1, IN_NO_DATES)]),
        dane_match("no-seconds-dane", "U4", "no-seconds", EE_SPKI,
                   chain=NO_SECONDS, session=IN_NO_DATES,
                   result={"flags": "expired"}),
    ]
else:
    UNDECODED += [
        undecodable("no-seconds", "plain-secure", NO_SECONDS),
        undecodable("no-seconds-dane", "no-seconds", NO_SECONDS,
                    tlsa=(EE_SPKI,)),
    ]

# Names (N1 to N5, N7) -------------------------------------------------------

IDN = "xn--bcher-kva"


def name_match(name: str, rules: str, twin: str, matches: int, *names: str,
               mx_name: str = "mx", flags: str = "", common_name: str = "",
               ) -> Scenario:
    return one_host(name, rules, twin, mx_name=mx_name,
                    chain=Chain(names=names, common_name=common_name),
                    sessions=[("modern", 1, established(flags=flags))],
                    results=[(1, judged(name=matches))])

NAMES = [
    name_match("name-of-zone", "N1", "wildcard-above", 1, "@", mx_name="@"),
    name_match("wildcard-above", "N1", "name-of-zone", 0, "*", mx_name="@"),
    name_match("wildcard-two-labels", "N1", "wildcard", 0, "*",
               mx_name="a.mx"),
    name_match("wildcard-second-level", "N1", "wildcard-two-labels", 1,
               "*.mx", mx_name="a.mx"),
    name_match("wildcard-tld", "N2", "name-of-zone", 0, "*.sec.",
               mx_name="@"),
    name_match("wildcard-inside", "N2", "wildcard", 0, "a.*", mx_name="a.mx"),
    name_match("wildcard-tail", "N2", "wildcard", 0, "*x"),
    name_match("wildcard-capitals", "N1 N3", "wildcard-tail", 1,
               "*.WILDCARD-CAPITALS.SEC."),
    name_match("wildcard-and-name", "N1", "wildcard-deep", 1, "*.mx", "mx"),
    name_match("trailing-dot", "N3", "other-name", 1, "mx.{zone}.."),
    name_match("idn", "N3", "idn-other", 1, IDN, mx_name=IDN),
    name_match("idn-other", "N3", "idn", 0, "xn--bchr-rna", mx_name=IDN),
    name_match("idn-capitals", "N3", "idn-other", 1, "XN--BCHER-KVA",
               mx_name=IDN),
    # A dNSName is an IA5String: only A-labels compare (RFC 9525 6.3).
    name_match("idn-u-label", "N3", "idn", 0, "b\u00fccher", mx_name=IDN,
               common_name="books"),
    name_match("idn-wildcard", "N1 N3", "idn-wildcard-part", 1, "*",
               mx_name=IDN),
    name_match("idn-wildcard-part", "N2 N3", "idn-wildcard", 0, "xn--*",
               mx_name=IDN),
    name_match("address-in-san", "N4", "address-and-name", 0,
               "ip:198.18.16.1", common_name="address"),
    name_match("address-and-name", "N4", "address-in-san", 1,
               "ip:198.18.16.1", "mx", common_name="address"),
    name_match("address-as-name", "N4", "address-and-name", 0,
               "198.18.16.1."),
    name_match("nul-in-name", "N5", "trailing-dot", 0,
               "mx.{zone}\0.evil.lab.", flags="hostile_name",
               common_name="evil"),
    name_match("control-in-name", "N5", "trailing-dot", 0,
               "mx.{zone}\x01.", flags="hostile_name", common_name="evil"),
    name_match("name-of-many", "N3", "other-name", 1,
               *(f"n{number}" for number in range(50)), "mx"),
    name_match("name-of-next-hop", "5", "plain-secure", 0, "@"),
    name_match("common-name-beside", "N7", "plain-secure", 0, "elsewhere",
               common_name="mx.{zone}"),
    one_host("common-name-alone", "N7", "plain-secure", chain=CN_ONLY,
             results=[(1, judged(name=0))]),
    one_host("common-name-other", "N7", "plain-secure",
             chain=Chain(common_name="elsewhere"),
             certificates={"leaf": {"common_name_text": "elsewhere"}}),
]

# Server names (N6) ----------------------------------------------------------


def by_two_names(name: str, twin: str, for_mx: Chain, for_base: Chain,
                 matches: int, verdict: str) -> Scenario:
    """The TLSA base domain is not the MX name, and the server tells them apart:
    the DANE verdict is by the former, the WebPKI verdict by the latter. The
    TLSA record is that of the chain shown to any other name."""
    base_row = {"tls_class": "tls", "dane_verdict": verdict}
    again = {} if verdict == "match" else {
        ("mx", "mx/0", "real", 2): {**base_row, "confirmed": 1}}
    return Scenario(
        name, "N6 T2", twin,
        hosts=(Host("mx", cname="real"),
               Host("real", (At(GOOD, SHOWN, "v4", (
                   ("mx", for_mx), ("real", for_base))),), (EE_SPKI,))),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**tlsa_found(), "flags": "has_cname",
                          "canonical_name": f"real.{name}.sec",
                          "cname_dnssec": "secure",
                          "tlsa_base": f"real.{name}.sec"}},
            addresses={"mx/0": PUBLIC_V4},
            tlsa={("mx", 1, 0): usable_record(EE_SPKI)},
            probes={("mx/0", "mx", "modern", 1): established(),
                    ("mx/0", "real", "modern", 1): established(),
                    **{("mx/0", "real", "modern", 2): established()
                       for _ in again}},
            host_results={("mx", "mx/0", "mx", 1): {"tls_class": "tls",
                                                    "name_match": matches},
                          ("mx", "mx/0", "real", 1): base_row, **again}))

SHOWN = Chain(names=("real",))
RIGHT_NAME = Chain(names=("mx",), serial=1)
STRANGE = Chain(names=("elsewhere",), serial=1)
SERVER_NAMES = [
    by_two_names("names-both", "names-webpki", RIGHT_NAME, SHOWN, 1, "match"),
    by_two_names("names-webpki", "names-neither", RIGHT_NAME, STRANGE, 1,
                 "mismatch"),
    by_two_names("names-dane", "names-both", STRANGE, SHOWN, 0, "match"),
    by_two_names("names-neither", "names-dane", STRANGE, STRANGE, 0,
                 "mismatch"),
    # No certificate for any other name, or for none at all.
    one_host("by-name-alone", "N6", "no-certificate", chain=None,
             by_name=(("mx", TRUSTED),)),
    no_handshake("no-certificate", "N6 S15", "by-name-alone", chain=None),
]

CERTIFICATES += FACTS + CHAINS + UNDECODED + NAMES + SERVER_NAMES
