-- title: Mail-capable domains
-- numerator: domains by who takes their mail (RFC 5321 5.1, RFC 7505)
-- denominator: all domains
-- left out: nothing; answer says which status counts as mail-capable and which as undetermined

SELECT 'domains' AS counted, mail AS answer, mx_status, count(*) AS n,
	(sum(count(*)) OVER ())::BIGINT AS "of", percent(n, "of") AS percent
FROM domain_facts GROUP BY mail, mx_status
ORDER BY n DESC, mx_status;
