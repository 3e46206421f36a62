"""The behaviours of the lab's mail servers, each a change to a server without
faults.

The lines are the steps of fakemx.h; a phase that is not named here is as in
GOOD.
"""

from model import Behaviour

GOOD_PHASES = {
    "greeting": ['say "220 mail.lab ESMTP"'],
    "ehlo": ['raw "250-mail.lab\\r\\n250-SIZE 1000000\\r\\n250-STARTTLS\\r\\n'
             '250 8BITMIME\\r\\n"'],
    "helo": ['say "250 mail.lab"'],
    "starttls": ['say "220 2.0.0 go on"', "tls"],
    "ehlo_tls": ['raw "250-mail.lab\\r\\n250 8BITMIME\\r\\n"'],
    "quit": ['say "221 2.0.0 bye"', "close"],
    "other": ['say "502 5.5.1 not here"'],
}


def behaviour(name: str, tls: str = "", **phases: list) -> Behaviour:
    return Behaviour(name, phases, tls)


def text(*lines: str) -> str:
    """A step that sends these reply lines in one write."""
    return 'raw "' + "".join(line + "\\r\\n" for line in lines) + '"'


GOOD = behaviour("good")
NO_STARTTLS = behaviour(
    "no_starttls", ehlo=[text("250-mail.lab", "250 8BITMIME")])
# The first session reaches another program, or one server of a farm; the second
# one gets TLS, or no answer.
DECOY = Behaviour("decoy", odd=NO_STARTTLS.phases)
DECOY_ALONE = Behaviour("decoy_alone", {
    "greeting": [text("450 4.7.1 later")]}, odd={
        "greeting": GOOD_PHASES["greeting"], **NO_STARTTLS.phases})
STRIPPED = behaviour(
    "stripped", ehlo=[text("250-mail.lab", "250-XXXXXXXA", "250 8BITMIME")])
# Words that only resemble the keyword, and the keyword in the place of the
# server's greeting (RFC 5321).
NEARLY_STARTTLS = behaviour(
    "nearly_starttls",
    ehlo=[text("250-STARTTLS mail.lab", "250-STARTTLSX", "250 8BITMIME")])
MIXED_CASE = behaviour(
    "mixed_case", ehlo=[text("250-mail.lab", "250-8BITMIME", "250 StartTLS")])
EHLO_REFUSED = behaviour(
    "ehlo_refused", ehlo=[text("502 5.5.1 what is EHLO")])
EHLO_TEMPORARY = behaviour(
    "ehlo_temporary", ehlo=[text("451 4.3.0 later")])
MIXED_CODES = behaviour(
    "mixed_codes", ehlo=[text("250-mail.lab", "550 no")])
STARTTLS_TEMPORARY = behaviour(
    "starttls_temporary", starttls=[text("454 4.7.0 TLS not available")])
STARTTLS_REFUSED = behaviour(
    "starttls_refused", starttls=[text("502 5.5.1 not for you")])
GREETING_554 = behaviour("greeting_554", greeting=[text("554 5.7.1 no")])
GREETING_421 = behaviour(
    "greeting_421", greeting=[text("421 4.3.2 too busy"), "close"])
GREETING_450 = behaviour("greeting_450", greeting=[text("450 4.7.1 later")])
GREETING_LINES = behaviour(
    "greeting_lines",
    greeting=[text("220-mail.lab", "220-no spam"), "wait 300",
              text("220 please")])
SILENT = behaviour("silent", greeting=["hang"])
DRIPPING = behaviour(
    "dripping", greeting=["drip 1000", 'repeat 100 "220-slow\\r\\n"'])
DEAF = Behaviour("deaf", deaf=True)
POSTFIX = Behaviour("postfix", program="postfix")
POSTFIX_WITHOUT_TLS = Behaviour("postfix_without_tls", program="postfix")
CLOSED_GREETING = behaviour("closed_greeting", greeting=["close"])
RESET_GREETING = behaviour("reset_greeting", greeting=["wait 50", "reset"])
CLOSED_EHLO = behaviour("closed_ehlo", ehlo=["close"])
CLOSED_HANDSHAKE = behaviour("closed_handshake", hello=["close"])
RESET_HANDSHAKE = behaviour("reset_handshake", hello=["reset"])
GARBAGE = behaviour(
    "garbage", hello=['say "500 this is no TLS at all"', "close"])
ALERT = behaviour(
    "alert", hello=['raw "\\x15\\x03\\x03\\x00\\x02\\x02\\x28"', "close"])
INJECTED = behaviour(
    "injected", starttls=[text("220 2.0.0 go on", "250 and more"), "tls"])
LONG_LINE = behaviour(
    "long_line", ehlo=['raw "250-mail.lab "', 'repeat 1000 "x"',
                       text("", "250-STARTTLS", "250 8BITMIME")])
TOO_LONG_LINE = behaviour(
    "too_long_line", ehlo=['raw "250-mail.lab "', 'repeat 5000 "x"',
                           text("", "250 STARTTLS")])
TOO_MANY_LINES = behaviour(
    "too_many_lines", ehlo=['repeat 200 "250-again\\r\\n"',
                            text("250 STARTTLS")])
BARE_LF = behaviour(
    "bare_lf", greeting=['raw "220 mail.lab\\n"'],
    ehlo=['raw "250-mail.lab\\n250 STARTTLS\\n"'])
HOSTILE_BYTES = behaviour(
    "hostile_bytes", greeting=['say "220 mail\\x00lab \\xff\\xfe"'])
TLS_1_0 = behaviour("tls_1_0", tls="max=1.0")
TLS_1_2 = behaviour("tls_1_2", tls="max=1.2")
TLS_1_3 = behaviour("tls_1_3", tls="min=1.3")
ASKS_CERTIFICATE = behaviour("asks_certificate", tls="ask_certificate")
STARTTLS_IN_TLS = behaviour(
    "starttls_in_tls", ehlo_tls=[text("250-mail.lab", "250 STARTTLS")])

# The first bytes of each bound (RULES S1, S3) --------------------------------


def ehlo_line(name: str, octets: int) -> Behaviour:
    """An EHLO reply with a line of this many bytes, including CRLF."""
    start = "250-X-LONG "
    return behaviour(name, ehlo=[
        text("250-mail.lab"), f'raw "{start}"',
        f'repeat {octets - len(start) - 2} "x"',
        text("", "250-STARTTLS", "250 8BITMIME")])


def ehlo_lines(name: str, count: int, octets: int = 11) -> Behaviour:
    """An EHLO reply of `count` lines, all but the last `octets` long."""
    return behaviour(name, ehlo=[
        text("250-mail.lab"),
        f'repeat {count - 3} "250-{"a" * (octets - 6)}\\r\\n"',
        text("250-STARTTLS", "250 8BITMIME")])


LINE_512 = ehlo_line("line_512", 512)
LINE_513 = ehlo_line("line_513", 513)
LINE_4096 = ehlo_line("line_4096", 4096)
LINE_4097 = ehlo_line("line_4097", 4097)
LINES_99 = ehlo_lines("lines_99", 99)
LINES_100 = ehlo_lines("lines_100", 100)
BYTES_60000 = ehlo_lines("bytes_60000", 62, 1000)
BYTES_70000 = ehlo_lines("bytes_70000", 72, 1000)

# Replies --------------------------------------------------------------------

MIXED_GREETING = behaviour("mixed_greeting",
                           greeting=[text("220-mail.lab", "554 no")])
MIXED_DIGIT = behaviour("mixed_digit",
                        ehlo=[text("250-mail.lab", "251 STARTTLS")])
NO_CODE = behaviour("no_code", greeting=[text("hello there")])
NO_SEPARATOR = behaviour("no_separator", greeting=[text("220+mail.lab")])
CODE_ALONE = behaviour("code_alone", greeting=[text("220")])
NUL_IN_EHLO = behaviour("nul_in_ehlo", ehlo=[
    'raw "250-mail.lab\\r\\n250-X\\x00Y\\r\\n250 STARTTLS\\r\\n"'])
EIGHT_BIT_EHLO = behaviour("eight_bit_ehlo", ehlo=[
    'raw "250-mail.lab\\r\\n250-X \\xe9\\r\\n250 STARTTLS\\r\\n"'])
BARE_LF_IN_TLS = behaviour(
    "bare_lf_in_tls", ehlo_tls=['raw "250-mail.lab\\n250 8BITMIME\\n"'])
GREETING_ONE_BY_ONE = behaviour(
    "greeting_one_by_one", greeting=["drip 10", text("220-mail.lab",
                                                     "220 ready")])
GREETING_NOT_ESMTP = behaviour("greeting_not_esmtp",
                               greeting=[text("220 mail.lab SMTP only")])
GREETING_500 = behaviour("greeting_500", greeting=[text("500 go away")])
GREETING_LINES_554 = behaviour(
    "greeting_lines_554", greeting=[text("554-mail.lab", "554 no")])
GREETING_LINES_421 = behaviour(
    "greeting_lines_421", greeting=[text("421-mail.lab", "421 later")])

# Capabilities ---------------------------------------------------------------


def offers(name: str, *words: str) -> Behaviour:
    lines = ("mail.lab", *words)
    return behaviour(name, ehlo=[text(
        *(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}")])


LOWER_CASE = offers("lower_case", "8BITMIME", "starttls")
STARTTLS_FIRST = offers("starttls_first", "STARTTLS", "8BITMIME")
STARTTLS_LONGER = offers("starttls_longer", "STARTTLSX")
STARTTLS_BEHIND = offers("starttls_behind", "AUTH STARTTLS")
STARTTLS_PREFIXED = offers("starttls_prefixed", "XSTARTTLS", "X-STARTTLS")
STARTTLS_NAME = behaviour("starttls_name",
                          ehlo=[text("250 STARTTLS at your service")])
STARTTLS_TWICE = offers("starttls_twice", "STARTTLS", "STARTTLS")
ONE_LINE = behaviour("one_line", ehlo=[text("250 mail.lab")])
STRIPPED_X = offers("stripped_x", "8BITMIME", "XXXXXXXX")
NOT_STRIPPED = offers("not_stripped", "XCLIENT NAME ADDR", "XFORWARD")
EHLO_500 = behaviour("ehlo_500", ehlo=[text("500 5.5.1 what")])
EHLO_554 = behaviour("ehlo_554", ehlo=[text("554 5.7.1 no")])
EHLO_421 = behaviour("ehlo_421", ehlo=[text("421 4.3.2 later")])

# STARTTLS -------------------------------------------------------------------

STARTTLS_421 = behaviour("starttls_421", starttls=[text("421 4.3.0 later")])
STARTTLS_501 = behaviour("starttls_501", starttls=[text("501 5.5.4 no")])
STARTTLS_554 = behaviour("starttls_554", starttls=[text("554 5.7.3 no")])
STARTTLS_LINES = behaviour(
    "starttls_lines", starttls=[text("220-2.0.0 go", "220 2.0.0 on"), "tls"])
INJECTED_BYTE = behaviour("injected_byte",
                          starttls=['raw "220 go on\\r\\n\\n"', "tls"])
INJECTED_RECORD = behaviour(
    "injected_record", starttls=[
        'raw "220 go on\\r\\n\\x15\\x03\\x03\\x00\\x02\\x01\\x00"', "tls"])
INJECTED_LINES = behaviour(
    "injected_lines", starttls=[text("220-go", "220 on", "250-mail.lab",
                                     "250 8BITMIME"), "tls"])
GARBAGE_BYTES = behaviour("garbage_bytes",
                          hello=['repeat 100 "\\x00\\xff"', "close"])
ALERT_NAME = behaviour(             # unrecognized_name (RFC 6066 3)
    "alert_name", hello=['raw "\\x15\\x03\\x03\\x00\\x02\\x02\\x70"', "close"])
EHLO_TLS_REFUSED = behaviour("ehlo_tls_refused", ehlo_tls=[text("502 no")])
EHLO_TLS_OTHER = behaviour(
    "ehlo_tls_other", ehlo_tls=[text("250-mail.lab", "250-STARTTLSX",
                                     "250 AUTH PLAIN")])
STARTTLS_IN_TLS_LOWER = behaviour(
    "starttls_in_tls_lower", ehlo_tls=[text("250-mail.lab", "250-starttls",
                                            "250 8BITMIME")])

# TLS ------------------------------------------------------------------------

TLS_1_1 = behaviour("tls_1_1", tls="max=1.1")
TLS_1_1_ONLY = behaviour("tls_1_1_only", tls="min=1.1 max=1.1")
TLS_1_2_ONLY = behaviour("tls_1_2_only", tls="min=1.2 max=1.2")
RSA_KEY_EXCHANGE = behaviour(
    "rsa_key_exchange", tls="max=1.2 ciphers=AES128-GCM-SHA256:AES128-SHA")
DHE = behaviour("dhe", tls="max=1.2 ciphers=DHE-RSA-AES128-GCM-SHA256")
CHACHA = behaviour(
    "chacha", tls="max=1.2 ciphers=ECDHE-ECDSA-CHACHA20-POLY1305")
CBC = behaviour("cbc", tls="max=1.2 ciphers=ECDHE-RSA-AES256-SHA")
NULL_CIPHER = behaviour(
    "null_cipher", tls="max=1.2 ciphers=ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0")
GROUP_P256 = behaviour("group_p256", tls="groups=P-256")
GROUP_P384 = behaviour("group_p384", tls="groups=P-384")
GROUP_P521 = behaviour("group_p521", tls="groups=P-521")
GROUP_X448 = behaviour("group_x448", tls="groups=X448")
ASKS_CERTIFICATE_1_2 = behaviour("asks_certificate_1_2",
                                 tls="max=1.2 ask_certificate")
REQUIRES_CERTIFICATE = behaviour("requires_certificate",
                                 tls="require_certificate")
REQUIRES_CERTIFICATE_1_2 = behaviour("requires_certificate_1_2",
                                     tls="max=1.2 require_certificate")

# Slow, silent and gone, in each phase ---------------------------------------

PHASES = ("greeting", "ehlo", "starttls", "hello", "ehlo_tls", "quit")


def in_phase(phase: str, what: str) -> Behaviour:
    """The server hangs, closes or resets instead of replying."""
    # A reset at once would race with what was sent before.
    steps = ["wait 50", "reset"] if what == "reset" else [what]
    return behaviour(f"{what}_in_{phase}", **{phase: steps})


IN_PHASE = {(phase, what): in_phase(phase, what)
            for phase in PHASES for what in ("hang", "close", "reset")}
# More than a second for each reply, less than the deadline of a phase.
SLOW = Behaviour("slow", {
    phase: ["wait 1200", *GOOD_PHASES.get(phase, [])] for phase in PHASES})
SLOW_BYTES = behaviour(
    "slow_bytes", greeting=["drip 20", 'say "220 mail.lab ESMTP ready"'])
DRIPPING_EHLO = behaviour(
    "dripping_ehlo", ehlo=["drip 1000", 'repeat 100 "250-slow\\r\\n"'])
