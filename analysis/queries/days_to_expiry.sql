-- title: Days to expiry
-- numerator: MX hosts by the whole days that their leaf certificate is still valid at the end of the run, and mail-capable domains by the worst of their hosts
-- denominator: MX hosts with TLS at an address, and domains with such a host
-- left out: what has no TLS; a host with two certificates counts by the one that ends first

WITH days AS (
	-- A certificate that ended an hour before the run did has -1/24.
	SELECT p.host, min(epoch(c.not_after) - epoch(r.ended_at)) / 86400
		AS days
	FROM pairs p JOIN chains USING (chain_id) JOIN certificates c
		USING (certificate_sha256), run_facts r
	WHERE p.class = 'tls' AND position = 0 GROUP BY p.host
), of_domains AS (
	SELECT domain, min(days) AS days FROM domain_hosts
	JOIN days USING (host) GROUP BY domain
), sides AS (
	SELECT 'domains' AS counted, days FROM of_domains
	UNION ALL SELECT 'MX hosts', days FROM days
), placed AS (
	SELECT counted, CASE WHEN days < 0 THEN 1 WHEN days < 7 THEN 2
		WHEN days < 30 THEN 3 WHEN days < 90 THEN 4
		WHEN days < 365 THEN 5 ELSE 6 END AS place
	FROM sides WHERE days IS NOT NULL
)
SELECT counted, ['expired', 'under 7', '7 to 29', '30 to 89', '90 to 364',
	'365 and more'][place] AS days, count(*) AS n,
	(sum(count(*)) OVER (PARTITION BY counted))::BIGINT AS "of",
	percent(n, "of") AS percent
FROM placed GROUP BY counted, place ORDER BY counted = 'MX hosts', place;
