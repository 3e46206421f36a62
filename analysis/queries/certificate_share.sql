-- title: Valid certificates
-- numerator: domains with a valid certificate (TLS 1.2 or better, trusted chain, in dates, name of the MX host) at the MX hosts that are tried first (at every one); MX hosts with one at every connecting address
-- denominator: reachable mail-capable domains; MX hosts that connect, or may
-- left out: what nobody can reach, or a validating sender refuses; undetermined is its own share

WITH answers AS (
	SELECT 'domains' AS counted, 'best MX hosts' AS definition,
		certificate AS answer FROM domain_facts WHERE reachable
	UNION ALL
	SELECT 'domains', 'every MX host', certificate_all
	FROM domain_facts WHERE reachable
	UNION ALL
	SELECT 'MX hosts', 'every address', certificate
	FROM host_facts WHERE certificate IS NOT NULL
)
SELECT counted, definition, count(*) FILTER (answer = 'yes') AS n,
	count(*) AS "of", percent(n, "of") AS percent,
	count(*) FILTER (answer = 'undetermined') AS undetermined,
	percent(undetermined, "of") AS undetermined_percent
FROM answers GROUP BY counted, definition
ORDER BY counted = 'MX hosts', definition;
