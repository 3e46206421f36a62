"""A run as a DuckDB connection: its tables as views, and the facts made of them."""

import json
import os

import duckdb

QUERIES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "..", "queries")
BASE = ("views", "facts")
HEAD = ("title", "numerator", "denominator", "left out")


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def statements(sql):
    """Our own queries have no semicolon but at the end of a statement."""
    lines = [line for line in sql.splitlines()
             if not line.startswith("--")]
    return [each.strip() for each in "\n".join(lines).split(";\n")
            if each.strip()]


class Query:
    """A file of analysis/queries: its definition, and the SQL."""

    def __init__(self, name):
        self.name = name
        with open(os.path.join(QUERIES, f"{name}.sql")) as file:
            self.sql = file.read()
        self.head = {}
        for line in self.sql.splitlines():
            key, _, text = line.removeprefix("-- ").partition(": ")
            if key not in HEAD:
                break
            self.head[key] = text


class Run:
    def __init__(self, path, temporary, memory="1GB"):
        self.path = os.path.abspath(path)
        with open(os.path.join(path, "run.json")) as file:
            self.metadata = json.load(file)
        self.connection = duckdb.connect()
        for setting in (f"memory_limit = {quoted(memory)}",
                        f"temp_directory = {quoted(temporary)}",
                        "preserve_insertion_order = false",
                        f"VARIABLE run = {quoted(self.path)}"):
            self.connection.execute(f"SET {setting}")
        with open(os.path.join(path, "datapackage.json")) as file:
            self.schema = {each["name"]: each["schema"]["fields"]
                           for each in json.load(file)["resources"]}
        # Tables without a part: of a run without MTA-STS, for one.
        absent = [table for table in self.schema if not any(
            name.endswith(".csv.gz") for name in self.parts(table))]
        for name in BASE:
            for statement in statements(Query(name).sql):
                for table in absent:
                    if f"part_files('{table}')" in statement:
                        statement = self.empty_view(table)
                self.connection.execute(statement)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def parts(self, table):
        try:
            return os.listdir(os.path.join(self.path, table))
        except FileNotFoundError:
            return []

    def empty_view(self, table):
        kinds = {"integer": "BIGINT", "boolean": "BOOLEAN",
                 "datetime": "TIMESTAMP"}
        columns = ", ".join(
            f"NULL::{kinds.get(field['type'], 'VARCHAR')} AS {field['name']}"
            for field in self.schema[table])
        return f"CREATE VIEW {table} AS SELECT {columns} WHERE false"

    def rows(self, sql):
        """(names of the columns, rows)"""
        result = self.connection.execute(sql)
        names = [column[0] for column in result.description]
        return names, result.fetchall()
