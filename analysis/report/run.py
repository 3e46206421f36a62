"""The run from which a report is made: its connection (census.py) and its
run.json."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))

import census                               # noqa: E402


class Run:
    def __init__(self, path, temporary):
        self.path = os.path.abspath(path)
        self.metadata = census.metadata(path)
        self.connection = census.open_run(path, temporary=temporary)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def rows(self, sql):
        """(names of the columns, rows)"""
        result = self.connection.execute(sql)
        names = [column[0] for column in result.description]
        return names, result.fetchall()
