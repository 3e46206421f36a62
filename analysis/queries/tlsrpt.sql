-- title: TLSRPT
-- numerator: domains by their TLSRPT record (RFC 8460 3)
-- denominator: mail-capable domains
-- left out: domains that take no mail; status error and not_asked are undetermined

SELECT 'domains' AS counted, CASE
	WHEN coalesce(p.tlsrpt_status, d.tlsrpt_record) IN ('error',
		'not_asked') THEN 'undetermined'
	WHEN p.tlsrpt_status = 'valid' THEN 'yes' ELSE 'no' END AS answer,
	coalesce(p.tlsrpt_status, d.tlsrpt_record) AS status, count(*) AS n,
	(sum(count(*)) OVER ())::BIGINT AS "of", percent(n, "of") AS percent
FROM domain_facts d LEFT JOIN policies p USING (domain)
WHERE d.mail = 'yes' GROUP BY 2, 3
ORDER BY n DESC, status;
