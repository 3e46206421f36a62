"""The world of a benchmark: every domain of a top-level domain, drawn from a
size, shares and a seed. The same ones give the same bytes.

A name says what the domain is: `a17-3.zz` is number 17, has ordinary records
and takes its mail at mail host 3. So fakens answers for it and holds nothing
(groups() is its table). Shares are exact to one domain: each kind has its
count, and the seed shuffles them. An operator is drawn from a curve with a
heavy tail: operator K has a weight of 1 / (K + 1) ** tail.
"""

from __future__ import annotations

import bisect
import dataclasses
import ipaddress
import itertools
import random
from collections.abc import Iterator

APEX = "zz"             # the input of the scan
OTHER = "nt"            # where mail hosts and operators without glue are
TLD_SERVER = "198.18.0.2"
ZONE_SERVERS = ("198.18.0.3", "198.18.0.4")     # NSD with the signed zones

# fakens serves these networks; each host has an address in one half.
LIVE = ipaddress.ip_address("198.19.0.0")       # /16
SILENT = ipaddress.ip_address("198.18.128.0")   # /17
# Of a half: first, count. Beyond that, hosts share addresses.
SIBLING, NO_GLUE, IN_DOMAIN = (0, 16384), (16384, 8192), (24576, 8192)
HALF = {LIVE: 32768, SILENT: 16384}
MAIL = ipaddress.ip_address("198.18.32.0")
MAIL_COUNT = 8192


@dataclasses.dataclass(frozen=True)
class Shares:
    """Of all domains, where nothing else is said. `operators` and `mail_hosts`
    are a number if they are 1 or more."""
    signed: float = 0.05        # with DS, validated
    island: float = 0.01        # signed without DS
    lame: float = 0.025         # the name servers answer REFUSED
    silent: float = 0.025       # the name servers answer nothing
    cname: float = 0.01         # the domain itself is an alias
    wildcard: float = 0.02      # the MX host is a wildcard CNAME
    alias: float = 0.02         # the MX host is a CNAME
    no_mx: float = 0.10         # an address and no MX
    own_mx: float = 0.05        # an MX host below the domain
    in_domain: float = 0.02     # name servers below the domain
    # The domain's own name servers, too, and it names: one of them and another,
    # or none of them.
    overlapping: float = 0.0
    disjoint: float = 0.0
    truncated: float = 0.0      # TC=1, and no TCP
    gone: float = 0.0           # NXDOMAIN of the domain itself
    operators: float = 0.05     # distinct operators, of two hosts each
    signed_operators: float = 0.01      # of signed domains: their operators
    mail_hosts: float = 0.02    # distinct mail hosts beside the domains' own
    no_glue: float = 0.35       # of domains at operators: outside the zone
    signed_own: float = 0.10    # of signed domains: an MX host with TLSA
    algorithm: int = 13         # that signs them: 13, or 8 of a pool of keys
    signed_glue: int = 0        # 1: their operators have addresses in the zone
    minimal: int = 0            # 1: no NS records beside an answer
    key_trap: int = 0           # 1: many keys with one tag, many signatures
    tail: float = 1.0           # the exponent of both curves
    per_address: int = 1        # own MX hosts for each address


# What a name costs that nothing is special about.
UNSIGNED = Shares(signed=0, island=0, lame=0, silent=0, cname=0, wildcard=0,
                  alias=0, no_mx=0, own_mx=0, in_domain=0, no_glue=0,
                  mail_hosts=20)

# The default is the curve of a measured zone.
WORLDS = {
    "curve": Shares(),
    "generic": Shares(own_mx=0.30),
    "signed": Shares(signed=0.60, no_mx=0.05, own_mx=0.02),
    "customers": Shares(own_mx=0.70, no_mx=0.05, per_address=200),
    "unsigned": UNSIGNED,
    "hosts": dataclasses.replace(UNSIGNED, own_mx=0.90),
}
# What a name costs that is signed: its MX alone, or with a host of its own.
ALL_SIGNED = dataclasses.replace(
    WORLDS["unsigned"], signed=0.99, signed_own=0, operators=0.012,
    signed_glue=1)
WORLDS |= {
    "p256": ALL_SIGNED,
    "rsa2048": dataclasses.replace(ALL_SIGNED, algorithm=8),
    "p256_host": dataclasses.replace(ALL_SIGNED, signed_own=1.0),
    "rsa2048_host": dataclasses.replace(ALL_SIGNED, signed_own=1.0,
                                        algorithm=8),
    "p256_minimal": dataclasses.replace(ALL_SIGNED, minimal=1),
    "keytrap": dataclasses.replace(ALL_SIGNED, key_trap=1),
}
SIGNED_WORLDS = ("signed", "p256", "rsa2048", "p256_host", "rsa2048_host",
                 "p256_minimal", "keytrap")
# The last two are no worlds of domains (bench.py).
DEFAULT_WORLDS = ("curve", "signed", "customers", "sessions", "input")

# Of check_lanes.py.
ODD = Shares(overlapping=0.02, disjoint=0.01, truncated=0.005, gone=0.01,
             signed_glue=1)

# Kinds with a name at a shared operator; the letter begins the name. Those in
# NAMED have the number of a mail host as well.
AT_OPERATOR = {"plain": "a", "alias": "c", "wildcard": "w", "cname": "k",
               "no_mx": "e", "own_mx": "h", "lame": "l",
               "truncated": "t", "gone": "g"}
AT_NSD = {"signed": "s", "island": "z"}
AT_ITSELF = {"in_domain": "i", "overlapping": "v", "disjoint": "j"}
NAMED = ("plain", "alias", "wildcard", "cname", *AT_ITSELF, "signed",
         "island")


class Curve:
    """Numbers below a count, each at least once, with a heavy tail."""

    def __init__(self, count: int, tail: float, rng: random.Random) -> None:
        self.rng = rng
        self.sums = list(itertools.accumulate(
            (number + 1) ** -tail for number in range(count)))
        self.first = list(range(count))
        rng.shuffle(self.first)

    def draw(self) -> int:
        if self.first:
            return self.first.pop()
        return min(bisect.bisect(self.sums, self.rng.random()
                                 * self.sums[-1]), len(self.sums) - 1)


def host_address(network, place: tuple, side: int, number: int) -> str:
    """Of ns1 (side 0) or ns2 (side 1)."""
    first, count = place
    return str(network + side * HALF[network] + first + number % count)


def hosts(owner: str, network, place: tuple, number: int) -> list:
    """Names and addresses of two name servers."""
    return [(f"ns{side + 1}.{owner}", host_address(network, place, side,
                                                   number))
            for side in (0, 1)]


@dataclasses.dataclass(frozen=True)
class Domain:
    name: str
    kind: str
    number: int
    mail_host: int
    servers: tuple              # names
    glue: tuple = ()            # pairs of name and address

    def lines(self) -> Iterator:
        for server in self.servers:
            yield f"{self.name}.\t3600\tin\tns\t{server}."
        for host, address in self.glue:
            yield f"{host}.\t3600\tin\ta\t{address}"


class World:
    def __init__(self, count: int, shares: Shares, seed: str) -> None:
        self.count, self.shares, self.seed = count, shares, seed
        self.counts = self.count_kinds()
        self.mail_hosts = max(1, self.number(shares.mail_hosts))

    def number(self, share: float) -> int:
        return round(share if share >= 1 else self.count * share)

    def count_kinds(self) -> dict:
        """Domains of each kind, and operators of each place."""
        shares, count = self.shares, self.count
        counts = {kind: round(count * getattr(shares, kind)) for kind in (
            "signed", "island", "lame", "silent", "cname", "wildcard",
            "alias", "no_mx", "own_mx", "in_domain", "overlapping",
            "disjoint", "truncated", "gone")}
        self.silent_operators = max(1, round(counts["silent"]
                                             * shares.operators))
        self.signed_operators = max(1, round(
            (counts["signed"] + counts["island"]) * shares.signed_operators))
        # A domain with name servers of its own is an operator, too.
        shared = (self.number(shares.operators)
                  - sum(counts[kind] for kind in AT_ITSELF)
                  - self.silent_operators - self.signed_operators)
        self.no_glue_operators = max(1, round(shared * shares.no_glue))
        counts["operator"] = max(1, shared - self.no_glue_operators)
        counts["plain"] = count - sum(counts.values())
        if counts["plain"] < 0:
            raise ValueError("the shares are more than all domains")
        if counts["silent"] < self.silent_operators:
            self.silent_operators = counts["silent"]
        return counts

    def kinds(self, rng: random.Random) -> list:
        """(kind, has glue), and for each domain which of these it is."""
        kinds, order = [], bytearray()
        for kind, count in self.counts.items():
            without = round(count * self.shares.no_glue) \
                if kind in AT_OPERATOR else 0
            order += bytes([len(kinds)]) * (count - without)
            order += bytes([len(kinds) + 1]) * without
            kinds += [(kind, True), (kind, False)]
        rng.shuffle(order)
        return [kinds, order]

    def domains(self) -> Iterator:
        rng = random.Random(f"{self.seed} {self.count}")
        kinds, order = self.kinds(rng)
        mail = Curve(self.mail_hosts, self.shares.tail, rng)
        curves = {True: Curve(self.counts["operator"], self.shares.tail, rng),
                  False: Curve(self.no_glue_operators, self.shares.tail, rng)}
        nsd = Curve(self.signed_operators, self.shares.tail, rng)
        dead = Curve(max(1, self.silent_operators), self.shares.tail, rng)
        operators, dead_zones = itertools.count(), itertools.count()
        for number, index in enumerate(order):
            kind, has_glue = kinds[index]
            host = mail.draw() if kind in NAMED else 0
            tail = f"{number}-{host}" if kind in NAMED else f"{number}"
            if kind == "operator":
                yield self.with_hosts(f"op{next(operators)}.{APEX}", kind,
                                      LIVE, SIBLING)
            elif kind == "silent":
                k = next(dead_zones)
                if k < self.silent_operators:
                    yield self.with_hosts(f"dead{k}.{APEX}", kind, SILENT,
                                          (0, HALF[SILENT]))
                    continue
                yield self.at(f"q{tail}.{APEX}", kind, number, 0,
                              f"dead{dead.draw()}.{APEX}")
            elif kind in AT_ITSELF:
                name = f"{AT_ITSELF[kind]}{tail}.{APEX}"
                own = hosts(name, LIVE, IN_DOMAIN, number)
                yield Domain(name, kind, number, host,
                             tuple(h for h, _ in own), tuple(own))
            elif kind in AT_NSD:
                where = APEX if self.shares.signed_glue else OTHER
                yield self.at(f"{AT_NSD[kind]}{tail}.{APEX}", kind, number,
                              host, f"sg{nsd.draw()}.{where}")
            else:
                operator = curves[has_glue].draw()
                yield self.at(f"{AT_OPERATOR[kind]}{tail}.{APEX}", kind,
                              number, host,
                              f"op{operator}.{APEX if has_glue else OTHER}")

    @staticmethod
    def at(name: str, kind: str, number: int, mail_host: int,
           operator: str) -> Domain:
        return Domain(name, kind, number, mail_host,
                      (f"ns1.{operator}", f"ns2.{operator}"))

    @staticmethod
    def with_hosts(name: str, kind: str, network, place: tuple) -> Domain:
        """A domain that others have their name servers in."""
        number = int(name.split(".")[0].lstrip("opdea"))
        own = hosts(name, network, place, number)
        return Domain(name, kind, number, 0, tuple(h for h, _ in own),
                      tuple(own))

    # The zone files ---------------------------------------------------------

    @staticmethod
    def soa(apex: str) -> str:
        """The first line."""
        return (f"{apex}.\t3600\tin\tsoa\tns.nic.{apex}. hostmaster.{apex}. "
                "1 7200 3600 1209600 300\n")

    def head(self, apex: str) -> str:
        return (f"{self.soa(apex)}{apex}.\t3600\tin\tns\tns.nic.{apex}.\n"
                f"ns.nic.{apex}.\t3600\tin\ta\t{TLD_SERVER}\n")

    def zone_lines(self, ds) -> Iterator:
        """ds(domain) is the RDATA of a signed domain's DS."""
        yield self.head(APEX)
        if self.shares.signed_glue:
            yield "".join(
                f"ns{n}.sg{k}.{APEX}.\t3600\tin\ta\t{address}\n"
                for k in range(self.signed_operators)
                for n, address in enumerate(ZONE_SERVERS, 1))
        for domain in self.domains():
            yield "".join(f"{line}\n" for line in domain.lines())
            if domain.kind == "signed":
                yield f"{domain.name}.\t3600\tin\tds\t{ds(domain)}\n"

    def other_lines(self) -> Iterator:
        """The zone of mail hosts and of operators without glue."""
        yield self.head(OTHER)
        for label, count, place in (("op", self.no_glue_operators, NO_GLUE),
                                    ("sg", self.signed_operators, NO_GLUE)):
            for k in range(count):
                name = f"{label}{k}.{OTHER}"
                own = hosts(name, LIVE, place, k)
                if label == "sg":
                    # The names are fakens's, what they lead to is NSD.
                    yield "".join(f"{name}.\t3600\tin\tns\t{server}.\n"
                                  for server, _ in hosts(
                                      f"op0.{OTHER}", LIVE, place, 0))
                    continue
                yield "".join(
                    f"{name}.\t3600\tin\tns\t{server}.\n"
                    f"{server}.\t3600\tin\ta\t{address}\n"
                    for server, address in own)
        for k in range(self.mail_hosts):
            operator = f"op{k % self.no_glue_operators}.{OTHER}"
            yield "".join(f"p{k}.{OTHER}.\t3600\tin\tns\tns{n}.{operator}.\n"
                          for n in (1, 2))

    # The table of fakens ----------------------------------------------------

    def groups(self) -> list:
        """Name, pattern, counts and records of each (fakens.h)."""
        mx = f"@ MX 10 mx.p{{m}}.{OTHER}."
        named = {"plain": [mx],
                 "alias": ["@ MX 10 mx", f"mx CNAME mx.p{{m}}.{OTHER}."],
                 "wildcard": ["@ MX 10 mail", f"* CNAME mx.p{{m}}.{OTHER}."],
                 "cname": [f"@ CNAME p{{m}}.{OTHER}."],
                 **dict.fromkeys(AT_ITSELF, [mx, "ns1 A own1", "ns2 A own2",
                                             "ns3 A own1", "ns4 A own2"])}
        letters = {**AT_OPERATOR, **AT_ITSELF}
        groups = [(kind, f"{letters[kind]}{{n}}-{{m}}.{APEX}.",
                   f"{self.count} {self.mail_hosts}", records)
                  for kind, records in named.items()]
        groups += [
            ("no_mx", f"e{{n}}.{APEX}.", self.count, ["@ A mail"]),
            ("own_mx", f"h{{n}}.{APEX}.", self.count,
             ["@ MX 10 mx", "mx A customers"]),
            ("truncated", f"t{{n}}.{APEX}.", self.count, []),
            ("gone", f"g{{n}}.{APEX}.", self.count, []),
            ("operator", f"op{{n}}.{APEX}.", self.counts["operator"],
             [f"@ MX 10 mx.p{{n%{self.mail_hosts}}}.{OTHER}.",
              "ns1 A sibling1", "ns2 A sibling2"]),
            ("other", f"op{{n}}.{OTHER}.", self.no_glue_operators,
             ["ns1 A other1", "ns2 A other2"]),
            ("nsd", f"sg{{n}}.{OTHER}.", self.signed_operators,
             [f"ns{n} A {address}" for n, address in enumerate(
                 ZONE_SERVERS, 1)]),
            ("mail_host", f"p{{n}}.{OTHER}.", self.mail_hosts,
             ["@ MX 10 mx", "mx A mail"])]
        return groups

    @staticmethod
    def habits(name: str, pattern: str) -> Iterator:
        """Apex NS and the SOA name one operator for all, whom nobody asks for,
        but for those that say who their name servers are."""
        if name in ("truncated", "gone"):
            yield f" {name}"
        if name not in ("overlapping", "disjoint"):
            yield from (f" ns ns{n}.op0.{OTHER}." for n in (1, 2))
            return
        yield " names"
        for n in (1, 3) if name == "overlapping" else (3, 4):
            yield f" ns ns{n}.{pattern}"

    def table(self, late_ms: int) -> Iterator:
        """Lines for fakens."""
        for label, place in (("own", IN_DOMAIN), ("sibling", SIBLING),
                             ("other", NO_GLUE)):
            for side in (0, 1):
                yield (f"addresses {label}{side + 1} "
                       f"{host_address(LIVE, place, side, 0)}+{place[1]}")
        yield f"addresses mail {MAIL}+{MAIL_COUNT}"
        customers = -(-self.counts["own_mx"] // self.shares.per_address)
        yield f"addresses customers {MAIL}+{min(max(1, customers), MAIL_COUNT)}"
        for apex in (APEX, OTHER):
            yield f"zone {apex}."
            yield f" ns ns.nic.{apex}. {TLD_SERVER}"
        groups = self.groups()
        for name, pattern, count, records in groups:
            yield f"group {name} {pattern} {count}"
            yield from self.habits(name, pattern)
            yield from (f" record {record}" for record in records)
        yield f"network {SILENT}/17"
        yield " silent"
        yield f"network {LIVE}/16"
        yield f" late {late_ms}"
        # The last one is looked at first.
        yield " serve " + " ".join(name for name, *_ in reversed(groups))
