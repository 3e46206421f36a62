#!/usr/bin/python3
"""report.py RUN OUT [BEFORE]: the tables of a run as OUT/tables/*.csv, and as
OUT/report.html, one page that asks for nothing from anywhere.

What a peer controls reaches the page through Jinja's autoescape, or as text of an
SVG that vl-convert has written."""

import sys

sys.dont_write_bytecode = True

import base64                               # noqa: E402
import csv                                  # noqa: E402
import hashlib                              # noqa: E402
import io                                   # noqa: E402
import os                                   # noqa: E402
import tempfile                             # noqa: E402

import jinja2                               # noqa: E402
from markupsafe import Markup               # noqa: E402

from charts import draw                     # noqa: E402
from comparison import (                    # noqa: E402
    MOVERS, movers, provider_counts, with_changes)
from figures import CARDS, FINDINGS, QUALITY  # noqa: E402
from run import Run                         # noqa: E402
from census import BASE, Query              # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SHOWN, SHORT = 40, 12
# What a chart is of, and columns, where their names in CSV do not say it.
HEADINGS = {
    "domains": "Domains", "first": "First: at the MX hosts that are tried first",
    "deliver": "Deliver: at best",
    "worst": "Worst: what an attacker can force who blocks the other hosts",
    "change": "change in points", "n": "number", "hhi": "HHI"}
GROUPS = (
    ("quality", "How good the measurement is", QUALITY,
     "Before any finding: what could not be said, and why."),
    ("findings", "Findings", FINDINGS,
     "Each figure counts domains, and MX hosts once each."),
)


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.2f}" if isinstance(value, float) else value


def signed(value):
    return f"{value:+.2f}" if value else "0.00"


def time_text(text):
    """A time of run.json, to the minute."""
    return text[:16].replace("T", " ") + " UTC"


def csv_text(names, rows):
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(names)
    out.writerows([row[name] for name in names] for row in rows)
    return text.getvalue()


def data_uri(text):
    return ("data:text/csv;charset=utf-8;base64," +
            base64.b64encode(text.encode()).decode())


def dictionaries(names, rows):
    return [dict(zip(names, row)) for row in rows]


def alternative(figure, heading, rows):
    """What the chart says, in a sentence."""
    of = [row for row in rows if row[figure.facet] == heading]
    value = "percent" if "percent" in rows[0] else "top_10_percent"
    said = "; ".join(
        " ".join(str(row[column]) for column in figure.labels
                 + (("outcome",) if "outcome" in row else ())
                 if row[column] is not None) + f" {row[value]} percent" + (
            f", undetermined {row['undetermined_percent']} percent"
            if row.get("undetermined_percent") else "")
        for row in of[:20])
    return f"Bar chart, {HEADINGS.get(heading, heading)}: {said}."


class Table:
    """A figure's rows, ready for the page and for CSV."""

    def __init__(self, figure, run, was):
        self.figure, self.query = figure, Query(figure.query)
        self.names, rows = run.rows(self.query.sql)
        self.rows = dictionaries(self.names, rows)
        self.drawn = list(self.rows)
        if was is not None:
            self.rows = with_changes(self.rows, was, self.names)
            self.names = self.names + ["before", "change"]
        self.csv = csv_text(self.names, self.rows)

    def for_page(self, moved):
        numbers = {name for name in self.names if any(
            isinstance(row[name], (int, float)) and
            not isinstance(row[name], bool) for row in self.rows)}
        return {
            "name": self.query.name, "head": self.query.head,
            "sql": self.query.sql, "csv": data_uri(self.csv),
            "names": self.names, "numbers": numbers,
            "rows": self.rows[:SHOWN], "more": max(
                0, len(self.rows) - SHOWN),
            "is_short": len(self.rows) <= SHORT,
            "claim_text": self.figure.claim_text, "movers": moved,
            "headings": {**HEADINGS, "before": "percent before"
                         if "percent" in self.names
                         else "top 10 percent before"},
            "charts": [{"heading": HEADINGS.get(heading, heading),
                        "svg": Markup(svg), "alt": alternative(
                            self.figure, heading, self.drawn)}
                       for heading, svg in draw(self.figure, self.drawn)]
            if self.drawn else []}


def card(text, rows, key):
    if key is not None:
        chosen = [row for row in rows if tuple(row.values())[:2] == key]
    else:
        chosen = [row for row in rows if row["answer"] == "yes"]
    n, of = sum(row["n"] for row in chosen), max(
        [row["of"] for row in rows if row["counted"] == "domains"] or [0])
    unknown = sum(row["n"] for row in rows
                  if row.get("answer") == "undetermined")
    change = sum(row["change"] for row in chosen) \
        if rows and "change" in rows[0] else None
    return {"text": text, "n": cell(n), "of": cell(of),
            "percent": f"{100 * n / of:.2f} %" if of else "none",
            "undetermined": cell(unknown + sum(
                row.get("undetermined", 0) for row in chosen) or None),
            "change": None if change is None else signed(change)}


def facts_of(run):
    metadata = run.metadata
    inputs = metadata.get("inputs", {})
    facts = [(f"input {each['name']}", f"{each['records']} records, "
              f"SHA-256 {each['sha256']}") for each in inputs.get("files", [])]
    facts += [(f"delegations {each['name']}", f"{each['delegated']} domains, "
               f"SHA-256 {each['sha256']}")
              for each in inputs.get("delegations", [])]
    facts += [(name.replace("_", " "), inputs[name]) for name in
              ("records", "domains", "duplicates", "rejected", "opted_out")
              if name in inputs]
    facts += [(f"program: {name}", value) for name, value
              in metadata.get("program", {}).items()]
    return facts + [(f"option {name}", value) for name, value
                    in metadata.get("options", {}).items() if value != ""]


def page(run, before_path, tables, moved):
    with open(os.path.join(HERE, "style.css")) as file:
        style = file.read()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["cell"] = cell
    environment.filters["signed"] = signed
    digest = hashlib.sha256(style.encode()).digest()
    return environment.get_template("page.html").render(
        style=Markup(style), style_hash=Markup(
            "sha256-" + base64.b64encode(digest).decode()),
        title=os.path.basename(run.path),
        before_title=before_path and os.path.basename(
            os.path.abspath(before_path)),
        started_at=time_text(run.metadata["started_at"]),
        ended_at=time_text(run.metadata["written_at"]),
        notes=run.metadata.get("notes"),
        cards=[card(text, tables[name].rows, key)
               for name, key, text in CARDS],
        groups=[{"id": name, "title": title, "text": text, "figures": [
            tables[figure.query].for_page(moved.get(figure.query, []))
            for figure in figures]} for name, title, figures, text in GROUPS],
        facts=facts_of(run), most_movers=MOVERS,
        base=[(name, Query(name).sql) for name in BASE])


def write(path, text):
    """Beside, then swapped: a report is whole or not there."""
    with open(path + ".new", "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.replace(path + ".new", path)


def tables_before(path, temporary, counts):
    """The rows of each figure, and the counts of providers written to a file. The
    run is closed again before the other one is opened: two take twice the memory."""
    with Run(path, temporary) as before:
        provider_counts(before, counts)
        return {figure.query: dictionaries(
                    *before.rows(Query(figure.query).sql))
                for figure in QUALITY + FINDINGS}


def report(run_path, out, before_path=None):
    os.makedirs(os.path.join(out, "tables"), exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as temporary:
        now, then = [os.path.join(temporary, name)
                     for name in ("now.csv", "before.csv")]
        was = tables_before(before_path, temporary, then) \
            if before_path else {}
        with Run(run_path, temporary) as run:
            tables = {figure.query: Table(figure, run, was.get(figure.query))
                      for figure in QUALITY + FINDINGS}
            moved = {}
            if before_path:
                provider_counts(run, now)
                moved = movers(run, now, then)
        for name, table in tables.items():
            write(os.path.join(out, "tables", f"{name}.csv"), table.csv)
        write(os.path.join(out, "report.html"),
              page(run, before_path, tables, moved))


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    report(*arguments)
    print(os.path.join(arguments[1], "report.html"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
