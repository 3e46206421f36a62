"""Addresses of the hosts, and where their TLSA records are (RULES 3)."""

import dataclasses
from typing import Optional

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

DISCOVERY = [
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

# One family fails (T6, T7) --------------------------------------------------

def two_families(name: str, rules: str, twin: str, *spoiled: str,
                 ipv4: dict, ipv6: dict) -> Scenario:
    """A host with an address of each family, `spoiled` in some."""
    kept = [number for number, row in enumerate((ipv4, ipv6))
            if "bogus" not in row.values()]
    return Scenario(
        name, rules, twin, hosts=(Host("mx", BOTH, (EE_SPKI,)),),
        zone=Zone(spoil=tuple(Spoil("mx", kind) for kind in spoiled)),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**tlsa_found(), **ipv4, **ipv6,
                          "address_count": len(kept)}},
            addresses={f"mx/{n}": (PUBLIC_V4, PUBLIC_V6)[n] for n in kept},
            tlsa={("mx", 1, 0): usable_record(EE_SPKI)},
            probes={(f"mx/{n}", "mx", "modern", 1): established()
                    for n in kept},
            host_results={("mx", f"mx/{n}", "mx", 1): matched(0)
                          for n in kept}))


def family(number: int, status: str, dnssec: str = "secure",
           reason: object = "") -> dict:
    return {f"ipv{number}_status": status, f"ipv{number}_dnssec": dnssec,
            f"ipv{number}_bogus_reason": reason}


def bogus_family(number: int, how: str) -> dict:
    return {**family(number, "bogus", "bogus", REASONS[how]),
            "attempts": SECOND_LOOK}

FAMILIES = [
    two_families("dual-stack", "T6", "bogus-ipv4-alone",
                 ipv4=family(4, "found"), ipv6=family(6, "found")),
    two_families("bogus-ipv4-alone", "T6 DS2", "bogus-both-families", "A",
                 ipv4=bogus_family(4, "alter"), ipv6=family(6, "found")),
    two_families("bogus-ipv6-alone", "T6 DS2", "bogus-both-families", "AAAA",
                 ipv4=family(4, "found"), ipv6=bogus_family(6, "alter")),
    Scenario(
        "bogus-both-families", "T7 DS2", "dual-stack",
        hosts=(Host("mx", BOTH, (EE_SPKI,)),),
        zone=Zone(spoil=(Spoil("mx", "A"), Spoil("mx", "AAAA"))),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**bogus_family(4, "alter"),
                          **bogus_family(6, "alter"),
                          "host_status": "bogus", "address_count": 0,
                          "tlsa_status": "not_asked"}})),
    Scenario(
        "host-gone-bare", "T5", "host-gone", zone=BARE, hosts=(Host("mx"),),
        expect=Expect(
            domains={"@": domain(dnssec="insecure")}, mx={"mx": mx()},
            hosts={"mx": {**family(4, "nxdomain", "insecure"),
                          "host_status": "nxdomain", "address_count": 0,
                          "tlsa_status": "not_asked"}})),
    Scenario(
        "host-lame", "T7", "host-gone", mx=((10, "mx.host-lame.bare."),),
        parts=(Part("host-lame.bare.", dataclasses.replace(
            BARE, is_served=False)),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx.host-lame.bare.": mx()},
            hosts={"mx.host-lame.bare.": {
                **family(4, "servfail", "unchecked"),
                "host_status": "servfail", "address_count": 0,
                "tlsa_status": "not_asked", "attempts": 2}})),
]

# The MX host is an alias (T2, T3, DS7) --------------------------------------

SHOWN = Chain(names=("mx",))


def aliased(name: str, rules: str, twin: str, target: str, row: dict, *,
            base: str = "", own: tuple = (), theirs: tuple = (),
            between: tuple = (), records: Optional[list] = None,
            result: Optional[dict] = None, zone: Zone = SIGNED,
            parts: tuple = (), by_dname: bool = False, mx_name: str = "mx"
            ) -> Scenario:
    """The MX host is an alias of `target`; each may have TLSA records. `base`
    is the TLSA base domain, `result` the row for it. `row` has the other
    columns of the host."""
    hosts = (Host(mx_name, cname=between[0].name if between else target,
                  tlsa=own, by_dname=by_dname), *between,
             Host(target, (At(GOOD, dataclasses.replace(
                 SHOWN, names=(mx_name,))),), theirs))
    draft = Scenario(name, rules, twin, Expect(), zone=zone)
    names = {"flags": "has_cname", "canonical_name": draft.absolute(target)}
    if base:
        names["tlsa_base"] = draft.absolute(base)
    results = {("mx", "mx/0", "mx", 1): {"tls_class": "tls", "name_match": 1}}
    if result:
        results[("mx", "mx/0", base or "mx", 1)] = result
    snis = {sni for _, _, sni, _ in results}
    dnssec = "secure" if zone.signed else "insecure"
    if mx_name != "mx":
        results = {(mx_name, f"{mx_name}/0",
                    mx_name if sni == "mx" else sni, 1): columns
                   for (_, _, sni, _), columns in results.items()}
        snis = {sni for _, _, sni, _ in results}
    return Scenario(
        name, rules, twin, zone=zone, parts=parts, hosts=hosts,
        mx=((10, mx_name),),
        expect=Expect(
            domains={"@": domain(dnssec=dnssec)}, mx={mx_name: mx()},
            hosts={mx_name: {**row, **names}},
            addresses={f"{mx_name}/0": PUBLIC_V4},
            tlsa={(mx_name, 1, n): {**columns,
                                    "base": draft.absolute(base)}
                  for n, columns in enumerate(records or ())},
            probes={(f"{mx_name}/0", sni, "modern", 1): established()
                    for sni in snis},
            host_results=results))

SECURE_ALIAS = {"cname_dnssec": "secure"}
FOUND = {**tlsa_found(), **SECURE_ALIAS}
NOT_FOUND = {**host(), **SECURE_ALIAS}
# T3: the addresses are insecure, but the alias itself is not.
LEAVES = {"ipv4_dnssec": "insecure", "ipv6_dnssec": "insecure"}
MATCH = {"tls_class": "tls", "dane_verdict": "match"}
USABLE = [usable_record(EE_SPKI)]
PKIX = Tlsa(1, 1, 1)

HOST_ALIASES = [
    # The expanded name comes first, whatever the original has.
    aliased("cname-both-tlsa", "T2 N6", "cname-wrong-first", "real", FOUND,
            base="real", own=(EE_WRONG,), theirs=(EE_SPKI,), records=USABLE,
            result=MATCH),
    Scenario(
        "cname-wrong-first", "T2 N6 U10", "cname-both-tlsa",
        hosts=(Host("mx", cname="real", tlsa=(EE_SPKI,)),
               Host("real", (At(GOOD, SHOWN),), (EE_WRONG,))),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**FOUND, "flags": "has_cname",
                          "canonical_name": "real.cname-wrong-first.sec",
                          "tlsa_base": "real.cname-wrong-first.sec"}},
            addresses={"mx/0": PUBLIC_V4},
            tlsa={("mx", 1, 0): usable_record(EE_SPKI)},
            probes={("mx/0", "mx", "modern", 1): established(),
                    ("mx/0", "real", "modern", 1): established(),
                    ("mx/0", "real", "modern", 2): established()},
            host_results={
                ("mx", "mx/0", "mx", 1): {"tls_class": "tls",
                                          "name_match": 1},
                ("mx", "mx/0", "real", 1): {"dane_verdict": "mismatch"},
                ("mx", "mx/0", "real", 2): {"dane_verdict": "mismatch",
                                            "confirmed": 1}})),
    aliased("cname-no-tlsa", "T2 T10", "mx-cname", "real", NOT_FOUND,
            result=judged()),
    # An error ends the search: the original name is not tried.
    aliased("cname-target-bogus", "T2 T11", "mx-cname", "real",
            {**bogus_tlsa_row(REASONS["alter"],
                              tlsa_base="real.cname-target-bogus.sec"),
             **SECURE_ALIAS}, own=(EE_SPKI,), theirs=(EE_SPKI,),
            zone=Zone(spoil=(Spoil("_25._tcp.real", "TLSA"),)),
            result=judged(tlsa="bogus")),
    # A secure RRset is found, usable or not.
    aliased("cname-target-unusable", "T2 T9", "cname-both-tlsa", "real",
            {**tlsa_found(1, 0), **SECURE_ALIAS}, base="real",
            own=(EE_SPKI,), theirs=(PKIX,),
            records=[unusable_record(PKIX, "usage")],
            result={"dane_verdict": "none_usable"}),
    # Neither the first name nor the last is a name in the middle.
    aliased("cname-two-steps", "T2", "cname-middle-tlsa", "real", FOUND,
            base="real", between=(Host("between", cname="real"),),
            theirs=(EE_SPKI,), records=USABLE, result=MATCH),
    aliased("cname-middle-tlsa", "T2", "cname-two-steps", "real", NOT_FOUND,
            between=(Host("between", cname="real", tlsa=(EE_SPKI,)),),
            result=judged()),
    aliased("cname-two-steps-own", "T2", "cname-middle-tlsa", "real", FOUND,
            base="mx", between=(Host("between", cname="real"),),
            own=(EE_SPKI,), records=USABLE,
            result=matched(0)),
    # The expanded name of a DNAME; below it the original is an alias too.
    aliased("dname-target-tlsa", "T2", "dname-no-tlsa", "mx.new", FOUND,
            base="mx.new", theirs=(EE_SPKI,), records=USABLE, result=MATCH,
            zone=Zone(records=("old DNAME new",)), by_dname=True,
            mx_name="mx.old"),
    aliased("dname-no-tlsa", "T2", "dname-target-tlsa", "mx.new",
            {**NOT_FOUND, "tlsa_cname_target":
             "_25._tcp.mx.new.dname-no-tlsa.sec"},
            zone=Zone(records=("old DNAME new",)), by_dname=True,
            mx_name="mx.old"),
]


def left(name: str, twin: str, row: dict, **more) -> Scenario:
    """From a signed zone to an unsigned one."""
    return aliased(name, "T3 DS7", twin, f"mx.{name}.bare.", row,
                   parts=(Part(f"{name}.bare.", BARE),), **more)

LEAVING = [
    left("cname-to-bare", "cname-to-bare-none", {**FOUND, **LEAVES},
         base="mx", own=(EE_SPKI,), records=USABLE, result=matched(0)),
    left("cname-to-bare-none", "cname-to-bare", {**NOT_FOUND, **LEAVES},
         result=judged()),
    # The records of the unsigned zone are not even asked for.
    left("cname-to-bare-theirs", "cname-to-bare", {**NOT_FOUND, **LEAVES},
         theirs=(EE_SPKI,), result=judged()),
    left("cname-to-bare-both", "cname-to-bare-theirs", {**FOUND, **LEAVES},
         base="mx", own=(EE_SPKI,), theirs=(EE_WRONG,), records=USABLE,
         result=matched(0)),
    left("cname-to-bare-bogus", "cname-to-bare",
         {**bogus_tlsa_row(REASONS["alter"], "insecure"), **SECURE_ALIAS}, own=(EE_SPKI,),
         zone=Zone(spoil=(Spoil("_25._tcp.mx", "TLSA"),)),
         result=judged(tlsa="bogus")),
    aliased("cname-there-and-back", "T3 DS7", "cname-to-bare-theirs", "end",
            {**FOUND, **LEAVES}, base="mx", own=(EE_SPKI,),
            theirs=(EE_WRONG,), records=USABLE, result=matched(0),
            between=(Host("mx.cname-there-and-back.bare.", cname="end"),),
            parts=(Part("cname-there-and-back.bare.", BARE),)),
    aliased("cname-to-unsigned-child", "T3 DS7", "mx-cname-target-tlsa",
            "mx.sub", {**NOT_FOUND, **LEAVES}, theirs=(EE_SPKI,),
            parts=(Part("sub", UNSIGNED),), result=judged()),
    aliased("cname-to-signed-child", "T2", "cname-to-unsigned-child",
            "mx.sub", FOUND, base="mx.sub", theirs=(EE_SPKI,),
            parts=(Part("sub", SIGNED),), records=USABLE, result=MATCH),
    # The first alias is insecure, so the names behind it do not count (T4). The
    # server of both zones also sends the signatures of the other one.
    dataclasses.replace(aliased(
        "cname-from-bare", "T4 DS7 L15", "mx-cname-target-tlsa",
        "mx.cname-from-bare.sec.", {**host("not_asked", "insecure"),
                                    "cname_dnssec": "insecure"},
        zone=BARE, theirs=(EE_SPKI,), result=judged(tlsa="not_asked"),
        parts=(Part("cname-from-bare.sec.", SIGNED),)),
        host_lanes=(("mx", "recursive signed"),)),
    aliased("cname-bare", "T4", "cname-no-tlsa", "real",
            {**host("not_asked", "insecure"), "cname_dnssec": "insecure"},
            zone=BARE, own=(EE_SPKI,), result=judged(tlsa="not_asked")),
]


def no_host(name: str, rules: str, twin: str, row: dict, zone: Zone,
            ) -> Scenario:
    """The alias leads to no address."""
    return Scenario(name, rules, twin, zone=zone, expect=Expect(
        domains={"@": domain()}, mx={"mx": mx()},
        hosts={"mx": {"address_count": 0, "tlsa_status": "not_asked",
                      **row}}))

DEAD_ALIASES = [
    no_host("cname-bogus", "T7 DS2", "cname-no-tlsa",
            {"host_status": "bogus", **bogus_family(4, "strip")},
            Zone(records=("mx CNAME real", "real A 198.18.9.9"),
                 spoil=(Spoil("mx", "CNAME", "strip"),))),
    no_host("cname-target-address-bogus", "T7 DS2", "cname-no-tlsa",
            # DS7: what is bogus is not the alias: no AAAA is proven by it.
            {"host_status": "bogus", "cname_dnssec": "secure",
             **bogus_family(4, "strip")},
            Zone(records=("mx CNAME real", "real A 198.18.9.9"),
                 spoil=(Spoil("real", "A", "strip"),))),
    no_host("cname-gone", "T5", "cname-no-address",
            {"host_status": "nxdomain", **family(4, "nxdomain")},
            Zone(records=("mx CNAME real",))),
    no_host("cname-no-address", "T5", "cname-gone",
            {"host_status": "no_address", **family(4, "nodata"),
             **family(6, "nodata")},
            Zone(records=("mx CNAME real", "real TXT a"))),
    no_host("cname-loop", "T7", "cname-gone",
            {"host_status": "servfail", "attempts": 2,
             **family(4, "servfail", "unchecked")},
            Zone(records=("mx CNAME other", "other CNAME mx"))),
]

DISCOVERY += FAMILIES + HOST_ALIASES + LEAVING + DEAD_ALIASES
