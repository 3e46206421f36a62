"""A world for the names that both lanes are asked about (RULES L11 to L13):
zones without DS, and name servers, some of which distinguish the lanes. The
direct lane mixes capital letters into its questions, and libunbound does not.

    agreeN    AGREE zones whose servers say the same to everybody
    differN   DIFFER zones whose servers say another preference to the direct lane
    turns     a zone whose server says another preference each second time
    other     a zone that names a server which its delegation does not have
    signed    a zone with DS, which nobody is asked directly for
"""

import dataclasses

from behaviours import GOOD
from model import At, BARE, Expect, Host, Rule, SIGNED, Scenario, Served, Zone

# One disagreement of 100 names is 1 %, two of 101 are more.
AGREE, DIFFER = 98, 2
PREFERENCE, OTHER_PREFERENCE = 10, 77


def zone(name: str, *rules: Rule, base: Zone = BARE,
         records: tuple = ()) -> Scenario:
    return Scenario(
        name, "13", "", Expect(),
        zone=dataclasses.replace(base, servers=(Served(rules),),
                                 records=records),
        mx=((PREFERENCE, "mx"),), hosts=(Host("mx", (At(GOOD),)),))


SCENARIOS = [
    *(zone(f"agree{n}") for n in range(AGREE)),
    *(zone(f"differ{n}", Rule(f"prefer_capital {OTHER_PREFERENCE}",
                              type="MX")) for n in range(DIFFER)),
    zone("turns", Rule(f"prefer_odd {OTHER_PREFERENCE}", type="MX")),
    zone("other", records=("@ NS ns1.agree0.bare.",)),
    zone("signed", base=SIGNED),
]
