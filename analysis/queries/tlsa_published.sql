-- title: TLSA published against valid
-- numerator: MX hosts, and mail-capable domains with such an MX host, by what a sender may make of the TLSA RRset
-- denominator: MX hosts; mail-capable domains
-- left out: an implicit MX that was not looked up; a domain with hosts of two kinds counts in both

WITH kinds AS (
	SELECT f.host, h.tlsa_status, CASE
	WHEN h.tlsa_status IN ('absent', 'absent_insecure') THEN 'none'
	WHEN h.tlsa_status = 'not_asked' THEN 'not asked (address insecure)'
	WHEN h.tlsa_status = 'insecure' THEN 'published, not validated'
	WHEN h.tlsa_status = 'unusable_only' THEN 'published, none usable'
	WHEN h.tlsa_status = 'bogus' THEN 'bogus'
	WHEN f.tlsa = 'undetermined' THEN 'undetermined'
	WHEN f.connects = 'no' THEN 'usable, host unreachable'
	WHEN f.dane = 'yes' THEN 'usable, matches everywhere'
	WHEN f.dane = 'no' AND f.matching > 0 THEN 'usable, matches at some'
	WHEN f.dane = 'no' THEN 'usable, matches nowhere'
	ELSE 'undetermined' END AS tlsa
	FROM host_facts f JOIN hosts h USING (host)
), shares AS (
	SELECT 'domains' AS counted, k.tlsa, count(DISTINCT d.domain) AS n,
		(SELECT count(*) FROM domain_facts WHERE mail = 'yes') AS "of"
	FROM domain_hosts d JOIN kinds k USING (host) GROUP BY k.tlsa
	UNION ALL
	SELECT 'MX hosts', tlsa, count(*) AS n, (SELECT count(*) FROM kinds) AS "of"
	FROM kinds GROUP BY tlsa
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY counted = 'MX hosts', n DESC, tlsa;
