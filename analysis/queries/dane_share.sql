-- title: DANE
-- numerator: domains with a secure MX and a match at every connecting address of the MX hosts of the best tier (at every MX host of all tiers); hosts where a TLSA record matches at every connecting address
-- denominator: mail-capable domains; MX hosts that connect, or may
-- left out: domains that take no mail, hosts that nobody can reach; undetermined is its own share

WITH answers AS (
	SELECT 'domains' AS counted, 'best MX hosts' AS definition,
		dane AS answer FROM domain_facts WHERE mail = 'yes'
	UNION ALL
	SELECT 'domains', 'every MX host', dane_all
	FROM domain_facts WHERE mail = 'yes'
	UNION ALL
	SELECT 'MX hosts', 'every address', CASE
		WHEN tlsa = 'undetermined' THEN 'undetermined'
		ELSE coalesce(dane, 'no') END
	FROM host_facts WHERE connects <> 'no'
)
SELECT counted, definition, count(*) FILTER (answer = 'yes') AS n,
	count(*) AS "of", percent(n, "of") AS percent,
	count(*) FILTER (answer = 'undetermined') AS undetermined,
	percent(undetermined, "of") AS undetermined_percent
FROM answers GROUP BY counted, definition
ORDER BY counted = 'MX hosts', definition;
