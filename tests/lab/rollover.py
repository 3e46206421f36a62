"""TLSA records that change while they are scanned (RULES T16, U10).

All hosts are asked while the host of `holds-up` keeps their batch open, and
`lab change` happens after that and before any session. A session is then judged
by the earlier records, unless their TTL is over.
"""

from __future__ import annotations

import dataclasses
from typing import Optional

from behaviours import GOOD
from expected import (PUBLIC_V4, domain, established, judged, matched, mx,
                      tlsa_found, unmatched, usable_record)
from model import (EE_SPKI, At, Expect, Host, Rule, Scenario, Served, Tlsa,
                   Zone)
from scenarios.nameservers import behind, failing_host

OLD = Tlsa(3, 1, 1, wrong=1)
OTHER = Tlsa(3, 1, 1, wrong=2)
# Its questions are in the log of fakens.
WATCHED = Zone(servers=(Served(),))
SHORT = 1


def changing(name: str, rules: str, twin: str, before: tuple,
             later: Optional[tuple], results: list, asked: dict,
             ttl: int = 3600) -> Scenario:
    """`results` are rows of host_results by attempt; `asked` the records of
    each asking that has rows. A denial may be cached as long as the records:
    a resolver that minimises asks again for the labels above them, too."""
    return Scenario(
        name, rules, twin,
        zone=dataclasses.replace(WATCHED, denial_ttl=min(ttl, 300)),
        hosts=(Host("mx", (At(GOOD),), before, tlsa_ttl=ttl, later=later),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**tlsa_found(len(before)), "tlsa_ttl_s": ttl}},
            addresses={"mx/0": PUBLIC_V4},
            tlsa={("mx", asking, position): usable_record(record)
                  for asking, records in asked.items()
                  for position, record in enumerate(records)},
            probes={("mx/0", "mx", "modern", attempt): established()
                    for attempt, _ in enumerate(results, 1)},
            host_results={("mx", "mx/0", "mx", attempt): row
                          for attempt, row in enumerate(results, 1)}))


# An asking is numbered with the grant (docs/schema.md): 1 is the host's own, 2 is for
# attempt 1, whether it was needed or not, 3 for attempt 2.
FIRST = {**unmatched("mismatch"), "asking": 1, "confirmed": ""}
CHANGED = {"asking": 3, "flags": "tlsa_changed", "confirmed": 0}

SCENARIOS = [
    # U10: asked for again by a resolver without a cache, whatever the TTL.
    changing("confirmed", "U10", "changed", (OLD,), None,
             [FIRST, {**unmatched("mismatch"), "asking": 1, "confirmed": 1}],
             {1: [OLD]}),
    changing("changed", "U10", "confirmed", (OLD,), (EE_SPKI,),
             [FIRST, {**matched(0), **CHANGED}], {1: [OLD], 3: [EE_SPKI]}),
    changing("changed-to-wrong", "U10", "confirmed", (OLD,), (OTHER,),
             [FIRST, {**unmatched("mismatch"), **CHANGED}],
             {1: [OLD], 3: [OTHER]}),
    changing("withdrawn", "U10", "confirmed", (OLD,), (),
             [FIRST, {**judged(), **CHANGED}], {1: [OLD]}),
    # T16: the session begins when the TTL is over.
    changing("short", "T16", "long", (OLD,), (EE_SPKI,),
             [{**matched(0), "asking": 2}], {1: [OLD], 2: [EE_SPKI]}, SHORT),
    changing("long", "T16", "short", (EE_SPKI,), (OLD,),
             [{**matched(0), "asking": 1}], {1: [EE_SPKI]}),
    changing("short-withdrawn", "T16", "short", (OLD,), (),
             [{**judged(), "asking": 2}], {1: [OLD]}, SHORT),
    changing("short-unchanged", "T16", "short", (EE_SPKI,), None,
             [{**matched(0), "asking": 1}], {1: [EE_SPKI]}, SHORT),
    failing_host("holds-up", "long",
                 behind(Rule("drop", type="A", name="mx", below=False))),
]
