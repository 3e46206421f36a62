-- title: Concentration as a curve
-- numerator: mail-capable domains behind the largest 1, 2, 3 and so on of that kind
-- denominator: domains with one of that kind
-- left out: domains without one; a domain with two of a kind counts at the larger one; of many places 1, 2, 5, 10, 20, 50 and so on, and the last

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
), sums AS (
	SELECT kind, place, sum(sum(domains)) OVER (PARTITION BY kind
		ORDER BY place)::BIGINT AS n,
		sum(sum(domains)) OVER (PARTITION BY kind)::BIGINT AS "of"
	FROM best GROUP BY kind, place
), shown_places AS (
	SELECT kind, unnest([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000,
		10000, 20000, 50000, 100000, 200000, 500000, 1000000,
		max(place)]) AS place, max(place) AS last
	FROM ranked GROUP BY kind
)
SELECT DISTINCT 'domains' AS counted, p.kind, p.place, max(s.n) AS n,
	any_value(s."of") AS "of", percent(max(s.n), any_value(s."of")) AS percent
FROM shown_places p JOIN sums s ON s.kind = p.kind AND s.place <= p.place
WHERE p.place <= p.last
GROUP BY p.kind, p.place ORDER BY p.kind, p.place;
