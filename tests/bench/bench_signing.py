"""Signed zones by the ten thousand: a process that signs for each would take
longer than all that is measured. ECDSA P-256 (RFC 6605), NSEC (RFC 4034).

The key of a zone, and so its DS, follows from the seed and the number of the
domain. Signatures have a random part and the time in them.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature)

from bench_world import MAIL, OTHER, Domain

TYPES = {"A": 1, "NS": 2, "SOA": 6, "MX": 15, "RRSIG": 46, "NSEC": 47,
         "DNSKEY": 48, "TLSA": 52}
TTL, DENIAL_TTL, DAY = 3600, 300, 86400
# The order of the curve (SEC 2, 2.4.2).
ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
ALGORITHM = 13


def wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.split(".") if label) + b"\0"


def type_bitmap(types: list) -> bytes:
    """RFC 4034 4.1.2; all types here are in the first window."""
    bits = bytearray(max(TYPES[t] for t in types) // 8 + 1)
    for name in types:
        bits[TYPES[name] // 8] |= 0x80 >> TYPES[name] % 8
    return bytes([0, len(bits)]) + bytes(bits)


class Key:
    def __init__(self, seed: str, number: int) -> None:
        digest = hashlib.sha256(f"{seed} key {number}".encode()).digest()
        self.private = ec.derive_private_key(
            int.from_bytes(digest, "big") % (ORDER - 1) + 1, ec.SECP256R1())
        point = self.private.public_key().public_numbers()
        self.rdata = struct.pack("!HBB", 257, 3, ALGORITHM) + b"".join(
            number.to_bytes(32, "big") for number in (point.x, point.y))
        total = sum(byte << (8 if i % 2 == 0 else 0)
                    for i, byte in enumerate(self.rdata))
        self.tag = (total + (total >> 16)) & 0xffff

    def ds(self, zone: str) -> str:
        digest = hashlib.sha256(wire(zone) + self.rdata).hexdigest()
        return f"{self.tag} {ALGORITHM} 2 {digest}"

    def sign(self, data: bytes) -> bytes:
        return b"".join(part.to_bytes(32, "big") for part in
                        decode_dss_signature(self.private.sign(
                            data, ec.ECDSA(hashes.SHA256()))))


class SignedZone:
    """Its lines, RRset by RRset."""

    def __init__(self, domain: Domain, key: Key, now: int) -> None:
        self.zone, self.key = domain.name, key
        self.times = now + 30 * DAY, now - DAY
        self.dates = " ".join(time.strftime("%Y%m%d%H%M%S", time.gmtime(when))
                              for when in self.times)
        self.lines: list = []

    def add(self, owner: str, kind: str, rdatas: list, texts: list,
            ttl: int = TTL) -> None:
        """RFC 4034 3.1.8.1."""
        head = struct.pack("!HBBIIIH", TYPES[kind], ALGORITHM,
                           owner.count(".") + 1, ttl, *self.times,
                           self.key.tag) + wire(self.zone)
        data = head + b"".join(
            wire(owner) + struct.pack("!HHIH", TYPES[kind], 1, ttl,
                                      len(rdata)) + rdata
            for rdata in sorted(rdatas))
        signature = base64.b64encode(self.key.sign(data)).decode()
        self.lines += [f"{owner}. {ttl} IN {kind} {text}" for text in texts]
        self.lines.append(
            f"{owner}. {ttl} IN RRSIG {kind} {ALGORITHM} "
            f"{owner.count('.') + 1} {ttl} {self.dates} "
            f"{self.key.tag} {self.zone}. {signature}")

    def add_denial(self, types: dict) -> None:
        """An NSEC for each owner, in canonical order (RFC 4034 6.1)."""
        owners = sorted(types, key=lambda name: name.split(".")[::-1])
        for owner, following in zip(owners, owners[1:] + owners[:1]):
            here = [*types[owner], "RRSIG", "NSEC"]
            self.add(owner, "NSEC", [wire(following) + type_bitmap(here)],
                     [f"{following}. {' '.join(here)}"], DENIAL_TTL)


def sign_zone(domain: Domain, key: Key, has_own_mx: bool,
              now: int | None = None) -> str:
    """The text of a domain's zone. With an MX host of its own it has a TLSA
    record as well, of a certificate that nobody has."""
    zone = SignedZone(domain, key, int(time.time()) if now is None else now)
    name = domain.name
    primary, hostmaster = domain.servers[0], f"hostmaster.{name}"
    numbers = (1, 7200, 3600, 1209600, DENIAL_TTL)
    zone.add(name, "SOA", [wire(primary) + wire(hostmaster)
                           + struct.pack("!5I", *numbers)],
             [f"{primary}. {hostmaster}. {' '.join(map(str, numbers))}"])
    zone.add(name, "NS", [wire(server) for server in domain.servers],
             [f"{server}." for server in domain.servers])
    host = f"mx.{name}" if has_own_mx else f"mx.p{domain.mail_host}.{OTHER}"
    zone.add(name, "MX", [struct.pack("!H", 10) + wire(host)],
             [f"10 {host}."])
    zone.add(name, "DNSKEY", [key.rdata],
             [f"257 3 {ALGORITHM} "
              f"{base64.b64encode(key.rdata[4:]).decode()}"])
    types = {name: ["NS", "SOA", "MX", "DNSKEY"]}
    if has_own_mx:
        address = MAIL + domain.number % 4096
        digest = hashlib.sha256(name.encode())
        zone.add(host, "A", [address.packed], [str(address)])
        zone.add(f"_25._tcp.{host}", "TLSA", [b"\3\1\1" + digest.digest()],
                 [f"3 1 1 {digest.hexdigest()}"])
        types |= {host: ["A"], f"_25._tcp.{host}": ["TLSA"]}
    zone.add_denial(types)
    return "\n".join(zone.lines) + "\n"
