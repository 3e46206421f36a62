"""Who answers for the addresses of an MX host with `--lane auto` (RULES 13, L14 to
L17). Each row is what the RFCs demand, whichever lane finds it out.
"""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403
from scenarios.lanes import by_one
from scenarios.nameservers import CODES, behind

REFUSED = CODES[1]


def via(lane: str, scenario: Scenario) -> Scenario:
    """Where the zone does not tell."""
    return dataclasses.replace(scenario, host_lanes=tuple(
        (name, lane) for name in scenario.expect.hosts))


def without_address(name: str, twin: str, rules: str, status: str, zone: Zone,
                    mx_name: str = "mx", **row) -> Scenario:
    """Nobody is connected to."""
    lookup = {"no_address": "nodata"}.get(status, status)
    dnssec = "unchecked" if status == "servfail" else "insecure"
    return Scenario(
        name, rules, twin, zone=zone, mx=((10, mx_name),),
        expect=Expect(
            domains={"@": domain(dnssec="insecure")}, mx={mx_name: mx()},
            hosts={mx_name: {
                "host_status": status, "ipv4_status": lookup,
                "ipv4_dnssec": dnssec, "ipv6_status": lookup,
                "ipv6_dnssec": dnssec, "address_count": 0,
                "tlsa_status": "not_asked", **row}}))


def bare(*records: str) -> Zone:
    return dataclasses.replace(BARE, records=records)


def found(name: str, twin: str, rules: str, zone: Zone = BARE,
          **more) -> Scenario:
    return one_host(name, rules, twin, zone=zone, **more)


LANE_HOSTS = [
    # L14
    found("lane-host", "lane-host-secure", "L14 L16 T4"),
    found("lane-host-secure", "lane-host", "L2 L14",
          dataclasses.replace(SIGNED, glue=True)),
    found("lane-host-island", "lane-host", "L14 L15",
          dataclasses.replace(BARE, signed=True),
          domain_row=domain(dnssec="insecure", flags="signed_insecure"),
          host_row=host("not_asked", "insecure")),
    # The certificate has the name "mx" of the zone.
    found("lane-host-apex", "lane-host", "L14 MX1 N1", mx_name="@",
          results=[(1, judged(tlsa="not_asked", name=0))]),
    found("lane-host-deep", "lane-host", "L14 N1", mx_name="a.b.mx",
          results=[(1, judged(tlsa="not_asked", name=0))]),
    found("lane-host-ipv6", "lane-host", "L14 T6", place="v6",
          host_row=host("not_asked", "insecure", ipv4="nodata",
                        ipv6="found")),
    # Denials (T5).
    without_address("lane-host-no-address", "lane-host-gone", "L14 T5",
                    "no_address", bare('mx TXT "no address"')),
    without_address("lane-host-gone", "lane-host-no-address", "L14 T5",
                    "nxdomain", BARE),
    # Aliases: the one in the delegation is believed, the other is odd. The alias of
    # a host that is not usable is not asked for alone.
    without_address("lane-host-alias", "lane-host-alias-outside",
                    "L8 L15 T5", "nxdomain", bare("mx CNAME gone"),
                    canonical_name="gone.lane-host-alias.bare",
                    cname_dnssec="unchecked", flags="has_cname"),
    dataclasses.replace(
        without_address("lane-host-alias-outside", "lane-host-alias",
                        "L8 L15 T5", "nxdomain",
                        bare("mx CNAME gone.lane-host-target.bare."),
                        canonical_name="gone.lane-host-target.bare",
                        cname_dnssec="unchecked", flags="has_cname"),
        parts=(Part("lane-host-target.bare.", BARE),)),
    # A zone cut below the delegation, at the same server: the SOA record of a
    # deeper name.
    dataclasses.replace(
        without_address("lane-host-child", "lane-host-gone", "L8 L15",
                        "nxdomain", BARE, mx_name="mx.in"),
        parts=(Part("in", BARE),)),
    # L6, L15: truncated, and no answer from one or all of the servers.
    found("lane-host-truncated", "lane-host", "L15 DS6",
          behind(Rule("truncate", type="A", name="mx"), zone=BARE)),
    found("lane-host-truncated-ipv6", "lane-host", "L15 DS6",
          behind(Rule("truncate", type="AAAA", name="mx"), zone=BARE)),
    found("lane-host-lame-by-one", "lane-host-lame", "L6 L7 L15",
          by_one(Rule(REFUSED, type="A", name="mx"))),
    without_address("lane-host-lame", "lane-host-lame-by-one", "L6 L15 T7",
                    "servfail", behind(Rule(REFUSED, name="mx"), zone=BARE),
                    attempts=2),
    found("lane-host-lame-ipv6", "lane-host-lame", "L6 L15 T6",
          behind(Rule(REFUSED, type="AAAA", name="mx"), zone=BARE),
          host_row={**host("not_asked", "insecure", ipv6="servfail"),
                    "ipv6_dnssec": "unchecked", "attempts": 2}),
]

LANES_OF_HOSTS = {
    "lane-host-alias": "direct",
    "lane-host-alias-outside": "recursive alias_outside",
    "lane-host-child": "recursive other_zone",
    "lane-host-truncated": "recursive truncated",
    "lane-host-truncated-ipv6": "recursive truncated",
    "lane-host-lame-by-one": "direct",
    "lane-host-lame": "recursive servers_failed",
    "lane-host-lame-ipv6": "recursive servers_failed",
}
LANE_HOSTS = [via(LANES_OF_HOSTS[scenario.name], scenario)
              if scenario.name in LANES_OF_HOSTS else scenario
              for scenario in LANE_HOSTS]
