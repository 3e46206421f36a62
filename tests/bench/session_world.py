"""A world of mail servers for session_bench.py: N addresses with a leaf of
their own, one intermediate for all, and `3 1 1` for each host. All of it is one
signed zone of NSD.

Keys of leaves come from a pool, since 4,000 RSA keys take minutes to make.
"""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

from cryptography import x509                           # noqa: E402
from cryptography.hazmat.primitives import hashes       # noqa: E402
from cryptography.hazmat.primitives.serialization import (      # noqa: E402
    Encoding, PublicFormat)
from cryptography.x509.oid import ExtendedKeyUsageOID   # noqa: E402

import bulk_world                                       # noqa: E402
from behaviours import GOOD                             # noqa: E402
from certificates import (Authority, PEM, make_key, named,  # noqa: E402
                          sign, start, write_chain)
from model import At, Expect, SIGNED, Scenario          # noqa: E402
from network import Lab                                 # noqa: E402
from world import PER_NETWORK                           # noqa: E402
from zones import address_record                        # noqa: E402

ZONE = "sessions.sec"
FIRST_ADDRESS = ipaddress.ip_address("198.18.64.0")     # network.py
POOL = 64

# Key of the leaf, and of the two authorities above it.
KINDS = {"rsa": ("rsa2048", "rsa2048"), "p256": ("p256", "p256"),
         "p384": ("p256", "p384")}


class Chains:
    """Leaves below one intermediate, which is below one root."""

    def __init__(self, kind: str) -> None:
        of_leaf, of_authority = KINDS[kind]
        self.now = datetime.datetime.now(
            datetime.timezone.utc).replace(microsecond=0)
        self.root = Authority("Bench Root", self.now, path_length=1,
                              key=of_authority)
        self.issuing = Authority("Bench Issuing CA", self.now, self.root,
                                 key=of_authority)
        self.keys = [make_key(of_leaf) for _ in range(POOL)]

    def make(self, number: int, name: str) -> dict:
        key = self.keys[number % POOL]
        public = self.issuing.key.public_key()
        leaf = sign(
            start(named(name), self.issuing.name, key, self.now, -30, 60)
            .add_extension(x509.BasicConstraints(False, None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(
                key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(public),
                critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]),
                           critical=False), self.issuing.key)
        return {"key": key, "leaf": leaf, "issuing": self.issuing.certificate}


class SessionLab(Lab):
    def __init__(self, folder: Path, count: int, kind: str) -> None:
        super().__init__()
        self.folder = folder
        self.pid_file = folder / "holder.pid"
        self.log = folder / "holder.log"
        self.count, self.kind = count, kind

    def start(self) -> None:
        bulk_world.WORLDS["sessions"] = lambda size, folder: self.build()
        self.up(True, "sessions")

    def host(self, number: int) -> str:
        return f"h{number}.{ZONE}"

    def address(self, number: int) -> ipaddress.IPv4Address:
        return (FIRST_ADDRESS + number // PER_NETWORK * 256
                + number % PER_NETWORK + 1)

    def build(self) -> None:
        world = bulk_world.ScaleWorld(self.folder, bulk_world.HOSTING)
        chains, records = Chains(self.kind), []
        targets = []
        scenario = Scenario("sessions", "11", "", Expect())
        for number in range(self.count):
            name = self.host(number)
            made = chains.make(number, name)
            path = self.folder / "chains" / f"{number}.pem"
            write_chain(path, made, ("leaf", "issuing"))
            address = str(self.address(number))
            # In place of a chain of the lab's own authorities.
            world.fakemx.serve(scenario, At(GOOD, None), address)
            world.fakemx.chain_lines.append(f'chain c{number} "{path}"')
            line = world.fakemx.address_lines[-1].split()
            line[3] = f"c{number}"
            world.fakemx.address_lines[-1] = " ".join(line)
            data = hashlib.sha256(made["key"].public_key().public_bytes(
                Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
            records += [f"d{number} MX 10 h{number}",
                        address_record(f"h{number}", address),
                        f"_25._tcp.h{number} TLSA 3 1 1 {data}"]
            targets.append(f"{address} {name}")
        world.tree.add(ZONE, SIGNED, records)
        world.signed = [f"d{number}.{ZONE}" for number in range(self.count)]
        world.finish("sessions.json", {"kind": self.kind})
        (self.folder / "ca.pem").write_bytes(
            chains.root.certificate.public_bytes(PEM))
        (self.folder / "targets").write_text("\n".join(targets) + "\n")
