"""The MX answer (RULES 1)."""

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
