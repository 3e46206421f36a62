"""The expected tables for the synthetic run, for each 1,000 domains of
datasets/synthetic/world.py, counted by hand from its kinds and the rules.

Mail-capable are 870: 850 with MX and 20 implicit. Undetermined: servfail 12,
timeout 6, bogus 2. Hosts of one's own: 27, behind one shared certificate.
"""

from measures import BY_RANK, PER_TLD, curves, per_provider

# A row is identified by its values that are not counts; the numbers are n, of,
# and undetermined where the table has it, or those of FIELDS. No table has
# another row.
FIELDS = {
    "providers": ("n", "of", "mx_hosts", "secure_mx", "starttls",
                  "valid_certificate", "dane", "undetermined"),
    "concentration_curve": ("n", "of"),
    "concentration": ("different", "of", "top_1", "top_10", "top_100", "hhi"),
}
PLACES = ("first", "deliver", "worst")
# The same for every sender: nobody takes mail 110; servfail and timeout twice 18 and
# gonemail 15; shymail; implicit.
WHATEVER = {"no_mail": 110, "unreachable": 33, "undetermined": 20,
            "not_probed": 20}
BOGUS, OPENMAIL = 2, 40


def sender(name: str, places=PLACES, **counts) -> dict:
    return {(name, place, outcome): (n, 1000) for place in places
            for outcome, n in {**WHATEVER, **counts}.items()}


DOMAINS = {
    "funnel": {
        ("domain",): (1000, 1000, 0),
        ("takes mail",): (870, 1000, 20),
        # 80 + 40 + 20 + 10 + 10 + 4 + 3 + 5 + 2 + 50
        ("MX secure",): (224, 1000, 0),
        # less pkix_only 5, failing 2 (undetermined), signed 50
        ("usable TLSA",): (167, 1000, 2),
        ("STARTTLS",): (167, 1000, 0),
        # less stale 4; agedane matches though expired (RFC 7671 5.1)
        ("TLSA matches",): (163, 1000, 0),
    },
    "signed_by_tld": {
        ("zz", "DS in the zone file"): (0, 490, 0),
        ("zz", "MX answer secure"): (0, 490, 18),
        ("aa", "DS in the zone file"): (157, 187, 0),
        ("aa", "MX answer secure"): (157, 187, 0),
        ("qm", "DS in the zone file"): (79, 149, 0),
        ("qm", "MX answer secure"): (77, 149, 0),
        ("xx", "DS in the zone file"): (0, 174, 0),
        ("xx", "MX answer secure"): (0, 174, 0),
    },
    "mail_capable": {
        ("yes", "mx"): (850, 1000), ("yes", "implicit"): (20, 1000),
        ("no", "no_mail"): (60, 1000), ("no", "null_mx"): (30, 1000),
        ("no", "nxdomain"): (20, 1000),
        ("undetermined", "servfail"): (12, 1000),
        ("undetermined", "timeout"): (6, 1000),
        ("undetermined", "bogus"): (2, 1000),
    },
    "secure_mx": {("secure",): (224, 870), ("insecure",): (646, 870)},
    # RULES 9: dane_domain looks at the best tier; of "partial" (10) the second
    # host has no TLSA.
    "dane_share": {("best MX hosts",): (163, 870, 0),
                   ("every MX host",): (153, 870, 0)},
    "tlsa_published": {
        # danehost 30 + 120, danelab 20, rolling 10, partial 10, agedane 3
        ("usable, matches everywhere",): (193, 870),
        ("usable, matches nowhere",): (4, 870),
        ("published, none usable",): (5, 870),
        ("published, not validated",): (6, 870),
        ("undetermined",): (2, 870),
        # signedmail 50, and the second host of partial 10
        ("none",): (60, 870),
        ("not asked (address insecure)",): (590, 870),
    },
    "mismatch_classes": {("match",): (193, 197), ("mismatch",): (4, 197)},
    # 208 have a TLSA record: 197 usable, 5 of usage 1, 6 not validated.
    "tlsa_parameters": {
        (3, 1, 1, True): (183, 208),
        (2, 1, 1, True): (30, 208),
        (1, 1, 1, False): (5, 208),
    },
    # Reachable: 850 less gonemail 15, and implicit 20, which is not probed and so
    # undetermined, as is shymail 20.
    "starttls": {("best MX hosts",): (775, 855, 40),
                 ("every MX host",): (775, 855, 40)},
    # 775 less self-signed 60, wrong name 60 + 27, expired 20 + 3, TLS 1.0 10
    "certificate_share": {("best MX hosts",): (595, 855, 40),
                          ("every MX host",): (595, 855, 40)},
    "certificate_validity": {
        ("trusted", "name matches", "in dates"): (595, 775),
        ("trusted", "name does not match", "in dates"): (87, 775),
        ("untrusted", "name matches", "in dates"): (70, 775),
        ("trusted", "name matches", "out of date"): (23, 775),
    },
    # forgotten 20, agedane 3; panel; webspace 60 and 27; danelab 20, rolling 10;
    # ancient. A day counts when it is whole: 31 days from the session are 30 from
    # the end of the run.
    "days_to_expiry": {
        ("expired",): (23, 775), ("under 7",): (60, 775),
        ("7 to 29",): (87, 775), ("30 to 89",): (565, 775),
        ("90 to 364",): (30, 775), ("365 and more",): (10, 775)},
    "tls_parameters": {
        ("version", "TLSv1.3"): (705, 775), ("version", "TLSv1.2"): (60, 775),
        ("version", "TLSv1"): (10, 775), ("group", "x25519"): (705, 775),
        ("group", "prime256v1"): (60, 775), ("group", "none"): (10, 775),
        ("key", "ec 256"): (775, 775),
    },
    "mta_sts": {
        ("yes", "valid", "enforce", None): (20, 870),
        ("yes", "valid", "testing", None): (5, 870),
        ("no", "fetch_failed", None, "certificate"): (3, 870),
        ("no", "absent", None, None): (822, 870),
        ("undetermined", "not_asked", None, None): (20, 870),
    },
    "tlsrpt": {("yes", "valid"): (65, 870), ("no", "absent"): (785, 870),
               ("undetermined", "not_asked"): (20, 870)},
    "outcomes_by_sender": {
        **sender("opportunistic", encrypted=775, cleartext=OPENMAIL,
                 refused=BOGUS),
        # danehost under an insecure MX 30 (T12); stale 4, and failing 2, whose TLSA
        # failed in both passes
        **sender("dane", ("first", "deliver"), authenticated=163,
                 authenticated_insecure_mx=30, encrypted=775 - 163 - 30 - 6,
                 cleartext=OPENMAIL, refused=BOGUS + 6),
        # who blocks the first host of partial (10) forces the second
        **sender("dane", ("worst",), authenticated=153,
                 authenticated_insecure_mx=30, encrypted=775 - 153 - 30 - 6,
                 cleartext=OPENMAIL, refused=BOGUS + 6),
        # enforce 20; testing 5 and the policy that cannot be fetched 3 demand nothing
        **sender("mta_sts", authenticated=20, encrypted=755,
                 cleartext=OPENMAIL, refused=BOGUS),
        # TLSA and enforced policies are of different domains
        **sender("dane_or_mta_sts", ("first", "deliver"),
                 authenticated=163 + 20, authenticated_insecure_mx=30,
                 encrypted=775 - 183 - 30 - 6, cleartext=OPENMAIL,
                 refused=BOGUS + 6),
        **sender("dane_or_mta_sts", ("worst",), authenticated=153 + 20,
                 authenticated_insecure_mx=30, encrypted=775 - 173 - 30 - 6,
                 cleartext=OPENMAIL, refused=BOGUS + 6),
        # no list was given
        **sender("policy_list", encrypted=775, cleartext=OPENMAIL,
                 refused=BOGUS),
        **sender("webpki", authenticated=595,
                 refused=775 - 595 + OPENMAIL + BOGUS),
    },
    "policy_eligibility": {
        ("C1 an MX host connects",): (815, 850, 20),
        ("C2 every connecting one has STARTTLS",): (775, 850, 20),
        ("C3 certificate valid for the MX host",): (595, 850, 20),
        ("C4 TLS 1.2 or better",): (765, 850, 20),
        ("C5 every MX name is in its certificate",): (688, 850, 20),
        ("C6 valid MTA-STS, max_age of 18 weeks",): (25, 850, 0),
        ("C9 nothing undetermined",): (830, 850, 0),
        ("C1 to C5",): (595, 850, 20),
    },
    # The twenty largest, those of one size by name: fourteen more have 5.
    "providers": {
        ("bigmail.zz",): (328, 870, 2, 0, 328, 328, 0, 0),
        ("danehost.zz",): (150, 870, 2, 120, 150, 150, 120, 0),
        ("signedmail.zz",): (50, 870, 2, 50, 50, 50, 0, 0),
        ("danelab.zz",): (20, 870, 1, 20, 20, 20, 20, 0),
        ("halfmail.zz",): (10, 870, 1, 0, 10, 10, 0, 0),
        ("partial.zz",): (10, 870, 2, 10, 10, 10, 10, 0),
        ("rolling.zz",): (10, 870, 1, 10, 10, 10, 10, 0),
        **{(f"shymail-0{i}.zz",): (10, 870, 1, 0, 0, 0, 0, 10)
           for i in range(2)},
        **{(f"openmail-0{i}.zz",): (8, 870, 1, 0, 0, 0, 0, 0)
           for i in range(5)},
        ("unsigned.zz",): (6, 870, 1, 0, 6, 6, 0, 0),
        **{(f"ancient-0{i}.zz",): (5, 870, 1, 0, 5, 0, 0, 0)
           for i in range(2)},
        **{(f"forgotten-0{i}.zz",): (5, 870, 1, 0, 5, 0, 0, 0)
           for i in range(3)},
    },
    "quality_undetermined": {
        ("MX", "servfail"): (12, 1000), ("MX", "timeout"): (6, 1000),
        ("MX", "bogus"): (2, 1000), ("STARTTLS", "not_probed"): (20, 1000),
        ("STARTTLS", "see MX hosts"): (20, 1000)},
    "quality_retries": {("MX lookup", "once"): (980, 1000),
                        ("MX lookup", "twice, no answer"): (20, 1000)},
    "quality_families": {
        ("IPv4", "tls"): (775, 850), ("IPv4", "no_tls"): (40, 850),
        ("IPv4", "undetermined"): (20, 850),
        ("IPv4", "unreachable"): (15, 850),
        # bigmail 328, danehost 150, partial 10, halfmail 10
        ("IPv6", "tls"): (488, 498), ("IPv6", "unreachable"): (10, 498)},
    # bigmail 328, danehost 150, partial 10, signedmail 50 have two hosts of one key
    "key_reuse": {("1",): (210, 775), ("2",): (538, 775),
                  ("11 to 100",): (27, 775)},
    "concentration": {
        # 328, 150, 50, 20, 5 of 10, 5 of 8, one of 6, 22 of 5, one of 4, 21 of 3, one
        # of 2, 27 of one: their squares are 134,626, of 850 squared
        ("registrable domain of MX",): (87, 850, 328, 606, 850, 1863),
        # second hosts of bigmail, danehost, signedmail, partial: squares 267,310,
        # of 1,388 squared; the ten are these, danelab, and three hosts of ten domains
        ("MX name",): (91, 850, 328, 578, 850, 1388),
        # as providers, without those that show none; own hosts show one of 27:
        # squares 134,733, of 775 squared
        ("public key",): (51, 775, 328, 616, 775, 2243),
        # 150; the CA of danelab and rolling 30; 10, 10, 6, 5, 4, 3: squares 23,686,
        # of 218 squared
        ("TLSA data",): (8, 208, 150, 208, 208, 4984)},
}
# Those of measures.py, whose sums are the numbers above.
DOMAINS |= {
    "per_tld": PER_TLD, "rank_buckets": BY_RANK,
    "provider_protocols": per_provider(
        {provider for provider, in DOMAINS["providers"]}),
    "concentration_curve": curves(),
    # stale alone; a second session confirms it
    "mismatches": {("mx1.stale.zz", "stale.zz", "mismatch", True): (4, 870)},
}

# MX hosts of the run of 1,000 domains: 8 of the four operators that have two, 56
# others, 27 of domains' own: 91. gonemail's 3 cannot be reached, shymail's 2 are
# undetermined, openmail's 5 have no STARTTLS.
HOSTS = {
    "funnel": {
        ("MX host",): (91, 91, 0), ("connects",): (86, 91, 2),
        # danehost 2, danelab, rolling, partial 2, stale, agedane, pkixonly,
        # failing, signedmail 2
        ("address secure",): (12, 91, 0), ("usable TLSA",): (7, 91, 1),
        ("STARTTLS",): (7, 91, 0), ("TLSA matches",): (6, 91, 0)},
    # danehost's two are named by secure and by insecure MX RRsets
    "secure_mx": {("secure",): (12, 91), ("insecure",): (81, 91)},
    "dane_share": {("every address",): (6, 88, 1)},
    "tlsa_published": {
        ("usable, matches everywhere",): (6, 91),
        ("usable, matches nowhere",): (1, 91),
        ("published, none usable",): (1, 91),
        ("published, not validated",): (1, 91), ("undetermined",): (1, 91),
        ("none",): (3, 91), ("not asked (address insecure)",): (78, 91)},
    "mismatch_classes": {("match",): (6, 7), ("mismatch",): (1, 7)},
    "tlsa_parameters": {(3, 1, 1, True): (7, 9), (2, 1, 1, True): (2, 9),
                        (1, 1, 1, False): (1, 9)},
    "starttls": {("every address",): (81, 88, 2)},
    "certificate_share": {("every address",): (15, 88, 2)},
    "certificate_validity": {
        # webspace 12 and 27 show another name; panel 20, ancient 2; forgotten 4,
        # agedane 1
        ("trusted", "name matches", "in dates"): (15, 81),
        ("trusted", "name does not match", "in dates"): (39, 81),
        ("untrusted", "name matches", "in dates"): (22, 81),
        ("trusted", "name matches", "out of date"): (5, 81)},
    "days_to_expiry": {
        ("expired",): (5, 81), ("under 7",): (20, 81), ("7 to 29",): (39, 81),
        ("30 to 89",): (13, 81), ("90 to 364",): (2, 81),
        ("365 and more",): (2, 81)},
    "tls_parameters": {
        ("version", "TLSv1.3"): (59, 81), ("version", "TLSv1.2"): (20, 81),
        ("version", "TLSv1"): (2, 81), ("group", "x25519"): (59, 81),
        ("group", "prime256v1"): (20, 81), ("group", "none"): (2, 81),
        ("key", "ec 256"): (81, 81)},
    "policy_eligibility": {
        ("C1 an MX host connects",): (86, 91, 2),
        ("C2 every connecting one has STARTTLS",): (81, 91, 2),
        ("C3 certificate valid for the MX host",): (15, 91, 2),
        ("C4 TLS 1.2 or better",): (79, 91, 2),
        ("C5 every MX name is in its certificate",): (42, 91, 2),
        ("C9 nothing undetermined",): (89, 91, 0),
        ("C1 to C5",): (15, 91, 2)},
    "quality_undetermined": {("STARTTLS", "temporary_reject"): (2, 91),
                             ("TLSA", "servfail"): (1, 91)},
    "quality_retries": {
        ("host lookup", "once"): (90, 91),
        ("host lookup", "twice, no answer"): (1, 91),
        # halfmail's two addresses: once, and twice the same
        ("SMTP session", "once"): (85, 91),
        ("SMTP session", "twice, the same"): (7, 91)},
    "quality_families": {
        ("IPv4", "tls"): (81, 91), ("IPv4", "no_tls"): (5, 91),
        ("IPv4", "undetermined"): (2, 91), ("IPv4", "unreachable"): (3, 91),
        ("IPv6", "tls"): (5, 6), ("IPv6", "unreachable"): (1, 6)},
    "key_reuse": {("1",): (46, 81), ("2",): (8, 81), ("11 to 100",): (27, 81)},
}
