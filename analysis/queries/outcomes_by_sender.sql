-- title: What mail meets, by sender
-- numerator: domains by outcome, for each sender: at the MX hosts that are tried first, at best, and at worst
-- denominator: all domains
-- left out: nothing; undetermined and not_probed are outcomes of their own

WITH long AS (
	UNPIVOT (SELECT * EXCLUDE (dane_domain, dane_domain_all, reasons,
		flags) FROM outcomes)
	ON COLUMNS(* EXCLUDE (domain)) INTO NAME place VALUE outcome
), shares AS (
	SELECT 'domains' AS counted,
		regexp_replace(place, '_(first|deliver|worst)$', '') AS sender,
		regexp_extract(place, '(first|deliver|worst)$') AS place,
		outcome, count(*) AS n,
		(SELECT count(*) FROM outcomes) AS "of"
	FROM long GROUP BY 2, 3, 4
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY sender, list_position(['first', 'deliver', 'worst'], place), n DESC,
	outcome;
