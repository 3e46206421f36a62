"""Who answers with `--lane auto`: the domain's own name server, or full recursion
(RULES 13). The rows are the same in both lanes.
"""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403
from scenarios.nameservers import CODES, behind

ISLAND = dataclasses.replace(BARE, signed=True)


def by(lane: str, scenario: Scenario) -> Scenario:
    return dataclasses.replace(scenario, lane=lane)


def unsigned(name: str, rules: str, twin: str, zone: Zone, **row) -> Scenario:
    return customer(name, rules, twin, "insecure", zone=zone,
                    row=domain(dnssec="insecure", **row))


def by_one(rule: Rule) -> Zone:
    """One of the two name servers does this."""
    return dataclasses.replace(BARE, servers=(Served((rule,)), Served()))


def failing(name: str, twin: str, zone: Zone) -> Scenario:
    """L6: the second pass has the last word."""
    return by("recursive servers_failed", only_domain(
        name, "L6 MX5", twin,
        no_answer(one_of("servfail", "timeout"), "unchecked", attempts=2),
        zone=zone, mx_records=((10, PROVIDER),)))


LANES = [
    # L1: glue of its own, or the address of its servers elsewhere in the file.
    by("direct", unsigned("lane-glue", "L1 L9", "lane-secure", BARE)),
    by("direct", unsigned("lane-no-glue", "L1", "lane-secure",
                          dataclasses.replace(BARE, glue=False))),
    # L20, L37: with DS the answer is validated.
    by("direct", customer("lane-secure", "L2 L20 L37", "lane-glue",
                          zone=dataclasses.replace(SIGNED, glue=True))),
    # L8: odd.
    by("recursive signed", unsigned("lane-island", "L8 DS4", "lane-glue", ISLAND,
                                    flags="signed_insecure")),
    by("recursive truncated", unsigned("lane-truncated", "L8 DS6", "lane-late",
                                       behind(Rule("truncate", type="MX"),
                                              zone=BARE))),
    by("direct", unsigned("lane-late", "L8", "lane-truncated",
                          behind(Rule("delay 150", type="MX"), zone=BARE))),
    by("recursive no_soa", only_domain(
        "lane-denied", "L8 MX4", "lane-late",
        no_answer("nxdomain", "insecure"),
        zone=behind(Rule("nxdomain", type="MX"), zone=BARE))),
    # L9: TXT falls back alone.
    by("direct truncated", unsigned("lane-text-truncated", "L9 L6", "lane-truncated",
                          behind(Rule("truncate", type="TXT"), zone=BARE))),
    # L6, L7: another server answers.
    *(by("direct", unsigned(f"lane-{what}-by-one", "L6 L7", f"lane-{what}",
                            by_one(Rule(what, type="MX"))))
      for what in (*CODES, "drop")),
    *(failing(f"lane-{what}", f"lane-{what}-by-one",
              behind(Rule(what, type="MX"), zone=BARE))
      for what in (*CODES, "drop")),
    # No server has the zone.
    failing("lane-lame", "lane-glue",
            dataclasses.replace(BARE, is_served=False)),
]
