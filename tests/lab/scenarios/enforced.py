"""The results of senders with MTA-STS, without and with DANE (RULES 9, P7,
P9)."""

import dataclasses

from model import BARE, Web
from policies import HOST, VALID, policy_domain
from senders import (BROKEN, BUSY, EXPIRED, GONE, GOOD_PAIR, MATCH, NONE, OLD,
                     OTHER, PLAIN, Policy, SELF, UNUSABLE, WILD, WRONG, at,
                     enforce, first, met, policy_text, testing)

# One host, which the policy lists or not ------------------------------------

ENFORCE = [
    met("enforce", "N1", "enforce-other-name", "E E A A A", policy=enforce()),
    met("enforce-other-name", "N1", "enforce", "E E R R R", first(OTHER),
        policy=enforce()),
    met("enforce-self-signed", "5", "enforce", "E E R R R", first(SELF),
        policy=enforce()),
    met("enforce-expired", "5", "enforce", "E E R R R", first(EXPIRED),
        policy=enforce()),
    met("enforce-no-starttls", "S8", "enforce", "C C R R R", first(PLAIN),
        policy=enforce()),
    met("enforce-old", "S15", "enforce", "E E R R R", first(OLD),
        policy=enforce(), flags="legacy_tls"),
    met("enforce-gone", "", "enforce", "X X X X X", first(GONE),
        policy=enforce()),
    met("enforce-busy", "", "enforce", "U U U U U", first(BUSY),
        policy=enforce()),
    met("enforce-not-listed", "P7", "enforce", "E E R R A",
        policy=enforce("elsewhere")),
    # Nobody is asked there, whatever is found.
    met("enforce-not-listed-gone", "P7", "enforce-gone", "X X R R X",
        first(GONE), policy=enforce("elsewhere")),
    met("enforce-pattern", "P7", "enforce-pattern-deep", "E E A A A",
        policy=enforce("*")),
    met("enforce-pattern-deep", "P7", "enforce-pattern", "E E R R A",
        at("a.mx1", GOOD_PAIR), policy=enforce("*")),
    met("enforce-wildcard", "N1", "enforce-wildcard-deep", "E E A A A",
        first(WILD), policy=enforce()),
    met("enforce-wildcard-deep", "N1", "enforce-wildcard", "E E R R R",
        at("a.mx1", dataclasses.replace(WILD, name=0)),
        policy=enforce("a.mx1")),
    met("bare-enforce", "", "bare-enforce-other-name", "E E A A A",
        policy=enforce(), zone=BARE),
    met("bare-enforce-other-name", "", "bare-enforce", "E E R R R",
        first(OTHER), policy=enforce(), zone=BARE),
]

# Modes that demand nothing, and policies that are none ----------------------

TESTING = [
    met("testing", "", "testing-other-name", "E E E E A", policy=testing()),
    met("testing-other-name", "", "testing", "E E E E R", first(OTHER),
        policy=testing(), flags="would_fail"),
    met("testing-no-starttls", "", "enforce-no-starttls", "C C C C R",
        first(PLAIN), policy=testing(), flags="would_fail"),
    met("testing-old", "", "enforce-old", "E E E E R", first(OLD),
        policy=testing(), flags="legacy_tls would_fail"),
    met("testing-not-listed", "P7", "testing", "E E E E A",
        policy=testing("elsewhere"), flags="would_fail"),
    # It fails without a policy as well.
    met("testing-gone", "", "testing-no-starttls", "X X X X X", first(GONE),
        policy=testing()),
    met("mode-none", "P6", "testing-other-name", "E E E E R", first(OTHER),
        policy=NONE),
    met("policy-unfetched", "P3", "enforce-other-name", "E E E E R",
        first(OTHER), policy=Policy("enforce", fault="status")),
    met("policy-invalid", "P6", "enforce-other-name", "E E E E R",
        first(OTHER), policy=Policy("enforce", fault="syntax")),
]

# Whether there is a record is not known -------------------------------------

UNKNOWN = [
    met("record-broken", "", "enforce", "E E U U A", policy=BROKEN),
    met("record-broken-no-starttls", "", "enforce-no-starttls", "C C U U R",
        first(PLAIN), policy=BROKEN),
    # With a policy as without.
    met("record-broken-gone", "", "record-broken", "X X X X X", first(GONE),
        policy=BROKEN),
    met("record-broken-match", "T8", "record-broken", "E A U A A",
        first(GOOD_PAIR, tlsa=MATCH), policy=BROKEN, dane="1"),
    met("record-broken-mismatch", "P9", "record-broken-match", "E R U R A",
        first(GOOD_PAIR, tlsa=WRONG), policy=BROKEN),
]

# Beside DANE ----------------------------------------------------------------

BESIDE = [
    met("dane-and-sts", "P9", "dane-fails-sts-passes", "E A A A A",
        first(GOOD_PAIR, tlsa=MATCH), policy=enforce(), dane="1"),
    met("dane-fails-sts-passes", "P9", "dane-and-sts", "E R A R A",
        first(GOOD_PAIR, tlsa=WRONG), policy=enforce()),
    met("dane-passes-sts-fails", "P9 U4", "dane-and-sts", "E A R A R",
        first(OTHER, tlsa=MATCH), policy=enforce(), dane="1"),
    met("dane-passes-not-listed", "P9 P7", "dane-and-sts", "E A R A A",
        first(GOOD_PAIR, tlsa=MATCH), policy=enforce("elsewhere"), dane="1"),
    met("dane-and-sts-fail", "P9", "dane-fails-sts-passes", "E R R R R",
        first(OTHER, tlsa=WRONG), policy=enforce()),
    met("dane-and-testing", "P9", "dane-and-sts", "E A E A A",
        first(GOOD_PAIR, tlsa=MATCH), policy=testing(), dane="1"),
    met("dane-fails-testing", "P9", "dane-and-testing", "E R E R A",
        first(GOOD_PAIR, tlsa=WRONG), policy=testing()),
    met("dane-and-sts-no-starttls", "T8", "dane-and-sts", "C R R R R",
        first(PLAIN, tlsa=MATCH), policy=enforce()),
    met("unusable-and-sts", "T9", "unusable-and-sts-fails", "E E A A A",
        first(GOOD_PAIR, tlsa=UNUSABLE), policy=enforce()),
    met("unusable-and-sts-fails", "T9", "unusable-and-sts", "E E R R R",
        first(OTHER, tlsa=UNUSABLE), policy=enforce()),
    met("unusable-alone", "T9", "unusable-and-sts", "E E E E A",
        first(GOOD_PAIR, tlsa=UNUSABLE)),
    # TLS is required of one that does both.
    met("unusable-testing-no-starttls", "T9", "testing-no-starttls",
        "C R C R R", first(PLAIN, tlsa=UNUSABLE), policy=testing(),
        flags="would_fail"),
    met("unusable-none-no-starttls", "T9", "unusable-testing-no-starttls",
        "C R C R R", first(PLAIN, tlsa=UNUSABLE), policy=NONE),
]


def under_insecure_mx(name: str, twin: str, said: str, *mx: str):
    """An unsigned domain at a provider with TLSA that matches (T12): the better
    of both counts."""
    scenario = policy_domain(
        name, "9 T12", twin,
        {**VALID, "policy_host": f"mta-sts.{name}.bare",
         "mta_sts_mx": " ".join(mx)}, zone=BARE,
        web=(Web(policy=policy_text("enforce", list(mx)), chains=HOST),))
    return dataclasses.replace(scenario, expect=dataclasses.replace(
        scenario.expect, senders=(said, "", "0", "0", None)))


INSECURE = [
    under_insecure_mx("insecure-mx-sts", "insecure-mx-sts-not-listed",
                      "E I A A A", "mx.provider.sec"),
    under_insecure_mx("insecure-mx-sts-not-listed", "insecure-mx-sts",
                      "E I R I A", "mail.example.com"),
]

ENFORCED = ENFORCE + TESTING + UNKNOWN + BESIDE + INSECURE
