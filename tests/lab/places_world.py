"""A world that two places see differently (RULES 14): test_vantage puts rules of nft
into the lab for each place, between a place and what it cannot see, and changes the
world between the two scans.

    good0 ...       seen from everywhere; their mail servers are in networks of
                    their own
    blocked-a, blocked-b, blocked-both
                    a network from which nothing comes back to A, to B, to both
    grey-a, grey-both   A, or everybody, is told to come later
    filtered-a, filtered-both   something between A, or everybody, and the server
                    takes STARTTLS away
    name-server-a   A gets no answer from its name server
    policy-a        A gets no answer from its policy host
    moved           other TLSA records for B than for A
    hosted          at the MX host of blocked-a
    two             has two addresses: A sees the first alone, B the second
"""

import dataclasses

from behaviours import GOOD, GREETING_450, STRIPPED
from model import (EE_SPKI, EE_WRONG, At, Expect, Host, SIGNED, Scenario,
                   Served, TRUSTED, Web, Zone)
from policies import HOST, POLICY, TXT, txt

GOOD_ZONES = 6
BLOCKED_A, BLOCKED_B = "198.19.101.1", "198.19.102.1"
BLOCKED_BOTH = "198.19.103.1"
GREY_A, GREY_BOTH = "198.19.104.1", "198.19.105.1"
FILTERED_A, FILTERED_BOTH = "198.19.106.1", "198.19.107.1"
POLICY_A = "198.19.121.1"
TWO = ("198.19.108.1", "198.19.109.1")


def mail(name: str, *places: str, behaviour=GOOD, tlsa: tuple = (EE_SPKI,),
         later=None, **more) -> Scenario:
    return Scenario(
        name, "14", "", Expect(),
        hosts=(Host("mx", tuple(At(behaviour, TRUSTED, place)
                                for place in places), tlsa, later=later),),
        **more)


SCENARIOS = [
    *(mail(f"good{n}", f"198.19.{10 + n}.1") for n in range(GOOD_ZONES)),
    mail("blocked-a", BLOCKED_A), mail("blocked-b", BLOCKED_B),
    mail("blocked-both", BLOCKED_BOTH),
    mail("grey-a", GREY_A),
    mail("grey-both", GREY_BOTH, behaviour=GREETING_450),
    mail("filtered-a", FILTERED_A, tlsa=()),
    mail("filtered-both", FILTERED_BOTH, behaviour=STRIPPED, tlsa=()),
    mail("name-server-a", "198.19.20.1",
         zone=dataclasses.replace(SIGNED, servers=(Served(),))),
    mail("policy-a", "198.19.21.1",
         zone=Zone(signed=SIGNED.signed, records=txt("_mta-sts", TXT)),
         web=(Web(policy=POLICY.replace("mail.example.com",
                                        "mx.policy-a.sec"),
                  chains=HOST, place=POLICY_A),)),
    mail("moved", "198.19.22.1", tlsa=(EE_WRONG,), later=(EE_SPKI,)),
    mail("two", *TWO),
    Scenario("hosted", "14", "", Expect(), mx=((10, "mx.blocked-a.sec."),)),
]
