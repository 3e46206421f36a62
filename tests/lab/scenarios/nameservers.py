"""Name servers that fail, by type and transport (RULES 1 to 3).

fakens stands in front of the NSD that has the zone: what it does not change
stays correctly signed. Whether a name server that does not answer counts as
SERVFAIL or as a timeout depends on the resolver's patience.
"""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

FAILS = one_of("servfail", "timeout")
# Codes that a resolver passes on as SERVFAIL.
CODES = ("servfail", "refused", "notimp", "formerr")


def behind(*rules: Rule, tcp: str = "answers", zone: Zone = SIGNED) -> Zone:
    """All name servers of the zone do this."""
    served = Served(rules, tcp=tcp)
    return dataclasses.replace(zone, servers=(served, served))


def half(*rules: Rule, tcp: str = "answers") -> Zone:
    """One of the two does."""
    return Zone(servers=(Served(rules, tcp=tcp), Served()))


def at_first(action: str, zone: Zone = SIGNED, **rule) -> Zone:
    """Its only name server fails for as long as the first look lasts, and less
    than both last. `drop_first`: a look asks 4 times (the second: 14 times).
    `strip_early`: the second look comes after a pause of 4 s."""
    number = {"strip_early": 2500, "drop_first": 8}[action]
    served = Served((Rule(f"{action} {number}", **rule),))
    return dataclasses.replace(zone, servers=(served,))


def failing_tlsa(name: str, twin: str, zone: Zone, rules: str = "T11",
                 status=FAILS) -> Scenario:
    return one_host(name, rules, twin, zone=zone, tlsa=(EE_SPKI,),
                    tlsa_rows=[],
                    host_row=host(status, tlsa_dnssec="unchecked",
                                  attempts=2),
                    results=[(1, judged(tlsa=status))])


def found_tlsa(name: str, rules: str, twin: str, zone: Zone) -> Scenario:
    return dane_match(name, rules, twin, EE_SPKI, zone=zone)


def failing_mx(name: str, twin: str, zone: Zone, rules: str = "MX5",
               status=FAILS) -> Scenario:
    return only_domain(name, rules, twin,
                       no_answer(status, "unchecked", attempts=2), zone=zone,
                       mx_records=((10, PROVIDER),))


TLSA_FAILS = [
    failing_tlsa("tlsa-dropped", "tlsa-dropped-by-one",
                 behind(Rule("drop", type="TLSA"))),
    found_tlsa("tlsa-dropped-by-one", "T11 T8", "tlsa-dropped",
               half(Rule("drop", type="TLSA"))),
    *(failing_tlsa(f"tlsa-{code}", f"tlsa-{code}-by-one",
                   behind(Rule(code, type="TLSA")), status="servfail")
      for code in CODES),
    *(found_tlsa(f"tlsa-{code}-by-one", "T11 T8", f"tlsa-{code}",
                 half(Rule(code, type="TLSA"))) for code in CODES),
    # Signatures that never come: bogus, and not "no TLSA".
    one_host("tlsa-without-signatures", "T11 DS2", "tlsa-servfail",
             zone=behind(Rule("strip_rrsig", type="TLSA")), tlsa=(EE_SPKI,),
             tlsa_rows=[], host_row=bogus_tlsa_row("no_signature"),
             results=[(1, judged(tlsa="bogus"))]),
    # The second look has the last word.
    dane_match("tlsa-signed-later", "T11", "tlsa-without-signatures", EE_SPKI,
               zone=at_first("strip_early", type="TLSA"), oracle=LOOKS_ONCE,
               host_row={**tlsa_found(), "attempts": SECOND_LOOK}),
    # What is cut off is asked for again, or not used at all.
    at_host("direct truncated", found_tlsa(
        "tlsa-truncated", "DS6 T8", "tlsa-truncated-no-tcp",
        behind(Rule("truncate", type="TLSA")))),
    failing_tlsa("tlsa-truncated-no-tcp", "tlsa-truncated",
                 behind(Rule("truncate", type="TLSA"), tcp="refused"),
                 "DS6 T11"),
    # Servers that fail TLSA are many in unsigned zones: nobody asks there.
    one_host("tlsa-dropped-bare", "T4", "tlsa-dropped", tlsa=(EE_SPKI,),
             zone=behind(Rule("drop", type="TLSA"), zone=BARE),
             host_row=host("not_asked", "insecure")),
    found_tlsa("tlsa-late", "T8", "tlsa-dropped",
               behind(Rule("delay 150", type="TLSA"))),
]


def failing_host(name: str, twin: str, zone: Zone) -> Scenario:
    """No address can be obtained: the host is not usable, but that does not
    mean that it has no address."""
    return Scenario(
        name, "T7", twin, zone=zone,
        hosts=(Host("mx", (At(GOOD),), (EE_SPKI,)),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {"host_status": FAILS, "ipv4_status": FAILS,
                          "ipv4_dnssec": "unchecked", "address_count": 0,
                          "tlsa_status": "not_asked", "attempts": 2}}))


ADDRESSES_FAIL = [
    failing_host("address-dropped", "aaaa-dropped-by-one",
                 behind(Rule("drop", type="A", name="mx", below=False))),
    failing_host("address-servfail", "aaaa-servfail",
                 behind(Rule("servfail", type="A", name="mx",
                             below=False))),
    dane_match("aaaa-servfail", "T6", "address-servfail", EE_SPKI,
               zone=behind(Rule("servfail", type="AAAA", name="mx",
                                below=False)),
               host_row={**tlsa_found(), "ipv6_status": FAILS,
                         "ipv6_dnssec": "unchecked", "attempts": 2}),
    # The other family and TLSA are unaffected.
    dane_match("aaaa-dropped", "T6", "address-dropped", EE_SPKI,
               zone=behind(Rule("drop", type="AAAA", name="mx",
                                below=False)),
               host_row={**tlsa_found(), "ipv6_status": FAILS,
                         "ipv6_dnssec": "unchecked", "attempts": 2}),
    found_tlsa("aaaa-dropped-by-one", "T6", "aaaa-servfail",
               half(Rule("drop", type="AAAA", name="mx", below=False))),
]

# An NSEC record without A in its types would be proof enough (RFC 8198).
OWN_ADDRESS = Zone(records=("@ A 198.18.9.9",))

MX_FAILS = [
    failing_mx("mx-dropped", "mx-dropped-by-one",
               behind(Rule("drop", type="MX"))),
    customer("mx-dropped-by-one", "MX5", "mx-dropped",
             zone=half(Rule("drop", type="MX"))),
    *(failing_mx(f"mx-{code}", f"mx-{code}-by-one",
                 behind(Rule(code, type="MX")), status="servfail")
      for code in CODES),
    *(customer(f"mx-{code}-by-one", "MX5", f"mx-{code}",
               zone=half(Rule(code, type="MX"))) for code in CODES),
    bogus_mx("mx-without-signatures", "MX5 DS2", "mx-servfail",
             behind(Rule("strip_rrsig", type="MX")), reason="no_signature"),
    # The second look has the last word.
    dataclasses.replace(
        customer("mx-signed-later", "MX5", "mx-without-signatures",
                 zone=at_first("strip_early", type="MX"),
                 row=domain(attempts=SECOND_LOOK)), oracle=LOOKS_ONCE),
    customer("mx-truncated", "DS6", "mx-truncated-no-tcp",
             zone=behind(Rule("truncate", type="MX"))),
    failing_mx("mx-truncated-no-tcp", "mx-truncated",
               behind(Rule("truncate", type="MX"), tcp="refused"),
               "DS6 MX5"),
    # An unsigned NXDOMAIN in a signed zone is no proof.
    bogus_mx("mx-denied-unsigned", "MX5 DS2", "mx-servfail",
             behind(Rule("nxdomain", type="MX")),
             # No NSEC, and no signature.
             reason=one_of("no_signature", "bad_denial")),
    dataclasses.replace(
        only_domain("mx-denied-bare", "MX4", "mx-denied-unsigned",
                    no_answer("nxdomain", "insecure"), mx_records=(),
                    zone=behind(Rule("nxdomain", type="MX"), zone=BARE)),
        lane="recursive no_soa"),
    # No MX, and no answer about addresses: not "no mail" (MX3).
    only_domain("implicit-mx-dropped", "MX3", "no-mail",
                no_answer(FAILS, "secure", attempts=2),
                zone=behind(Rule("drop", type="A", below=False),
                            zone=OWN_ADDRESS)),
    only_domain("implicit-mx-servfail", "MX3", "no-mail",
                no_answer("servfail", "secure", attempts=2),
                zone=behind(Rule("servfail", type="A", below=False),
                            zone=OWN_ADDRESS)),
]

# Keys and DS records that do not arrive say nothing about the zone.
KEYS_FAIL = [
    failing_mx("keys-dropped", "keys-denied",
               behind(Rule("drop", type="DNSKEY"))),
    dataclasses.replace(
        failing_mx("keys-servfail", "keys-denied",
                   behind(Rule("servfail", type="DNSKEY"))),
        oracle=CALLED_BOGUS),
    bogus_mx("keys-denied", "MX5 DS2", "keys-servfail",
             behind(Rule("nxdomain", type="DNSKEY")), reason="other"),
    dataclasses.replace(
        only_domain("ds-servfail", "MX5", "child-unsigned",
                    no_answer(FAILS, "unchecked", attempts=SECOND_LOOK),
                    zone=behind(Rule("servfail", type="DS")), scanned="sub",
                    parts=(Part("sub", UNSIGNED),)), oracle=CALLED_BOGUS),
]


# Records of another kind, so that no denial of the names can answer (RFC 8198).
OTHER_TXT = Zone(records=("_mta-sts TXT \"other\"", "_smtp._tls TXT \"other\""))


def txt_fails(name: str, twin: str, zone: Zone, **row) -> Scenario:
    return customer(name, "P1 P10", twin, zone=zone,
                    row=domain(attempts=SECOND_LOOK, **row))


TXT_FAILS = [
    txt_fails("sts-dropped", "sts-dropped-at-first",
              behind(Rule("drop", type="TXT", name="_mta-sts"),
                     zone=OTHER_TXT), mta_sts_record="error"),
    txt_fails("sts-dropped-at-first", "sts-dropped",
              at_first("drop_first", OTHER_TXT, type="TXT", name="_mta-sts")),
    txt_fails("tlsrpt-dropped", "tlsrpt-dropped-at-first",
              behind(Rule("drop", type="TXT", name="_smtp._tls"),
                     zone=OTHER_TXT), tlsrpt_record="error"),
    txt_fails("tlsrpt-dropped-at-first", "tlsrpt-dropped",
              at_first("drop_first", OTHER_TXT, type="TXT", name="_smtp._tls")),
    # RULES 9: it failed in the second pass alone.
    dataclasses.replace(
        only_domain("mx-dropped-later", "MX5", "mx-dropped",
                    no_answer(FAILS, "unchecked", attempts=1),
                    mx_records=((10, PROVIDER),), zone=dataclasses.replace(
                        OTHER_TXT, servers=(Served((
                            Rule("drop_after 1", type="MX"),
                            Rule("drop", type="TXT"))),))),
        oracle=LOOKS_ONCE, lane="recursive servers_failed"),
    one_host("tlsa-dropped-later", "T11", "tlsa-dropped", tlsa=(EE_SPKI,),
             zone=Zone(servers=(Served((
                 Rule("drop_after 1", type="TLSA"),
                 Rule("servfail", type="AAAA", name="mx", below=False))),)),
             oracle=LOOKS_ONCE, tlsa_rows=[],
             host_row=host(FAILS, tlsa_dnssec="unchecked", ipv6=FAILS,
                           ipv6_dnssec="unchecked", attempts=1),
             results=[(1, judged(tlsa=FAILS))]),
    txt_fails("sts-signed-later", "sts-dropped",
              at_first("strip_early", OTHER_TXT, type="TXT", name="_mta-sts")),
]

NAME_SERVERS = TLSA_FAILS + ADDRESSES_FAIL + MX_FAILS + KEYS_FAIL + TXT_FAILS
