"""The lane that answers for each zone below a TLD with `--lane auto` (RULES
13). If the scenario does not say it, it follows from the facts of its zone.

The first word is the lane of the row; the others say what happened on the way:

    direct                          its own name servers answered
    direct delegation_differs       and named others than the delegation
    direct ODDITY, direct servers_failed
                                    a later question fell back, or failed
    recursive                       they were not asked
    recursive ODDITY                the answer was odd (L8)
    recursive servers_failed        none of them answered (L6)

The same for each MX host (L14 to L17). A host whose name servers must not be
asked has no entry: it is left to the recursive lane.
"""

from __future__ import annotations

import dataclasses

from model import Host, Scenario, Zone

DIRECT = "direct"
RECURSIVE = "recursive"
DIFFERS = "delegation_differs"
FAILED = "servers_failed"


def is_scripted(zone: Zone) -> bool:
    """Does a name server spoil the answer about the zone's own name?"""
    return any(rule.type in ("any", "MX") and rule.name == "@"
               for served in zone.servers for rule in served.rules)


# The DS records (Zone.ds) at which the lane can begin (L37), and those that a
# key of the zone matches.
USABLE_DS = {"right", "sha384", "wrong"}
MATCHING_DS = {"right", "sha384"}
ALGORITHMS = (8, 10, 13, 14, 15)            # L21
ITERATIONS_MAX = 150                        # L27
RECORDS = ("_mta-sts", "_smtp._tls")
# What a name server does, and how the lane calls it.
FAILURES = ("drop", "servfail", "refused", "notimp", "formerr")
# The first two are over when the lanes are compared: test_lanes lets the
# recursive lane ask first.
HARMLESS = ("drop_first", "strip_early", "delay 150")
ODD = {"strip_rrsig": "unproven", "truncate": "truncated",
       "nxdomain": "no_soa"}


def questions_of(scenario: Scenario) -> list:
    """Names and types that are asked about the domain: these decide the lane of
    its row. If a later one fails, the name has its row from the second pass."""
    if scenario.mx:
        return [("@", "DNSKEY"), ("@", "MX"),
                *((name, "TXT") for name in RECORDS)]
    return [("@", kind) for kind in ("DNSKEY", "MX", "SOA", "NSEC", "A",
                                     "AAAA")]


def is_proven(scenario: Scenario) -> bool:
    """Are the signatures valid (L21 to L27)?"""
    zone = scenario.zone
    asked = questions_of(scenario)
    return zone.signed and zone.inception_days < 0 < zone.expiration_days \
        and (scenario.mx or zone.iterations <= ITERATIONS_MAX) \
        and not any((spoil.owner, spoil.type) in asked
                    for spoil in zone.spoil)


def way_of_actions(does: list) -> str:
    """The result if each server behaves like this when it is asked. Empty if
    the scenario must say it."""
    if not all(does):                       # one of them is well
        return DIRECT if all(action in FAILURES for actions in does
                             for action in actions) else ""
    if all(actions[0] in FAILURES for actions in does):
        return f"{RECURSIVE} {FAILED}"
    first = {actions[0] for actions in does}
    return f"{RECURSIVE} {ODD[first.pop()]}" \
        if len(first) == 1 and first < ODD.keys() else ""


def way_of_servers(scenario: Scenario) -> str:
    """The result if the name servers misbehave when they are asked about the
    domain. Empty if the scenario must say it."""
    does = [[rule.action for rule in served.rules for name, kind
             in questions_of(scenario) if rule.type in ("any", kind) and (
                 rule.name == name or (rule.below and rule.name == "@"))
             and not rule.action.startswith(HARMLESS)]
            for served in scenario.zone.servers]
    return way_of_actions(does)


def signed_lane_of(scenario: Scenario, ds: set) -> str:
    """Empty where the scenario has to say it."""
    zone = scenario.zone
    if not ds & USABLE_DS or zone.algorithm not in ALGORITHMS:
        return RECURSIVE                    # L37
    if zone.ds_in_file is not None and zone.ds != "none":
        return RECURSIVE                    # L31: signatures over other DS
    if zone.delegated or zone.ns:
        return ""
    if not zone.is_served:
        return f"{RECURSIVE} {FAILED}"      # L6, L35
    if not zone.signed:
        return f"{RECURSIVE} unproven"      # L20
    if not ds & MATCHING_DS:
        return f"{RECURSIVE} ds_mismatch"   # L21
    if not is_proven(scenario):
        return f"{RECURSIVE} unproven"
    return way_of_servers(scenario) if zone.servers else DIRECT


def ds_in_file(zone: Zone) -> set:
    in_file = zone.ds if zone.ds_in_file is None else zone.ds_in_file
    return set(in_file.split("+")) - {"none"}


def lane_of(scenario: Scenario) -> str:
    """Empty where the scenario has to say it."""
    zone = scenario.zone
    if ds_in_file(zone):
        return signed_lane_of(scenario, ds_in_file(zone))
    if is_scripted(zone) or zone.delegated or zone.ns:
        return ""
    if not zone.is_served:
        return f"{RECURSIVE} {FAILED}"      # L6
    if zone.signed:
        return f"{RECURSIVE} signed"        # L8
    return DIRECT


def lanes_of(scenario: Scenario) -> dict:
    """By the name of each zone that a TLD delegates."""
    return {scenario.zone_name: scenario.lane or lane_of(scenario),
            **dict(scenario.other_lanes),
            **{part.name[:-1]: part.lane or lane_of(dataclasses.replace(
                scenario, zone=part.zone))
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


def aliases_of(scenario: Scenario) -> dict:
    """By lines of the zone, and by its hosts."""
    lines = [line.split() for line in scenario.zone.records]
    return {scenario.absolute(words[0]): scenario.absolute(words[-1])
            for words in lines if words[1] == "CNAME"} | {
        scenario.absolute(host.name): scenario.absolute(host.cname)
        for host in scenario.hosts if host.cname}


def chain_of(scenario: Scenario, name: str) -> list:
    """The name and its aliases, up to the end or the first one outside."""
    aliases, chain = aliases_of(scenario), [name]
    while chain[-1] in aliases and aliases[chain[-1]] not in chain:
        chain.append(aliases[chain[-1]])
    return chain


def is_below_dname(scenario: Scenario, name: str) -> bool:
    owners = [line.split()[0] for line in scenario.zone.records
              if line.split()[1] == "DNAME"]
    return any(is_below(name, scenario.absolute(owner)) for owner in owners)


def is_in_child(scenario: Scenario, name: str) -> bool:
    return any(is_below(name, scenario.absolute(part.name))
               for part in scenario.parts)


def is_expanded(scenario: Scenario, name: str) -> bool:
    """Does a wildcard of the zone answer for it?"""
    owners = [line.split()[0] for line in scenario.zone.records] + [
        owner for host in scenario.hosts
        for owner in (host.name, host.tlsa_owner)]
    return any(is_below(name, scenario.absolute(owner[2:]))
               for owner in owners if owner.startswith("*."))


def way_of_host_servers(scenario: Scenario, asked: list) -> str:
    """As way_of_servers; `asked` are pairs of name and type."""
    does = [[rule.action for rule in served.rules for name, kind in asked
             if rule.type in ("any", kind) and (
                 name == scenario.absolute(rule.name) or
                 (rule.below and is_below(name, scenario.absolute(rule.name))))
             and not rule.action.startswith(HARMLESS)]
            for served in scenario.zone.servers]
    return way_of_actions(does)


def is_spoilt(scenario: Scenario, asked: list) -> bool:
    return any((scenario.absolute(spoil.owner.removeprefix("*.")), spoil.type)
               in asked for spoil in scenario.zone.spoil)


def lane_of_tlsa(scenario: Scenario, name: str) -> str:
    """The result of TLSA at the name, if the addresses are direct: an odd
    answer does not change the lane of the host, but a bogus one is asked for
    again, and the second pass is recursive (T11)."""
    zone = scenario.zone
    owner = f"_25._tcp.{name}"
    chain = chain_of(scenario, owner)
    asked = [(link, kind) for link in chain for kind in ("CNAME", "TLSA")]
    if is_spoilt(scenario, [*asked, (f"_tcp.{name}", "TLSA")]):
        return f"{RECURSIVE} unproven"
    if is_below_dname(scenario, owner):
        return f"{DIRECT} dname"            # L8
    if any(not is_below(link, scenario.zone_name) for link in chain):
        return f"{DIRECT} alias_outside"    # L8
    if is_in_child(scenario, owner):
        return f"{DIRECT} other_zone"       # L8, L39: _tcp is denied there
    if is_expanded(scenario, owner):
        return f"{DIRECT} unproven"         # L22
    return way_of_host_servers(scenario, asked) if zone.servers else DIRECT


def signed_host_lane_of(scenario: Scenario, name: str) -> str:
    """Empty where the scenario has to say it."""
    zone = scenario.zone
    chain = chain_of(scenario, name)
    if is_below_dname(scenario, name):
        return f"{RECURSIVE} dname"         # L8
    if any(not is_below(link, scenario.zone_name) for link in chain):
        return f"{RECURSIVE} alias_outside"     # L8
    if chain[-1] in aliases_of(scenario):
        return f"{RECURSIVE} alias_loop"    # L8
    if any(is_in_child(scenario, link) for link in chain):
        return f"{RECURSIVE} referral"      # L8
    # AAAA is denied.
    asked = [(link, kind) for link in chain
             for kind in ("CNAME", "A", "AAAA", "NSEC")]
    if zone.iterations > ITERATIONS_MAX or is_spoilt(scenario, asked):
        return f"{RECURSIVE} unproven"      # L22, L26
    way = way_of_host_servers(scenario, asked) if zone.servers else DIRECT
    return lane_of_tlsa(scenario, chain[-1]) if way == DIRECT else way


def host_lane_of(scenario: Scenario, name: str, host: Host) -> str:
    """Empty where the scenario has to say it."""
    if ds_in_file(scenario.zone):
        return signed_host_lane_of(scenario, name)
    if spoils(scenario, name) or is_written_otherwise(scenario, name):
        return ""
    if host.cname and not is_below(scenario.absolute(host.cname),
                                   scenario.zone_name):
        return ""
    if scenario.zone.signed:
        return f"{RECURSIVE} signed"        # L8
    return DIRECT


def host_lanes_of(scenario: Scenario) -> dict:
    """The lanes of the hosts that the MX records of the zone itself name, and
    that are at or below it."""
    own = lanes_of(scenario)[scenario.zone_name]
    told = {scenario.absolute(name): lane
            for name, lane in scenario.host_lanes}
    if own == RECURSIVE:                    # L1, L2, L37
        return told
    hosts = {scenario.absolute(host.name): host for host in scenario.hosts}
    rows = {scenario.absolute(name): row
            for name, row in scenario.expect.hosts.items()}
    named = [scenario.absolute(name).lower() for _, name in scenario.mx]
    return {name: host_lane_of(scenario, name, hosts.get(name, Host(name)))
            for name in named
            if is_below(name, scenario.zone_name) and name in rows and
            rows[name].get("host_status") not in NOT_RESOLVED} | told
