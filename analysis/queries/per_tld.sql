-- title: Every measure per TLD
-- numerator: domains of that TLD of which it holds: they take mail; have a DS RRset in the zone file; and, at the MX hosts that are tried first, a secure MX, DANE, STARTTLS, a valid certificate, a valid MTA-STS policy
-- denominator: domains of that TLD (takes mail, signed); of these, the mail-capable ones (secure MX, DANE, MTA-STS); the reachable ones (STARTTLS, valid certificate)
-- left out: nothing; undetermined is its own share, and without a zone file so is signed

SELECT 'domains' AS counted, tld, measure,
	count(*) FILTER (answer = 'yes') AS n, count(*) AS "of",
	percent(n, "of") AS percent,
	count(*) FILTER (answer = 'undetermined') AS undetermined,
	percent(undetermined, "of") AS undetermined_percent
FROM domain_measures GROUP BY tld, measure
ORDER BY max(count(*)) OVER (PARTITION BY tld) DESC, tld,
	measure_place(measure);
