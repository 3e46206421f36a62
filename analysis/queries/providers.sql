-- title: Providers
-- numerator: mail-capable domains whose best MX hosts include one below this registrable domain, and its MX hosts
-- denominator: mail-capable domains
-- left out: implicit MX; a domain with best hosts at two providers counts for both; the 20 largest are shown

WITH of_hosts AS (
	SELECT coalesce(h.registrable_domain, h.host) AS provider,
		count(*) AS hosts
	FROM hosts h GROUP BY 1
), whole AS (
	SELECT count(*) AS "of" FROM domain_facts WHERE mail = 'yes'
)
SELECT 'domains' AS counted, b.provider, count(*) AS n,
	any_value(w."of") AS "of", percent(n, any_value(w."of")) AS percent,
	any_value(o.hosts) AS mx_hosts,
	count(*) FILTER (f.mx_dnssec = 'secure') AS secure_mx,
	count(*) FILTER (f.starttls = 'yes') AS starttls,
	count(*) FILTER (f.certificate = 'yes') AS valid_certificate,
	count(*) FILTER (f.dane = 'yes') AS dane,
	count(*) FILTER (f.dane = 'undetermined' OR
		f.starttls = 'undetermined') AS undetermined
FROM domain_providers b JOIN domain_facts f USING (domain)
	JOIN of_hosts o USING (provider), whole w
GROUP BY b.provider ORDER BY n DESC, b.provider LIMIT 20;
