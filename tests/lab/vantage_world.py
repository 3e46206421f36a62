"""A world for the faults of this machine and its network (tests/faults): mail
servers in many networks, each kind of name in a group of its own. Every name
server is reached over IPv4 and IPv6.

    net     141 names, each with a good mail server in a /24 of its own
    slow    300 names whose name servers answer late, so that a run of them
            takes a while; their mail servers are in networks of their own
    refuse  1,000 names whose mail hosts (100 networks) refuse the connection
    drop    1,000 names whose mail hosts (100 networks) drop it
    shared  60 names whose mail hosts (60 networks) show one certificate
    hosted  2,000 names that one provider hosts
    refa, refb, refc    200 names each of an operator that answers REFUSED
    signed  signed zones with TLSA records and addresses of both families
    sts     signed zones with a valid MTA-STS policy, from a slow host

`absent` are names that do not exist. mx.canary.sec is a mail server in another
network, MIDDLEBOX one that says it is somebody else.
"""

from __future__ import annotations

from pathlib import Path

from behaviours import DEAF, GOOD, behaviour
from bulk_world import ScaleWorld, Group, chain_for, hosted, operator
from model import (At, Expect, Host, SELF_SIGNED, SIGNED, Scenario, TRUSTED,
                   Tlsa, UNSIGNED_TLD, Web, Zone)
from policies import HOST, POLICY, TXT, txt
from web import WebServers
from world import build_scenario

NETWORKS, SLOW, PARKED, PARKED_NETWORKS = 141, 300, 1000, 100
HOSTED, REFUSED, SIGNED_ZONES, POLICIES, ABSENT = 2000, 200, 10, 20, 1900
SHARED = 60
OPERATORS = ("refa", "refb", "refc")
SLOW_MS, POLICY_SECONDS = 250, 1
CANARY, CANARY_AT = "mx.canary.sec", "198.18.250.1"
MIDDLEBOX_AT = "198.18.251.1"
PROVIDER = "mx.provider0.sec"

MIDDLEBOX = behaviour("middlebox", greeting=['say "220 middlebox ESMTP"'])
COUNTS = {"net": NETWORKS, "slow": SLOW, "refuse": PARKED, "drop": PARKED,
          "shared": SHARED, "hosted": HOSTED, "absent": ABSENT,
          **dict.fromkeys(OPERATORS, REFUSED)}


def names_of(kind: str, count: int = 0) -> list:
    """The first names of a kind; 0: all."""
    if kind in ("signed", "sts"):
        total, tld = (SIGNED_ZONES if kind == "signed" else POLICIES), "sec"
    else:
        total, tld = COUNTS[kind], UNSIGNED_TLD
    return [f"{kind}{number}.{tld}" for number in range(count or total)]


def addresses_of(kind: str) -> list:
    """Of the mail servers of a kind, each in a network of its own."""
    return {"net": [f"198.19.{n}.1" for n in range(NETWORKS)],
            "slow": [f"198.19.{n + 150}.1" for n in range(100)],
            "refuse": [f"198.18.{n + 128}.1" for n in range(PARKED_NETWORKS)],
            "drop": [f"198.18.{n + 128}.2" for n in range(PARKED_NETWORKS)],
            "shared": [f"198.18.{n + 128}.3" for n in range(SHARED)],
            }[kind]


def add_mail(world: ScaleWorld, kind: str) -> None:
    """A group of names with mail hosts of their own, mx.NAME."""
    addresses, count = addresses_of(kind), COUNTS[kind]
    for number, address in enumerate(addresses):
        if kind == "refuse":
            break               # nobody listens
        first, step = (0, 1) if kind == "shared" else (number, len(addresses))
        names = [f"mx.{kind}{n}.{UNSIGNED_TLD}"
                 for n in range(first, count, step)]
        world.fakemx.serve(
            Scenario(f"{kind}-{first}", "11", "", Expect()),
            At(DEAF, None) if kind == "drop" else At(GOOD, chain_for(names)),
            address)
    world.fakens.lines.append(f"addresses {kind} " + " ".join(addresses))
    world.add_group(Group(kind, count, hosted(world),
                          ("@ MX 10 mx", f"mx A {kind}")))


def add_slow(world: ScaleWorld) -> None:
    """Two servers, of both families, that answer each question late."""
    own = [world.fakens.take(), world.fakens.take("v6")]
    home = operator("slow", own)
    world.fakens.lines.append("addresses slow "
                              + " ".join(addresses_of("slow")))
    world.add_group(home)
    world.add_group(Group("slow", SLOW, home.servers,
                          ("@ MX 10 mx", "mx A slow")))
    for number, address in enumerate(addresses_of("slow")):
        names = [f"mx.slow{n}.{UNSIGNED_TLD}"
                 for n in range(number, SLOW, 100)]
        world.fakemx.serve(Scenario(f"slow-{number}", "11", "", Expect()),
                           At(GOOD, chain_for(names)), address)
    for address in own:
        world.serve(address, "slow", home.label)
        world.fakens.lines.append(
            f" on below {UNSIGNED_TLD}. any any delay {SLOW_MS}")


def add_refused(world: ScaleWorld, name: str) -> None:
    own = [world.fakens.take(), world.fakens.take("v6")]
    home = operator(name, own)
    world.add_group(home)
    world.add_group(Group(name, REFUSED, home.servers,
                          (f"@ MX 10 {PROVIDER}.",)))
    for address in own:
        world.serve(address, home.label)


def build_vantage(folder: Path) -> None:
    world = ScaleWorld(folder, ("ns1.hosting", "ns2.hosting"), "ns3.hosting")
    web = WebServers(folder / "chains", world.authorities)

    def add(name: str, host: Host, **more) -> None:
        build_scenario(Scenario(name, "11", "", Expect(), hosts=(host,),
                                **more),
                       world.tree, world.fakemx, world.addresses, web)

    world.add_providers(1, 0)
    add("canary", Host("mx", (At(GOOD, TRUSTED, CANARY_AT),)))
    add("middlebox", Host("mx", (At(MIDDLEBOX, SELF_SIGNED, MIDDLEBOX_AT),)))
    for number in range(SIGNED_ZONES):
        add(f"signed{number}", Host("mx", (At(GOOD), At(GOOD, place="v6")),
                                    (Tlsa(3, 1, 1),)))
    for number in range(POLICIES):
        add(f"sts{number}", Host("mx", (At(GOOD),)),
            zone=Zone(signed=SIGNED.signed, records=txt("_mta-sts", TXT)),
            web=(Web(policy=POLICY, chains=HOST, does="respond",
                     seconds=POLICY_SECONDS),))
    for kind in ("net", "refuse", "drop", "shared"):
        add_mail(world, kind)
    add_slow(world)
    world.add_group(Group("hosted", HOSTED, hosted(world),
                          (f"@ MX 10 {PROVIDER}.",)))
    for address in world.hosting:
        world.serve(address, "net", "refuse", "drop", "shared", "hosted")
    for name in OPERATORS:
        add_refused(world, name)
    web.write(folder)
    world.finish("vantage.json", {"canary": CANARY})
