-- title: Every measure by rank
-- numerator: domains of that rank in the input of which it holds, as in the table per TLD
-- denominator: domains of these ranks (takes mail, signed); of these, the mail-capable ones (secure MX, DANE, MTA-STS); the reachable ones (STARTTLS, valid certificate)
-- left out: domains without a rank

WITH placed AS (
	SELECT domain, CASE WHEN rank <= 100 THEN 1 WHEN rank <= 1000 THEN 2
		WHEN rank <= 10000 THEN 3 WHEN rank <= 100000 THEN 4
		WHEN rank <= 1000000 THEN 5 ELSE 6 END AS place
	FROM domains WHERE rank IS NOT NULL
)
SELECT 'domains' AS counted, ['1 to 100', '101 to 1,000', '1,001 to 10,000',
	'10,001 to 100,000', '100,001 to 1,000,000',
	'over 1,000,000'][place] AS ranks, measure,
	count(*) FILTER (answer = 'yes') AS n, count(*) AS "of",
	percent(n, "of") AS percent,
	count(*) FILTER (answer = 'undetermined') AS undetermined,
	percent(undetermined, "of") AS undetermined_percent
FROM domain_measures JOIN placed USING (domain) GROUP BY place, measure
ORDER BY place, measure_place(measure);
