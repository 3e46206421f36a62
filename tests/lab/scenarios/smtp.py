"""SMTP and STARTTLS (RULES 6)."""

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403


def ended_in_handshake(name: str, twin: str, outcome: str,
                       behaviour: Behaviour) -> Scenario:
    """It counts as no TLS only if it is seen twice; the rules do not say
    whether the old profile is tried."""
    row = failed(outcome, phase="handshake", starttls_code=220)
    result = without_tls("undetermined", profile=one_of("modern", "legacy"))
    return one_host(
        name, "9", twin, behaviour=behaviour,
        sessions=twice(row) + [("legacy", 1, Maybe(row)),
                               ("legacy", 2, Maybe(row))],
        results=[(1, result), (2, result)])

SMTP = [
    no_tls("no-starttls", "S7", "plain-secure", "starttls_absent",
           behaviour=NO_STARTTLS),
    no_tls("nearly-starttls", "S7 S8", "mixed-case", "starttls_absent",
           behaviour=NEARLY_STARTTLS),
    # RULES 9: the first session may have reached a decoy.
    one_host("decoy", "9", "no-starttls", behaviour=DECOY,
             sessions=[("modern", 1, failed("starttls_absent")),
                       ("modern", 2, established())],
             results=[(1, without_tls("no_tls")), (2, judged())]),
    one_host("decoy-alone", "9", "decoy", behaviour=DECOY_ALONE,
             sessions=[("modern", 1, failed("starttls_absent")),
                       ("modern", 2, failed("temporary_reject"))],
             results=[(1, without_tls("no_tls")),
                      (2, without_tls("undetermined"))]),
    one_host("mixed-case", "S8", "nearly-starttls", behaviour=MIXED_CASE),
    no_tls("stripped", "S9", "no-starttls", "starttls_stripped",
           behaviour=STRIPPED),
    no_tls("helo-only", "S10", "no-starttls", "starttls_absent",
           behaviour=EHLO_REFUSED, probe={"ehlo_code": 502}),
    unreached("ehlo-temporary", "S10", "helo-only", "temporary_reject",
              "undetermined", behaviour=EHLO_TEMPORARY,
              probe={"phase": "ehlo", "ehlo_code": 451}),
    no_tls("starttls-refused", "S11", "starttls-temporary",
           "starttls_refused", behaviour=STARTTLS_REFUSED,
           probe={"phase": "starttls", "starttls_code": 502}),
    unreached("starttls-temporary", "S11", "starttls-refused",
              "starttls_temporary", "undetermined",
              behaviour=STARTTLS_TEMPORARY,
              probe={"phase": "starttls", "starttls_code": 454}),
    unreached("greeting-554", "S6", "greeting-421", "rejected",
              "undetermined", behaviour=GREETING_554,
              probe={"phase": "greeting", "greeting_code": 554,
                     "ehlo_code": ""}),
    unreached("greeting-421", "S6", "greeting-554", "temporary_reject",
              "undetermined", behaviour=GREETING_421,
              probe={"phase": "greeting", "greeting_code": 421,
                     "ehlo_code": ""}),
    unreached("greeting-450", "S6", "greeting-554", "temporary_reject",
              "undetermined", behaviour=GREETING_450,
              probe={"phase": "greeting", "greeting_code": 450}),
    one_host("greeting-lines", "S5", "greeting-421",
             behaviour=GREETING_LINES),
    unreached("silent", "S17", "refused", "timeout", "undetermined",
              behaviour=SILENT, probe={"phase": "greeting",
                                       "greeting_code": ""}),
    unreached("dripping", "S17", "silent", "timeout", "undetermined",
              behaviour=DRIPPING,
              probe={"phase": "greeting"}),
    unreached("refused", "9", "plain-secure", "connect_refused",
              "unreachable", behaviour=None, probe={"phase": "connect"}),
    unreached("deaf", "9", "refused", "connect_timeout", "unreachable",
              behaviour=DEAF, probe={"phase": "connect"}),
    # No route: the error is that of our own call, twice, at one network.
    unreached("no-way", "F34", "refused", "local_error", "undetermined",
              behaviour=None, place="no_way", probe={"phase": "connect"}),
    unreached("closed-greeting", "9", "reset-greeting", "closed",
              "undetermined", behaviour=CLOSED_GREETING,
              probe={"phase": "greeting"}),
    unreached("reset-greeting", "9", "closed-greeting", "reset",
              "undetermined", behaviour=RESET_GREETING,
              probe={"phase": "greeting"}),
    unreached("closed-ehlo", "9", "closed-greeting", "closed",
              "undetermined", behaviour=CLOSED_EHLO,
              probe={"phase": "ehlo"}),
    ended_in_handshake("closed-handshake", "reset-handshake", "closed",
                       CLOSED_HANDSHAKE),
    ended_in_handshake("reset-handshake", "closed-handshake", "reset",
                       RESET_HANDSHAKE),
    unreached("mixed-codes", "S2", "plain-secure", "protocol_error",
              "undetermined", behaviour=MIXED_CODES,
              probe={"phase": "ehlo"}),
    unreached("too-long-line", "S1", "long-line", "protocol_error",
              "undetermined", behaviour=TOO_LONG_LINE,
              probe={"phase": "ehlo"}),
    unreached("too-many-lines", "S3", "long-line", "protocol_error",
              "undetermined", behaviour=TOO_MANY_LINES,
              probe={"phase": "ehlo"}),
    one_host("long-line", "S1", "too-long-line", behaviour=LONG_LINE,
             sessions=[("modern", 1, established(flags="long_reply"))]),
    one_host("bare-lf", "S4", "plain-secure", behaviour=BARE_LF,
             sessions=[("modern", 1, established(flags="bare_lf"))]),
    one_host("hostile-bytes", "S4", "plain-secure", behaviour=HOSTILE_BYTES,
             sessions=[("modern", 1, established(
                 flags="hostile_bytes",
                 greeting_text=one_of("mail\\x00lab \\xff\\xfe",
                                      "mail\\x00lab \\xFF\\xFE")))]),
    unreached("injected", "S12", "plain-secure", "plaintext_injected",
              "undetermined", behaviour=INJECTED,
              probe={"starttls_code": 220}),
    no_handshake("garbage", "S12", "injected", behaviour=GARBAGE),
    no_handshake("alert", "S15", "tls-1-0", behaviour=ALERT),
    one_host("starttls-in-tls", "S14", "plain-secure",
             behaviour=STARTTLS_IN_TLS,
             sessions=[("modern", 1, established(flags="starttls_in_tls"))]),
    one_host("asks-certificate", "6", "plain-secure",
             behaviour=ASKS_CERTIFICATE,
             sessions=[("modern", 1, established(
                 flags="client_certificate_requested"))]),
    one_host("tls-1-2", "S15", "plain-secure", behaviour=TLS_1_2,
             sessions=[("modern", 1, established(tls_version="TLSv1.2"))]),
    one_host("tls-1-0", "S15", "tls-1-2", behaviour=TLS_1_0,
             sessions=[("modern", 1, failed("handshake_failed",
                                            phase="handshake")),
                       ("legacy", 1, established(
                           tls_version=one_of("TLSv1", "TLSv1.0")))],
             results=[(1, judged(profile="legacy"))]),
]

# One reply, both sides of each bound (S1 to S5) -----------------------------

ALL_SAID = "EHLO,STARTTLS,EHLO,QUIT"


def good(name: str, rules: str, twin: str, behaviour: Behaviour,
         chain: Chain = TRUSTED, said: str = ALL_SAID, **more) -> Scenario:
    """A session that is well, with what is to be noted about it."""
    return one_host(name, rules, twin, behaviour=behaviour, chain=chain,
                    said=said, sessions=[("modern", 1, established(**more))])


def broken(name: str, rules: str, twin: str, behaviour: Behaviour,
           phase: str = "ehlo") -> Scenario:
    return unreached(name, rules, twin, "protocol_error", "undetermined",
                     behaviour=behaviour, probe={"phase": phase})

REPLIES = [
    good("line-512", "S1", "line-513", LINE_512),
    good("line-513", "S1", "line-512", LINE_513, flags="long_reply"),
    good("line-4096", "S1", "line-4097", LINE_4096, flags="long_reply"),
    broken("line-4097", "S1", "line-4096", LINE_4097),
    broken("mixed-greeting", "S2", "greeting-lines", MIXED_GREETING,
           "greeting"),
    broken("mixed-digit", "S2", "mixed-case", MIXED_DIGIT),
    good("lines-99", "S3", "lines-100", LINES_99),
    broken("lines-100", "S3", "lines-99", LINES_100),
    good("bytes-60000", "S3", "bytes-70000", BYTES_60000,
         flags="long_reply"),
    broken("bytes-70000", "S3", "bytes-60000", BYTES_70000),
    broken("no-code", "6", "code-alone", NO_CODE, "greeting"),
    broken("no-separator", "6", "code-alone", NO_SEPARATOR, "greeting"),
    # RFC 5321 4.2.1: the text may be missing, and the blank before it.
    good("code-alone", "6", "no-code", CODE_ALONE),
    good("nul-in-ehlo", "S4", "mixed-case", NUL_IN_EHLO,
         flags="hostile_bytes"),
    good("eight-bit-ehlo", "S4", "mixed-case", EIGHT_BIT_EHLO,
         flags="hostile_bytes"),
    good("bare-lf-in-tls", "S4", "plain-secure", BARE_LF_IN_TLS,
         flags="bare_lf"),
    good("greeting-one-by-one", "S5", "greeting-lines-554",
         GREETING_ONE_BY_ONE),
]


def turned_away(name: str, rules: str, twin: str, outcome: str,
                behaviour: Behaviour, code: int, phase: str = "greeting",
                said: str = "QUIT") -> Scenario:
    return unreached(name, rules, twin, outcome, "undetermined",
                     behaviour=behaviour, said=said,
                     probe={"phase": phase, f"{phase}_code": code})

GREETINGS = [
    turned_away("greeting-500", "S6", "greeting-not-esmtp", "rejected",
                GREETING_500, 500),
    turned_away("greeting-lines-554", "S5 S6", "greeting-one-by-one",
                "rejected", GREETING_LINES_554, 554),
    turned_away("greeting-lines-421", "S5 S6", "greeting-lines-554",
                "temporary_reject", GREETING_LINES_421, 421),
    # EHLO is said whatever words the greeting has.
    good("greeting-not-esmtp", "S6", "greeting-500", GREETING_NOT_ESMTP),
]

# Capabilities (S7 to S10) ---------------------------------------------------


def absent(name: str, rules: str, twin: str, behaviour: Behaviour,
           outcome: str = "starttls_absent", said: str = "EHLO,QUIT",
           code: int = 250) -> Scenario:
    return no_tls(name, rules, twin, outcome, behaviour=behaviour, said=said,
                  probe={"ehlo_code": code, "starttls_code": ""})

CAPABILITIES = [
    absent("starttls-name", "S7", "starttls-first", STARTTLS_NAME),
    absent("one-line", "S7", "starttls-first", ONE_LINE),
    good("starttls-first", "S7 S8", "starttls-name", STARTTLS_FIRST),
    good("lower-case", "S8", "starttls-longer", LOWER_CASE),
    good("starttls-twice", "S8", "one-line", STARTTLS_TWICE),
    absent("starttls-longer", "S8", "lower-case", STARTTLS_LONGER),
    absent("starttls-behind", "S8", "starttls-first", STARTTLS_BEHIND),
    absent("starttls-prefixed", "S8", "starttls-first", STARTTLS_PREFIXED),
    absent("stripped-x", "S9", "not-stripped", STRIPPED_X,
           "starttls_stripped"),
    absent("not-stripped", "S9", "stripped-x", NOT_STRIPPED),
    absent("ehlo-500", "S10", "ehlo-421", EHLO_500, said="EHLO,HELO,QUIT",
           code=500),
    absent("ehlo-554", "S10", "ehlo-421", EHLO_554, said="EHLO,HELO,QUIT",
           code=554),
    turned_away("ehlo-421", "S10", "ehlo-500", "temporary_reject", EHLO_421,
                421, "ehlo", "EHLO,QUIT"),
]

# STARTTLS and what comes behind it (S11 to S14) -----------------------------


def established_on_legacy(name: str, rules: str, twin: str,
                          behaviour: Behaviour, **more) -> Scenario:
    return one_host(
        name, rules, twin, behaviour=behaviour,
        sessions=[("modern", 1, failed("handshake_failed",
                                       phase="handshake")),
                  ("legacy", 1, established(**more))],
        results=[(1, judged(profile="legacy"))])


def refused(name: str, twin: str, behaviour: Behaviour, code: int,
            ) -> Scenario:
    return no_tls(name, "S11", twin, "starttls_refused", behaviour=behaviour,
                  said="EHLO,STARTTLS,QUIT",
                  probe={"phase": "starttls", "starttls_code": code})


def injected(name: str, behaviour: Behaviour) -> Scenario:
    return unreached(name, "S12", "starttls-lines", "plaintext_injected",
                     "undetermined", behaviour=behaviour,
                     said="EHLO,STARTTLS", probe={"starttls_code": 220})

COMMANDS = [
    refused("starttls-501", "starttls-421", STARTTLS_501, 501),
    refused("starttls-554", "starttls-421", STARTTLS_554, 554),
    turned_away("starttls-421", "S11", "starttls-501", "starttls_temporary",
                STARTTLS_421, 421, "starttls", "EHLO,STARTTLS,QUIT"),
    good("starttls-lines", "S11", "injected-lines", STARTTLS_LINES),
    injected("injected-byte", INJECTED_BYTE),
    injected("injected-record", INJECTED_RECORD),
    injected("injected-lines", INJECTED_LINES),
    no_handshake("garbage-bytes", "S12", "injected", behaviour=GARBAGE_BYTES),
    no_handshake("alert-name", "S15", "plain-secure", behaviour=ALERT_NAME),
    good("all-said", "S13", "no-starttls", GOOD),
    # TLS is there, whatever is said in it.
    good("ehlo-tls-refused", "S13", "ehlo-refused-plain", EHLO_TLS_REFUSED),
    absent("ehlo-refused-plain", "S10", "ehlo-tls-refused", EHLO_REFUSED,
           said="EHLO,HELO,QUIT", code=502),
    good("ehlo-tls-other", "S14", "starttls-in-tls-lower", EHLO_TLS_OTHER),
    good("starttls-in-tls-lower", "S14", "ehlo-tls-other",
         STARTTLS_IN_TLS_LOWER, flags="starttls_in_tls"),
]

# Versions, ciphers, client certificates (S15) -------------------------------

RSA = Chain(key="rsa2048")


def refuses_us(name: str, twin: str, behaviour: Behaviour) -> Scenario:
    """A handshake without a client certificate fails. In TLS 1.3 we learn of it
    after our part of the handshake (RFC 8446 4.4.2.4), so the TLS columns are
    not compared."""
    row = {"port": 25, "outcome": "handshake_failed", "phase": "handshake",
           "starttls_code": 220}
    return one_host(
        name, "S15", twin, behaviour=behaviour,
        sessions=[("modern", 1, row), ("legacy", 1, row)],
        results=[(1, {"tls_class": "no_tls", "profile": "legacy",
                      "dane_verdict": "not_applicable"})])

TLS = [
    good("tls-1-3", "S15", "tls-1-2", TLS_1_3),
    good("tls-1-2-only", "S15", "tls-1-1-only", TLS_1_2_ONLY,
         tls_version="TLSv1.2"),
    established_on_legacy("tls-1-1", "S15", "tls-1-2", TLS_1_1,
                          tls_version="TLSv1.1"),
    established_on_legacy("tls-1-1-only", "S15", "tls-1-2-only",
                          TLS_1_1_ONLY, tls_version="TLSv1.1"),
    good("rsa-key-exchange", "S15", "dhe", RSA_KEY_EXCHANGE, RSA,
         tls_version="TLSv1.2", cipher="AES128-GCM-SHA256",
         key_exchange_group=""),
    good("dhe", "S15", "rsa-key-exchange", DHE, RSA, tls_version="TLSv1.2",
         cipher="DHE-RSA-AES128-GCM-SHA256"),
    good("chacha", "S15", "cbc", CHACHA, tls_version="TLSv1.2",
         cipher="ECDHE-ECDSA-CHACHA20-POLY1305"),
    good("cbc", "S15", "chacha", CBC, RSA, tls_version="TLSv1.2",
         cipher="ECDHE-RSA-AES256-SHA"),
    # No profile offers null encryption.
    no_handshake("null-cipher", "S15", "chacha", behaviour=NULL_CIPHER),
    good("group-first", "S15", "group-p256", GOOD,
         key_exchange_group="x25519"),
    good("group-p256", "S15", "group-first", GROUP_P256,
         key_exchange_group="secp256r1"),
    good("group-p384", "S15", "group-p256", GROUP_P384,
         key_exchange_group="secp384r1"),
    good("group-p521", "S15", "group-p256", GROUP_P521,
         key_exchange_group="secp521r1"),
    good("group-x448", "S15", "group-first", GROUP_X448,
         key_exchange_group="x448"),
    good("asks-certificate-1-2", "S15", "requires-certificate-1-2",
         ASKS_CERTIFICATE_1_2, tls_version="TLSv1.2",
         flags="client_certificate_requested"),
    refuses_us("requires-certificate", "asks-certificate",
               REQUIRES_CERTIFICATE),
    refuses_us("requires-certificate-1-2", "asks-certificate-1-2",
               REQUIRES_CERTIFICATE_1_2),
    dane_match("dane-tls-1-0", "S15 T8", "dane-no-starttls", EE_SPKI,
               behaviour=TLS_1_2, session=established(tls_version="TLSv1.2")),
]

# Each phase ends badly ------------------------------------------------------

OUTCOMES = {"hang": "timeout", "close": "closed", "reset": "reset"}
PHASE_NAMES = {"hello": "handshake"}


def ends(phase: str, what: str, twin: str) -> Scenario:
    """After a successful handshake there was TLS, and `phase` says where the
    session ended."""
    name = f"{what}-in-{phase.replace('_', '-')}"
    seen = PHASE_NAMES.get(phase, phase)
    behaviour = IN_PHASE[phase, what]
    if phase in ("ehlo_tls", "quit"):
        return one_host(name, "6 S13", twin, behaviour=behaviour,
                        sessions=[("modern", 1, established(phase=seen))])
    if phase == "hello" and what != "hang":
        return ended_in_handshake(name, twin, OUTCOMES[what], behaviour)
    return unreached(name, "6 9", twin, OUTCOMES[what], "undetermined",
                     behaviour=behaviour, probe={"phase": seen})

ENDS = [ends(phase, what, "plain-secure") for phase, what in IN_PHASE
        # Above there are these already.
        if phase != "greeting" and (phase, what) not in (
            ("ehlo", "close"), ("hello", "close"), ("hello", "reset"))]

SLOWNESS = [
    good("slow", "S17", "hang-in-ehlo", SLOW),
    good("slow-bytes", "S17", "dripping", SLOW_BYTES),
    unreached("dripping-ehlo", "S17", "slow", "timeout", "undetermined",
              behaviour=DRIPPING_EHLO, probe={"phase": "ehlo"}),
]

# Under DANE, and at IPv6 addresses ------------------------------------------

UNREACHED = [
    unreached("refused-v6", "9", "ipv6-only", "connect_refused",
              "unreachable", behaviour=None, place="v6",
              host_row=host(ipv4="nodata", ipv6="found"),
              probe={"phase": "connect"}),
    unreached("deaf-v6", "9", "refused-v6", "connect_timeout", "unreachable",
              behaviour=DEAF, place="v6",
              host_row=host(ipv4="nodata", ipv6="found"),
              probe={"phase": "connect"}),
]

SMTP += (REPLIES + GREETINGS + CAPABILITIES + COMMANDS + TLS + ENDS
         + SLOWNESS + UNREACHED)
