"""Keys that sign the lab's zones, in the form that ldns reads (RFC 4034).

There is one combined signing key for each algorithm, written for each zone
under its own name: that makes signing cheap, and the zones are just as good for
validation.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import (ec, ed448, ed25519,
                                                       rsa)

NAMES = {8: "RSASHA256", 10: "RSASHA512", 13: "ECDSAP256SHA256",
         14: "ECDSAP384SHA384", 15: "ED25519", 16: "ED448"}
CURVES = {13: ec.SECP256R1(), 14: ec.SECP384R1()}
EDWARDS = {15: ed25519.Ed25519PrivateKey, 16: ed448.Ed448PrivateKey}
# DS digest types: SHA-1, SHA-256 (RFC 4509), SHA-384 (RFC 6605).
DIGESTS = {1: "sha1", 2: "sha256", 4: "sha384"}
# Unassigned in the registries of DNS security algorithms and DS digest types.
UNKNOWN = 200


def number_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def raw_key(private) -> tuple:
    return (private.private_bytes(serialization.Encoding.Raw,
                                  serialization.PrivateFormat.Raw,
                                  serialization.NoEncryption()),
            private.public_key().public_bytes(
                serialization.Encoding.Raw, serialization.PublicFormat.Raw))


class ZoneKey:
    def __init__(self, algorithm: int) -> None:
        self.algorithm = algorithm
        self.fields: dict = {}          # of the private key file
        if algorithm in CURVES:
            self.make_ecdsa(CURVES[algorithm])
        elif algorithm in EDWARDS:
            private, self.public = raw_key(EDWARDS[algorithm].generate())
            self.fields = {"PrivateKey": private}
        else:
            self.make_rsa()

    def make_ecdsa(self, curve: ec.EllipticCurve) -> None:
        """RFC 6605 4 and 6."""
        numbers = ec.generate_private_key(curve).private_numbers()
        size = curve.key_size // 8
        point = numbers.public_numbers
        self.public = b"".join(n.to_bytes(size, "big")
                               for n in (point.x, point.y))
        self.fields = {"PrivateKey": numbers.private_value.to_bytes(size,
                                                                    "big")}

    def make_rsa(self) -> None:
        """RFC 3110 2."""
        numbers = rsa.generate_private_key(65537, 2048).private_numbers()
        exponent = number_bytes(numbers.public_numbers.e)
        modulus = number_bytes(numbers.public_numbers.n)
        self.public = bytes([len(exponent)]) + exponent + modulus
        self.fields = {
            "Modulus": modulus, "PublicExponent": exponent,
            **{name: number_bytes(number) for name, number in (
                ("PrivateExponent", numbers.d), ("Prime1", numbers.p),
                ("Prime2", numbers.q), ("Exponent1", numbers.dmp1),
                ("Exponent2", numbers.dmq1), ("Coefficient", numbers.iqmp))}}

    def rdata(self) -> bytes:
        return b"\x01\x01\x03" + bytes([self.algorithm]) + self.public

    def tag(self) -> int:
        """RFC 4034 appendix B."""
        total = sum(byte << (8 if i % 2 == 0 else 0)
                    for i, byte in enumerate(self.rdata()))
        return (total + (total >> 16)) & 0xffff

    def dnskey(self) -> str:
        return (f"257 3 {self.algorithm} "
                f"{base64.b64encode(self.public).decode()}")

    def ds(self, zone: str, digest_type: int = 2, wrong: bool = False) -> str:
        """RFC 4034 5.1.4; `wrong` is the digest of a key that is not there."""
        labels = [label for label in zone.split(".") if label]
        wire = b"".join(bytes([len(label)]) + label.encode()
                        for label in labels) + b"\0"
        digest = hashlib.new(DIGESTS[digest_type], wire + self.rdata()
                             + b"no" * wrong).hexdigest()
        return f"{self.tag()} {self.algorithm} {digest_type} {digest}"

    def ds_of_kind(self, zone: str, kind: str) -> str:
        """A word of model.Zone.ds."""
        if kind == "unknown":
            return f"4711 {UNKNOWN} 2 {'ab' * 32}"
        if kind == "unknown_digest":
            return f"{self.tag()} {self.algorithm} {UNKNOWN} {'ab' * 32}"
        return self.ds(zone, {"sha1": 1, "sha384": 4}.get(kind, 2),
                       kind == "wrong")

    def write(self, folder: Path, zone: str) -> Path:
        name = f"K{zone}.+{self.algorithm:03d}+{self.tag():05d}"
        (folder / f"{name}.key").write_text(
            f"{zone}. IN DNSKEY {self.dnskey()}\n")
        (folder / f"{name}.private").write_text(
            "Private-key-format: v1.2\n"
            f"Algorithm: {self.algorithm} ({NAMES[self.algorithm]})\n"
            + "".join(f"{field}: {base64.b64encode(value).decode()}\n"
                      for field, value in self.fields.items()))
        return folder / name


class KeyRing:
    """A key for each algorithm, and one that belongs to no zone."""

    def __init__(self) -> None:
        self.keys: dict = {}
        self.foreign = ZoneKey(13)

    def key(self, algorithm: int) -> ZoneKey:
        if algorithm not in self.keys:
            self.keys[algorithm] = ZoneKey(algorithm)
        return self.keys[algorithm]
