"""Certificate chains of the lab, and the TLSA data that belongs to them.

Everything here is python3-cryptography and hashlib, so that it shares nothing
with the code that is tested.
"""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from model import Chain, Tlsa

PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER
CA_DAYS = 400


def make_key(kind: str):
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))


def named(common_name: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "The Lab"),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def start(subject: x509.Name, issuer: x509.Name, key, now,
          not_before_days: int, not_after_days: int):
    day = datetime.timedelta(days=1)
    return (x509.CertificateBuilder()
            .subject_name(subject).issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + not_before_days * day)
            .not_valid_after(now + not_after_days * day))


class Authority:
    """A key that signs, and its certificate."""

    def __init__(self, name: str, now, issuer: "Authority | None" = None):
        self.key = make_key("p256")
        self.name = named(name)
        signer = issuer or self
        self.certificate = (
            start(self.name, signer.name, self.key, now, -200, CA_DAYS)
            .add_extension(x509.BasicConstraints(True, 0 if issuer else 1),
                           critical=True)
            .add_extension(x509.KeyUsage(False, False, False, False, False,
                                         True, True, False, False),
                           critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(
                self.key.public_key()), critical=False)
            .sign(signer.key, hashes.SHA256()))


class Authorities:
    """Of one lab: the root of --ca-file, its intermediate, an unknown root."""

    def __init__(self) -> None:
        self.now = datetime.datetime.utcnow().replace(microsecond=0)
        self.root = Authority("Lab Root", self.now)
        self.issuing = Authority("Lab Issuing CA", self.now, self.root)
        self.private = Authority("Private Root", self.now)

    def write_ca_file(self, path: Path) -> None:
        path.write_bytes(self.root.certificate.public_bytes(PEM))

    def make_chain(self, chain: Chain, names: list) -> dict:
        """Certificates by role (leaf, issuing, root, private), and the key."""
        key = make_key(chain.key)
        subject = named(names[0])
        issuer = getattr(self, chain.issuer, None)
        builder = (
            start(subject, issuer.name if issuer else subject, key, self.now,
                  chain.not_before_days, chain.not_after_days)
            .add_extension(x509.SubjectAlternativeName(
                [x509.DNSName(name) for name in names]), critical=False)
            .add_extension(x509.BasicConstraints(False, None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.SERVER_AUTH]), critical=False))
        leaf = builder.sign(issuer.key if issuer else key, hashes.SHA256())
        return {"key": key, "leaf": leaf, "root": self.root.certificate,
                "issuing": self.issuing.certificate,
                "private": self.private.certificate}


def write_chain(path: Path, made: dict, present: tuple) -> None:
    """Key, leaf and the rest, as all servers of the lab read them."""
    key = made["key"].private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key + b"".join(
        made[role].public_bytes(PEM) for role in present))


def tlsa_data(tlsa: Tlsa, made: dict) -> str:
    """The certificate association data (RFC 6698 2.1.4), in hex."""
    if tlsa.data is not None:
        return tlsa.data
    certificate = made[tlsa.of]
    if tlsa.selector == 0:
        data = certificate.public_bytes(DER)
    else:
        data = certificate.public_key().public_bytes(
            DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if tlsa.wrong:
        data = b"not " + data
    if tlsa.matching_type == 1:
        data = hashlib.sha256(data).digest()
    elif tlsa.matching_type == 2:
        data = hashlib.sha512(data).digest()
    return data[:tlsa.length].hex()
