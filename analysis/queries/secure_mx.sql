-- title: DNSSEC of the MX RRset
-- numerator: domains, and distinct MX hosts that they name, by DNSSEC status of the MX RRset
-- denominator: mail-capable domains, and their MX hosts
-- left out: domains that take no mail, or where that is undetermined; implicit MX hosts that were not looked up; a host counts in each status that names it

WITH of_domains AS (
	SELECT domain, mx_dnssec FROM domain_facts WHERE mail = 'yes'
), of_hosts AS (
	SELECT DISTINCT host, mx_dnssec
	FROM domain_hosts JOIN of_domains USING (domain)
	WHERE connects IS NOT NULL
), shares AS (
	SELECT 'domains' AS counted, mx_dnssec, count(*) AS n,
		(SELECT count(*) FROM of_domains) AS "of"
	FROM of_domains GROUP BY mx_dnssec
	UNION ALL
	SELECT 'MX hosts', mx_dnssec, count(*) AS n,
		(SELECT count(DISTINCT host) FROM of_hosts) AS "of"
	FROM of_hosts GROUP BY mx_dnssec
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY counted = 'MX hosts', n DESC, mx_dnssec;
