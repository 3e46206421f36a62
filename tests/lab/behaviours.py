"""What the lab's mail servers do, each a change to one that does all well.

The lines are the steps of fakemx.h; a phase that is not named here is that of
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
STRIPPED = behaviour(
    "stripped", ehlo=[text("250-mail.lab", "250-XXXXXXXA", "250 8BITMIME")])
# Words that only resemble the keyword, and the keyword where RFC 5321 has the
# greeting of the server.
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
