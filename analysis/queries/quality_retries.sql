-- title: What a second attempt changed
-- numerator: domains and MX hosts that took a second pass of DNS, and MX hosts with a second SMTP session, by what came of it
-- denominator: all domains; all MX hosts; MX hosts with a session
-- left out: nothing; a host with addresses of two kinds counts in both

WITH sessions AS (
	SELECT host, address, max(CASE WHEN attempt = 2 THEN 1 ELSE 0 END) = 1
		AS twice, count(DISTINCT outcome) > 1 AS differs,
		max(outcome) FILTER (attempt = 2) = 'tls_established' AS ends_tls
	FROM attempts WHERE series = 'mx' GROUP BY host, address
), sides AS (
	SELECT 'domains' AS counted, 'MX lookup' AS what, CASE attempts
		WHEN 1 THEN 'once' ELSE 'twice' END ||
		CASE WHEN attempts = 1 THEN '' WHEN mail = 'undetermined'
		THEN ', no answer' ELSE ', then answered' END AS result,
		domain AS name FROM domain_facts
	UNION ALL
	SELECT 'MX hosts', 'host lookup', CASE attempts WHEN 1 THEN 'once'
		ELSE 'twice' END || CASE WHEN attempts = 1 THEN ''
		WHEN host_status IN ('servfail', 'timeout') OR tlsa_status IN
		('servfail', 'timeout') THEN ', no answer'
		ELSE ', then answered' END, host FROM hosts
	UNION ALL
	SELECT DISTINCT 'MX hosts', 'SMTP session', CASE WHEN NOT twice
		THEN 'once' WHEN differs AND ends_tls
		THEN 'twice, then TLS' WHEN differs THEN 'twice, differing'
		ELSE 'twice, the same' END, host FROM sessions
), shares AS (
	SELECT counted, what, result, count(*) AS n, CASE
		WHEN counted = 'domains' THEN (SELECT count(*) FROM domain_facts)
		WHEN what = 'host lookup' THEN (SELECT count(*) FROM hosts)
		ELSE (SELECT count(DISTINCT host) FROM sessions) END AS "of"
	FROM sides GROUP BY counted, what, result
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY counted = 'MX hosts', what, result;
