-- title: What mail meets, by sender
-- numerator: domains by outcome, for each sender: at the MX hosts that are tried first, at best, and at worst
-- denominator: all domains
-- left out: nothing; undetermined and not_probed are outcomes of their own

-- What meets the same at every place is counted together.
WITH alike AS (
	SELECT COLUMNS('_(first|deliver|worst)$'), count(*) AS domains
	FROM outcomes GROUP BY ALL
), long AS (
	UNPIVOT alike
	ON COLUMNS(* EXCLUDE (domains)) INTO NAME place VALUE outcome
), shares AS (
	SELECT 'domains' AS counted,
		regexp_replace(place, '_(first|deliver|worst)$', '') AS sender,
		regexp_extract(place, '(first|deliver|worst)$') AS place,
		outcome, sum(domains)::BIGINT AS n,
		(SELECT sum(domains)::BIGINT FROM alike) AS "of"
	FROM long GROUP BY 2, 3, 4
)
SELECT *, percent(n, "of") AS percent FROM shares
ORDER BY sender, list_position(['first', 'deliver', 'worst'], place), n DESC,
	outcome;
