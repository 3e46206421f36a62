"""Addresses that are never connected to (RULES 11)."""

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403


def special(name: str, twin: str, address: str, family: int = 4) -> Scenario:
    """An MX host in special-purpose address space is not connected to."""
    found = ("found", "nodata") if family == 4 else ("nodata", "found")
    return Scenario(
        name, "11", twin, hosts=(Host("mx", (At(None, place=address),)),),
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
