"""A series of runs: each headline share over time, per TLD and provider, and
the cause of its changes. Runs whose options differ from the run before are
marked."""

import datetime
import os

import duckdb

from census import quoted
from charts import Line, Lines
from digits import interval_text, percent_text, points_text, share_text
from run import Run

LARGEST, MOVERS = 20, 3
# Options that may differ between two runs that are otherwise alike.
APART = {"output", "notes", "force-resume", "dry-run", "quiet", "workers"}
MEASURES = ("takes mail", "signed", "secure MX", "DANE", "STARTTLS",
            "valid certificate", "MTA-STS")


class Point:
    """The data that are kept of a run; its connection is closed before the next
    one is opened."""

    def __init__(self, path, temporary, number):
        with Run(path, temporary) as run:
            self.path, self.name = run.path, os.path.basename(run.path)
            self.metadata = run.metadata
            self.at = datetime.datetime.fromisoformat(
                run.metadata["started_at"].replace("Z", "+00:00"))
            self.shares = self.grouped(run, "domain_measures", "''")
            self.tlds = self.grouped(run, "domain_measures", "tld")
            self.providers = os.path.join(temporary, f"{number}.parquet")
            run.connection.execute(f"""COPY (
                SELECT provider, measure,
                    count(*) FILTER (answer = 'yes') AS n, count(*) AS "of",
                    count(*) FILTER (answer = 'undetermined') AS undetermined
                FROM domain_measures JOIN domain_providers USING (domain)
                GROUP BY ALL) TO {quoted(self.providers)} (FORMAT parquet)""")

    @staticmethod
    def grouped(run, view, key):
        _, rows = run.rows(f"""SELECT {key}, measure,
            count(*) FILTER (answer = 'yes'), count(*),
            count(*) FILTER (answer = 'undetermined')
            FROM {view} GROUP BY ALL""")
        return {(name, measure): numbers for name, measure, *numbers in rows}

    @property
    def when(self):
        return self.at.strftime("%Y-%m-%d %H:%M")

    def conditions(self):
        """What two runs must have in common to be compared without a mark."""
        metadata = self.metadata
        found = {f"option {name}": str(value) for name, value in
                 metadata.get("options", {}).items() if name not in APART}
        found["program"] = " ".join(
            metadata.get("program", {}).get(name, "")
            for name in ("mxcensus", "commit")).strip()
        found["inputs"] = ", ".join(
            each["name"] for each in metadata.get("inputs", {}).get(
                "files", []))
        vantage = metadata.get("vantage", {})
        for family in ("ipv4", "ipv6"):
            found[family] = str(vantage.get(family, ""))
        return found


def differences(before, after):
    one, other = before.conditions(), after.conditions()
    return [f"{name}: {one.get(name) or 'none'} → {other.get(name) or 'none'}"
            for name in sorted({**one, **other})
            if one.get(name) != other.get(name)]


def percent(numbers):
    n, of, _ = numbers
    return 100 * n / of if of else 0.0


class Series:
    def __init__(self, paths, temporary):
        self.points = sorted((Point(path, temporary, number) for number, path
                              in enumerate(paths)), key=lambda each: each.at)
        self.marks = [[]] + [differences(*pair) for pair
                             in zip(self.points, self.points[1:])]
        self.measures = [each for each in MEASURES if any(
            ("", each) in point.shares for point in self.points)]

    def chart(self, measure):
        line = Line(measure, [])
        texts = []
        for number, point in enumerate(self.points):
            numbers = point.shares.get(("", measure))
            if numbers is None or not numbers[1]:
                continue
            x = int(point.at.timestamp())
            if self.marks[number]:
                line.marked += (len(line.points),)
            line.points.append((x, percent(numbers)))
            line.band.append((x, percent((numbers[0] + numbers[2],
                                          *numbers[1:]))))
            texts.append(f"{point.when} "
                         f"{percent_text(numbers[0], numbers[1])}")
        low, high = bounds([y for _, y in line.points + line.band])
        return Lines(measure, self.sentence(measure), [line],
                     [(int(point.at.timestamp()), point.at.strftime("%Y-%m-%d"))
                      for point in self.points], "start of the run", low,
                     high, is_time=True, texts=texts)

    def sentence(self, measure):
        there = [point.shares[("", measure)] for point in self.points
                 if ("", measure) in point.shares]
        if not there:
            return "Nothing was counted."
        first, last = there[0], there[-1]
        change = percent(last) - percent(first)
        text = points_text(change, min(first[1], last[1]))
        if last[1] == last[2]:
            return f"“{measure}” could not be determined in the last run."
        now = f"{percent_text(*last[:2])} of {last[1]:,} domains"
        unknown = f"{percent_text(last[2], last[1])} are undetermined"
        if not float(text.replace("−", "-")):
            return f"“{measure}”: {now}, as in the first run; {unknown}."
        return (f"“{measure}”: {now}, {text} points since the first run "
                f"({percent_text(*first[:2])}); {unknown}.")

    def rows(self):
        return [{"run": point.name, "started_at": point.when,
                 "measure": measure, "n": numbers[0], "of": numbers[1],
                 "percent": round(percent(numbers), 2),
                 "undetermined": numbers[2],
                 "marked": "; ".join(self.marks[number])}
                for number, point in enumerate(self.points)
                for measure in self.measures
                for numbers in [point.shares.get(("", measure))] if numbers]

    def table(self):
        """For the page: (run, when, what differs, a cell for each measure)."""
        return [(point.name, point.when, sample_of(point.metadata),
                 self.marks[number], [
                     (share_text(*numbers),
                      percent_text(numbers[2], numbers[1]),
                      interval_text(*numbers[:2])
                      if sample_of(point.metadata) > 1 else "")
                     if numbers else ("", "", "")
                     for measure in self.measures
                     for numbers in [point.shares.get(("", measure))]])
                for number, point in enumerate(self.points)]

    # Per TLD and provider ************************************************

    def of_tlds(self):
        size = {}
        for (name, _), numbers in self.points[-1].tlds.items():
            size[name] = max(size.get(name, 0), numbers[1])
        names = sorted(size, key=lambda name: (-size[name], name))
        return self.over_time(names[:LARGEST], [
            point.tlds for point in self.points], "tld")

    def of_providers(self):
        connection = duckdb.connect()
        names = [name for name, in connection.execute(f"""
            SELECT provider FROM {quoted(self.points[-1].providers)}
            WHERE measure = 'takes mail' ORDER BY n DESC, provider
            LIMIT {LARGEST}""").fetchall()]
        counts = []
        for point in self.points:
            rows = connection.execute(f"""
                SELECT provider, measure, n, "of", undetermined
                FROM {quoted(point.providers)}
                WHERE list_contains(?, provider)""", [names]).fetchall()
            counts.append({(name, measure): numbers
                           for name, measure, *numbers in rows})
        return self.over_time(names, counts, "provider")

    def over_time(self, names, counts, kind):
        return [{kind: name, "measure": measure, "run": point.name,
                 "started_at": point.when, "n": numbers[0],
                 "of": numbers[1], "percent": round(percent(numbers), 2),
                 "undetermined": numbers[2]}
                for name in names for measure in self.measures
                for point, found in zip(self.points, counts)
                for numbers in [found.get((name, measure))] if numbers]

    def matrix(self, rows, kind):
        """For each name and measure, the share in the last run and its change
        since the first: (name, [(text, change) or None])."""
        found = {}
        for row in rows:
            found.setdefault(row[kind], {}).setdefault(
                row["measure"], []).append(row)
        return [(name, [self.change(of_name.get(measure))
                        for measure in self.measures])
                for name, of_name in found.items()]

    @staticmethod
    def change(rows):
        if not rows or not rows[-1]["of"]:
            return None
        first, last = rows[0], rows[-1]
        of = min(first["of"], last["of"])
        moved = percent((last["n"], last["of"], 0)) - percent(
            (first["n"], first["of"], 0))
        return (share_text(last["n"], last["of"], last["undetermined"]),
                points_text(moved, of) if of else "", last["percent"])

    # What moved it *******************************************************

    def moved(self):
        """For each measure, from run to run: the change, and the providers that
        caused most of it, by domains."""
        connection, rows = duckdb.connect(), []
        for number, (one, other) in enumerate(zip(self.points,
                                                  self.points[1:]), 1):
            for measure in self.measures:
                key = ("", measure)
                if key not in one.shares or key not in other.shares:
                    continue
                was, now = one.shares[key], other.shares[key]
                rows.append({
                    "from_run": one.name, "to_run": other.name,
                    "measure": measure, "before": was[0], "now": now[0],
                    "change": round(percent(now) - percent(was), 2),
                    "change_text": points_text(percent(now) - percent(was),
                                               min(was[1], now[1])),
                    "moved_by": self.movers(connection, one, other, measure),
                    "marked": "; ".join(self.marks[number])})
        return rows

    @staticmethod
    def movers(connection, one, other, measure):
        rows = connection.execute(f"""
            SELECT coalesce(o.provider, n.provider) AS name,
                (coalesce(n.n, 0) - coalesce(o.n, 0))::BIGINT AS moved
            FROM (SELECT * FROM {quoted(one.providers)} WHERE measure = ?) o
            FULL JOIN (SELECT * FROM {quoted(other.providers)}
                WHERE measure = ?) n ON o.provider = n.provider
            WHERE moved <> 0 ORDER BY abs(moved) DESC, name
            LIMIT {MOVERS}""", [measure, measure]).fetchall()
        return ", ".join(f"{name} {moved:+,}" for name, moved in rows)


def sample_of(metadata):
    """N of --sample 1/N."""
    text = str(metadata.get("options", {}).get("sample", "1"))
    return int(text) if text.isdigit() and int(text) > 0 else 1


def bounds(values):
    """The range of an axis that shows small changes; it does not always begin
    at 0."""
    low, high = min(values, default=0), max(values, default=100)
    room = max((high - low) * .15, .5)
    return max(0.0, low - room), min(100.0, high + room)
