"""Certificates of the synthetic mail hosts. They are real ones, so that the
hashes in a run are right. Keys are made again each time."""

import base64
import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime(2026, 10, 1, 12)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Certificate:
    def __init__(self, subject, names=(), issuer=None, days=90):
        """Without issuer it signs itself. `days` count from NOW; negative:
        expired."""
        self.subject, self.names, self.issuer = subject, names, issuer
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.is_ca = not names
        self.not_after = NOW + datetime.timedelta(days=days)
        self.not_before = NOW - datetime.timedelta(days=60)
        self.der = self.build().public_bytes(serialization.Encoding.DER)
        self.sha256 = sha256(self.der)
        self.spki_sha256 = sha256(self.key.public_key().public_bytes(
            serialization.Encoding.DER,
            serialization.PublicFormat.SubjectPublicKeyInfo))

    def build(self):
        by = self.issuer or self
        builder = (x509.CertificateBuilder()
                   .subject_name(name(self.subject))
                   .issuer_name(name(by.subject))
                   .public_key(self.key.public_key())
                   .serial_number(x509.random_serial_number())
                   .not_valid_before(self.not_before)
                   .not_valid_after(self.not_after)
                   .add_extension(x509.BasicConstraints(self.is_ca, None),
                                  critical=True))
        if self.names:
            builder = builder.add_extension(x509.SubjectAlternativeName(
                [x509.DNSName(each) for each in self.names]), critical=False)
        self.made = builder.sign(by.key, hashes.SHA256())
        return self.made

    def row(self):
        return {
            "certificate_sha256": self.sha256,
            "spki_sha256": self.spki_sha256,
            "subject_text": f"CN={self.subject}",
            "common_name_text": self.subject,
            "issuer_text": f"CN={(self.issuer or self).subject}",
            "san_text": " ".join(f"dns:{each}" for each in self.names),
            "not_before": f"{self.not_before.isoformat()}.000Z",
            "not_after": f"{self.not_after.isoformat()}.000Z",
            "key_type": "ec", "key_bits": 256,
            "signature_algorithm": "ecdsa-with-sha256",
            "is_ca": int(self.is_ca), "self_signed": int(not self.issuer),
            "weak_key": 0, "weak_signature": 0,
            "serial_hex": f"{self.made.serial_number:x}",
            "der_base64": base64.b64encode(self.der).decode(),
        }


class Chain:
    def __init__(self, *certificates):
        self.certificates = certificates
        self.leaf = certificates[0]
        self.chain_id = sha256(b"".join(bytes.fromhex(each.sha256)
                                        for each in certificates))
