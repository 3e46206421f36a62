"""A run that was never measured: the facts of the synthetic world as a scan
would have written them, as input for `mxcensus conclude`."""

import csv
import gzip
import io
import json
import os
import subprocess

from mail_hosts import FIRST, MailHosts
from world import CYCLE, placed

PART_ROWS = 4096
TABLES_OF_HOSTS = ("hosts", "addresses", "tlsa", "probes", "host_results",
                   "chains", "certificates")
KEYS = {"mx": ("domain", "host"), "hosts": ("host",),
        "addresses": ("host", "address"), "tlsa": ("host", "position"),
        "probes": ("address", "sni", "profile", "attempt"),
        "host_results": ("host", "address", "sni", "attempt"),
        "chains": ("chain_id", "position"), "domains": ("domain",),
        "certificates": ("certificate_sha256",), "policies": ("domain",)}
POLICY = {"enforce": ("valid", "enforce", ""),
          "testing": ("valid", "testing", ""),
          "certificate": ("fetch_failed", "", "certificate")}


class Run:
    def __init__(self, path, program):
        self.path = path
        schema = json.loads(subprocess.run([program, "schema", "--json"],
                                           check=True, stdout=subprocess.PIPE,
                                           ).stdout)
        self.columns = {table["name"]: [field["name"] for field
                                        in table["schema"]["fields"]]
                        for table in schema["resources"]}
        self.rows = {name: [] for name in self.columns}

    def write(self, table, **row):
        self.rows[table].append(row)

    def flush(self, table, part):
        """Writes the gathered rows as a part, which may be empty."""
        folder = os.path.join(self.path, table)
        os.makedirs(folder, exist_ok=True)
        rows = sorted(self.rows[table], key=lambda row: [
            row[column] for column in KEYS.get(table, ())])
        text = io.StringIO()
        out = csv.DictWriter(text, self.columns[table], restval="",
                             lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
        with open(os.path.join(folder, f"part-{part:06d}.csv.gz"), "wb") as f:
            f.write(gzip.compress(text.getvalue().encode(), 4, mtime=0))
        self.rows[table] = []

    def write_metadata(self, count):
        source = {"source_id": 0, "name": "synthetic", "format": "list",
                  "sha256": "0" * 64, "bytes": 0, "records": count,
                  "rejected": 0, "whole": True, "zone": "", "soa_serial": 0}
        metadata = {
            "format": 2, "state": "sealed", "program": {"mxcensus": "synthetic"},
            "options": {"probing": True, "probe-implicit": "no",
                        "retry-after": "1800000ms", "level": "4"},
            "trust_anchors": [], "qname_minimisation": "none",
            "root_store": "none",
            "vantage": {"machine": "none", "ipv4": True, "ipv6": True},
            "notes": "A synthetic run: nothing of this was measured.",
            "started_at": FIRST, "written_at": "2026-10-01T14:00:00.000Z",
            "inputs": {"records": count, "domains": count, "duplicates": 0,
                       "rejected": 0, "opted_out": 0, "not_sampled": 0,
                       "whole": True, "files": [source]}}
        with open(os.path.join(self.path, "run.json"), "w") as file:
            json.dump(metadata, file, indent=1)


def mx_hosts(kind, number, domain):
    """(host, whose certificate it shows, its registrable domain, mailer)"""
    if not kind.mailers:
        return []
    if not kind.operator:
        return [(f"mail.{domain}", "vanity", domain, kind.mailers[0])]
    numbered = f"-{number % kind.spread:02d}" if kind.spread > 1 else ""
    owner = f"{kind.operator}{numbered}.zz"
    return [(f"mx{i}.{owner}", owner, owner, mailer)
            for i, mailer in enumerate(kind.mailers, 1)]


def add_policy(run, kind, domain, hosts):
    status, mode, fault = POLICY.get(kind.mta_sts, ("absent", "", ""))
    run.write("policies", domain=domain, policy_host=f"mta-sts.{domain}"
              if kind.mta_sts else "", mta_sts_status=status,
              tlsrpt_status="valid" if kind.tlsrpt else "absent",
              mta_sts_txt="v=STSv1; id=1" if kind.mta_sts else "",
              mta_sts_id="1" if kind.mta_sts else "", mta_sts_mode=mode,
              mta_sts_max_age_s=12096000 if mode else "",
              mta_sts_mx=" ".join(host for host, _, _, _ in hosts)
              if mode else "", mta_sts_error=fault,
              mta_sts_tls_error="cert_has_expired" if fault else "",
              tlsrpt_rua_text=f"mailto:tls@{domain}" if kind.tlsrpt else "",
              fetched_at=FIRST)


def add_domain(run, mail_hosts, place, index):
    kind, number = place
    domain = f"d{index:07d}.{kind.tld}"
    hosts = mx_hosts(kind, number, domain)
    failed = kind.mx_status in ("servfail", "timeout", "bogus")
    run.write("domains", domain=domain, source_id=0, rank=index + 1,
              tld=kind.tld, registrable_domain=domain,
              parent_ds=int(kind.parent_ds),
              parent_ds_algorithms="[13]" if kind.parent_ds else "",
              dns_operator=f"dns.{kind.tld}", lane="recursive",
              mx_status=kind.mx_status, mx_dnssec=kind.mx_dnssec,
              mx_bogus_text="signature expired" if kind.mx_status == "bogus"
              else "", mx_bogus_reason="expired"
              if kind.mx_status == "bogus" else "",
              mx_count=len(hosts), mx_truncated=0,
              mta_sts_record="found" if kind.mta_sts else
              "absent" if hosts else "not_asked",
              tlsrpt_record="found" if kind.tlsrpt else
              "absent" if hosts else "not_asked", ttl_s=3600,
              lookup_ms=20 + index % 70, attempts=2 if failed else 1,
              measured_at=FIRST)
    if kind.mx_status == "implicit":
        run.write("mx", domain=domain, preference=0, tier=1, host=domain,
                  flags="implicit")
    for tier, (host, owner, registrable, mailer) in enumerate(hosts, 1):
        run.write("mx", domain=domain, preference=10 * tier, tier=tier,
                  host=host)
        mail_hosts.add(host, owner, registrable, mailer)
    if kind.mta_sts or kind.tlsrpt:
        add_policy(run, kind, domain, hosts)


def write_run(path, count, program):
    """`count` rounded up to whole cycles, so that its shares are exact."""
    run = Run(path, program)
    mail_hosts = MailHosts(run.write)
    places = placed()
    count = -(-count // CYCLE) * CYCLE
    for part, start in enumerate(range(0, count, PART_ROWS)):
        for index in range(start, min(start + PART_ROWS, count)):
            add_domain(run, mail_hosts, places[index % CYCLE], index)
        for table in ("mx", "policies", "domains"):
            run.flush(table, part)
    mail_hosts.finish()
    for table in TABLES_OF_HOSTS:
        run.flush(table, 0)
    run.flush("rejects", 0)
    run.write_metadata(count)
    # These facts were never sealed.
    for words in (("conclude", "--force"), ("verify",)):
        subprocess.run([program, *words, path], check=True)
