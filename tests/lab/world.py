"""Makes a world of the scenarios: zones, certificates, the table of fakemx, the
list of names, and the expected rows with real names and addresses.
"""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

from behaviours import GOOD, GOOD_PHASES
from certificates import Authorities, tlsa_data, write_chain
from model import At, Behaviour, Host, Maybe, OneOf, Scenario
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

KEY_COLUMNS = {
    "domains": ("domain",), "mx": ("domain", "host"), "hosts": ("host",),
    "addresses": ("host", "address"), "tlsa": ("host", "asking", "position"),
    "probes": ("address", "sni", "profile", "attempt"),
    "host_results": ("host", "address", "sni", "attempt"),
    "policies": ("domain",),
}


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
            return str(MAIL_V4 + count // PER_NETWORK * 256
                       + count % PER_NETWORK + 1)
        # A network for each: two fetches at a time to one.
        if place == "web":
            return str(WEB_V4 + count * 256 + 1)
        if place == "web_v6":
            return str(WEB_V6 + (count << 80) + 1)
        return str((MAIL_V6 if place == "v6" else NO_WAY) + count + 1)


class FakeMx:
    """Collects the table of fakemx (fakemx.h)."""

    def __init__(self, folder: Path, authorities: Authorities) -> None:
        self.folder = folder
        self.authorities = authorities
        self.behaviours: dict = {}
        self.chains: dict = {}          # (zone, Chain): (name, certificates)
        self.chain_lines: list = []
        self.address_lines: list = []
        folder.mkdir(exist_ok=True)

    def chain(self, scenario: Scenario, chain) -> tuple:
        """The name that the table has for a chain, and its certificates."""
        if chain is None:
            return "-", None
        key = (scenario.zone_name, chain)
        if key not in self.chains:
            name = f"chain{len(self.chains)}"
            made = self.authorities.make_chain(
                chain, [scenario.absolute(n) for n in chain.names])
            path = self.folder / f"{name}.pem"
            write_chain(path, made, chain.present)
            self.chain_lines.append(f'chain {name} "{path}"')
            self.chains[key] = (name, made)
        return self.chains[key]

    def serve(self, scenario: Scenario, at: At, address: str) -> None:
        if at.behaviour is None:
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
        return lines

    def write(self, path: Path) -> None:
        lines = list(self.chain_lines)
        for behaviour in self.behaviours.values():
            lines += self.behaviour_lines(behaviour)
        path.write_text("\n".join(lines + self.address_lines) + "\n")


def host_records(scenario: Scenario, host: Host, addresses: list,
                 fakemx: FakeMx) -> list:
    """Lines of the zone for one host."""
    if host.cname:
        records = [f"{host.name} CNAME {host.cname}"]
    else:
        records = [address_record(host.name, a) for a in addresses]
    at_zone = host.name == "@"
    owner = host.tlsa_owner or ("_25._tcp" if at_zone
                                else f"_25._tcp.{host.name}")
    for tlsa in host.tlsa:
        target = host
        if host.cname:
            target = next(h for h in scenario.hosts if h.name == host.cname)
        made = fakemx.chain(scenario, target.at[0].chain)[1]
        records.append(f"{owner} TLSA {tlsa.usage} {tlsa.selector} "
                       f"{tlsa.matching_type} {tlsa_data(tlsa, made)}")
    return records


def build_scenario(scenario: Scenario, tree: Tree, fakemx: FakeMx,
                   addresses: Addresses,
                   web: WebServers | None = None) -> dict:
    """Adds the scenario to the world. Returns its addresses: "mx/0": "..."."""
    places: dict = {}
    records = [f"@ MX {preference} {target}"
               for preference, target in scenario.mx]
    owners = {"@": scenario.zone_name}
    for host in scenario.hosts:
        own = [addresses.take(at.place) for at in host.at]
        for number, (at, address) in enumerate(zip(host.at, own)):
            places[f"{host.name}/{number}"] = address
            fakemx.serve(scenario, at, address)
        records += host_records(scenario, host, own, fakemx)
    for site in scenario.web:
        address = addresses.take(site.place)
        web.serve(scenario, site, address)
        records.append(address_record(site.host, address))
    # An alias leads to the addresses of its target.
    for host in scenario.hosts:
        for key, address in list(places.items()):
            target, number = key.split("/")
            if host.cname and target == host.cname:
                places[f"{host.name}/{number}"] = address
    for spoil in scenario.zone.spoil:
        owners[spoil.owner] = scenario.absolute(spoil.owner)
    tree.add(scenario.zone_name, scenario.zone,
             records + list(scenario.zone.records), owners)
    return places


# Expected rows --------------------------------------------------------------

def resolve_key(scenario: Scenario, table: str, key, places: dict) -> list:
    parts = key if isinstance(key, tuple) else (key,)
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


def resolve_rows(scenario: Scenario, places: dict) -> list:
    rows = []
    for table in KEY_COLUMNS:
        for key, row in getattr(scenario.expect, table).items():
            columns = row.columns if isinstance(row, Maybe) else row
            rows.append({
                "table": table, "maybe": isinstance(row, Maybe),
                "key": resolve_key(scenario, table, key, places),
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
        if twin is scenario or twin.expect == scenario.expect:
            raise WorldError(f"{scenario.name}: the twin expects the same")


def build(scenarios: list, folder: Path) -> None:
    """Writes the whole world into a folder."""
    check(scenarios)
    authorities = Authorities()
    tree = Tree(folder / "zones")
    fakemx = FakeMx(folder / "chains", authorities)
    web = WebServers(folder / "chains", authorities)
    addresses = Addresses()
    expected, names = [], []
    for scenario in scenarios:
        places = build_scenario(scenario, tree, fakemx, addresses, web)
        domain = scenario.absolute(scenario.domain) if scenario.domain else ""
        if domain:
            names.append(domain)
        expected.append({
            "name": scenario.name, "rules": scenario.rules,
            "zone": scenario.zone_name, "domain": domain,
            "addresses": sorted(set(places.values())),
            "oracle": scenario.oracle,
            "rows": resolve_rows(scenario, places)})
    web.write(folder)
    finish(folder, tree, fakemx, authorities, names, expected)


def finish(folder: Path, tree: Tree, fakemx: FakeMx, authorities: Authorities,
           names: list, expected: list) -> None:
    tree.finish()
    tree.write_hints(folder / "root.hints")
    tree.write_anchor(folder / "root.anchor")
    authorities.write_ca_file(folder / "ca.pem")
    fakemx.write(folder / "fakemx.table")
    (folder / "names").write_text("".join(f"{name}\n" for name in names))
    (folder / "expected.json").write_text(json.dumps(expected, indent=1))
    for tld in tree.below:
        link = folder / f"{tld}.zone"
        link.unlink(missing_ok=True)
        link.symlink_to(tree.folder / f"{tld}.zone")
    write_servers(folder, tree)


def write_servers(folder: Path, tree: Tree) -> None:
    zones = tree.folder

    def write(name: str, addresses: tuple, served: list) -> None:
        (folder / f"nsd-{name}.conf").write_text(nsd_configuration(
            f"nsd-{name}", addresses, served, folder))

    write("root", ROOT_SERVERS, [(".", zones / "root.zone")])
    write("tld", TLD_SERVERS, [(tld, zones / f"{tld}.zone")
                               for tld in tree.below])
    write("zones", ZONE_SERVERS,
          [(name, zones / f"{name}.zone") for name in tree.zones]
          + tree.shared)
    (folder / "unbound.conf").write_text(unbound_configuration(
        folder, folder / "root.hints", folder / "root.anchor"))
