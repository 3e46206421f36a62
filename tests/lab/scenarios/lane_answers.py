"""Answers to the direct lane, and whether it may believe them (RULES 13, L6 to
L9): delegations that differ from their zone, other zones at the same server,
aliases, denials, and responses byte by byte.

Each row is what the RFCs demand, whichever lane finds it out.
"""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403
from scenarios.lanes import by, unsigned
from scenarios.nameservers import FAILS, behind
from zones import ROOT_SERVERS, ZONE_SERVERS

OPERATOR = ("ns1.nameservers.sec.", "ns2.nameservers.sec.")
REPORT = 'TXT "v=TLSRPTv1\\; rua=mailto:reports@example.com"'
RUA = "mailto:reports@example.com"
BADVERS = 16
NXDOMAIN = 3
FORMERR = 1
NOTIMP = 4
MX_RECORD = f"@ 3600 IN MX 10 {PROVIDER}"
SOA_DATA = "SOA ns.@ hostmaster.nameservers.sec. 1 7200 3600 1209600 300"
SOA_RECORD = f"@ 300 IN {SOA_DATA}".replace("ns.@", "ns")


def bare(*records: str, **more) -> Zone:
    return dataclasses.replace(BARE, records=records, **more)


def told(says: Says, *records: str, type: str = "MX", name: str = "@",
         action: str = "answer") -> Zone:
    """All name servers say this."""
    return behind(Rule(action, type=type, name=name, below=False, says=says),
                  zone=bare(*records))


def answered(name: str, twin: str, lane: str, zone: Zone, *,
             rules: str = "L8", **row) -> Scenario:
    """Its MX host is the provider's."""
    return by(lane, unsigned(name, rules, twin, zone, **row))


def denied(name: str, twin: str, lane: str, zone: Zone, status: str, *,
           rules: str = "L8 MX3 MX4", **row) -> Scenario:
    return by(lane, only_domain(name, rules, twin,
                                no_answer(status, "insecure", **row),
                                zone=zone))


def unjudged(name: str, rules: str, twin: str, lane: str, zone: Zone,
             **row) -> Scenario:
    """libunbound reads it as a denial (docs/pitfalls.md), so only the lane is
    tested, with the row of a lane that reads it correctly."""
    return Scenario(name, rules, twin, zone=zone, domain="", lane=lane,
                    mx=((10, PROVIDER),), expect=Expect(
                        domains={"@": Maybe(row)} if row else {}))


def failing(name: str, twin: str, zone: Zone, lane: str) -> Scenario:
    return by(lane, only_domain(
        name, "L6 L8 MX5", twin, no_answer(FAILS, "unchecked", attempts=2),
        zone=zone, mx_records=((10, PROVIDER),)))


def reporting(name: str, twin: str, lane: str, zone: Zone, *,
              record: str = "valid", rules: str = "L8 L9 P10",
              parts: tuple = (), target: str = "",
              flags: str = "") -> Scenario:
    """The result for the TXT record at _smtp._tls, which is an alias of
    `target`; MX is asked directly."""
    found = record == "valid"
    scenario = answered(name, twin, lane, zone, rules=rules, flags=flags or
                        ("tlsrpt_alias" if target else ""),
                        tlsrpt_record="found" if found else record)
    expect = dataclasses.replace(scenario.expect, policies={"@": {
        "mta_sts_status": "absent", "tlsrpt_status": "valid",
        "mta_sts_cname_target": "", "tlsrpt_cname_target":
        scenario.absolute(target) if target else "",
        "tlsrpt_rua_text": RUA}} if found else {})
    return dataclasses.replace(scenario, expect=expect, parts=parts)


# The delegation and the zone (L8, L9) ---------------------------------------

# A server that has never heard of the zone. The true one is what the zone of
# its host says.
STALE = ("{zone}. NS ns.{zone}.", f"ns.{{zone}}. A {ROOT_SERVERS[0]}")

DELEGATIONS = [
    answered("lane-overlapping", "lane-disjoint", "direct delegation_differs",
             bare(ns=("ns", OPERATOR[0])), rules="L8 L9"),
    answered("lane-disjoint", "lane-overlapping", "recursive other_servers",
             bare(ns=OPERATOR), rules="L8 L9"),
    answered("lane-fewer-servers", "lane-glue",
             "direct delegation_differs",
             bare(ns=("ns",), delegated=(
                 "{zone}. NS ns.{zone}.", f"{{zone}}. NS {OPERATOR[1]}",
                 f"ns.{{zone}}. A {ZONE_SERVERS[0]}")), rules="L9"),
    # Upper case is no difference.
    answered("lane-upper-case", "lane-overlapping", "direct",
             bare(ns=("NS",), delegated=(
                 "LANE-Upper-Case.BARE. NS NS.Lane-Upper-Case.bare.",
                 f"ns.lane-upper-case.BARE. A {ZONE_SERVERS[0]}")),
             rules="L8 L9 N1"),
    failing("lane-stale-glue", "lane-stale-by-one",
            bare(delegated=STALE), "recursive servers_failed"),
    answered("lane-stale-by-one", "lane-stale-glue", "direct", bare(
        ns=("ns", OPERATOR[0]), delegated=STALE + (
            f"{{zone}}. NS {OPERATOR[0]}",)), rules="L6 L7"),
    # The server of the TLD itself.
    answered("lane-at-parent", "lane-at-parent-lame", "direct",
             bare(ns=("ns.nic-bare.bare.",), at_tld=True,
                  delegated=("{zone}. NS ns.nic-bare.bare.",)),
             rules="L1 L8"),
    # It refers to itself.
    unjudged("lane-at-parent-lame", "L6 L8", "lane-at-parent",
             "recursive servers_failed",
             bare(ns=("ns.nic-bare.bare.",), is_served=False,
                  delegated=("{zone}. NS ns.nic-bare.bare.",))),
    # A name below another delegation, whose servers know nothing of it; and one
    # with a dot in its label, which is at no other name.
    dataclasses.replace(
        answered("lane-occludes", "lane-overlapping", "direct",
                 bare(ns=("ns",), delegated=(
                     "{zone}. NS ns.{zone}.", f"ns.{{zone}}. A "
                     f"{ZONE_SERVERS[0]}", "under.{zone}. NS ns.{zone}.",
                     "dot\\046{zone}. NS ns.{zone}.")),
                 rules="L1"),
        other_lanes=(("under.lane-occludes.bare", "recursive"),
                     ("dot\\046lane-occludes.bare",
                      "recursive servers_failed"))),
]

# DS records that changed after the file was written -------------------------

REGISTRY = [
    # The file says that nothing can be secure; signatures say otherwise.
    by("recursive signed", customer(
        "lane-ds-added", "L2 L8", "lane-island",
        zone=Zone(ds_in_file="none", glue=True))),
    by("recursive unproven", customer(
        "lane-ds-removed", "L20", "lane-ds-kept", "insecure",
        zone=dataclasses.replace(UNSIGNED, ds_in_file="right"))),
    # The chain from the DS of the file is complete, and the file is believed.
    # The recursive lane sees that the DS is gone.
    by("direct", customer(
        "lane-ds-kept", "L30 L32", "lane-ds-removed",
        one_of("secure", "insecure"),
        zone=Zone(ds="none", ds_in_file="right", glue=True),
        flags=one_of("", "signed_insecure"))),
    # Its signatures are over the later DS.
    by("recursive", customer(
        "lane-ds-rolled", "L31", "lane-ds-removed",
        zone=Zone(ds_in_file="wrong", glue=True))),
]

# Other zones at the same server ---------------------------------------------

CHILD = Part("_smtp._tls", bare(f"@ {REPORT}"))
CHILD_WITHOUT = Part("_smtp._tls", BARE)
SIBLING = "lane-sibling-target.bare."

ZONES = [
    reporting("lane-child", "lane-child-without", "direct referral", BARE,
              parts=(CHILD,)),
    reporting("lane-child-without", "lane-child", "direct other_zone", BARE,
              record="absent", parts=(CHILD_WITHOUT,)),
    reporting("lane-child-elsewhere", "lane-child-without", "direct referral",
              told(Says(authority=(
                  "_smtp._tls 3600 IN NS ns._smtp._tls",), additional=(
                  f"ns._smtp._tls 3600 IN A {ZONE_SERVERS[0]}",),
                  is_authoritative=False), type="TXT", name="_smtp._tls"),
              parts=(CHILD,)),
    reporting("lane-sibling", "lane-in-zone", "direct alias_outside",
              bare(f"_smtp._tls CNAME list.{SIBLING}"),
              target=f"list.{SIBLING}",
              parts=(Part(SIBLING, bare(f"list {REPORT}")),)),
    reporting("lane-in-zone", "lane-sibling", "direct",
              bare("_smtp._tls CNAME list", f"list {REPORT}"), target="list"),
]

# Aliases and wildcards ------------------------------------------------------

# A wildcard makes aliases of both owners.
BOTH_ALIASES = "mta_sts_alias tlsrpt_alias"

ALIASES = [
    # At the delegated name itself there is no wildcard (RFC 4592 2.2.1).
    denied("lane-wildcard-mx", "lane-glue", "direct",
           bare(f"* MX 10 {PROVIDER}"), "no_mail"),
    reporting("lane-wildcard-txt", "lane-wildcard-alias", "direct",
              bare(f"* {REPORT}")),
    reporting("lane-wildcard-alias", "lane-wildcard-alias-data", "direct",
              bare("* CNAME @"), record="absent", flags=BOTH_ALIASES),
    reporting("lane-wildcard-alias-data", "lane-wildcard-alias", "direct",
              bare("* CNAME @", f"@ {REPORT}"), target="@",
              flags=BOTH_ALIASES),
    reporting("lane-wildcard-alias-outside", "lane-wildcard-alias-data",
              "direct alias_outside",
              bare(f"* CNAME list.lane-outside-target.bare."), parts=(Part(
                  "lane-outside-target.bare.", bare(f"list {REPORT}")),),
              target="list.lane-outside-target.bare.", flags=BOTH_ALIASES),
    reporting("lane-alias-gone", "lane-in-zone", "direct",
              bare("_smtp._tls CNAME gone"), record="absent", target="gone"),
    # Asked again, by the second pass.
    reporting("lane-alias-loop", "lane-alias-gone", "recursive alias_loop",
              bare("_smtp._tls CNAME a", "a CNAME b", "b CNAME a"),
              record="error"),
    reporting("lane-dname-apex", "lane-in-zone", "direct dname",
              # Nothing may be below it, nor a name server (RFC 6672 2.4).
              bare("@ DNAME lane-dname-target.bare.", glue=False),
              parts=(Part(
                  "lane-dname-target.bare.", bare(f"_smtp._tls {REPORT}")),),
              target="_smtp._tls.lane-dname-target.bare.",
              flags=BOTH_ALIASES),
    reporting("lane-dname-below", "lane-in-zone", "direct dname",
              bare("_tls DNAME reports", f"_smtp.reports {REPORT}"),
              target="_smtp.reports"),
    # RFC 1034 3.6.2 forbids it, beside the SOA record.
    answered("lane-alias-at-apex", "lane-glue", "recursive alias_at_apex",
             told(Says(answer=("@ 3600 IN CNAME list", "list 3600 IN MX 10 "
                               f"{PROVIDER}")), f"list MX 10 {PROVIDER}"),
             rules="L8 MX12", cname_target="list.lane-alias-at-apex.bare"),
    reporting("lane-empty-non-terminal", "lane-wildcard-txt", "direct",
              bare(f"* {REPORT}", "a._mta-sts A 198.18.9.9",
                   "a._smtp._tls A 198.18.9.9"), record="absent"),
]

# RFC 1035 5.1, RFC 4343: these are names, and no such host is there.
ESCAPED = {"a\\046b": "a\\046b", "upper": "UPPER", "\\000": "\\000"}


def escaped(name: str, twin: str, lane: str, zone: Zone,
            hosts: dict) -> Scenario:
    gone = {"host_status": "nxdomain", "ipv4_status": "nxdomain",
            "ipv4_dnssec": "insecure", "address_count": 0,
            "tlsa_status": "not_asked"}
    return by(lane, only_domain(
        name, "L8 MX1", twin, domain(dnssec="insecure", count=len(hosts)),
        zone=zone, mx_records=tuple((10, text) for text in hosts.values()),
        mx_rows={host: mx() for host in hosts},
        host_rows={host: gone for host in hosts}))


NAMES = [
    escaped("lane-escaped", "lane-escaped-truncated", "direct", BARE, ESCAPED),
    escaped("lane-escaped-truncated", "lane-escaped", "recursive truncated",
            behind(Rule("truncate", type="MX"), zone=BARE), ESCAPED),
]

# Denials --------------------------------------------------------------------

DENIALS = [
    denied("lane-nxdomain", "lane-denied", "direct", told(Says(
        authority=(SOA_RECORD,), rcode=NXDOMAIN)), "nxdomain"),
    denied("lane-nodata", "lane-nodata-no-soa", "direct",
           told(Says(authority=(SOA_RECORD,))), "no_mail"),
    denied("lane-nodata-no-soa", "lane-nodata", "recursive no_soa",
           told(Says()), "no_mail"),
    denied("lane-other-soa", "lane-nodata", "recursive other_zone", told(Says(
        authority=(SOA_RECORD.replace("@ ", "bare. ", 1),))), "no_mail"),
    denied("lane-nxdomain-other-soa", "lane-nxdomain", "recursive other_zone",
           told(Says(authority=(SOA_RECORD.replace("@ ", "bare. ", 1),),
                     rcode=NXDOMAIN)), "nxdomain"),
]

# Responses ------------------------------------------------------------------

FOUND = Says(answer=(MX_RECORD,))


def found(**more) -> Zone:
    return told(dataclasses.replace(FOUND, **more))


def with_edns(rcode: int, opts: int = 0) -> Zone:
    return told(Says(rcode=rcode, opts=opts, is_authoritative=False),
                action="answer_edns")


RESPONSES = [
    answered("lane-no-opt", "lane-two-opts", "direct", found(opts=0)),
    # RFC 6891 6.1.1 forbids it.
    answered("lane-two-opts", "lane-no-opt", "recursive malformed",
             found(opts=2)),
    answered("lane-formerr-to-edns", "lane-formerr", "direct",
             with_edns(FORMERR), rules="L6 L7"),
    answered("lane-notimp-to-edns", "lane-notimp", "direct",
             with_edns(NOTIMP), rules="L6 L7"),
    # RFC 6891 6.1.3.
    unjudged("lane-badvers-to-edns", "L6 L7", "lane-badvers", "direct",
             with_edns(BADVERS, 1), mx_status="mx", mx_dnssec="insecure"),
    unjudged("lane-badvers", "L6 L7", "lane-badvers-to-edns",
             "recursive servers_failed", told(Says(
                 rcode=BADVERS, is_authoritative=False))),
    # RFC 1035 7.3 allows it; RFC 4343 4.1 wants the letters as they were.
    answered("lane-lower-case", "lane-glue", "recursive case",
             behind(Rule("lower", type="MX"), zone=BARE)),
    answered("lane-ttl-0", "lane-other-class", "direct",
             found(answer=(MX_RECORD.replace("3600", "0"),))),
    answered("lane-three-wrong-ids", "lane-two-wrong-ids",
             "recursive mismatch",
             behind(Rule("wrong_ids 3", type="MX"), zone=BARE)),
    answered("lane-two-wrong-ids", "lane-three-wrong-ids", "direct",
             behind(Rule("wrong_ids 2", type="MX"), zone=BARE)),
    failing("lane-referral", "lane-referral-by-one",
            behind(Rule("referral", type="MX"), zone=BARE),
            "recursive servers_failed"),
    answered("lane-referral-by-one", "lane-referral", "direct",
             dataclasses.replace(BARE, servers=(
                 Served((Rule("referral", type="MX"),)), Served()))),
    # RFC 2181 5: equal records are one record. MX11: one host.
    answered("lane-duplicates", "lane-other-class", "direct",
             found(answer=(MX_RECORD, MX_RECORD))),
    # RFC 1034 3.6: what is of another class is another record. So this is a
    # denial, without SOA.
    denied("lane-other-class", "lane-duplicates", "recursive class",
           found(answer=(MX_RECORD.replace(" IN ", " CH "),)), "no_mail"),
    answered("lane-stray", "lane-duplicates", "recursive stray",
             found(answer=(MX_RECORD, "other 3600 IN MX 10 other"))),
    answered("lane-additional", "lane-stray", "direct",
             found(additional=("other 3600 IN MX 10 other",))),
]

LANE_ANSWERS = (DELEGATIONS + REGISTRY + ZONES + ALIASES + NAMES + DENIALS
                + RESPONSES)
