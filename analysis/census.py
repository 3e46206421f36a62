#!/usr/bin/python3
"""census: a run as a DuckDB connection with typed views.

    import sys
    sys.path.insert(0, "analysis")
    import census

    connection = census.open_run("RUN")
    connection.sql("SELECT mx_status, count(*) FROM domains GROUP BY ALL").show()
    connection.sql(census.Query("dane_share").sql).df()

Each table of the run is a view of its name with the types of datapackage.json:
numbers are BIGINT, claims BOOLEAN, times TIMESTAMP (UTC), lists of numbers
BIGINT[]. Everything else is VARCHAR and stays as it is written, so numbers keep
leading zeros. The tables on which the queries of analysis/queries depend
(facts.sql) are made as well; `facts=False` leaves them out, which saves time
and memory.

As a program (what is written is named by its end):

    census.py parquet OUT RUN...      typed Parquet, OUT/TABLE/run=NAME/data.parquet
    census.py views <schema.json      analysis/queries/views.sql, from `schema --json`
"""

import json
import os
import re
import sys

QUERIES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "queries")
BASE = ("views", "facts")
HEAD = ("title", "numerator", "denominator", "left out")
# Types of Table Schema in DuckDB; every other one is text.
CASTS = {"integer": "{0}::BIGINT", "boolean": "{0} = '1'",
         "datetime": "{0}::TIMESTAMP", "array": "{0}::BIGINT[]"}
VIEWS_HEAD = """\
-- The tables of a run as views over its part files. Say which run first:
--	SET VARIABLE run = 'RUN';
-- Every column is text in the files; what is a number, a time, a claim or a list of
-- numbers becomes one. A column that a later version adds comes through as text.
-- Written by `make docs`.

CREATE OR REPLACE MACRO part_files(name) AS
	getvariable('run') || '/' || name || '/*.csv.gz';
CREATE OR REPLACE MACRO percent(part, whole) AS
	CASE WHEN whole > 0 THEN round(100.0 * part / whole, 2) END;
"""


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def metadata(path):
    """The content of run.json: when and how the run was made."""
    with open(os.path.join(path, "run.json")) as file:
        return json.load(file)


def fields(path):
    """{table: its fields, as Table Schema has them}, from datapackage.json."""
    with open(os.path.join(path, "datapackage.json")) as file:
        return {each["name"]: each["schema"]["fields"]
                for each in json.load(file)["resources"]}


def column_types(path, table):
    """{column: string, integer, boolean, datetime or array} for other readers."""
    return {field["name"]: field["type"] for field in fields(path)[table]}


def view(table, columns):
    casts = [f"{CASTS[field['type']].format(field['name'])} AS {field['name']}"
             for field in columns if field["type"] in CASTS]
    chosen = "*" if not casts else \
        "* REPLACE (\n\t" + ",\n\t".join(casts) + ")"
    return (f"CREATE OR REPLACE VIEW {table} AS\nSELECT {chosen}\n"
            f"FROM read_csv(part_files('{table}'), header = true, "
            "all_varchar = true,\n\tdelim = ',', quote = '\"', "
            "escape = '\"');\n")


def views_sql(resources):
    """The text of views.sql."""
    return "\n".join([VIEWS_HEAD] + [view(
        each["name"], each["schema"]["fields"]) for each in resources])


def statements(sql):
    """A semicolon at the end of a line ends a statement."""
    lines = [line for line in sql.splitlines()
             if not line.startswith("--")]
    return [each.strip().removesuffix(";")
            for each in re.split(r";\s*\n", "\n".join(lines) + "\n")
            if each.strip()]


class Query:
    """A file of analysis/queries: its head, which describes it, and its SQL."""

    def __init__(self, name, folder=QUERIES):
        self.name = name
        with open(os.path.join(folder, f"{name}.sql")) as file:
            self.sql = file.read()
        self.head = {}
        for line in self.sql.splitlines():
            key, _, text = line.removeprefix("-- ").partition(": ")
            if key not in HEAD:
                break
            self.head[key] = text


def query_names(folder=QUERIES):
    """The files there that have a title, in the order of their names."""
    names = sorted(name.removesuffix(".sql") for name in os.listdir(folder)
                   if name.endswith(".sql"))
    return [name for name in names if "title" in Query(name, folder).head]


def open_run(path, facts=True, memory="1GB", temporary=None):
    """A DuckDB connection with a view for each table, and the tables of facts.sql.
    `memory` is the limit of DuckDB; beyond it, it writes into `temporary`."""
    import duckdb

    settings = [f"memory_limit = {quoted(memory)}",
                "preserve_insertion_order = false", "TimeZone = 'UTC'",
                f"VARIABLE run = {quoted(os.path.abspath(path))}"]
    if temporary:
        settings.append(f"temp_directory = {quoted(temporary)}")
    connection = duckdb.connect()
    for setting in settings:
        connection.execute(f"SET {setting}")
    for name in BASE if facts else BASE[:1]:
        for statement in statements(Query(name).sql):
            connection.execute(statement)
    return connection


def write_parquet(out, paths):
    """Each table of each run, in OUT/TABLE/run=NAME; a run that is there is replaced.
    The table `runs` has a row for each run: when it was made, and its options."""
    names = [os.path.basename(os.path.abspath(path)) for path in paths]
    if len(set(names)) < len(names):
        raise SystemExit("census.py: two runs have one name: "
                         + " ".join(sorted(names)))
    for path, name in zip(paths, names):
        connection = open_run(path, facts=False, temporary=out)
        made = metadata(path)
        connection.execute("""CREATE TABLE runs AS SELECT
            ?::TIMESTAMP AS started_at, ?::TIMESTAMP AS written_at,
            ? AS version, ? AS notes, ? AS options""", [
            made["started_at"], made.get("written_at"),
            made["program"].get("mxcensus"), made.get("notes"),
            json.dumps(made["options"])])
        for table in [*fields(path), "runs"]:
            folder = os.path.join(out, table, f"run={name}")
            os.makedirs(folder, exist_ok=True)
            file = os.path.join(folder, "data.parquet")
            connection.execute(
                f"COPY {table} TO {quoted(file + '.new')} "
                "(FORMAT parquet, COMPRESSION zstd)")
            os.replace(file + ".new", file)
        connection.close()


def main(arguments):
    match arguments:
        case ["parquet", out, *paths] if paths:
            write_parquet(out, paths)
            print(out)
        case ["views"]:
            print(views_sql(json.load(sys.stdin)["resources"]), end="")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
