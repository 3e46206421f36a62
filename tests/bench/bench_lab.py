"""Makes a world of bench_world.py in a lab (tests/lab) and starts it.

NSD has the root, both TLDs (signed, with opt-out as large ones have it) and the
signed zones; fakens answers for all other domains.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

import bulk_world                                       # noqa: E402
from certificates import Authorities                    # noqa: E402
from model import Zone                                  # noqa: E402
from network import Lab                                 # noqa: E402
from zone_keys import KeyRing                           # noqa: E402
from zone_signing import sign                           # noqa: E402
from zones import (ROOT_SERVERS, address_record,        # noqa: E402
                   header, nsd_configuration, unbound_configuration)

from bench_signing import ds_text, sign_zone, zone_keys # noqa: E402
from bench_world import (APEX, AT_NSD, OTHER, TLD_SERVER,   # noqa: E402
                         ZONE_SERVERS, World)

ROOT = "a.root-servers.lab."


def spoil_signature(rdata: str) -> str:
    rest, _, last = rdata.rpartition(" ")
    return f"{rest} {last[10:20]}{last[:10]}{last[20:]}"


def write_czds(signed: Path, path: Path, damage: dict) -> None:
    """The zone file of a registry: with tabs, in lower case, SOA first and
    last. `damage` says for a name whether its RRSIG(DS) is missing ("none") or
    wrong ("bad")."""
    soa = ""
    with open(signed, encoding="ascii") as lines, open(
            path, "w", encoding="ascii") as file:
        for line in lines:
            fields = line.rstrip("\n").split(None, 4)
            if len(fields) < 5 or line[0] in ";$":
                continue
            if damage and fields[3] == "RRSIG" and \
                    fields[4].startswith("DS "):
                how = damage.get(fields[0])
                if how == "none":
                    continue
                if how == "bad":
                    fields[4] = spoil_signature(fields[4])
            fields[2:4] = fields[2].lower(), fields[3].lower()
            text = "\t".join(fields) + "\n"
            soa = soa or text
            file.write(text)
        file.write(soa)


class BenchLab(Lab):
    """A lab with one world; `late_ms` is what an answer of fakens takes."""

    def __init__(self, folder: Path, world: World, late_ms: int) -> None:
        super().__init__()
        self.folder = folder
        self.pid_file = folder / "holder.pid"
        self.log = folder / "holder.log"
        self.world, self.late_ms = world, late_ms

    @property
    def zone_file(self) -> Path:
        """The input of the scan."""
        return self.folder / f"{APEX}.zone"

    def start(self) -> None:
        bulk_world.WORLDS["bench"] = lambda size, folder: self.build()
        self.up(True, "bench")

    # The zones --------------------------------------------------------------

    def keys(self, domain) -> list:
        return zone_keys(self.world.seed, domain.number, self.world.shares)

    def ds(self, domain) -> str:
        return ds_text(self.keys(domain)[0], domain.name)

    def write_signed(self) -> list:
        """The zones of NSD: name and file of each."""
        zones = self.folder / "zones"
        own = round(self.world.count * self.world.shares.signed
                    * self.world.shares.signed_own)
        pairs = []
        for domain in self.world.domains():
            if domain.kind not in AT_NSD:
                continue
            has_own = domain.kind == "signed" and own > 0
            own -= has_own
            path = zones / f"{domain.name}.zone"
            path.write_text(sign_zone(domain, self.keys(domain), has_own))
            pairs.append((domain.name, path))
        return pairs

    def write_tlds(self, keys: KeyRing) -> None:
        zones = self.folder / "zones"
        algorithm = self.world.shares.algorithm
        with open(zones / f"{APEX}.zone", "w", encoding="ascii") as file:
            file.writelines(self.world.zone_lines(self.ds))
        with open(zones / f"{OTHER}.zone", "w", encoding="ascii") as file:
            file.writelines(self.world.other_lines())
        lines = ["$ORIGIN .", *header([ROOT]),
                 address_record(ROOT, ROOT_SERVERS[0])]
        for tld in (APEX, OTHER):
            lines += [f"{tld}. NS ns.nic.{tld}.",
                      address_record(f"ns.nic.{tld}.", TLD_SERVER),
                      f"{tld}. DS {keys.key(algorithm).ds(tld)}"]
        (zones / "root.zone").write_text("\n".join(lines) + "\n")
        sign(zones, "", Zone(), keys, {})
        for tld in (APEX, OTHER):
            sign(zones, tld, Zone(nsec3=True, opt_out=True,
                                  algorithm=algorithm), keys, {})
        write_czds(zones / f"{APEX}.zone", self.zone_file, {})

    # The servers ------------------------------------------------------------

    def write_nsd(self, name: str, addresses: tuple, served: list) -> None:
        """Port 53 is shared with fakens, which has all other addresses. NSD
        allows that with two servers."""
        text = nsd_configuration(f"nsd-{name}", addresses, served, self.folder)
        more = "server-count: 2\n  reuseport: yes"
        # The zones of check_signed.py are of no such world.
        if self.world is not None and self.world.shares.minimal:
            more += "\n  minimal-responses: yes"
        (self.folder / f"nsd-{name}.conf").write_text(
            text.replace("server-count: 1", more))

    def build(self) -> None:
        zones, keys = self.folder / "zones", KeyRing()
        zones.mkdir()
        self.write_tlds(keys)
        self.write_nsd("root", ROOT_SERVERS[:1], [(".", zones / "root.zone")])
        self.write_nsd("tld", (TLD_SERVER,), [
            (tld, zones / f"{tld}.zone") for tld in (APEX, OTHER)])
        self.write_nsd("zones", ZONE_SERVERS, self.write_signed())
        hints, anchor = self.folder / "root.hints", self.folder / "root.anchor"
        hints.write_text(f". 3600 IN NS {ROOT}\n{ROOT} 3600 IN A "
                         f"{ROOT_SERVERS[0]}\n")
        anchor.write_text(f". IN DS {keys.key(13).ds('')}\n")
        (self.folder / "unbound.conf").write_text(unbound_configuration(
            self.folder, hints, anchor).replace("so-reuseport: no",
                                                "so-reuseport: yes"))
        Authorities().write_ca_file(self.folder / "ca.pem")
        (self.folder / "fakemx.table").write_text("")
        (self.folder / "fakens.table").write_text("".join(
            f"{line}\n" for line in self.world.table(self.late_ms)))
        with open(self.folder / "names", "w", encoding="ascii") as file:
            file.writelines(f"{domain.name}\n"
                            for domain in self.world.domains())
