"""Several MX hosts and several addresses that are not alike, in tiers (RULES 9,
"Domain"), with a policy and without."""

from senders import (BUSY, GONE, GOOD_PAIR, MATCH, OTHER, PLAIN, SELF, WRONG,
                     at, enforce, first, met, second, testing)

BOTH = enforce("mx1", "mx2")
GOOD = first(GOOD_PAIR)
LAST = at("mx3", GOOD_PAIR, preference=30)

TIERS = [
    met("tiers", "", "tiers-second-plain", "E E E E A", GOOD,
        second(GOOD_PAIR)),
    met("tiers-enforce", "", "tiers", "E E A A A", GOOD, second(GOOD_PAIR),
        policy=BOTH),
    met("tiers-first-listed", "P7", "tiers-second-listed", "E E A A A", GOOD,
        second(GOOD_PAIR), policy=enforce("mx1")),
    met("tiers-second-listed", "P7", "tiers-first-listed", "E E A A A", GOOD,
        second(GOOD_PAIR), policy=enforce("mx2")),
    met("tiers-none-listed", "P7", "tiers-first-listed", "E E R R A", GOOD,
        second(GOOD_PAIR), policy=enforce("elsewhere")),
    met("tiers-second-plain", "", "tiers", "EEC EEC EEC EEC A", GOOD,
        second(PLAIN)),
    met("tiers-second-plain-enforce", "", "tiers-second-plain",
        "EEC EEC A A A", GOOD, second(PLAIN), policy=BOTH),
    met("tiers-first-plain", "", "tiers-second-plain", "CEC CEC CEC CEC A",
        first(PLAIN), second(GOOD_PAIR)),
    met("tiers-first-plain-enforce", "", "tiers-first-plain",
        "CEC CEC A A A", first(PLAIN), second(GOOD_PAIR), policy=BOTH),
    met("tiers-first-busy-enforce", "", "tiers-first-gone-enforce",
        "UEE UEE UAA UAA UAA", first(BUSY), second(GOOD_PAIR), policy=BOTH),
    met("tiers-first-gone-enforce", "", "tiers-first-busy-enforce",
        "E E A A A", first(GONE), second(GOOD_PAIR), policy=BOTH),
    met("tiers-busy-and-other", "", "tiers-other-and-other",
        "UEE UEE U U U", first(BUSY), second(OTHER), policy=BOTH),
    met("tiers-other-and-other", "", "tiers-busy-and-other", "E E R R R",
        first(OTHER), second(OTHER), policy=BOTH),
    met("tiers-gone-and-gone", "", "tiers-first-gone-enforce", "X X X X X",
        first(GONE), second(GONE), policy=BOTH),
    met("tiers-gone-and-other", "", "tiers-gone-and-gone", "E E R R R",
        first(GONE), second(OTHER), policy=BOTH),
    met("three-tiers", "", "three-tiers-enforce", "CEC CEC CEC CEC A",
        first(GONE), second(PLAIN), LAST),
    met("three-tiers-enforce", "", "three-tiers", "CEC CEC A A A",
        first(GONE), second(PLAIN), LAST,
        policy=enforce("mx1", "mx2", "mx3")),
    met("three-tiers-last-not-listed", "P7", "three-tiers-enforce",
        "CEC CEC R R A", first(GONE), second(PLAIN), LAST, policy=BOTH),
]

EQUAL = [
    met("equal-enforce", "", "equal", "MEC MEC A A A", GOOD,
        second(PLAIN, preference=10), policy=BOTH),
    met("equal", "", "equal-enforce", "MEC MEC MEC MEC A", GOOD,
        second(PLAIN, preference=10)),
    met("equal-testing", "", "equal-enforce", "MEC MEC MEC MEC A", GOOD,
        second(PLAIN, preference=10), policy=testing("mx1", "mx2"),
        flags="would_fail"),
    met("equal-gone", "", "equal-busy", "E E A A A", GOOD,
        second(GONE, preference=10), policy=BOTH),
    met("equal-busy", "", "equal-gone", "E E A A A", GOOD,
        second(BUSY, preference=10), policy=BOTH),
]

# DANE where there is TLSA, MTA-STS where there is none.
DANE_TIERS = [
    met("tiers-dane-and-sts", "", "tiers-dane-alone", "E AAE A A A",
        first(GOOD_PAIR, tlsa=MATCH), second(GOOD_PAIR), policy=BOTH,
        dane="1", every="0"),
    met("tiers-dane-alone", "", "tiers-dane-and-sts", "E AAE E AAE A",
        first(GOOD_PAIR, tlsa=MATCH), second(GOOD_PAIR), dane="1",
        every="0"),
    met("tiers-dane-and-other", "", "tiers-dane-and-sts", "E AAE A A A",
        first(GOOD_PAIR, tlsa=MATCH), second(OTHER), policy=BOTH, dane="1",
        every="0"),
    met("tiers-dane-fails", "P9", "tiers-dane-and-sts", "E E A A A",
        first(GOOD_PAIR, tlsa=WRONG), second(GOOD_PAIR), policy=BOTH),
    met("tiers-dane-fails-and-other", "P9", "tiers-dane-fails", "E E A R A",
        first(GOOD_PAIR, tlsa=WRONG), second(OTHER), policy=BOTH),
    met("tiers-dane-both", "", "tiers-dane-and-sts", "E A E A A",
        first(GOOD_PAIR, tlsa=MATCH), second(GOOD_PAIR, tlsa=MATCH),
        dane="1"),
]

ADDRESSES = [
    met("pairs", "", "pairs-plain", "E E E E A",
        first(GOOD_PAIR, GOOD_PAIR)),
    met("pairs-plain", "", "pairs", "MEC MEC MEC MEC A",
        first(GOOD_PAIR, PLAIN)),
    met("pairs-plain-enforce", "", "pairs-plain", "MEC MEC A A A",
        first(GOOD_PAIR, PLAIN), policy=enforce()),
    met("pairs-plain-testing", "", "pairs-plain-enforce",
        "MEC MEC MEC MEC A", first(GOOD_PAIR, PLAIN), policy=testing(),
        flags="would_fail"),
    met("pairs-other-enforce", "", "pairs-others-enforce", "E E A A A",
        first(GOOD_PAIR, OTHER), policy=enforce()),
    met("pairs-others-enforce", "", "pairs-other-enforce", "E E R R R",
        first(SELF, OTHER), policy=enforce()),
    met("pairs-gone-enforce", "", "pairs-busy-enforce", "E E A A A",
        first(GOOD_PAIR, GONE), policy=enforce()),
    met("pairs-busy-enforce", "", "pairs-other-busy-enforce", "E E A A A",
        first(GOOD_PAIR, BUSY), policy=enforce()),
    met("pairs-other-busy-enforce", "", "pairs-busy-enforce", "E E U U U",
        first(OTHER, BUSY), policy=enforce()),
    met("pairs-plain-busy", "", "pairs-plain", "C C C C U",
        first(PLAIN, BUSY)),
]

MIXED = TIERS + EQUAL + DANE_TIERS + ADDRESSES
