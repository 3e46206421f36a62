"""Signs zones by the ten thousand: a signing process for each would take longer
than the whole measurement. ECDSA P-256 (RFC 6605) or RSA (RFC 5702), NSEC (RFC
4034).

The P-256 key of a zone, and so its DS, follows from the seed and the number of
the domain; RSA keys come from a pool. Signatures have a random part and the time
in them.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import ipaddress
import os
import struct
import time

from cryptography.hazmat.primitives.asymmetric import ec

import signed_keys
from bench_world import MAIL, OTHER, Domain, Shares
from signed_keys import Pool, wire

TYPES = {"A": 1, "NS": 2, "SOA": 6, "MX": 15, "AAAA": 28, "RRSIG": 46, "NSEC": 47,
         "DNSKEY": 48, "TLSA": 52}
TTL, DENIAL_TTL, DAY = 3600, 300, 86400
# The order of the curve (SEC 2, 2.4.2).
ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
RSA_KEYS = 64
# Of a zone that is a trap: keys with one tag, and signatures by none of them.
TRAP_KEYS, TRAP_SIGNATURES = 8, 8
HOSTS_V6 = ipaddress.ip_address("2001:db8:ff::")


def type_bitmap(types: list) -> bytes:
    """RFC 4034 4.1.2; all types here are in the first window."""
    bits = bytearray(max(TYPES[t] for t in types) // 8 + 1)
    for name in types:
        bits[TYPES[name] // 8] |= 0x80 >> TYPES[name] % 8
    return bytes([0, len(bits)]) + bytes(bits)


class Key(signed_keys.Key):
    """The P-256 key of a zone."""

    def __init__(self, seed: str, number: int) -> None:
        digest = hashlib.sha256(f"{seed} key {number}".encode()).digest()
        private = ec.derive_private_key(
            int.from_bytes(digest, "big") % (ORDER - 1) + 1, ec.SECP256R1())
        super().__init__(13, private, signed_keys.public_bytes(13, private))


@functools.cache
def rsa_keys() -> list:
    pool = Pool(RSA_KEYS)
    return [pool.key(8, number) for number in range(RSA_KEYS)]


@functools.cache
def trap_keys(seed: str) -> list:
    """Of the seed's keys, those of the first tag that enough of them have."""
    by_tag: dict = {}
    number = 0
    while True:
        key = Key(f"{seed} trap", number)
        same = by_tag.setdefault(key.tag, [])
        same.append(key)
        if len(same) == TRAP_KEYS:
            return same
        number += 1


def zone_keys(seed: str, number: int, shares: Shares) -> list:
    """The first one signs."""
    if shares.key_trap:
        return trap_keys(seed)
    if shares.algorithm == 8:
        return [rsa_keys()[number % RSA_KEYS]]
    return [Key(seed, number)]


def ds_text(key: signed_keys.Key, zone: str) -> str:
    return " ".join(map(str, key.ds(zone)))


class SignedZone:
    """Its lines, RRset by RRset."""

    def __init__(self, domain: Domain, keys: list, now: int) -> None:
        self.zone, self.key = domain.name, keys[0]
        self.is_trap = len(keys) > 1
        self.times = now + 30 * DAY, now - DAY
        self.dates = " ".join(time.strftime("%Y%m%d%H%M%S", time.gmtime(when))
                              for when in self.times)
        self.lines: list = []

    def add(self, owner: str, kind: str, rdatas: list, texts: list,
            ttl: int = TTL) -> None:
        """RFC 4034 3.1.8.1."""
        head = struct.pack("!HBBIIIH", TYPES[kind], self.key.algorithm,
                           owner.count(".") + 1, ttl, *self.times,
                           self.key.tag) + wire(self.zone)
        data = head + b"".join(
            wire(owner) + struct.pack("!HHIH", TYPES[kind], 1, ttl,
                                      len(rdata)) + rdata
            for rdata in sorted(rdatas))
        self.lines += [f"{owner}. {ttl} IN {kind} {text}" for text in texts]
        for signature in [os.urandom(64) for _ in range(TRAP_SIGNATURES)] \
                if self.is_trap and kind == "MX" else [self.key.sign(data)]:
            self.lines.append(
                f"{owner}. {ttl} IN RRSIG {kind} {self.key.algorithm} "
                f"{owner.count('.') + 1} {ttl} {self.dates} "
                f"{self.key.tag} {self.zone}. "
                f"{base64.b64encode(signature).decode()}")

    def add_denial(self, types: dict) -> None:
        """An NSEC for each owner, in canonical order (RFC 4034 6.1)."""
        owners = sorted(types, key=lambda name: name.split(".")[::-1])
        for owner, following in zip(owners, owners[1:] + owners[:1]):
            here = [*types[owner], "RRSIG", "NSEC"]
            self.add(owner, "NSEC", [wire(following) + type_bitmap(here)],
                     [f"{following}. {' '.join(here)}"], DENIAL_TTL)


def sign_zone(domain: Domain, keys: list, has_own_mx: bool,
              now: int | None = None) -> str:
    """The text of a domain's zone. With an MX host of its own it has AAAA and
    TLSA records as well, for a certificate that does not exist."""
    zone = SignedZone(domain, keys, int(time.time()) if now is None else now)
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
    zone.add(name, "DNSKEY", [key.rdata for key in keys],
             [f"257 3 {key.algorithm} "
              f"{base64.b64encode(key.public).decode()}" for key in keys])
    types = {name: ["NS", "SOA", "MX", "DNSKEY"]}
    if has_own_mx:
        address = MAIL + domain.number % 4096
        digest = hashlib.sha256(name.encode())
        ipv6 = HOSTS_V6 + domain.number % 4096
        zone.add(host, "A", [address.packed], [str(address)])
        zone.add(host, "AAAA", [ipv6.packed], [str(ipv6)])
        zone.add(f"_25._tcp.{host}", "TLSA", [b"\3\1\1" + digest.digest()],
                 [f"3 1 1 {digest.hexdigest()}"])
        types |= {host: ["A", "AAAA"], f"_25._tcp.{host}": ["TLSA"]}
    zone.add_denial(types)
    return "\n".join(zone.lines) + "\n"
