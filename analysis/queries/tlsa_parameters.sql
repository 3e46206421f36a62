-- title: TLSA usage, selector, matching type
-- numerator: MX hosts with such a record, and mail-capable domains with such a host
-- denominator: MX hosts with a TLSA record, and domains with such a host
-- left out: later askings (of one RRset the first counts); a host with records of two kinds counts in both

WITH kinds AS (
	SELECT DISTINCT host, usage, selector, matching_type, usable
	FROM tlsa WHERE asking = 1
), of_domains AS (
	SELECT DISTINCT domain, usage, selector, matching_type, usable
	FROM domain_hosts JOIN kinds USING (host)
), shares AS (
	SELECT 'domains' AS counted, usage, selector, matching_type, usable,
		count(*) AS n, (SELECT count(DISTINCT domain) FROM of_domains) AS "of"
	FROM of_domains GROUP BY ALL
	UNION ALL
	SELECT 'MX hosts', usage, selector, matching_type, usable, count(*) AS n,
		(SELECT count(DISTINCT host) FROM kinds) AS "of"
	FROM kinds GROUP BY ALL
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY counted = 'MX hosts', n DESC, usage, selector, matching_type, usable;
