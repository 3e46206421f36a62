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

The same of each MX host (L14 to L17). A host whose name servers are not to be asked
has no entry: it is left to the recursive lane.
"""

from __future__ import annotations

from model import Host, Scenario, Zone

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


# MX hosts --------------------------------------------------------------------

# They are never resolved (MX10).
NOT_RESOLVED = ("invalid_name", "opted_out")


def is_below(name: str, zone: str) -> bool:
    """Or the same."""
    return name == zone or name.endswith(f".{zone}")


def spoils(scenario: Scenario, name: str) -> bool:
    """May a name server spoil an answer about its addresses?"""
    return any(rule.type in ("any", "A", "AAAA") and (
        name == scenario.absolute(rule.name) or
        (rule.below and is_below(name, scenario.absolute(rule.name))))
        for served in scenario.zone.servers for rule in served.rules)


def is_written_otherwise(scenario: Scenario, name: str) -> bool:
    """Is it an alias by a line of the zone, or below another zone?"""
    labels = {word.split()[0] for word in scenario.zone.records
              if word.split()[1] in ("CNAME", "DNAME")}
    return any(is_below(name, scenario.absolute(label))
               for label in labels if label != "*") or any(
        is_below(name, scenario.absolute(part.name))
        for part in scenario.parts)


def host_lane_of(scenario: Scenario, name: str, host: Host) -> str:
    """Empty where the scenario has to say it."""
    if spoils(scenario, name) or is_written_otherwise(scenario, name):
        return ""
    if host.cname and not is_below(scenario.absolute(host.cname),
                                   scenario.zone_name):
        return ""
    if scenario.zone.signed:
        return f"{RECURSIVE} signed"        # L8
    return DIRECT


def host_lanes_of(scenario: Scenario) -> dict:
    """Of the hosts that the MX records of the zone itself name, and that are at or
    below it."""
    own = lanes_of(scenario)[scenario.zone_name]
    told = {scenario.absolute(name): lane
            for name, lane in scenario.host_lanes}
    if own == RECURSIVE:                    # L1, L2
        return told
    hosts = {scenario.absolute(host.name): host for host in scenario.hosts}
    rows = {scenario.absolute(name): row
            for name, row in scenario.expect.hosts.items()}
    named = [scenario.absolute(name).lower() for _, name in scenario.mx]
    return {name: host_lane_of(scenario, name, hosts.get(name, Host(name)))
            for name in named
            if is_below(name, scenario.zone_name) and name in rows and
            rows[name].get("host_status") not in NOT_RESOLVED} | told
