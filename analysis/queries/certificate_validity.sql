-- title: Certificates: chain, name, dates
-- numerator: domains and MX hosts by the three facts, each as it holds at every address with TLS
-- denominator: mail-capable domains with TLS at an address of an MX host; MX hosts with TLS at an address
-- left out: what has no TLS, or where that is undetermined (see STARTTLS)

SELECT 'domains' AS counted, CASE WHEN chain THEN 'trusted'
	ELSE 'untrusted' END AS chain, CASE WHEN name THEN 'name matches'
	ELSE 'name does not match' END AS name, CASE WHEN dates THEN 'in dates'
	ELSE 'out of date' END AS dates, count(*) AS n,
	(sum(count(*)) OVER ())::BIGINT AS "of", percent(n, "of") AS percent
FROM domain_facts WHERE mail = 'yes' AND tls > 0 GROUP BY 2, 3, 4
UNION ALL
SELECT 'MX hosts', CASE WHEN chain THEN 'trusted' ELSE 'untrusted' END,
	CASE WHEN name THEN 'name matches' ELSE 'name does not match' END,
	CASE WHEN dates THEN 'in dates' ELSE 'out of date' END, count(*) AS n,
	(sum(count(*)) OVER ())::BIGINT AS "of", percent(n, "of")
FROM host_facts WHERE tls > 0 GROUP BY 2, 3, 4
ORDER BY counted = 'MX hosts', n DESC, chain, name, dates;
