"""A domain for each kind of advice that has records, for each kind of name that
can own the records. Only advice_test.py scans it, and does what the advice
says. Its twin differs in one fact, and does not get that advice, or gets other
records.

The expected values come from the RFC that is named beside them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from behaviours import GOOD
from check_faults import LISTED, POLICY, WEB_CHAIN, fault, txt
from model import (At, Chain, EE_SPKI, EE_WRONG, EXPIRED, FORGED, Host,
                   OTHER_NAME, PRIVATE, Part, SELF_SIGNED, SIGNED, Scenario,
                   TA_SPKI, TRUSTED, Tlsa, Web, Zone)


@dataclass(frozen=True)
class Case:
    """`kind` is the id of the advice, which `twin` does not get. `ask` is the
    owner in another's zone: nothing is applied then. `owners` are the owners of
    the lines to publish, relative to the zone."""
    scenario: Scenario
    kind: str
    twin: str
    owners: tuple = ()
    ask: str = ""
    web_fault: str = ""         # the reason that the advice gives

    @property
    def zone(self) -> str:
        return self.scenario.zone_name


CASES: list = []
TWINS: list = []
RENEWED = dataclasses.replace(TRUSTED, serial=1)
DANE = ("_25._tcp.mx",)
STS, RPT = ("_mta-sts",), ("_smtp._tls",)


def case(name: str, kind: str, twin: str, owners: tuple = (), *,
         ask: str = "", rules: str = "U8", parts: tuple = (),
         web_fault: str = "", **more) -> None:
    scenario = dataclasses.replace(
        fault(name, rules, **more).scenario, parts=parts)
    CASES.append(Case(scenario, kind, f"{twin}.sec", owners, ask, web_fault))


def twin(name: str, rules: str = "U8", **more) -> None:
    TWINS.append(fault(name, rules, **more).scenario)


def with_policy(text: str = LISTED, *records: str, **more) -> dict:
    """A domain with a policy host that serves a policy."""
    name = more.pop("name")
    return {"zone": Zone(records=records),
            "web": (Web(policy=text.replace("{zone}", f"{name}.sec"),
                        chains=WEB_CHAIN),), **more}


def alias(owner: str, target: str) -> str:
    return f"{owner} CNAME {target}"


twin("a-good", tlsa=(EE_SPKI,))

# The owner of TLSA records (RFC 7671 7, RFC 4592) ----------------------------

case("a-wrong", "tlsa-mismatch", "a-good", DANE, tlsa=(EE_WRONG,))
twin("a-alias-good", tlsa_owner="dane", tlsa=(EE_SPKI,),
     zone=Zone(records=(alias("_25._tcp.mx", "dane"),)))
case("a-alias", "tlsa-mismatch", "a-alias-good", ("dane",),
     tlsa_owner="dane", tlsa=(EE_WRONG,),
     zone=Zone(records=(alias("_25._tcp.mx", "dane"),)))
case("a-alias-chain", "tlsa-mismatch", "a-alias-good", ("dane",),
     tlsa_owner="dane", tlsa=(EE_WRONG,),
     zone=Zone(records=(alias("_25._tcp.mx", "two"), alias("two", "dane"))))
case("a-alias-gone", "tlsa-absent", "a-alias-good", ("dane",),
     zone=Zone(records=(alias("_25._tcp.mx", "dane"),)))
case("a-alias-theirs", "tlsa-mismatch", "a-alias-good",
     ask="dane.a-provider.sec", tlsa=(EE_WRONG,),
     tlsa_owner="dane.a-provider.sec.",
     zone=Zone(records=(alias("_25._tcp.mx", "dane.a-provider.sec."),)),
     parts=(Part("a-provider.sec.", SIGNED),))
twin("a-wild-good", tlsa_owner="*._tcp.mx", tlsa=(EE_SPKI,))
case("a-wild", "tlsa-mismatch", "a-wild-good", ("*._tcp.mx",),
     tlsa_owner="*._tcp.mx", tlsa=(EE_WRONG,))
# The wildcard has the addresses as well.
WILD_HOST = Host("*", (At(GOOD, Chain(names=("mx",))),), (EE_WRONG,),
                 tlsa_owner="*")
case("a-wild-above", "tlsa-mismatch", "a-wild-good", ("*",),
     hosts=(WILD_HOST,))
case("a-wild-host", "tlsa-absent", "a-wild-good", ("_25._tcp.mx", "mx"),
     hosts=(dataclasses.replace(WILD_HOST, tlsa=(), tlsa_owner=""),))
case("a-differs", "tlsa-differs", "a-good", DANE, hosts=(
    Host("mx", (At(GOOD), At(GOOD, RENEWED)), (EE_SPKI,)),))
case("a-differs-alias", "tlsa-differs", "a-alias-good", ("dane",),
     zone=Zone(records=(alias("_25._tcp.mx", "dane"),)), hosts=(
    Host("mx", (At(GOOD), At(GOOD, RENEWED)), (EE_SPKI,),
         tlsa_owner="dane"),))

# Other advice with TLSA records ----------------------------------------------

case("a-absent", "tlsa-absent", "a-good", DANE, rules="T10")
case("a-unusable", "tlsa-unusable", "a-good", DANE, tlsa=(Tlsa(1, 1, 1),))
case("a-some", "tlsa-some-unusable", "a-good",
     tlsa=(EE_SPKI, Tlsa(1, 1, 1)))
case("a-stale", "tlsa-unmatched", "a-good", tlsa=(EE_SPKI, EE_WRONG))
twin("a-ready", tlsa=(EE_SPKI, TA_SPKI))
# The second certificate of the chain is a CA that has nothing to do with the
# leaf.
case("a-alone", "tlsa-alone", "a-ready", DANE, tlsa=(EE_SPKI,),
     chain=dataclasses.replace(TRUSTED, present=("leaf", "private",
                                                 "issuing")))
case("a-hidden", "tlsa-anchor-missing", "a-ready", DANE,
     tlsa=(Tlsa(2, 1, 1, of="root"),))
case("a-name", "tlsa-name", "a-ready", DANE, tlsa=(TA_SPKI,),
     chain=OTHER_NAME)
case("a-ta-expired", "tlsa-anchor-expired", "a-ready", DANE,
     tlsa=(TA_SPKI,), chain=EXPIRED)
case("a-ta-broken", "tlsa-chain-broken", "a-ready", DANE, tlsa=(TA_SPKI,),
     chain=FORGED)
case("a-self", "self-signed", "a-good", DANE, rules="5", chain=SELF_SIGNED)
case("a-private", "untrusted", "a-good", DANE, rules="5", chain=PRIVATE)

# MX (RFC 5321 5.1, RFC 7505) -------------------------------------------------

case("a-cname", "mx-is-cname", "a-good", ("@",), rules="MX9",
     mx=((10, "other"),),
     hosts=(Host("mx", (At(GOOD),)), Host("other", cname="mx")))
case("a-literal", "mx-is-address", "a-good", ("mail", "@"), rules="MX10",
     mx=((10, "198.18.30.2."),), hosts=(
         Host("here", (At(GOOD, Chain(names=("mail",)),
                          place="198.18.30.2"),)),))
case("a-local", "mx-is-localhost", "a-good", rules="MX10",
     mx=((10, "mx"), (20, "localhost.")))
case("a-tld", "mx-is-tld", "a-good", rules="MX10",
     mx=((10, "mx"), (20, "sec.")))
case("a-gone", "host-nxdomain", "a-good", rules="T5",
     mx=((10, "mx"), (20, "gone")))
case("a-empty", "host-no-address", "a-good", rules="T5",
     mx=((10, "mx"), (20, "empty")), zone=Zone(records=("empty TXT a",)))
case("a-special", "host-special", "a-good", rules="K1",
     mx=((10, "mx"), (20, "inner")),
     zone=Zone(records=("inner A 127.0.0.1",)))
case("a-mixed", "null-mx-mixed", "a-good", rules="MX8",
     mx=((10, "mx"), (5, ".")))
twin("a-null", "MX6", mx=((0, "."),), hosts=())
case("a-null-ten", "null-mx-preference", "a-null", ("@",), rules="MX7",
     mx=((10, "."),))
case("a-implicit", "implicit-mx", "a-good", ("@",), rules="MX2", mx=(),
     hosts=(Host("@", (At(GOOD, Chain(names=("@",))),)),))
# The domain is an alias, and the name at its end has the MX records.
case("a-domain", "mx-is-cname", "a-good", ("real",), rules="MX12", mx=(),
     zone=Zone(records=("sub CNAME real", "real MX 10 other")),
     hosts=(Host("mx", (At(GOOD),)), Host("other", cname="mx")))

# MTA-STS (RFC 8461 3.1 to 4.1) -----------------------------------------------

ONE, TWO = "v=STSv1; id=1;", "v=STSv1; id=2;"
BAD = "v=STSv1; id=2-1;"


def sts(name: str, kind: str, twin_name: str, owners: tuple = STS,
        text: str = LISTED, records: tuple = (txt("_mta-sts", ONE),),
        **more) -> None:
    ask, parts = more.pop("ask", ""), more.pop("parts", ())
    case(name, kind, twin_name, owners, rules="P1", ask=ask, parts=parts,
         **with_policy(text, *records, name=name, tlsa=(EE_SPKI,), **more))


TWINS.append(fault("a-listed", "P7", **with_policy(
    LISTED, txt("_mta-sts", ONE), name="a-listed")).scenario)
sts("a-unlisted", "sts-unlisted", "a-listed",
    text=POLICY.format(mx="mx: mail.elsewhere.sec\n"))
sts("a-several", "sts-multiple", "a-listed",
    records=(txt("_mta-sts", ONE), txt("_mta-sts", TWO),
             txt("_mta-sts", "v=spf1 -all")))
sts("a-several-alias", "sts-multiple", "a-listed", ("sts",),
    records=(alias("_mta-sts", "sts"), txt("sts", ONE), txt("sts", TWO)))
sts("a-bad", "sts-invalid-record", "a-listed",
    records=(txt("_mta-sts", BAD),))
sts("a-bad-hostile", "sts-invalid-record", "a-listed",
    records=('_mta-sts TXT "v=STSv1\\; id=\\007\\"\\\\;"',))
sts("a-bad-alias", "sts-invalid-record", "a-listed", ("sts",),
    records=(alias("_mta-sts", "sts"), txt("sts", BAD)))
sts("a-bad-theirs", "sts-invalid-record", "a-listed",
    ask="sts.a-sts-provider.sec",
    records=(alias("_mta-sts", "sts.a-sts-provider.sec."),),
    parts=(Part("a-sts-provider.sec.", Zone(records=(txt("sts", BAD),))),))
sts("a-no-age", "sts-invalid-policy", "a-listed",
    text=LISTED.replace("max_age: 604800\n", ""))
sts("a-testing", "sts-testing", "a-unready",
    text=LISTED.replace("enforce", "testing"))
sts("a-none", "sts-none", "a-listed",
    text="version: STSv1\nmode: none\nmax_age: 86400\n")
sts("a-old-age", "sts-max-age", "a-listed",
    text=LISTED.replace("604800", "31557601"))


def unfetched(name: str, why: str, after: Chain = Chain(names=("mta-sts",)),
              chain: Chain = Chain(names=("mta-sts",)), **web) -> None:
    """RFC 8461 3.3: the policy host answers, and gives no policy."""
    case(name, "sts-fetch-failed", "a-listed", STS, rules="P3",
         tlsa=(EE_SPKI,), zone=Zone(records=(txt("_mta-sts", ONE),)),
         web_fault=why, web=(Web(
             policy=LISTED.replace("{zone}", f"{name}.sec"),
             chains=(("mta-sts", chain), ("after", after)), **web),))


unfetched("a-web-gone", "HTTP 404", does="respond", status="404 Not Found")
unfetched("a-web-elsewhere", "HTTP 301", does="respond",
          status="301 Moved Permanently",
          headers=("Location: https://mta-sts.a-listed.sec/"
                   ".well-known/mta-sts.txt",))
unfetched("a-web-expired", "expired", does="respond",
          chain=dataclasses.replace(EXPIRED, names=("mta-sts",)))
unfetched("a-web-closed", "closed", does="close")

# Nothing is enforced where a certificate is not right.
TWINS.append(fault("a-unready", "P7", chain=EXPIRED, tlsa=(EE_SPKI,),
                   **with_policy(LISTED.replace("enforce", "testing"),
                                 txt("_mta-sts", ONE),
                                 name="a-unready")).scenario)


def naked(name: str, owners: tuple = STS, records: tuple = (),
          **more) -> None:
    case(name, "no-protection", "a-listed", owners, rules="P1",
         **with_policy("", *records, name=name, **more))


naked("a-naked")
naked("a-naked-alias", records=(alias("_mta-sts", "sts"),))
# RFC 8461 3.2 allows no underscore, so the policy has the wildcard.
naked("a-underscore", mx=((10, "_dc-mx.a1b2"),), hosts=(
    Host("_dc-mx.a1b2", (At(GOOD, Chain(names=("_dc-mx.a1b2",))),)),))

# TLSRPT (RFC 8460 3) ---------------------------------------------------------

RUA, HTTP = ("v=TLSRPTv1; rua=mailto:tls@example.com",
             "v=TLSRPTv1; rua=http://x.example.com")
twin("a-reports", "P10", zone=Zone(records=(txt("_smtp._tls", RUA),)))


def rpt(name: str, kind: str, *records: str, owners: tuple = RPT,
        **more) -> None:
    case(name, kind, "a-reports", owners, rules="P10",
         zone=Zone(records=records), **more)


rpt("a-no-reports", "tlsrpt-absent")
rpt("a-no-reports-alias", "tlsrpt-absent", alias("_smtp._tls", "rpt"))
rpt("a-reports-two", "tlsrpt-multiple", txt("_smtp._tls", RUA),
    txt("_smtp._tls", HTTP))
rpt("a-reports-bad", "tlsrpt-invalid", txt("_smtp._tls", HTTP))
rpt("a-reports-alias", "tlsrpt-invalid", alias("_smtp._tls", "rpt"),
    txt("rpt", HTTP), owners=("rpt",))
rpt("a-reports-theirs", "tlsrpt-invalid",
    alias("_smtp._tls", "rpt.a-rpt-provider.sec."),
    owners=(), ask="rpt.a-rpt-provider.sec",
    parts=(Part("a-rpt-provider.sec.",
                Zone(records=(txt("rpt", HTTP),))),))

SCENARIOS = [c.scenario for c in CASES] + TWINS
