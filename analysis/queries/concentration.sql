-- title: Concentration
-- numerator: mail-capable domains behind the largest 1, 10 and 100 of that kind
-- denominator: domains with one of that kind
-- left out: domains without one; a domain with two of a kind counts for both, but once in each top; hhi is the sum of the squared shares, 10,000 for one that has all

WITH named AS (
	SELECT domain, 'registrable domain of MX' AS kind,
		coalesce(provider, host) AS value
	FROM domain_hosts WHERE connects IS NOT NULL
	UNION SELECT domain, 'MX name', host
	FROM domain_hosts WHERE connects IS NOT NULL
	UNION SELECT d.domain, 'public key', c.spki_sha256
	FROM domain_hosts d JOIN pairs p USING (host)
	JOIN chains USING (chain_id) JOIN certificates c
		USING (certificate_sha256)
	WHERE p.class = 'tls' AND position = 0
	UNION SELECT d.domain, 'TLSA data', t.data_hex
	FROM domain_hosts d JOIN tlsa t USING (host) WHERE t.asking = 1
), ranked AS (
	SELECT kind, value, count(*) AS n,
		row_number() OVER (PARTITION BY kind
			ORDER BY count(*) DESC, value) AS place
	FROM named GROUP BY kind, value
), tops AS (
	SELECT kind, count(DISTINCT domain) AS "of",
		count(DISTINCT domain) FILTER (place = 1) AS top_1,
		count(DISTINCT domain) FILTER (place <= 10) AS top_10,
		count(DISTINCT domain) FILTER (place <= 100) AS top_100
	FROM named JOIN ranked USING (kind, value) GROUP BY kind
), spread AS (
	SELECT kind, count(*) AS different,
		round(10000 * sum(n::DOUBLE * n) / (sum(n) * sum(n)))::INT
			AS hhi
	FROM ranked GROUP BY kind
)
SELECT 'domains' AS counted, kind, different, "of", top_1,
	percent(top_1, "of") AS top_1_percent, top_10,
	percent(top_10, "of") AS top_10_percent, top_100,
	percent(top_100, "of") AS top_100_percent, hhi
FROM tops JOIN spread USING (kind) ORDER BY kind;
