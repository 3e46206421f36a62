"""Kinds of signed delegations: what is not at the apex, and TXT records."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from signed_keys import wire
from signed_kind import (ANY, BAD, DENIALS, FALLS_BACK, Make, address, changed,
                         drop_proof, kind, plain, times)
from signed_zone import DAY, Nsec3, Signature

# Denial at the apex ----------------------------------------------------------

def without_mx(m: Make) -> None:
    del m.zone.data[m.zone.apex]["MX"]


NO_MAIL = {"mx": "no_mail secure", "host": None}
plain("no-mail", "no-mail-no-proof", without_mx, denials=DENIALS, **NO_MAIL)
for iterations in (151, 500):
    # RFC 9276 3.2: insecure, or no answer at all (RULES DS5).
    plain(f"no-mail-iterations-{iterations}", "no-mail", without_mx,
          denials=(Nsec3(iterations=iterations),), lane=FALLS_BACK,
          mx="no_mail|bogus insecure|bogus", host=None)
    plain(f"iterations-{iterations}", f"no-mail-iterations-{iterations}",
          denials=(Nsec3(iterations=iterations),), lane=ANY)


# Its host is not in `hosts` (docs/schema.md).
@kind("implicit", "no-mail", mx="implicit secure", host=None)
def implicit(m: Make) -> None:
    without_mx(m)
    m.zone.add("@", "A", address(m.number).packed)


def no_mail_with(change: Callable) -> Callable:
    def make(m: Make) -> None:
        without_mx(m)
        change(m)
    return make


def reply_without(*kinds: str) -> Callable:
    def change(reply) -> None:
        reply.authority = [item for item in reply.authority
                           if item[1] not in kinds]
    return lambda m: m.zone.change_reply("@", "any", change)


def claim(*types: str) -> Callable:
    """A wrong bitmap of the apex."""
    return lambda m: m.zone.bitmaps.update({m.zone.apex: types})


APEX = ("NS", "SOA", "DNSKEY")
for name, change in {
        "no-proof": reply_without("NSEC", "NSEC3"),
        "unsigned-proof": lambda m: (m.zone.strip(None, "NSEC"),
                                     m.zone.strip(None, "NSEC3")),
        "unsigned-soa": lambda m: m.zone.strip("@", "SOA"),
        "bad-soa": changed("@", "SOA", is_broken=True),
        "bad-proof": lambda m: [changed(None, of, is_broken=True)(m)
                                for of in ("NSEC", "NSEC3")],
        "expired-proof": lambda m: [times(-60 * DAY, -20 * DAY, None, of)(m)
                                    for of in ("NSEC", "NSEC3")],
        "bitmap-has-mx": claim(*APEX, "MX"),
        "bitmap-has-cname": claim(*APEX, "CNAME"),
}.items():
    plain(f"no-mail-{name}", "no-mail", no_mail_with(change), **BAD)


# A validator may take it for the other side of a cut.
plain("no-mail-bitmap-of-a-cut", "no-mail", no_mail_with(claim("NS")),
      mx="no_mail|bogus insecure|bogus", host=None, lane=FALLS_BACK)


# It does not identify the apex of the zone, although everything is signed.
@kind("no-mail-no-soa", "no-mail", mx="no_mail|bogus secure|bogus", host=None,
      lane=FALLS_BACK)
def no_mail_no_soa(m: Make) -> None:
    without_mx(m)
    reply_without("SOA")(m)


@kind("no-mail-other-nsec", "no-mail", denials=(None,), **BAD)
def no_mail_other_nsec(m: Make) -> None:
    """The NSEC of mx, whose next name is the apex."""
    without_mx(m)

    def change(reply) -> None:
        owner = m.zone.order[-1]
        reply.authority = [m.zone.soa(), (owner, "NSEC", owner)]
    m.zone.change_reply("@", "any", change)


# RFC 2181 10.1 forbids it, and yet it is signed.
@kind("apex-alias", "intact", lane=FALLS_BACK)
def apex_alias(m: Make) -> None:
    m.zone.add("real", "MX", *m.zone.data[m.zone.apex].pop("MX"))
    m.zone.add("@", "CNAME", wire(m.zone.absolute("real")))
    m.zone.asked.append("_tcp.real")


# The proof is of NODATA, whatever the header says.
@kind("nxdomain-of-apex", "no-mail", mx="no_mail|bogus secure|bogus",
      host=None, lane=ANY)
def nxdomain_of_apex(m: Make) -> None:
    def change(reply) -> None:
        reply.flags |= 3
    without_mx(m)
    m.zone.change_reply("@", "MX", change)


def denied(**fields) -> tuple:
    return (dataclasses.replace(Nsec3(), **fields),)


# RFC 5155 8.1, 8.2: such records are ignored, so that nothing is proven.
plain("no-mail-nsec3-hash-2", "no-mail", without_mx,
      denials=denied(algorithm=2),
      **{**BAD, "mx": "no_mail|bogus insecure|bogus"})
plain("no-mail-nsec3-flags", "no-mail", without_mx, denials=denied(flags=2),
      **{**BAD, "mx": "no_mail|bogus insecure|bogus"})


# TXT -------------------------------------------------------------------------

STS = b"\x14v=STSv1; id=a1b2c3d;"
TLSRPT = b"\x24v=TLSRPTv1; rua=mailto:post@lab.bare"


@kind("txt", "txt-unsigned", txt="absent found")
def txt(m: Make) -> None:
    m.zone.add("_smtp._tls", "TXT", TLSRPT)


# The policy host is not there.
@kind("txt-mta-sts", "txt-mta-sts-unsigned", txt="found absent")
def txt_mta_sts(m: Make) -> None:
    m.zone.add("_mta-sts", "TXT", STS)


@kind("txt-mta-sts-unsigned", "txt-mta-sts", lane=ANY, txt="error absent")
def txt_mta_sts_unsigned(m: Make) -> None:
    txt_mta_sts(m)
    m.zone.strip("_mta-sts", "TXT")


# The record of the wildcard is no record of either kind.
@kind("txt-wildcard", "txt-wildcard-no-denial", txt="absent absent",
      host="usable secure usable", lane=ANY)
def txt_wildcard(m: Make) -> None:
    m.zone.add("*", "TXT", b"\x0bv=spf1 -all")


@kind("txt-wildcard-no-denial", "txt-wildcard", txt="error error", lane=ANY,
      denials=(None,))
def txt_wildcard_no_denial(m: Make) -> None:
    txt_wildcard(m)
    for label in ("_mta-sts", "_smtp._tls", "_tls"):
        m.zone.change_reply(label, "any", drop_proof)
        m.zone.change_reply(label, "TXT", drop_proof)


@kind("txt-unsigned", "txt", lane=ANY, txt="absent error")
def txt_unsigned(m: Make) -> None:
    txt(m)
    m.zone.strip("_smtp._tls", "TXT")


@kind("txt-alias", "txt-unsigned", lane=ANY, txt="absent found")
def txt_alias(m: Make) -> None:
    m.zone.add("_smtp._tls", "CNAME", wire(m.zone.absolute("report")))
    m.zone.add("report", "TXT", TLSRPT)


# The direct lane does not have to prove that TXT records are absent.
@kind("txt-denial-bad-proof", "intact", txt_unproven=True, lane=ANY,
      txt="error error")
def txt_denial_bad_proof(m: Make) -> None:
    def change(signature: Signature) -> list:
        return [dataclasses.replace(signature, is_broken=True)]
    for of in ("NSEC", "NSEC3"):
        m.zone.change(None, of, change)


@kind("txt-denial-no-proof", "txt-denial-bad-proof", lane=ANY,
      txt="error error")
def txt_denial_no_proof(m: Make) -> None:
    for label in ("_mta-sts", "_smtp._tls", "_tls"):
        m.zone.change_reply(label, "any", drop_proof)
