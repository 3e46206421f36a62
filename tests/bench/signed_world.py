"""A lab with a signed TLD and many signed delegations: NSD has the root and the
TLD; fakens answers for the zones below from a book (fakens.h).

The zone file that is scanned is signed as the large registries publish theirs:
DS with RRSIG, and NSEC3. Its DS can differ from that of the parent by now.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from certificates import Authorities                    # noqa: E402
from model import Zone as LabZone                       # noqa: E402
from zone_keys import KeyRing                           # noqa: E402
from zone_signing import sign                           # noqa: E402
from zones import (ROOT_SERVERS, address_record, header,    # noqa: E402
                   unbound_configuration)

from bench_lab import ROOT, BenchLab, write_czds        # noqa: E402
from bench_world import TLD_SERVER, ZONE_SERVERS        # noqa: E402
from signed_keys import Pool                            # noqa: E402
from signed_kind import Make, make_zone                 # noqa: E402
from signed_kinds import KINDS                          # noqa: E402
from signed_mutations import mutated, sizes             # noqa: E402
from signed_zone import book_lines                      # noqa: E402

TLD = "zz"
FIRST_ADDRESS = 1           # of 198.18.1.0/24
PAIRS = 8                   # of name servers
FIRST_MUTATED = 10000       # all numbers have five digits


def server_names(pair: int) -> list:
    return [f"ns{n}.ops{pair}.{TLD}" for n in (1, 2)]


def server_addresses(pair: int) -> list:
    return [f"198.18.1.{FIRST_ADDRESS + 2 * pair + n}" for n in (0, 1)]


class SignedLab(BenchLab):
    """`count` zones of all kinds in turn, and `mutated` zones of which an
    answer is spoilt. Those with a spoilt header have name servers of their own: they
    may fall silent."""

    def __init__(self, folder: Path, count: int, mutated: int) -> None:
        super().__init__(folder, None, 0)
        self.count, self.mutated = count, mutated
        self.pool, self.now = Pool(), int(time.time())
        self.names: list = []
        self.pairs = PAIRS + 1

    def make(self, number: int) -> Make:
        return make_zone(KINDS[number % len(KINDS)], number // len(KINDS),
                         number, TLD, server_names(number % PAIRS), self.pool,
                         self.now)

    def more(self) -> Iterable:
        """The places that are spoilt lie evenly in all that there are; the bit
        is another one each time that a place comes again."""
        places = list(sizes(self.pool, self.now))
        chosen = [places[(n * len(places) // self.mutated
                          if self.mutated < len(places) else n)
                         % len(places)] for n in range(self.mutated)]
        turns = itertools.count()
        yield from mutated(
            chosen, FIRST_MUTATED,
            lambda is_head: PAIRS if is_head else next(turns) % PAIRS,
            server_names, self.pool, self.now)

    # The TLD ------------------------------------------------------------------

    def zones(self) -> Iterable:
        for number in range(self.count):
            made = self.make(number)
            yield made, number % PAIRS, book_lines(made.zone)
        yield from self.more()

    def head(self) -> list:
        return ["$ORIGIN .", "$TTL 3600",
                f"{TLD}. SOA ns.nic.{TLD}. hostmaster.nic.{TLD}. "
                "1 7200 3600 1209600 300",
                f"{TLD}. NS ns.nic.{TLD}.",
                address_record(f"ns.nic.{TLD}.", TLD_SERVER),
                *(address_record(f"{name}.", address)
                  for pair in range(self.pairs)
                  for name, address in zip(server_names(pair),
                                           server_addresses(pair)))]

    def write_book(self) -> tuple:
        """Returns the lines of the TLD as it is and as the file has it, and
        what is wrong with signatures in the file."""
        parent, file_lines, damage = [], [], {}
        with open(self.folder / "book", "w", encoding="ascii") as book:
            for made, pair, lines in self.zones():
                apex = made.zone.apex
                self.names.append(apex)
                book.writelines(f"{line}\n" for line in lines)
                servers = [f"{apex}. NS {name}." for name in
                           server_names(pair)]
                for into, ds in ((parent, made.parent_ds),
                                 (file_lines, made.file_ds)):
                    into += servers + [
                        f"{apex}. DS {' '.join(map(str, one))}" for one in ds]
                if made.file_signature != "good":
                    damage[f"{apex}."] = made.file_signature
        return parent, file_lines, damage

    def sign_tld(self, lines: list, keys: KeyRing) -> Path:
        zones = self.folder / "zones"
        (zones / f"{TLD}.zone").write_text(
            "\n".join([*self.head(), *lines]) + "\n")
        sign(zones, TLD, LabZone(nsec3=True, opt_out=True), keys, {})
        return zones / f"{TLD}.zone"

    @property
    def zone_file(self) -> Path:
        return self.folder / f"{TLD}.zone"

    # The lab ------------------------------------------------------------------

    def write_root(self, keys: KeyRing) -> None:
        lines = ["$ORIGIN .", *header([ROOT]),
                 address_record(ROOT, ROOT_SERVERS[0]),
                 f"{TLD}. NS ns.nic.{TLD}.",
                 address_record(f"ns.nic.{TLD}.", TLD_SERVER),
                 f"{TLD}. DS {keys.key(13).ds(TLD)}"]
        zones = self.folder / "zones"
        (zones / "root.zone").write_text("\n".join(lines) + "\n")
        sign(zones, "", LabZone(), keys, {})

    def fakens_table(self) -> list:
        return [f"book signed {self.folder}/book",
                *(line for pair in range(self.pairs)
                  for address in server_addresses(pair)
                  for line in (f"address {address}", " serve signed"))]

    def build(self) -> None:
        zones, keys = self.folder / "zones", KeyRing()
        zones.mkdir()
        parent, file_lines, damage = self.write_book()
        write_czds(self.sign_tld(file_lines, keys), self.zone_file, damage)
        self.sign_tld(parent, keys)
        self.write_root(keys)
        self.write_nsd("root", ROOT_SERVERS[:1], [(".", zones / "root.zone")])
        self.write_nsd("tld", (TLD_SERVER,), [(TLD, zones / f"{TLD}.zone")])
        self.write_nsd("zones", ZONE_SERVERS, [])
        hints, anchor = self.folder / "root.hints", self.folder / "root.anchor"
        hints.write_text(f". 3600 IN NS {ROOT}\n{ROOT} 3600 IN A "
                         f"{ROOT_SERVERS[0]}\n")
        anchor.write_text(f". IN DS {keys.key(13).ds('')}\n")
        (self.folder / "unbound.conf").write_text(unbound_configuration(
            self.folder, hints, anchor))
        Authorities().write_ca_file(self.folder / "ca.pem")
        (self.folder / "fakemx.table").write_text("")
        (self.folder / "fakens.table").write_text("".join(
            f"{line}\n" for line in self.fakens_table()))
        (self.folder / "names").write_text("".join(
            f"{name}\n" for name in self.names))

    def unlisted(self) -> list:
        """Questions without an answer in the book, once the lab is down."""
        with open(self.folder / "fakens.log", encoding="ascii") as log:
            return sorted({" ".join(line.split()[4:6]) for line in log
                           if line.endswith("does=unlisted\n")})
