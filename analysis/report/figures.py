"""The figures of the report in their order: the query, how it is drawn, and
what is counted for each provider when two runs are compared."""

from dataclasses import dataclass

SHARES, PARTS, FUNNEL, OUTCOMES, MATRIX, CURVE, TABLE = (
    "shares", "parts", "funnel", "outcomes", "matrix", "curve", "table")


@dataclass(frozen=True)
class Figure:
    query: str
    chart: str
    labels: tuple  # columns that name a bar
    claim: str = ""  # of a domain; what a provider is said to have moved
    claim_text: str = ""
    facet: str = "counted"
    split: str = ""  # a column: each value of it is a distribution of its own
    says: str = ""  # "have DANE": what the share is of, in the sentence
    is_unknown: bool = False  # every bar of it is something undetermined


QUALITY = (
    Figure("quality_undetermined", PARTS, ("of_what", "reason"),
           "starttls = 'undetermined'", "STARTTLS undetermined",
           split="of_what", is_unknown=True),
    Figure("quality_retries", PARTS, ("what", "result"),
           "attempts = 2", "MX asked for twice", split="what"),
    Figure("quality_families", PARTS, ("family", "class"),
           "unknown > 0", "an address undetermined", split="family"),
)
FINDINGS = (
    Figure("funnel", FUNNEL, ("stage",), "dane = 'yes'", "DANE"),
    Figure("per_tld", MATRIX, ("tld", "measure"), "mx_dnssec = 'secure'",
           "secure MX"),
    Figure("rank_buckets", MATRIX, ("ranks", "measure"), "mail = 'yes'",
           "mail-capable"),
    Figure("signed_by_tld", SHARES, ("tld", "claim"),
           "mx_dnssec = 'secure'", "secure MX", split="claim",
           says="are signed"),
    Figure("mail_capable", PARTS, ("mx_status",), "mail = 'yes'",
           "mail-capable"),
    Figure("secure_mx", PARTS, ("mx_dnssec",),
           "mail = 'yes' AND mx_dnssec = 'secure'", "secure MX"),
    Figure("dane_share", SHARES, ("definition",), "dane = 'yes'", "DANE",
           says="have DANE"),
    Figure("tlsa_published", PARTS, ("tlsa",), "tlsa = 'yes'",
           "usable TLSA"),
    Figure("mismatch_classes", PARTS, ("verdict",),
           "tlsa = 'yes' AND dane = 'no'", "TLSA without DANE"),
    Figure("mismatches", PARTS, ("host", "provider", "verdict", "confirmed"),
           "tlsa = 'yes' AND dane = 'no'", "TLSA without DANE"),
    Figure("tlsa_parameters", PARTS,
           ("usage", "selector", "matching_type", "usable"),
           "tlsa = 'yes'",
           "usable TLSA"),
    Figure("starttls", SHARES, ("definition",), "starttls = 'yes'",
           "STARTTLS", says="have STARTTLS"),
    Figure("certificate_share", SHARES, ("definition",),
           "certificate = 'yes'", "valid certificate",
           says="have a valid certificate"),
    Figure("certificate_validity", PARTS, ("chain", "name", "dates"),
           "certificate = 'yes'", "valid certificate"),
    Figure("days_to_expiry", PARTS, ("days",), "NOT dates",
           "certificate out of date"),
    Figure("tls_parameters", PARTS, ("property", "value"), "tls_1_2",
           "TLS 1.2 or better everywhere", split="property"),
    Figure("outcomes_by_sender", OUTCOMES, ("sender",),
           "dane = 'yes' OR certificate = 'yes'", "DANE or a valid certificate",
           "place"),
    Figure("mta_sts", PARTS, ("status", "mode", "error"),
           "domain IN (SELECT domain FROM policies "
           "WHERE mta_sts_status = 'valid')", "valid MTA-STS"),
    Figure("tlsrpt", PARTS, ("status",),
           "domain IN (SELECT domain FROM policies "
           "WHERE tlsrpt_status = 'valid')", "TLSRPT"),
    Figure("policy_eligibility", SHARES, ("criterion",),
           "certificate_all = 'yes'", "valid certificate everywhere",
           says="meet it"),
    Figure("providers", PARTS, ("provider",), "mail = 'yes'",
           "mail-capable"),
    Figure("provider_protocols", MATRIX, ("provider", "measure"),
           "mail = 'yes'", "mail-capable"),
    Figure("concentration_curve", CURVE, ("kind", "place"), "mail = 'yes'",
           "mail-capable"),
    Figure("concentration", TABLE, ("kind",), "mail = 'yes'",
           "mail-capable"),
    Figure("key_reuse", PARTS, ("hosts_with_the_key",), "tls > 0", "TLS"),
)

# The headline: figure, the row that it is, what it says.
CARDS = (
    ("mail_capable", None, "take mail"),
    ("secure_mx", ("domains", "secure"), "have a secure MX"),
    ("dane_share", ("domains", "best MX hosts"), "have DANE"),
    ("starttls", ("domains", "best MX hosts"), "have STARTTLS"),
    ("certificate_share", ("domains", "best MX hosts"),
     "have a valid certificate"),
    ("mta_sts", None, "have a valid MTA-STS policy"),
)


def own_figure(name, names, rows):
    """A query that a user added: drawn as a share or a part if it has the
    columns of one, otherwise as a table."""
    columns = [each for each in names if each not in (
        "counted", "n", "of", "percent", "undetermined",
        "undetermined_percent")]
    facet = "counted" if "counted" in names else ""
    if not rows or not {"n", "of", "percent"} <= set(names):
        return Figure(name, TABLE, tuple(columns), facet=facet)
    chart = SHARES if "undetermined" in names else PARTS
    return Figure(name, chart, tuple(columns), facet=facet,
                  says="are counted")
