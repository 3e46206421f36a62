"""The scenarios of MTA-STS and TLSRPT (RULES 7): the record, the policy host
and the policy, each row from RFC 8461 and RFC 8460. Their mail goes to one
provider, so that they differ only in the policy."""

from __future__ import annotations

import dataclasses
import gzip
import zlib
from typing import Optional

from expected import SECOND_LOOK, domain, mx
from model import (ANY, Chain, Expect, SIGNED, Scenario, Spoil, Web, Zone,
                   one_of)

PROVIDER = "mx.provider.sec."
TXT = "v=STSv1; id=20160831085700Z;"
RUA = "mailto:reports@example.com"

POLICY = ("version: STSv1\n"
          "mode: enforce\n"
          "mx: mail.example.com\n"
          "mx: *.example.net\n"
          "max_age: 604800\n")
TESTING = POLICY.replace("enforce", "testing")
NONE = "version: STSv1\nmode: none\nmax_age: 86400\n"

VALID = {"mta_sts_status": "valid", "mta_sts_txt": TXT,
         "mta_sts_id": "20160831085700Z", "mta_sts_mode": "enforce",
         "mta_sts_max_age_s": 604800,
         "mta_sts_mx": "*.example.net mail.example.com",
         "mta_sts_error": "", "mta_sts_tls_error": "",
         "mta_sts_http_code": 200, "tlsrpt_status": "absent",
         "mta_sts_cname_target": "", "tlsrpt_cname_target": "",
         "tlsrpt_rua_text": "", "flags": "", "fetched_at": ANY}
# The columns that are empty without a valid policy.
NO_POLICY = {"mta_sts_mode": "", "mta_sts_max_age_s": "", "mta_sts_mx": ""}
# And nothing is fetched.
NO_FETCH = {**NO_POLICY, "policy_host": "", "mta_sts_error": "",
            "mta_sts_tls_error": "", "mta_sts_http_code": "", "flags": "",
            "fetched_at": ANY}
LENGTH = len(POLICY)
CHUNKED = f"{LENGTH:x}\r\n{POLICY}\r\n0\r\n\r\n"
CHUNKS = ("Transfer-Encoding: chunked",)
HOST = (("mta-sts", Chain(names=("mta-sts",))),)


def txt(owner: str, *texts: str) -> tuple:
    return tuple(f'{owner} TXT "{text}"'.replace(";", "\\;")
                 for text in texts)


def policy_domain(name: str, rules: str, twin: str, row: Optional[dict], *,
                  sts: str = "found", report: str = "absent",
                  records: tuple = txt("_mta-sts", TXT), web: tuple = (),
                  zone: Zone = SIGNED, flags: str = "") -> Scenario:
    dnssec = "secure" if zone.signed else "insecure"
    return Scenario(
        name, rules, twin, mx=((10, PROVIDER),), web=web,
        zone=Zone(tld=zone.tld, signed=zone.signed, ds=zone.ds,
                  records=records),
        oracle="it is a matter of policy",
        expect=Expect(
            domains={"@": domain(dnssec=dnssec, mta_sts_record=sts,
                                 tlsrpt_record=report, flags=flags)},
            mx={PROVIDER: mx()},
            policies={"@": row} if row is not None else {}))


def record(name: str, rules: str, twin: str, status: str, *texts: str,
           sts: str = "invalid", **more) -> Scenario:
    """A record for which nothing is fetched, although there is a policy."""
    return policy_domain(
        name, rules, twin, {"mta_sts_status": status, "mta_sts_id": "",
                            "tlsrpt_status": "absent", **NO_FETCH, **more},
        sts=sts, records=txt("_mta-sts", *texts),
        web=(Web(policy=POLICY, chains=HOST),))


def served(name: str, rules: str, twin: str, row: dict, **web) -> Scenario:
    """A policy that is served by nginx, or by fakehttps with `does`."""
    web.setdefault("chains", HOST)
    host = f"mta-sts.{name}.sec"
    return policy_domain(name, rules, twin, {"policy_host": host, **row},
                         web=(Web(**web),))


def policy(name: str, rules: str, twin: str, text: str, **row) -> Scenario:
    return served(name, rules, twin, {**VALID, **row}, policy=text)


def bad_policy(name: str, rules: str, twin: str, text: str) -> Scenario:
    return served(name, rules, twin,
                  {**VALID, **NO_POLICY, "mta_sts_status": "invalid_policy",
                   "mta_sts_error": "syntax"}, policy=text)


def unfetched(name: str, rules: str, twin: str, error: str, *,
              code: object = "", tls_error: object = "", **web) -> Scenario:
    web.setdefault("does", "respond")
    web.setdefault("policy", POLICY)
    return served(name, rules, twin,
                  {**VALID, **NO_POLICY, "mta_sts_status": "fetch_failed",
                   "mta_sts_error": error, "mta_sts_http_code": code,
                   "mta_sts_tls_error": tls_error}, **web)


def packed(text: str, pack=lambda octets: gzip.compress(octets, mtime=0),
           coding: str = "gzip") -> dict:
    """What fakehttps responds with: `text` in this content coding."""
    return {"policy": pack(text.encode()).decode("latin-1"),
            "headers": (f"Content-Encoding: {coding}",),
            "does": "respond"}


def padded(octets: bytes) -> bytes:
    """zlib (RFC 1950), with empty blocks before the one that has it all."""
    empty = b"\0\0\0\xff\xff" * 14000
    return b"\x78\x01" + empty + zlib.compress(octets)[2:]


def framed(name: str, twin: str, lengths: tuple, **web) -> Scenario:
    """libcurl may refuse it before the status is known."""
    return unfetched(name, "P3", twin, "protocol", code=one_of("", "200"),
                     lengths=lengths, **web)


def bad_certificate(name: str, twin: str, tls_error: object,
                    chain: Chain) -> Scenario:
    return unfetched(name, "P3", twin, "certificate", tls_error=tls_error,
                     does="nginx", chains=(("", chain),))


def report(name: str, twin: str, status: str, *texts: str, rua: str = "",
           found: str = "") -> Scenario:
    """Only TLSRPT; without a record of that kind, there is no row."""
    absent = status == "absent"
    return policy_domain(
        name, "P10", twin, None if absent else {
            "mta_sts_status": "absent", "mta_sts_txt": "", "mta_sts_id": "",
            "tlsrpt_status": status, "tlsrpt_rua_text": rua, **NO_FETCH},
        sts="absent", report=found or status,
        records=txt("_smtp._tls", *texts))


def names(*texts: str, **more) -> Chain:
    return Chain(names=texts, **more)


RECORDS = [
    policy("sts-valid", "P1", "sts-two-records", POLICY),
    record("sts-two-records", "P1", "sts-valid", "multiple", TXT,
           "v=STSv1; id=2;", sts="multiple", mta_sts_txt=""),
    # Others are discarded before they are counted.
    policy_domain(
        "sts-other-records", "P1", "sts-two-records",
        {**VALID, "policy_host": "mta-sts.sts-other-records.sec"},
        records=txt("_mta-sts", "v=spf1 -all", TXT, "v=STSv2; id=1;",
                    "v=STSv1"),
        web=(Web(policy=POLICY, chains=HOST),)),
    # Strings of one record are joined without a space.
    policy_domain(
        "sts-strings", "P1", "sts-two-records",
        {**VALID, "policy_host": "mta-sts.sts-strings.sec"},
        records=('_mta-sts TXT "v=STSv1\\; id=2016" "0831085700Z\\;"',),
        web=(Web(policy=POLICY, chains=HOST),)),
    # RFC 8461 3.1: sts-field-delim = *WSP ";" *WSP
    policy_domain(
        "sts-blanks", "P1", "sts-only-others",
        {**VALID, "policy_host": "mta-sts.sts-blanks.sec",
         "mta_sts_txt": "v=STSv1 ; id=20160831085700Z;"},
        records=txt("_mta-sts", "v=STSv1 ; id=20160831085700Z;"),
        web=(Web(policy=POLICY, chains=HOST),)),
    record("sts-blanks-two", "P1", "sts-other-records", "multiple", TXT,
           "v=STSv1 ; id=1;", sts="multiple", mta_sts_txt=""),
    policy_domain("sts-only-others", "P1", "sts-valid", None, sts="absent",
                  records=txt("_mta-sts", "v=spf1 -all", "v=STSv1")),
    record("sts-id-empty", "P2", "sts-valid", "invalid_record",
           "v=STSv1; id=;", mta_sts_txt="v=STSv1; id=;"),
    record("sts-id-long", "P2", "sts-valid", "invalid_record",
           f"v=STSv1; id={'a' * 33};",
           mta_sts_txt=f"v=STSv1; id={'a' * 33};"),
    record("sts-id-hyphen", "P2", "sts-valid", "invalid_record",
           "v=STSv1; id=2016-08-31;",
           mta_sts_txt="v=STSv1; id=2016-08-31;"),
    record("sts-no-id", "P2", "sts-valid", "invalid_record",
           "v=STSv1; x=y;", mta_sts_txt="v=STSv1; x=y;"),
    # No byte of a stranger is written raw into a table (docs/schema.md).
    record("sts-hostile", "P2", "sts-valid", "invalid_record",
           "v=STSv1; id=\\007\\255\\\\;",
           mta_sts_txt="v=STSv1; id=\\x07\\xff\\x5c;"),
    policy_domain(
        "sts-bare", "P1", "sts-valid",
        {**VALID, "policy_host": "mta-sts.sts-bare.bare"},
        zone=Zone(tld="bare", signed=False, ds="none"),
        web=(Web(policy=POLICY, chains=HOST),)),
]

TEXTS = [
    policy("sts-testing", "P6", "sts-valid", TESTING,
           mta_sts_mode="testing"),
    policy("sts-none", "P6", "sts-no-mx", NONE, mta_sts_mode="none",
           mta_sts_max_age_s=86400, mta_sts_mx=""),
    policy("sts-crlf", "P4", "sts-cr", POLICY.replace("\n", "\r\n")),
    bad_policy("sts-cr", "P4", "sts-crlf", POLICY.replace("\n", "\r")),
    policy("sts-max-age", "P5", "sts-max-age-most",
           POLICY.replace("604800", "31557601"), flags="max_age_over",
           mta_sts_max_age_s=31557601),
    policy("sts-max-age-most", "P5", "sts-max-age",
           POLICY.replace("604800", "31557600"),
           mta_sts_max_age_s=31557600),
    bad_policy("sts-no-mx", "P6", "sts-none",
               NONE.replace("none", "enforce")),
    bad_policy("sts-no-version", "P6", "sts-valid",
               POLICY.replace("version: STSv1\n", "")),
    bad_policy("sts-no-max-age", "P6", "sts-valid",
               POLICY.replace("max_age: 604800\n", "")),
    bad_policy("sts-empty", "P6", "sts-valid", ""),
    policy("sts-twice", "P6", "sts-testing",
           POLICY + "mode: testing\nmax_age: 1\nversion: STSv2\n"),
    policy("sts-unknown-key", "P6", "sts-no-version",
           POLICY + "further: thing\n"),
]

HTTP = [
    unfetched("sts-redirect", "P3", "sts-respond", "redirect", code=301,
              status="301 Moved Permanently",
              headers=("Location: https://mta-sts.sts-valid.sec"
                       "/.well-known/mta-sts.txt",)),
    unfetched("sts-404", "P3", "sts-respond", "status", code=404,
              status="404 Not Found"),
    unfetched("sts-204", "P3", "sts-respond", "status", code=204,
              status="204 No Content", policy=""),
    unfetched("sts-503", "P3", "sts-respond", "status", code=503,
              status="503 Service Unavailable"),
    served("sts-respond", "P3", "sts-404", VALID, does="respond",
           policy=POLICY),
    served("sts-type", "P8", "sts-type-charset",
           {**VALID, "flags": "content_type"}, does="respond",
           policy=POLICY, type="text/html"),
    served("sts-type-charset", "P8", "sts-type", VALID, does="respond",
           policy=POLICY, type="Text/Plain; charset=utf-8"),
    served("sts-no-type", "P8", "sts-type-charset",
           {**VALID, "flags": "content_type"}, does="respond",
           policy=POLICY, type=""),
    # RFC 9112 6.3, RFC 9110 8.6: a response whose length is not clear.
    framed("sts-lengths", "sts-respond", (LENGTH, LENGTH)),
    framed("sts-lengths-shorter", "sts-respond", (LENGTH, LENGTH - 7)),
    framed("sts-lengths-longer", "sts-respond", (LENGTH - 7, LENGTH)),
    framed("sts-length-list", "sts-respond", (f"{LENGTH}, {LENGTH}",)),
    framed("sts-length-word", "sts-respond", ("many",)),
    framed("sts-length-sign", "sts-respond", (f"+{LENGTH}",)),
    framed("sts-length-tail", "sts-respond", (f"{LENGTH}x",)),
    framed("sts-length-empty", "sts-respond", ("",)),
    framed("sts-length-chunked", "sts-chunked", (len(CHUNKED),),
           policy=CHUNKED, headers=CHUNKS),
    served("sts-chunked", "P3", "sts-length-chunked", VALID, does="respond",
           policy=CHUNKED, headers=CHUNKS, lengths=()),
    # It says nothing about a trailer.
    served("sts-chunked-trailer", "P3", "sts-length-chunked", VALID,
           does="respond", headers=CHUNKS, lengths=(),
           policy=CHUNKED[:-2] + "Content-Length: 1\r\n\r\n"),
    # The request did not ask for it, but RFC 9110 12.5.3 allows it.
    served("sts-gzip", "P11", "sts-gzip-broken", VALID, **packed(POLICY)),
    unfetched("sts-gzip-broken", "P11", "sts-gzip", "protocol", code=200,
              **packed(POLICY, lambda octets: octets)),
    served("sts-deflate", "P11", "sts-coding-unknown", VALID,
           **packed(POLICY, zlib.compress, "deflate")),
    unfetched("sts-coding-unknown", "P11", "sts-deflate", "protocol",
              code=200, **packed(POLICY, zlib.compress, "unknown")),
    served("sts-gzip-large", "P11 P3", "sts-gzip-too-large", VALID,
           **packed(POLICY + "\n" * (65536 - len(POLICY)))),
    unfetched("sts-gzip-too-large", "P11 P3", "sts-gzip-large", "too_large",
              code=200, **packed(POLICY + "\n" * (65537 - len(POLICY)))),
    # Blocks with nothing in them (RFC 1951 3.2.4): 70,000 bytes of a policy.
    unfetched("sts-deflate-long", "P11 P3", "sts-deflate", "too_large",
              code=200, **packed(POLICY, padded, "deflate")),
    # Read to its end, since its length is not given.
    served("sts-no-length", "P3", "sts-lengths", VALID, does="respond",
           policy=POLICY, lengths=()),
    # 64 KiB to the byte, and one more.
    served("sts-large", "P3", "sts-too-large", VALID, does="respond",
           policy=POLICY + "\n" * (65536 - len(POLICY))),
    unfetched("sts-too-large", "P3", "sts-large", "too_large", code=200,
              policy=POLICY + "\n" * (65537 - len(POLICY))),
    served("sts-header", "P3", "sts-header-long", VALID, does="respond",
           policy=POLICY, headers=("X-Long: " + "x" * 10000,)),
    unfetched("sts-header-long", "P3", "sts-header", "too_large", code=200,
              headers=("X-Long: " + "x" * 150000,)),
    # Each line is short: 200 kB of them, and 400 kB.
    served("sts-headers", "P3", "sts-headers-long", VALID, does="respond",
           policy=POLICY, headers=("X-Long: " + "x" * 10000,) * 20),
    unfetched("sts-headers-long", "P3", "sts-headers", "too_large", code=200,
              headers=("X-Long: " + "x" * 10000,) * 40),
    unfetched("sts-silent", "P3", "sts-respond", "timeout", does="silent"),
    unfetched("sts-drip", "P3", "sts-respond", "timeout", does="drip",
              code=one_of("", "200")),
    unfetched("sts-close", "P3", "sts-respond", "connect", does="close"),
    unfetched("sts-garbage", "P3", "sts-respond", "connect", does="garbage"),
    # TLS, and no HTTP in it.
    unfetched("sts-no-http", "P3", "sts-respond", "protocol",
              raw="220 this is no HTTP at all\r\n" + POLICY),
    unfetched("sts-refused", "P3", "sts-respond", "connect", does=None),
    unfetched("sts-tls-1-1", "P3", "sts-tls-1-2", "connect", tls="1.1"),
    served("sts-tls-1-2", "P3", "sts-tls-1-1", VALID, does="respond",
           policy=POLICY, tls="1.2"),
    served("sts-ipv6", "P3", "sts-ipv6-special", VALID, does="respond",
           policy=POLICY, place="web_v6"),
    policy_domain("sts-no-host", "P3", "sts-valid", {
        **VALID, **NO_POLICY, "policy_host": "mta-sts.sts-no-host.sec",
        "mta_sts_status": "fetch_failed", "mta_sts_error": "dns",
        "mta_sts_http_code": ""}),
    unfetched("sts-special", "K1", "sts-refused", "special_address",
              does=None, place="127.0.0.1"),
    unfetched("sts-ipv6-special", "K1", "sts-ipv6", "special_address",
              does=None, place="::ffff:10.0.0.1"),
]

CERTIFICATES = [
    bad_certificate("sts-other-name", "sts-valid", "hostname_mismatch",
                    names("elsewhere")),
    # The MX host's own name, or the domain's, is not the policy host's.
    bad_certificate("sts-domain-name", "sts-valid", "hostname_mismatch",
                    names("@", "mx")),
    served("sts-wildcard", "P3", "sts-wildcard-deep", VALID, policy=POLICY,
           chains=(("", names("*.@")),)),
    bad_certificate("sts-wildcard-deep", "sts-wildcard", "hostname_mismatch",
                    names("*.mta-sts")),
    bad_certificate("sts-expired", "sts-valid", "cert_has_expired",
                    names("mta-sts", not_before_days=-90,
                          not_after_days=-1)),
    bad_certificate("sts-early", "sts-valid", "cert_not_yet_valid",
                    names("mta-sts", not_before_days=1)),
    bad_certificate("sts-self-signed", "sts-valid",
                    "depth_zero_self_signed_cert",
                    names("mta-sts", issuer="self", present=("leaf",))),
    bad_certificate("sts-private", "sts-valid", "self_signed_cert_in_chain",
                    names("mta-sts", issuer="private",
                          present=("leaf", "private"))),
    unfetched("sts-undecodable", "P3", "sts-garbage", "certificate",
              tls_error="undecodable", does="undecodable"),
    bad_certificate("sts-no-issuer", "sts-valid",
                    one_of("unable_to_get_issuer_cert_locally",
                           "unable_to_verify_leaf_signature"),
                    names("mta-sts", present=("leaf",))),
]


def customer(name: str, twin: str, row: dict,
             host: str = "web.sts-provider.sec.") -> Scenario:
    """The policy host is an alias of a provider's, which has the certificate of
    some of its customers."""
    return policy_domain(
        name, "P3", twin,
        {**VALID, "policy_host": f"mta-sts.{name}.sec", **row},
        records=txt("_mta-sts", TXT)
        + (f"mta-sts CNAME {host}",))


# A host that is slow for each of many requests.
CROWD = [f"sts-crowd-{number}" for number in range(6)]
# The same, and nobody listens at the first of its two addresses.
LATE = [f"sts-late-{number}" for number in range(6)]


PROVIDERS = [
    Scenario("sts-provider", "P3", "sts-valid", Expect(), domain="", mx=(),
             web=(Web(host="web", policy=POLICY, chains=(
                 ("", names("web")),
                 ("mta-sts.sts-customer.sec.",
                  names("mta-sts.sts-customer.sec."))),),)),
    customer("sts-customer", "sts-customer-other", {}),
    customer("sts-customer-other", "sts-customer", {
        **NO_POLICY, "mta_sts_status": "fetch_failed",
        "mta_sts_error": "certificate", "mta_sts_http_code": "",
        "mta_sts_tls_error": "hostname_mismatch"}),
]

PROVIDERS += [
    Scenario("sts-crowd", "11", "sts-valid", Expect(), domain="", mx=(),
             web=(Web(host="web", does="respond", seconds=0.5, policy=POLICY,
                      chains=tuple(
                          (f"mta-sts.{name}.sec.",
                           names(f"mta-sts.{name}.sec."))
                          for name in CROWD)),)),
    *(customer(name, "sts-customer-other", {}, "web.sts-crowd.sec.")
      for name in CROWD),
    Scenario("sts-late", "P3", "sts-valid", Expect(), domain="", mx=(),
             web=(Web(host="web", does=None),
                  Web(host="web", does="respond", seconds=1, policy=POLICY,
                      chains=tuple(
                          (f"mta-sts.{name}.sec.",
                           names(f"mta-sts.{name}.sec."))
                          for name in LATE)))),
    *(customer(name, "sts-customer-other", {}, "web.sts-late.sec.")
      for name in LATE),
]

REPORTS = [
    report("rpt-valid", "rpt-two", "valid", f"v=TLSRPTv1; rua={RUA}",
           rua=RUA, found="found"),
    report("rpt-https", "rpt-http", "valid",
           "v=TLSRPTv1; rua=https://reports.example.com/v1",
           rua="https://reports.example.com/v1", found="found"),
    report("rpt-http", "rpt-https", "invalid",
           "v=TLSRPTv1; rua=http://reports.example.com/v1"),
    report("rpt-no-rua", "rpt-valid", "invalid", "v=TLSRPTv1; x=y"),
    report("rpt-schemes", "rpt-no-scheme", "valid",
           f"v=TLSRPTv1; rua=ftp://example.com/,{RUA}",
           rua=f"ftp://example.com/,{RUA}", found="found"),
    report("rpt-no-scheme", "rpt-schemes", "invalid",
           "v=TLSRPTv1; rua=ftp://example.com/"),
    report("rpt-second", "rpt-no-scheme", "valid",
           f"v=TLSRPTv1; rua=ftp://example.com/; rua={RUA}",
           rua=f"ftp://example.com/,{RUA}", found="found"),
    report("rpt-blanks", "rpt-others", "valid", f"v=TLSRPTv1 ; rua={RUA}",
           rua=RUA, found="found"),
    report("rpt-two", "rpt-valid", "multiple", f"v=TLSRPTv1; rua={RUA}",
           "v=TLSRPTv1; rua=mailto:other@example.com"),
    report("rpt-others", "rpt-valid", "absent", "v=spf1 -all"),
    policy_domain(
        "sts-and-rpt", "P10", "sts-valid",
        {**VALID, "policy_host": "mta-sts.sts-and-rpt.sec",
         "tlsrpt_status": "valid", "tlsrpt_rua_text": RUA},
        report="found", records=txt("_mta-sts", TXT)
        + txt("_smtp._tls", f"v=TLSRPTv1; rua={RUA}"),
        web=(Web(policy=POLICY, chains=HOST),)),
    # A record counts even if the other one is missing or fails.
    Scenario(
        "sts-broken", "P1", "sts-only-others", mx=((10, PROVIDER),),
        oracle="it is a matter of policy",
        zone=Zone(records=txt("_mta-sts", TXT), spoil=(
            Spoil("_mta-sts", "TXT", "strip"),)),
        expect=Expect(domains={"@": domain(mta_sts_record="error",
                                           tlsrpt_record="absent",
                                           attempts=SECOND_LOOK)},
                      mx={PROVIDER: mx()})),
]


def alias(name: str, twin: str, zone: Zone = SIGNED) -> Scenario:
    """Both owners are aliases: of a name in the zone, and of a provider's
    name."""
    return policy_domain(
        name, "P1 P10", twin,
        {**VALID, "policy_host": f"mta-sts.{name}.{zone.tld}",
         "mta_sts_cname_target": f"sts.{name}.{zone.tld}",
         "tlsrpt_cname_target": "reports.rpt-provider.sec",
         "tlsrpt_status": "valid", "tlsrpt_rua_text": RUA},
        report="found", flags="mta_sts_alias tlsrpt_alias", zone=zone,
        records=("_mta-sts CNAME sts2", "sts2 CNAME sts", *txt("sts", TXT),
                 "_smtp._tls CNAME reports.rpt-provider.sec."),
        web=(Web(policy=POLICY, chains=HOST),))


ALIASES = [
    Scenario("rpt-provider", "P10", "rpt-valid", Expect(), domain="", mx=(),
             zone=Zone(records=txt("reports", f"v=TLSRPTv1; rua={RUA}"))),
    dataclasses.replace(alias("sts-alias", "sts-and-rpt"),
                        lane="direct alias_outside"),       # L8
    # The server has the provider's zone as well, which is signed (L8).
    dataclasses.replace(
        alias("sts-alias-bare", "sts-bare",
              Zone(tld="bare", signed=False, ds="none")),
        lane="direct signed"),
    # An alias that leads to no record: there is none, and no row.
    policy_domain("sts-alias-gone", "P1", "sts-only-others", None,
                  sts="absent", flags="mta_sts_alias",
                  records=("_mta-sts CNAME sts",)),
    # The alias comes from a wildcard (L22).
    dataclasses.replace(
        policy_domain("rpt-alias-gone", "P10", "sts-alias-gone", None,
                      sts="absent", flags="tlsrpt_alias",
                      records=("*._tls CNAME reports",)),
        lane="direct unproven"),
]

POLICIES = RECORDS + TEXTS + HTTP + CERTIFICATES + PROVIDERS + REPORTS \
    + ALIASES
