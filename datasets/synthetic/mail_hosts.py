"""Rows of hosts, addresses, tlsa, probes and host_results for the MX hosts of
the synthetic world, and their certificates."""

import ipaddress

from certificates import Certificate, Chain
from world import EXPIRED, MAILERS, SELF_SIGNED, WRONG_NAME

FIRST, SECOND = "2026-10-01T12:00:00.000Z", "2026-10-01T13:00:00.000Z"
RETRIED = {"temporary_reject", "connect_timeout"}
TLS_CLASS = {"tls_established": "tls", "starttls_absent": "no_tls",
             "temporary_reject": "undetermined",
             "connect_timeout": "unreachable"}
CIPHERS = {"TLSv1.3": "TLS_AES_256_GCM_SHA384",
           "TLSv1.2": "ECDHE-ECDSA-AES256-GCM-SHA384",
           "TLSv1": "AES256-SHA"}
CHAIN_ERROR = {SELF_SIGNED: "depth_zero_self_signed_cert",
               EXPIRED: "cert_has_expired"}


class MailHosts:
    """Gathers rows as hosts are named; one chain for an operator and kind."""

    def __init__(self, write):
        self.write = write
        self.known, self.chains = set(), {}
        self.root = Certificate("Synthetic CA", days=3000)

    def chain_of(self, owner, mailer):
        if (owner, mailer.certificate) not in self.chains:
            names = ("server.wrong.zz",) if mailer.certificate == WRONG_NAME \
                else (owner, f"*.{owner}")
            if mailer.certificate == SELF_SIGNED:
                chain = Chain(Certificate(names[0], names,
                                          days=mailer.days))
            else:
                chain = Chain(Certificate(names[0], names, self.root,
                                          mailer.days), self.root)
            self.chains[owner, mailer.certificate] = chain
        return self.chains[owner, mailer.certificate]

    def add(self, host, owner, registrable, mailer_name):
        if host in self.known:
            return
        number = len(self.known)
        self.known.add(host)
        mailer = MAILERS[mailer_name]
        chain = self.chain_of(owner, mailer)
        outcomes = {str(ipaddress.ip_address("198.18.0.0") + number):
                    mailer.outcome}
        if mailer.ipv6:
            outcomes[str(ipaddress.ip_address("2001:db8::1") + number)] = \
                mailer.ipv6
        self.add_host(host, registrable, mailer, len(outcomes))
        self.add_tlsa(host, mailer, chain)
        for address, outcome in outcomes.items():
            self.write("addresses", host=host, address=address,
                       family=6 if ":" in address else 4, **{
                           "class": "public"})
            self.add_sessions(host, address, mailer, outcome, chain)

    def add_host(self, host, registrable, mailer, addresses):
        asked = mailer.tlsa_status != "not_asked"
        dnssec = {"usable": "secure", "unusable_only": "secure",
                  "absent": "secure", "insecure": "insecure",
                  "servfail": "unchecked"}.get(mailer.tlsa_status, "")
        self.write("hosts", host=host, registrable_domain=registrable,
                   host_status="usable", lane="recursive",
                   ipv4_status="found",
                   ipv4_dnssec=mailer.address_dnssec,
                   ipv6_status="found" if mailer.ipv6 else "nodata",
                   ipv6_dnssec=mailer.address_dnssec,
                   address_count=addresses, addresses_truncated=0,
                   tlsa_base=host if asked else "",
                   tlsa_status=mailer.tlsa_status, tlsa_dnssec=dnssec,
                   tlsa_count=len(mailer.tlsa) if asked else "",
                   tlsa_usable_count=sum(usage > 1 for usage, _, _
                                         in mailer.tlsa) if asked else "",
                   rollover_ready=int(len(mailer.tlsa) > 1) if asked else "",
                   attempts=2 if mailer.tlsa_status == "servfail" else 1,
                   measured_at=FIRST)

    def add_tlsa(self, host, mailer, chain):
        rows = []
        for usage, selector, matching in mailer.tlsa:
            certificate = chain.certificates[-1 if usage == 2 else 0]
            data = certificate.spki_sha256 if mailer.tlsa_matches else "00" * 32
            rows.append((usage, selector, matching, data))
        for position, (usage, selector, matching, data) in enumerate(
                sorted(rows)):
            self.write("tlsa", host=host, asking=1, base=host,
                       position=position, usage=usage, selector=selector,
                       matching_type=matching, data_hex=data,
                       usable=int(usage > 1),
                       unusable_reason="" if usage > 1 else "usage")

    def add_sessions(self, host, address, mailer, outcome, chain):
        again = outcome in RETRIED or mailer.verdict == "mismatch"
        for attempt in (1, 2) if again else (1,):
            at = FIRST if attempt == 1 else SECOND
            self.add_probe(host, address, mailer, outcome, chain, attempt, at)
            self.add_result(host, address, mailer, outcome, attempt, at)

    def add_probe(self, host, address, mailer, outcome, chain, attempt, at):
        session = dict(address=address, port=25, sni=host, profile="modern",
                       attempt=attempt, measured_at=at)
        if outcome != "tls_established":
            phase = mailer.phase if outcome == mailer.outcome else "connect"
            if outcome == "temporary_reject":
                session.update(greeting_code=450, greeting_text="try later")
            self.write("probes", outcome=outcome, phase=phase, **session)
            return
        session.update(greeting_code=220, ehlo_code=250, starttls_code=220,
                       greeting_text=f"{host} ESMTP")
        if mailer.version == "TLSv1":
            self.write("probes", outcome="handshake_failed",
                       phase="handshake", **session)
            session["profile"] = "legacy"
        self.write("probes", outcome=outcome, phase="done",
                   tls_version=mailer.version,
                   cipher=CIPHERS[mailer.version],
                   key_exchange_group=mailer.group, chain_id=chain.chain_id,
                   chain_trusted=int(mailer.certificate != SELF_SIGNED),
                   chain_error=CHAIN_ERROR.get(mailer.certificate, "ok"),
                   in_dates=int(mailer.certificate != EXPIRED),
                   ocsp_stapled=0, connect_ms=20, tls_ms=30, total_ms=120,
                   **session)

    def add_result(self, host, address, mailer, outcome, attempt, at):
        is_tls = outcome == "tls_established"
        verdict = mailer.verdict if is_tls or not mailer.tlsa else "no_tls"
        self.write("host_results", host=host, address=address, sni=host,
                   attempt=attempt, session_sni=host, basis="own",
                   profile="legacy" if mailer.version == "TLSv1" else "modern",
                   tls_class=TLS_CLASS[outcome],
                   name_match=int(mailer.certificate != WRONG_NAME)
                   if is_tls else "",
                   tlsa_status=mailer.tlsa_status, asking=1,
                   tlsa_asked_at=FIRST, dane_verdict=verdict,
                   dane_verdict_no_agility=verdict,
                   dane_matching_positions="[0]" if verdict == "match" else "",
                   confirmed=1 if verdict == "mismatch" and attempt == 2
                   else "", flags="expired" if verdict == "match" and
                   mailer.certificate == EXPIRED else "", measured_at=at)

    def finish(self):
        for chain in self.chains.values():
            for position, certificate in enumerate(chain.certificates):
                self.write("chains", chain_id=chain.chain_id,
                           position=position,
                           certificate_sha256=certificate.sha256)
        for certificate in {each.sha256: each for chain
                            in self.chains.values()
                            for each in chain.certificates}.values():
            self.write("certificates", **certificate.row())
