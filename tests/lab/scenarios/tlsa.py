"""TLSA records: which are usable, and which of several count (RULES 4)."""

import dataclasses

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

# Every kind of record, right and wrong (U1, U5 to U7) -----------------------

WITNESSED = {(3, 1, 1), (3, 0, 1), (3, 1, 2)}      # above


def right_and_wrong(usage: int, selector: int, matching_type: int) -> list:
    name = f"tlsa-{usage}{selector}{matching_type}"
    of, depth = ("leaf", 0) if usage == 3 else ("issuing", 1)
    wrong = Tlsa(usage, selector, matching_type, of=of, wrong=1)
    verdict = "mismatch" if usage == 3 else "ta_not_presented"
    if matching_type == 0:
        # It must be a certificate or key, so it is that of another CA, to which
        # there is no path (U7).
        wrong = Tlsa(usage, selector, 0, of="private")
        verdict = "mismatch" if usage == 3 else "chain_broken"
    return [
        dane_match(name, "U1 U5" if depth else "U1", f"{name}-wrong",
                   Tlsa(usage, selector, matching_type, of=of), depth=depth),
        dane_fail(f"{name}-wrong", "U1 U10", name, verdict, wrong)]

KINDS = [
    scenario
    for kind in ((usage, selector, matching_type) for usage in (2, 3)
                 for selector in (0, 1) for matching_type in (0, 1, 2))
    if kind not in WITNESSED for scenario in right_and_wrong(*kind)]


def unusable(name: str, twin: str, record: Tlsa, reason, rules: str = "U1 T9",
             ) -> Scenario:
    return one_host(name, rules, twin, tlsa=(record,),
                    host_row=tlsa_found(1, 0),
                    tlsa_rows=[unusable_record(record, reason)],
                    results=[(1, judged("none_usable", "unusable_only"))])

UNUSABLE = [
    unusable(f"tlsa-{usage}{selector}{matching_type}",
             f"tlsa-3{selector}{matching_type}" if (
                 3, selector, matching_type) not in WITNESSED
             else "dane-ee-match",
             Tlsa(usage, selector, matching_type), "usage", "U2 T9")
    for usage in (0, 1, 4, 255) for selector in (0, 1)
    for matching_type in ((0, 1, 2) if usage < 2 else (1,))
    if (usage, selector, matching_type) != (1, 1, 1)
] + [
    unusable(f"tlsa-{usage}{selector}{matching_type}", "dane-ee-match",
             Tlsa(usage, selector, matching_type), reason)
    for usage, selector, matching_type, reason in (
        (3, 255, 1, "selector"), (2, 2, 1, "selector"), (3, 2, 2, "selector"),
        (3, 2, 0, "selector"), (3, 0, 3, "matching_type"),
        (3, 1, 3, "matching_type"), (2, 1, 3, "matching_type"),
        (2, 0, 255, "matching_type"), (3, 1, 255, "matching_type"))
] + [
    # It has several faults; the rules do not say which one is reported.
    unusable("tlsa-255-255-255", "dane-ee-match", Tlsa(255, 255, 255),
             one_of("usage", "selector", "matching_type")),
] + [
    unusable(f"tlsa-length-{record.usage}{record.selector}"
             f"{record.matching_type}-{length}", twin,
             dataclasses.replace(record, length=min(length, size),
                                 behind=b"+" * (length - size)), "length")
    for record, size, lengths, twin in (
        (EE_SPKI, 32, (1, 31, 33, 64), "dane-ee-match"),
        (EE_CERTIFICATE, 32, (31, 33), "dane-ee-certificate"),
        (Tlsa(3, 1, 2), 64, (32, 63, 65), "dane-ee-sha512"),
        (TA_SPKI, 32, (31, 33), "dane-ta-match"),
        (Tlsa(2, 0, 2, of="issuing"), 64, (63, 65), "tlsa-202"))
    for length in lengths
] + [
    # Nothing but the whole DER of a certificate or key.
    unusable(f"tlsa-der-{record.usage}{record.selector}0-{fault}",
             f"tlsa-{record.usage}{record.selector}0",
             dataclasses.replace(record, **change), "undecodable")
    for record in (Tlsa(3, 0, 0), Tlsa(3, 1, 0), Tlsa(2, 0, 0, of="issuing"),
                   Tlsa(2, 1, 0, of="issuing"))
    for fault, change in (("cut", {"length": 60}), ("behind", {
        "behind": b"\0"}), ("other", {"wrong": 1}))
] + [
    # A key where the selector says certificate.
    unusable("tlsa-der-key-for-certificate", "tlsa-300",
             Tlsa(3, 0, 0, data="3059301306072a8648ce3d020106082a8648ce3d0301"
                  "07034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0"
                  "f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b"
                  "315ececbb6406837bf51f5"), "undecodable"),
]

# Several records (U3, U8, U11) ----------------------------------------------

EE_512_WRONG = Tlsa(3, 1, 2, wrong=1)


def only_without_agility(name: str, twin: str, verdict: str, *records: Tlsa,
                         ) -> Scenario:
    return dane_fail(name, "U3 U10", twin, verdict, *records,
                     result={"dane_verdict_no_agility": "match"})

AGILITY = [
    dane_match("agility-strong", "U3", "agility", EE_WRONG, Tlsa(3, 1, 2),
               result={"positions": "[1]"}),
    dane_match("agility-both", "U3 U8", "agility", EE_SPKI, Tlsa(3, 1, 2),
               result={"positions": "[0,1]"}),
    dane_match("agility-full", "U3", "agility", Tlsa(3, 1, 0), EE_512_WRONG),
    dane_match("agility-other-selector", "U3", "agility-certificate",
               EE_CERTIFICATE, EE_512_WRONG),
    dane_match("agility-other-usage", "U3", "agility", TA_SPKI, EE_512_WRONG,
               depth=1),
    only_without_agility("agility-certificate", "agility-other-selector",
                         "mismatch", EE_CERTIFICATE, Tlsa(3, 0, 2, wrong=1)),
    only_without_agility("agility-anchor", "agility-anchor-other",
                         "ta_not_presented", TA_SPKI,
                         Tlsa(2, 1, 2, of="issuing", wrong=1)),
    dane_match("agility-anchor-other", "U3", "agility-anchor",
               Tlsa(2, 0, 1, of="issuing"),
               Tlsa(2, 1, 2, of="issuing", wrong=1), depth=1),
    # An unusable record does not count as stronger.
    one_host("agility-unusable", "U3 U1", "agility",
             tlsa=(EE_SPKI, Tlsa(3, 1, 2, length=63)),
             host_row=tlsa_found(2, 1),
             tlsa_rows=[usable_record(EE_SPKI),
                        unusable_record(Tlsa(3, 1, 2), "length")],
             results=[(1, matched(0))]),
]


def rolling(name: str, twin: str, ready: int, *records: Tlsa, **more,
            ) -> Scenario:
    return dane_match(name, "U8", twin, *records,
                      host_row=tlsa_found(len(records), rollover_ready=ready),
                      **more)

ROLLOVER = [
    rolling("rollover-one", "rollover", 0, EE_SPKI),
    rolling("rollover-anchor-and-leaf", "rollover-one", 1, TA_SPKI, EE_SPKI,
            depth=one_of(0, 1), result={"positions": "[0,1]"}),
    rolling("rollover-anchor-and-stale", "rollover-anchor-alone", 1, TA_SPKI,
            EE_WRONG, depth=1),
    rolling("rollover-anchor-alone", "rollover-anchor-and-stale", 0, TA_SPKI,
            depth=1),
    dane_fail("rollover-missed", "U8 U10", "rollover", "mismatch", EE_WRONG,
              Tlsa(3, 1, 1, wrong=2),
              host_row=tlsa_found(2, rollover_ready=1)),
    # An RRset holds each record once (RFC 2181 5).
    dane_match("tlsa-twice", "U8", "rollover", EE_SPKI, EE_SPKI,
               host_row=tlsa_found(1, rollover_ready=0),
               tlsa_rows=[usable_record(EE_SPKI)]),
]
# The second answer is too long for UDP (DS6).
COUNTS = ((10, "U8", "direct"), (60, "U8 DS6", "direct truncated"))
MANY = [
    at_host(lane, dane_match(
        f"tlsa-many-{count}", rules, f"tlsa-many-{count}-wrong",
        EE_SPKI, *(Tlsa(3, 1, 1, wrong=n) for n in range(1, count)),
        result={"positions": ANY}))
    for count, rules, lane in COUNTS
] + [
    at_host(lane, dane_fail(
        f"tlsa-many-{count}-wrong", f"{rules} U10",
        f"tlsa-many-{count}", "mismatch",
        *(Tlsa(3, 1, 1, wrong=n) for n in range(1, count + 1))))
    for count, rules, lane in COUNTS
]

TLSA = KINDS + UNUSABLE + AGILITY + ROLLOVER + MANY
