"""What a signed delegation may be, each kind beside its twin, and what the RFCs
and the rules (docs/rules.md) demand of its rows: not what the program says.

`mx` is mx_status and mx_dnssec, `host` is host_status, ipv4_dnssec and tlsa_status
of its MX host. Where a validator may choose, there are several words with "|".
`lane` is

    DIRECT      the direct lane must answer itself, for MX and for the host
    FALLS_BACK  it must not
    ANY         it may
"""

from __future__ import annotations

import dataclasses
import ipaddress
import struct
from collections.abc import Callable

from signed_keys import KSK, REVOKE, ZSK, Key, Pool, wire
from signed_zone import DAY, Nsec3, Signature, Zone

DIRECT, FALLS_BACK, ANY = "direct", "falls back", "any"
MX, BOGUS = "mx secure", "bogus bogus"
HOST = "usable secure usable"
NO_TLSA = "usable secure absent"

# The lane has to know these; 10, 14 and 15 if the linked libunbound does.
LANE = (13, 8)
DENIALS = (None, Nsec3(), None, Nsec3(True), Nsec3(salt=b"\xaa\xbb", iterations=1),
           Nsec3(True, b"\x01" * 8, 100), Nsec3(iterations=150))
PLAIN = (None, Nsec3())
OPT_OUT = (Nsec3(True), Nsec3(True, b"\x5a", 10))
HALF_OF_TIME = 1 << 31
YEAR = 365 * DAY


@dataclasses.dataclass
class Make:
    """A zone in the making; nothing is signed yet."""
    zone: Zone
    pool: Pool
    number: int
    algorithm: int
    keys: list                          # to sign with
    parent_ds: list | None = None       # None: of the first key
    file_ds: list | None = None         # None: the parent's
    file_signature: str = "good"        # of DS in the file: "none", "bad"

    def key(self, number: int, flags: int = KSK,
            algorithm: int | None = None) -> Key:
        return self.pool.key(algorithm or self.algorithm,
                             self.number + number, flags)

    def ds(self, *keys: Key, digest: int = 2, wrong: bool = False) -> list:
        return [key.ds(self.zone.apex, digest, wrong) for key in keys]


def nothing(_make: Make) -> None:
    pass


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    twin: str
    make: Callable = nothing
    mx: str = MX
    host: str | None = HOST
    lane: str = DIRECT
    algorithms: tuple = LANE
    denials: tuple = PLAIN
    label: str = "mx"                   # of the host
    by_trust: bool = False              # DIRECT with `--ds trust`, and
                                        # FALLS_BACK with `verify`
    after: str = ""                     # the file's DS is not the parent's:
                                        # the row of the direct lane (rule 2)
    txt: str = ""                       # mta_sts_record, tlsrpt_record
    txt_unproven: bool = False          # the direct lane says "absent absent"


KINDS: list = []


def kind(name: str, twin: str, **fields):
    """Of a function that makes it."""
    def add(make: Callable) -> Callable:
        KINDS.append(Kind(name, twin, make, **fields))
        return make
    return add


def plain(name: str, twin: str, make: Callable = nothing, **fields) -> None:
    KINDS.append(Kind(name, twin, make, **fields))


BAD = {"mx": BOGUS, "host": None, "lane": FALLS_BACK}
# The MX RRset is good, the address of its host is not.
BAD_HOST = {"host": "bogus bogus not_asked", "lane": ANY}
BAD_TLSA = {"host": "usable secure bogus", "lane": ANY}

# Algorithms -----------------------------------------------------------------

plain("intact", "bad-signature", denials=DENIALS)
for number in (10, 14, 15):
    plain(f"algorithm-{number}", "intact", algorithms=(number,), lane=ANY,
          denials=DENIALS)
# RFC 8624 3.1: a validator must know 5 and 7, unless the machine's policy forbids
# SHA-1; 16 is optional.
for number in (5, 7, 16):
    plain(f"algorithm-{number}", "intact", algorithms=(number,),
          mx="mx secure|insecure", lane=FALLS_BACK,
          host="usable secure|insecure usable|not_asked",
          denials=(Nsec3(),) if number == 7 else PLAIN)


@kind("rsa-1024", "rsa-512", algorithms=(8,))
def rsa_1024(m: Make) -> None:
    m.keys = [m.pool.rsa_of(1024)]


# RFC 5702 2.1 allows it; many a library does not.
@kind("rsa-512", "rsa-1024", algorithms=(8,), lane=FALLS_BACK,
      mx="mx|bogus secure|insecure|bogus",
      host="usable secure|insecure usable|not_asked|")
def rsa_512(m: Make) -> None:
    m.keys = [m.pool.rsa_of(512)]


@kind("rsa-4096", "intact", algorithms=(8,), lane=ANY)
def rsa_4096(m: Make) -> None:
    m.keys = [m.pool.rsa_of(4096)]


@kind("rsa-exponent-3", "rsa-512", algorithms=(8,))
def rsa_exponent_3(m: Make) -> None:
    m.keys = [m.pool.rsa_of(2048, 3)]


# Keys -----------------------------------------------------------------------

# With RSA, two signatures over each part of a denial do not fit.
@kind("several-zsks-rsa", "many-keys", algorithms=(8,), lane=ANY)
@kind("several-zsks", "many-keys", algorithms=(13,), denials=DENIALS)
def several_zsks(m: Make) -> None:
    m.keys = [m.key(0), m.key(1, ZSK), m.key(2, ZSK)]


@kind("sep-is-ignored", "no-zone-bit")
def sep_is_ignored(m: Make) -> None:
    m.keys = [m.key(0, ZSK)]


@kind("no-zone-bit", "sep-is-ignored", **BAD)
def no_zone_bit(m: Make) -> None:
    m.keys = [m.key(0, 1)]


@kind("protocol-2", "intact", **BAD)
def protocol_2(m: Make) -> None:
    m.keys = [m.key(0).as_(protocol=2)]


# RFC 5011 2.1 is about trust anchors: a validator may use a revoked key of a DS.
@kind("revoked-alone", "revoked-beside", mx="mx|bogus secure|bogus",
      host="usable secure usable|", lane=FALLS_BACK)
def revoked_alone(m: Make) -> None:
    m.keys = [m.key(0, KSK | REVOKE)]


@kind("revoked-beside", "revoked-alone", lane=ANY)
def revoked_beside(m: Make) -> None:
    old = m.key(0, KSK | REVOKE)
    m.keys = [m.key(1), old, m.key(2, ZSK)]


@kind("colliding-tags", "several-zsks", lane=FALLS_BACK, algorithms=(13,))
def colliding_tags(m: Make) -> None:
    m.keys = [m.key(0), *(key.as_(flags=ZSK) for key in m.pool.colliding())]
    m.zone.sign_with(*m.keys)
    m.zone.signers = m.zone.signers[m.number % 2:][:1]


@kind("colliding-junk", "several-zsks", lane=FALLS_BACK, algorithms=(8,))
def colliding_junk(m: Make) -> None:
    zsk = m.key(1, ZSK)
    m.keys = [m.key(0), zsk, zsk.twin_tag()]
    m.zone.sign_with(*m.keys)
    m.zone.signers = [zsk]


@kind("many-keys", "several-zsks", lane=FALLS_BACK, algorithms=(13,))
def many_keys(m: Make) -> None:
    zsks = [m.key(n, ZSK) for n in range(1, 8)]
    others = [m.key(n, ZSK, 14) for n in range(2)]
    m.keys = [m.key(0), *zsks, *others]
    m.zone.sign_with(*m.keys)
    m.zone.signers = zsks[:1]


@kind("many-signatures", "several-zsks", lane=FALLS_BACK, algorithms=(13,))
def many_signatures(m: Make) -> None:
    m.keys = [m.key(0), *(m.key(n, ZSK) for n in range(1, 7))]


# DS -------------------------------------------------------------------------

def digests(*numbers: int) -> Callable:
    def make(m: Make) -> None:
        m.parent_ds = [ds for n in numbers for ds in m.ds(m.keys[0], digest=n)]
    return make


plain("ds-sha256", "ds-wrong", digests(2))
plain("ds-sha384", "ds-wrong", digests(4))
plain("ds-sha1", "ds-sha256", digests(1), lane=FALLS_BACK,
      mx="mx secure|insecure", host="usable secure|insecure usable|not_asked")
plain("ds-sha1-sha256", "ds-sha1", digests(1, 2))
plain("ds-sha256-sha384", "ds-strongest-wrong-13", digests(2, 4))


# A validator may look at the strongest digest alone (RFC 4509 3 asks for it where
# the other one is SHA-1).
def strongest_wrong(algorithm: int) -> Callable:
    def make(m: Make) -> None:
        other = m.key(1, KSK, algorithm)
        m.parent_ds = [*m.ds(m.keys[0]), *m.ds(other, digest=4, wrong=True)]
        m.keys = [m.keys[0], other]
    return make


MAY_BE_BOGUS = {"mx": "mx|bogus secure|bogus", "lane": ANY,
                "host": "usable secure usable|"}
for number in LANE:
    plain(f"ds-strongest-wrong-{number}", "ds-sha256-sha384",
          strongest_wrong(number), **MAY_BE_BOGUS)
plain("ds-sha1-wrong-sha256", "ds-wrong", lambda m: setattr(
    m, "parent_ds", [*m.ds(m.keys[0], digest=1, wrong=True),
                     *m.ds(m.keys[0])]))


@kind("ds-of-zsk", "ds-key-signs-nothing")
def ds_of_zsk(m: Make) -> None:
    m.keys = [m.key(0), m.key(1, ZSK)]
    m.zone.sign_with(*m.keys)
    m.zone.key_signers = m.keys[1:]
    m.parent_ds = m.ds(m.keys[1])


@kind("ds-wrong", "ds-sha256", **BAD)
def ds_wrong(m: Make) -> None:
    m.parent_ds = m.ds(m.keys[0], wrong=True)


@kind("ds-of-no-key", "ds-standby", **BAD)
def ds_of_no_key(m: Make) -> None:
    m.parent_ds = m.ds(m.key(3))


@kind("ds-standby", "ds-of-no-key")
def ds_standby(m: Make) -> None:
    m.parent_ds = m.ds(m.key(3), m.keys[0])


@kind("ds-unknown-digest", "ds-sha256", mx="mx insecure", lane=FALLS_BACK,
      host="usable insecure not_asked")
def ds_unknown_digest(m: Make) -> None:
    m.parent_ds = [(m.keys[0].tag, m.algorithm, 200, "ab" * 32)]


@kind("ds-unknown-algorithm", "ds-sha256", mx="mx insecure", lane=FALLS_BACK,
      host="usable insecure not_asked")
def ds_unknown_algorithm(m: Make) -> None:
    m.parent_ds = [(m.keys[0].tag, 200, 2, "ab" * 32)]


# The key that matches must have signed the DNSKEY RRset.
@kind("ds-key-signs-nothing", "double-ksk", **BAD)
def ds_key_signs_nothing(m: Make) -> None:
    m.keys = [m.key(0), m.key(1), m.key(2, ZSK)]
    m.zone.sign_with(*m.keys)
    m.zone.key_signers = m.keys[1:]


# Rollovers ------------------------------------------------------------------

@kind("roll-pre-publish", "zsk-not-published", denials=DENIALS)
def roll_pre_publish(m: Make) -> None:
    m.keys = [m.key(0), m.key(1, ZSK), m.key(2, ZSK)]
    m.zone.sign_with(*m.keys)
    m.zone.signers = m.zone.signers[m.number % 2:][:1]


@kind("zsk-not-published", "roll-pre-publish", **BAD)
def zsk_not_published(m: Make) -> None:
    m.keys = [m.key(0), m.key(1, ZSK)]
    m.zone.sign_with(*m.keys)
    m.zone.signers = [m.key(2, ZSK)]


@kind("ksk-signs-all", "zsk-not-published")
def ksk_signs_all(m: Make) -> None:
    m.keys = [m.key(0), m.key(1, ZSK)]
    m.zone.sign_with(*m.keys)
    m.zone.signers = m.keys[:1]


# With RSA it does not fit into a datagram.
@kind("double-ksk-rsa", "double-ksk", algorithms=(8,), lane=ANY)
@kind("double-ksk", "ds-key-signs-nothing", algorithms=(13,))
def double_ksk(m: Make) -> None:
    m.keys = [m.key(0), m.key(1), m.key(2, ZSK)]
    m.parent_ds = m.ds(m.keys[m.number % 2])


@kind("roll-double-ds", "ds-of-no-key")
def roll_double_ds(m: Make) -> None:
    m.parent_ds = m.ds(m.keys[0], m.key(4))


def two_algorithms(m: Make) -> tuple:
    return m.key(0), m.key(1, KSK, 21 - m.algorithm)


# RFC 6781 4.1.4: each step of it.
@kind("roll-algorithm-signatures", "ds-of-no-key")
def roll_algorithm_signatures(m: Make) -> None:
    """The new signatures are there, the new key is not."""
    old, new = two_algorithms(m)
    m.keys = [old]
    m.zone.sign_with(old)
    m.zone.signers = [old, new]


@kind("roll-algorithm-both", "ds-of-no-key")
def roll_algorithm_both(m: Make) -> None:
    m.keys = list(two_algorithms(m))
    m.parent_ds = m.ds(m.keys[m.number % 2])


@kind("roll-algorithm-both-ds", "ds-of-no-key")
def roll_algorithm_both_ds(m: Make) -> None:
    m.keys = list(two_algorithms(m))
    m.parent_ds = m.ds(*m.keys)


# RFC 6840 5.11: one path suffices.
@kind("roll-algorithm-one-signs", "zsk-not-published")
def roll_algorithm_one_signs(m: Make) -> None:
    m.keys = list(two_algorithms(m))
    m.parent_ds = m.ds(*m.keys)
    m.zone.sign_with(*m.keys)
    m.zone.signers = m.keys[1:]


# Time (RFC 1982) ------------------------------------------------------------

def times(inception: int, expiration: int, label=None, of=None) -> Callable:
    """Seconds from now."""
    def make(m: Make) -> None:
        now = m.zone.now
        m.zone.change(label, of, lambda s: [dataclasses.replace(
            s, inception=now + inception, expiration=now + expiration)])
    return make


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


# Signatures -----------------------------------------------------------------

def changed(label: str | None, of: str | None, **fields) -> Callable:
    def make(m: Make) -> None:
        m.zone.change(label, of, lambda s: [dataclasses.replace(
            s, **fields)])
    return make


def late(label: str, of: str, **fields) -> Callable:
    """Changed, and not signed so."""
    return changed(label, of, late=tuple(fields.items()))


plain("bad-signature", "intact", changed("@", "MX", is_broken=True), **BAD)
plain("bad-signature-dnskey", "intact", changed("@", "DNSKEY", is_broken=True),
      **BAD)
plain("bad-signature-address", "bad-signature",
      changed("mx", "A", is_broken=True), **BAD_HOST)
plain("bad-signature-tlsa", "bad-signature",
      changed("_25._tcp.mx", "TLSA", is_broken=True), **BAD_TLSA)
plain("wrong-ttl-signed", "ttl-above-original", late("@", "MX", ttl=7200), **BAD)
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


# Data -----------------------------------------------------------------------

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


# Denial at the apex -----------------------------------------------------------

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
    """A bitmap of the apex that is not so."""
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


# Nobody can tell the apex of the zone by it, and all is signed.
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
      denials=denied(algorithm=2), **{**BAD, "mx": "no_mail|bogus insecure|bogus"})
plain("no-mail-nsec3-flags", "no-mail", without_mx, denials=denied(flags=2),
      **{**BAD, "mx": "no_mail|bogus insecure|bogus"})

# Hosts --------------------------------------------------------------------------

def address(number: int) -> ipaddress.IPv4Address:
    return ipaddress.ip_address("198.18.32.0") + number % 4096


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


def denial_of(label: str, change: Callable) -> Callable:
    return lambda m: m.zone.change_reply(label, "any", change)


def drop_proof(reply) -> None:
    reply.authority = [item for item in reply.authority
                       if item[1] not in ("NSEC", "NSEC3")]


def tlsa_absent_no_proof(m: Make) -> None:
    ipv6_too(m)         # else the denial of AAAA proves it (RFC 8198)
    no_tlsa(m)
    for label in ("_25._tcp.mx", "_tcp.mx"):
        m.zone.change_reply(label, "any", drop_proof)


plain("tlsa-absent-no-proof", "tlsa-absent", tlsa_absent_no_proof,
      denials=(None,), **BAD_TLSA)


# The denial of _25._tcp would be good; a resolver that minimises its questions
# (RFC 9156) does not get that far.
@kind("tlsa-absent-no-proof-above", "tlsa-absent", denials=(None,),
      **BAD_TLSA)
def tlsa_absent_no_proof_above(m: Make) -> None:
    ipv6_too(m)
    no_tlsa(m)
    m.zone.change_reply("_tcp.mx", "any", drop_proof)


# The NSEC of the apex covers nothing below mx.
@kind("tlsa-absent-other-proof", "tlsa-absent", denials=(None,), **BAD_TLSA)
def tlsa_absent_other_proof(m: Make) -> None:
    def change(reply) -> None:
        reply.authority = [m.zone.soa(), (m.zone.apex, "NSEC", m.zone.apex)]
    ipv6_too(m)
    no_tlsa(m)
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


# Cuts -------------------------------------------------------------------------

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


# TXT ----------------------------------------------------------------------------

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


# What is absent of TXT need not be proven in the direct lane.
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


# The file and the parent --------------------------------------------------------

# Rule 2 goes by the file's DS: `after` is the row of the direct lane.
@kind("after-ds-removed", "intact", mx="mx insecure", lane=ANY,
      host="usable insecure not_asked", after=MX)
def after_ds_removed(m: Make) -> None:
    m.file_ds, m.parent_ds = m.ds(m.keys[0]), []


@kind("after-ds-rolled", "after-ds-rolled-back", lane=FALLS_BACK, after=MX)
def after_ds_rolled(m: Make) -> None:
    """The old key is gone: no key matches the file's DS."""
    m.file_ds, m.parent_ds = m.ds(m.key(3)), m.ds(m.keys[0])


@kind("after-ds-rolled-back", "after-ds-rolled", mx=BOGUS, host=None, lane=ANY,
      after=MX)
def after_ds_rolled_back(m: Make) -> None:
    """The old key is there still, and the new one is not."""
    m.file_ds, m.parent_ds = m.ds(m.keys[0]), m.ds(m.key(3))


@kind("after-double-ds", "after-ds-rolled", algorithms=(13,))
def after_double_ds(m: Make) -> None:
    """Both keys are there, and the file has the DS of the old one."""
    m.keys = [m.key(0), m.key(1), m.key(2, ZSK)]
    m.file_ds, m.parent_ds = m.ds(m.keys[0]), m.ds(m.keys[1])


# RRSIG(DS) of the file: nobody sees it but `--ds verify`.
@kind("file-ds-unsigned", "intact", lane=ANY, by_trust=True)
def file_ds_unsigned(m: Make) -> None:
    m.file_signature = "none"


@kind("file-ds-bad-signature", "intact", lane=ANY, by_trust=True)
def file_ds_bad_signature(m: Make) -> None:
    m.file_signature = "bad"


# The making of it ---------------------------------------------------------------

def demands(k: Kind) -> tuple:
    return k.mx, k.host, k.lane, k.after, k.txt, k.txt_unproven


def check_twins() -> None:
    by_name = {k.name: k for k in KINDS}
    if len(by_name) != len(KINDS):
        raise ValueError("two kinds have one name")
    for k in KINDS:
        if k.twin not in by_name or demands(k) == demands(by_name[k.twin]):
            raise ValueError(f"{k.name}: no twin {k.twin} that differs")


def make_zone(k: Kind, turn: int, number: int, tld: str, servers: list,
              pool: Pool, now: int) -> Make:
    """Number `turn` of its kind, and `number` of all."""
    algorithm = k.algorithms[turn % len(k.algorithms)]
    denial = k.denials[turn // len(k.algorithms) % len(k.denials)]
    zone = Zone(f"{k.name}-{number}.{tld}", denial, now)
    make = Make(zone, pool, number, algorithm, [])
    make.keys = [make.key(0)] if turn % 2 else [make.key(0), make.key(1, ZSK)]
    zone.add("@", "SOA", wire(servers[0]) + wire(f"hostmaster.{zone.apex}")
             + struct.pack("!5I", 1, 7200, 3600, 1209600, 300))
    zone.add("@", "NS", *map(wire, servers))
    zone.add("@", "MX", b"\0\12" + wire(zone.absolute("mx")))
    zone.add("mx", "A", address(number).packed)
    zone.add("_25._tcp.mx", "TLSA", b"\3\1\1" + wire(zone.apex)[:32].ljust(
        32, b"\0"))
    zone.asked = ["_mta-sts", "mta-sts", "_tls", "_smtp._tls", "_tcp",
                  "_tcp.mx", "_25._tcp.mx", "_25._tcp"]
    k.make(make)
    if not zone.signers:
        zone.sign_with(*make.keys)
    if make.parent_ds is None:
        make.parent_ds = make.ds(make.keys[0])
    if make.file_ds is None:
        make.file_ds = make.parent_ds
    zone.finish()
    return make
