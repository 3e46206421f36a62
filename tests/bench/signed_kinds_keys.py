"""Kinds of signed delegations: algorithms, keys, DS records and rollovers."""

from __future__ import annotations

from collections.abc import Callable

from signed_keys import KSK, REVOKE, ZSK
from signed_kind import (ANY, BAD, DENIALS, FALLS_BACK, LANE, PLAIN, Make,
                         kind, plain)
from signed_zone import Nsec3

# Algorithms ------------------------------------------------------------------

plain("intact", "bad-signature", denials=DENIALS)
for number in (10, 14, 15):
    plain(f"algorithm-{number}", "intact", algorithms=(number,), lane=ANY,
          denials=DENIALS)
# RFC 8624 3.1: a validator must know 5 and 7, unless the machine's policy
# forbids SHA-1; 16 is optional.
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


# Keys ------------------------------------------------------------------------

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


# RFC 5011 2.1 is about trust anchors: a validator may use a revoked key that
# has a DS.
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


# DS --------------------------------------------------------------------------

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


# A validator may look at the strongest digest alone (RFC 4509 3 asks for it
# where the other one is SHA-1).
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


# Rollovers -------------------------------------------------------------------

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
