"""A domain for each fault that `mxcensus check` has advice for, and what
repairs it if a record is not enough. Only check_test.py scans this world.

The expected advice follows from the rule that the fault breaks, which is named
beside it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from behaviours import (EHLO_REFUSED, GARBAGE, GOOD, GREETING_450,
                        NO_STARTTLS, SILENT, STARTTLS_REFUSED, STRIPPED,
                        TLS_1_0)
from model import (At, CN_ONLY, Chain, EE_SPKI, EE_WRONG, EXPIRED, Expect,
                   Host, NO_ISSUER, OTHER_NAME, PRIVATE, SELF_SIGNED, SIGNED,
                   Scenario, Spoil, TA_SPKI, TRUSTED, Tlsa, UNDECODABLE,
                   UNSIGNED, Web, Zone)

POLICY = ("version: STSv1\nmode: enforce\n{mx}max_age: 604800\n")
# The name is relative to the domain, and is that of the policy host.
WEB_CHAIN = (("mta-sts", Chain(names=("mta-sts",))),)


@dataclass(frozen=True)
class Fault:
    """`advice` is the id of the advice that check must give, "" if there is no
    problem. The fault is repaired by the records and the policy of the advice,
    or by what is set here: the server shows the chain `after`, behaves well
    (`behaves`), the zone is signed again (`signs`), its DS is published (`ds`).
    `status` is that of check."""
    scenario: Scenario
    advice: str = ""
    after: bool = False
    behaves: bool = False
    signs: bool = False
    ds: bool = False
    status: int = 1


def fault(name: str, rules: str, advice: str = "", *, chain: Chain = TRUSTED,
          tlsa: tuple = (), behaviour=GOOD, after: Chain | None = None,
          zone: Zone = SIGNED, mx: tuple = ((10, "mx"),), hosts: tuple = (),
          web: tuple = (), tlsa_owner: str = "", **mends) -> Fault:
    named = (("after", after),) if after else ()
    hosts = hosts or (Host("mx", (At(behaviour, chain, by_name=named),),
                           tlsa, tlsa_owner=tlsa_owner),)
    return Fault(Scenario(name, rules, "", Expect(), zone=zone, mx=mx,
                          hosts=hosts, web=web),
                 advice, after=after is not None, **mends)


def txt(owner: str, text: str) -> str:
    return f'{owner} TXT "{text}"'.replace(";", "\\;")


def sts(name: str, rules: str, advice: str, policy: str,
        record: str = "v=STSv1; id=1;") -> Fault:
    return fault(name, rules, advice,
                 zone=Zone(records=(txt("_mta-sts", record),)),
                 web=(Web(policy=policy.replace("{zone}", f"{name}.sec"),
                          chains=WEB_CHAIN),))


LISTED = POLICY.format(mx="mx: *.{zone}\n")
UNLISTED = POLICY.format(mx="mx: mail.elsewhere.sec\n")
RENEWED = dataclasses.replace(TRUSTED, serial=1)

FAULTS = [
    # TLSA, repaired by the records that check prints (RULES 4).
    fault("wrong", "U8", "tlsa-mismatch", tlsa=(EE_WRONG,)),
    # The key is not the one of the record: the new record is published beside
    # it.
    fault("rolled", "U8", "tlsa-mismatch", tlsa=(EE_SPKI,), chain=TRUSTED,
          hosts=(Host("mx", (At(GOOD, RENEWED),),
                      (Tlsa(3, 1, 1, data="ab" * 32),)),)),
    fault("pkix", "U2", "tlsa-unusable", tlsa=(Tlsa(1, 1, 1),)),
    fault("short", "U1", "tlsa-unusable", tlsa=(Tlsa(3, 1, 1, length=20),)),
    fault("unpresented", "U6", "tlsa-anchor-missing",
          tlsa=(Tlsa(2, 1, 1, of="root"),)),
    fault("differs", "U9", "tlsa-differs", hosts=(
        Host("mx", (At(GOOD), At(GOOD, RENEWED)), (EE_SPKI,)),)),
    fault("anchor-name", "U5", "tlsa-name", tlsa=(TA_SPKI,),
          chain=OTHER_NAME),
    # TLSA of usage 2, repaired by another chain.
    fault("anchor-expired", "U5 U11", "tlsa-anchor-expired", chain=EXPIRED,
          tlsa=(TA_SPKI,), after=TRUSTED),
    fault("anchor-hidden", "U6", "tlsa-anchor-missing", chain=NO_ISSUER,
          tlsa=(TA_SPKI,), after=TRUSTED),
    # Certificates (RULES 5).
    fault("expired", "5", "certificate-expired", chain=EXPIRED,
          after=TRUSTED),
    fault("ends", "5", "certificate-ends",
          chain=dataclasses.replace(TRUSTED, not_after_days=7),
          after=TRUSTED),
    fault("no-issuer", "5", "missing-intermediate", chain=NO_ISSUER,
          after=TRUSTED),
    fault("other-name", "N1", "certificate-name", chain=OTHER_NAME,
          after=TRUSTED),
    fault("common-name", "N7", "certificate-name", chain=CN_ONLY,
          after=TRUSTED),
    fault("self-signed", "5", "self-signed", chain=SELF_SIGNED),
    fault("private", "5", "untrusted", chain=PRIVATE),
    fault("undecodable", "5", "certificate-undecodable", chain=UNDECODABLE,
          after=TRUSTED),
    # SMTP (RULES 6).
    fault("plain", "S7", "no-starttls", behaviour=NO_STARTTLS, behaves=True),
    fault("helo", "S10", "no-starttls", behaviour=EHLO_REFUSED,
          behaves=True),
    fault("stripped", "S9", "starttls-stripped", behaviour=STRIPPED,
          behaves=True),
    fault("refused", "S11", "starttls-refused", behaviour=STARTTLS_REFUSED,
          behaves=True, tlsa=(EE_SPKI,)),
    fault("garbage", "S12", "handshake-failed", behaviour=GARBAGE,
          behaves=True),
    fault("old-tls", "S15", "legacy-tls", behaviour=TLS_1_0, behaves=True),
    # MX (RULES 1).
    fault("alias", "MX9", "mx-is-cname", mx=((10, "alias"),), hosts=(
        Host("mx", (At(GOOD),)), Host("alias", cname="mx"))),
    fault("mixed", "MX8", "null-mx-mixed", mx=((10, "mx"), (0, "."))),
    fault("gone", "T5", "host-nxdomain", mx=((10, "mx"), (20, "gone"))),
    fault("local", "MX10", "mx-is-localhost",
          mx=((10, "mx"), (20, "localhost."))),
    fault("literal", "MX10", "mx-is-address", mx=((10, "198.18.30.1."),),
          hosts=(Host("here", (At(GOOD, Chain(names=("mail",)),
                                  place="198.18.30.1"),)),)),
    # DNSSEC (RULES 2).
    fault("island", "DS1", "ds-missing", zone=Zone(ds="none"), ds=True),
    fault("altered", "DS2", "mx-bogus", signs=True,
          zone=Zone(spoil=(Spoil("@", "MX"),))),
    fault("altered-tlsa", "DS2", "tlsa-bogus", tlsa=(EE_SPKI,), signs=True,
          zone=Zone(spoil=(Spoil("_25._tcp.mx", "TLSA", "strip"),))),
    # MTA-STS and TLSRPT (RULES 7).
    sts("unlisted", "P7", "sts-unlisted", UNLISTED),
    sts("unlisted-testing", "P7", "sts-unlisted",
        UNLISTED.replace("enforce", "testing")),
    sts("no-age", "P6", "sts-invalid-policy",
        LISTED.replace("max_age: 604800\n", "")),
    sts("bad-id", "P2", "sts-invalid-record", LISTED, "v=STSv1; id=2-1;"),
    fault("bad-rua", "P10", "tlsrpt-invalid", zone=Zone(records=(
        txt("_smtp._tls", "v=TLSRPTv1; rua=http://x.example.com"),))),
    # Nothing to mend.
    fault("good", "T8", tlsa=(EE_SPKI,), status=0),
    fault("plain-good", "T10", zone=UNSIGNED, status=0),
    # DANE-EE alone: nobody looks at the rest (U4).
    fault("own", "U4", tlsa=(EE_SPKI,), status=0,
          chain=dataclasses.replace(EXPIRED, names=("elsewhere",),
                                    issuer="self", present=("leaf",))),
    sts("listed", "P7", "", LISTED),
    fault("null", "MX6", mx=((0, "."),), status=0),
    # Nothing can be known.
    fault("silent", "S13", "not-seen", behaviour=SILENT, status=75),
    fault("later", "S6", "rejected", behaviour=GREETING_450, status=75),
    # Both kinds: the problem to fix comes first.
    fault("both", "S6", "no-starttls", status=1, hosts=(
        Host("mx", (At(NO_STARTTLS), At(SILENT))),)),
]

SCENARIOS = [fault.scenario for fault in FAULTS]
