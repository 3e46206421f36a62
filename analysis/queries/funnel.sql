-- title: From domain to matching TLSA
-- numerator: domains (MX hosts) that pass this stage and all before it
-- denominator: all domains (MX hosts) of the run
-- left out: nothing; what is undetermined at a stage is told apart from what is lost

WITH domain_stages AS (
	SELECT 1 AS stage, 'domain' AS name, 'yes' AS answer, domain
	FROM domain_facts
	UNION ALL SELECT 2, 'takes mail', mail, domain FROM domain_facts
	UNION ALL SELECT 3, 'MX secure', CASE WHEN mx_dnssec = 'secure'
		THEN 'yes' ELSE 'no' END, domain
	FROM domain_facts WHERE mail = 'yes'
	UNION ALL SELECT 4, 'usable TLSA', tlsa, domain
	FROM domain_facts WHERE mail = 'yes' AND mx_dnssec = 'secure'
	UNION ALL SELECT 5, 'STARTTLS', coalesce(starttls, 'no'), domain
	FROM domain_facts WHERE mail = 'yes' AND mx_dnssec = 'secure' AND
		tlsa = 'yes'
	UNION ALL SELECT 6, 'TLSA matches', dane, domain
	FROM domain_facts WHERE mail = 'yes' AND mx_dnssec = 'secure' AND
		tlsa = 'yes' AND starttls = 'yes'
), host_stages AS (
	SELECT 1 AS stage, 'MX host' AS name, 'yes' AS answer, host
	FROM host_facts
	UNION ALL SELECT 2, 'connects', connects, host FROM host_facts
	UNION ALL SELECT 3, 'address secure', CASE WHEN
		ipv4_dnssec = 'secure' OR ipv6_dnssec = 'secure' THEN 'yes'
		ELSE 'no' END, host
	FROM host_facts JOIN hosts USING (host) WHERE connects = 'yes'
	UNION ALL SELECT 4, 'usable TLSA', tlsa, host
	FROM host_facts JOIN hosts USING (host) WHERE connects = 'yes' AND
		(ipv4_dnssec = 'secure' OR ipv6_dnssec = 'secure')
	UNION ALL SELECT 5, 'STARTTLS', starttls, host
	FROM host_facts JOIN hosts USING (host) WHERE connects = 'yes' AND
		(ipv4_dnssec = 'secure' OR ipv6_dnssec = 'secure') AND
		tlsa = 'yes'
	UNION ALL SELECT 6, 'TLSA matches', dane, host
	FROM host_facts JOIN hosts USING (host) WHERE connects = 'yes' AND
		(ipv4_dnssec = 'secure' OR ipv6_dnssec = 'secure') AND
		tlsa = 'yes' AND starttls = 'yes'
), counted AS (
	SELECT 'domains' AS counted, stage, name,
		count(*) FILTER (answer = 'yes') AS n,
		count(*) FILTER (answer = 'no') AS lost,
		count(*) FILTER (answer = 'undetermined') AS undetermined
	FROM domain_stages GROUP BY ALL
	UNION ALL
	SELECT 'MX hosts', stage, name,
		count(*) FILTER (answer = 'yes'),
		count(*) FILTER (answer = 'no'),
		count(*) FILTER (answer = 'undetermined')
	FROM host_stages GROUP BY ALL
)
SELECT counted, name AS stage, n,
	(first(n) OVER whole)::BIGINT AS "of",
	percent(n, first(n) OVER whole) AS percent, lost, undetermined
FROM counted
WINDOW whole AS (PARTITION BY counted ORDER BY stage)
ORDER BY counted = 'MX hosts', counted.stage;
