"""The MX answer (RULES 1)."""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

INVALID_HOST = {"host_status": "invalid_name", "ipv4_status": "",
                "ipv6_status": "", "address_count": 0,
                "tlsa_status": "not_asked"}

# The rules do not say whether a dot, or the domain itself, is counted.
NO_HOST = one_of("", 0, 1)

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

# More answers of each kind --------------------------------------------------

HOST_GONE = {"host_status": "nxdomain", "ipv4_status": "nxdomain",
             "ipv4_dnssec": "secure", "address_count": 0,
             "tlsa_status": "not_asked"}


def many(name: str, twin: str, count: int, truncated: int) -> Scenario:
    """So many MX hosts, of which none exists. The answer takes TCP (DS6)."""
    hosts = [f"h{number:03}" for number in range(1, count + 1)]
    kept = dict(enumerate(hosts[:100], 1))
    return dataclasses.replace(only_domain(
        name, "MX13 DS6", twin, domain(count=count, mx_truncated=truncated),
        mx_records=tuple(enumerate(hosts, 1)),
        mx_rows={target: mx(number, number)
                 for number, target in kept.items()},
        host_rows={target: HOST_GONE for target in kept.values()}),
        lane="recursive truncated")


def invalid(name: str, twin: str, target: str, flag: str) -> Scenario:
    return only_domain(name, "MX10", twin, domain(),
                       mx_records=((10, target),),
                       mx_rows={target: mx(flags=flag)},
                       host_rows={target: INVALID_HOST})


def implicit(name: str, rules: str, twin: str, places: tuple,
             zone: Zone = SIGNED) -> Scenario:
    return Scenario(
        name, rules, twin, mx=(), zone=zone,
        hosts=(Host("@", tuple(At(GOOD, place=p) for p in places)),),
        expect=Expect(domains={"@": domain("implicit", count=NO_HOST)},
                      mx={"@": mx(0, flags="implicit")}))

# A domain that is a server itself, and says so or names another.
OWN_SERVER = Scenario(
    "mx-itself", "MX1", "implicit-mx", mx=((10, "@"),),
    hosts=(Host("@", (At(GOOD, Chain(names=("@",))),)),),
    expect=Expect(
        domains={"@": domain()}, mx={"@": mx()}, hosts={"@": host()},
        addresses={"@/0": PUBLIC_V4},
        probes={("@/0", "@", "modern", 1): established()},
        host_results={("@", "@/0", "@", 1): judged()}))
OTHER_SERVER = Scenario(
    "mx-and-own-address", "MX1", "mx-itself",
    hosts=(Host("@", (At(GOOD),)), Host("mx", (At(GOOD),))),
    expect=Expect(
        domains={"@": domain()}, mx={"mx": mx()}, hosts={"mx": host()},
        addresses={"mx/0": PUBLIC_V4},
        probes={("mx/0", "mx", "modern", 1): established()},
        host_results={("mx", "mx/0", "mx", 1): judged()}))

MORE_ANSWERS = [
    many("mx-hundred", "mx-hundred-and-one", 100, 0),
    many("mx-hundred-and-one", "mx-hundred", 101, 1),
    OWN_SERVER, OTHER_SERVER,
    # A preference of 0 alone makes no null MX (RFC 7505 3).
    one_host("mx-preference-0", "MX1 MX6", "null-mx",
             mx_records=((0, "mx"),), mx_row=mx(0)),
    one_host("mx-preference-65535", "MX1", "mx-preference-0",
             mx_records=((65535, "mx"),), mx_row=mx(65535)),
    one_host("mx-twice-in-capitals", "MX11", "mx-preference-65535",
             mx_records=((20, "MX"), (10, "mx"))),
    invalid("mx-brackets", "mx-localhost", "\\091198.18.9.9\\093.",
            "mx_is_address"),
    invalid("mx-below-localhost", "mx-address", "mail.localhost.",
            "mx_is_localhost"),
    invalid("mx-one-label", "mx-localhost", "mail.", "mx_is_tld"),
    Scenario(
        "mx-address-and-good", "MX10 MX1", "mx-address",
        mx=((10, "198.18.9.9."), (20, "mx")),
        hosts=(Host("mx", (At(GOOD),)),),
        expect=Expect(
            domains={"@": domain(count=2)},
            mx={"198.18.9.9.": mx(flags="mx_is_address"), "mx": mx(20, 2)},
            hosts={"198.18.9.9.": INVALID_HOST, "mx": host()},
            addresses={"mx/0": PUBLIC_V4},
            probes={("mx/0", "mx", "modern", 1): established()},
            host_results={("mx", "mx/0", "mx", 1): judged()})),
    implicit("implicit-mx-v6", "MX2", "no-mail", ("v6",)),
    implicit("implicit-mx-dual", "MX2", "no-mail", ("v4", "v6")),
    # L9: the MX answer was a good one.
    dataclasses.replace(
        implicit("implicit-mx-half-bogus", "MX2 MX3", "implicit-mx-bogus",
                 ("v4", "v6"), Zone(spoil=(Spoil("@", "A"),))),
        lane="direct unproven"),
    # An address that cannot be had is no address that is not there.
    only_domain("implicit-mx-bogus", "MX3 MX5", "no-mail",
                no_answer("servfail", "secure", attempts=2),
                zone=Zone(records=("@ A 198.18.9.9",),
                          spoil=(Spoil("@", "A"),))),
    only_domain("empty-non-terminal", "MX3", "nxdomain",
                no_answer("no_mail", "secure"), scanned="between",
                zone=Zone(records=("name.between A 198.18.9.9",))),
    only_domain("lame", "MX5", "no-mail",
                no_answer("servfail", "unchecked", attempts=2),
                zone=Zone(is_served=False)),
    only_domain("lame-bare", "MX5", "no-mail-bare",
                no_answer("servfail", "unchecked", attempts=2),
                zone=Zone(tld=UNSIGNED_TLD, signed=False, ds="none",
                          is_served=False)),
]

# The domain is an alias (MX12) ----------------------------------------------

LIST = f"list MX 10 {PROVIDER}"


def alias(name: str, twin: str, target: str, *records: str,
          dnssec: str = "secure", zone: Zone = SIGNED, rules: str = "MX12",
          parts: tuple = ()) -> Scenario:
    return customer(
        name, rules, twin, scanned="alias", parts=parts,
        row=domain(dnssec=dnssec, cname_target=target),
        zone=dataclasses.replace(zone, records=records))

LIST_PART = f"@ MX 10 {PROVIDER}"

ALIASES = [
    alias("domain-alias", "domain-alias-gone", "list.domain-alias.sec",
          "alias CNAME list", LIST),
    alias("domain-alias-chain", "domain-alias-loop",
          "list.domain-alias-chain.sec", "alias CNAME second",
          "second CNAME list", LIST),
    customer("domain-alias-wildcard", "MX12 DS3", "domain-alias",
             row=domain(cname_target="any.wild.domain-alias-wildcard.sec",
                        mx_wildcard=1),
             zone=Zone(records=("alias CNAME any.wild",
                                f"*.wild MX 10 {PROVIDER}")),
             scanned="alias"),
    alias("domain-alias-bare", "domain-alias", "list.domain-alias-bare.bare",
          "alias CNAME list", LIST, zone=BARE, dnssec="insecure"),
    # Secure in its first step only.
    alias("domain-alias-leaves", "domain-alias", "domain-alias-leaves.bare",
          "alias CNAME domain-alias-leaves.bare.", dnssec="insecure",
          rules="MX12 DS7",
          parts=(Part("domain-alias-leaves.bare.", dataclasses.replace(
              BARE, records=(LIST_PART,))),)),
    alias("domain-alias-enters", "domain-alias", "domain-alias-enters.sec",
          "alias CNAME domain-alias-enters.sec.", dnssec="insecure",
          zone=BARE, rules="MX12 DS7",
          parts=(Part("domain-alias-enters.sec.",
                      Zone(records=(LIST_PART,))),)),
    bogus_mx("domain-alias-bogus", "MX12 DS2", "domain-alias",
             Zone(records=("alias CNAME list", LIST),
                  spoil=(Spoil("alias", "CNAME"),)), scanned="alias"),
    bogus_mx("domain-alias-target-bogus", "MX12 DS2", "domain-alias",
             Zone(records=("alias CNAME list", LIST),
                  spoil=(Spoil("list", "MX"),)), scanned="alias"),
    only_domain("domain-alias-gone", "MX12 MX4", "domain-alias",
                no_answer("nxdomain", "secure"), scanned="alias",
                zone=Zone(records=("alias CNAME gone",))),
    only_domain("domain-alias-no-mail", "MX12 MX3", "domain-alias",
                no_answer("no_mail", "secure"), scanned="alias",
                zone=Zone(records=("alias CNAME text", "text TXT a"))),
    only_domain("domain-alias-null-mx", "MX12 MX6", "domain-alias-no-mail",
                domain("null_mx", count=NO_HOST,
                       cname_target="list.domain-alias-null-mx.sec"),
                scanned="alias",
                zone=Zone(records=("alias CNAME list", "list MX 0 ."))),
    only_domain("domain-alias-loop", "MX12 MX5", "domain-alias-chain",
                no_answer("servfail", "unchecked"), scanned="alias",
                zone=Zone(records=("alias CNAME second",
                                   "second CNAME alias"))),
    customer("domain-dname", "MX12", "domain-dname-bogus",
             row=domain(cname_target="sub.new.domain-dname.sec",
                        flags="mta_sts_alias tlsrpt_alias"),
             zone=Zone(records=("old DNAME new",
                                f"sub.new MX 10 {PROVIDER}")),
             scanned="sub.old"),
    bogus_mx("domain-dname-bogus", "MX12 DS2", "domain-dname",
             Zone(records=("old DNAME new", f"sub.new MX 10 {PROVIDER}"),
                  spoil=(Spoil("old", "DNAME", "strip"),)),
             # The validator says only that a DNAME answered for the DS.
             scanned="sub.old", reason=one_of("no_signature", "other")),
]

MX_ANSWERS += MORE_ANSWERS + ALIASES
