#!/usr/bin/python3
"""report.py RUN OUT [BEFORE]
report.py --series OUT RUN RUN...

The tables of a run as OUT/tables/*.csv, its figures as OUT/figures/*.svg and
*.png, and OUT/report.html, one page that loads nothing from elsewhere. For a
series it is the report of the last run, with every headline share over time.

The page names AUTHOR, LICENCE and URL from the environment, and says how to
cite it.

Text that a peer controls reaches the page only through Jinja's autoescape, or
inside a picture that vl-convert has written."""

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

from charts import HEADINGS, LINES, charts_of  # noqa: E402
from comparison import (                    # noqa: E402
    MOVERS, movers, provider_counts, with_changes)
from digits import interval_text, percent_text, points_text  # noqa: E402
from figures import CARDS, FINDINGS, MATRIX, QUALITY, own_figure  # noqa: E402
from pictures import picture                # noqa: E402
from run import Run                         # noqa: E402
from census import BASE, Query, query_names  # noqa: E402
from series import Series, sample_of        # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SHOWN, SHORT = 40, 12
TABLE_HEADINGS = {**HEADINGS, "change": "change in points"}
GROUPS = (
    ("quality", "How good the measurement is", QUALITY,
     "What could not be determined, and why. Read it before the findings."),
    ("findings", "Findings", FINDINGS,
     "Each figure counts domains, and MX hosts once each."),
)


def cell(value, name="", row=None):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "percent" and row and "n" in row and "of" in row:
        return percent_text(row["n"], row["of"])
    if name.endswith("_percent") and row and "of" in row:
        return percent_text(row.get(name.removesuffix("_percent")) or 0,
                            row["of"])
    if name == "change" and row and "of" in row:
        return points_text(value, row["of"] or 1)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.2f}" if isinstance(value, float) else value


def time_text(text):
    """A time of run.json, to the minute."""
    return text[:16].replace("T", " ") + " UTC"


def csv_text(names, rows):
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(names)
    out.writerows([row[name] for name in names] for row in rows)
    return text.getvalue()


def data_uri(text, kind="text/csv;charset=utf-8"):
    text = text if isinstance(text, bytes) else text.encode()
    return f"data:{kind};base64,{base64.b64encode(text).decode()}"


def dictionaries(names, rows):
    return [dict(zip(names, row)) for row in rows]


class Table:
    """The rows of a figure, with its charts and pictures, for the page and for
    files."""

    def __init__(self, figure, run, was, own=False):
        self.query = Query(figure if own else figure.query)
        self.names, rows = run.rows(self.query.sql)
        self.rows = dictionaries(self.names, rows)
        self.figure = own_figure(figure, self.names, self.rows) \
            if own else figure
        sampled = sample_of(run.metadata) > 1
        self.charts = charts_of(self.figure, self.rows, sampled)
        self.svg, self.png = picture(
            self.query.head["title"], self.charts,
            f"{os.path.basename(run.path)}, mxcensus, "
            f"{time_text(run.metadata['started_at'])}") \
            if self.charts else (None, None)
        if was is not None and {"percent", "top_10_percent"} & set(self.names):
            self.rows = with_changes(self.rows, was, self.names)
            self.names = self.names + ["before", "change"]
        self.csv = csv_text(self.names, self.rows)

    def for_page(self, moved):
        numbers = {name for name in self.names if any(
            isinstance(row[name], (int, float)) and
            not isinstance(row[name], bool) for row in self.rows)}
        name = self.query.name
        files = [(f"{name}.csv", "CSV", data_uri(self.csv))]
        if self.svg:
            files += [(f"{name}.svg", "SVG", data_uri(self.svg,
                                                      "image/svg+xml")),
                      (f"{name}.png", "PNG", data_uri(self.png, "image/png"))]
        return {
            "name": name, "head": self.query.head, "files": files,
            "sql": self.query.sql, "names": self.names, "numbers": numbers,
            "rows": self.rows[:SHOWN], "more": max(
                0, len(self.rows) - SHOWN),
            # A matrix already is the table.
            "is_short": len(self.rows) <= SHORT and
            self.figure.chart != MATRIX,
            "claim_text": self.figure.claim_text, "movers": moved,
            "headings": {**TABLE_HEADINGS, "before": "percent before"
                         if "percent" in self.names
                         else "top 10 percent before"},
            "charts": self.charts}

    def write(self, out):
        name = self.query.name
        write(os.path.join(out, "tables", f"{name}.csv"), self.csv)
        if self.svg:
            write(os.path.join(out, "figures", f"{name}.svg"), self.svg)
            write(os.path.join(out, "figures", f"{name}.png"), self.png)


def card(text, rows, key, sampled):
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
            "percent": percent_text(n, of) if of else "none",
            "interval": interval_text(n, of) if sampled and of else "",
            "undetermined": cell(unknown + sum(
                row.get("undetermined", 0) for row in chosen) or None),
            "change": None if change is None else points_text(change, of or 1)}


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


def citation(run):
    """How to cite the report: a sentence, and BibTeX."""
    author = os.environ.get("AUTHOR") or "(name of the publisher)"
    url = os.environ.get("URL", "")
    name, metadata = os.path.basename(run.path), run.metadata
    day, program = metadata["started_at"][:10], metadata.get("program", {})
    version = " ".join(each for each in (
        program.get("mxcensus"), program.get("commit")) if each)
    title = f"Mail transport security: {name}"
    return {
        "author": author, "licence": os.environ.get("LICENCE", ""),
        "sentence": f"{author}: {title}. Measured from {day} with mxcensus "
                    f"{version}." + (f" {url}" if url else ""),
        "bibtex": "\n".join(
            [f"@misc{{mxcensus-{day},", f"  author = {{{author}}},",
             f"  title = {{{title}}},", f"  year = {{{day[:4]}}},",
             f"  note = {{Measured from {day} with mxcensus {version}}},"]
            + ([f"  url = {{{url}}},"] if url else []) + ["}"])}


def sample_text(run):
    one_of = sample_of(run.metadata)
    inputs = run.metadata.get("inputs", {})
    drawn = inputs.get("records", 0)
    return "" if one_of == 1 else (
        f"A sample: one in {one_of:,} of the names (--sample 1/{one_of}), "
        f"{drawn:,} of {drawn + inputs.get('not_sampled', 0):,} records. "
        "Intervals are for all names, at 95 % (Wilson). MX hosts have none: a "
        "host that many domains name is drawn more often.")


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def hash_of(text):
    return "sha256-" + base64.b64encode(
        hashlib.sha256(text.encode()).digest()).decode()


def page(run, before_path, groups, tables, moved, series):
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["cell"] = cell
    # A number and its sign stay on one line.
    environment.filters["unbroken"] = lambda text: text.replace(
        " %", "\N{NO-BREAK SPACE}%")
    style, script = read("style.css"), read("sort.js")
    return environment.get_template("page.html").render(
        style=Markup(style), style_hash=Markup(hash_of(style)),
        script=Markup(script), script_hash=Markup(hash_of(script)),
        title=os.path.basename(run.path),
        before_title=before_path and os.path.basename(
            os.path.abspath(before_path)),
        started_at=time_text(run.metadata["started_at"]),
        ended_at=time_text(run.metadata["written_at"]),
        notes=run.metadata.get("notes"), sample=sample_text(run),
        cite=citation(run), series=series and series_for_page(series),
        cards=[card(text, tables[name].rows, key,
                    sample_of(run.metadata) > 1)
               for name, key, text in CARDS],
        groups=[{"id": name, "title": title, "text": text, "figures": [
            tables[query].for_page(moved.get(query, []))
            for query in queries]} for name, title, queries, text in groups],
        facts=facts_of(run), most_movers=MOVERS, line_colours=len(LINES),
        base=[(name, Query(name).sql) for name in BASE])


# Series ******************************************************************

SERIES_TABLES = ("series", "series_tld", "series_provider", "series_moved")


def series_rows(series):
    return dict(zip(SERIES_TABLES, (
        series.rows(), series.of_tlds(), series.of_providers(),
        series.moved())))


def series_for_page(series):
    rows, charts = series.found, series.charts
    svg, png = series.picture
    files = [(f"{name}.csv", f"CSV: {name.replace('_', ' ')}",
              data_uri(series_csv(rows[name]))) for name in SERIES_TABLES]
    files += [("series.svg", "SVG", data_uri(svg, "image/svg+xml")),
              ("series.png", "PNG", data_uri(png, "image/png"))]
    return {"charts": charts, "measures": series.measures, "files": files,
            "table": series.table(), "moved": rows["series_moved"],
            "first": series.points[0].name, "last": series.points[-1].name,
            "by": [("TLD", series.matrix(rows["series_tld"], "tld")),
                   ("provider", series.matrix(rows["series_provider"],
                                              "provider"))]}


def series_csv(rows):
    names = [name for name in (rows[0] if rows else ())
             if name != "change_text"]
    return csv_text(names, rows)


def prepare(series):
    """The part that page and files share, made once."""
    series.found = series_rows(series)
    series.charts = [series.chart(measure) for measure in series.measures]
    series.picture = picture("Shares over time", series.charts,
                             f"{len(series.points)} runs, mxcensus")


def write_series(series, out):
    for name in SERIES_TABLES:
        write(os.path.join(out, "tables", f"{name}.csv"),
              series_csv(series.found[name]))
    for text, end in zip(series.picture, ("svg", "png")):
        write(os.path.join(out, "figures", f"series.{end}"), text)


def write(path, text):
    """Writes the report beside its place and then moves it there, so that it is
    either complete or not there."""
    text = text if isinstance(text, bytes) else text.encode()
    with open(path + ".new", "wb") as file:
        file.write(text)
    os.replace(path + ".new", path)


def tables_before(path, temporary, counts):
    """The rows of each figure, and the counts of providers written to a file.
    The run is closed before the other one is opened, since two would take twice
    the memory."""
    with Run(path, temporary) as before:
        provider_counts(before, counts)
        return {figure.query: dictionaries(
                    *before.rows(Query(figure.query).sql))
                for figure in QUALITY + FINDINGS}


def own_queries():
    known = {figure.query for figure in QUALITY + FINDINGS} | set(BASE)
    return [name for name in query_names() if name not in known]


def groups_of(own):
    groups = [(name, title, [figure.query for figure in figures], text)
              for name, title, figures, text in GROUPS]
    if own:
        groups.append(("own", "Own queries", own, "From files that were "
                       "added to analysis/queries."))
    return groups


def tables_of(run, was):
    tables = {figure.query: Table(figure, run, was.get(figure.query))
              for figure in QUALITY + FINDINGS}
    for name in own_queries():
        tables[name] = Table(name, run, None, own=True)
    return tables


def report(run_path, out, before_path=None, series=None):
    for folder in ("tables", "figures"):
        os.makedirs(os.path.join(out, folder), exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as temporary:
        if series:
            series = Series(series, temporary)
            prepare(series)
            run_path = series.points[-1].path
        now, then = [os.path.join(temporary, name)
                     for name in ("now.csv", "before.csv")]
        was = tables_before(before_path, temporary, then) \
            if before_path else {}
        with Run(run_path, temporary) as run:
            tables = tables_of(run, was)
            moved = {}
            if before_path:
                provider_counts(run, now)
                moved = movers(run, now, then)
        for table in tables.values():
            table.write(out)
        if series:
            write_series(series, out)
        write(os.path.join(out, "report.html"),
              page(run, before_path, groups_of(own_queries()), tables, moved,
                   series))


def main(arguments):
    match arguments:
        case ["--series", out, first, second, *others]:
            report(None, out, series=[first, second, *others])
        case [run, out, *before] if len(before) < 2 and run != "--series":
            report(run, out, *before)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    out = arguments[1]
    print(os.path.join(out, "report.html"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
