-- title: Fit for a policy list
-- numerator: domains, and MX hosts alone, that meet each criterion as far as one run can tell
-- denominator: mail-capable domains that name an MX; MX hosts
-- left out: implicit MX. Whether it held in three scans over seven days, and consent, no single run can tell

WITH sides AS (
	SELECT 'domains' AS counted, connecting, unknown, tls, chain, name,
		dates, tls_1_2
	FROM domain_facts WHERE mx_status = 'mx'
	UNION ALL
	SELECT 'MX hosts', connecting, unknown, tls, chain, name, dates, tls_1_2
	FROM host_facts
), claims AS (
	-- What is seen so far, and whether a further address may overthrow it.
	SELECT counted, unknown > 0 AS may_change, connecting > 0 AS c1,
		tls = connecting AS c2,
		coalesce(chain AND name AND dates, true) AS c3,
		coalesce(tls_1_2, true) AS c4, coalesce(name, true) AS c5
	FROM sides
), answers AS (
	SELECT counted, 'C1 an MX host connects' AS criterion, CASE
		WHEN c1 THEN 'yes' WHEN may_change THEN 'undetermined'
		ELSE 'no' END AS answer FROM claims
	UNION ALL
	SELECT counted, unnest(['C2 every connecting one has STARTTLS',
		'C3 certificate valid for the MX host',
		'C4 TLS 1.2 or better',
		'C5 every MX name is in its certificate', 'C1 to C5']),
		unnest([CASE WHEN NOT holds THEN 'no'
			WHEN may_change THEN 'undetermined'
			WHEN c1 THEN 'yes' ELSE 'no' END
			FOR holds IN [c2, c2 AND c3, c2 AND c4, c2 AND c5,
			c2 AND c3 AND c4 AND c5]])
	FROM claims
	UNION ALL
	SELECT 'domains', 'C6 valid MTA-STS, max_age of 18 weeks', CASE
		WHEN p.mta_sts_status = 'valid' AND
		p.mta_sts_max_age_s >= 10886400 THEN 'yes'
		WHEN coalesce(p.mta_sts_status, d.mta_sts_record) IN ('error',
		'not_asked') THEN 'undetermined' ELSE 'no' END
	FROM domain_facts d LEFT JOIN policies p USING (domain)
	WHERE d.mx_status = 'mx'
	UNION ALL
	SELECT counted, 'C9 nothing undetermined',
		CASE WHEN may_change THEN 'no' ELSE 'yes' END FROM claims
)
SELECT counted, criterion, count(*) FILTER (answer = 'yes') AS n,
	count(*) AS "of", percent(n, "of") AS percent,
	count(*) FILTER (answer = 'undetermined') AS undetermined,
	percent(undetermined, "of") AS undetermined_percent
FROM answers GROUP BY counted, criterion
ORDER BY counted = 'MX hosts', criterion = 'C1 to C5', criterion;
