"""Signs the lab's zones, and applies the damage that scenarios demand."""

from __future__ import annotations

import dataclasses
import subprocess
import time
from pathlib import Path

from model import Spoil, Zone
from zone_keys import KeyRing, ZoneKey

DAY = 86400
# Signatures as they would be at another time, or of another key.
RESIGNED = {"expired": {"inception_days": -60, "expiration_days": -30},
            "early": {"inception_days": 30, "expiration_days": 60},
            "foreign": {}}


def run_signer(folder: Path, name: str, zone: Zone, key: ZoneKey) -> list:
    """The lines of folder/NAME.zone, signed."""
    path = folder / f"{name or 'root'}.zone"
    signed = Path(f"{path}.signed")
    now = int(time.time())
    command = ["ldns-signzone", "-o", f"{name}.",
               "-i", str(now + zone.inception_days * DAY),
               "-e", str(now + zone.expiration_days * DAY)]
    if zone.nsec3:
        command += ["-n", "-t", str(zone.iterations),
                    *(["-p"] if zone.opt_out else [])]
    command += ["-f", str(signed), str(path), str(key.write(folder, name))]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    lines = signed.read_text().splitlines()
    signed.unlink()
    return lines


def belongs(line: str, owner: str, kind: str) -> str:
    """"data" or "signature" of the RRset, or "" for another line."""
    fields = line.split()
    if len(fields) < 5 or fields[0].lower() != f"{owner}.":
        return ""
    if fields[3] == kind:
        return "data"
    return "signature" if fields[3:5] == ["RRSIG", kind] else ""


def altered(line: str) -> str:
    fields = line.split()
    kind, rdata = fields[3], fields[4:]
    if kind == "MX":
        rdata = [str(int(rdata[0]) + 1), *rdata[1:]]
    elif kind == "A":
        rdata = [rdata[0].rsplit(".", 1)[0] + ".77"]
    elif kind == "AAAA":
        rdata = ["2001:db8:ff::77"]
    elif kind == "CNAME":
        rdata = ["elsewhere." + rdata[0]]
    elif kind == "TLSA":
        rdata = [*rdata[:3], rdata[3][2:] + rdata[3][:2]]
    else:
        raise ValueError(f"no way to alter {kind}")
    return "\t".join(fields[:4] + rdata)


def forged(lines: list, spoil: Spoil, owner: str, to: str) -> list:
    """The RRset with its signatures at a name that it was not signed for, as
    if a wildcard had been expanded there (RFC 4035 5.3.4)."""
    return lines + ["\t".join([f"{to}.", *line.split()[1:]])
                    for line in lines if belongs(line, owner, spoil.type)]


def spoiled(lines: list, spoil: Spoil, owner: str, to: str,
            other: list) -> list:
    """`other` are the lines of the zone signed in another way."""
    if spoil.how == "forge":
        return forged(lines, spoil, owner, to)
    result = []
    for line in lines:
        part = belongs(line, owner, spoil.type)
        if spoil.how == "alter" and part == "data":
            line = altered(line)
        elif part == "signature" and (spoil.how == "strip" or other):
            continue
        result.append(line)
    return result + [line for line in other
                     if belongs(line, owner, spoil.type) == "signature"]


def sign(folder: Path, name: str, zone: Zone, keys: KeyRing,
         owners: dict) -> None:
    """Signs folder/NAME.zone in place; `owners` makes spoil owners absolute."""
    key = keys.key(zone.algorithm)
    lines = run_signer(folder, name, zone, key)
    for spoil in zone.spoil:
        other = []
        if spoil.how in RESIGNED:
            other = run_signer(
                folder, name, dataclasses.replace(zone, **RESIGNED[spoil.how]),
                keys.foreign if spoil.how == "foreign" else key)
        changed = spoiled(lines, spoil, owners[spoil.owner],
                          owners.get(spoil.to, ""), other)
        if changed == lines or len(changed) < len(lines) - 1:
            raise RuntimeError(f"{name}: nothing, or too much, to spoil at "
                               f"{spoil}")
        lines = changed
    (folder / f"{name or 'root'}.zone").write_text("\n".join(lines) + "\n")
