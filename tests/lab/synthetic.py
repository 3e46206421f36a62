"""Small runs made from a table, without a scan: run.json and the tables of a
sealed run (docs/schema.md), for programs that read runs."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PARTS = 2       # of the domains: a reader must not depend on one


@dataclass(frozen=True)
class Address:
    """The result for one address of a host: no fault except these."""
    outcome: str = "tls_established"
    trusted: bool = True
    in_dates: bool = True
    name_match: bool = True
    tls: str = "TLSv1.3"
    san: str = ""               # "" is the host's name
    not_after: str = "2030-01-01T00:00:00.000Z"
    issuer_not_after: str = "2035-01-01T00:00:00.000Z"
    dane: str = ""              # verdict; a secure and usable TLSA RRset then
    attempts: int = 1


@dataclass(frozen=True)
class Host:
    name: str
    addresses: tuple = (Address(),)


@dataclass(frozen=True)
class MtaSts:
    mx: tuple
    mode: str = "enforce"
    max_age: int = 10886400


@dataclass(frozen=True)
class Domain:
    name: str
    hosts: tuple = ()
    mx_status: str = "mx"
    mx_dnssec: str = "insecure"
    mta_sts: MtaSts | None = None
    attempts: int = 1


def one(name: str, host: str = "", **facts) -> Domain:
    """A domain with one host, mx.NAME, at one address."""
    return Domain(name, (Host(host or f"mx.{name}", (Address(**facts),)),))


def digest(*words) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


@dataclass
class Rows:
    started: str
    tables: dict = field(default_factory=dict)
    numbers: dict = field(default_factory=dict)

    def add(self, table: str, key: tuple, **columns) -> None:
        self.tables.setdefault(table, {})[key] = columns

    def certificate(self, name: str, san: str, not_after: str) -> str:
        sha256 = digest("certificate", name, san, not_after)
        self.add("certificates", (sha256,), certificate_sha256=sha256,
                 san_text=f"dns:{san}" if san else "", not_after=not_after,
                 is_ca=int(not san), self_signed=0, weak_key=0,
                 weak_signature=0,
                 der_base64=base64.b64encode(sha256.encode()).decode())
        return sha256

    def chain(self, host: str, address: Address) -> str:
        certificates = (
            self.certificate(host, address.san or host, address.not_after),
            self.certificate("issuer", "", address.issuer_not_after))
        chain_id = digest("chain", *certificates)
        for position, sha256 in enumerate(certificates):
            self.add("chains", (chain_id, position), chain_id=chain_id,
                     position=position, certificate_sha256=sha256)
        return chain_id

    def session(self, host: str, address: Address) -> None:
        number = self.numbers.setdefault("addresses", 0) + 1
        self.numbers["addresses"] = number
        text = f"198.18.{number // 256}.{number % 256}"
        self.add("addresses", (host, text), host=host, address=text,
                 family=4, **{"class": "public"})
        tls = address.outcome == "tls_established"
        hour, minute = 1, 0
        for attempt in range(1, address.attempts + 1):
            when = f"{self.started[:11]}{hour:02}:{minute:02}:00.000Z"
            hour += 1
            facts = {}
            if tls:
                facts = dict(tls_version=address.tls,
                             chain_id=self.chain(host, address),
                             chain_trusted=int(address.trusted),
                             chain_error="ok" if address.trusted
                             else "self_signed_cert_in_chain",
                             in_dates=int(address.in_dates))
            self.add("probes", (text, host, attempt), address=text, port=25,
                     sni=host, profile="modern", attempt=attempt,
                     outcome=address.outcome,
                     phase="done" if tls else "connect",
                     measured_at=when, **facts)
            verdict = address.dane or "not_applicable"
            if not tls and address.dane:
                verdict = "no_tls"
            self.add("host_results", (host, text, host, attempt), host=host,
                     address=text, sni=host, attempt=attempt,
                     profile="modern", session_sni=host, basis="own",
                     tls_class=CLASSES.get(address.outcome, "undetermined"),
                     name_match=int(address.name_match) if tls else "",
                     tlsa_status="usable" if address.dane
                     else "absent_insecure",
                     dane_verdict=verdict, dane_verdict_no_agility=verdict,
                     measured_at=when)

    def host(self, host: Host) -> None:
        if (host.name,) in self.tables.get("hosts", {}):
            return
        dane = any(address.dane for address in host.addresses)
        self.add("hosts", (host.name,), host=host.name, host_status="usable",
                 lane="recursive", address_count=len(host.addresses),
                 addresses_truncated=0,
                 tlsa_base=host.name if dane else "",
                 tlsa_status="usable" if dane else "absent_insecure",
                 attempts=1, measured_at=self.started)
        for address in host.addresses:
            self.session(host.name, address)

    def domain(self, domain: Domain) -> None:
        sts = domain.mta_sts
        self.add("domains", (domain.name,), domain=domain.name, source_id=0,
                 tld=domain.name.rsplit(".", 1)[-1], lane="recursive",
                 mx_status=domain.mx_status, mx_dnssec=domain.mx_dnssec,
                 mx_count=len(domain.hosts), mx_truncated=0,
                 mta_sts_record="found" if sts else "absent",
                 tlsrpt_record="absent", lookup_ms=1,
                 attempts=domain.attempts, measured_at=self.started)
        for tier, host in enumerate(domain.hosts, 1):
            self.add("mx", (domain.name, host.name), domain=domain.name,
                     preference=10 * tier, tier=tier, host=host.name)
            self.host(host)
        if sts:
            self.add("policies", (domain.name,), domain=domain.name,
                     policy_host=f"mta-sts.{domain.name}",
                     mta_sts_status="valid", tlsrpt_status="absent",
                     mta_sts_id="1", mta_sts_mode=sts.mode,
                     mta_sts_max_age_s=sts.max_age,
                     mta_sts_mx=" ".join(sorted(sts.mx)),
                     mta_sts_http_code=200, fetched_at=self.started)


CLASSES = {
    "tls_established": "tls", "starttls_absent": "no_tls",
    "connect_refused": "unreachable", "connect_timeout": "unreachable",
}
# By chunk of the plan, the others in one part.
BY_DOMAIN = ("domains", "mx", "policies")


def columns_of(program: str) -> dict:
    said = json.loads(subprocess.run([program, "schema", "--json"], check=True,
                                     capture_output=True).stdout)
    return {table["name"]: [f["name"] for f in table["schema"]["fields"]]
            for table in said["resources"]}


def write_part(path: Path, columns: list, rows: list) -> None:
    with gzip.open(path, "wt", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n",
                                restval="")
        writer.writeheader()
        writer.writerows(rows)


def write_run(program: str, folder: Path, started: str, domains: list,
              state: str = "sealed") -> Path:
    """A run that began at `started` (RFC 3339 with milliseconds)."""
    rows = Rows(started)
    for domain in domains:
        rows.domain(domain)
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({
        "format": 2, "state": state, "started_at": started,
        "options": {"level": "4", "retry-after": "1800000ms",
                    "probe-implicit": "no", "probing": True}}))
    for table, columns in columns_of(program).items():
        (folder / table).mkdir()
        found = sorted(rows.tables.get(table, {}).items())
        parts = PARTS if table in BY_DOMAIN else 1
        for part in range(parts):
            mine = [row for key, row in found if parts == 1 or
                    int(digest(key[0])[0], 16) % parts == part]
            if mine or table == "domains":
                write_part(folder / table / f"part-{part:06}.csv.gz", columns,
                           mine)
    return folder
