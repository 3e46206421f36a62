"""Two runs, figure by figure: what changed, and which providers moved it."""

from figures import FINDINGS, QUALITY

MOVERS = 5
NUMBERS = {"n", "of", "percent", "lost", "undetermined",
           "undetermined_percent", "different", "hhi", "mx_hosts",
           "secure_mx", "starttls", "valid_certificate", "dane"}


def keys(names):
    """The columns that identify a row."""
    return [name for name in names if name not in NUMBERS
            and not name.startswith("top_")]


def with_changes(rows, before, names):
    """The rows, with the share before and its change in percentage points."""
    value = "percent" if "percent" in names else "top_10_percent"
    known = {tuple(row[name] for name in keys(names)): row for row in before}
    changed = []
    for row in rows:
        was = known.pop(tuple(row[name] for name in keys(names)), {})
        changed.append({**row, "before": was.get(value, 0.0),
                        "change": change(row[value], was.get(value, 0.0))})
    # Rows that no longer exist.
    for was in known.values():
        changed.append({**was, **{name: 0 for name in ("n", "percent")
                                  if name in was}, "before": was[value],
                        "change": change(0.0, was[value])})
    return changed


def change(now, was):
    return round((now or 0) - (was or 0), 2)


def provider_counts(run, path):
    """For each provider, the number of domains for which each figure's claim
    holds."""
    claims = {figure.query: figure.claim for figure in QUALITY + FINDINGS}
    columns = ", ".join(f"count(*) FILTER ({claim}) AS {name}"
                        for name, claim in claims.items())
    run.connection.execute(f"""COPY (
        WITH of_domain AS (
            SELECT domain, min(coalesce(provider, host)) AS provider
            FROM (SELECT domain, provider, host, tier = min(tier)
                    OVER (PARTITION BY domain) AS is_best
                FROM domain_hosts) WHERE is_best GROUP BY domain)
        SELECT coalesce(provider, '(no MX)') AS provider, {columns}
        FROM domain_facts LEFT JOIN of_domain USING (domain)
        GROUP BY 1) TO '{path}' (FORMAT csv, HEADER true)""")


def movers(run, now, before):
    """For each figure the providers whose count moved most."""
    found = {}
    for figure in QUALITY + FINDINGS:
        _, found[figure.query] = run.rows(f"""
            WITH moved AS (
                SELECT coalesce(n.provider, b.provider) AS provider,
                    coalesce(b.{figure.query}, 0)::BIGINT AS was,
                    coalesce(n.{figure.query}, 0)::BIGINT AS now
                FROM read_csv('{now}', header = true) n
                FULL JOIN read_csv('{before}', header = true) b
                    ON n.provider = b.provider)
            SELECT provider, was, now, now - was FROM moved
            WHERE now <> was ORDER BY abs(now - was) DESC, provider
            LIMIT {MOVERS}""")
    return found
