"""Worlds for runs of scale: many domains of one kind, no zone file for each.

fakens computes the unsigned ones from their number (fakens.h); the list of
names and the zone file of `bare.`, as a registry would publish it, are written.
"""

from __future__ import annotations

import ipaddress
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from behaviours import GOOD, NO_STARTTLS, SILENT
from certificates import Authorities
from model import (At, Behaviour, Chain, Expect, Host, SIGNED, SIGNED_TLD,
                   Scenario, TRUSTED, UNSIGNED_TLD)
from nameservers import FakeNs
from world import Addresses, FakeMx, build_scenario, finish
from zones import OPERATOR, RESOLVER, Tree, address_record, header

SIGNED_SHARE = 100      # one in so many domains
SIGNED_MAX = 500        # each costs a process that signs
SILENT_SHARE = 10
PER_LINE = 500          # addresses in a line of fakens's table

# Customers: of so many addresses one refuses, one has no STARTTLS.
REFUSED_SHARE, REFUSED_AT = 40, 8
NO_STARTTLS_SHARE, NO_STARTTLS_AT = 40, 16
CHAINS = 3              # of an address that chooses by server name

SILENT_NETWORK = ipaddress.ip_network("198.18.32.0/19")     # network.py

SLOW_RATE = 100
SLOW_PROVIDERS = 4

TLD_SERVER = f"ns.nic-{UNSIGNED_TLD}.{UNSIGNED_TLD}"


@dataclass(frozen=True)
class Group:
    """Domains d0.bare, d1.bare, ... that have their records in common.
    `servers` are pairs of name and glue ("" where the name has none). A name
    with {n%K} has the glue of a set of K addresses (fakens.h)."""
    label: str
    count: int
    servers: tuple
    records: tuple              # lines of fakens.h
    numbered: bool = True

    def labels(self) -> Iterator:
        if not self.numbered:
            return iter((self.label,))
        return (f"{self.label}{number}" for number in range(self.count))

    def table(self) -> list:
        number = "{n}" if self.numbered else ""
        return [f"group {self.label} {self.label}{number}.{UNSIGNED_TLD}. "
                f"{self.count}",
                *(f" ns {name}. {glue}" for name, glue in self.servers),
                *(f" record {record}" for record in self.records)]


def operator(name: str, addresses: list) -> Group:
    """A domain for name servers, two of them, that are glue of the TLD."""
    domain = f"ns-{name}"
    servers = tuple((f"ns{n}.{domain}.{UNSIGNED_TLD}", address)
                    for n, address in enumerate(addresses, 1))
    return Group(domain, 1, servers, tuple(
        address_record(f"ns{n}", address)
        for n, address in enumerate(addresses, 1)), numbered=False)


def remainder(text: str, number: int) -> str:
    """{n%K} is the remainder."""
    return re.sub(r"\{n%(\d+)\}", lambda match: str(number % int(match[1])),
                  text)


class ScaleWorld:
    def __init__(self, folder: Path, operator_hosts: tuple = (),
                 host_over_ipv6: str = "") -> None:
        """`operator_hosts` are names in the operator's zone; each gets an
        address of fakens. With `host_over_ipv6`, a further one, all of that is
        reached over IPv6 as well."""
        self.folder = folder
        self.authorities = Authorities()
        self.groups: list = []
        self.sets: dict = {}        # of addresses: the first, and how many
        self.signed: list = []
        self.fakens = FakeNs(logs_questions=False)
        self.tlds = [self.fakens.take()]
        self.hosting = [self.fakens.take() for _ in operator_hosts]
        if host_over_ipv6:
            operator_hosts = (*operator_hosts, host_over_ipv6)
            self.tlds.append(self.fakens.take("v6"))
            self.hosting.append(self.fakens.take("v6"))
        self.tree = Tree(folder / "zones", self.fakens,
                         dict(zip(operator_hosts, self.hosting)),
                         {UNSIGNED_TLD: tuple(self.tlds)})
        self.fakens.lines += [f"zone {UNSIGNED_TLD}.",
                              f" ns {TLD_SERVER}. {' '.join(self.tlds)}"]
        self.fakemx = FakeMx(folder / "chains", self.authorities)
        self.addresses = Addresses()

    def add_providers(self, count: int, silent_share: int) -> list:
        """Mail hosts mx.providerK.sec."""
        hosts = []
        for number in range(count):
            silent = (silent_share > 0
                      and number % silent_share == silent_share - 1)
            scenario = Scenario(
                f"provider{number}", "11", "", Expect(), mx=(), zone=SIGNED,
                hosts=(Host("mx", (At(SILENT if silent else GOOD,
                                      TRUSTED),)),))
            places = build_scenario(scenario, self.tree, self.fakemx,
                                    self.addresses)
            hosts.append({"host": f"mx.{scenario.zone_name}",
                          "address": places["mx/0"], "silent": silent})
        return hosts

    def add_signed(self, name: str, records: list) -> None:
        self.tree.add(name, SIGNED, records)
        self.signed.append(name)

    def add_group(self, group: Group) -> None:
        self.groups.append(group)
        self.fakens.lines += group.table()

    def add_set(self, name: str, first, count: int) -> None:
        self.sets[name] = first, count
        self.fakens.lines.append(f"addresses {name} {first}+{count}")

    def serve(self, address: str, *names: str, rate: int = 0) -> None:
        self.fakens.lines += [f"address {address}", f" rate {rate}",
                              *(f" serve {name}" for name in names)]

    def names(self) -> Iterator:
        return itertools.chain(self.signed, (
            f"{label}.{UNSIGNED_TLD}" for group in self.groups
            if group.numbered for label in group.labels()))

    def zone_lines(self) -> Iterator:
        """Name servers outside the zone are written as they are."""
        yield "\n".join([f"$ORIGIN {UNSIGNED_TLD}.",
                         *header([f"{TLD_SERVER}."]),
                         *(address_record(f"{TLD_SERVER}.", address)
                           for address in self.tlds)]) + "\n"
        for group in self.groups:
            tail = "".join(f"{{0}} NS {name}.\n" for name, _ in group.servers)
            for number, label in enumerate(group.labels()):
                yield remainder(tail.replace("{0}", label), number)
        glue = dict(pair for group in self.groups for pair in group.servers)
        for name, address in glue.items():
            if address in self.sets:
                first, count = self.sets[address]
                yield from (address_record(
                    f"{remainder(name, number)}.", str(first + number)) + "\n"
                    for number in range(count))
            elif address:
                yield address_record(f"{name}.", address) + "\n"

    def finish(self, file_name: str, content) -> None:
        for address in self.tlds:
            self.serve(address, f"{UNSIGNED_TLD}.")
        finish(self.folder, self.tree, self.fakemx, self.authorities,
               self.names(), [])
        with open(self.tree.folder / f"{UNSIGNED_TLD}.zone", "w",
                  encoding="ascii") as file:
            file.writelines(self.zone_lines())
        (self.folder / file_name).write_text(json.dumps(content, indent=1))


def hosted(world: ScaleWorld) -> tuple:
    """The names of the operator's servers, for a group that has them without
    glue."""
    return tuple((f"ns{n}.hosting.{OPERATOR}", "")
                 for n in range(1, len(world.hosting) + 1))


HOSTING = ("ns1.hosting", "ns2.hosting")


def build_bulk(size: str, folder: Path) -> None:
    """DOMAINS,HOSTS: few mail hosts for all; one domain in a hundred is signed
    and NSD's. A tenth of the hosts accepts connections and says nothing."""
    domains, hosts = (int(part) for part in size.split(","))
    world = ScaleWorld(folder, HOSTING)
    providers = world.add_providers(hosts, SILENT_SHARE)
    signed = min(-(-domains // SIGNED_SHARE), SIGNED_MAX)
    for number in range(signed):
        world.add_signed(f"d{number}.{SIGNED_TLD}",
                         [f"@ MX 10 {providers[number % hosts]['host']}."])
    world.add_group(Group(
        "d", domains - signed, hosted(world),
        (f"@ MX 10 mx.provider{{n%{hosts}}}.{SIGNED_TLD}.",)))
    for address in world.hosting:
        world.serve(address, "d")
    for number, provider in enumerate(providers):
        provider["domains"] = (len(range(number, signed, hosts))
                               + len(range(number, domains - signed, hosts)))
    world.finish("bulk.json", providers)


# Customers -------------------------------------------------------------------

def kind_of(number: int) -> str:
    if number % SILENT_SHARE == SILENT_SHARE - 1:
        return "silent"
    if number % REFUSED_SHARE == REFUSED_AT:
        return "refused"
    if number % NO_STARTTLS_SHARE == NO_STARTTLS_AT:
        return "no_starttls"
    return "by_name" if number % 2 else "one_chain"


BEHAVIOURS: dict = {"silent": SILENT, "refused": None, "by_name": GOOD,
                    "one_chain": GOOD, "no_starttls": NO_STARTTLS}


def chain_for(names: list) -> Chain:
    return Chain(names=tuple(f"{name}." for name in names), key="shared")


def one_chain(names: list) -> tuple:
    """A certificate that covers every second name, and is shown to all."""
    covers = {name: k % 2 == 0 for k, name in enumerate(names)}
    return chain_for(names[::2]), (), covers


def chain_by_name(names: list) -> tuple:
    """Of four names one is not known and is shown the first chain. The others
    have a chain each, of which the last leaves out every second name."""
    shown = [names[c::CHAINS + 1] for c in range(CHAINS)]
    covered = [*shown[:-1], shown[-1][::2]]
    # A certificate must have a name, and this one belongs to nobody.
    chains = [chain_for(own or [f"nobody.{UNSIGNED_TLD}"]) for own in covered]
    by_name = tuple((f"{name}.", chains[c])
                    for c in range(CHAINS) for name in shown[c])
    all_covered = {name for own in covered for name in own}
    return chains[0], by_name, {name: name in all_covered for name in names}


def add_customer_address(world: ScaleWorld, number: int, names: list) -> dict:
    kind = kind_of(number)
    behaviour: Behaviour | None = BEHAVIOURS[kind]
    covers: dict = dict.fromkeys(names)
    chain, by_name = TRUSTED, ()
    if kind == "one_chain":
        chain, by_name, covers = one_chain(names)
    elif kind == "by_name":
        chain, by_name, covers = chain_by_name(names)
    # Certificates are made for absolute names: the scenario has no part in it.
    scenario = Scenario(f"address{number}", "11", "", Expect())
    address = world.addresses.take("v4")
    world.fakemx.serve(scenario, At(behaviour, chain, by_name=by_name),
                       address)
    return {"address": address, "kind": kind, "covers": covers}


def build_customers(size: str, folder: Path) -> None:
    """NAMES,ADDRESSES: each domain has an MX name of its own; all lead to few
    addresses. customers.json has, for each address, its kind and whether the
    certificate that is shown for a name covers it (null: none is shown)."""
    names, addresses = (int(part) for part in size.split(","))
    if names < addresses:
        raise RuntimeError("as many customers as addresses, at least")
    world = ScaleWorld(folder, HOSTING)
    customers = [add_customer_address(
        world, number, [f"mx.d{n}.{UNSIGNED_TLD}"
                        for n in range(number, names, addresses)])
        for number in range(addresses)]
    for at in range(0, addresses, PER_LINE):
        world.fakens.lines.append("addresses customers " + " ".join(
            c["address"] for c in customers[at:at + PER_LINE]))
    world.add_group(Group("d", names, hosted(world),
                          ("@ MX 10 mx", "mx A customers")))
    for address in world.hosting:
        world.serve(address, "d")
    world.finish("customers.json", customers)


# Slow ------------------------------------------------------------------------

def build_slow(size: str, folder: Path) -> None:
    """DOMAINS[,own] of each of three operators: `slow` answers few questions a
    second, in all; `even` differs in that it answers any number; `other` has
    two servers, as most have. With `own` each domain has an MX host below it,
    too, to which nobody connects."""
    count, *own_host = size.split(",")
    domains = int(count)
    world = ScaleWorld(folder)
    providers = world.add_providers(SLOW_PROVIDERS, 0)
    records = (f"@ MX 10 mx.provider{{n%{SLOW_PROVIDERS}}}.{SIGNED_TLD}.",)
    if own_host:
        world.fakens.lines.append(
            f"addresses own {world.addresses.take('v4')}")
        records += ("@ MX 20 mx", "mx A own")
    operators = []
    for name, rate, servers in (("slow", SLOW_RATE, 1), ("even", 0, 1),
                                ("other", 0, 2)):
        own = [world.fakens.take() for _ in range(servers)]
        # Two names, as a registry demands, be it of one server.
        home = operator(name, [own[0], own[-1]])
        world.add_group(home)
        world.add_group(Group(name, domains, home.servers, records))
        for address in own:
            world.serve(address, name, home.label, rate=rate)
        operators.append({"name": name, "addresses": own, "rate": rate,
                          "domains": domains})
    world.finish("slow.json", {"operators": operators, "hosts": providers})


# Silent ----------------------------------------------------------------------

def add_losing(world: ScaleWorld, silent: int, records: tuple) -> list:
    """A domain whose two name servers lose the first packet, one where they
    lose three, and so many where they lose all. Returns the addresses of these
    two, and of a resolver that loses all questions for MX: they count."""
    counted: list = []
    for label, count, does in (("few", 1, "drop_first 1"),
                               ("more", 1, "drop_first 3"),
                               ("none", silent, "drop")):
        counted = [world.fakens.take() for _ in range(2)]
        home = operator(label, counted)
        world.add_group(home)
        world.add_group(Group(label, count, home.servers, records))
        for address in counted:
            world.serve(address, label, home.label)
            world.fakens.lines.append(
                f" on below {UNSIGNED_TLD}. any udp {does}")
    resolver = world.fakens.take()
    world.fakens.lines += [f"address {resolver}", f" upstream {RESOLVER}",
                           f" on below {UNSIGNED_TLD}. MX udp drop"]
    return [*counted, resolver]


def build_silent(size: str, folder: Path) -> None:
    """HEALTHY,SILENT,OPERATORS[,losing]: so many domains at name servers that
    answer, and so many at operators whose two name servers say nothing. With
    `losing` there are those of add_losing() as well."""
    sizes, *losing = size.split(",losing")
    healthy, silent, operators = (int(part) for part in sizes.split(","))
    world = ScaleWorld(folder, HOSTING)
    provider = world.add_providers(1, 0)[0]["host"]
    records = (f"@ MX 10 {provider}.",)
    world.add_group(Group("d", healthy, hosted(world), records))
    for n, network in enumerate(SILENT_NETWORK.subnets(1), 1):
        world.add_set(f"silent{n}", network[0], operators)
    world.add_group(Group("s", silent, tuple(
        (f"ns{n}.{{n%{operators}}}.nobody.{UNSIGNED_TLD}", f"silent{n}")
        for n in (1, 2)), records))
    for address in world.hosting:
        world.serve(address, "d")
    counted = add_losing(world, silent, records) if losing else []
    world.finish("silent.json", {"healthy": healthy, "silent": silent,
                                 "counted": counted})


WORLDS = {"bulk": build_bulk, "customers": build_customers,
          "slow": build_slow, "silent": build_silent}
