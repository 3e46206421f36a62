"""DNSSEC (RULES 2), as it appears for MX, address and TLSA RRsets."""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

# The operator of several domains; it is not scanned itself.
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

DNSSEC = [
    PROVIDER_TLSA,
    PROVIDER_BARE,
    # One host for many: the row of each is in the scenario "provider".
    customer("shared-secure", "T8", "shared-insecure"),
    customer("shared-insecure", "T12", "shared-secure", "insecure",
             zone=BARE),
    customer("shared-unsigned", "T12", "shared-secure", "insecure",
             zone=UNSIGNED),
    customer("shared-bare", "T4", "shared-secure",
             provider="mx.provider-bare.bare."),
    only_domain("nsec3", "DS4", "nsec3-opt-out",
                no_answer("nxdomain", "secure"), zone=Zone(nsec3=True),
                scanned="gone"),
    only_domain("nsec3-opt-out", "DS4", "nsec3",
                no_answer("nxdomain", "insecure"),
                zone=Zone(nsec3=True, opt_out=True), scanned="gone"),
    customer("own-glue", "MX1", "own-glue-signed", "insecure",
             zone=Zone(signed=False, ds="none", glue=True)),
    customer("own-glue-signed", "MX1", "own-glue", zone=Zone(glue=True)),
    bogus_mx("bogus-expired", "MX5 DS2", "shared-secure",
             Zone(inception_days=-60, expiration_days=-30),
             reason="expired"),
    bogus_mx("bogus-early", "MX5 DS2", "shared-secure",
             Zone(inception_days=30, expiration_days=60),
             reason="not_yet_valid"),
    bogus_mx("bogus-ds", "MX5 DS2", "shared-secure", Zone(ds="wrong"),
             reason="ds_mismatch"),
]

# Who may sign, and what the parent says of it (DS1) -------------------------

# The flag for zones that are signed but insecure.
ISLAND = "signed_insecure"

ALGORITHMS = [
    scenario for number in (8, 10, 14, 15) for scenario in (
        customer(f"algorithm-{number}", "DS2", f"algorithm-{number}-altered",
                 zone=Zone(algorithm=number)),
        bogus_mx(f"algorithm-{number}-altered", "DS2", f"algorithm-{number}",
                 Zone(algorithm=number, spoil=(Spoil("@", "MX"),))))
] + [
    # Whether the validator knows Ed448 depends on its crypto library (RFC 8624
    # 3.1 recommends it): one that does not has DS1. Bogus would be wrong.
    customer("algorithm-16", "DS1 DS2", "algorithm-15-altered",
             one_of("secure", "insecure"), zone=Zone(algorithm=16),
             flags=one_of("", ISLAND)),
]

DS_SETS = [
    customer("unknown-algorithm", "DS1", "ds-unknown-and-wrong", "insecure",
             zone=Zone(ds="unknown"), flags=ISLAND),
    customer("unknown-digest", "DS1", "ds-digests-and-wrong", "insecure",
             zone=Zone(ds="unknown_digest"), flags=ISLAND),
    customer("ds-only-unknown", "DS1", "ds-unknown-and-right", "insecure",
             zone=Zone(ds="unknown+unknown_digest"), flags=ISLAND),
    customer("ds-unknown-and-right", "DS1", "ds-unknown-and-wrong",
             zone=Zone(ds="unknown+right")),
    bogus_mx("ds-unknown-and-wrong", "DS1 DS2", "ds-unknown-and-right",
             Zone(ds="unknown+wrong"), reason="ds_mismatch"),
    customer("ds-digests-and-right", "DS1", "unknown-digest",
             zone=Zone(ds="unknown_digest+right")),
    bogus_mx("ds-digests-and-wrong", "DS1 DS2", "ds-digests-and-right",
             Zone(ds="unknown_digest+wrong"), reason="ds_mismatch"),
    customer("ds-right-and-wrong", "DS2", "bogus-ds",
             zone=Zone(ds="right+wrong")),
    customer("ds-sha384", "DS1", "unknown-digest", zone=Zone(ds="sha384")),
    customer("ds-sha1", "DS1", "unknown-digest", zone=Zone(ds="sha1")),
    customer("island", "DS1", "shared-secure", "insecure",
             zone=Zone(ds="none"), flags=ISLAND),
]

# Signatures that do not hold (DS2) ------------------------------------------

HOWS = ("alter", "strip", "expired", "early", "foreign")


def bogus_address(name: str, how: str) -> Scenario:
    return Scenario(
        name, "T7 DS2", "plain-secure",
        zone=Zone(spoil=(Spoil("mx", "A", how),)),
        hosts=(Host("mx", (At(GOOD),), (EE_SPKI,)),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {"host_status": "bogus", "ipv4_status": "bogus",
                          "ipv4_dnssec": "bogus", "ipv4_bogus_text": ANY,
                          "ipv4_bogus_reason": REASONS[how],
                          "ipv6_bogus_reason": "", "tlsa_bogus_reason": "",
                          "address_count": 0, "attempts": SECOND_LOOK,
                          "tlsa_status": "not_asked"}}))


def bogus_tlsa(name: str, twin: str, zone: Zone, tlsa: tuple = (EE_SPKI,),
               rules: str = "T11 DS2", **more) -> Scenario:
    return one_host(name, rules, twin, zone=zone, tlsa=tlsa, tlsa_rows=[],
                    host_row=bogus_tlsa_row(REASONS[zone.spoil[0].how]),
                    results=[(1, judged(tlsa="bogus"))], **more)

SIGNATURES = [
    scenario for how in HOWS for scenario in (
        bogus_mx(f"bogus-mx-{how}", "MX5 DS2 T13", "shared-secure",
                 Zone(spoil=(Spoil("@", "MX", how),))),
        bogus_address(f"bogus-address-{how}", how),
        bogus_tlsa(f"bogus-tlsa-{how}", "dane-ee-match",
                   Zone(spoil=(Spoil("_25._tcp.mx", "TLSA", how),))))
] + [
    # Denials are signed as well.
    bogus_mx("bogus-no-mail", "MX5 DS2", "no-mail",
             Zone(spoil=(Spoil("@", "NSEC", "strip"),)), mx_records=()),
    bogus_mx("bogus-null-mx", "MX5 DS2", "null-mx",
             Zone(spoil=(Spoil("@", "MX", "strip"),)),
             mx_records=((0, "."),)),
    bogus_mx("bogus-keys", "MX5 DS2", "shared-secure",
             Zone(spoil=(Spoil("@", "DNSKEY", "strip"),))),
]

# Wildcards (DS3) and denials (DS4, DS5) -------------------------------------

WILD_MX = (f"* MX 10 {PROVIDER}",)
FORGED_MX = (Spoil("*", "MX", "forge", "sub"),)
WILD_TLSA = "*._tcp.mx"
FORGED_TLSA = (Spoil(WILD_TLSA, "TLSA", "forge", "_25._tcp.mx"),)


def wild_mx(name: str, rules: str, twin: str, zone: Zone,
            dnssec: str = "secure") -> Scenario:
    return customer(name, rules, twin, zone=zone, scanned="sub",
                    row=domain(dnssec=dnssec, mx_wildcard=1))


def wild_tlsa(name: str, twin: str, zone: Zone, **more) -> Scenario:
    return dane_match(name, "DS3", twin, EE_SPKI, zone=zone,
                      tlsa_owner=WILD_TLSA,
                      host_row={**tlsa_found(), "tlsa_wildcard": 1,
                                "tlsa_wildcard_parent": f"_tcp.mx.{name}.sec"},
                      **more)

NSEC3 = Zone(nsec3=True)
OPT_OUT = Zone(nsec3=True, opt_out=True)


def zone_with(zone: Zone, **more) -> Zone:
    return dataclasses.replace(zone, **more)

WILDCARDS = [
    wild_mx("wildcard-mx", "DS3", "wildcard-mx-forged",
            Zone(records=WILD_MX)),
    bogus_mx("wildcard-mx-forged", "DS3", "wildcard-mx",
             Zone(records=WILD_MX, spoil=FORGED_MX), scanned="sub"),
    customer("wildcard-mx-exact", "DS3", "wildcard-mx", scanned="sub",
             zone=Zone(records=WILD_MX + (f"sub MX 10 {PROVIDER}",))),
    wild_mx("wildcard-mx-nsec3", "DS3", "wildcard-mx-opt-out",
            zone_with(NSEC3, records=WILD_MX)),
    # RFC 5155 9.2: what an opt-out span denies is not secure.
    wild_mx("wildcard-mx-opt-out", "DS3 DS4", "wildcard-mx-nsec3",
            zone_with(OPT_OUT, records=WILD_MX), "insecure"),
    bogus_mx("wildcard-mx-nsec3-forged", "DS3", "wildcard-mx-nsec3",
             zone_with(NSEC3, records=WILD_MX, spoil=FORGED_MX),
             scanned="sub"),
    # Only a signature shows that a wildcard was expanded (RFC 4034 3.1.3).
    customer("wildcard-mx-bare", "DS3", "wildcard-mx", "insecure",
             zone=zone_with(BARE, records=WILD_MX), scanned="sub"),
    wild_tlsa("wildcard-tlsa", "wildcard-tlsa-forged", SIGNED),
    bogus_tlsa("wildcard-tlsa-forged", "wildcard-tlsa",
               Zone(spoil=FORGED_TLSA), rules="DS3 T11",
               tlsa_owner=WILD_TLSA),
    wild_tlsa("wildcard-tlsa-nsec3", "wildcard-tlsa-opt-out", NSEC3),
    bogus_tlsa("wildcard-tlsa-nsec3-forged", "wildcard-tlsa-nsec3",
               zone_with(NSEC3, spoil=FORGED_TLSA), rules="DS3 T11",
               tlsa_owner=WILD_TLSA),
    one_host("wildcard-tlsa-opt-out", "DS3 DS4 T14", "wildcard-tlsa-nsec3",
             zone=OPT_OUT, tlsa=(EE_SPKI,), tlsa_owner=WILD_TLSA,
             host_row=host("insecure", tlsa_dnssec="insecure", tlsa_count=1,
                           tlsa_wildcard=1, tlsa_wildcard_parent=
                           "_tcp.mx.wildcard-tlsa-opt-out.sec"),
             results=[(1, judged(tlsa="insecure"))]),
]


def iterated(count: int) -> Zone:
    return Zone(nsec3=True, iterations=count)

DENIALS = [
    only_domain("no-mail-nsec3", "DS4 MX3", "no-mail-bare",
                no_answer("no_mail", "secure"), zone=NSEC3),
    # A name that is there is in no opt-out span.
    only_domain("no-mail-opt-out", "DS4 MX3", "nsec3-opt-out",
                no_answer("no_mail", "secure"), zone=OPT_OUT),
    customer("secure-opt-out", "DS4", "nsec3-opt-out", zone=OPT_OUT),
    # libunbound takes 150 iterations and no more (unbound.conf,
    # val-nsec3-keysize-iterations); RFC 9276 3.2 allows that.
    only_domain("iterations-150", "DS5", "iterations-151",
                no_answer("nxdomain", "secure"), zone=iterated(150),
                scanned="gone"),
    only_domain("iterations-151", "DS5", "iterations-150",
                no_answer("nxdomain", "insecure"), zone=iterated(151),
                scanned="gone"),
    only_domain("iterations-500", "DS5", "iterations-150",
                no_answer("nxdomain", "insecure"), zone=iterated(500),
                scanned="gone"),
    only_domain("iterations-150-no-mail", "DS5 MX3", "iterations-151-no-mail",
                no_answer("no_mail", "secure"), zone=iterated(150)),
    only_domain("iterations-151-no-mail", "DS5 MX3", "iterations-150-no-mail",
                no_answer("no_mail", "insecure"), zone=iterated(151)),
    # An existing name needs no denial.
    customer("iterations-151-found", "DS5", "iterations-151",
             zone=iterated(151)),
    one_host("iterations-150-tlsa", "DS5 T10", "iterations-151-tlsa",
             zone=iterated(150)),
    one_host("iterations-151-tlsa", "DS5 T10", "iterations-150-tlsa",
             zone=iterated(151),
             host_row=host("absent_insecure", ipv6_dnssec="insecure",
                           tlsa_dnssec="insecure"),
             results=[(1, judged(tlsa="absent_insecure"))]),
]

# Zones below a zone ---------------------------------------------------------

CHILD_MX = (f"@ MX 10 {PROVIDER}",)


def child(name: str, rules: str, twin: str, dnssec: str, zone: Zone,
          parent: Zone = SIGNED, flags: str = "") -> Scenario:
    return customer(name, rules, twin, dnssec, zone=parent, scanned="sub",
                    flags=flags,
                    parts=(Part("sub", zone_with(zone, records=CHILD_MX)),))

CHILDREN = [
    child("child-signed", "DS2", "child-unsigned", "secure", SIGNED),
    # The denial of its DS is an NSEC record of the parent.
    child("child-unsigned", "DS7", "child-signed", "insecure", UNSIGNED),
    child("child-unsigned-nsec3", "DS4", "child-signed", "insecure",
          UNSIGNED, NSEC3),
    child("child-unsigned-opt-out", "DS4", "child-signed", "insecure",
          UNSIGNED, OPT_OUT),
    child("child-island", "DS1", "child-signed", "insecure",
          Zone(ds="none"), flags=ISLAND),
    child("child-below-unsigned", "DS1", "child-signed", "insecure", SIGNED,
          UNSIGNED, ISLAND),
    bogus_mx("child-wrong", "DS2", "child-signed", SIGNED, scanned="sub",
             reason="ds_mismatch",
             parts=(Part("sub", Zone(ds="wrong", records=CHILD_MX)),)),
    # No key at all: the validator does not say whether one was asked in vain.
    bogus_mx("child-stripped", "DS2", "child-unsigned", SIGNED,
             scanned="sub", reason=one_of("ds_mismatch", "other"), parts=(Part("sub", Zone(
                 signed=False, ds="right", records=CHILD_MX)),)),
]

DNSSEC += (ALGORITHMS + DS_SETS + SIGNATURES + WILDCARDS + DENIALS
           + CHILDREN)
