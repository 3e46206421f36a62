"""Domains from the view of senders that read a policy: MTA-STS (RFC 8461), a
policy list, and both beside DANE (RULES 9). Facts of one host that are written
out elsewhere are put together here: several hosts, several addresses, and a
policy.

The result of each sender is written in letters, from best to worst:

    A authenticated  I the same, insecure MX  E encrypted  C cleartext
    R refused  X unreachable  U undetermined  M mixed

one for all three of first, deliver and worst, or three, in the order of
SENDERS. `listed` is the entry in the lists of test_listed_senders, with what the
list enforced gives; without a list `policy_list` is as `opportunistic`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from behaviours import GOOD, GREETING_554, NO_STARTTLS, TLS_1_0
from expected import (EXPIRED_CHAIN, PUBLIC_V4, SELF_SIGNED_CHAIN, domain,
                      established, failed, host, judged, matched, mx,
                      tlsa_found, unmatched, unusable_record, usable_record,
                      without_tls)
from model import (At, BARE, Chain, EE_SPKI, EE_WRONG, Expect, Host, SIGNED,
                   Scenario, Spoil, Tlsa, Web, Zone, one_of)
from policies import HOST, NO_POLICY, TXT, VALID, txt

SENDERS = ("opportunistic", "dane", "mta_sts", "dane_or_mta_sts", "webpki")
WORDS = {"A": "authenticated", "I": "authenticated_insecure_mx",
         "E": "encrypted", "C": "cleartext", "R": "refused",
         "X": "unreachable", "U": "undetermined", "M": "mixed"}
ONE_PAIR = "several hosts or addresses: the answer is of one of them alone"
NOT_ASKED = "it is a matter of policy"


# Pairs ----------------------------------------------------------------------

@dataclass(frozen=True)
class Pair:
    """An address of a host, its behaviour, and the rows for it: `probes` pairs
    of profile and row, seen `times`."""
    behaviour: object = GOOD
    names: tuple = ()           # of the certificate; () the host's own
    chain: dict = dataclasses.field(default_factory=dict)
    probes: tuple = (("modern", established()),)
    tls_class: str = "tls"
    name: int = 1
    profile: str = "modern"
    times: int = 1


def unreached(behaviour, outcome: str, tls_class: str) -> Pair:
    return Pair(behaviour, probes=(("modern", failed(outcome)),),
                tls_class=tls_class, times=2)


GOOD_PAIR = Pair()
OTHER = Pair(names=("elsewhere",), name=0)
WILD = Pair(names=("*.@",))
SELF = Pair(chain={"issuer": "self", "present": ("leaf",)},
            probes=(("modern", SELF_SIGNED_CHAIN),))
EXPIRED = Pair(chain={"not_before_days": -90, "not_after_days": -1},
               probes=(("modern", EXPIRED_CHAIN),))
PLAIN = Pair(NO_STARTTLS, probes=(("modern", failed("starttls_absent")),),
             tls_class="no_tls", times=2)
OLD = Pair(TLS_1_0, profile="legacy", probes=(
    ("modern", failed("handshake_failed", phase="handshake")),
    ("legacy", established(tls_version=one_of("TLSv1", "TLSv1.0")))))
GONE = unreached(None, "connect_refused", "unreachable")
BUSY = unreached(GREETING_554, "rejected", "undetermined")

# TLSA -----------------------------------------------------------------------

MATCH, WRONG, UNUSABLE = EE_SPKI, EE_WRONG, Tlsa(1, 1, 1)


def host_row(tlsa, count: int, secure: bool) -> dict:
    if not secure:
        row = host("not_asked", "insecure")
    elif tlsa is None:
        row = host()
    else:
        row = tlsa_found(1, 0 if tlsa is UNUSABLE else 1)
    return {**row, "address_count": count}


def result_of(pair: Pair, tlsa, secure: bool) -> dict:
    if not secure:
        status = "not_asked"
    elif tlsa is None:
        status = "absent"
    else:
        status = "unusable_only" if tlsa is UNUSABLE else "usable"
    if pair.tls_class != "tls":
        return without_tls(pair.tls_class, status)
    more = {"profile": pair.profile, "name": pair.name}
    if status == "usable":
        return matched(0, **more) if tlsa is MATCH \
            else unmatched("mismatch", **more)
    return judged("none_usable" if status == "unusable_only"
                  else "not_applicable", status, **more)


# Hosts ----------------------------------------------------------------------

@dataclass(frozen=True)
class Mx:
    name: str
    pairs: tuple
    tlsa: object = None
    preference: int = 10


def at(name: str, *pairs: Pair, tlsa=None, preference: int = 10) -> Mx:
    return Mx(name, pairs, tlsa, preference)


def first(*pairs: Pair, tlsa=None) -> Mx:
    return at("mx1", *pairs, tlsa=tlsa)


def second(*pairs: Pair, tlsa=None, preference: int = 20) -> Mx:
    return at("mx2", *pairs, tlsa=tlsa, preference=preference)


def make_host(host_: Mx) -> Host:
    def chain(pair: Pair) -> Chain:
        return Chain(names=pair.names or (host_.name,), **pair.chain)
    return Host(host_.name, tuple(At(pair.behaviour, chain(pair))
                                  for pair in host_.pairs),
                (host_.tlsa,) if host_.tlsa else ())


def add_pair(expect: Expect, host_: Mx, number: int, secure: bool) -> None:
    pair = host_.pairs[number]
    address = f"{host_.name}/{number}"
    result = result_of(pair, host_.tlsa, secure)
    # U10: a mismatch is looked at twice.
    confirms = result["dane_verdict"] == "mismatch"
    times = 2 if confirms else pair.times
    expect.addresses[address] = PUBLIC_V4
    for attempt in range(1, times + 1):
        for profile, row in pair.probes:
            expect.probes[(address, host_.name, profile, attempt)] = row
        expect.host_results[(host_.name, address, host_.name, attempt)] = \
            {**result, "confirmed": 1} if confirms and attempt == 2 \
            else result


def add_host(expect: Expect, host_: Mx, tier: int, secure: bool) -> None:
    expect.mx[host_.name] = mx(host_.preference, tier)
    expect.hosts[host_.name] = host_row(host_.tlsa, len(host_.pairs), secure)
    if host_.tlsa is not None and secure:
        expect.tlsa[(host_.name, 1, 0)] = (
            unusable_record(host_.tlsa, "usage") if host_.tlsa is UNUSABLE
            else usable_record(host_.tlsa))
    for number in range(len(host_.pairs)):
        add_pair(expect, host_, number, secure)


# Policies -------------------------------------------------------------------

def policy_text(mode: str, patterns: list, max_age: int = 604800) -> str:
    return "".join([f"version: STSv1\nmode: {mode}\nmax_age: {max_age}\n",
                    *(f"mx: {pattern}\n" for pattern in patterns)])


@dataclass(frozen=True)
class Policy:
    """`mx`: names in the domain; `broken`: its record does not validate;
    `fault`: it is served so that it is none."""
    mode: str
    mx: tuple = ("mx1",)
    broken: bool = False
    fault: str = ""
    max_age: int = 604800

    def patterns(self, zone: str) -> list:
        return [f"{name}.{zone}" for name in self.mx]

    def web(self, zone: str) -> Web:
        text = policy_text(self.mode, self.patterns(zone), self.max_age)
        if self.fault == "status":
            return Web(policy=text, chains=HOST, does="respond",
                       status="404 Not Found")
        return Web(policy="" if self.fault else text, chains=HOST)

    def row(self, zone: str) -> dict:
        row = {**VALID, "policy_host": f"mta-sts.{zone}",
               "mta_sts_mode": self.mode,
               "mta_sts_max_age_s": self.max_age,
               "mta_sts_mx": " ".join(sorted(self.patterns(zone)))}
        if self.fault == "status":
            row.update(NO_POLICY, mta_sts_status="fetch_failed",
                       mta_sts_error="status", mta_sts_http_code=404)
        elif self.fault:
            row.update(NO_POLICY, mta_sts_status="invalid_policy",
                       mta_sts_error="syntax")
        return row


def enforce(*names: str, **more) -> Policy:
    return Policy("enforce", names or ("mx1",), **more)


def testing(*names: str) -> Policy:
    return Policy("testing", names or ("mx1",))


NONE = Policy("none", ())
BROKEN = Policy("enforce", broken=True)

# Scenarios ------------------------------------------------------------------

@dataclass(frozen=True)
class Listed:
    """`mxs` relative to the domain, suffixes too (".@"); `met` in letters, with
    the list enforced; in testing it `would_fail` or not, and is met as without
    a list, unless something `overrides` the list."""
    mxs: tuple
    met: str
    would_fail: bool = False
    overrides: bool = False

    def patterns(self, zone: str) -> list:
        return [f".{zone}" if name == ".@" else f"{name}.{zone}"
                for name in self.mxs]


def zone_with(zone: Zone, policy: Policy | None) -> Zone:
    if policy is None:
        return zone
    return dataclasses.replace(
        zone, records=txt("_mta-sts", TXT), spoil=(
            (Spoil("_mta-sts", "TXT", "strip"),) if policy.broken else ()))


def met(name: str, rules: str, twin: str, said: str, *hosts: Mx,
        policy: Policy | None = None, flags: str = "", dane: str = "0",
        every: str = "", zone: Zone = SIGNED,
        listed: Listed | None = None) -> Scenario:
    """`dane` is dane_domain, `every` dane_domain_all where it is another."""
    zone_name = f"{name}.{zone.tld}"
    hosts = hosts or (first(GOOD_PAIR),)
    preferences = sorted({one.preference for one in hosts})
    record = "absent" if policy is None else \
        "error" if policy.broken else "found"
    asked = policy is not None and not policy.broken
    expect = Expect(
        domains={"@": domain(
            dnssec="secure" if zone.signed else "insecure",
            count=len(hosts), mta_sts_record=record)},
        policies={"@": policy.row(zone_name)} if asked else {},
        senders=(said, flags, dane, every or dane, listed))
    for one in hosts:
        add_host(expect, one, preferences.index(one.preference) + 1,
                 zone.signed)
    single = len(hosts) == 1 and len(hosts[0].pairs) == 1
    return Scenario(
        name, f"9 {rules}", twin, expect, zone=zone_with(zone, policy),
        mx=tuple((one.preference, one.name) for one in hosts),
        hosts=tuple(make_host(one) for one in hosts),
        web=(policy.web(zone_name),) if asked else (),
        oracle=NOT_ASKED if single else ONE_PAIR)


def triple(sender: str, letters: str) -> dict:
    letters = letters * 3 if len(letters) == 1 else letters
    return {f"{sender}_{kind}": WORDS[letter] for kind, letter
            in zip(("first", "deliver", "worst"), letters, strict=True)}


def columns(scenario: Scenario, mode: str = "") -> dict:
    """Of outcomes. `mode` is that of the list in force, "" without one."""
    said, flags, dane, every, listed = scenario.expect.senders
    words = dict(zip(SENDERS, said.split(), strict=True))
    counts = listed and (mode == "enforce"
                         or (mode == "testing" and listed.overrides))
    words["policy_list"] = listed.met if counts else words["opportunistic"]
    all_flags = set(flags.split())
    if listed and mode == "testing" and listed.would_fail:
        all_flags.add("would_fail")
    row = {"flags": " ".join(sorted(all_flags)), "dane_domain": dane,
           "dane_domain_all": every}
    for sender, letters in words.items():
        row.update(triple(sender, letters))
    return row
