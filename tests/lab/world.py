"""Makes a world from the scenarios: zones, certificates, the table of fakemx,
the list of names, and the expected rows with real names and addresses.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from collections.abc import Iterable
from pathlib import Path

import postfix_server
from behaviours import GOOD, GOOD_PHASES, POSTFIX
from certificates import (Authorities, certificate_sha256, tlsa_data,
                          write_chain)
from expected_lanes import host_lanes_of, lanes_of
from model import At, Behaviour, Host, Maybe, OneOf, Scenario
from nameservers import FakeNs
from place import place_of
from web import WebServers
from zones import (ROOT_SERVERS, TLD_SERVERS, ZONE_SERVERS, Tree,
                   address_record, is_ipv6, nsd_configuration,
                   unbound_configuration)

MAIL_V4 = ipaddress.ip_address("198.18.16.0")
MAIL_V6 = ipaddress.ip_address("2001:db8:19::")
WEB_V4 = ipaddress.ip_address("198.18.64.0")
WEB_V6 = ipaddress.ip_address("2001:db8:80::")
# Routed, and nobody is there (network.py).
NO_WAY = ipaddress.ip_address("198.18.254.0")
PER_NETWORK = 200       # hosts in a /24
V4_MAX = 16 * PER_NETWORK       # below the silent network (network.py)

KEY_COLUMNS = {
    "domains": ("domain",), "mx": ("domain", "host"), "hosts": ("host",),
    "addresses": ("host", "address"), "tlsa": ("host", "asking", "position"),
    "probes": ("address", "sni", "profile", "attempt"),
    "host_results": ("host", "address", "sni", "attempt"),
    "certificates": ("certificate_sha256",),
    "policies": ("domain",),
}
# Tables in which a scenario names the rows that it cares for.
OPEN_TABLES = ("certificates",)


class WorldError(Exception):
    """The scenarios contradict each other or themselves."""


class Addresses:
    """Hands out the lab's addresses."""

    def __init__(self) -> None:
        self.counts = {"v4": 0, "v6": 0, "web": 0, "web_v6": 0, "no_way": 0}

    def take(self, place: str) -> str:
        if place not in self.counts:
            return str(ipaddress.ip_address(place))
        count = self.counts[place]
        self.counts[place] += 1
        if place == "v4":
            if count == V4_MAX:
                raise WorldError(f"more than {V4_MAX} mail servers by IPv4")
            return str(MAIL_V4 + count // PER_NETWORK * 256
                       + count % PER_NETWORK + 1)
        # A network for each: two fetches at a time to one.
        if place == "web":
            return str(WEB_V4 + count * 256 + 1)
        if place == "web_v6":
            return str(WEB_V6 + (count << 80) + 1)
        return str((MAIL_V6 if place == "v6" else NO_WAY) + count + 1)


def presented_name(scenario: Scenario, name: str) -> str:
    if name.startswith("ip:"):
        return name
    return scenario.absolute(name).replace("{zone}", scenario.zone_name)


class FakeMx:
    """Collects the table of fakemx (fakemx.h)."""

    def __init__(self, folder: Path, authorities: Authorities) -> None:
        self.folder = folder
        self.authorities = authorities
        self.behaviours: dict = {}
        self.chains: dict = {}          # (zone, Chain): (name, certificates)
        self.chain_lines: list = []
        self.address_lines: list = []
        self.postfix = postfix_server.Postfix(place_of(folder.parent))
        folder.mkdir(exist_ok=True)

    def chain(self, scenario: Scenario, chain) -> tuple:
        """The name that the table has for a chain, and its certificates."""
        if chain is None:
            return "-", None
        key = (scenario.zone_name, chain)
        if key not in self.chains:
            name = f"chain{len(self.chains)}"
            filled = dataclasses.replace(chain, common_name=(
                chain.common_name.replace("{zone}", scenario.zone_name)))
            made = self.authorities.make_chain(
                filled, [presented_name(scenario, n) for n in chain.names])
            path = self.folder / f"{name}.pem"
            write_chain(path, made, chain.present)
            self.chain_lines.append(f'chain {name} "{path}"' + (
                f' "not_before={chain.not_before}"' if chain.not_before
                else ""))
            self.chains[key] = (name, made)
        return self.chains[key]

    def serve(self, scenario: Scenario, at: At, address: str) -> None:
        if at.behaviour is None:
            return
        if at.behaviour.program:
            name = self.chain(scenario, at.chain)[0]
            self.postfix.serve(address, self.folder / f"{name}.pem"
                               if at.behaviour is POSTFIX else None)
            return
        known = self.behaviours.setdefault(at.behaviour.name, at.behaviour)
        if known is not at.behaviour:
            raise WorldError(f"two behaviours named {known.name}")
        named = [f"{scenario.absolute(name)}={self.chain(scenario, chain)[0]}"
                 for name, chain in at.by_name]
        self.address_lines.append(" ".join([
            "address", address, at.behaviour.name,
            self.chain(scenario, at.chain)[0], *named]))

    @staticmethod
    def behaviour_lines(behaviour: Behaviour) -> list:
        lines = [f"behaviour {behaviour.name}"]
        if behaviour.tls:
            lines.append(f"tls {behaviour.tls}")
        if behaviour.deaf:
            lines.append("deaf")
        for phase, steps in {**GOOD_PHASES, **behaviour.phases}.items():
            lines += [f"on {phase} {step}" for step in steps]
        for phase, steps in behaviour.odd.items():
            lines += [f"odd {phase} {step}" for step in steps]
        return lines

    def write(self, path: Path) -> None:
        lines = list(self.chain_lines)
        for behaviour in self.behaviours.values():
            lines += self.behaviour_lines(behaviour)
        path.write_text("\n".join(lines + self.address_lines) + "\n")


def final_host(scenario: Scenario, host: Host) -> Host:
    """Where the aliases of a host lead."""
    while host.cname:
        host = next(h for h in scenario.hosts if scenario.absolute(h.name)
                    == scenario.absolute(host.cname))
    return host


def host_records(scenario: Scenario, host: Host, addresses: list,
                 fakemx: FakeMx) -> list:
    """Owner (absolute) and line of each record of a host."""
    name = scenario.absolute(host.name)
    if host.cname and not host.by_dname:
        target = scenario.absolute(host.cname)
        records = [(name, f"{name}. CNAME {target}.")]
    else:
        records = [(name, address_record(f"{name}.", a)) for a in addresses]
    owner = scenario.absolute(host.tlsa_owner) if host.tlsa_owner \
        else f"_25._tcp.{name}"
    for tlsa in host.tlsa:
        made = fakemx.chain(scenario,
                            final_host(scenario, host).at[0].chain)[1]
        records.append((owner, f"{owner}. {host.tlsa_ttl} TLSA "
                        f"{tlsa.usage} {tlsa.selector} "
                        f"{tlsa.matching_type} {tlsa_data(tlsa, made)}"))
    return records


class Zones:
    """The zones of one scenario, while their records come together."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.zones = {scenario.zone_name: scenario.zone, **{
            scenario.absolute(part.name): part.zone
            for part in scenario.parts}}
        self.records = {name: list(zone.records)
                        for name, zone in self.zones.items()}

    def around(self, name: str) -> str:
        """The zone that a name is in, or "" if it is in none of these."""
        return max((zone for zone in self.zones
                    if f".{name}".endswith(f".{zone}")), key=len, default="")

    def put(self, owner: str, line: str) -> None:
        self.records[self.around(owner)].append(line)

    def owners(self, zone: Zone) -> dict:
        return {name: self.scenario.absolute(name) for spoil in zone.spoil
                for name in (spoil.owner, spoil.to) if name}

    def add_to(self, tree: Tree) -> None:
        # Children first: a delegation is a record of the parent.
        for name in sorted(self.zones, key=len, reverse=True):
            parent = self.around(name.partition(".")[2])
            tree.add(name, self.zones[name], self.records[name],
                     self.owners(self.zones[name]),
                     self.records.get(parent))

    def change_in(self, tree: Tree) -> None:
        for name, zone in self.zones.items():
            tree.change(name, zone, self.records[name], self.owners(zone))


def changed(scenario: Scenario) -> Scenario:
    """The zone after the world has changed."""
    return dataclasses.replace(scenario, hosts=tuple(
        host if host.later is None else dataclasses.replace(
            host, tlsa=host.later) for host in scenario.hosts))


def zones_of(scenario: Scenario, own: list, sites: list,
             fakemx: FakeMx) -> Zones:
    """`own` are the addresses of each host, `sites` those of web servers."""
    zones = Zones(scenario)
    for preference, target in scenario.mx:
        zones.put(scenario.zone_name, f"@ MX {preference} {target}")
    for host, addresses in zip(scenario.hosts, own):
        for owner, line in host_records(scenario, host, addresses, fakemx):
            zones.put(owner, line)
    for site, address in zip(scenario.web, sites):
        name = scenario.absolute(site.host)
        zones.put(name, address_record(f"{name}.", address))
    return zones


def build_scenario(scenario: Scenario, tree: Tree, fakemx: FakeMx,
                   addresses: Addresses,
                   web: WebServers | None = None) -> dict:
    """Adds the scenario to the world. Returns its addresses: "mx/0": "..."."""
    places: dict = {}
    own = []
    for host in scenario.hosts:
        own.append([addresses.take(at.place) for at in host.at])
        for number, (at, address) in enumerate(zip(host.at, own[-1])):
            places[f"{host.name}/{number}"] = address
            fakemx.serve(scenario, at, address)
    sites = [addresses.take(site.place) for site in scenario.web]
    for site, address in zip(scenario.web, sites):
        web.serve(scenario, site, address)
    for host in scenario.hosts:
        target = final_host(scenario, host)
        for number in range(len(target.at)):
            places[f"{host.name}/{number}"] = places[f"{target.name}/{number}"]
    zones_of(scenario, own, sites, fakemx).add_to(tree)
    if any(host.later is not None for host in scenario.hosts):
        zones_of(changed(scenario), own, sites, fakemx).change_in(tree)
    return places


# Expected rows --------------------------------------------------------------

def certificate_hash(scenario: Scenario, key: tuple, fakemx: FakeMx) -> str:
    """Of a certificate of the chain that an address shows by default."""
    name, number = key[0].split("/")
    host = final_host(scenario, next(h for h in scenario.hosts
                                     if h.name == name))
    made = fakemx.chain(scenario, host.at[int(number)].chain)[1]
    return certificate_sha256(made[key[1]])


def resolve_key(scenario: Scenario, table: str, key, places: dict,
                fakemx: FakeMx) -> list:
    parts = key if isinstance(key, tuple) else (key,)
    if table == "certificates":
        return [certificate_hash(scenario, parts, fakemx)]
    if table == "addresses":
        parts = (key.split("/")[0], key)
    if table == "mx":
        parts = ("@" if scenario.domain == "@" else scenario.domain, *parts)
    resolved = []
    for column, part in zip(KEY_COLUMNS[table], parts, strict=True):
        if column == "address":
            resolved.append(places[part])
        elif column in ("domain", "host", "sni"):
            resolved.append(scenario.absolute(part))
        else:
            resolved.append(str(part))
    return resolved


def resolve_value(value):
    if isinstance(value, OneOf):
        return {"one_of": list(value.values)}
    return str(value)


def resolve_rows(scenario: Scenario, places: dict,
                 fakemx: FakeMx) -> list:
    rows = []
    for table in KEY_COLUMNS:
        for key, row in getattr(scenario.expect, table).items():
            columns = row.columns if isinstance(row, Maybe) else row
            rows.append({
                "table": table, "maybe": isinstance(row, Maybe),
                "key": resolve_key(scenario, table, key, places, fakemx),
                "columns": {name: resolve_value(value)
                            for name, value in columns.items()}})
    return rows


def check(scenarios: list) -> None:
    """What must hold of a table of scenarios."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    if len(by_name) != len(scenarios):
        raise WorldError("two scenarios have one name")
    for scenario in scenarios:
        twin = by_name.get(scenario.twin)
        if twin is None:
            raise WorldError(f"{scenario.name}: no twin {scenario.twin}")
        if twin is scenario or (twin.expect == scenario.expect
                                and twin.lane == scenario.lane
                                and twin.host_lanes == scenario.host_lanes):
            raise WorldError(f"{scenario.name}: the twin expects the same")
        silent = [name for lanes in (lanes_of(scenario),
                                     host_lanes_of(scenario))
                  for name, lane in lanes.items() if not lane]
        if silent:
            raise WorldError(f"{scenario.name}: which lane answers for "
                             f"{' '.join(silent)}?")


def programs(scenario: Scenario) -> set:
    return {at.behaviour.program for host in scenario.hosts for at in host.at
            if at.behaviour and at.behaviour.program}


def left_out(scenario: Scenario) -> dict:
    """In place of expected rows, where a program is missing."""
    reason = postfix_server.missing() if programs(scenario) else ""
    return reason and {
        "name": scenario.name, "rules": scenario.rules, "skip": reason,
        "zone": scenario.zone_name, "domain": "", "addresses": [],
        "name_servers": [], "said": {}, "rows": [], "real": [], "oracle": "",
        "lanes": {}, "host_lanes": {}}


def build(scenarios: list, folder: Path) -> None:
    """Writes the whole world into a folder."""
    authorities = Authorities()
    tree = Tree(folder / "zones", FakeNs())
    fakemx = FakeMx(folder / "chains", authorities)
    web = WebServers(folder / "chains", authorities)
    addresses = Addresses()
    expected, names = [], []
    for scenario in scenarios:
        without = left_out(scenario)
        if without:
            expected.append(without)
            continue
        places = build_scenario(scenario, tree, fakemx, addresses, web)
        domain = scenario.absolute(scenario.domain) if scenario.domain else ""
        if domain:
            names.append(domain)
        expected.append({
            "name": scenario.name, "rules": scenario.rules,
            "zone": scenario.zone_name, "domain": domain,
            "addresses": sorted(set(places.values())), "skip": "",
            "oracle": scenario.oracle, "lanes": lanes_of(scenario),
            "host_lanes": host_lanes_of(scenario),
            "real": sorted(set(places.values())) if programs(scenario)
                    else [],
            "name_servers": tree.fakens.of_zone.get(scenario.zone_name, []),
            "said": {places[key]: commands for key, commands
                     in scenario.expect.said.items()},
            "rows": resolve_rows(scenario, places, fakemx)})
    web.write(folder)
    finish(folder, tree, fakemx, authorities, names, expected)


def finish(folder: Path, tree: Tree, fakemx: FakeMx, authorities: Authorities,
           names: Iterable, expected: list) -> None:
    tree.finish()
    tree.write_hints(folder / "root.hints")
    tree.write_anchor(folder / "root.anchor")
    authorities.write_ca_file(folder / "ca.pem")
    fakemx.write(folder / "fakemx.table")
    fakemx.postfix.write()
    tree.fakens.write(folder / "fakens.table")
    with open(folder / "names", "w", encoding="ascii") as file:
        file.writelines(f"{name}\n" for name in names)
    (folder / "expected.json").write_text(json.dumps(expected, indent=1))
    for tld in tree.below:
        tree.write_file(tld, folder / f"{tld}.zone")
    write_servers(folder, tree)


def write_servers(folder: Path, tree: Tree) -> None:
    zones = tree.folder

    def write(name: str, addresses: tuple, served: list) -> None:
        (folder / f"nsd-{name}.conf").write_text(nsd_configuration(
            f"nsd-{name}", addresses, served, folder))

    write("root", ROOT_SERVERS, [(".", zones / "root.zone")])
    write("tld", TLD_SERVERS, [
        (name, zones / f"{name}.zone") for name in
        [tld for tld in tree.below if tld not in tree.computed]
        + tree.at_tld])
    write("zones", ZONE_SERVERS,
          [(name, zones / f"{name}.zone") for name in tree.zones])
    (folder / "unbound.conf").write_text(unbound_configuration(
        folder, folder / "root.hints", folder / "root.anchor"))
