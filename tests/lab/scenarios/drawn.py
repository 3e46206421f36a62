"""Domains that a policy list is drawn from (RULES 10), as
test_policy_candidates draws it. Each rule that rejects has a domain here, or in
listed.py, that fails only by it; its twin does not. A twin can differ only in
the list, so these domains are a separate world."""

from expected import domain, mx
from model import Expect, Scenario
from senders import (GOOD_PAIR, MATCH, PLAIN, Pair, SELF, at, enforce, first,
                     met, second)

# C6: 18 weeks, in seconds.
LONG = 10886400

SHORT_LIVED = Pair(chain={"not_after_days": 5})


def third(*pairs: Pair):
    return at("mx3", *pairs, preference=30)


def at_host_of(name: str, rules: str, twin: str, other: str) -> Scenario:
    """A domain whose mail goes to the MX host of another."""
    host = f"mx1.{other}.sec."
    return Scenario(
        name, f"10 {rules}", twin, mx=((10, host),),
        oracle="it is a matter of policy",
        expect=Expect(domains={"@": domain()}, mx={host: mx()},
                      senders=("E E E E A", "", "0", "0", None)))


DRAWN = [
    met("draw", "10 C3", "draw-soon", "E E E E A"),
    met("draw-enforce", "10 C8", "draw", "E E A A A", policy=enforce()),
    at_host_of("draw-shared", "C10", "draw_n", "draw"),
    # C5, C10: the name of an MX host, and of a domain, that a list cannot
    # contain.
    met("draw-host", "10 C5", "draw", "E E E E A", at("mx_1", GOOD_PAIR)),
    at_host_of("draw_n", "C10", "draw-shared", "draw"),
    # Only C6 admits it; with a second less it does not.
    met("draw-sts", "10 C6", "draw-sts-short", "C C R R R", first(PLAIN),
        policy=enforce(max_age=LONG)),
    met("draw-sts-short", "10 C6", "draw-sts", "C C R R R", first(PLAIN),
        policy=enforce(max_age=LONG - 1)),
    # C9: it outlives the run, and not the list.
    met("draw-soon", "10 C9", "draw", "E E E E A", first(SHORT_LIVED)),
    met("draw-three", "10 C10", "draw-two", "E E E E A", first(GOOD_PAIR),
        second(GOOD_PAIR), third(GOOD_PAIR)),
    met("draw-two", "10 C10", "draw-three", "E E E E A", first(GOOD_PAIR),
        second(GOOD_PAIR)),
    # C11: C6 would admit it, for all that WebPKI says.
    met("draw-dane", "10 C11", "draw-dane-too", "E A R A R",
        first(SELF, tlsa=MATCH), policy=enforce(max_age=LONG), dane="1"),
    met("draw-dane-too", "10 C11", "draw-dane", "E A A A A",
        first(GOOD_PAIR, tlsa=MATCH), policy=enforce(max_age=LONG),
        dane="1"),
]
