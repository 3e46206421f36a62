-- title: TLS versions, groups, keys
-- numerator: MX hosts where it was negotiated at an address, and mail-capable domains with such a host
-- denominator: MX hosts with TLS at an address, and domains with such a host
-- left out: what has no TLS; a host with two values counts in both; the group is empty for RSA key exchange and finite-field DHE

WITH leaves AS (
	SELECT chain_id, key_type || ' ' || key_bits AS key
	FROM chains JOIN certificates USING (certificate_sha256)
	WHERE position = 0
), seen AS (
	SELECT DISTINCT host, unnest(['version', 'group', 'key']) AS property,
		unnest([tls_version, coalesce(key_exchange_group, 'none'),
			coalesce(key, 'none')]) AS value
	FROM pairs LEFT JOIN leaves USING (chain_id) WHERE class = 'tls'
), of_domains AS (
	SELECT DISTINCT domain, property, value
	FROM domain_hosts JOIN seen USING (host)
), shares AS (
	SELECT 'domains' AS counted, property, value, count(*) AS n,
		(SELECT count(DISTINCT domain) FROM of_domains) AS "of"
	FROM of_domains GROUP BY property, value
	UNION ALL
	SELECT 'MX hosts', property, value, count(*) AS n,
		(SELECT count(DISTINCT host) FROM seen) AS "of"
	FROM seen GROUP BY property, value
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY counted = 'MX hosts', property, n DESC, value;
