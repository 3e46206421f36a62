#!/usr/bin/python3
"""fakens_test.py WORLD: the tests of test_fakens, inside a lab of that world.

Expected values come from the RFCs and from the table from which the lab was
made. No test asserts how long something takes: a question that must not be
answered has SILENCE, and one that must be has PATIENCE.
"""

from __future__ import annotations

import sys

sys.dont_write_bytecode = True

import json                         # noqa: E402
import os                           # noqa: E402
import select                       # noqa: E402
import socket                       # noqa: E402
import time                         # noqa: E402
from pathlib import Path            # noqa: E402

import dns.exception                # noqa: E402
import dns.flags                    # noqa: E402
import dns.message                  # noqa: E402
import dns.query                    # noqa: E402
import dns.rcode                    # noqa: E402
import dns.rdataclass               # noqa: E402
import dns.rdatatype                # noqa: E402
import dns.zone                     # noqa: E402

from misbehaviour import EARLY_SECONDS       # noqa: E402
from zones import RESOLVER, TLD_SERVERS     # noqa: E402

SILENCE = 0.5
PATIENCE = 20.0
# After this time none of many answers can still come.
LAST = 2.0
AT_ONCE = 50
FOLDER = Path(os.environ["LAB_DIR"])


class Tap:
    def __init__(self) -> None:
        self.failures = 0

    def say(self, good: bool, text: str, got=None) -> None:
        self.failures += not good
        print(f"{'ok' if good else 'not ok'} - {text}")
        if not good:
            print("\n".join(f"# {line}" for line in str(got).splitlines()))

    def equal(self, got, expected, text: str) -> None:
        self.say(got == expected, text, f"{got!r}, not {expected!r}")


def query(name: str, kind: str = "MX", dnssec: bool = False):
    return dns.message.make_query(name, kind, want_dnssec=dnssec)


def udp(address: str, name: str, kind: str = "MX", dnssec: bool = False,
        timeout: float = PATIENCE):
    """The answer, or None."""
    try:
        return dns.query.udp(query(name, kind, dnssec), address,
                             timeout=timeout)
    except dns.exception.Timeout:
        return None


def tcp(address: str, name: str, kind: str = "MX",
        timeout: float = PATIENCE):
    """The answer, or how it failed."""
    try:
        return dns.query.tcp(query(name, kind), address, timeout=timeout)
    except ConnectionRefusedError:
        return "refused"
    except dns.exception.Timeout:
        return "silence"


def connects(address: str, timeout: float) -> bool:
    with socket.socket() as plug:
        plug.settimeout(timeout)
        try:
            plug.connect((address, 53))
        except socket.timeout:
            return False
    return True


def data(answer, section: str = "answer", kind: str = "MX") -> list:
    return sorted(rdata.to_text() for rrset in getattr(answer, section)
                  for rdata in rrset
                  if rrset.rdtype == dns.rdatatype.from_text(kind))


def sections(answer) -> list:
    return [len(answer.answer), len(answer.authority),
            len(answer.additional)]


def burst(address: str, name: str, count: int, patience: float) -> tuple:
    """Asks without waiting for answers. Returns how many came, and in how many
    seconds. It ends when all have come, or when nothing has come for a
    while."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.connect((address, 53))
        answered, started = 0, time.monotonic()
        last = started
        for sent in range(1, count + 1):
            plug.send(query(name).to_wire())
            # The kernel buffers a few hundred for us, and drops the rest.
            wait = 0 if sent % AT_ONCE else 0.01
            while answered < count and select.select(
                    [plug], [], [], patience if sent == count else wait)[0]:
                plug.recv(4096)
                answered, last = answered + 1, time.monotonic()
        return answered, last - started


def exchange(address: str, name: str) -> tuple:
    """The question, and the bytes that came back."""
    question = query(name)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.settimeout(PATIENCE)
        plug.connect((address, 53))
        plug.send(question.to_wire())
        return question, dns.message.from_wire(plug.recv(4096))


def counted(address: str) -> tuple:
    total = [0, 0, 0]
    for line in (FOLDER / "fakens.log").read_text().splitlines():
        event, *pairs = line.split()
        fields = dict(pair.split("=", 1) for pair in pairs)
        if event == "second" and fields["address"] == address:
            for i, column in enumerate(("asked", "answered", "dropped")):
                total[i] += int(fields[column])
    return tuple(total)


def wait_for_count(address: str, expected: tuple) -> tuple:
    """The log is a second behind."""
    deadline = time.monotonic() + PATIENCE
    while counted(address) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    return counted(address)


def resolve(name: str, kind: str = "MX"):
    """By a validating resolver."""
    return udp(RESOLVER, name, kind, True)


# Misbehaviour ----------------------------------------------------------------

class Pair:
    """A zone, its name server with the rules, and its twin."""

    def __init__(self, scenario: dict) -> None:
        self.zone = scenario["zone"]
        self.bad, self.good = scenario["name_servers"]
        self.expected = [f"10 mx.{self.zone}."]


def test_twin(tap: Tap, name: str, pair: Pair) -> None:
    answer = udp(pair.good, pair.zone)
    tap.say(answer is not None and data(answer) == pair.expected
            and bool(answer.flags & dns.flags.AA),
            f"{name}: the twin answers", answer)


def test_rcode(tap: Tap, pairs: dict) -> None:
    for name in ("servfail", "refused", "notimp", "formerr", "nxdomain"):
        answer = udp(pairs[name].bad, pairs[name].zone)
        tap.equal((dns.rcode.to_text(answer.rcode()).lower(),
                   sections(answer)), (name, [0, 0, 0]),
                  f"{name}: that, and nothing else")
        answer = tcp(pairs[name].bad, pairs[name].zone)
        tap.equal(dns.rcode.to_text(answer.rcode()).lower(), name,
                  f"{name}: over TCP too")
    answer = udp(pairs["over-ipv6"].bad, pairs["over-ipv6"].zone)
    tap.equal(answer.rcode(), dns.rcode.SERVFAIL, "over-ipv6: SERVFAIL")
    pair = pairs["referral"]
    answer = udp(pair.bad, pair.zone)
    tap.equal((answer.rcode(), bool(answer.flags & dns.flags.AA),
               [str(r.name) for r in answer.authority],
               len(answer.answer)),
              (dns.rcode.NOERROR, False, ["."], 0),
              "referral: upwards, without authority")


def test_silence(tap: Tap, pairs: dict) -> None:
    pair = pairs["drop"]
    tap.equal(udp(pair.bad, pair.zone, timeout=SILENCE), None,
              "drop: nothing over UDP")
    tap.equal(tcp(pair.bad, pair.zone, timeout=SILENCE), "silence",
              "drop: nothing over TCP")
    for name, rcode in (("late", dns.rcode.NOERROR),
                        ("late-servfail", dns.rcode.SERVFAIL)):
        pair = pairs[name]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
            plug.connect((pair.bad, 53))
            plug.send(query(pair.zone).to_wire())
            at_once = select.select([plug], [], [], SILENCE)[0]
            later = select.select([plug], [], [], PATIENCE)[0]
            got = dns.message.from_wire(plug.recv(4096)).rcode()
        tap.equal((bool(at_once), bool(later), got), (False, True, rcode),
                  f"{name}: not at once, but later")


def test_truncation(tap: Tap, pairs: dict) -> None:
    expected = {"truncate": "answers", "truncate-refused": "refused",
                "truncate-silent": "silence", "truncate-deaf": "silence"}
    for name, over_tcp in expected.items():
        pair = pairs[name]
        answer = udp(pair.bad, pair.zone)
        tap.equal((bool(answer.flags & dns.flags.TC), len(answer.answer)),
                  (True, 0), f"{name}: TC and no answer")
        got = tcp(pair.bad, pair.zone, timeout=PATIENCE
                  if over_tcp != "silence" else SILENCE)
        if not isinstance(got, str):
            got = "answers" if data(got) == pair.expected else str(got)
        tap.equal(got, over_tcp, f"{name}: TCP {over_tcp}")
        twin = tcp(pair.good, pair.zone)
        tap.say(not isinstance(twin, str) and data(twin) == pair.expected,
                f"{name}: TCP of the twin answers", twin)
    tap.equal([connects(pairs[f"truncate-{how}"].bad, timeout) for
               how, timeout in (("silent", PATIENCE), ("deaf", SILENCE))],
              [True, False],
              "silent takes a connection, deaf does not")


def test_change(tap: Tap, pairs: dict) -> None:
    pair = pairs["strip-rrsig"]
    for address, count, who in ((pair.bad, 0, "none"),
                                (pair.good, 1, "the twin has one")):
        answer = udp(address, pair.zone, dnssec=True)
        tap.equal((len(data(answer, kind="RRSIG")), data(answer)),
                  (count, pair.expected), f"strip-rrsig: MX, RRSIG: {who}")
        # RFC 4035 3.1.3.1: the denial of existence is still there.
        answer = udp(address, pair.zone, "TXT", dnssec=True)
        tap.equal((len(data(answer, "authority", "RRSIG")) > 0,
                   len(data(answer, "authority", "NSEC"))), (count > 0, 1),
                  f"strip-rrsig: NSEC of a denial, RRSIG: {who}")
    pair = pairs["strip-first"]
    for address, counts in ((pair.bad, [0, 0, 1]), (pair.good, [1, 1, 1])):
        tap.equal([len(data(udp(address, pair.zone, dnssec=True),
                            kind="RRSIG")) for _ in counts], counts,
                  f"strip-first 2: RRSIG: {counts}")
    pair = pairs["strip-early"]
    for address, counts in ((pair.bad, [0, 0, 1]), (pair.good, [1, 1, 1])):
        signatures = []
        for pause in (0, 0, EARLY_SECONDS + 0.2):
            time.sleep(pause)
            signatures.append(len(data(udp(address, pair.zone, dnssec=True),
                                       kind="RRSIG")))
        tap.equal(signatures, counts, f"strip-early: RRSIG: {counts}")
    for name in ("wrong-id", "wrong-question"):
        pair = pairs[name]
        for address, is_bad in ((pair.bad, True), (pair.good, False)):
            question, answer = exchange(address, pair.zone)
            changed = (answer.id != question.id,
                       answer.question[0].name != question.question[0].name)
            tap.equal(changed, (is_bad and name == "wrong-id",
                                is_bad and name == "wrong-question"),
                      f"{name}: (ID, name) differ: {changed}")


def test_told(tap: Tap, pairs: dict) -> None:
    pair = pairs["wrong-ids"]
    for address, same in ((pair.bad, [False, False, True]),
                          (pair.good, [True])):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
            plug.connect((address, 53))
            question = query(pair.zone)
            plug.send(question.to_wire())
            got = []
            while len(got) < 4 and select.select(
                    [plug], [], [], PATIENCE if not got else SILENCE)[0]:
                got.append(plug.recv(4096)[:2]
                           == question.to_wire()[:2])
        tap.equal(got, same, f"wrong-ids 2: the ID is right: {same}")
    pair = pairs["lower"]
    for address, name in ((pair.bad, pair.zone), (pair.good,
                                                  pair.zone.upper())):
        answer = udp(address, pair.zone.upper())
        tap.equal((str(answer.question[0].name), len(data(answer))),
                  (f"{name}.", 1), f"lower: the question is {name}")
    pair = pairs["answer"]
    answer = udp(pair.bad, pair.zone, dnssec=True)
    tap.equal((data(answer), [(str(r.name), r.rdclass, r.ttl)
                              for r in answer.authority], answer.edns),
              ([f"5 other.{pair.zone}."], [(f"{pair.zone}.",
                                            dns.rdataclass.CH, 60)], -1),
              "answer: those records, and no OPT")
    tap.equal(data(udp(pair.bad, f"mx.{pair.zone}", "A")),
              data(udp(pair.good, f"mx.{pair.zone}", "A")),
              "answer: to MX alone")
    pair = pairs["answer-edns"]
    answer = udp(pair.bad, pair.zone, dnssec=True)
    tap.equal((answer.rcode(), data(answer)), (dns.rcode.BADVERS, []),
              "answer-edns: BADVERS to a question with EDNS")
    tap.equal(data(udp(pair.bad, pair.zone)), pair.expected,
              "answer-edns: and not to one without")


def test_loss(tap: Tap, pairs: dict) -> None:
    pair = pairs["lose"]
    tap.equal(burst(pair.bad, pair.zone, 9, LAST)[0], 6,
              "lose 3: 6 of 9 answered")
    tap.equal(burst(pair.good, pair.zone, 9, PATIENCE)[0], 9,
              "lose: the twin has 9")
    tap.equal(wait_for_count(pair.bad, (9, 6, 3)), (9, 6, 3),
              "lose: the log has 9 asked, 6 answered, 3 dropped")
    pair = pairs["drop-after"]
    for address, counts in ((pair.bad, [3, 0]), (pair.good, [9, 9])):
        tap.equal([burst(address, pair.zone, 9, LAST)[0] for _ in counts],
                  counts, f"drop-after 3: of 9 and 9 are answered: {counts}")
    pair = pairs["drop-first"]
    for address, counts in ((pair.bad, [6, 9]), (pair.good, [9, 9])):
        tap.equal([burst(address, pair.zone, 9, LAST)[0] for _ in counts],
                  counts, f"drop-first 3: of 9 and 9 are answered: {counts}")
    test_rate(tap, pairs["rate"].bad, pairs["rate"].good, pairs["rate"].zone,
              20)


def test_rate(tap: Tap, limited: str, free: str, name: str, rate: int,
              free_name: str = "") -> None:
    """A bucket of one second: `rate` at once, and `rate` in each second."""
    asked = 10 * rate
    before = counted(limited)
    answered, seconds = burst(limited, name, asked, LAST)
    most = rate + rate * seconds + 1
    tap.say(rate <= answered <= min(most, asked - 1),
            f"rate {rate}: {answered} of {asked} at once are answered",
            f"not {rate} to {most} in {seconds} s")
    expected = tuple(a + b for a, b in zip(
        before, (asked, answered, asked - answered)))
    tap.equal(wait_for_count(limited, expected), expected,
              f"rate {rate}: the log has as many")
    # It recovers when it is asked less.
    time.sleep(2 / rate)
    tap.say(udp(limited, name) is not None, f"rate {rate}: and answers again")
    answered, _ = burst(free, free_name or name, asked, PATIENCE)
    tap.equal(answered, asked, f"rate: the twin answers all {asked}")


def test_matching(tap: Tap, pairs: dict) -> None:
    def rcode(pair: Pair, name: str, kind: str) -> str:
        answer = udp(pair.bad, f"{name}{pair.zone}", kind,
                     timeout=SILENCE if kind == dropped else PATIENCE)
        return "silence" if answer is None else dns.rcode.to_text(
            answer.rcode())

    pair, dropped = pairs["by-type"], "TLSA"
    tap.equal((rcode(pair, "_25._tcp.mx.", "TLSA"),
               rcode(pair, "mx.", "A")), ("silence", "NOERROR"),
              "a rule for a type")
    dropped = ""
    for name, below in (("by-name", "NOERROR"), ("below-name", "REFUSED")):
        pair = pairs[name]
        tap.equal((rcode(pair, "mx.", "A"),
                   rcode(pair, "_25._tcp.mx.", "TLSA"),
                   rcode(pair, "", "MX"), rcode(pair, "xmx.", "A")),
                  ("REFUSED", below, "NOERROR", "NXDOMAIN"),
                  f"a rule {name}")
    pair = pairs["by-transport"]
    tap.equal((rcode(pair, "", "MX"), data(tcp(pair.bad, pair.zone))),
              ("REFUSED", pair.expected), "a rule for UDP")


def test_preference(tap: Tap, pairs: dict) -> None:
    pair = pairs["prefer-capital"]
    other = [f"77 mx.{pair.zone}."]
    for name, expected in ((pair.zone, pair.expected),
                           (pair.zone.replace("f", "F"), other)):
        # The answer points at the letters of the question.
        tap.equal([text.lower() for text in data(udp(pair.bad, name))],
                  expected, f"prefer_capital: {name}")
    tap.equal(data(udp(pair.good, pair.zone.upper()))[0].lower(),
              pair.expected[0], "prefer_capital: the twin does not care")
    pair = pairs["prefer-odd"]
    other = [f"77 mx.{pair.zone}."]
    tap.equal([data(udp(pair.bad, pair.zone)) for _ in range(4)],
              [other, pair.expected, other, pair.expected],
              "prefer_odd: by turns")
    tap.equal([data(udp(pair.good, pair.zone)) for _ in range(2)],
              [pair.expected] * 2, "prefer_odd: the twin says the same")


def test_tree(tap: Tap, pairs: dict) -> None:
    pair = pairs["refused"]
    answer = udp(TLD_SERVERS[0], pair.zone)
    tap.equal((data(answer, "authority", "NS"),
               data(answer, "additional", "A")),
              ([f"ns1.{pair.zone}.", f"ns2.{pair.zone}."],
               sorted([pair.bad, pair.good])),
              "the TLD delegates to both, with glue")
    for name in ("refused", "truncate", "strip-rrsig"):
        pair = pairs[name]
        answer = resolve(pair.zone)
        tap.say(answer is not None and data(answer) == pair.expected and
                bool(answer.flags & dns.flags.AD),
                f"{name}: secure for a resolver, by the server that is good",
                answer)
    questions = [line for line in
                 (FOLDER / "fakens.log").read_text().splitlines()
                 if line.startswith("question") and
                 f"address={pairs['drop'].bad} " in line]
    tap.equal([(" transport=udp " in q, f" name={pairs['drop'].zone}. " in q,
                q.endswith("type=MX does=drop")) for q in questions],
              [(True, True, True), (False, True, True)],
              "the log has each question")


def test_misbehaviour(tap: Tap) -> None:
    scenarios = json.loads((FOLDER / "expected.json").read_text())
    pairs = {s["name"]: Pair(s) for s in scenarios}
    # Those that count must not be asked before they are tested.
    for name in sorted(pairs.keys() - {"lose", "rate", "drop-after",
                                       "drop-first", "strip-first",
                                       "strip-early", "prefer-odd"}):
        test_twin(tap, name, pairs[name])
    for test in (test_rcode, test_silence, test_truncation, test_change,
                 test_preference, test_told, test_loss, test_matching,
                 test_tree):
        test(tap, pairs)


# Worlds of scale -------------------------------------------------------------

def soa_owner(answer) -> str:
    return " ".join(str(r.name) for r in answer.authority
                    if r.rdtype == dns.rdatatype.SOA)


def fakens_addresses() -> dict:
    """The addresses of the servers, by the first zone or group that they
    serve."""
    servers: dict = {}
    for line in (FOLDER / "fakens.table").read_text().splitlines():
        word, *rest = line.split()
        if word == "address":
            address = rest[0]
        elif word == "serve":
            servers.setdefault(rest[0], []).append(address)
    return servers


def test_denial(tap: Tap, server: str, tld: str, domain: str,
                missing: str) -> None:
    """RFC 2308 2: a denial comes with the SOA of the zone."""
    for address, name, kind, rcode, owner, aa, what in (
            (tld, missing, "MX", "NXDOMAIN", "bare.", True, "no such domain"),
            (tld, "d00.bare.", "MX", "NXDOMAIN", "bare.", True,
             "a leading zero is another name"),
            (tld, domain, "MX", "NOERROR", "", False, "a referral"),
            (tld, domain, "DS", "NOERROR", "bare.", True,
             "no DS, says the TLD"),
            (tld, "bare.", "TXT", "NOERROR", "bare.", True,
             "NODATA at the TLD"),
            (server, domain, "TXT", "NOERROR", domain, True, "NODATA"),
            (server, f"no.{domain}", "A", "NXDOMAIN", domain, True,
             "no such name"),
            (server, "other.example.", "A", "REFUSED", "", False,
             "not its zone")):
        answer = udp(address, name, kind)
        tap.equal((dns.rcode.to_text(answer.rcode()), soa_owner(answer),
                   bool(answer.flags & dns.flags.AA), len(answer.answer)),
                  (rcode, owner, aa, 0), f"{name} {kind}: {what}")


def test_zone_file(tap: Tap, names: list, tld: str) -> None:
    zone = dns.zone.from_file(str(FOLDER / "bare.zone"), "bare.",
                              relativize=False)
    delegated = {str(name) for name, _ in zone.iterate_rdatasets("NS")}
    listed = {f"{name}." for name in names if name.endswith(".bare")}
    tap.equal({name for name in delegated - {"bare."}
               if not name.startswith("ns-")}, listed,
              "the zone file delegates what the list has")
    for name in sorted(listed)[:3]:
        answer = udp(tld, name)
        tap.equal(data(answer, "authority", "NS"),
                  sorted(str(r) for r in zone.find_rdataset(name, "NS")),
                  f"{name}: the TLD delegates as its zone file says")
    tap.equal(data(udp(tld, "bare.", "SOA"), kind="SOA"),
              [r.to_text() for r in zone.find_rdataset("bare.", "SOA")],
              "the SOA is that of the zone file")


def test_bulk(tap: Tap) -> None:
    """2000,20: a hundredth is signed; provider K has the numbers that leave
    the remainder K."""
    names = (FOLDER / "names").read_text().split()
    servers = fakens_addresses()
    server, tld = servers["d"][0], servers["bare."][0]
    tap.equal(len(set(names)), 2000, "2,000 names")
    tap.equal(sum(name.endswith(".sec") for name in names), 20, "20 signed")
    for name, secure in (("d0.bare", False), ("d1979.bare", False),
                         ("d17.sec", True)):
        answer = resolve(name)
        number = int(name[1:].split(".")[0])
        tap.equal((data(answer), bool(answer.flags & dns.flags.AD)),
                  ([f"10 mx.provider{number % 20}.sec."], secure),
                  f"{name}: its MX by a resolver, secure: {secure}")
    hosts = json.loads((FOLDER / "bulk.json").read_text())
    tap.equal(sum(h["domains"] for h in hosts), 2000, "all have a host")
    tap.equal(sum(h["silent"] for h in hosts), 2, "a tenth is silent")
    answer = tcp(server, "D7.bare.")
    tap.equal((str(answer.answer[0].name), data(answer)),
              ("D7.bare.", ["10 mx.provider7.sec."]),
              "over TCP, and with the question's own case")
    test_denial(tap, server, tld, "d5.bare.", "d1980.bare.")
    test_zone_file(tap, names, tld)


def covers(der: bytes, name: str) -> bool:
    from cryptography import x509
    names = x509.load_der_x509_certificate(der).extensions \
        .get_extension_for_class(x509.SubjectAlternativeName).value
    return name in names.get_values_for_type(x509.DNSName)


def test_customers(tap: Tap) -> None:
    """200,20: ten names at each of 20 addresses."""
    from client import probe
    addresses = json.loads((FOLDER / "customers.json").read_text())
    names = (FOLDER / "names").read_text().split()
    servers = fakens_addresses()
    tap.equal(sorted(names), sorted(f"d{n}.bare" for n in range(200)),
              "200 names")
    tap.equal(sorted(n for a in addresses for n in a["covers"]),
              sorted(f"mx.d{n}.bare" for n in range(200)),
              "customers.json has the MX host of each")
    for number in (0, 33, 199):
        tap.equal((data(resolve(f"d{number}.bare")),
                   data(resolve(f"mx.d{number}.bare", "A"), kind="A")),
                  ([f"10 mx.d{number}.bare."],
                   [addresses[number % 20]["address"]]),
                  f"d{number}.bare: MX and address, by a resolver")
    outcomes = {"silent": "timeout", "refused": "connect_refused",
                "no_starttls": "starttls_absent",
                "one_chain": "tls_established", "by_name": "tls_established"}
    tap.equal({a["kind"] for a in addresses}, set(outcomes), "every kind")
    for address in addresses:
        shown = list(address["covers"].items())
        if address["kind"] == "silent":
            shown = shown[:1]
        got = []
        for name, covered in shown:
            seen = probe(address["address"], name, False, SILENCE
                         if address["kind"] == "silent" else PATIENCE)
            same = covered is None or covers(seen.leaf, name) == covered
            got.append((seen.outcome, same))
        tap.equal(set(got), {(outcomes[address["kind"]], True)},
                  f"{address['address']} is {address['kind']}, and the "
                  "certificates cover what it says")
    test_denial(tap, servers["d"][0], servers["bare."][0], "d5.bare.",
                "d200.bare.")
    test_zone_file(tap, names, servers["bare."][0])


def test_slow(tap: Tap) -> None:
    names = (FOLDER / "names").read_text().split()
    operators = {o["name"]: o for o in json.loads(
        (FOLDER / "slow.json").read_text())["operators"]}
    tap.equal(len(names), 150, "50 domains of each of three operators")
    for name, count in (("slow", 1), ("even", 1), ("other", 2)):
        addresses = operators[name]["addresses"]
        tap.equal((len(set(addresses)), data(resolve(f"{name}7.bare"))),
                  (count, ["10 mx.provider3.sec."]),
                  f"{name}: its own name servers, by a resolver")
        answer = udp(addresses[0], f"ns1.ns-{name}.bare.", "A")
        tap.equal(data(answer, kind="A"), addresses[:1],
                  f"{name}: its name server has its address")
        tld = udp(fakens_addresses()["bare."][0], f"{name}7.bare.")
        tap.equal((data(tld, "authority", "NS"),
                   set(data(tld, "additional", "A"))),
                  ([f"ns1.ns-{name}.bare.", f"ns2.ns-{name}.bare."],
                   set(addresses)), f"{name}: glue of the TLD")
    # Full again after what the resolver asked.
    time.sleep(1)
    test_rate(tap, operators["slow"]["addresses"][0],
              operators["even"]["addresses"][0], "slow1.bare.", 100,
              "even1.bare.")
    test_zone_file(tap, names, fakens_addresses()["bare."][0])


def test_silent(tap: Tap) -> None:
    """20,10,4: number N is at operator N % 4, whose two addresses are N % 4
    behind the first one of each half of 198.18.32.0/19."""
    names = (FOLDER / "names").read_text().split()
    tld = fakens_addresses()["bare."][0]
    tap.equal(len(names), 30, "20 healthy domains and 10 silent ones")
    tap.equal(data(resolve("d7.bare")), ["10 mx.provider0.sec."],
              "a healthy one, by a resolver")
    for name, operator in (("s3.bare.", 3), ("s6.bare.", 2)):
        addresses = [f"198.18.32.{operator}", f"198.18.48.{operator}"]
        answer = udp(tld, name)
        tap.equal((data(answer, "authority", "NS"),
                   data(answer, "additional", "A")),
                  ([f"ns{n}.{operator}.nobody.bare." for n in (1, 2)],
                   sorted(addresses)), f"{name}: its operator, with glue")
        for address in addresses:
            tap.equal(udp(address, name, timeout=SILENCE), None,
                      f"{name}: {address} says nothing")
    test_zone_file(tap, names, tld)


def main() -> int:
    tap = Tap()
    {"misbehaviour": test_misbehaviour, "bulk": test_bulk,
     "customers": test_customers, "slow": test_slow,
     "silent": test_silent}[sys.argv[1]](tap)
    return int(tap.failures > 0)


if __name__ == "__main__":
    sys.exit(main())
