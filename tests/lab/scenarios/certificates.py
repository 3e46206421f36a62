"""Certificates and names (RULES 5)."""

from behaviours import *            # noqa: F401,F403
from expected import *              # noqa: F401,F403
from model import *                 # noqa: F401,F403

CERTIFICATES = [
    one_host("self-signed", "5", "plain-secure", chain=SELF_SIGNED,
             sessions=[("modern", 1, SELF_SIGNED_CHAIN)]),
    one_host("expired", "5", "plain-secure", chain=EXPIRED,
             sessions=[("modern", 1, EXPIRED_CHAIN)]),
    one_host("other-name", "5", "plain-secure", chain=OTHER_NAME,
             results=[(1, judged(name=0))]),
    one_host("no-intermediate", "5", "plain-secure", chain=NO_ISSUER,
             sessions=[("modern", 1, NO_INTERMEDIATE)]),
    one_host("private-root", "5", "plain-secure", chain=PRIVATE,
             sessions=[("modern", 1, PRIVATE_CHAIN)]),
    one_host("wildcard", "N1", "wildcard-deep",
             chain=Chain(names=("*",))),
    one_host("wildcard-deep", "N1", "wildcard",
             chain=Chain(names=("*.mx",)), results=[(1, judged(name=0))]),
    one_host("wildcard-part", "N2", "wildcard",
             chain=Chain(names=("m*",)), results=[(1, judged(name=0))]),
    one_host("upper-case", "N3", "other-name", chain=Chain(names=("MX",))),
    one_host("rsa", "5", "tls-1-2", chain=Chain(key="rsa2048"),
             behaviour=TLS_1_2,
             sessions=[("modern", 1, established(
                 tls_version="TLSv1.2",
                 cipher=one_of("ECDHE-RSA-AES256-GCM-SHA384",
                               "ECDHE-RSA-AES128-GCM-SHA256",
                               "ECDHE-RSA-CHACHA20-POLY1305")))]),
    # By its name the server shows the right certificate, to others another.
    one_host("by-name", "N6", "by-name-other",
             chain=Chain(names=("elsewhere",)), by_name=(("mx", TRUSTED),)),
    one_host("by-name-other", "N6", "by-name", chain=TRUSTED,
             by_name=(("mx", OTHER_NAME),), results=[(1, judged(name=0))]),
]
