-- title: Why TLSA does not match
-- numerator: MX hosts with usable TLSA, and domains with such a host, by verdict at an address (RFC 7671, RFC 7672)
-- denominator: MX hosts with usable TLSA, and mail-capable domains with one
-- left out: addresses without a verdict (class undetermined or unreachable) are their own rows; a host with two verdicts counts in both

WITH verdicts AS (
	SELECT DISTINCT host, CASE
		WHEN dane_class = 'tls' THEN dane
		WHEN dane_class = 'no_tls' THEN 'no_tls'
		ELSE dane_class END AS verdict
	FROM pairs WHERE tlsa_class = 'usable'
), of_domains AS (
	SELECT DISTINCT domain, verdict
	FROM domain_hosts JOIN verdicts USING (host)
), shares AS (
	SELECT 'domains' AS counted, verdict, count(*) AS n,
		(SELECT count(DISTINCT domain) FROM of_domains) AS "of"
	FROM of_domains GROUP BY verdict
	UNION ALL
	SELECT 'MX hosts', verdict, count(*) AS n,
		(SELECT count(DISTINCT host) FROM verdicts) AS "of"
	FROM verdicts GROUP BY verdict
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY counted = 'MX hosts', n DESC, verdict;
