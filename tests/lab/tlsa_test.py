#!/usr/bin/python3
"""tlsa_test.py PROGRAM: the tests of test_tlsa, inside the lab.

The lab has a domain for each usage, selector and matching type; its zones were
made by python3-cryptography and hashlib, and say what the record should be.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import subprocess                   # noqa: E402
from pathlib import Path            # noqa: E402

import dns.message                  # noqa: E402
import dns.query                    # noqa: E402
import dns.rdatatype                # noqa: E402

import tlsa_files                   # noqa: E402
import tlsa_new                     # noqa: E402
from finger import authenticated, finger, finger_missing  # noqa: E402
from tlsa_tool import FOLDER, Tap, Tool     # noqa: E402
from zones import ZONE_SERVERS      # noqa: E402

PATIENCE = 20
KINDS = [(usage, selector, matching_type) for usage in (3, 2)
         for selector in (0, 1) for matching_type in (0, 1, 2)]
# The others are tlsa-300 and so on.
NAMED = {(3, 1, 1): "dane-ee-match", (3, 0, 1): "dane-ee-certificate",
         (3, 1, 2): "dane-ee-sha512"}


def parameters(kind: tuple) -> list:
    return ["--usage", str(kind[0]), "--selector", str(kind[1]),
            "--matching-type", str(kind[2])]


def domain_of(kind: tuple) -> str:
    return NAMED.get(kind, "tlsa-%d%d%d" % kind) + ".sec"


def published(owner: str) -> list:
    """The RDATA that the lab's name server has."""
    answer = dns.query.tcp(dns.message.make_query(owner, "TLSA"),
                           ZONE_SERVERS[0], timeout=PATIENCE)
    return [rdata.to_text() for rrset in answer.answer
            if rrset.rdtype == dns.rdatatype.TLSA for rdata in rrset]


def address(name: str) -> str:
    answer = dns.query.tcp(dns.message.make_query(name, "A"),
                           ZONE_SERVERS[0], timeout=PATIENCE)
    return answer.answer[0][0].to_text()


def chain_file(at: str) -> Path:
    """The key, leaf and issuing CA that fakemx shows, in one file."""
    chains, shown = {}, ""
    for line in (FOLDER / "fakemx.table").read_text().splitlines():
        words = line.split()
        if words[:1] == ["chain"]:
            chains[words[1]] = Path(line.split('"')[1])
        if words[:2] == ["address", at]:
            shown = words[3]
    return chains[shown]


def verifies(connect: list, name: str, data: str) -> tuple:
    """Does OpenSSL's client accept the server with only this record?"""
    done = subprocess.run(
        ["openssl", "s_client", "-brief", *connect, "-dane_tlsa_domain", name,
         "-dane_tlsa_rrdata", data], capture_output=True, text=True,
        timeout=PATIENCE, stdin=subprocess.DEVNULL)
    said = done.stdout + done.stderr
    matched = "Verification: OK" in said and "TLSA " + data[:5] in said
    return matched, said


def other_digest(data: str) -> str:
    """The same record, of something else."""
    return data[:-1] + ("0" if data[-1] != "0" else "1")


def test_kind(tap: Tap, tool: Tool, kind: tuple) -> str:
    text = "%d %d %d" % kind
    domain = domain_of(kind)
    host, owner = f"mx.{domain}", f"_25._tcp.mx.{domain}."
    at = address(host)
    done = tool(str(chain_file(at)), *parameters(kind))
    line = done.stdout.strip()
    data = line.partition(" TLSA ")[2]
    tap.equal((done.returncode, done.stderr), (0, ""), f"{text}: is printed")
    tap.equal(line, f"{owner} 3600 IN TLSA {data}",
              f"{text}: the owner is that of the MX host")
    tap.equal([data.split()], [rdata.split(maxsplit=3) for rdata in
                               map(joined, published(owner))],
              f"{text}: the record that the lab publishes")
    server = ["-starttls", "smtp", "-connect", f"{at}:25"]
    good, said = verifies(server, host, data)
    tap.say(good, f"{text}: OpenSSL matches the server", said)
    if kind[2] != 0:
        good, said = verifies(server, host, other_digest(data))
        tap.say(not good, f"{text}: and no other record", said)
    reason = finger_missing()
    if reason:
        tap.skip(f"{text}: Postfix", reason)
    else:
        said = finger(domain, FOLDER)
        tap.say(authenticated(said), f"{text}: Postfix matches it", said)
    return line


def joined(rdata: str) -> str:
    """dnspython cuts the data of a record into words."""
    words = rdata.split()
    return " ".join(words[:3]) + " " + "".join(words[3:])


def compiled(name: str, text: str) -> tuple:
    """The zone as BIND understands it; NSD's verdict on it."""
    path = FOLDER / f"{name}.lines"
    path.write_text("@ 3600 IN SOA ns.tlsa.example. root.tlsa.example. "
                    "1 3600 600 86400 3600\n@ 3600 IN NS ns.tlsa.example.\n"
                    "ns 3600 IN A 198.18.0.3\n" + text)
    checked = subprocess.run(["nsd-checkzone", "tlsa.example", str(path)],
                             capture_output=True, text=True)
    done = subprocess.run(
        ["named-compilezone", "-i", "none", "-o", "-", "tlsa.example",
         str(path)], capture_output=True, text=True)
    records = sorted(joined(line.partition(" TLSA ")[2]) for line in
                     done.stdout.splitlines() if "TLSA" in line.split())
    return checked.returncode, done.returncode, records, \
        checked.stdout + checked.stderr + done.stderr


def test_zone_lines(tap: Tap, tool: Tool) -> None:
    """All kinds, with a certificate as large as they come, in both forms."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:4096", "-nodes", "-keyout",
         str(FOLDER / "large.key"), "-out", str(FOLDER / "large.pem"),
         "-subj", "/CN=mx.tlsa.example", "-addext",
         "subjectAltName=DNS:mx.tlsa.example"], check=True,
        capture_output=True)
    forms = {"plain": "", "generic": ""}
    for usage in range(4):
        for _, selector, matching_type in KINDS[:6]:
            options = parameters((usage, selector, matching_type))
            for form, more in (("plain", []), ("generic", ["--generic"])):
                forms[form] += tool(str(FOLDER / "large.pem"), *options,
                                    *more).stdout
    plain = compiled("plain", forms["plain"])
    generic = compiled("generic", forms["generic"])
    tap.equal(plain[0], 0, "NSD loads every kind")
    tap.equal(plain[1], 0, "BIND does")
    tap.equal(generic[:2], (0, 0), "both load the generic form")
    tap.equal(len(plain[2]), 24, "BIND finds 24 records")
    tap.equal(generic[2], plain[2], "which are the same in both forms")
    # RFC 6698 2.2 has hexadecimal digits; of half an octet NSD 4.12 makes one.
    bad = compiled("bad", "_25._tcp IN TLSA 3 1 1 gg\n")
    tap.say(bad[0] != 0 and bad[1] != 0,
            "a record that is none is loaded by neither", bad[3])


def main() -> int:
    tap, tool = Tap(), Tool(sys.argv[1])
    for kind in KINDS:
        test_kind(tap, tool, kind)
    test_zone_lines(tap, tool)
    tlsa_new.test(tap, tool, verifies)
    tlsa_files.test(tap, tool)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
