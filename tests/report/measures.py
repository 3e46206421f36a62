"""The value of each measure for each kind of domain of
datasets/synthetic/world.py, by the rules, and from these the expected tables of
measures for 1,000 domains."""

from __future__ import annotations

import collections
import sys

from tap import TOP

sys.path.insert(0, str(TOP / "datasets" / "synthetic"))

from world import CYCLE, MAILERS, TRUSTED, placed  # noqa: E402

ANSWERS = {"mx": "yes", "implicit": "yes", "null_mx": "no", "no_mail": "no",
           "nxdomain": "no"}
OF_PROVIDERS = ("secure MX", "DANE", "STARTTLS", "valid certificate", "MTA-STS")
# TLSA data by the domains that have it: danehost; the CA of danelab and rolling;
# partial; the record of rolling's own; unsigned; pkixonly; stale; agedane.
TLSA_CURVE = {1: 150, 2: 180, 5: 196, 8: 208}


def yes(claim: bool) -> str:
    return "yes" if claim else "no"


def at_host(kind, claim) -> str:
    """For the MX host that is tried first: an implicit one is not asked, and a
    busy one says nothing."""
    mailer = MAILERS[kind.mailers[0]] if kind.mailers else None
    if mailer is None or mailer.outcome == "temporary_reject":
        return "undetermined"
    return yes(mailer.outcome == "tls_established" and claim(mailer))


def measures_of(kind) -> dict:
    found = {"takes mail": ANSWERS.get(kind.mx_status, "undetermined"),
             "signed": yes(kind.parent_ds)}
    if found["takes mail"] != "yes":
        return found
    is_secure = kind.mx_dnssec == "secure"
    found["secure MX"] = yes(is_secure)
    # RULES 9: a match at every connecting address of the best MX hosts
    found["DANE"] = yes(is_secure and
                        MAILERS[kind.mailers[0]].verdict == "match")
    found["MTA-STS"] = "undetermined" if kind.mx_status == "implicit" else \
        yes(kind.mta_sts in ("enforce", "testing"))
    if not kind.mailers or MAILERS[kind.mailers[0]].outcome != \
            "connect_timeout":
        found["STARTTLS"] = at_host(kind, lambda mailer: True)
        found["valid certificate"] = at_host(
            kind, lambda mailer: mailer.certificate == TRUSTED and
            mailer.version in ("TLSv1.2", "TLSv1.3"))
    return found


def count(key) -> dict:
    """{(what key says, measure): (yes, all, undetermined)}"""
    counts: dict = collections.defaultdict(lambda: [0, 0, 0])
    for index, (kind, number) in enumerate(placed()):
        for measure, answer in measures_of(kind).items():
            numbers = counts[key(index, kind, number), measure]
            numbers[0] += answer == "yes"
            numbers[1] += 1
            numbers[2] += answer == "undetermined"
    return {key: tuple(numbers) for key, numbers in counts.items()}


def owner(index, kind, number) -> str:
    """Whose name the MX hosts have."""
    if not kind.operator:
        return f"d{index:07d}.{kind.tld}" if kind.mailers else ""
    numbered = f"-{number % kind.spread:02d}" if kind.spread > 1 else ""
    return f"{kind.operator}{numbered}.zz"


def per_provider(largest) -> dict:
    return {key: numbers for key, numbers in count(owner).items()
            if key[0] in largest and key[1] in OF_PROVIDERS}


def curve(kind_text: str, values_of) -> dict:
    """Of the largest 1, 2, 5 and so on: the domains that have one of them."""
    sets = [values for index, (kind, number) in enumerate(placed())
            for values in [values_of(index, kind, number)] if values]
    sizes = collections.Counter(value for values in sets for value in values)
    order = sorted(sizes, key=lambda value: (-sizes[value], value))
    place = {value: at for at, value in enumerate(order, 1)}
    places = [at for at in (1, 2, 5, 10, 20, 50) if at < len(order)]
    return {(kind_text, at): (sum(min(map(place.get, values)) <= at
                                  for values in sets), len(sets))
            for at in [*places, len(order)]}


def mx_names(index, kind, number) -> list:
    if not kind.operator:
        return [f"mail.{owner(index, kind, number)}"] if kind.mailers else []
    return [f"mx{at}.{owner(index, kind, number)}"
            for at, _ in enumerate(kind.mailers, 1)]


def keys_shown(index, kind, number) -> list:
    """Each operator shows one certificate at all of its hosts; hosts of domains'
    own share another."""
    if not kind.mailers or MAILERS[kind.mailers[0]].outcome != \
            "tls_established":
        return []
    return [owner(index, kind, number) if kind.operator else "shared"]


def curves() -> dict:
    return {**curve("registrable domain of MX", lambda *place: [
                    owner(*place)] if owner(*place) else []),
            **curve("MX name", mx_names), **curve("public key", keys_shown),
            **{("TLSA data", place): (n, 208)
               for place, n in TLSA_CURVE.items()}}


PER_TLD = count(lambda index, kind, number: kind.tld)
BY_RANK = count(lambda index, kind, number:
                "1 to 100" if index < 100 else "101 to 1,000")
WHOLE = {measure: numbers for (_, measure), numbers
         in count(lambda *place: "").items()}
assert CYCLE == 1000
