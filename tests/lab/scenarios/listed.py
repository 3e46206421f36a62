"""Domains of a policy list (RULES 9, 10) that test_listed_senders uses; without
the list they are ordinary domains. The entry is compared with the names of the
certificate, not with those of the MX hosts."""

from senders import (BROKEN, BUSY, EXPIRED, GONE, GOOD_PAIR, Listed, MATCH,
                     NONE, OLD, OTHER, PLAIN, Policy, SELF, WILD, at, enforce,
                     first, met, second, testing)

HOLDS = Listed(("mx1",), "A")
FAILS = Listed(("mx1",), "R", True)
# That of OTHER, and not of the MX host.
OTHERS = Listed(("elsewhere",), "A")
NOT_ITS = Listed(("elsewhere",), "R", True)
SUFFIX = Listed((".@",), "A")


def overridden(letters: str, *mxs: str) -> Listed:
    return Listed(mxs or ("mx1",), letters, overrides=True)


CERTIFICATES = [
    met("list", "10", "list-other-entry", "E E E E A", listed=HOLDS),
    met("list-not", "10", "list", "E E E E A"),
    met("list-other-entry", "10", "list", "E E E E A", listed=NOT_ITS),
    met("list-certificate-name", "10", "list-mx-name", "E E E E R",
        first(OTHER), listed=OTHERS),
    met("list-mx-name", "10", "list-certificate-name", "E E E E R",
        first(OTHER), listed=FAILS),
    met("list-two-entries", "10", "list-other-entry", "E E E E A",
        listed=Listed(("elsewhere", "mx1"), "A")),
    met("list-suffix", "10", "list-suffix-deep", "E E E E A", listed=SUFFIX),
    met("list-suffix-deep", "10", "list-suffix", "E E E E A",
        at("a.mx1", GOOD_PAIR), listed=Listed((".@",), "R", True)),
    met("list-suffix-wildcard", "10", "list-wildcard", "E E E E A",
        first(WILD), listed=SUFFIX),
    met("list-wildcard", "N1", "list-wildcard-deep", "E E E E A",
        first(WILD), listed=HOLDS),
    met("list-wildcard-deep", "N1", "list-wildcard", "E E E E A",
        first(WILD), listed=Listed(("a.mx1",), "R", True)),
    met("list-self-signed", "5", "list", "E E E E R", first(SELF),
        listed=FAILS),
    met("list-expired-certificate", "5", "list", "E E E E R",
        first(EXPIRED), listed=FAILS),
    met("list-old", "S15", "list", "E E E E R", first(OLD), listed=FAILS,
        flags="legacy_tls"),
    met("list-no-starttls", "S8", "list", "C C C C R", first(PLAIN),
        listed=FAILS),
    met("list-gone", "", "list-busy", "X X X X X", first(GONE),
        listed=Listed(("mx1",), "X")),
    met("list-busy", "", "list-gone", "U U U U U", first(BUSY),
        listed=Listed(("mx1",), "U")),
    met("list-dane", "10", "list-other-entry", "E A E A A",
        first(GOOD_PAIR, tlsa=MATCH), listed=NOT_ITS, dane="1"),
]

POLICIES = [
    met("list-sts", "9", "list-sts-fails", "E E A A A", policy=enforce(),
        listed=overridden("A", "elsewhere")),
    met("list-sts-fails", "9", "list-sts-unfetched", "E E R R R",
        first(OTHER), policy=enforce(), listed=overridden("R", "elsewhere")),
    met("list-sts-unfetched", "P3", "list-sts-fails", "E E E E R",
        first(OTHER), policy=Policy("enforce", fault="status"),
        listed=OTHERS),
    met("list-sts-testing", "9", "list-sts", "E E E E A", policy=testing(),
        listed=overridden("E", "elsewhere")),
    met("list-sts-none", "9", "list-sts-testing", "E E E E A", policy=NONE,
        listed=overridden("E")),
    # A valid policy would override it, and there may be one.
    met("list-sts-broken", "9", "list", "E E U U A", policy=BROKEN,
        listed=overridden("U")),
]

SEVERAL = [
    met("list-tiers", "9", "list-tiers-first", "EEC EEC EEC EEC A",
        first(GOOD_PAIR), second(PLAIN),
        listed=Listed(("mx1", "mx2"), "A", True)),
    met("list-tiers-first", "9", "list-tiers", "E E E E A", first(GOOD_PAIR),
        second(GOOD_PAIR), listed=Listed(("mx2",), "A", True)),
    met("list-tiers-busy", "9", "list-tiers-first", "UEE UEE UEE UEE UAA",
        first(BUSY), second(GOOD_PAIR), listed=Listed(("mx2",), "UAA")),
    met("list-pairs", "9", "list-pairs-both", "E E E E A",
        first(GOOD_PAIR, OTHER), listed=Listed(("mx1",), "A", True)),
    met("list-pairs-both", "9", "list-pairs", "E E E E A",
        first(GOOD_PAIR, OTHER), listed=Listed(("mx1", "elsewhere"), "A")),
]

LISTED = CERTIFICATES + POLICIES + SEVERAL
