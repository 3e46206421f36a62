"""A zone for each misbehaviour of fakens. Its first name server has the rules,
and its second is the twin without rules. Nothing scans this world.
"""

from behaviours import GOOD
from model import At, Expect, Host, Rule, Says, Scenario, Served, Tlsa, Zone


def zone(name: str, *rules: Rule, **served) -> Scenario:
    place = served.get("place", "v4")
    return Scenario(
        name, "11", "", Expect(),
        zone=Zone(servers=(Served(rules, **served), Served(place=place))),
        hosts=(Host("mx", (At(GOOD),), tlsa=(Tlsa(3, 1, 1),)),))


# A pause of this length between two questions counts for "strip-early".
EARLY_SECONDS = 3

SCENARIOS = [
    *(zone(action.replace("_", "-"), Rule(action)) for action in (
        "drop", "servfail", "refused", "notimp", "formerr", "nxdomain",
        "referral", "truncate", "strip_rrsig", "wrong_id",
        "wrong_question")),
    *(zone(f"truncate-{tcp}", Rule("truncate"), tcp=tcp)
      for tcp in ("refused", "silent", "deaf")),
    zone("late", Rule("delay 2000")),
    zone("late-servfail", Rule("delay 2000"), Rule("servfail")),
    zone("lose", Rule("lose 3")),
    zone("drop-first", Rule("drop_first 3")),
    zone("drop-after", Rule("drop_after 3")),
    zone("strip-first", Rule("strip_first 2")),
    zone("strip-early", Rule(f"strip_early {1000 * EARLY_SECONDS}")),
    zone("prefer-capital", Rule("prefer_capital 77")),
    zone("prefer-odd", Rule("prefer_odd 77")),
    zone("wrong-ids", Rule("wrong_ids 2")),
    zone("lower", Rule("lower")),
    zone("answer", Rule("answer", type="MX", says=Says(
        answer=("@ 60 IN MX 5 other",), authority=("@ 60 CH NS other",),
        opts=0))),
    zone("answer-edns", Rule("answer_edns", type="MX", says=Says(
        rcode=16, is_authoritative=False))),
    zone("rate", rate=20),
    zone("by-type", Rule("drop", type="TLSA")),
    zone("by-name", Rule("refused", name="mx", below=False)),
    zone("below-name", Rule("refused", name="mx")),
    zone("by-transport", Rule("refused", transport="udp")),
    zone("over-ipv6", Rule("servfail"), place="v6"),
]
