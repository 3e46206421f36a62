#!/usr/bin/python3
"""zonemd.py ZONE KEY VICTIM FOLDER: zone files with a ZONEMD record (RFC 8976).

ZONE is a signed zone file of the lab, KEY the private key of that zone, as ldns
writes it. The changed files have lost the DS of the delegation VICTIM. FOLDER gets good.zone, whose digest is right and signed, and its
twins, each of which differs in one fact. The digest is dnspython's.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import base64                                                   # noqa: E402
import time                                                     # noqa: E402
from pathlib import Path                                        # noqa: E402

import dns.dnssec                                               # noqa: E402
import dns.rdataset                                             # noqa: E402
import dns.zone                                                 # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec        # noqa: E402

TTL = 3600
DAY = 86400


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    for line in path.read_text().splitlines():
        if line.startswith("PrivateKey: "):
            number = int.from_bytes(base64.b64decode(line.split()[1]), "big")
            return ec.derive_private_key(number, ec.SECP256R1())
    raise ValueError(f"{path}: no private key")


def add_zonemd(zone: dns.zone.Zone, serial: int = 0) -> None:
    record = zone.compute_digest(dns.zone.DigestHashAlgorithm.SHA384)
    if serial:
        record = record.replace(serial=serial)
    zone.replace_rdataset("@", dns.rdataset.from_rdata(TTL, record))


def sign_zonemd(zone: dns.zone.Zone, key) -> None:
    """By the key of the zone, or by one that it does not have."""
    keys = zone.get_rdataset("@", "DNSKEY")
    records = zone.get_rdataset("@", "ZONEMD")
    now = int(time.time())
    signature = dns.dnssec.sign((zone.origin, records), key, zone.origin,
                                keys[0], inception=now - DAY,
                                expiration=now + 30 * DAY)
    zone.replace_rdataset("@", dns.rdataset.from_rdata(TTL, signature))


def lines_of(zone: dns.zone.Zone) -> list:
    """In canonical order."""
    return zone.to_text(sorted=True, relativize=False).splitlines()


def write(path: Path, lines: list) -> None:
    path.write_text("\n".join(lines) + "\n")


def without_ds(lines: list, victim: str) -> list:
    return [line for line in lines if not (
        line.startswith(f"{victim}. ") and " DS " in line)]


def main() -> int:
    source, key_file, folder = map(Path, (*sys.argv[1:3], sys.argv[4]))
    victim = sys.argv[3]
    key = read_key(key_file)
    zone = dns.zone.from_file(str(source), origin=f"{source.stem}.",
                              relativize=False)
    folder.mkdir(exist_ok=True)
    write(folder / "absent.zone", lines_of(zone))
    add_zonemd(zone)
    write(folder / "unsigned.zone", lines_of(zone))
    sign_zonemd(zone, ec.generate_private_key(ec.SECP256R1()))
    write(folder / "foreign.zone", lines_of(zone))
    sign_zonemd(zone, key)
    lines = lines_of(zone)
    write(folder / "good.zone", lines)
    apex = sum(line.startswith(f"{source.stem}. ") for line in lines)
    write(folder / "swapped.zone", [*lines[:apex], lines[-1],
                                    *lines[apex:-1]])
    write(folder / "changed.zone", without_ds(lines, victim))
    write(folder / "rejected.zone", [*lines, "zzzz. 3600 IN NS"])
    zone.delete_rdataset("@", "RRSIG", "ZONEMD")
    write(folder / "changed-unsigned.zone",
          without_ds(lines_of(zone), victim))
    add_zonemd(zone, serial=4711)
    sign_zonemd(zone, key)
    write(folder / "serial.zone", lines_of(zone))
    return 0


if __name__ == "__main__":
    sys.exit(main())
