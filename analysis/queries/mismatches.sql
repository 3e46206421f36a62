-- title: The mismatches that touch most domains
-- numerator: mail-capable domains that name this MX host, at an address of which TLS or its absence was seen and no usable TLSA record matches (RFC 7671, RFC 7672)
-- denominator: mail-capable domains
-- left out: addresses without a verdict; the 20 hosts with most domains are shown; confirmed: seen again later, at every such address

WITH failing AS (
	SELECT host, CASE WHEN dane_class = 'no_tls' THEN 'no_tls'
		ELSE dane END AS verdict, confirmed
	FROM pairs WHERE tlsa_class = 'usable' AND (dane_class = 'no_tls' OR
		dane_class = 'tls' AND dane NOT IN ('match',
		'match_ta_from_dns', 'undetermined'))
), of_hosts AS (
	SELECT host, string_agg(DISTINCT verdict, ' ' ORDER BY verdict)
		AS verdict, bool_and(coalesce(confirmed, false)) AS confirmed
	FROM failing GROUP BY host
), whole AS (
	SELECT count(*) AS "of" FROM domain_facts WHERE mail = 'yes'
)
SELECT 'domains' AS counted, o.host,
	any_value(coalesce(d.provider, o.host)) AS provider, o.verdict,
	o.confirmed, count(DISTINCT d.domain) AS n,
	any_value(w."of") AS "of", percent(n, any_value(w."of")) AS percent
FROM of_hosts o JOIN domain_hosts d USING (host), whole w
GROUP BY o.host, o.verdict, o.confirmed ORDER BY n DESC, o.host LIMIT 20;
