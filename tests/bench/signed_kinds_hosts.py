"""Kinds of signed delegations: MX hosts, their TLSA records, zones below."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Callable

from signed_keys import wire
from signed_kind import (ANY, BAD_HOST, BAD_TLSA, NO_TLSA, OPT_OUT, Make,
                         address, drop_proof, kind, plain)
from signed_zone import Nsec3, Zone

# Hosts -----------------------------------------------------------------------

def without(label: str, of: str) -> Callable:
    def make(m: Make) -> None:
        owner = m.zone.absolute(label)
        del m.zone.data[owner][of]
        if not m.zone.data[owner]:
            del m.zone.data[owner]
        m.zone.asked.append(label)
        m.zone.asked.append(f"_tcp.{label}")
    return make


no_tlsa = without("_25._tcp.mx", "TLSA")
plain("tlsa-absent", "tlsa-absent-no-proof", no_tlsa, host=NO_TLSA,
      denials=(None, Nsec3(), Nsec3(salt=b"\1", iterations=100)))
# DS4
plain("tlsa-absent-opt-out", "tlsa-absent", no_tlsa, denials=OPT_OUT,
      host="usable secure absent_insecure", lane=ANY)


@kind("tlsa-empty-non-terminal", "tlsa-absent", host=NO_TLSA, lane=ANY)
def tlsa_empty_non_terminal(m: Make) -> None:
    no_tlsa(m)
    m.zone.add("_443._tcp.mx", "TLSA", b"\3\1\1" + bytes(32))


@kind("tlsa-nodata", "intact", host=NO_TLSA)
def tlsa_nodata(m: Make) -> None:
    no_tlsa(m)
    m.zone.add("_25._tcp.mx", "TXT", b"\4text")


@kind("tlsa-below", "tlsa-nodata", host=NO_TLSA, lane=ANY)
def tlsa_below(m: Make) -> None:
    no_tlsa(m)
    m.zone.add("x._25._tcp.mx", "TXT", b"\4text")


@kind("tlsa-unusable", "intact", host="usable secure unusable_only")
def tlsa_unusable(m: Make) -> None:
    m.zone.data[m.zone.absolute("_25._tcp.mx")]["TLSA"] = [
        b"\3\1\1" + bytes(20)]


def no_tlsa_alone(m: Make) -> None:
    """Nothing else is denied: libunbound would prove with that denial what is
    not proven by this one (RFC 8198), if it has seen it."""
    no_tlsa(m)
    ipv6_too(m)
    for label in ("_mta-sts", "_smtp._tls"):
        m.zone.add(label, "TXT", b"\1x")


def tlsa_absent_no_proof(m: Make) -> None:
    no_tlsa_alone(m)
    for label in ("_25._tcp.mx", "_tcp.mx"):
        m.zone.change_reply(label, "any", drop_proof)


plain("tlsa-absent-no-proof", "tlsa-absent", tlsa_absent_no_proof,
      denials=(None,), **BAD_TLSA)


# The denial of _25._tcp would be good; a resolver that minimises its questions
# (RFC 9156) does not get that far.
@kind("tlsa-absent-no-proof-above", "tlsa-absent", denials=(None,),
      **BAD_TLSA)
def tlsa_absent_no_proof_above(m: Make) -> None:
    no_tlsa_alone(m)
    m.zone.change_reply("_tcp.mx", "any", drop_proof)


# The NSEC of the apex covers nothing below mx.
@kind("tlsa-absent-other-proof", "tlsa-absent", denials=(None,), **BAD_TLSA)
def tlsa_absent_other_proof(m: Make) -> None:
    def change(reply) -> None:
        reply.authority = [m.zone.soa(), (m.zone.apex, "NSEC", m.zone.apex)]
    no_tlsa_alone(m)
    for label in ("_25._tcp.mx", "_tcp.mx"):
        m.zone.change_reply(label, "any", change)


@kind("address-absent", "intact", host="no_address secure not_asked")
def address_absent(m: Make) -> None:
    m.zone.add("mx", "TXT", b"\4text")
    without("mx", "A")(m)


# mx is an empty non-terminal then.
plain("address-absent-nothing-else", "intact", without("mx", "A"), lane=ANY,
      host="no_address secure not_asked")


@kind("host-absent", "address-absent", host="nxdomain secure not_asked",
      denials=(None, Nsec3(iterations=1)))
def host_absent(m: Make) -> None:
    no_tlsa(m)
    without("mx", "A")(m)


@kind("host-absent-opt-out", "host-absent", denials=OPT_OUT, lane=ANY,
      host="nxdomain insecure not_asked")
def host_absent_opt_out(m: Make) -> None:
    host_absent(m)


@kind("ipv6-too", "address-absent")
def ipv6_too(m: Make) -> None:
    m.zone.add("mx", "AAAA", ipaddress.ip_address(
        "2001:db8:99::1").packed)


@kind("ipv6-alone", "address-absent", host="usable secure usable")
def ipv6_alone(m: Make) -> None:
    ipv6_too(m)
    without("mx", "A")(m)


@kind("wildcard-address", "labels-fewer-address", lane=ANY, label="h",
      host=NO_TLSA)
def wildcard_address(m: Make) -> None:
    m.zone.data[m.zone.apex]["MX"] = [b"\0\12" + wire(
        m.zone.absolute("h"))]
    m.zone.add("*", "A", address(m.number).packed)
    m.zone.asked += ["h", "_tcp.h", "_25._tcp.h"]


# DS3
@kind("wildcard-tlsa", "wildcard-tlsa-no-denial", lane=ANY)
def wildcard_tlsa(m: Make) -> None:
    rdatas = m.zone.data[m.zone.absolute("_25._tcp.mx")]["TLSA"]
    no_tlsa(m)
    m.zone.add("*._tcp.mx", "TLSA", *rdatas)
    m.zone.asked.append("_25._tcp.mx")


@kind("wildcard-tlsa-no-denial", "wildcard-tlsa", **BAD_TLSA)
def wildcard_tlsa_no_denial(m: Make) -> None:
    wildcard_tlsa(m)
    m.zone.change_reply("_25._tcp.mx", "TLSA", drop_proof)


def alias_of_host(m: Make, target: str) -> None:
    without("mx", "A")(m)
    m.zone.add("mx", "CNAME", wire(m.zone.absolute(target)))
    m.zone.asked += ["_tcp.mx", f"_tcp.{target}", f"_25._tcp.{target}"]


# T2: there is no TLSA RRset at the expanded name, so the original is asked.
@kind("alias", "alias-unsigned", lane=ANY)
def alias(m: Make) -> None:
    alias_of_host(m, "real")
    m.zone.add("real", "A", address(m.number).packed)


@kind("alias-chain", "alias-unsigned", lane=ANY)
def alias_chain(m: Make) -> None:
    alias_of_host(m, "one")
    m.zone.add("one", "CNAME", wire(m.zone.absolute("two")))
    m.zone.add("two", "A", address(m.number).packed)
    m.zone.asked += ["_tcp.two", "_25._tcp.two"]


@kind("alias-unsigned", "alias", **BAD_HOST)
def alias_unsigned(m: Make) -> None:
    alias(m)
    m.zone.strip("mx", "CNAME")


@kind("alias-target-unsigned", "alias", **BAD_HOST)
def alias_target_unsigned(m: Make) -> None:
    alias(m)
    m.zone.strip("real", "A")


# Cuts ------------------------------------------------------------------------

def child_zone(m: Make, is_signed: bool) -> Zone:
    """The host is in a zone below."""
    zone = m.zone
    child = Zone(zone.absolute("child"), zone.denial, zone.now)
    server = zone.data[zone.apex]["NS"]
    child.add("@", "SOA", zone.data[zone.apex]["SOA"][0])
    child.add("@", "NS", *server)
    child.add("mx", "A", address(m.number).packed)
    child.add("_25._tcp.mx", "TLSA", b"\3\1\1" + bytes(32))
    child.asked = ["_tcp.mx"]
    zone.add("child", "NS", *server)
    zone.cuts.add(child.apex)
    if is_signed:
        key = m.key(3)
        child.sign_with(key)
        tag, algorithm, digest, text = key.ds(child.apex)
        zone.add("child", "DS", struct.pack(
            "!HBB", tag, algorithm, digest) + bytes.fromhex(text))
    child.finish()
    if not is_signed:
        del child.data[child.apex]["DNSKEY"]
    zone.children.append(child)
    zone.data[zone.apex]["MX"] = [b"\0\12" + wire(f"mx.{child.apex}")]
    return child


@kind("child-signed", "child-insecure", label="mx.child", lane=ANY)
def child_signed(m: Make) -> None:
    child_zone(m, True)


@kind("child-insecure", "child-signed", label="mx.child", lane=ANY,
      host="usable insecure not_asked", denials=(None, Nsec3(), Nsec3(True)))
def child_insecure(m: Make) -> None:
    child_zone(m, False)


@kind("child-bogus", "child-signed", label="mx.child", **BAD_HOST)
def child_bogus(m: Make) -> None:
    child_zone(m, True).strip("mx", "A")


# RFC 6840 4.1: the NSEC of a cut proves nothing of what is below it.
@kind("denied-by-a-cut", "host-absent", label="mx.child", **BAD_HOST)
def denied_by_a_cut(m: Make) -> None:
    child = child_zone(m, True)

    def change(reply) -> None:
        cut = m.zone.prove_nodata(child.apex)
        reply.flags, reply.answer = 0x0403, []
        reply.authority = [m.zone.soa(), *cut]
    del child.data[f"mx.{child.apex}"]
    m.zone.asked.append("mx.child")
    m.zone.children.clear()
    m.zone.change_reply("mx.child", "any", change)


# The same of DNAME.
@kind("denied-by-a-dname", "host-absent", label="mx.d", denials=(None,),
      **BAD_HOST)
def denied_by_a_dname(m: Make) -> None:
    def change(reply) -> None:
        owners = (m.zone.absolute("d"), m.zone.apex)
        reply.flags, reply.answer = 0x0403, []
        reply.authority = [m.zone.soa(), *((o, "NSEC", o) for o in owners)]
    m.zone.add("d", "DNAME", wire("elsewhere.zz"))
    m.zone.data[m.zone.apex]["MX"] = [b"\0\12" + wire(
        m.zone.absolute("mx.d"))]
    m.zone.asked.append("mx.d")
    m.zone.change_reply("mx.d", "any", change)
