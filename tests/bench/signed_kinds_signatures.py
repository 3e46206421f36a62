"""Kinds of signed delegations: times and other parts of signatures, and what
they are made over."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable

from signed_keys import wire
from signed_kind import (ANY, BAD, BAD_HOST, BAD_TLSA, FALLS_BACK, Make,
                         address, changed, kind, late, plain, times)
from signed_zone import DAY

HALF_OF_TIME = 1 << 31

# Time (RFC 1982) -------------------------------------------------------------


plain("expired", "intact", times(-60 * DAY, -20 * DAY), **BAD)
plain("expired-mx", "intact", times(-60 * DAY, -20 * DAY, "@", "MX"), **BAD)
plain("expired-dnskey", "intact", times(-60 * DAY, -20 * DAY, "@", "DNSKEY"),
      **BAD)
plain("future", "intact", times(20 * DAY, 60 * DAY), **BAD)
plain("future-mx", "intact", times(20 * DAY, 60 * DAY, "@", "MX"), **BAD)
plain("inverted", "intact", times(30 * DAY, -30 * DAY), **BAD)
plain("far-expiration", "wrapped-expiration",
      times(-DAY, HALF_OF_TIME - 30 * DAY))
plain("wrapped-expiration", "far-expiration",
      times(-DAY, HALF_OF_TIME + 30 * DAY), **BAD)
plain("far-inception", "wrapped-inception",
      times(-HALF_OF_TIME + 60 * DAY, 30 * DAY))
plain("wrapped-inception", "far-inception",
      times(-HALF_OF_TIME - 60 * DAY, 30 * DAY), **BAD)
plain("expired-address", "expired-mx", times(-60 * DAY, -20 * DAY, "mx", "A"),
      **BAD_HOST)
plain("expired-tlsa", "expired-address",
      times(-60 * DAY, -20 * DAY, "_25._tcp.mx", "TLSA"), **BAD_TLSA)


# A validator may allow for a clock that is wrong; the direct lane does not.
plain("hardly-expired", "expired", times(-30 * DAY, -1800), lane=FALLS_BACK,
      mx="mx|bogus secure|bogus", host="usable secure usable|")
plain("hardly-future", "future", times(1800, 30 * DAY), lane=ANY,
      mx="mx|bogus secure|bogus", host="usable secure usable|")


@kind("expired-beside-good", "expired-mx")
def expired_beside_good(m: Make) -> None:
    m.zone.change("@", "MX", lambda s: [dataclasses.replace(
        s, inception=m.zone.now - 60 * DAY,
        expiration=m.zone.now - 20 * DAY), s])


# Signatures ------------------------------------------------------------------

plain("bad-signature", "intact", changed("@", "MX", is_broken=True), **BAD)
plain("bad-signature-dnskey", "intact", changed("@", "DNSKEY", is_broken=True),
      **BAD)
plain("bad-signature-address", "bad-signature",
      changed("mx", "A", is_broken=True), **BAD_HOST)
plain("bad-signature-tlsa", "bad-signature",
      changed("_25._tcp.mx", "TLSA", is_broken=True), **BAD_TLSA)
plain("wrong-ttl-signed", "ttl-above-original", late("@", "MX", ttl=7200),
      **BAD)
plain("wrong-tag", "intact", late("@", "MX", tag=1), **BAD)
plain("wrong-algorithm", "intact", late("@", "MX", algorithm=10), **BAD)
plain("wrong-type-covered", "intact", late("@", "MX", covered="A"),
      **BAD)


@kind("algorithm-of-another-key", "intact", **BAD)
def algorithm_of_another_key(m: Make) -> None:
    m.zone.change("@", "MX", lambda s: [dataclasses.replace(s, algorithm=14)])


def signer(name: str) -> Callable:
    def make(m: Make) -> None:
        m.zone.change("@", "MX", lambda s: [dataclasses.replace(
            s, signer=name.format(m.zone.apex,
                                  m.zone.apex.partition(".")[2]))])
    return make


plain("signer-parent", "intact", signer("{1}"), **BAD)
plain("signer-child", "intact", signer("mx.{0}"), **BAD)
plain("signer-sibling", "intact", signer("a{0}"), **BAD)


@kind("signer-as-long", "intact", **BAD)
def signer_as_long(m: Make) -> None:
    """Another name of just that length."""
    m.zone.change("@", "MX", lambda s: [dataclasses.replace(
        s, signer="x" + m.zone.apex[1:])])


@kind("labels-fewer", "intact", **BAD)
def labels_fewer(m: Make) -> None:
    """As if *.zz had been expanded."""
    m.zone.change("@", "MX", lambda s: [dataclasses.replace(
        s, labels=1, owner=f"*.{m.zone.apex.partition('.')[2]}")])


@kind("labels-fewer-address", "wildcard-address", **BAD_HOST)
def labels_fewer_address(m: Make) -> None:
    m.zone.change("mx", "A", lambda s: [dataclasses.replace(
        s, labels=2, owner=f"*.{m.zone.apex}")])


plain("labels-more", "intact", changed("@", "MX", labels=3), **BAD)
for label, name, bad in (("@", "MX", BAD), ("@", "DNSKEY", BAD),
                         ("mx", "A", BAD_HOST),
                         ("_25._tcp.mx", "TLSA", BAD_TLSA)):
    plain(f"unsigned-{name.lower()}", "intact",
          lambda m, label=label, name=name: m.zone.strip(label, name), **bad)


# Data ------------------------------------------------------------------------

@kind("record-added", "duplicate-mx", **BAD)
def record_added(m: Make) -> None:
    m.zone.unsigned_data[m.zone.apex, "MX"] = [
        struct.pack("!H", 5) + wire("mx.evil.zz")]


@kind("duplicate-mx", "record-added")
def duplicate_mx(m: Make) -> None:
    rdatas = m.zone.data[m.zone.apex]["MX"]
    m.zone.unsigned_data[m.zone.apex, "MX"] = rdatas[:1]


@kind("ttl-above-original", "wrong-ttl-signed")
def ttl_above_original(m: Make) -> None:
    m.zone.ttls[m.zone.apex, "MX"] = 86400


@kind("several-mx", "record-added")
def several_mx(m: Make) -> None:
    m.zone.add("@", "MX", struct.pack("!H", 20) + wire(
        f"a.{m.zone.apex}"), struct.pack("!H", 1) + wire(f"b.{m.zone.apex}"))
    for label in ("a", "b"):
        m.zone.add(label, "A", address(m.number).packed)
        m.zone.asked += [f"_tcp.{label}", f"_25._tcp.{label}"]


@kind("null-mx", "intact", mx="null_mx secure", host=None)
def null_mx(m: Make) -> None:
    m.zone.data[m.zone.apex]["MX"] = [b"\0\0\0"]


def with_apex_ns(m: Make) -> None:
    """Positive answers have the NS records, as many servers add them."""
    m.zone.change_reply("@", "MX", lambda reply: reply.authority.append(
        (m.zone.apex, "NS", m.zone.apex)))


plain("authority-ns", "authority-ns-bad", with_apex_ns, lane=ANY)


@kind("authority-ns-bad", "authority-ns", lane=FALLS_BACK,
      mx="mx|bogus secure|bogus", host="usable secure usable|")
def authority_ns_bad(m: Make) -> None:
    with_apex_ns(m)
    changed("@", "NS", is_broken=True)(m)


@kind("authority-ns-unsigned", "authority-ns-bad", lane=ANY)
def authority_ns_unsigned(m: Make) -> None:
    with_apex_ns(m)
    m.zone.strip("@", "NS")
