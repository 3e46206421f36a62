"""Certificate chains of the lab, and the TLSA data that belongs to them.

Everything here uses python3-cryptography and hashlib, so that it shares nothing
with the tested code.
"""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import (ec, ed448, ed25519,
                                                       padding, rsa)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from model import Chain, Tlsa

PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER
CA_DAYS = 400


KEYS = {"p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "ed448": ed448.Ed448PrivateKey.generate}


def make_key(kind: str):
    if kind in KEYS:
        return KEYS[kind]()
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


def sign(builder: x509.CertificateBuilder, key) -> x509.Certificate:
    edwards = (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)
    return builder.sign(key, None if isinstance(key, edwards)
                        else hashes.SHA256())


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = (len(body).bit_length() + 7) // 8
    length = bytes([len(body)]) if len(body) < 128 else \
        bytes([128 + size]) + len(body).to_bytes(size, "big")
    return bytes([tag]) + length + body


def sign_sha1(builder: x509.CertificateBuilder, key) -> x509.Certificate:
    """cryptography no longer makes such signatures. The names of the two
    algorithms (RFC 8017 A.2.4) are equally long, so one is replaced with the
    other."""
    name = bytes.fromhex("06092a864886f70d0101")
    body = builder.sign(key, hashes.SHA256()).tbs_certificate_bytes.replace(
        name + b"\x0b", name + b"\x05", 1)
    signature = key.sign(body, padding.PKCS1v15(), hashes.SHA1())
    return x509.load_der_x509_certificate(der(
        0x30, body, der(0x30, name + b"\x05\x05\x00"),
        der(0x03, b"\0" + signature)))


class Odd:
    """A certificate whose validity starts with other bytes than cryptography
    writes, and which a library need not decode: `carrier` is the same, its
    signature too, with the date that it replaces."""

    def __init__(self, builder: x509.CertificateBuilder, key,
                 not_before: str) -> None:
        sound = builder.sign(key, hashes.SHA256())
        self.key = sound.public_key()
        body = sound.tbs_certificate_bytes
        tag, text = not_before.split(":")
        end = body.index(b"\x30\x1e\x17\x0d") + 2
        dates = body[end:end + 30]
        odd = der(0x30, body[body.index(b"\xa0\x03\x02"):end - 2],
                  der(0x30, der(int(tag), text.encode()), dates[15:]),
                  body[end + 30:])
        signature = key.sign(odd, ec.ECDSA(hashes.SHA256()))
        self.der, carrier = (der(
            0x30, part, bytes.fromhex("300a06082a8648ce3d040302"),
            der(0x03, b"\0" + signature)) for part in (odd, body))
        self.carrier = x509.load_der_x509_certificate(carrier)

    def public_bytes(self, encoding: serialization.Encoding) -> bytes:
        assert encoding == DER
        return self.der

    def public_key(self):
        return self.key

    def fingerprint(self, _algorithm) -> bytes:
        return hashlib.sha256(self.der).digest()


class Authority:
    """A key that signs, and its certificate. `path_length` bounds how many
    authorities may stand below it."""

    def __init__(self, name: str, now, issuer: "Authority | None" = None,
                 path_length: int = 0, key: str = "p256",
                 last_day: int = CA_DAYS, permitted: str = "",
                 is_ca: bool = True) -> None:
        self.key = make_key(key)
        self.name = named(name)
        signer = issuer or self
        builder = (
            start(self.name, signer.name, self.key, now, -200, last_day)
            .add_extension(x509.BasicConstraints(
                is_ca, path_length if is_ca else None), critical=True)
            .add_extension(x509.KeyUsage(not is_ca, False, False, False,
                                         False, is_ca, is_ca, False, False),
                           critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(
                self.key.public_key()), critical=False))
        if permitted:
            builder = builder.add_extension(x509.NameConstraints(
                [x509.DNSName(permitted)], None), critical=True)
        self.certificate = sign(builder, signer.key)


class Authorities:
    """Of one lab."""

    def __init__(self) -> None:
        self.now = now = datetime.datetime.now(
            datetime.timezone.utc).replace(microsecond=0)
        root = Authority("Lab Root", now, path_length=2)
        issuing = Authority("Lab Issuing CA", now, root)
        policy = Authority("Lab Policy CA", now, root, path_length=1)
        self.by_role = {
            # The root of --ca-file, its intermediate, an unknown root.
            "root": root, "issuing": issuing,
            "private": Authority("Private Root", now, path_length=1),
            # With another key; expired; only for names below strict.lab.
            "rsa": Authority("Lab RSA CA", now, root, key="rsa2048"),
            "late": Authority("Lab Late CA", now, root, last_day=-1),
            "strict": Authority("Lab Strict CA", now, root,
                                permitted="strict.lab"),
            # One below the other.
            "policy": policy, "deep": Authority("Lab Deep CA", now, policy),
            # Where the path length of `issuing` allows none; no authority.
            "below": Authority("Lab Low CA", now, issuing),
            "server": Authority("Lab Server", now, issuing, is_ca=False),
        }
        self.shared_key = make_key("p256")

    def write_ca_file(self, path: Path) -> None:
        path.write_bytes(self.by_role["root"].certificate.public_bytes(PEM))

    def issuer_of(self, chain: Chain, subject: x509.Name, key) -> tuple:
        """Name and key of the signer of the leaf."""
        if chain.issuer == "self":
            return subject, key
        if chain.issuer == "forged":
            return self.by_role["issuing"].name, make_key("p256")
        authority = self.by_role[chain.issuer]
        return authority.name, authority.key

    def make_chain(self, chain: Chain, names: list) -> dict:
        """The certificates by role, including the leaf, and the key of the
        leaf."""
        key = (self.shared_key if chain.key == "shared"
               else make_key(chain.key))
        subject = named(chain.common_name or names[0])
        issuer_name, issuer_key = self.issuer_of(chain, subject, key)
        purpose = ExtendedKeyUsageOID.SERVER_AUTH \
            if chain.purpose == "server" else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = (
            start(subject, issuer_name, key, self.now,
                  chain.not_before_days, chain.not_after_days)
            .add_extension(x509.BasicConstraints(False, None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(
                [general_name(name) for name in names]), critical=False)
        if chain.not_before:
            leaf = Odd(builder, issuer_key, chain.not_before)
        else:
            leaf = (sign_sha1 if chain.hash == "sha1" else sign)(
                builder, issuer_key)
        return {"key": key, "leaf": leaf,
                **{role: authority.certificate
                   for role, authority in self.by_role.items()}}


def general_name(name: str) -> x509.GeneralName:
    if name.startswith("ip:"):
        return x509.IPAddress(ipaddress.ip_address(name[3:]))
    # The name is not checked, so that it can be as wrong as a stranger's.
    return x509.DNSName._init_without_validation(name)


def write_chain(path: Path, made: dict, present: tuple) -> None:
    """Key, leaf and the rest, as all servers of the lab read them; of an odd leaf
    its carrier (fakemx.h: not_before)."""
    key = made["key"].private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key + b"".join(
        getattr(made[role], "carrier", made[role]).public_bytes(PEM)
        for role in present))


def certificate_sha256(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


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
        data = b"not %d " % tlsa.wrong + data
    if tlsa.matching_type == 1:
        data = hashlib.sha256(data).digest()
    elif tlsa.matching_type == 2:
        data = hashlib.sha512(data).digest()
    return (data[:tlsa.length] + tlsa.behind).hex()
