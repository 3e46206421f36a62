"""The definition of a kind of signed delegation (signed_kinds.py), and the
common parts of several kinds.

`mx` is mx_status and mx_dnssec, `host` is host_status, ipv4_dnssec and
tlsa_status of its MX host. If a validator may choose, there are several words
separated by "|". `lane` is

    DIRECT      the direct lane must answer itself, for MX and for the host
    FALLS_BACK  it must not
    ANY         it may
"""

from __future__ import annotations

import dataclasses
import ipaddress
import struct
from collections.abc import Callable

from signed_keys import KSK, ZSK, Key, Pool, wire
from signed_zone import Nsec3, Zone

DIRECT, FALLS_BACK, ANY = "direct", "falls back", "any"
MX, BOGUS = "mx secure", "bogus bogus"
HOST = "usable secure usable"
NO_TLSA = "usable secure absent"

# The lane has to know these; 10, 14 and 15 if the linked libunbound does.
LANE = (13, 8)
DENIALS = (None, Nsec3(), None, Nsec3(True),
           Nsec3(salt=b"\xaa\xbb", iterations=1),
           Nsec3(True, b"\x01" * 8, 100), Nsec3(iterations=150))
PLAIN = (None, Nsec3())
OPT_OUT = (Nsec3(True), Nsec3(True, b"\x5a", 10))


@dataclasses.dataclass
class Make:
    """A zone in the making; nothing is signed yet."""
    zone: Zone
    pool: Pool
    number: int
    algorithm: int
    keys: list                          # to sign with
    parent_ds: list | None = None       # None: of the first key
    file_ds: list | None = None         # None: the parent's
    file_signature: str = "good"        # of DS in the file: "none", "bad"

    def key(self, number: int, flags: int = KSK,
            algorithm: int | None = None) -> Key:
        return self.pool.key(algorithm or self.algorithm,
                             self.number + number, flags)

    def ds(self, *keys: Key, digest: int = 2, wrong: bool = False) -> list:
        return [key.ds(self.zone.apex, digest, wrong) for key in keys]


def nothing(_make: Make) -> None:
    pass


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    twin: str
    make: Callable = nothing
    mx: str = MX
    host: str | None = HOST
    lane: str = DIRECT
    algorithms: tuple = LANE
    denials: tuple = PLAIN
    label: str = "mx"                   # of the host
    by_trust: bool = False              # DIRECT with `--ds trust`, and
                                        # FALLS_BACK with `verify`
    after: str = ""                     # the file's DS is not the parent's:
                                        # the row of the direct lane (rule 2)
    txt: str = ""                       # mta_sts_record, tlsrpt_record
    txt_unproven: bool = False          # the direct lane says "absent absent"


KINDS: list = []


def kind(name: str, twin: str, **fields):
    """Of a function that makes it."""
    def add(make: Callable) -> Callable:
        KINDS.append(Kind(name, twin, make, **fields))
        return make
    return add


def plain(name: str, twin: str, make: Callable = nothing, **fields) -> None:
    KINDS.append(Kind(name, twin, make, **fields))


BAD = {"mx": BOGUS, "host": None, "lane": FALLS_BACK}
# The MX RRset is good, the address of its host is not.
BAD_HOST = {"host": "bogus bogus not_asked", "lane": ANY}
BAD_TLSA = {"host": "usable secure bogus", "lane": ANY}


# What several have in common -------------------------------------------------

def address(number: int) -> ipaddress.IPv4Address:
    return ipaddress.ip_address("198.18.32.0") + number % 4096


def changed(label: str | None, of: str | None, **fields) -> Callable:
    def make(m: Make) -> None:
        m.zone.change(label, of, lambda s: [dataclasses.replace(
            s, **fields)])
    return make


def late(label: str, of: str, **fields) -> Callable:
    """Data that are changed after signing."""
    return changed(label, of, late=tuple(fields.items()))


def times(inception: int, expiration: int, label=None, of=None) -> Callable:
    """Seconds from now."""
    def make(m: Make) -> None:
        now = m.zone.now
        m.zone.change(label, of, lambda s: [dataclasses.replace(
            s, inception=now + inception, expiration=now + expiration)])
    return make


def drop_proof(reply) -> None:
    reply.authority = [item for item in reply.authority
                       if item[1] not in ("NSEC", "NSEC3")]


# The making of it ------------------------------------------------------------

def demands(k: Kind) -> tuple:
    return k.mx, k.host, k.lane, k.after, k.txt, k.txt_unproven


def check_twins() -> None:
    by_name = {k.name: k for k in KINDS}
    if len(by_name) != len(KINDS):
        raise ValueError("two kinds have one name")
    for k in KINDS:
        if k.twin not in by_name or demands(k) == demands(by_name[k.twin]):
            raise ValueError(f"{k.name}: no twin {k.twin} that differs")


def make_zone(k: Kind, turn: int, number: int, tld: str, servers: list,
              pool: Pool, now: int) -> Make:
    """Number `turn` of its kind, and `number` of all."""
    algorithm = k.algorithms[turn % len(k.algorithms)]
    denial = k.denials[turn // len(k.algorithms) % len(k.denials)]
    zone = Zone(f"{k.name}-{number}.{tld}", denial, now)
    make = Make(zone, pool, number, algorithm, [])
    make.keys = [make.key(0)] if turn % 2 else [make.key(0), make.key(1, ZSK)]
    zone.add("@", "SOA", wire(servers[0]) + wire(f"hostmaster.{zone.apex}")
             + struct.pack("!5I", 1, 7200, 3600, 1209600, 300))
    zone.add("@", "NS", *map(wire, servers))
    zone.add("@", "MX", b"\0\12" + wire(zone.absolute("mx")))
    zone.add("mx", "A", address(number).packed)
    zone.add("_25._tcp.mx", "TLSA", b"\3\1\1" + wire(zone.apex)[:32].ljust(
        32, b"\0"))
    zone.asked = ["_mta-sts", "mta-sts", "_tls", "_smtp._tls", "_tcp",
                  "_tcp.mx", "_25._tcp.mx", "_25._tcp"]
    k.make(make)
    if not zone.signers:
        zone.sign_with(*make.keys)
    if make.parent_ds is None:
        make.parent_ds = make.ds(make.keys[0])
    if make.file_ds is None:
        make.file_ds = make.parent_ds
    zone.finish()
    return make
