-- What the tables rest on, made once after views.sql: attempts combined to pairs
-- (RULES 9, "TLS class"), pairs to hosts, hosts to domains.
-- "undetermined" is never "no": each answer is yes, no or undetermined.

CREATE OR REPLACE TABLE run_facts AS
SELECT regexp_extract(json_extract_string(content,
		'$.options."retry-after"'), '^[0-9]+')::BIGINT
		AS retry_after_ms,
	coalesce(json_extract_string(content, '$.written_at'),
		json_extract_string(content, '$.started_at'))::TIMESTAMP
		AS ended_at
FROM read_text(getvariable('run') || '/run.json');

-- One row for each attempt, with the session whose facts it has.
CREATE OR REPLACE TABLE attempts AS
SELECT r.host, r.address, r.attempt, r.profile, r.name_match, r.tlsa_status,
	r.dane_verdict, r.confirmed,
	CASE WHEN r.sni = r.host THEN 'mx' ELSE 'base' END AS series,
	coalesce(p.outcome, r.reason) AS outcome,
	coalesce(p.phase, 'connect') AS phase,
	coalesce(p.measured_at, r.measured_at) AS measured_at,
	p.tls_version, p.key_exchange_group, p.chain_id,
	coalesce(p.chain_trusted, false) AS chain_trusted,
	coalesce(p.in_dates, false) AS in_dates,
	coalesce(contains(p.flags, 'chain_truncated'), false)
		AS chain_truncated,
	CASE
	WHEN coalesce(p.outcome, r.reason) = 'tls_established' THEN 'tls'
	WHEN coalesce(p.outcome, r.reason) IN ('starttls_absent',
		'starttls_stripped', 'starttls_refused', 'handshake_failed')
		THEN 'no_tls'
	WHEN coalesce(p.outcome, r.reason) = 'starttls_temporary' OR
		(p.outcome IN ('closed', 'reset') AND p.phase = 'handshake')
		THEN 'no_tls if twice'
	WHEN coalesce(p.outcome, r.reason) = 'special_address'
		THEN 'unreachable'
	WHEN coalesce(p.outcome, r.reason) IN ('connect_refused',
		'connect_timeout', 'unreachable') THEN 'unreachable if twice'
	END AS claim
FROM host_results r LEFT JOIN probes p ON r.basis <> 'none' AND
	p.address = r.address AND p.sni = r.session_sni AND
	p.profile = r.profile AND p.attempt = r.attempt;

-- Both attempts together: which of them counts, and what they say.
CREATE OR REPLACE TABLE combined AS
WITH sides AS (
	SELECT host, address, series, max(attempt) AS latest,
		max(claim) FILTER (attempt = 1) AS one,
		max(claim) FILTER (attempt = 2) AS two,
		datediff('millisecond',
			max(measured_at) FILTER (attempt = 1),
			max(measured_at) FILTER (attempt = 2)) AS apart_ms,
		count(*) FILTER (tlsa_status IN ('servfail', 'timeout'))
			AS failing_passes
	FROM attempts GROUP BY ALL
), judged AS (
	SELECT *,
		CASE
		WHEN two IN ('tls', 'no_tls') THEN two
		WHEN one IN ('tls', 'no_tls') THEN one
		WHEN one = 'unreachable' OR two = 'unreachable'
			THEN 'unreachable'
		WHEN one = two AND one = 'no_tls if twice' THEN 'no_tls'
		WHEN one = two AND one = 'unreachable if twice' AND
			apart_ms >= (SELECT retry_after_ms FROM run_facts)
			THEN 'unreachable'
		ELSE 'undetermined' END AS class,
		CASE WHEN coalesce(two, '') NOT IN ('tls', 'no_tls') AND
			one IN ('tls', 'no_tls') THEN 1 ELSE latest END
			AS attempt
	FROM sides
)
SELECT j.host, j.address, j.series, j.class, j.failing_passes,
	a.* EXCLUDE (host, address, series, claim)
FROM judged j JOIN attempts a USING (host, address, series, attempt);

CREATE OR REPLACE MACRO tlsa_class(status, passes) AS CASE
	WHEN status = 'usable' THEN 'usable'
	WHEN status = 'unusable_only' THEN 'unusable'
	WHEN status = 'bogus' THEN 'failing'
	WHEN status IN ('servfail', 'timeout') AND passes > 1 THEN 'failing'
	WHEN status IN ('servfail', 'timeout', 'resolver_crashed')
		THEN 'undetermined'
	ELSE 'none' END;

-- A (host, address), or a host without one, which counts as one pair.
CREATE OR REPLACE TABLE pairs AS
SELECT a.host, a.address, a.family,
	coalesce(m.class, CASE a.class WHEN 'special' THEN 'unreachable'
		ELSE 'undetermined' END) AS class,
	coalesce(m.outcome, CASE a.class WHEN 'public' THEN 'not_probed'
		ELSE a.class END) AS why,
	m.outcome, m.attempt, m.profile, m.tls_version, m.key_exchange_group,
	m.chain_id, m.chain_trusted, coalesce(m.name_match, false)
		AS name_match, m.in_dates, m.chain_truncated,
	m.tls_version IN ('TLSv1.2', 'TLSv1.3') AS is_tls_1_2,
	coalesce(b.class, m.class, 'undetermined') AS dane_class,
	tlsa_class(coalesce(b.tlsa_status, m.tlsa_status, h.tlsa_status),
		CASE WHEN h.tlsa_status IN ('servfail', 'timeout')
		THEN h.attempts
		ELSE coalesce(b.failing_passes, m.failing_passes) END)
		AS tlsa_class,
	coalesce(b.dane_verdict, m.dane_verdict, 'not_applicable') AS verdict,
	-- Nobody has compared these records with the session.
	CASE WHEN verdict = 'not_applicable' AND tlsa_class = 'usable' AND
		dane_class = 'tls' THEN 'undetermined' ELSE verdict END AS dane,
	coalesce(b.confirmed, m.confirmed) AS confirmed
FROM addresses a JOIN hosts h USING (host)
LEFT JOIN combined m ON m.host = a.host AND m.address = a.address AND
	m.series = 'mx'
LEFT JOIN combined b ON b.host = a.host AND b.address = a.address AND
	b.series = 'base'
WHERE a.class <> 'no_route'
UNION ALL BY NAME
SELECT h.host, CASE
	WHEN h.host_status IN ('no_address', 'nxdomain', 'invalid_name',
		'special_address') THEN 'unreachable'
	WHEN h.host_status = 'bogus' THEN 'refused'
	WHEN h.host_status IN ('servfail', 'timeout') AND h.attempts > 1
		THEN 'unreachable'
	ELSE 'undetermined' END AS class, class AS dane_class,
	CASE h.host_status WHEN 'usable' THEN 'no_route'
		ELSE h.host_status END AS why,
	tlsa_class(h.tlsa_status, h.attempts) AS tlsa_class,
	'not_applicable' AS dane
FROM hosts h ANTI JOIN (SELECT host FROM addresses
	WHERE class <> 'no_route') a USING (host);

CREATE OR REPLACE TABLE host_facts AS
WITH counted AS (
	SELECT host, count(*) AS pairs,
		count(*) FILTER (class IN ('tls', 'no_tls')) AS connecting,
		count(*) FILTER (class = 'undetermined') AS unknown,
		count(*) FILTER (class = 'tls') AS tls,
		count(*) FILTER (class = 'tls' AND is_tls_1_2 AND chain_trusted
			AND in_dates AND name_match) AS certified,
		count(*) FILTER (class = 'tls' AND is_tls_1_2 AND
			chain_truncated AND name_match) AS uncertain,
		count(*) FILTER (class IN ('tls', 'no_tls') AND
			dane_class = 'tls' AND tlsa_class = 'usable' AND
			dane IN ('match', 'match_ta_from_dns')) AS matching,
		count(*) FILTER (class IN ('tls', 'no_tls') AND
			dane_class = 'tls' AND tlsa_class = 'usable' AND
			dane = 'undetermined') AS unjudged,
		bool_and(chain_trusted) FILTER (class = 'tls' AND
			NOT chain_truncated) AS chain,
		bool_and(name_match) FILTER (class = 'tls' AND
			NOT chain_truncated) AS name,
		bool_and(in_dates) FILTER (class = 'tls' AND
			NOT chain_truncated) AS dates,
		bool_and(is_tls_1_2) FILTER (class = 'tls') AS tls_1_2,
		CASE WHEN bool_or(tlsa_class = 'usable') THEN 'yes'
		WHEN bool_or(tlsa_class IN ('failing', 'undetermined'))
			THEN 'undetermined' ELSE 'no' END AS tlsa
	FROM pairs GROUP BY host
)
SELECT c.*, h.registrable_domain AS provider,
	CASE WHEN connecting > 0 THEN 'yes'
	WHEN unknown > 0 THEN 'undetermined' ELSE 'no' END AS connects,
	CASE WHEN connecting = 0 AND unknown = 0 THEN NULL
	WHEN tls < connecting THEN 'no'
	WHEN unknown > 0 THEN 'undetermined' ELSE 'yes' END AS starttls,
	CASE WHEN connecting = 0 AND unknown = 0 THEN NULL
	WHEN certified + uncertain < connecting THEN 'no'
	WHEN unknown + uncertain > 0 THEN 'undetermined' ELSE 'yes' END
		AS certificate,
	CASE WHEN tlsa <> 'yes' OR connecting = 0 AND unknown = 0 THEN NULL
	WHEN matching + unjudged < connecting THEN 'no'
	WHEN unknown + unjudged > 0 THEN 'undetermined' ELSE 'yes' END AS dane
FROM counted c JOIN hosts h USING (host);

-- The MX hosts of the domains that take mail, with what is known of each; an
-- implicit MX that is no host of the run has no facts. Joined where it is asked for:
-- there are many more rows than hosts.
CREATE OR REPLACE TABLE named_hosts AS SELECT domain, tier, host FROM mx;

CREATE OR REPLACE VIEW domain_hosts AS
SELECT m.domain, m.tier, m.host, f.* EXCLUDE (host)
FROM named_hosts m LEFT JOIN host_facts f USING (host);

CREATE OR REPLACE TABLE domain_facts AS
WITH of_hosts AS (
	SELECT domain, bool_or(tlsa = 'yes') AS some_tlsa,
		bool_or(coalesce(tlsa, 'undetermined') = 'undetermined')
			AS unknown_tlsa,
		bool_and(tlsa = 'yes') AND bool_and(tlsa IS NOT NULL)
			AS all_tlsa, bool_or(tlsa = 'no') AS some_no_tlsa,
		sum(connecting) AS connecting, sum(unknown) AS unknown,
		sum(tls) AS tls, sum(certified) AS certified,
		sum(uncertain) AS uncertain,
		bool_and(chain) AS chain, bool_and(name) AS name,
		bool_and(dates) AS dates, bool_and(tls_1_2) AS tls_1_2
	FROM domain_hosts GROUP BY domain
)
SELECT d.domain, d.tld, d.parent_ds, d.mx_status, d.mx_dnssec, d.attempts,
	d.mta_sts_record, d.tlsrpt_record,
	CASE WHEN mx_status IN ('mx', 'implicit') THEN 'yes'
	WHEN mx_status IN ('null_mx', 'no_mail', 'nxdomain') THEN 'no'
	ELSE 'undetermined' END AS mail,
	CASE WHEN mail <> 'yes' THEN NULL WHEN some_tlsa THEN 'yes'
	WHEN coalesce(unknown_tlsa, true) THEN 'undetermined' ELSE 'no' END
		AS tlsa,
	CASE WHEN mail <> 'yes' THEN NULL WHEN some_no_tlsa THEN 'no'
	WHEN coalesce(unknown_tlsa, true) THEN 'undetermined' ELSE 'yes' END
		AS tlsa_all,
	CASE WHEN mail <> 'yes' THEN NULL
	WHEN dane_domain IS NULL THEN 'undetermined'
	WHEN dane_domain THEN 'yes' ELSE 'no' END AS dane,
	CASE WHEN mail <> 'yes' THEN NULL
	WHEN dane_domain_all IS NULL THEN 'undetermined'
	WHEN dane_domain_all THEN 'yes' ELSE 'no' END AS dane_all,
	mail = 'yes' AND opportunistic_deliver NOT IN ('unreachable',
		'refused') AS reachable,
	CASE WHEN NOT reachable THEN NULL
	WHEN opportunistic_first IN ('undetermined', 'not_probed')
		THEN 'undetermined'
	WHEN opportunistic_first = 'encrypted' THEN 'yes' ELSE 'no' END
		AS starttls,
	CASE WHEN NOT reachable THEN NULL
	WHEN opportunistic_worst IN ('undetermined', 'not_probed')
		THEN 'undetermined'
	WHEN opportunistic_worst = 'encrypted' THEN 'yes' ELSE 'no' END
		AS starttls_all,
	CASE WHEN NOT reachable THEN NULL
	WHEN webpki_first IN ('undetermined', 'not_probed')
		THEN 'undetermined'
	WHEN webpki_first = 'authenticated' THEN 'yes' ELSE 'no' END
		AS certificate,
	CASE WHEN NOT reachable THEN NULL
	WHEN opportunistic_deliver = 'not_probed' THEN 'undetermined'
	WHEN h.certified + h.uncertain < h.connecting THEN 'no'
	WHEN h.unknown + h.uncertain > 0 THEN 'undetermined' ELSE 'yes' END
		AS certificate_all,
	h.connecting, h.unknown, h.tls, h.chain, h.name, h.dates, h.tls_1_2
FROM domains d JOIN outcomes o USING (domain)
LEFT JOIN of_hosts h USING (domain);

-- Each measure of each domain that it is a share of: domain, tld, measure, answer.
CREATE OR REPLACE VIEW domain_measures AS
SELECT domain, tld, 'takes mail' AS measure, mail AS answer FROM domain_facts
UNION ALL
SELECT domain, tld, 'signed', CASE parent_ds WHEN true THEN 'yes'
	WHEN false THEN 'no' ELSE 'undetermined' END FROM domain_facts
UNION ALL
SELECT domain, tld, 'secure MX', CASE WHEN mx_dnssec = 'secure' THEN 'yes'
	ELSE 'no' END FROM domain_facts WHERE mail = 'yes'
UNION ALL
SELECT domain, tld, 'DANE', dane FROM domain_facts WHERE mail = 'yes'
UNION ALL
SELECT domain, tld, 'STARTTLS', starttls FROM domain_facts WHERE reachable
UNION ALL
SELECT domain, tld, 'valid certificate', certificate
FROM domain_facts WHERE reachable
UNION ALL
SELECT domain, tld, 'MTA-STS', CASE WHEN p.mta_sts_status = 'valid' THEN 'yes'
	WHEN coalesce(p.mta_sts_status, mta_sts_record) IN ('error', 'not_asked')
	THEN 'undetermined' ELSE 'no' END
FROM domain_facts LEFT JOIN policies p USING (domain) WHERE mail = 'yes';

-- Who runs the MX hosts that are tried first; a domain may have several.
CREATE OR REPLACE VIEW domain_providers AS
SELECT DISTINCT d.domain, coalesce(d.provider, d.host) AS provider
FROM domain_hosts d JOIN (SELECT domain, min(tier) AS tier
	FROM domain_hosts GROUP BY domain) b USING (domain, tier)
WHERE d.connects IS NOT NULL;

CREATE OR REPLACE MACRO measure_place(name) AS list_position(['takes mail',
	'signed', 'secure MX', 'DANE', 'STARTTLS', 'valid certificate',
	'MTA-STS'], name);
