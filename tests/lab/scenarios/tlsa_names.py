"""The name that the TLSA records are at (RULES 3)."""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

# The name of the TLSA records is an alias, or unsigned (T15, T14, T10) ------

TLSA_ALIAS = "_25._tcp.mx CNAME"


def tlsa_alias(name: str, twin: str, records: tuple, owner: str = "dane",
               rules: str = "T15") -> Scenario:
    """Followed to a secure RRset; the base domain stays the MX name."""
    return dane_match(
        name, rules, twin, EE_SPKI, tlsa_owner=owner,
        zone=Zone(records=records),
        host_row=tlsa_found(tlsa_base=f"mx.{name}.sec",
                            tlsa_cname_target=f"{owner}.{name}.sec"))

INSECURE_TLSA = host("insecure", tlsa_dnssec="insecure", tlsa_count=1)


def insecure_alias(name: str, tld: str) -> dict:
    return {**INSECURE_TLSA, "tlsa_cname_target": f"dane.{name}.{tld}"}

INSECURE_RESULT = [(1, judged(tlsa="insecure"))]

TLSA_NAMES = [
    tlsa_alias("tlsa-cname", "tlsa-cname-to-bare", (f"{TLSA_ALIAS} dane",)),
    tlsa_alias("tlsa-cname-chain", "tlsa-cname-gone",
               (f"{TLSA_ALIAS} second", "second CNAME dane")),
    tlsa_alias("tlsa-cname-wildcard", "tlsa-cname-gone",
               ("*._tcp.mx CNAME dane",)),
    tlsa_alias("tlsa-dname", "tlsa-cname-gone", ("_tcp.mx DNAME _tcp.all",),
               "_25._tcp.all"),
    one_host("tlsa-cname-to-bare", "T15 T14", "tlsa-cname",
             tlsa=(EE_SPKI,), tlsa_owner="dane.tlsa-cname-to-bare.bare.",
             zone=Zone(records=(f"{TLSA_ALIAS} dane.tlsa-cname-to-bare.bare.",
                                )),
             parts=(Part("tlsa-cname-to-bare.bare.", BARE),),
             host_row=insecure_alias("tlsa-cname-to-bare", "bare"), results=INSECURE_RESULT),
    # Through an unsigned zone to a signed one.
    one_host("tlsa-cname-there-and-back", "T15 T14", "tlsa-cname-chain",
             tlsa=(EE_SPKI,), tlsa_owner="dane",
             zone=Zone(records=(
                 f"{TLSA_ALIAS} dane.tlsa-cname-there-and-back.bare.",)),
             parts=(Part("tlsa-cname-there-and-back.bare.",
                         dataclasses.replace(BARE, records=(
                             "dane CNAME "
                             "dane.tlsa-cname-there-and-back.sec.",))),),
             host_row=insecure_alias("tlsa-cname-there-and-back", "sec"), results=INSECURE_RESULT),
    one_host("tlsa-cname-gone", "T15 T10", "tlsa-cname",
             zone=Zone(records=(f"{TLSA_ALIAS} dane",)),
             host_row=host(tlsa_cname_target="dane.tlsa-cname-gone.sec")),
    one_host("tlsa-cname-bogus", "T15 T11", "tlsa-cname",
             tlsa=(EE_SPKI,), tlsa_owner="dane", tlsa_rows=[],
             zone=Zone(records=(f"{TLSA_ALIAS} dane",),
                       spoil=(Spoil("_25._tcp.mx", "CNAME"),)),
             host_row=bogus_tlsa_row(REASONS["alter"]),
             results=[(1, judged(tlsa="bogus"))]),
    one_host("tlsa-cname-target-bogus", "T15 T11", "tlsa-cname",
             tlsa=(EE_SPKI,), tlsa_owner="dane", tlsa_rows=[],
             zone=Zone(records=(f"{TLSA_ALIAS} dane",),
                       spoil=(Spoil("dane", "TLSA"),)),
             host_row=bogus_tlsa_row(REASONS["alter"]),
             results=[(1, judged(tlsa="bogus"))]),
    one_host("tlsa-unsigned-child", "T14 DS7", "tlsa-signed-child",
             tlsa=(EE_SPKI,), parts=(Part("_tcp.mx", UNSIGNED),),
             host_row=INSECURE_TLSA, results=INSECURE_RESULT),
    dane_match("tlsa-signed-child", "T8", "tlsa-unsigned-child", EE_SPKI,
               parts=(Part("_tcp.mx", SIGNED),)),
    one_host("no-tlsa-unsigned-child", "T10", "tlsa-unsigned-child",
             parts=(Part("_tcp.mx", UNSIGNED),),
             host_row=host("absent_insecure", tlsa_dnssec="insecure"),
             results=[(1, judged(tlsa="absent_insecure"))]),
    # An alias above leads nowhere, which denies its target alone (RFC 6604 3).
    dane_match("tlsa-below-alias", "T1 L39", "no-tlsa-below-alias", EE_SPKI,
               zone=Zone(records=("_tcp.mx CNAME nowhere",))),
    one_host("no-tlsa-below-alias", "T10 L39", "tlsa-below-alias",
             zone=Zone(records=("_tcp.mx CNAME nowhere",))),
    # A name below which there is something, and no TLSA.
    one_host("tlsa-no-data", "T10", "dane-ee-match",
             zone=Zone(records=("_25._tcp.mx TXT a",))),
    one_host("tlsa-other-port", "T1 T10", "dane-ee-match", tlsa=(EE_SPKI,),
             tlsa_owner="_465._tcp.mx", host_row=host(), tlsa_rows=[]),
    # Answers of a denial that is not signed: no denial (T11).
    Scenario(
        "tlsa-denial-bogus", "T11 DS2", "tlsa-no-data",
        zone=Zone(spoil=(Spoil("mx", "NSEC", "strip"),)),
        hosts=(Host("mx", BOTH),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**bogus_tlsa_row(REASONS["strip"], ipv6="found"),
                         "address_count": 2}},
            addresses={"mx/0": PUBLIC_V4, "mx/1": PUBLIC_V6},
            probes={(f"mx/{n}", "mx", "modern", 1): established()
                    for n in (0, 1)},
            host_results={("mx", f"mx/{n}", "mx", 1): judged(tlsa="bogus")
                          for n in (0, 1)})),
]

# An insecure MX RRset, a secure host (T12) ----------------------------------

MX_INSECURE = [
    Scenario(
        name, "T12", twin, zone=zone, mx=((10, f"mx.{name}.sec."),),
        parts=(Part(f"{name}.sec.", SIGNED),),
        hosts=(Host(f"mx.{name}.sec.", (At(GOOD, Chain(
            names=(f"mx.{name}.sec.",))),), (record,)),),
        expect=Expect(
            domains={"@": domain(dnssec="insecure")},
            mx={f"mx.{name}.sec.": mx()},
            hosts={f"mx.{name}.sec.": tlsa_found()},
            addresses={f"mx.{name}.sec./0": PUBLIC_V4},
            tlsa={(f"mx.{name}.sec.", 1, 0): usable_record(EE_SPKI)},
            probes={(f"mx.{name}.sec./0", f"mx.{name}.sec.", "modern", n + 1):
                    established() for n in range(len(results))},
            host_results={(f"mx.{name}.sec.", f"mx.{name}.sec./0",
                           f"mx.{name}.sec.", n + 1): row
                          for n, row in enumerate(results)}))
    for name, twin, zone, record, results in (
        ("insecure-mx-match", "insecure-mx-mismatch", BARE, EE_SPKI,
         [matched(0)]),
        ("insecure-mx-mismatch", "insecure-mx-match", BARE, EE_WRONG,
         [unmatched("mismatch"), unmatched("mismatch", confirmed=1)]))
]

TLSA_NAMES += MX_INSECURE
