"""A pool of keys, so that signing ten thousands of zones costs only the
signatures (RFC 3110, 5702, 6605, 8080). All RSA algorithms share keys.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import (ec, ed448, ed25519,
                                                       padding, rsa)
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature)

RSA_HASHES = {5: hashes.SHA1, 7: hashes.SHA1, 8: hashes.SHA256,
              10: hashes.SHA512}
CURVES = {13: (ec.SECP256R1, hashes.SHA256, 32),
          14: (ec.SECP384R1, hashes.SHA384, 48)}
EDWARDS = {15: ed25519.Ed25519PrivateKey, 16: ed448.Ed448PrivateKey}
DIGESTS = {1: "sha1", 2: "sha256", 4: "sha384"}
POOL = {"rsa": 8, 13: 8}
POOL_OTHER = 4

ZONE_BIT, REVOKE, SEP = 0x100, 0x80, 1
KSK, ZSK = ZONE_BIT | SEP, ZONE_BIT


def wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.split(".") if label) + b"\0"


def number_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def key_tag(rdata: bytes) -> int:
    """RFC 4034 appendix B."""
    total = sum(byte << (8 if i % 2 == 0 else 0)
                for i, byte in enumerate(rdata))
    return (total + (total >> 16)) & 0xffff


def rsa_public(private) -> bytes:
    numbers = private.public_key().public_numbers()
    exponent = number_bytes(numbers.e)
    return bytes([len(exponent)]) + exponent + number_bytes(numbers.n)


def public_bytes(algorithm: int, private) -> bytes:
    if algorithm in RSA_HASHES:
        return rsa_public(private)
    if algorithm in CURVES:
        point = private.public_key().public_numbers()
        size = CURVES[algorithm][2]
        return b"".join(n.to_bytes(size, "big") for n in (point.x, point.y))
    return private.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw)


@dataclasses.dataclass(frozen=True, eq=False)
class Key:
    """A key as a DNSKEY record has it."""
    algorithm: int
    private: object
    public: bytes
    flags: int = KSK
    protocol: int = 3

    @functools.cached_property
    def rdata(self) -> bytes:
        return struct.pack("!HBB", self.flags, self.protocol,
                           self.algorithm) + self.public

    @functools.cached_property
    def tag(self) -> int:
        return key_tag(self.rdata)

    def sign(self, data: bytes) -> bytes:
        if self.algorithm in RSA_HASHES:
            return self.private.sign(data, padding.PKCS1v15(),
                                     RSA_HASHES[self.algorithm]())
        if self.algorithm in CURVES:
            _, digest, size = CURVES[self.algorithm]
            return b"".join(part.to_bytes(size, "big") for part in
                            decode_dss_signature(self.private.sign(
                                data, ec.ECDSA(digest()))))
        return self.private.sign(data)

    def ds(self, zone: str, digest: int = 2, wrong: bool = False) -> tuple:
        """Tag, algorithm, digest type, digest (RFC 4034 5.1)."""
        data = hashlib.new(DIGESTS[digest], wire(zone) + self.rdata
                           + b"no" * wrong).hexdigest()
        return (self.tag, self.algorithm, digest, data)

    def as_(self, **changes) -> Key:
        return dataclasses.replace(self, **changes)

    def twin_tag(self) -> Key:
        """A record with the tag and no private key: two words of the modulus
        are swapped, which leaves their sum as it was."""
        public = bytearray(self.public)
        # RDATA has 4 bytes before it: words begin at even places of both.
        for at in range(8, len(public) - 8, 2):
            if public[at:at + 2] != public[at + 2:at + 4]:
                public[at:at + 4] = public[at + 2:at + 4] + public[at:at + 2]
                break
        return self.as_(public=bytes(public))


class Pool:
    def __init__(self, rsa_keys: int = POOL["rsa"]) -> None:
        self.rsa_keys = rsa_keys
        self.privates: dict = {}
        self.collision: tuple = ()

    def make(self, family, bits: int = 2048) -> object:
        if family == "rsa":
            return rsa.generate_private_key(65537, bits)
        if family in CURVES:
            return ec.generate_private_key(CURVES[family][0]())
        return EDWARDS[family].generate()

    def size(self, family) -> int:
        return self.rsa_keys if family == "rsa" \
            else POOL.get(family, POOL_OTHER)

    def key(self, algorithm: int, number: int, flags: int = KSK) -> Key:
        """Numbers that differ by less than the size of the pool give keys that
        differ."""
        family = "rsa" if algorithm in RSA_HASHES else algorithm
        if family not in self.privates:
            self.privates[family] = [
                self.make(family)
                for _ in range(self.size(family))]
        of_family = self.privates[family]
        private = of_family[number % len(of_family)]
        return Key(algorithm, private, public_bytes(algorithm, private),
                   flags)

    def rsa_of(self, bits: int, exponent: int = 65537) -> Key:
        name = ("rsa", bits, exponent)
        if name not in self.privates:
            self.privates[name] = rsa.generate_private_key(exponent, bits)
        private = self.privates[name]
        return Key(8, private, rsa_public(private))

    def colliding(self) -> tuple:
        """Two P-256 keys with one tag."""
        seen: dict = {}
        while not self.collision:
            private = self.make(13)
            key = Key(13, private, public_bytes(13, private))
            if key.tag in seen:
                self.collision = (seen[key.tag], key)
            seen[key.tag] = key
        return self.collision
