"""Mail servers that are not scripted (RULES 6): Postfix, with and without TLS."""

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

REAL = [
    dane_match("postfix", "S5 S11 S13 T8 U4", "postfix-without-tls", EE_SPKI,
               behaviour=POSTFIX),
    no_tls("postfix-without-tls", "S8 T8", "postfix", "starttls_absent",
           probe={"phase": "ehlo", "greeting_code": 220, "ehlo_code": 250,
                  "starttls_code": ""},
           behaviour=POSTFIX_WITHOUT_TLS, tlsa=(EE_SPKI,)),
    one_host("postfix-bare", "S13 T4", "postfix-bare-other-name", zone=BARE,
             behaviour=POSTFIX),
    one_host("postfix-bare-other-name", "N1 T4", "postfix-bare", zone=BARE,
             behaviour=POSTFIX, chain=OTHER_NAME,
             results=[(1, judged(tlsa="not_asked", name=0))]),
]
