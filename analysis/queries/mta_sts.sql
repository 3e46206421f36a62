-- title: MTA-STS
-- numerator: domains by what came of their MTA-STS policy, its mode, and why there is none (RFC 8461)
-- denominator: mail-capable domains
-- left out: domains that take no mail; status error (the record could not be asked for) is undetermined, and so is not_asked

SELECT 'domains' AS counted, CASE
	WHEN coalesce(p.mta_sts_status, d.mta_sts_record) IN ('error',
		'not_asked') THEN 'undetermined'
	WHEN p.mta_sts_status = 'valid' THEN 'yes' ELSE 'no' END AS answer,
	coalesce(p.mta_sts_status, d.mta_sts_record) AS status,
	p.mta_sts_mode AS mode, p.mta_sts_error AS error, count(*) AS n,
	(sum(count(*)) OVER ())::BIGINT AS "of", percent(n, "of") AS percent
FROM domain_facts d LEFT JOIN policies p USING (domain)
WHERE d.mail = 'yes' GROUP BY 2, 3, 4, 5
ORDER BY n DESC, status, mode, error;
