"""Addresses that are never connected to (RULES K1)."""

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403


def special(name: str, twin: str, address: str, family: int = 4) -> Scenario:
    """An MX host in special-purpose address space is not connected to."""
    found = ("found", "nodata") if family == 4 else ("nodata", "found")
    return Scenario(
        name, "K1", twin, hosts=(Host("mx", (At(None, place=address),)),),
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {"host_status": "special_address",
                          "ipv4_status": found[0], "ipv6_status": found[1],
                          "address_count": 1, "tlsa_status": "not_asked"}},
            addresses={"mx/0": {"family": family, "class": "special"}},
            host_results={("mx", "mx/0", "mx", 1): {
                "basis": "none", "reason": "special_address",
                "profile": "", "tls_class": "unreachable",
                "dane_verdict": "not_applicable"}}))

SPECIAL = [
    special("special-loopback", "plain-secure", "127.0.0.1"),
    special("special-private", "plain-secure", "10.0.0.1"),
    special("special-this", "plain-secure", "0.0.0.0"),
    special("special-v6-loopback", "ipv6-only", "::1", 6),
    special("special-mapped", "ipv6-only", "::ffff:127.0.0.1", 6),
]

# One of each registry entry, and one that embeds such an address.
MORE_SPECIAL = [
    special(f"special-{name}", "ipv6-only" if family == 6 else "plain-secure",
            address, family)
    for name, address, family in (
        ("shared", "100.64.0.1", 4), ("link-local", "169.254.1.1", 4),
        ("private-172", "172.16.0.1", 4), ("private-192", "192.168.0.1", 4),
        ("protocol", "192.0.0.8", 4), ("test-net-1", "192.0.2.1", 4),
        ("test-net-2", "198.51.100.1", 4), ("test-net-3", "203.0.113.1", 4),
        ("6to4-relay", "192.88.99.1", 4), ("multicast", "224.0.0.1", 4),
        ("reserved", "240.0.0.1", 4), ("broadcast", "255.255.255.255", 4),
        ("loopback-end", "127.255.255.254", 4),
        ("v6-none", "::", 6), ("v6-compatible", "::10.0.0.1", 6),
        ("v6-mapped-public", "::ffff:198.18.16.1", 6),
        ("v6-nat64", "64:ff9b::10.0.0.1", 6),
        ("v6-nat64-local", "64:ff9b:1::1", 6), ("v6-discard", "100::1", 6),
        ("v6-teredo", "2001::1", 6), ("v6-benchmark", "2001:2::1", 6),
        ("v6-orchid", "2001:10::1", 6), ("v6-orchid-2", "2001:20::1", 6),
        ("v6-drone", "2001:30::1", 6), ("v6-documentation", "3fff::1", 6),
        ("v6-6to4", "2002:a00:1::1", 6), ("v6-6to4-loopback",
                                          "2002:7f00:1::1", 6),
        ("v6-local", "fd00::1", 6), ("v6-link-local", "fe80::1", 6),
        ("v6-site-local", "fec0::1", 6), ("v6-multicast", "ff02::1", 6))
]


def beside_special(name: str, twin: str, address: str, family: int,
                   ) -> Scenario:
    """The other address of the host is an ordinary one, and is used."""
    found = ("found", "nodata" if family == 4 else "found")
    return Scenario(
        name, "K1", twin, hosts=(Host("mx", (
            At(GOOD), At(None, place=address)), (EE_SPKI,)),),
        oracle="Postfix would try the special address too",
        expect=Expect(
            domains={"@": domain()}, mx={"mx": mx()},
            hosts={"mx": {**tlsa_found(), "address_count": 2,
                          "ipv4_status": found[0], "ipv6_status": found[1]}},
            addresses={"mx/0": PUBLIC_V4, "mx/1": {"family": family,
                                                   "class": "special"}},
            tlsa={("mx", 1, 0): usable_record(EE_SPKI)},
            probes={("mx/0", "mx", "modern", 1): established()},
            host_results={
                ("mx", "mx/0", "mx", 1): matched(0),
                ("mx", "mx/1", "mx", 1): {
                    "basis": "none", "reason": "special_address",
                    "tls_class": "unreachable"}}))

BESIDE = [
    beside_special("special-beside-v4", "special-private", "10.0.0.2", 4),
    beside_special("special-beside-v6", "special-v6-loopback", "fd00::2", 6),
]

SPECIAL += MORE_SPECIAL + BESIDE
