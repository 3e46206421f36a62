"""Faults of the network between this machine and all others (RULES F25 to F27,
F29 to F33)."""

from __future__ import annotations

from collections.abc import Callable

import machine
from vantage_world import (CANARY_AT, MIDDLEBOX_AT, addresses_of, names_of)

# A TXT record, or a policy, has no other word for servfail.
BAD_ANSWERS = ("servfail", "bogus", "error")
GRACE = ("--grace-network", "5s")
# Longer than any timeout of a session, and than libunbound asks for.
PORT_53_SECONDS, LINK_SECONDS = 40, 30
# Longer than it takes until others fail as well.
HOLD_SECONDS = 8


def slow_names() -> list:
    """A run of about a quarter of a minute, with everything that can be
    measured."""
    return [*names_of("slow"), *names_of("sts"), *names_of("signed")]


def slow_run() -> tuple:
    return slow_names(), ("--window", "20", "--policy-fetches", "4")


def few_servers() -> tuple:
    """All names are resolved before the first session. When it has begun, too
    few mail servers have answered to prove anything."""
    return names_of("net", 30), ("--rate", "1")


def bad_answers(place: machine.Place, run=None) -> set:
    """(table, whose, column, value) of each answer that an outage may leave."""
    return {(table, row.get("domain") or row["host"], column, value)
            for table in ("domains", "hosts", "policies")
            for row in place.rows(table, run)
            for column, value in row.items() if value in BAD_ANSWERS}


def unreachable(place: machine.Place, run=None) -> set:
    return {(row["host"], row["address"])
            for row in place.rows("host_results", run)
            if row["tls_class"] == "unreachable"}


def expect_no_probe_rows(place: machine.Place) -> None:
    rows = place.rows("probes")
    place.expect(not rows, "no row in probes")
    place.note(f"{len(rows)} rows in probes")


def expect_resumes(place: machine.Place, names: list, *options: str) -> None:
    """The same command resumes the run once the fault is gone."""
    undisturbed = place.undisturbed_run(names)
    place.run = place.path("run")
    scan = place.scan(place.path("names"), *options, run=place.run)
    place.note("then")
    place.expect_status(scan, 0)
    place.expect_same_rows(undisturbed)


def port_25_blocked(place: machine.Place) -> None:
    names = names_of("net")
    place.undisturbed_run(names)
    place.drop("tcp dport 25")
    scan = place.scan(names, *GRACE)
    place.prove(place.packets("dropped") > 0, "SYN are dropped")
    place.expect_status(scan, 69)
    place.expect(scan.says("port 25"), "a sentence about port 25")
    expect_no_probe_rows(place)
    place.clear()
    expect_resumes(place, names, *GRACE)


def port_25_blocked_later(place: machine.Place) -> None:
    """Two mail servers answer, and from then on nobody does."""
    names, two = names_of("net"), addresses_of("net")[:2]
    place.undisturbed_run(names)
    log = place.folder / "fakemx.log"
    log_start = log.stat().st_size
    place.hold(HOLD_SECONDS)
    place.drop(f"ip daddr != {{ {', '.join(two)} }} tcp dport 25")
    scan = place.start(names, *GRACE)
    machine.until(lambda: all(f" address={one} " in log.read_text()[log_start:]
                              for one in two), "two mail servers are met")
    place.drop("tcp dport 25")
    place.prove(not scan.has_ended(), "the run is under way")
    scan.wait()
    place.prove(place.packets("dropped") > 0, "SYN are dropped")
    place.expect_status(scan, 69)
    place.expect(scan.says("port 25", "answered before"),
                 "a sentence about port 25")
    accused = {row["address"] for row in place.rows("probes")} - set(two)
    place.expect(not accused, "no row of another server in probes")
    place.note(f"{len(accused)} rows of others in probes")
    place.clear()
    expect_resumes(place, names, *GRACE)


def redirect(place: machine.Place) -> None:
    """To a server that is not the one that was meant, but works."""
    place.redirect(25, MIDDLEBOX_AT)


def prove_redirected(place: machine.Place) -> None:
    log = (place.folder / "fakemx.log").read_text()
    met = log[place.log_start:].count(f" address={MIDDLEBOX_AT} ")
    place.prove(met > 0 and place.packets("dropped") > 0,
                "sessions at the middlebox")


def port_25_redirected(place: machine.Place) -> None:
    names = names_of("net")
    place.undisturbed_run(names)
    place.log_start = (place.folder / "fakemx.log").stat().st_size
    redirect(place)
    scan = place.scan(names, *GRACE)
    prove_redirected(place)
    place.expect_status(scan, 69)
    place.expect(scan.says("port 25"), "a sentence about port 25")
    expect_no_probe_rows(place)
    place.clear()
    expect_resumes(place, names, *GRACE)


def redirected_without_canary(place: machine.Place) -> None:
    names = names_of("net")
    place.log_start = (place.folder / "fakemx.log").stat().st_size
    redirect(place)
    scan = place.scan(names, *GRACE, canary="none")
    prove_redirected(place)
    place.expect_status(scan, 0)
    rows = place.rows("probes")
    flagged = sum("intercepted" in row["flags"].split() for row in rows)
    place.expect(rows and flagged == len(rows),
                 "flag intercepted in each row of probes")
    place.note(f"{flagged} of {len(rows)} rows flagged")
    place.expect(scan.says("warning") or scan.says("intercept"), "a warning")


def ipv4_port_53_dead(place: machine.Place) -> None:
    names = [*names_of("net", 40), *names_of("signed")]
    undisturbed = place.undisturbed_run(names)
    place.drop("meta nfproto ipv4 meta l4proto { tcp, udp } th dport 53")
    scan = place.scan(names, *GRACE)
    place.prove(place.packets("dropped") > 0, "questions are dropped")
    place.expect_status(scan, 0, 69)
    if scan.status == 0:
        place.expect_same_rows(undisturbed)
    else:
        place.expect(not place.rows("domains"), "no row in domains")


def expect_nobody_accused(place: machine.Place, undisturbed) -> None:
    left = bad_answers(place) - bad_answers(place, undisturbed)
    place.expect(not left, "no servfail, bogus or error that an "
                 "undisturbed run lacks")
    if left:
        place.note(f"{len(left)} answers servfail, bogus or error")
    gone = unreachable(place) - unreachable(place, undisturbed)
    place.expect(not gone, "no target is called unreachable")
    if gone:
        place.note(f"{len(gone)} targets unreachable")
    lines = place.differences(undisturbed)
    place.note(f"{len(lines)} differences" + (
        f", the first: {lines[0]}" if lines else ""))


def port_53_dies(place: machine.Place) -> None:
    names, options = slow_run()
    undisturbed = place.undisturbed_run(names, *options)
    place.hold(HOLD_SECONDS)
    scan = place.start(names, *options)
    place.until_met(scan, "dns", 200)
    place.drop("meta l4proto { tcp, udp } th dport 53")
    place.prove(not scan.has_ended(), "the run is under way")
    machine.until(lambda: place.packets("dropped") > 0, "a question dropped")
    place.expect(machine.outlast(scan, PORT_53_SECONDS),
                 "the run outlasts it")
    place.prove(place.packets("dropped") > 0, "questions are dropped")
    place.clear()
    scan.wait()
    place.expect_status(scan, 0)
    expect_nobody_accused(place, undisturbed)


def expect_policies_valid(place: machine.Place, undisturbed) -> None:
    valid = {row["domain"] for row in place.rows("policies", undisturbed)
             if row["mta_sts_status"] == "valid"}
    place.prove(valid, "an undisturbed run finds policies")
    found = {row["domain"]: row["mta_sts_status"]
             for row in place.rows("policies")}
    lost = [f"{domain} {found.get(domain, 'has no row')}"
            for domain in sorted(valid) if found.get(domain) != "valid"]
    place.expect(not lost, "every valid policy is valid")
    if lost:
        place.note(f"{len(lost)} policies lost, the first: {lost[0]}")


def link_down(counter: str, count: int,
              choose: Callable = slow_run) -> Callable:
    """It goes when so many packets of that kind were sent."""
    def row(place: machine.Place) -> None:
        names, options = choose()
        undisturbed = place.undisturbed_run(names, *options)
        place.hold(HOLD_SECONDS)
        scan = place.start(names, *options)
        place.until_met(scan, counter, count)
        place.set_link(False)
        place.prove(not scan.has_ended(), "the run is under way")
        probe = place.inside(
            "/usr/bin/python3", "-c", "import socket; "
            f"socket.create_connection(('{CANARY_AT}', 25), 1)", check=False)
        place.prove(probe.returncode != 0, "nobody can be reached")
        place.expect(machine.outlast(scan, LINK_SECONDS),
                     "the run outlasts it")
        place.set_link(True)
        scan.wait()
        place.expect_status(scan, 0)
        expect_nobody_accused(place, undisturbed)
        if choose is slow_run:
            expect_policies_valid(place, undisturbed)
    return row


# What must stay green --------------------------------------------------------

def expect_counts(place: machine.Place, table: str, column: str,
                  wanted: dict) -> None:
    got: dict = {}
    for row in place.rows(table):
        got[row[column]] = got.get(row[column], 0) + 1
    place.expect(got == wanted, f"{table}: {wanted}")
    place.note(f"{table}: {got}")


def green_nxdomain(place: machine.Place) -> None:
    scan = place.scan([*names_of("absent"), *names_of("hosted", 100)])
    place.expect_status(scan, 0)
    expect_counts(place, "domains", "mx_status", {"nxdomain": 1900, "mx": 100})


def green_refused(place: machine.Place) -> None:
    scan = place.scan([name for operator in ("refa", "refb", "refc")
                       for name in names_of(operator, 100)])
    place.expect_status(scan, 0)
    expect_counts(place, "domains", "mx_status", {"servfail": 300})


def green_refused_connections(place: machine.Place) -> None:
    scan = place.scan(names_of("refuse"))
    place.expect_status(scan, 0)
    expect_counts(place, "domains", "mx_status", {"mx": 1000})
    # RULES K6: two names with the same facts, at each of 100 addresses, twice
    expect_counts(place, "probes", "outcome", {"connect_refused": 400})


def green_dropped_connections(place: machine.Place) -> None:
    scan = place.scan(names_of("drop"))
    place.expect_status(scan, 0)
    expect_counts(place, "domains", "mx_status", {"mx": 1000})
    expect_counts(place, "probes", "outcome", {"connect_timeout": 400})


def green_few_dead(place: machine.Place) -> None:
    """A list of dead names that nobody can tell from a fault but the name
    servers: even the canary is dead."""
    names = names_of("drop", 20)
    scan = place.scan(names, *GRACE, canary=f"mx.{names[0]}")
    place.expect_status(scan, 0)
    place.expect(not scan.says("the run pauses"), "the run does not pause")
    expect_counts(place, "probes", "outcome", {"connect_timeout": 40})


def green_one_provider(place: machine.Place) -> None:
    scan = place.scan(names_of("hosted"))
    place.expect_status(scan, 0)
    expect_counts(place, "domains", "mx_status", {"mx": 2000})
    expect_counts(place, "probes", "outcome", {"tls_established": 1})


def green_one_certificate(place: machine.Place) -> None:
    """Every server shows it, as with a redirected port, but it is their own."""
    scan = place.scan(names_of("shared"))
    place.expect_status(scan, 0)
    expect_counts(place, "probes", "outcome", {"tls_established": 60})
    chains = {row["chain_id"] for row in place.rows("probes")}
    place.prove(len(chains) == 1, "one certificate")
    flagged = [row for row in place.rows("probes")
               if "intercepted" in row["flags"].split()]
    place.expect(not flagged, "no flag intercepted")


def green_prefix_blocked(place: machine.Place) -> None:
    """The names of 40 networks of a /16 that blocks us, and of the provider."""
    names = [*names_of("net", 40), *names_of("hosted", 40)]
    place.drop("ip daddr 198.19.0.0/16 tcp dport 25")
    scan = place.scan(names)
    place.prove(place.packets("dropped") >= 40, "SYN are dropped")
    place.expect_status(scan, 0)
    expect_counts(place, "probes", "outcome",
                  {"connect_timeout": 80, "tls_established": 1})
    blocked = {row["address"] for row in place.rows("probes")
               if row["outcome"] == "connect_timeout"}
    place.expect(blocked == set(addresses_of("net")[:40]),
                 "a timeout at the blocked addresses alone")


def green_without_ipv6(place: machine.Place) -> None:
    """DNS has IPv4, too; every mail server of a signed name has both."""
    names = [*names_of("signed"), *names_of("net", 20)]
    undisturbed = place.undisturbed_run(names)
    place.inside("ip", "-6", "route", "del", "local", "2001:db8::/32",
                 "dev", "lo")
    probe = place.inside(
        "/usr/bin/python3", "-c", "import socket; socket.create_connection(("
        "'2001:db8:19::1', 25), 1)", check=False)
    place.prove("unreachable" in probe.stderr, "IPv6 has no route")
    scan = place.scan(names)
    place.expect_status(scan, 0)

    def over_ipv4(run) -> list:
        return sorted((row["address"], row["sni"], row["outcome"])
                      for row in place.rows("probes", run)
                      if ":" not in row["address"])

    place.expect(over_ipv4(None) == over_ipv4(undisturbed),
                 "the rows of IPv4 are those of an undisturbed run")
    accused = unreachable(place)
    place.expect(not accused, "no target is called unreachable")
    place.note(f"{len(accused)} targets unreachable")
