"""Signed zones with one changed bit in one answer: each byte in turn, in a
separate zone, so that no cache has the original answer.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable, Iterator

from signed_keys import Pool, wire
from signed_kind import Kind, Make, make_zone, nothing
from signed_kinds_denials import without_mx
from signed_kinds_hosts import no_tlsa_alone, tlsa_nodata
from signed_zone import NAMES, Nsec3, Zone, book_lines

HEADER = 12
HEAD_BYTES = 8              # flags and counts, without ID
DO_OPT = b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, 0)
# Bytes before a name in RDATA that may be compressed, and how many names.
COMPRESSED = {"NS": (0, 1), "CNAME": (0, 1), "SOA": (0, 2), "MX": (2, 1)}


@dataclasses.dataclass(frozen=True)
class Form:
    """A zone, and which of its answers are changed."""
    algorithm: int
    denial: Nsec3 | None
    targets: tuple              # label and type
    make: Callable = nothing


POSITIVE = (("@", "MX"), ("@", "DNSKEY"), ("mx", "A"),
            ("_25._tcp.mx", "TLSA"))
FORMS = (Form(13, None, POSITIVE), Form(8, Nsec3(), POSITIVE[:2]),
         Form(13, None, (("@", "MX"),), without_mx),
         Form(13, Nsec3(), (("@", "MX"),), without_mx),
         # No question is asked below a denied name (RFC 8020).
         Form(13, None, (("_tcp.mx", "any"),), no_tlsa_alone),
         Form(13, Nsec3(salt=b"\1"), (("_tcp.mx", "any"),), no_tlsa_alone),
         Form(13, None, (("_25._tcp.mx", "TLSA"),), tlsa_nodata),
         Form(13, Nsec3(), (("_25._tcp.mx", "TLSA"),), tlsa_nodata))


def pointed(name: bytes, asked: bytes) -> bytes:
    """As far as its end is one of the question's name (RFC 1035 4.1.4)."""
    at = 0
    while name[at]:
        if asked.endswith(name[at:]):
            return name[:at] + struct.pack(
                "!H", 0xc000 | HEADER + len(asked) - (len(name) - at))
        at += 1 + name[at]
    return name


def name_end(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def compressed(records: bytes, asked: bytes) -> tuple:
    """Records in wire format, and how many they are."""
    made, at, count = b"", 0, 0
    while at < len(records):
        end = name_end(records, at)
        kind, _, _, length = struct.unpack("!HHIH", records[end:end + 10])
        rdata = records[end + 10:end + 10 + length]
        before, names = COMPRESSED.get(NAMES[kind], (0, 0))
        new, inside = rdata[:before], before
        for _ in range(names):
            stop = name_end(rdata, inside)
            new += pointed(rdata[inside:stop], asked)
            inside = stop
        new += rdata[inside:]
        made += pointed(records[at:end], asked) + records[end:end + 8] \
            + struct.pack("!H", len(new)) + new
        at, count = end + 10 + length, count + 1
    return made, count


def message(zone: Zone, name: str, kind: str) -> bytes:
    """The answer, as `raw` of a book has it."""
    reply = zone.reply(name, "CAA" if kind == "any" else kind)
    parts, counts = b"", []
    for section in reply.sections():
        made, count = compressed(b"".join(
            zone.rrset(*item) for item in section), wire(name))
        parts += made
        counts.append(count)
    return struct.pack("!HHHH", 0x8000 | reply.flags, *counts, 1) \
        + parts + DO_OPT


def make_form(form: Form, number: int, servers: list, pool: Pool,
              now: int) -> Make:
    kind = Kind("mutated", "", form.make, algorithms=(form.algorithm,),
                denials=(form.denial,))
    return make_zone(kind, 0, number, "zz", servers, pool, now)


def sizes(pool: Pool, now: int) -> Iterator:
    """Everything that can be changed: form, target, byte. All names have the
    same length."""
    for form in FORMS:
        made = make_form(form, 10000, ["ns1.ops0.zz", "ns2.ops0.zz"], pool,
                         now)
        for label, kind in form.targets:
            name = made.zone.absolute(label)
            length = len(message(made.zone, name, kind))
            yield from ((form, label, kind, at) for at in range(length))


def mutated(places: list, first: int, pair_of: Callable, servers_of: Callable,
            pool: Pool, now: int) -> Iterator:
    """A zone for each place: Make, pair of servers, lines of the book."""
    for number, (form, label, kind, at) in enumerate(places):
        pair = pair_of(at < HEAD_BYTES)
        made = make_form(form, first + number, servers_of(pair), pool, now)
        name = made.zone.absolute(label)
        made.zone.change_reply(label, kind, lambda reply: None)
        bytes_ = bytearray(message(made.zone, name, kind))
        bytes_[at % len(bytes_)] ^= 1 << (at + number) % 8
        start = f"reply {name}. {kind} "
        yield made, pair, [
            f"raw {name}. {kind} {bytes_.hex()}" if line.startswith(start)
            else line for line in book_lines(made.zone)]
