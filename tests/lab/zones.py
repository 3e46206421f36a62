"""The lab's DNS: a root, two TLDs, a zone for each scenario.

There are three NSDs, because one that serves the whole tree would answer at
once and give no referral.
"""

from __future__ import annotations

import concurrent.futures
import shutil
from pathlib import Path

from model import SIGNED_TLD, UNSIGNED_TLD, Zone
from nameservers import FakeNs
from zone_keys import KeyRing
from zone_signing import sign

ROOT_SERVERS = ("198.18.0.1", "2001:db8::53:1")
TLD_SERVERS = ("198.18.0.2", "2001:db8::53:2")
ZONE_SERVERS = ("198.18.0.3", "198.18.0.4", "2001:db8::53:3")
RESOLVER = "198.18.0.10"
PLAIN_RESOLVER = "198.18.0.11"     # validates nothing (witness_delv.py)

OPERATOR = f"nameservers.{SIGNED_TLD}"
TTL = 3600
SIGNERS = 2         # processes at a time


def is_ipv6(address: str) -> bool:
    return ":" in address


def address_record(owner: str, address: str) -> str:
    return f"{owner} {'AAAA' if is_ipv6(address) else 'A'} {address}"


def header(name_servers: list, denial_ttl: int = 300) -> list:
    return [f"$TTL {TTL}",
            f"@ SOA {name_servers[0]} hostmaster.{OPERATOR}. "
            f"1 7200 3600 1209600 {denial_ttl}",
            *(f"@ NS {server}" for server in name_servers)]


def own_servers(name: str, addresses: list) -> list:
    """Scripted name servers: as the parent and as the zone has them."""
    return [line for n, address in enumerate(addresses, 1)
            for line in (f"{name}. NS ns{n}.{name}.",
                         address_record(f"ns{n}.{name}.", address))]


def delegation(name: str, zone: Zone, keys: KeyRing, scripted: list) -> list:
    """What the parent publishes of a zone."""
    if zone.delegated:
        lines = [line.replace("{zone}", name) for line in zone.delegated]
    elif scripted:
        lines = own_servers(name, scripted)
    elif zone.glue:
        lines = [f"{name}. NS ns.{name}.",
                 *(address_record(f"ns.{name}.", address)
                   for address in ZONE_SERVERS)]
    else:
        lines = [f"{name}. NS ns{n}.{OPERATOR}." for n in (1, 2)]
    return lines + ds_lines(name, zone, zone.ds, keys)


def ds_lines(name: str, zone: Zone, ds: str, keys: KeyRing) -> list:
    if ds == "none":
        return []
    return [f"{name}. DS {keys.key(zone.algorithm).ds_of_kind(name, kind)}"
            for kind in ds.split("+")]


class Tree:
    """All zones of a lab, in a folder."""

    def __init__(self, folder: Path, fakens: FakeNs,
                 operator_hosts: dict | None = None,
                 computed: dict | None = None) -> None:
        """`operator_hosts` are further names of the operator's zone with an
        address; `computed` are TLDs that fakens serves, by their addresses."""
        self.folder = folder
        self.keys = KeyRing()
        self.fakens = fakens
        self.computed = computed or {}
        self.below = {SIGNED_TLD: [], UNSIGNED_TLD: []}
        self.zones: list = []           # names served by the zone servers
        self.at_tld: list = []          # and those by the servers of the TLDs
        self.stale: dict = {}           # DS lines of the file, by name
        self.to_sign: list = []         # folder, name, zone, spoil owners
        self.heads: dict = {}           # of each zone: what add() puts first
        self.changed = folder / "changed"
        shutil.rmtree(folder, ignore_errors=True)
        self.changed.mkdir(parents=True)
        self.add(OPERATOR, Zone(glue=True), [
            address_record(f"ns{n}", address)
            for n in (1, 2) for address in self.operator_addresses(n)]
                 + [address_record(host, address) for host, address
                    in (operator_hosts or {}).items()])

    @staticmethod
    def operator_addresses(number: int) -> list:
        return [ZONE_SERVERS[number - 1],
                *(a for a in ZONE_SERVERS if is_ipv6(a) and number == 1)]

    def add(self, name: str, zone: Zone, records: list,
            owners: dict | None = None, parent: list | None = None) -> None:
        """A zone of the zone servers and its delegation, which goes into its
        TLD, or into the records of another parent. `records` are lines of a
        master file whose origin is the zone."""
        scripted = [self.fakens.relay(name, served, ZONE_SERVERS[0])
                    for served in zone.servers]
        own: list = []
        if scripted:
            servers = [f"ns{n}" for n in range(1, len(scripted) + 1)]
            own = [address_record(server, address) for server, address
                   in zip(servers, scripted)]
        elif zone.glue:
            servers = ["ns"]
            own = [address_record("ns", a) for a in ZONE_SERVERS]
        else:
            servers = [f"ns{n}.{OPERATOR}." for n in (1, 2)]
        self.heads[name] = [f"$ORIGIN {name}.",
                            *header(list(zone.ns) or servers, zone.denial_ttl),
                            *own]
        self.write(self.folder, name, zone, records, owners)
        (self.below[zone.tld] if parent is None else parent).extend(
            delegation(name, zone, self.keys, scripted))
        if name == OPERATOR:
            # Its two names are those of all other delegations.
            self.below[zone.tld] += [
                address_record(f"ns{n}.{OPERATOR}.", address)
                for n in (1, 2) for address in self.operator_addresses(n)]
        if zone.ds_in_file is not None:
            self.stale[name] = ds_lines(name, zone, zone.ds_in_file, self.keys)
        if zone.at_tld:
            self.at_tld.append(name)
        elif zone.is_served:
            self.zones.append(name)

    def write(self, folder: Path, name: str, zone: Zone, records: list,
              owners: dict | None) -> None:
        (folder / f"{name}.zone").write_text("\n".join(
            [*self.heads[name], *records]) + "\n")
        if zone.signed:
            self.to_sign.append((folder, name, zone, owners or {}))

    def change(self, name: str, zone: Zone, records: list,
               owners: dict) -> None:
        """What add() wrote, as it will be once the world has changed."""
        self.write(self.changed, name, zone, records, owners)

    def write_tld(self, tld: str) -> None:
        (self.folder / f"{tld}.zone").write_text("\n".join(
            [f"$ORIGIN {tld}.", *header([f"ns.nic-{tld}.{tld}."]),
             *(address_record(f"ns.nic-{tld}.{tld}.", address)
               for address in TLD_SERVERS), *self.below[tld]]) + "\n")

    def write_root(self) -> None:
        lines = ["$ORIGIN .", *header(["a.root-servers.lab."]),
                 *(address_record("a.root-servers.lab.", address)
                   for address in ROOT_SERVERS)]
        for tld in (SIGNED_TLD, UNSIGNED_TLD):
            lines += [f"{tld}. NS ns.nic-{tld}.{tld}.",
                      *(address_record(f"ns.nic-{tld}.{tld}.", address)
                        for address in self.computed.get(tld, TLD_SERVERS))]
        lines.append(f"{SIGNED_TLD}. DS {self.keys.key(13).ds(SIGNED_TLD)}")
        (self.folder / "root.zone").write_text("\n".join(lines) + "\n")

    def finish(self) -> None:
        """Writes the root and the TLDs, and signs."""
        self.write_root()
        for tld in (SIGNED_TLD, UNSIGNED_TLD):
            if tld not in self.computed:
                self.write_tld(tld)
        # Opt-out, as the large TLDs have it.
        self.to_sign += [(self.folder, "", Zone(), {}),
                         (self.folder, SIGNED_TLD,
                          Zone(nsec3=True, opt_out=True), {})]
        with concurrent.futures.ThreadPoolExecutor(SIGNERS) as pool:
            for done in [pool.submit(sign, folder, name, zone, self.keys,
                                     owners)
                         for folder, name, zone, owners in self.to_sign]:
                done.result()

    def write_file(self, tld: str, path: Path) -> None:
        """The zone file that is scanned: what the TLD publishes, or has
        published."""
        path.unlink(missing_ok=True)
        served = self.folder / f"{tld}.zone"
        if not any(name.endswith(f".{tld}") for name in self.stale):
            path.symlink_to(served)
            return
        with open(path, "w", encoding="ascii") as file:
            for line in served.read_text().splitlines():
                fields = line.split()
                if "DS" not in fields[1:4] or fields[0][:-1] not in self.stale:
                    file.write(f"{line}\n")
            file.writelines(f"{line}\n" for name, lines in self.stale.items()
                            if name.endswith(f".{tld}") for line in lines)

    def write_hints(self, path: Path) -> None:
        name = "a.root-servers.lab."
        path.write_text(f". {TTL} IN NS {name}\n" + "".join(
            address_record(f"{name} {TTL} IN", address) + "\n"
            for address in ROOT_SERVERS))

    def write_anchor(self, path: Path) -> None:
        path.write_text(f". IN DS {self.keys.key(13).ds('')}\n")


def nsd_configuration(name: str, addresses: tuple, zones: list,
                      folder: Path) -> str:
    """`zones` are pairs of name and file. NSD stays the user it is."""
    options = "\n".join([
        *(f"  ip-address: {address}" for address in addresses),
        "  ip-freebind: yes", "  server-count: 1", '  username: ""',
        '  chroot: ""', '  database: ""', '  zonelistfile: ""',
        f'  zonesdir: "{folder}"', f'  pidfile: "{folder}/{name}.pid"',
        '  logfile: "/dev/stderr"', f'  xfrdir: "{folder}"',
        f'  xfrdfile: "{folder}/{name}.xfrd"', "  zonefiles-check: yes",
        "  hide-version: yes", "  verbosity: 0", "  tcp-count: 200",
        "  rrl-ratelimit: 0"])
    return (f"server:\n{options}\nremote-control:\n  control-enable: no\n"
            + "".join(f'zone:\n  name: "{zone}"\n  zonefile: "{file}"\n'
                      for zone, file in zones))


def unbound_configuration(folder: Path, hints: Path,
                          anchor: Path | None) -> str:
    """A resolver inside the lab, for programs that have none: it validates, or
    without an anchor does not."""
    address, name, validation = (
        (RESOLVER, "unbound", f'trust-anchor-file: "{anchor}"') if anchor
        else (PLAIN_RESOLVER, "plain", 'module-config: "iterator"'))
    return f"""server:
  interface: {address}
  access-control: 0.0.0.0/0 allow
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/{name}.pid"
  logfile: ""
  use-syslog: no
  root-hints: "{hints}"
  {validation}
  do-daemonize: no
  num-threads: 1
  so-reuseport: no
  do-not-query-localhost: yes
  val-log-level: 2
remote-control:
  control-enable: no
"""
