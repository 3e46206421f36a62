-- title: IPv4 against IPv6
-- numerator: MX hosts by family of their addresses, and domains with such a host, and what TLS did there
-- denominator: MX hosts with an address of that family, and domains with such a host
-- left out: families that this machine has no route for; a host with addresses of two classes counts in both

WITH classes AS (
	SELECT DISTINCT host, 'IPv' || family AS family, class FROM pairs
	WHERE address IS NOT NULL
), of_domains AS (
	SELECT DISTINCT domain, family, c.class
	FROM domain_hosts JOIN classes c USING (host)
), sides AS (
	SELECT 'domains' AS counted, domain AS name, family, class
	FROM of_domains
	UNION ALL SELECT 'MX hosts', host, family, class FROM classes
), wholes AS (
	SELECT counted, family, count(DISTINCT name) AS "of"
	FROM sides GROUP BY counted, family
)
SELECT counted, family, class, count(*) AS n, any_value("of") AS "of",
	percent(n, any_value("of")) AS percent
FROM sides JOIN wholes USING (counted, family)
GROUP BY counted, family, class
ORDER BY counted = 'MX hosts', family, n DESC, class;
