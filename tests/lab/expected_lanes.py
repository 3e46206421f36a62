"""Who answers for each zone below a TLD with `--lane auto` (RULES 13). What the
scenario does not say, the facts of its zone tell.

The first word is the lane of the row; the others say what happened on the way:

    direct                          its own name servers answered
    direct delegation_differs       and named others than the delegation
    direct ODDITY, direct servers_failed
                                    a later question fell back, or failed
    recursive                       they were not asked
    recursive ODDITY                the answer was odd (L8)
    recursive servers_failed        none of them answered (L6)
"""

from __future__ import annotations

from model import Scenario, Zone

DIRECT = "direct"
RECURSIVE = "recursive"
DIFFERS = "delegation_differs"
FAILED = "servers_failed"


def is_scripted(zone: Zone) -> bool:
    """Does a name server spoil the answer about the zone's own name?"""
    return any(rule.type in ("any", "MX") and rule.name == "@"
               for served in zone.servers for rule in served.rules)


def lane_of(zone: Zone) -> str:
    """Empty where the scenario has to say it."""
    in_file = zone.ds if zone.ds_in_file is None else zone.ds_in_file
    if in_file != "none":
        return RECURSIVE                    # L2
    if is_scripted(zone) or zone.delegated or zone.ns:
        return ""
    if not zone.is_served:
        return f"{RECURSIVE} {FAILED}"      # L6
    if zone.signed:
        return f"{RECURSIVE} signed"        # L8
    return DIRECT


def lanes_of(scenario: Scenario) -> dict:
    """By the name of each zone that a TLD delegates."""
    return {scenario.zone_name: scenario.lane or lane_of(scenario.zone),
            **dict(scenario.other_lanes),
            **{part.name[:-1]: part.lane or lane_of(part.zone)
               for part in scenario.parts if part.name.endswith(".")}}
