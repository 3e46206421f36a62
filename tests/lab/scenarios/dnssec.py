"""DNSSEC, and the addresses of the hosts (RULES 2, 3)."""

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

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
