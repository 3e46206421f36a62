-- title: What is undetermined, and why
-- numerator: domains whose MX, and MX hosts of whose addresses, nothing could be said, by reason
-- denominator: all domains; all MX hosts
-- left out: nothing; a host with several reasons counts in each

WITH reasons AS (
	SELECT 'domains' AS counted, 'MX' AS of_what, mx_status AS reason,
		domain AS name FROM domain_facts WHERE mail = 'undetermined'
	UNION ALL
	SELECT 'domains', 'STARTTLS', CASE mx_status WHEN 'implicit'
		THEN 'not_probed' ELSE 'see MX hosts' END, domain
	FROM domain_facts WHERE starttls = 'undetermined'
	UNION ALL
	SELECT DISTINCT 'MX hosts', 'STARTTLS', why, host FROM pairs
	WHERE class = 'undetermined'
	UNION ALL
	SELECT DISTINCT 'MX hosts', 'TLSA', h.tlsa_status, h.host
	FROM hosts h JOIN host_facts f USING (host)
	WHERE f.tlsa = 'undetermined'
), shares AS (
	SELECT counted, of_what, reason, count(*) AS n, CASE counted
		WHEN 'domains' THEN (SELECT count(*) FROM domain_facts)
		ELSE (SELECT count(*) FROM hosts) END AS "of"
	FROM reasons GROUP BY counted, of_what, reason
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY counted = 'MX hosts', of_what, n DESC, reason;
