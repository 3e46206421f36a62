"""The table: each fault of this machine and its network, how it is made, and
what a run must give. The README of the tests has the same table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import on_machine
import on_network

MILLION = 1000000


@dataclass(frozen=True)
class Elsewhere:
    """A test of the lab: each pattern is found, and all tests are ok."""
    test: str
    lines: tuple


@dataclass(frozen=True)
class Fault:
    name: str                   # of the row
    fault: str
    how: str
    gives: str
    does: Callable | Elsewhere = field(compare=False)


BACK = "back in line: no target `unreachable`, exit 0, rows as undisturbed"
LASTS = "69, no target `unreachable`, resumable"
NO_SOCKET = "75 with the reason, no row in probes, resumable"
OUTAGE = ("exit 0, no `servfail`, `bogus`, `error` or `unreachable` that an "
          "undisturbed run lacks")
WRONG_CLOCK = "69, says the clock, nothing `bogus` for it"
STOPS = "75 with the way to go on; the same command completes"
GREEN = "exit 0, the rows stand"

NETWORK = [
    Fault("port-25-blocked", "port 25 is blocked by the provider",
          "nft drops TCP port 25; 141 networks would answer",
          "69, a sentence, no row in probes; later 0 and rows as undisturbed",
          on_network.port_25_blocked),
    Fault("port-25-blocked-later", "the same, after two mail servers have "
          "answered", "nft drops TCP port 25; 139 networks would answer",
          "69, a sentence, no row of others in probes; later 0 and rows as "
          "undisturbed", on_network.port_25_blocked_later),
    Fault("port-25-redirected", "port 25 leads to one server",
          "nft dnat; `--canary HOST`",
          "69, a sentence, no row in probes; later 0 and rows as undisturbed",
          on_network.port_25_redirected),
    Fault("port-25-redirected-no-canary", "the same, nobody to ask",
          "nft dnat; `--canary none`",
          "exit 0, a warning, flag `intercepted` in every row of probes",
          on_network.redirected_without_canary),
    Fault("port-53-ipv4-dead", "port 53 is dead over IPv4 from the start",
          "nft drops it; IPv6 works",
          "69, or rows as undisturbed", on_network.ipv4_port_53_dead),
    Fault("port-53-dies", "port 53 is dead for 40 s in mid-run",
          "nft drops it", OUTAGE, on_network.port_53_dies),
    Fault("network-gone", "the network is gone for 30 s, while names are "
          "asked for", "`ip link set lo down`; timeouts of 3 s",
          OUTAGE + ", every valid policy valid",
          on_network.link_down("dns", 200)),
    Fault("network-gone-policies", "the same, while policies are fetched",
          "`ip link set lo down`; timeouts of 3 s",
          OUTAGE + ", every valid policy valid",
          on_network.link_down("https", 1)),
    Fault("network-gone-sessions", "the same, when one or two mail servers "
          "have answered", "`ip link set lo down`; timeouts of 3 s", OUTAGE,
          on_network.link_down("smtp", 1, on_network.few_servers)),
]

OWN_STACK = [
    *(Fault(f"connect-{error.lower()}", f"{error} at connect(), for 10 s",
            "shim, port 25, in mid-run", BACK,
            on_machine.passing("connect", error, 25))
      for error in ("EPERM", "EACCES", "ENETUNREACH")),
    *(Fault(f"send-{error.lower()}", f"{error} at send(), for 10 s",
            "shim, port 53, in mid-run", BACK,
            on_machine.passing("send", error, 53))
      for error in ("EPERM", "ENETUNREACH")),
    *(Fault(f"connect-{error.lower()}-lasts", f"{error} at connect(), lasts",
            "shim, port 25", LASTS, on_machine.lasting("connect", error, 25))
      for error in ("EPERM", "ENETUNREACH")),
    Fault("send-eperm-lasts", "EPERM at send(), lasts",
          "shim, port 53, in mid-run", LASTS,
          on_machine.lasting("send", "EPERM", 53)),
    *(Fault(f"socket-{error.lower()}", f"{error} at socket(), lasts",
            "shim, TCP", NO_SOCKET, on_machine.no_socket(error, text))
      for error, text in (
          ("EMFILE", "too many open files"),
          ("ENFILE", "too many open files in system"),
          ("ENOBUFS", "no buffer space"),
          ("ENOMEM", "cannot allocate memory"),
          ("EADDRNOTAVAIL", "cannot assign requested address"))),
    Fault("socket-emfile-at-all", "EMFILE at every socket(), from the start",
          "shim", "75 with the reason, no row in domains",
          on_machine.no_socket_at_all),
]

PROCESSES = [
    Fault("worker-hangs", "a worker is stopped or spins",
          "SIGSTOP; MXCENSUS_TEST_CRASH_HOW=spin",
          "told, ended, another takes over, exit 0",
          Elsewhere("test_workers", (
              "workers are stopped: ", "it says so", "to the same rows",
              "nobody is accused", "a worker spins: ",
              "no other row changes"))),
    Fault("workers-do-not-start", "workers die before their first batch",
          "memory, a crash, a program that cannot be started",
          "75 with the reason; 70 for a crash",
          Elsewhere("test_workers", (
              "no memory at work: ", "no memory at the start: ",
              "it says why", "crashes at the start: ",
              "no program to start: ", "it says what fails"))),
    Fault("stopped-while-reading", "SIGTERM or Ctrl-C while the plan is made",
          "signals; the input is a pipe", STOPS,
          Elsewhere("test_stop", (
              "SIG(TERM|INT) while the inputs are read",
              "the line says how to go on",
              "the same command reads the input again"))),
    Fault("clock-ahead", "the clock is 20 years ahead at the start", "shim",
          WRONG_CLOCK, on_machine.clock_at_start(20)),
    Fault("clock-behind", "the clock is 20 years behind at the start", "shim",
          WRONG_CLOCK, on_machine.clock_at_start(-20)),
    Fault("clock-jumps-ahead", "it jumps 20 years ahead in mid-run", "shim",
          WRONG_CLOCK, on_machine.clock_in_mid_run(20)),
    Fault("clock-jumps-back", "it jumps 20 years back in mid-run", "shim",
          WRONG_CLOCK, on_machine.clock_in_mid_run(-20)),
]

FILES = [
    Fault("one-name", "one name has 38 million lines", "a gzip file",
          "exit 0, one row, the memory of one line and 64 MiB",
          on_machine.one_name(38 * MILLION)),
    Fault("one-name-short", "one name has 2 million lines", "a gzip file",
          "exit 0, one row, the memory of one line and 64 MiB",
          on_machine.one_name(2 * MILLION)),
    Fault("planted-links", "links are planted in RUN", "symbolic links",
          "74 with a line, the other file as it was",
          Elsewhere("test_stop", (
              "a link in place of", "and a line names it",
              "and the other file is as it was",
              "and nothing is written there"))),
    Fault("cell-changed", "a cell of a sealed run is changed", "an edit",
          "verify and conclude: 65 or 74; `--force` goes on, run.json says so",
          on_machine.cell_changed),
    Fault("plan-changed", "the plan, .work or staged certificates are not "
          "what they were", "edits of a stopped run", "65, not sealed",
          Elsewhere("test_stop", (
              "a stopped run, its (names|plan|work|certificates) not as it "
              "was: 65", "and a line says what", "it is not sealed",
              "its twin as it was goes on"))),
    Fault("disk-full-for-a-while", "the disk is full in mid-run, then not",
          "a small tmpfs", "pauses, says so, exit 0, rows as undisturbed",
          on_machine.disk_full_for_a_while),
    Fault("disk-stays-full", "the disk is full in mid-run",
          "a small tmpfs; `--grace-disk 3s`", "says so, 74",
          on_machine.disk_stays_full),
]

STAYS_GREEN = [
    Fault("green-nxdomain", "no fault: 95 % NXDOMAIN", "1,900 of 2,000 names",
          GREEN, on_network.green_nxdomain),
    Fault("green-refused", "no fault: three operators answer REFUSED",
          "300 names", GREEN, on_network.green_refused),
    Fault("green-rst", "no fault: 1,000 parked names refuse the connection",
          "100 networks; `--canary HOST`", GREEN,
          on_network.green_refused_connections),
    Fault("green-drop", "no fault: 1,000 parked names drop it",
          "100 networks; `--canary HOST`", GREEN,
          on_network.green_dropped_connections),
    Fault("green-few-dead", "no fault: 20 names and the canary are dead",
          "20 networks; `--grace-network 5s`", GREEN + ", no pause",
          on_network.green_few_dead),
    Fault("green-one-provider", "no fault: one provider hosts everything",
          "2,000 names", GREEN, on_network.green_one_provider),
    Fault("green-one-certificate",
          "no fault: one provider in 60 networks shows one certificate",
          "60 names; `--canary HOST`", GREEN + ", none flagged",
          on_network.green_one_certificate),
    Fault("green-prefix-blocked", "no fault of ours: a /16 blocks us",
          "nft drops port 25 there; 40 networks", GREEN,
          on_network.green_prefix_blocked),
    Fault("green-shim-off", "no fault: the shim is there and switched off",
          "shim", "exit 0, rows as undisturbed", on_machine.green_shim),
    Fault("green-no-ipv6", "IPv6 has no route", "`ip -6 route del`",
          "exit 0, rows of IPv4 as undisturbed, no target `unreachable`",
          on_network.green_without_ipv6),
]


def scenarios(name: str, fault: str, how: str, gives: str,
              *names: str) -> Fault:
    """A fault of a stranger: its scenarios have the expected rows."""
    return Fault(name, fault, how, gives, Elsewhere(
        "test_scenarios", tuple(rf"{word} #" for word in names)))


ROW = "a row with the reason; no other row changes"
STRANGERS = [
    scenarios("smtp-slow", "a mail server is slow, drips or says nothing",
              "fakemx", ROW, "silent", "dripping", "dripping-ehlo",
              "slow-bytes", "hang-in-ehlo", "hang-in-hello", "deaf"),
    scenarios("smtp-long", "a mail server talks without end", "fakemx", ROW,
              "too-long-line", "too-many-lines", "lines-100", "bytes-70000",
              "greeting-lines"),
    scenarios("smtp-bytes", "a mail server sends NUL, bare LF, no code",
              "fakemx", ROW, "nul-in-ehlo", "bare-lf", "hostile-bytes",
              "no-code", "mixed-codes"),
    scenarios("smtp-codes", "a mail server refuses us", "fakemx", ROW,
              "greeting-421", "greeting-450", "greeting-554", "ehlo-421"),
    scenarios("smtp-starttls", "STARTTLS is refused after it was offered, or "
              "plaintext follows the 220", "fakemx", ROW,
              "starttls-refused", "starttls-421", "injected",
              "injected-record"),
    scenarios("smtp-handshake", "RST, FIN, garbage or an alert in the "
              "handshake", "fakemx", ROW, "closed-handshake",
              "reset-handshake", "garbage", "alert", "tls-1-0",
              "requires-certificate", "null-cipher"),
    scenarios("smtp-certificates", "hostile certificates", "fakemx", ROW,
              "deep-chain", "undecodable", "nul-in-name", "name-of-many",
              "no-seconds", "extra-certificates", "forged-signature"),
    scenarios("dns-silent", "name servers drop, refuse, or cut off without "
              "TCP", "fakens", ROW, "mx-dropped", "mx-refused",
              "mx-truncated-no-tcp", "tlsa-truncated-no-tcp", "lame"),
    scenarios("dns-loops", "loops of aliases, and too many records", "NSD",
              ROW, "domain-alias-loop", "cname-loop", "mx-hundred-and-one",
              "tlsa-many-60"),
    scenarios("dns-bogus", "signatures are missing, expired or forged; too "
              "many NSEC3 iterations", "NSD, fakens", ROW,
              "mx-without-signatures", "bogus-mx-expired", "bogus-mx-alter",
              "iterations-500", "keys-denied"),
    scenarios("https-hostile", "a policy host is too large, slow, silent, "
              "unclear or gone", "fakehttps", ROW, "sts-too-large",
              "sts-drip", "sts-silent", "sts-redirect", "sts-lengths",
              "sts-length-chunked", "sts-garbage", "sts-no-http",
              "sts-headers-long", "sts-close", "sts-refused"),
    Fault("input-hostile", "inputs that are cut off, include files, or are "
          "not what they seem", "files",
          "an error with file and line, or rejects; what is good is read",
          Elsewhere("test_input", (
              r"I5 truncated gzip", r"I2 .INCLUDE is refused",
              r"I4 I10 several gzip", r"I8 64 bytes a label",
              r"JSON that is none", r"I14 each with its reason",
              r"I17 an element of more than 64 KiB",
              r"I18 UTF-16 with a mark", r"I18 an empty file"))),
]

FAULTS = NETWORK + OWN_STACK + PROCESSES + FILES + STAYS_GREEN + STRANGERS
# The rows of `make check`: fast ones, of each kind.
SAMPLE = ("green-one-provider", "green-prefix-blocked", "green-nxdomain",
          "one-name-short", "cell-changed", "clock-behind",
          "port-25-blocked", "port-25-redirected", "connect-eperm-lasts",
          "socket-emfile")


def markdown() -> str:
    """The table, as the README of the tests has it."""
    return "\n".join([
        "| fault | how it is made | what the run must give |", "|---|---|---|",
        *(f"| {row.fault} | {row.how} | {row.gives} |" for row in FAULTS)])
