"""The domains of the synthetic run. Of every 1,000 domains in a row each kind
has exactly its count, so every share of the run is known in advance. Their TLDs
are country codes that ISO 3166 never assigns, so no name belongs to anyone."""

from dataclasses import dataclass

TRUSTED, SELF_SIGNED, WRONG_NAME, EXPIRED = (
    "trusted", "self_signed", "wrong_name", "expired")


@dataclass(frozen=True)
class Mailer:
    """How the MX hosts of an operator behave."""
    outcome: str = "tls_established"
    phase: str = "done"
    certificate: str = TRUSTED
    days: float = 90  # that it is still valid
    version: str = "TLSv1.3"
    group: str = "x25519"
    tlsa: tuple = ()  # (usage, selector, matching type)
    tlsa_status: str = "not_asked"
    verdict: str = "not_applicable"
    tlsa_matches: bool = True
    address_dnssec: str = "insecure"
    ipv6: str = ""  # outcome of the session over IPv6; "": no address


def signed(**other):
    return Mailer(address_dnssec="secure", **{"tlsa_status": "absent",
                                              **other})


MAILERS = {
    "trusted": Mailer(),
    "tls12": Mailer(version="TLSv1.2", group="prime256v1"),
    "dual": Mailer(ipv6="tls_established", days=31),
    "half": Mailer(ipv6="connect_timeout"),
    "self_signed": Mailer(certificate=SELF_SIGNED, version="TLSv1.2",
                          group="prime256v1", days=7),
    "wrong_name": Mailer(certificate=WRONG_NAME, days=8),
    "expired": Mailer(certificate=EXPIRED, days=-0.25),
    "old_tls": Mailer(certificate=SELF_SIGNED, version="TLSv1", group="",
                      days=366),
    "plain": Mailer(outcome="starttls_absent", phase="ehlo"),
    "busy": Mailer(outcome="temporary_reject", phase="greeting"),
    "silent": Mailer(outcome="connect_timeout", phase="connect"),
    "signed": signed(),
    "dane_ee": signed(tlsa=((3, 1, 1),), tlsa_status="usable",
                      verdict="match", ipv6="tls_established"),
    "dane_ta": signed(tlsa=((2, 1, 1),), tlsa_status="usable",
                      verdict="match", days=91),
    "dane_rollover": signed(tlsa=((3, 1, 1), (2, 1, 1)),
                            tlsa_status="usable", verdict="match", days=91),
    "stale": signed(tlsa=((3, 1, 1),), tlsa_status="usable",
                    verdict="mismatch", tlsa_matches=False),
    "dane_expired": signed(tlsa=((3, 1, 1),), tlsa_status="usable",
                           verdict="match", certificate=EXPIRED,
                           days=-0.25),
    "pkix_only": signed(tlsa=((1, 1, 1),), tlsa_status="unusable_only",
                        verdict="none_usable"),
    "failing": signed(tlsa_status="servfail"),
    "unsigned_tlsa": Mailer(tlsa=((3, 1, 1),), tlsa_status="insecure"),
}


@dataclass(frozen=True)
class Kind:
    count: int  # of 1,000
    tld: str
    mx_status: str = "mx"
    mx_dnssec: str = "insecure"
    operator: str = ""  # "" with MX: a host of the domain's own
    mailers: tuple = ()  # one for each MX host
    spread: int = 1  # operators of that name, numbered
    parent_ds: bool = False
    mta_sts: str = ""  # mode, or fault of the policy
    tlsrpt: bool = False


def kind(count, tld, operator, *mailers, **other):
    return Kind(count, tld, operator=operator, mailers=mailers, **other)


def secure(count, tld, operator, *mailers, **other):
    return kind(count, tld, operator, *mailers, mx_dnssec="secure",
                parent_ds=True, **other)


KINDS = (
    # No mail, or not known: 130.
    Kind(60, "zz", "no_mail"), Kind(20, "zz", "null_mx"),
    Kind(10, "aa", "null_mx", "secure", parent_ds=True),
    Kind(20, "xx", "nxdomain"), Kind(12, "zz", "servfail", "unchecked"),
    Kind(6, "zz", "timeout", "unchecked"),
    Kind(2, "qm", "bogus", "bogus", parent_ds=True),
    # Its own address takes the mail, and is not probed: 20.
    Kind(20, "zz", "implicit"),
    # Mail, MX insecure: 626.
    kind(200, "zz", "bigmail", "dual", "dual"),
    kind(60, "qm", "bigmail", "dual", "dual"),
    kind(40, "xx", "bigmail", "dual", "dual"),
    kind(20, "xx", "bigmail", "dual", "dual", mta_sts="enforce", tlsrpt=True),
    kind(5, "xx", "bigmail", "dual", "dual", mta_sts="testing", tlsrpt=True),
    kind(3, "xx", "bigmail", "dual", "dual", mta_sts="certificate"),
    kind(60, "zz", "panel", "self_signed", spread=20),
    kind(60, "xx", "webspace", "wrong_name", spread=12),
    kind(20, "zz", "forgotten", "expired", spread=4),
    kind(10, "zz", "ancient", "old_tls", spread=2),
    kind(40, "zz", "openmail", "plain", spread=5),
    kind(20, "xx", "shymail", "busy", spread=2),
    kind(15, "zz", "gonemail", "silent", spread=3),
    kind(10, "qm", "halfmail", "half"),
    kind(6, "xx", "unsigned", "unsigned_tlsa"),
    kind(30, "aa", "danehost", "dane_ee", "dane_ee"),
    kind(27, "zz", "", "wrong_name"),
    # Mail, MX secure: 224.
    secure(80, "aa", "danehost", "dane_ee", "dane_ee"),
    secure(40, "qm", "danehost", "dane_ee", "dane_ee", tlsrpt=True),
    secure(20, "qm", "danelab", "dane_ta"),
    secure(10, "aa", "rolling", "dane_rollover"),
    secure(10, "qm", "partial", "dane_ee", "signed"),
    secure(4, "aa", "stale", "stale"),
    secure(3, "aa", "agedane", "dane_expired"),
    secure(5, "qm", "pkixonly", "pkix_only"),
    secure(2, "qm", "failing", "failing"),
    secure(50, "aa", "signedmail", "signed", "signed"),
)
CYCLE = 1000
assert sum(kind.count for kind in KINDS) == CYCLE


def placed():
    """The kind of each of 1,000 places, with its number among its like;
    scattered, so that a part file has a bit of all."""
    places = [None] * CYCLE
    at = 0
    for kind in KINDS:
        for number in range(kind.count):
            places[at * 617 % CYCLE] = kind, number
            at += 1
    return places
