#!/usr/bin/python3
"""speed_model.py [--write]: the tables of docs/speed.md.

Every figure of that page is in MEASURED (with the command that produces it), in
ASSUMED (about the world), or follows from these by a formula here. Without an
argument the tables are printed. --write puts them into the page.
`tests/docs/test_speed_tables` compares the page with this program.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/speed.md"

BENCH = "make bench N=50000 WORLDS="
SIGNED_BENCH = "make bench N=20000 WORLDS="
LIST_BENCH = "make bench N=20000 INPUT=list WORLDS="
NOTES = "[pitfalls](pitfalls.md), "
PROGRAM = NOTES + "\"Measured on the program\""
SIZES = "`gdb -batch -ex 'p sizeof(struct host)' build/mxcensus`"
PLAN = "`scan --dry-run` of 2.5 million delegations"

# Replace these after a new measurement: value, unit, what, by which command.
MEASURED = {
    # CPU time of all processes.
    "direct_us": (18, "us", "an ordinary name: MX, by the direct lane",
                  BENCH + "unsigned"),
    "coordinator_us": (3, "us", "of these, the coordinator",
                       BENCH + "unsigned"),
    "question_us": (5.1, "us", "a question of the direct lane alone, with its "
                    "answer", NOTES + "\"A direct lane\""),
    "host_us": (29, "us", "an MX host below its unsigned delegation: A and "
                "AAAA, by the direct lane", BENCH + "'unsigned hosts'"),
    "signed_us": (325, "us", "a name signed with P-256: MX, by the direct lane, "
                  "with the signature over its DS",
                  SIGNED_BENCH + "p256_minimal"),
    "signed_host_us": (396, "us", "its MX host: A, AAAA and TLSA, by the direct "
                       "lane", SIGNED_BENCH + "'p256 p256_host'"),
    "list_us": (101, "us", "an unsigned name of a list: MX, by the direct lane, "
                "with a P-256 signature that it has no DS",
                LIST_BENCH + "unsigned"),
    "signed_list_us": (289, "us", "a signed name of a list: MX, by the direct "
                       "lane, with the signature over its DS",
                       LIST_BENCH + "p256_minimal"),
    "recursive_us": (106, "us", "an unsigned name: MX, by the recursive lane",
                     PROGRAM),
    "with_records_us": (240, "us", "the same with both TXT records", PROGRAM),
    "signed_recursive_us": (642, "us", "a name signed with P-256: MX, by the "
                            "recursive lane", PROGRAM),
    "signed_host_recursive_us": (1700, "us", "a signed MX host: A, AAAA and "
                                 "TLSA, by the recursive lane", PROGRAM),
    "silent_us": (200, "us", "a silent name of a list, in the first pass of the "
                  "recursive lane", "`tests/bench/silent_bench.py`"),
    "session_us": (1055, "us", "an SMTP session with STARTTLS (RSA and P-256 "
                   "chains)", PROGRAM),
    "recursive_packets": (2.24, "", "packets out for MX by the recursive lane",
                          PROGRAM),
    "system_calls": (10, "", "system calls for each of these packets",
                     PROGRAM),
    "batch": (32, "", "messages in a call of sendmmsg",
              "`scanner/dns/direct/sockets.h`"),
    "plan_us": (1.2, "us", "a delegation of the plan", PLAN),
    "plan_bytes": (179, "bytes", "files of the plan for a delegation, at most",
                   PLAN + " with `--dns-rate 5`, `df` of TMPDIR"),
    "listed_us": (0.7, "us", "a delegation of a file of `--delegations`",
                  "`scan --dry-run` of a list of 10,000 with it"),
    "worker_mib": (35, "MiB", "a worker", BENCH + "unsigned"),
    "coordinator_mib": (17, "MiB", "the coordinator", BENCH + "unsigned"),
    "host_struct": (88, "bytes", "`struct host` of the registry", SIZES),
    "target_struct": (256, "bytes", "`struct target`, what is probed of a host "
                      "at an address", SIZES),
    "peer_struct": (184, "bytes", "`struct peer`, an address", SIZES),
    "server_bytes": (325, "bytes", "memory for a set of two name servers, while "
                     "the plan is made", PROGRAM),
    "kept_bytes": (121, "bytes", "the same, afterwards", PROGRAM),
    "row_bytes": (57, "bytes", "files of a run for a domain, gzip",
                  "`du -sb` of the run of `make sample`"),
}

# Facts that cannot be measured here: value, unit, what.
ASSUMED = {
    "name_bytes": (20, "bytes", "a name in a question"),
    "answer_bytes": (140, "bytes", "an answer to MX with its authority "
                     "section; one to TXT that denies is not larger"),
    "header_bytes": (66, "bytes", "Ethernet (14, checksum 4, preamble and gap "
                     "20), IPv4 (20) and UDP (8)"),
    "with_address": (0.97, "", "names whose name servers have an address in "
                     "the file, or are looked up for five names"),
    "asked_again": (0.04, "", "names that fall back to the recursive lane"),
    "hosts": (0.3, "", "distinct MX hosts for a name"),
    "hosts_inside": (0.9, "", "of these, below a delegation of the file"),
    "host_more": (120, "bytes", "names, places in hash tables, and what "
                  "malloc adds, for an MX host and its target"),
    "sets": (0.02, "", "distinct sets of name servers for a name"),
    "addresses": (0.01, "", "distinct addresses of mail servers for a name"),
    "sessions": (3, "", "sessions with an address"),
    "session_s": (3, "s", "that a session takes"),
    "tracked_s": (30, "s", "that a packet filter or NAT keeps a question "
                  "(`nf_conntrack_udp_timeout`)"),
    "round_trip_ms": (50, "ms", "from a question to its answer"),
}

QUESTIONS = 3       # MX, and TXT of MTA-STS and TLSRPT (domain_questions)
DNS_RATE = 500      # --dns-rate
PREFIX_RATE = 2000  # --dns-prefix-rate
PROBES = 500        # --probes
SOCKETS = 2 * 64    # DIRECT_SOCKETS, of both families, of a worker
WORKERS = 16


@dataclasses.dataclass(frozen=True)
class World:
    name: str
    names: float
    signed: float
    delegated: float    # of the names: a zone file is there
    note: str


WORLDS = (
    World("`.com`", 160e6, 0.05, 1, "160 million names"),
    World("all of CZDS", 230e6, 0.05, 1, "about 1,100 zones, `.com` with them"),
    World("`.se` `.nu` `.ch` `.li` `.ee`", 4.4e6, 0.6, 1,
          "1.4, 0.2, 2.5, 0.1 and 0.2 million names"),
    World("`.fr`, a list", 4.2e6, 0.15, 0,
          "names without a zone file: the zone above is asked"),
    World("a list of a million", 1e6, 0.1, 0.6,
          "`--delegations` with the zones of 60 % of it"),
)
SHARES = (0.001, 0.005, 0.01, 0.02, 0.05, 0.10)
SERVERS = (("a server, one address", DNS_RATE),
           ("all servers of a /24 or /48", PREFIX_RATE))


def value(name: str) -> float:
    return (MEASURED.get(name) or ASSUMED[name])[0]


# Formulas --------------------------------------------------------------------

def question_bytes() -> float:
    """RFC 1035 4.1, RFC 6891 6.1.2: header, question, OPT; on the wire."""
    return 12 + value("name_bytes") + 4 + 11 + value("header_bytes")


def response_bytes() -> float:
    return value("answer_bytes") + value("header_bytes")


def is_list(world: World) -> bool:
    """Without a zone file, the parent zone is asked for each delegation."""
    return world.delegated == 0


def direct_share(world: World) -> float:
    if is_list(world):
        return 1 - value("asked_again")
    return world.delegated * value("with_address") * \
        (1 - value("asked_again"))


def direct_name_us(of_list: bool = False) -> float:
    """The benchmark only asks for MX."""
    return value("list_us" if of_list else "direct_us") + \
        (QUESTIONS - 1) * value("question_us")


def signed_name_us(of_list: bool = False) -> float:
    """The keys are known when TXT is asked for, and its absence takes no
    signature (RULES L28)."""
    return value("signed_list_us" if of_list else "signed_us") + \
        (QUESTIONS - 1) * value("question_us")


def signed_recursive_name_us() -> float:
    return value("signed_recursive_us") + value("with_records_us") - \
        value("recursive_us")


def recursive_host_us() -> float:
    """A and AAAA: TLSA is asked for where the host is secure (RULES T4). The
    first costs what MX costs, the second a share of that."""
    return value("recursive_us") + (value("with_records_us") -
                                    value("recursive_us")) / (QUESTIONS - 1)


def host_us(world: World) -> float:
    """The average over signed and unsigned hosts, by both lanes."""
    signed = world.signed
    direct = direct_share(world) * (1 if is_list(world)
                                    else value("hosts_inside"))
    # Of a list, the parent zone of each host is asked as well.
    referral = (value("list_us") - value("direct_us")) * is_list(world)
    return direct * (signed * value("signed_host_us") +
                     (1 - signed) * value("host_us") + referral) + \
        (1 - direct) * (signed * value("signed_host_recursive_us") +
                        (1 - signed) * recursive_host_us())


def host_bytes() -> float:
    """Memory of the coordinator for an MX host with a target, and its share of
    the addresses."""
    return value("host_struct") + value("target_struct") + \
        value("host_more") + \
        value("peer_struct") * value("addresses") / value("hosts")


def questions_us(world: World) -> float:
    """CPU time of a name with its questions, and of its MX hosts. Names that
    fall back cost both lanes, which is left out, since the direct one costs
    little."""
    direct, signed = direct_share(world), world.signed
    return direct * (signed * signed_name_us(is_list(world)) +
                     (1 - signed) * direct_name_us(is_list(world))) + \
        (1 - direct) * (signed * signed_recursive_name_us() +
                        (1 - signed) * value("with_records_us")) + \
        value("hosts") * host_us(world)


def sessions(world: World) -> float:
    return world.names * value("addresses") * value("sessions")


def cpu_s(world: World) -> float:
    """The cost of a name includes the plan."""
    return (world.names * questions_us(world) +
            sessions(world) * value("session_us")) * 1e-6


def packets(world: World) -> float:
    """Out, of the names' own questions: as many come in. A signed name is asked
    for its keys as well."""
    direct = direct_share(world)
    recursive = value("recursive_packets") + QUESTIONS - 1
    return world.names * (direct * (QUESTIONS + world.signed +
                                    is_list(world)) +
                          (1 - direct) * recursive)


def machine_s(world: World, workers: int) -> float:
    """The workers, or the coordinator, which is one process, decide."""
    of_coordinator = world.names * value("coordinator_us") * 1e-6
    return max(cpu_s(world) / workers, of_coordinator)


def sessions_s(world: World) -> float:
    return sessions(world) * value("session_s") / PROBES


def server_s(names: float, rate: float) -> float:
    """seconds_for() of scanner/plan/load.c, of the names that are charged."""
    return names * QUESTIONS / rate


def rate_most(workers: int) -> float:
    """Names a second that are asked, all by the direct lane."""
    worker_us = direct_name_us() - value("coordinator_us")
    return min(workers * 1e6 / worker_us, 1e6 / value("coordinator_us"))


def coordinator_bytes(world: World, while_planning: bool) -> float:
    of_set = value("server_bytes" if while_planning else "kept_bytes")
    fixed = value("coordinator_mib") * 2 ** 20
    return fixed + world.names * (world.delegated * value("sets") * of_set + (
        0 if while_planning else value("hosts") * host_bytes()))


# Tables ----------------------------------------------------------------------

def number(amount: float) -> str:
    if amount >= 1e9:
        return f"{amount / 1e9:.1f} billion"
    if amount >= 1e6:
        return f"{amount / 1e6:.1f} million"
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.3g}"


def data(amount: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            return f"{amount:.0f} {unit}" if amount >= 10 else \
                f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError


def time(seconds: float) -> str:
    for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}" \
                if seconds >= 10 * length else f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"


def table(head: tuple, rows: list) -> str:
    lines = ["| " + " | ".join(line) + " |" for line in (head, *rows)]
    lines.insert(1, "|" + "---|" * len(head))
    return "\n".join(lines)


def plain(amount: float) -> str:
    return f"{amount:,}" if isinstance(amount, int) else f"{amount:,.4g}"


def measured() -> str:
    return table(("what", "value", "made by"), [
        (what, f"{plain(amount)} {unit}".strip(), command if command[0] in "[`"
         else f"`{command}`")
        for amount, unit, what, command in MEASURED.values()])


def assumed() -> str:
    return table(("what", "value"), [
        (what, f"{plain(amount)} {unit}".strip())
        for amount, unit, what in ASSUMED.values()] + [
        (f"{world.name}: {world.note}; signed", f"{world.signed:.0%}")
        for world in WORLDS])


def floor() -> str:
    question, response = question_bytes(), response_bytes()
    calls = 2 / value("batch")
    rows = []
    for what, count, us, system in (
            ("a question, direct lane", 1, value("question_us"), calls),
            ("a name, direct lane", QUESTIONS, direct_name_us(),
             QUESTIONS * calls),
            ("a name, recursive lane",
             value("recursive_packets") + QUESTIONS - 1,
             value("with_records_us"),
             (value("recursive_packets") + QUESTIONS - 1) *
             value("system_calls"))):
        rows.append((what, f"{count:.3g}", f"{count * question:.0f}",
                     f"{count * response:.0f}", f"{system:.2g}", f"{us:.0f}"))
    for what, us in (
            ("a signed name, direct lane", signed_name_us()),
            ("a signed name, recursive lane", signed_recursive_name_us()),
            ("an unsigned MX host, direct lane", value("host_us")),
            ("an unsigned MX host, recursive lane", recursive_host_us()),
            ("a signed MX host, direct lane", value("signed_host_us")),
            ("a signed MX host, recursive lane",
             value("signed_host_recursive_us")),
            ("an SMTP session", value("session_us"))):
        rows.append((what, "", "", "", "", f"{us:.0f}"))
    return table(("what", "packets out", "bytes out", "bytes in",
                  "system calls, at least", "us of CPU"), rows)


def cost() -> str:
    rows = []
    for world in WORLDS:
        out = packets(world)
        rows.append((
            world.name, number(world.names), f"{direct_share(world):.0%}",
            number(out), data(out * question_bytes()),
            data(out * response_bytes()), f"{questions_us(world):.0f}",
            time(cpu_s(world)), number(sessions(world)),
            time(world.names * value("listed_us") * 1e-6)
            if world.delegated == 1 else ""))
    return table(("world", "names", "direct", "packets out", "bytes out",
                  "bytes in", "us a name", "CPU time", "SMTP sessions",
                  "CPU time to read it with `--delegations`"), rows)


def room() -> str:
    return table(("world", "coordinator, while it plans", "later",
                  f"{WORKERS} workers", "disk, while it plans",
                  "the run, at least"), [
        (world.name, data(coordinator_bytes(world, True)),
         data(coordinator_bytes(world, False)),
         data(WORKERS * value("worker_mib") * 2 ** 20),
         data(world.names * value("plan_bytes")),
         data(world.names * value("row_bytes"))) for world in WORLDS])


def duration() -> str:
    return table(("world", "1. with 2 workers", "8", f"{WORKERS}",
                  f"2. sessions, {PROBES} at a time",
                  "3. as long as with 8 workers: a server with", "a /24 with"),
                 [
        (world.name, *(time(machine_s(world, workers))
                       for workers in (2, 8, WORKERS)),
         time(sessions_s(world)),
         *(f"{machine_s(world, 8) * rate / QUESTIONS / world.names:.2%}"
           for rate in (DNS_RATE, PREFIX_RATE))) for world in WORLDS])


def pacing() -> str:
    rows = []
    for share in SHARES:
        row = [f"{share:.1%}"]
        for world in WORLDS[:3]:
            row += [time(server_s(world.names * share, rate))
                    for _, rate in SERVERS]
        rows.append(tuple(row))
    return table(("share of the names", *(
        f"{world.name}, {what}" for world in WORLDS[:3]
        for what in ("server", "/24"))), rows)


def seen() -> str:
    return table(("who", "questions a second, at most", "bit/s in",
                  "bit/s out", "for a million names"), [
        (who, number(rate), data(rate * question_bytes() * 8).replace(
            "B", "bit/s"), data(rate * response_bytes() * 8).replace(
            "B", "bit/s"), time(server_s(1e6, rate)))
        for who, rate in SERVERS])


def machine() -> str:
    rows = []
    for workers in (2, 4, 8, WORKERS):
        names = rate_most(workers)
        packet_rate = names * QUESTIONS
        rows.append((
            str(workers), number(names), number(packet_rate),
            f"{packet_rate * question_bytes() * 8 / 1e6:.0f} Mbit/s",
            f"{packet_rate * response_bytes() * 8 / 1e6:.0f} Mbit/s",
            number(packet_rate * value("round_trip_ms") / 1000),
            str(workers * SOCKETS),
            number(packet_rate * value("tracked_s"))))
    return table(("workers", "names a second", "packets a second, each way",
                  "out", "in", "questions in flight",
                  "sockets of the direct lane",
                  "entries of conntrack or NAT"), rows)


TABLES = {"measured": measured, "assumed": assumed, "floor": floor,
          "cost": cost, "room": room, "duration": duration, "pacing": pacing,
          "seen": seen, "machine": machine}
PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)",
                   re.S)


def filled(page: str) -> str:
    """The page with its tables. A table that it does not have is a KeyError."""
    missing = TABLES.keys() - {match[2] for match in PLACE.finditer(page)}
    if missing:
        raise KeyError(f"no place for {', '.join(sorted(missing))}")
    return PLACE.sub(lambda match: match[1] + TABLES[match[2]]() + "\n" +
                     match[3], page)


def main() -> int:
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(filled(PAGE.read_text()))
    elif sys.argv[1:]:
        print("speed_model.py [--write]", file=sys.stderr)
        return 2
    else:
        for name, make in TABLES.items():
            print(f"{name}\n\n{make()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
