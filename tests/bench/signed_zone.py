"""A signed zone, and the answer of its name server to each question (RFC 4034,
4035 3, 5155 7, 4592). signed_kinds.py puts faults into it; the rest stays
correct.

The answers go into a book of fakens (fakens.h).
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import struct
from collections.abc import Iterator

from signed_keys import Key, wire

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16,
         "AAAA": 28, "DNAME": 39, "DS": 43, "RRSIG": 46, "NSEC": 47,
         "DNSKEY": 48, "NSEC3": 50, "NSEC3PARAM": 51, "TLSA": 52, "CAA": 257}
NAMES = {number: name for name, number in TYPES.items()}
# The types that a resolver or the scanner can ask for.
ASKED = ("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "DS", "DNSKEY",
         "TLSA")
TTL, DENIAL_TTL, DAY = 3600, 300, 86400
AA, NXDOMAIN = 0x0400, 3


def canonical(name: str) -> list:
    """To sort by (RFC 4034 6.1)."""
    return [label.encode() for label in reversed(name.split("."))]


def type_bitmap(types) -> bytes:
    """RFC 4034 4.1.2"""
    windows: dict = {}
    for number in sorted(TYPES[name] for name in types):
        bits = windows.setdefault(number >> 8, bytearray(32))
        bits[(number & 255) // 8] |= 0x80 >> number % 8
    return b"".join(
        bytes([window, len(bits.rstrip(b"\0"))]) + bits.rstrip(b"\0")
        for window, bits in windows.items())


def base32hex(data: bytes) -> str:
    return base64.b32encode(data).decode().translate(str.maketrans(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        "0123456789abcdefghijklmnopqrstuv")).rstrip("=")


@dataclasses.dataclass(frozen=True)
class Nsec3:
    """None in its place: NSEC."""
    opt_out: bool = False
    salt: bytes = b""
    iterations: int = 0
    algorithm: int = 1
    flags: int = 0              # more of them

    def hash(self, name: str) -> bytes:
        digest = hashlib.sha1(wire(name) + self.salt).digest()
        for _ in range(self.iterations):
            digest = hashlib.sha1(digest + self.salt).digest()
        return digest


@dataclasses.dataclass(frozen=True)
class Signature:
    """The signed data, and the signer (RFC 4034 3.1). A change of a field is
    signed, but for `late`, which is put in afterwards."""
    key: Key
    covered: str
    labels: int
    ttl: int
    expiration: int
    inception: int
    signer: str
    owner: str                  # that is signed
    algorithm: int
    tag: int
    late: tuple = ()            # pairs of field and value
    is_broken: bool = False     # a bit of the signature

    def head(self, fields) -> bytes:
        return struct.pack(
            "!HBBIIIH", TYPES[fields.covered], fields.algorithm,
            fields.labels, fields.ttl, fields.expiration & 0xffffffff,
            fields.inception & 0xffffffff, fields.tag) + wire(fields.signer)

    def rdata(self, rdatas: list) -> bytes:
        owner = wire(self.owner)
        data = self.head(self) + b"".join(
            owner + struct.pack("!HHIH", TYPES[self.covered], 1, self.ttl,
                                len(rdata)) + rdata
            for rdata in sorted(set(rdatas)))
        made = bytearray(self.key.sign(data))
        if self.is_broken:
            made[len(made) // 2] ^= 1
        return self.head(dataclasses.replace(
            self, **dict(self.late))) + bytes(made)


def record(owner: str, kind: str, ttl: int, rdata: bytes) -> bytes:
    return wire(owner) + struct.pack("!HHIH", TYPES[kind], 1, ttl,
                                     len(rdata)) + rdata


@dataclasses.dataclass
class Reply:
    flags: int
    answer: list                # of (owner, type, owner that it is shown at)
    authority: list

    def sections(self) -> tuple:
        return self.answer, self.authority


class Zone:
    def __init__(self, apex: str, denial: Nsec3 | None, now: int) -> None:
        self.apex, self.denial, self.now = apex, denial, now
        self.data: dict = {}            # owner: {type: [RDATA]}
        self.keys: list = []            # of the DNSKEY RRset
        self.key_signers: list = []     # of that
        self.signers: list = []         # of all others
        self.lifetime = (now - DAY, now + 30 * DAY)
        self.changes: list = []         # (owner or None, type or None, change)
        self.bitmaps: dict = {}         # owner: types, which are not so
        self.cuts: set = set()
        self.ttls: dict = {}            # (owner, type): TTL in the answer
        self.unsigned_data: dict = {}   # (owner, type): RDATA beside the RRset
        self.reply_changes: list = []   # (owner, type, change of a Reply)
        self.children: list = []        # zones that the same servers have
        self.asked: list = []           # names that nobody has
        self.sets: dict = {}            # that are made, by owner, type, shown
        self.proofs: dict = {}

    def absolute(self, label: str) -> str:
        return self.apex if label == "@" else f"{label}.{self.apex}"

    def add(self, label: str, kind: str, *rdatas: bytes) -> None:
        self.data.setdefault(self.absolute(label), {}).setdefault(
            kind, []).extend(rdatas)

    def sign_with(self, *keys: Key) -> None:
        """The first ones have SEP and sign the keys, the others all else; one
        that is alone does both (RFC 4035 2.1 asks for no more)."""
        self.keys = list(keys)
        self.key_signers = [k for k in keys if k.flags & 1] or list(keys)
        self.signers = [k for k in keys if not k.flags & 1] or list(keys)

    def change(self, label: str | None, kind: str | None, change) -> None:
        """`change` is given a Signature and returns a list of them."""
        self.changes.append((None if label is None else self.absolute(label),
                             kind, change))

    def strip(self, label: str | None, kind: str | None) -> None:
        self.change(label, kind, lambda _: [])

    def change_reply(self, label: str, kind: str, change) -> None:
        self.reply_changes.append((self.absolute(label), kind, change))

    # Denial ------------------------------------------------------------------

    def finish(self) -> None:
        """Called when all data are there: makes the keys and the denials."""
        self.data.setdefault(self.apex, {})["DNSKEY"] = [
            key.rdata for key in self.keys]
        self.names = {name for owner in self.data
                      for name in self.up_from(owner)}
        if self.denial is None:
            self.make_nsec()
        else:
            self.make_nsec3(self.denial)

    def up_from(self, name: str) -> Iterator:
        """The name, and those above it up to the apex."""
        while True:
            yield name
            if name == self.apex:
                return
            name = name.partition(".")[2]

    def types_of(self, owner: str) -> set:
        if owner in self.bitmaps:
            return set(self.bitmaps[owner])
        types = set(self.data.get(owner, ()))
        if owner in self.cuts and "DS" not in types:
            return types                # nothing here is signed
        return types | {"RRSIG"} if types else types

    def make_nsec(self) -> None:
        self.order = sorted(self.data, key=canonical)
        self.sort_keys = [canonical(owner) for owner in self.order]
        for owner, following in zip(self.order,
                                    self.order[1:] + self.order[:1]):
            types = self.types_of(owner) | {"RRSIG", "NSEC"}
            self.data[owner]["NSEC"] = [wire(following) + type_bitmap(types)]

    def make_nsec3(self, denial: Nsec3) -> None:
        salt = bytes([len(denial.salt)]) + denial.salt
        self.data[self.apex]["NSEC3PARAM"] = [struct.pack(
            "!BBH", denial.algorithm, 0, denial.iterations) + salt]
        left_out = {cut for cut in self.cuts if denial.opt_out
                    and "DS" not in self.data[cut]}
        self.hashes = {name: denial.hash(name)
                       for name in self.names - left_out}
        self.hash_order = sorted(self.hashes.values())
        by_hash = {value: name for name, value in self.hashes.items()}
        for value, following in zip(self.hash_order, self.hash_order[1:]
                                    + self.hash_order[:1]):
            self.data.setdefault(f"{base32hex(value)}.{self.apex}", {})[
                "NSEC3"] = [struct.pack(
                    "!BBH", denial.algorithm, denial.opt_out | denial.flags,
                    denial.iterations) + salt + b"\x14" + following
                    + type_bitmap(self.types_of(by_hash[value]))]

    def at_hash(self, value: bytes) -> tuple:
        owner = f"{base32hex(value)}.{self.apex}"
        return (owner, "NSEC3", owner)

    def covers_hash(self, name: str) -> tuple:
        value = self.denial.hash(name)
        below = [other for other in self.hash_order if other < value]
        return self.at_hash(below[-1] if below else self.hash_order[-1])

    def covers_name(self, name: str) -> tuple:
        key = canonical(name)
        below = [owner for owner, other in zip(self.order, self.sort_keys)
                 if other <= key]
        owner = below[-1] if below else self.order[-1]
        return (owner, "NSEC", owner)

    def encloser(self, name: str) -> tuple:
        """The closest one, and the next closer name (RFC 5155 1.3)."""
        before = name
        for above in self.up_from(name):
            if above in self.names:
                return above, before
            before = above
        raise ValueError(name)

    def prove_nodata(self, name: str) -> list:
        if self.denial is None:
            return [self.covers_name(name)]
        if name in self.hashes:
            return [self.at_hash(self.hashes[name])]
        # A cut that opt-out has left out (RFC 5155 7.2.4).
        above = next(n for n in self.up_from(name) if n in self.hashes)
        return self.unique([self.at_hash(self.hashes[above]),
                            self.covers_hash(name)])

    def prove_absence(self, name: str, is_wild: bool = False) -> list:
        """Of a name; with `is_wild` a wildcard is there (RFC 5155 7.2.2 and
        7.2.6)."""
        key = (name, is_wild)
        if key in self.proofs:
            return self.proofs[key]
        above, closer = self.encloser(name)
        if self.denial is None:
            made = [self.covers_name(name)]
            if not is_wild:
                made.append(self.covers_name(f"*.{above}"))
        else:
            made = [self.covers_hash(closer)]
            if not is_wild:
                made = [self.at_hash(self.hashes[above]), *made,
                        self.covers_hash(f"*.{above}")]
        self.proofs[key] = self.unique(made)
        return self.proofs[key]

    @staticmethod
    def unique(items: list) -> list:
        return list(dict.fromkeys(items))

    # Answers -----------------------------------------------------------------

    def soa(self) -> tuple:
        return (self.apex, "SOA", self.apex)

    def reply(self, name: str, kind: str) -> Reply:
        """As an authoritative server (RFC 1034 4.3.2, RFC 4035 3.1)."""
        reply = Reply(AA, [], [])
        shown = name
        for _ in range(9):
            owner = name
            if name not in self.names:
                above, _closer = self.encloser(name)
                owner = f"*.{above}"
                if owner not in self.data:
                    reply.flags |= NXDOMAIN
                    reply.authority += [self.soa(), *self.prove_absence(name)]
                    break
                reply.authority += self.prove_absence(name, True)
                if self.denial is not None and not {
                        kind, "CNAME"} & self.data[owner].keys():
                    # RFC 5155 7.2.5
                    reply.authority.append(self.at_hash(self.hashes[above]))
            here = self.data.get(owner, {})
            shown = name
            if kind in here:
                reply.answer.append((owner, kind, shown))
                break
            if "CNAME" not in here:
                reply.authority += [self.soa(), *self.prove_nodata(owner)]
                break
            reply.answer.append((owner, "CNAME", shown))
            name = self.target(here["CNAME"][0])
            if not f".{name}".endswith(f".{self.apex}"):
                break
        reply.authority = self.unique(reply.authority)
        return reply

    @staticmethod
    def target(rdata: bytes) -> str:
        labels, at = [], 0
        while rdata[at]:
            labels.append(rdata[at + 1:at + 1 + rdata[at]].decode())
            at += 1 + rdata[at]
        return ".".join(labels)

    def replies(self) -> Iterator:
        """Zone, name, type ("any": all that are not told apart), Reply."""
        below = tuple(f".{child.apex}" for child in self.children)
        for name in self.unique([*self.names, *map(self.absolute,
                                                   self.asked)]):
            if below and name.endswith(below):
                continue
            is_child = any(name == child.apex for child in self.children)
            kinds = ["DS"] if is_child else self.told_apart(name)
            for kind in kinds:
                reply = self.reply(name, "CAA" if kind == "any" else kind)
                for owner, of_kind, change in self.reply_changes:
                    if owner == name and of_kind in (kind, "any"):
                        change(reply)
                yield self, name, kind, reply
        for child in self.children:
            # DS is the parent's (RFC 4035 3.1.4.1).
            yield from (said for said in child.replies()
                        if said[1:3] != (child.apex, "DS"))

    def told_apart(self, name: str) -> list:
        changed = {kind for owner, kind, _ in self.reply_changes
                   if owner == name and kind != "any"}
        owner = name if name in self.names else \
            f"*.{self.encloser(name)[0]}"
        here = set(self.data.get(owner, ()))
        if "CNAME" in here:
            return [*ASKED, "any"]
        return [*sorted((here | changed) & set(ASKED)), "any"]

    def rrset(self, owner: str, kind: str, shown: str) -> bytes:
        """Its records and signatures in wire format."""
        key = (owner, kind, shown)
        if key in self.sets:
            return self.sets[key]
        rdatas = self.data[owner][kind]
        ttl = self.ttls.get((owner, kind), self.ttl_of(kind))
        made = [record(shown, kind, ttl, rdata) for rdata in [
            *rdatas, *self.unsigned_data.get((owner, kind), ())]]
        if not (owner in self.cuts and kind == "NS"):
            made += [record(shown, "RRSIG", ttl, signature.rdata(rdatas))
                     for signature in self.signatures(owner, kind)]
        self.sets[key] = b"".join(made)
        return self.sets[key]

    @staticmethod
    def ttl_of(kind: str) -> int:
        return DENIAL_TTL if kind in ("NSEC", "NSEC3") else TTL

    def signatures(self, owner: str, kind: str) -> list:
        labels = owner.count(".") + 1 - owner.startswith("*.")
        made = [Signature(
            key, kind, labels, self.ttl_of(kind), self.lifetime[1],
            self.lifetime[0], self.apex, owner, key.algorithm, key.tag)
            for key in (self.key_signers if kind == "DNSKEY"
                        else self.signers)]
        for of_owner, of_kind, change in self.changes:
            if of_owner in (None, owner) and of_kind in (None, kind):
                made = [new for old in made for new in change(old)]
        return made


# Books -----------------------------------------------------------------------

def book_lines(zone: Zone) -> Iterator:
    """Lines of a book of fakens."""
    numbers: dict = {}
    yield "zone"
    for of_zone, name, kind, reply in zone.replies():
        for item in [*reply.answer, *reply.authority]:
            if (of_zone.apex, item) not in numbers:
                numbers[of_zone.apex, item] = len(numbers)
                yield f"records {of_zone.rrset(*item).hex()}"
        sections = [",".join(str(numbers[of_zone.apex, item])
                             for item in section) or "-"
                    for section in reply.sections()]
        yield f"reply {name}. {kind} {reply.flags:04x} {' '.join(sections)} -"
