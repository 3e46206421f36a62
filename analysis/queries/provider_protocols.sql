-- title: Providers by protocol
-- numerator: domains at that provider of which it holds, as in the table per TLD
-- denominator: domains whose best MX hosts include one below this registrable domain (secure MX, DANE, MTA-STS); the reachable ones of these (STARTTLS, valid certificate)
-- left out: implicit MX; a domain with best hosts at two providers counts for both; the 20 largest are shown

WITH largest AS (
	SELECT provider, count(*) AS domains FROM domain_providers
	GROUP BY provider ORDER BY domains DESC, provider LIMIT 20
)
SELECT 'domains' AS counted, provider, measure,
	count(*) FILTER (answer = 'yes') AS n, count(*) AS "of",
	percent(n, "of") AS percent,
	count(*) FILTER (answer = 'undetermined') AS undetermined,
	percent(undetermined, "of") AS undetermined_percent
FROM largest JOIN domain_providers USING (provider)
	JOIN domain_measures USING (domain)
WHERE measure NOT IN ('takes mail', 'signed')
GROUP BY provider, measure, domains
ORDER BY domains DESC, provider, measure_place(measure);
