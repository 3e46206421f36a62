-- title: Concentration
-- numerator: mail-capable domains behind the largest 1, 10 and 100 of that kind
-- denominator: domains with one of that kind
-- left out: domains without one; a domain with two of a kind counts for both, but once in each top; hhi is the sum of the squared shares, 10,000 for one that has all

WITH shown AS (
	SELECT host, 'registrable domain of MX' AS kind,
		coalesce(registrable_domain, host) AS value
	FROM host_facts JOIN hosts USING (host)
	UNION SELECT host, 'MX name', host FROM host_facts
	UNION SELECT p.host, 'public key', c.spki_sha256
	FROM pairs p JOIN chains USING (chain_id) JOIN certificates c
		USING (certificate_sha256)
	WHERE p.class = 'tls' AND position = 0
	UNION SELECT host, 'TLSA data', data_hex
	FROM tlsa WHERE asking = 1
), alike AS (
	-- Domains with the same MX hosts are counted together.
	SELECT row_number() OVER () AS id, hosts, count(*) AS domains
	FROM (SELECT list(host ORDER BY host) AS hosts
		FROM domain_hosts WHERE connects IS NOT NULL GROUP BY domain)
	GROUP BY hosts
), named AS (
	SELECT DISTINCT a.id, a.domains, s.kind, s.value
	FROM (SELECT id, domains, unnest(hosts) AS host FROM alike) a
	JOIN shown s USING (host)
), ranked AS (
	SELECT kind, value, sum(domains) AS n,
		row_number() OVER (PARTITION BY kind
			ORDER BY sum(domains) DESC, value) AS place
	FROM named GROUP BY kind, value
), best AS (
	SELECT kind, id, any_value(domains) AS domains, min(place) AS place
	FROM named JOIN ranked USING (kind, value) GROUP BY kind, id
), tops AS (
	SELECT kind, sum(domains)::BIGINT AS "of",
		(sum(domains) FILTER (place = 1))::BIGINT AS top_1,
		(sum(domains) FILTER (place <= 10))::BIGINT AS top_10,
		(sum(domains) FILTER (place <= 100))::BIGINT AS top_100
	FROM best GROUP BY kind
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
