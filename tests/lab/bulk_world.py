"""A world for runs of scale: many domains on few mail servers.

All domains of an MX host are unsigned delegations from `bare.` that share one
zone file, whose names are relative; one in a hundred is signed. A tenth of the
hosts accepts connections and says nothing.
"""

from __future__ import annotations

import json
from pathlib import Path

from behaviours import GOOD, SILENT
from certificates import Authorities
from model import (At, BARE, Expect, Host, SIGNED, SIGNED_TLD, Scenario,
                   TRUSTED, UNSIGNED_TLD)
from world import Addresses, FakeMx, build_scenario, finish
from zones import OPERATOR, Tree, header

SIGNED_SHARE = 100      # one in so many domains
SIGNED_MAX = 500        # each costs a process that signs
SILENT_SHARE = 10


def is_silent(number: int) -> bool:
    return number % SILENT_SHARE == SILENT_SHARE - 1


def provider(number: int) -> Scenario:
    behaviour = SILENT if is_silent(number) else GOOD
    return Scenario(
        f"provider{number}", "11", "", Expect(), mx=(), zone=SIGNED,
        hosts=(Host("mx", (At(behaviour, TRUSTED),)),))


def build(size: str, folder: Path) -> None:
    """`size` is DOMAINS,HOSTS."""
    domains, hosts = (int(part) for part in size.split(","))
    authorities = Authorities()
    tree = Tree(folder / "zones")
    fakemx = FakeMx(folder / "chains", authorities)
    addresses = Addresses()
    names, templates, servers_of_mail = [], [], []
    servers = [f"ns{n}.{OPERATOR}." for n in (1, 2)]
    for number in range(hosts):
        scenario = provider(number)
        places = build_scenario(scenario, tree, fakemx, addresses)
        servers_of_mail.append({
            "host": f"mx.{scenario.zone_name}", "address": places["mx/0"],
            "silent": is_silent(number),
            "domains": len(range(number, domains, hosts))})
        template = tree.folder / f"template{number}.zone"
        template.write_text("\n".join(
            [*header(servers), f"@ MX 10 mx.{scenario.zone_name}."]) + "\n")
        templates.append(template)
    signed = 0
    for number in range(domains):
        if number % SIGNED_SHARE == 0 and signed < SIGNED_MAX:
            signed += 1
            name = f"d{number}.{SIGNED_TLD}"
            tree.add(name, SIGNED,
                     [f"@ MX 10 mx.provider{number % hosts}.{SIGNED_TLD}."])
        else:
            name = f"d{number}.{UNSIGNED_TLD}"
            tree.add_shared(name, BARE.tld, templates[number % hosts])
        names.append(name)
    finish(folder, tree, fakemx, authorities, names, [])
    (folder / "bulk.json").write_text(json.dumps(servers_of_mail, indent=1))
