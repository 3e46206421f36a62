-- title: Signed share per TLD
-- numerator: domains with a DS RRset in the zone file; with a secure MX answer or denial
-- denominator: domains of that TLD
-- left out: nothing; without a zone file, DS is undetermined, and so is an MX that was not answered

WITH answers AS (
	SELECT tld, 'DS in the zone file' AS claim, CASE parent_ds
		WHEN true THEN 'yes' WHEN false THEN 'no'
		ELSE 'undetermined' END AS answer
	FROM domain_facts
	UNION ALL
	SELECT tld, 'MX answer secure', CASE mx_dnssec WHEN 'secure' THEN 'yes'
		WHEN 'unchecked' THEN 'undetermined' ELSE 'no' END
	FROM domain_facts
)
SELECT 'domains' AS counted, tld, claim,
	count(*) FILTER (answer = 'yes') AS n, count(*) AS "of",
	percent(n, "of") AS percent,
	count(*) FILTER (answer = 'undetermined') AS undetermined,
	percent(undetermined, "of") AS undetermined_percent
FROM answers GROUP BY tld, claim
ORDER BY "of" DESC, tld, claim;
