-- title: Key reuse
-- numerator: MX hosts, and mail-capable domains with such a host, by how many MX hosts show the leaf's public key
-- denominator: MX hosts with TLS at an address, and domains with such a host
-- left out: what has no TLS; a host with two keys counts by the one that is shown most

WITH shown AS (
	SELECT DISTINCT p.host, c.spki_sha256 AS key
	FROM pairs p JOIN chains USING (chain_id) JOIN certificates c
		USING (certificate_sha256)
	WHERE p.class = 'tls' AND position = 0
), keys AS (
	SELECT key, count(*) AS hosts FROM shown GROUP BY key
), by_host AS (
	SELECT host, max(hosts) AS hosts FROM shown JOIN keys USING (key)
	GROUP BY host
), classes AS (
	SELECT host, CASE WHEN hosts = 1 THEN '1' WHEN hosts = 2 THEN '2'
		WHEN hosts <= 10 THEN '3 to 10'
		WHEN hosts <= 100 THEN '11 to 100'
		ELSE 'over 100' END AS hosts_with_the_key,
		CASE WHEN hosts <= 2 THEN hosts WHEN hosts <= 10 THEN 3
		WHEN hosts <= 100 THEN 4 ELSE 5 END AS place
	FROM by_host
), of_domains AS (
	SELECT d.domain, max(place) AS place
	FROM domain_hosts d JOIN classes USING (host) GROUP BY d.domain
), shares AS (
	SELECT 'domains' AS counted, c.hosts_with_the_key, count(*) AS n, place
	FROM of_domains JOIN (SELECT DISTINCT hosts_with_the_key, place
		FROM classes) c USING (place) GROUP BY ALL
	UNION ALL
	SELECT 'MX hosts', hosts_with_the_key, count(*), place
	FROM classes GROUP BY ALL
)
SELECT counted, hosts_with_the_key, n,
	(sum(n) OVER (PARTITION BY counted))::BIGINT AS "of",
	percent(n, "of") AS percent
FROM shares ORDER BY counted = 'MX hosts', place;
