"""Charts of a table's rows, independent of how they are drawn: the page
(page.html) and the pictures (pictures.py) are made from the same chart."""

import math
import re
from dataclasses import dataclass, field

from digits import interval_text, percent_text, share_text, wilson
from figures import (
    CURVE, FUNNEL, MATRIX, OUTCOMES, PARTS, SHARES, TABLE)

MOST_BARS = 20
BLUE, ORANGE, GREY = "#3f7fd0", "#d07c2c", "#8b9199"
# Names of parts are classes of style.css; the colours are for pictures.
COLOURS = {
    "part": BLUE, "yes": BLUE, "no": ORANGE, "undetermined": GREY,
    "authenticated": "#1f8a70", "authenticated_insecure_mx": "#7fb069",
    "encrypted": "#3f7fd0", "mixed": "#9a7fd0", "cleartext": "#d07c2c",
    "refused": "#c4475f", "unreachable": "#7a4b3a", "not_probed": "#b4b9bf",
    "no_mail": "#5d6570"}
ANSWERS = ("yes", "no", "undetermined")
OUTCOME_PARTS = (
    "authenticated", "authenticated_insecure_mx", "encrypted", "mixed",
    "cleartext", "refused", "unreachable", "undetermined", "not_probed",
    "no_mail")
LINES = ("#3f7fd0", "#d07c2c", "#1f8a70", "#c4475f", "#9a7fd0", "#7a4b3a",
         "#5d6570")
# The label of a chart, if its name in CSV does not say it.
HEADINGS = {
    "domains": "Domains", "first": "First: at the MX hosts that are tried first",
    "deliver": "Deliver: at best",
    "worst": "Worst case: an attacker blocks the other MX hosts",
    "hhi": "HHI", "n": "number", "of_what": "of what",
    "version": "TLS version", "group": "key exchange group",
    "key": "key of the certificate"}


@dataclass
class Bar:
    label: str
    segments: list  # (part, percent)
    text: str
    interval: tuple = ()  # low and high, of a sample

    def placed(self):
        """(part, where it begins, percent)"""
        at = 0.0
        for part, percent in self.segments:
            yield part, round(at, 3), round(percent, 3)
            at += percent


@dataclass
class Bars:
    heading: str
    sentence: str
    bars: list
    parts: list = field(default_factory=list)  # of the legend
    kind: str = "bars"

    def alternative(self):
        said = "; ".join(f"{bar.label}: {bar.text}" for bar in self.bars)
        return f"Bar chart, {self.heading}: {said}."


@dataclass
class Line:
    name: str
    points: list  # (x, y in percent)
    colour: int = 0
    band: list = field(default_factory=list)  # upper edge, as points
    marked: tuple = ()  # numbers of points that are marked


@dataclass
class Lines:
    heading: str
    sentence: str
    lines: list
    x_ticks: list  # (x, label)
    x_title: str
    low: float = 0.0
    high: float = 100.0
    kind: str = "lines"
    is_time: bool = False
    texts: list = field(default_factory=list)  # for the alternative

    def x_of(self, x):
        first, last = self.x_ticks[0][0], self.x_ticks[-1][0]
        return round(1000 * (x - first) / (last - first), 1) \
            if last > first else 500.0

    def y_of(self, y):
        y = min(max(y, self.low), self.high)
        return round(400 * (self.high - y) / (self.high - self.low), 1)

    def path(self, points):
        return " ".join(f"{self.x_of(x)},{self.y_of(y)}" for x, y in points)

    def y_ticks(self):
        step = (self.high - self.low) / 4
        digits = 0 if step >= 1 else 1 if step >= .1 else 2
        return [f"{self.high - step * i:.{digits}f} %" for i in range(5)]

    def alternative(self):
        return f"Line chart, {self.heading}: " + "; ".join(self.texts) + "."


@dataclass
class Matrix:
    heading: str
    sentence: str
    row_name: str
    columns: list
    rows: list  # (label, [cell or None])
    kind: str = "matrix"


@dataclass
class Cell:
    percent: float
    text: str
    n: int
    of: int
    undetermined: int
    interval: str = ""

    def is_known(self):
        return self.of > self.undetermined


# Words *******************************************************************

def word_of(column, value):
    if isinstance(value, bool):
        return "" if value else f"not {column}"
    return "" if value is None else str(value)


def label_of(columns, row):
    """A claim is shown only if it does not hold: `3 1 1`, `3 1 1, not
    usable`."""
    words = [word_of(column, row[column]) for column in columns]
    text = ", ".join(word for word in words if word)
    return re.sub(r"(?<=\d), (?=\d)", " ", text) or "(none)"


def sentence_of(figure, rows, counted):
    """The finding of one chart."""
    first = rows[0]
    share = percent_text(first["n"], first["of"]) if "of" in first else ""
    if figure.chart == SHARES and all(
            row["of"] == row["undetermined"] for row in rows):
        return "Nothing of it could be determined."
    if figure.chart == SHARES:
        others = "".join(
            f"; “{row['label']}”: "
            f"{share_text(row['n'], row['of'], row['undetermined'])}"
            for row in rows[1:4])
        more = f" and {len(rows) - 4} more" if len(rows) > 4 else ""
        unknown = percent_text(first["undetermined"], first["of"])
        return (f"“{first['label']}”: {share} of {first['of']:,} {counted} "
                f"{figure.says} ({first['n']:,}), and {unknown} are "
                f"undetermined{others}{more}.")
    if figure.chart == FUNNEL:
        worst = max(rows[1:], key=lambda row: row["lost"], default=first)
        last = rows[-1]
        return (f"Of {first['n']:,} {counted}, {last['n']:,} "
                f"({percent_text(last['n'], first['n'])}) pass every stage; "
                f"most are lost at “{worst['label']}”: {worst['lost']:,}.")
    if figure.chart == OUTCOMES:
        best = [row for row in rows if row["outcome"] == "authenticated"]
        if not best:
            return "No sender authenticates the server of any domain."
        best.sort(key=lambda row: -row["n"])
        return (f"“{best[0]['label']}” authenticates the servers of most "
                f"domains: {best[0]['n']:,} of {best[0]['of']:,} "
                f"({percent_text(best[0]['n'], best[0]['of'])}).")
    ordered = sorted(rows, key=lambda row: -row["n"])
    text = (f"“{ordered[0]['label']}” has the largest share: "
            f"{ordered[0]['n']:,} of {ordered[0]['of']:,} {counted} "
            f"({percent_text(ordered[0]['n'], ordered[0]['of'])})")
    if len(ordered) > 1:
        text += (f"; next is “{ordered[1]['label']}” with "
                 f"{percent_text(ordered[1]['n'], ordered[1]['of'])}")
    if ordered[0]["label"][0].isdigit():
        # Digits alone do not say what they mean.
        names = " ".join(each for each in figure.labels if each != figure.split
                         ).replace("_", " ")
        text = f"{names[0].upper()}{names[1:]}: {text}"
    return text + "."


# Bars ********************************************************************

def interval_of(row, sampled):
    return wilson(row["n"], row["of"]) \
        if sampled and row.get("counted", "domains") == "domains" else ()


def text_of(row, sampled):
    text = share_text(row["n"], row["of"], row.get("undetermined", 0)
                      if "lost" not in row else 0)
    if interval_of(row, sampled):
        text += f" ({interval_text(row['n'], row['of'])})"
    return text


def share_bar(row, sampled):
    """Yes, no and undetermined as parts of one bar."""
    of = row["of"] or 1
    answers = {"yes": row["n"], "undetermined": row["undetermined"]}
    answers["no"] = row.get("lost", row["of"] - sum(answers.values()))
    return Bar(row["label"], [(part, 100 * answers[part] / of)
                              for part in ANSWERS],
               text_of(row, sampled), interval_of(row, sampled))


def part_bar(figure, row, sampled):
    part = "undetermined" if figure.is_unknown or \
        "undetermined" in row.values() else row.get("answer", "part")
    return Bar(row["label"], [(part, row["percent"] or 0)],
               text_of(row, sampled), interval_of(row, sampled))


def outcome_bars(rows):
    bars = []
    for label in dict.fromkeys(row["label"] for row in rows):
        of_sender = {row["outcome"]: row for row in rows
                     if row["label"] == label}
        some = next(iter(of_sender.values()))
        n = of_sender.get("authenticated", {"n": 0})["n"]
        bars.append(Bar(label, [
            (part, of_sender[part]["percent"] or 0)
            for part in OUTCOME_PARTS if part in of_sender],
            percent_text(n, some["of"]) + " authenticated"))
    return bars


def bars_of(figure, rows, heading, counted, sampled):
    sentence = sentence_of(figure, rows, counted)
    if figure.chart == OUTCOMES:
        present = {row["outcome"] for row in rows}
        return Bars(heading, sentence, outcome_bars(rows),
                    [part for part in OUTCOME_PARTS if part in present])
    shown = rows[:MOST_BARS]
    if figure.chart in (SHARES, FUNNEL):
        return Bars(heading, sentence,
                    [share_bar(row, sampled) for row in shown], list(ANSWERS))
    bars = [part_bar(figure, row, sampled) for row in shown]
    present = {part for bar in bars for part, _ in bar.segments}
    return Bars(heading, sentence, bars, [
        part for part in ANSWERS
        if part in present and not figure.is_unknown])


# Curve and matrix ********************************************************

def power_text(power):
    return f"{10 ** power:,}"


def curve_of(rows):
    """The cumulative share of the largest ones, in the order of their size, to
    the last."""
    lines, said = [], []
    for colour, kind in enumerate(dict.fromkeys(row["kind"] for row in rows)):
        of_kind = sorted((row for row in rows if row["kind"] == kind),
                         key=lambda row: row["place"])
        lines.append(Line(kind, [(math.log10(row["place"]), row["percent"])
                                 for row in of_kind], colour))
        places = {row["place"]: row for row in of_kind}
        ten = places.get(10, of_kind[-1])
        said.append(f"{kind}: the largest has "
                    f"{percent_text(of_kind[0]['n'], of_kind[0]['of'])}, the "
                    f"first {min(10, ten['place'])} have "
                    f"{percent_text(ten['n'], ten['of'])}")
    last = max(1, math.ceil(max(x for line in lines for x, _ in line.points)))
    ticks = [(power, power_text(power)) for power in range(last + 1)]
    finding = next((text for text in said if text.startswith("registrable")),
                   said[0])
    return Lines("Domains", finding[0].upper() + finding[1:] + ".", lines,
                 ticks, "the largest, in the order of their size", texts=said)


def matrix_of(figure, rows, sampled):
    by, columns = figure.labels[0], list(dict.fromkeys(
        row["measure"] for row in rows))
    table = {}
    for row in rows:
        table.setdefault(row[by], {})[row["measure"]] = Cell(
            row["percent"] or 0.0,
            share_text(row["n"], row["of"], row["undetermined"]),
            row["n"], row["of"], row["undetermined"],
            interval_text(row["n"], row["of"]) if sampled and
            row["of"] > row["undetermined"] else "")
    spread = [(max(cells) - min(cells), column, cells) for column in columns
              for cells in [[line[column].percent for line in table.values()
                             if column in line and line[column].is_known()]]
              if cells]
    sentence = f"One row: {next(iter(table))}."
    if len(table) > 1 and spread:
        _, column, _ = max(spread, key=lambda each: each[0])
        ordered = sorted((line[column].percent, name, line[column])
                         for name, line in table.items()
                         if column in line and line[column].is_known())
        sentence = (f"“{column}” differs most: from {ordered[0][2].text} "
                    f"({ordered[0][1]}) to {ordered[-1][2].text} "
                    f"({ordered[-1][1]}).")
    return Matrix("Domains", sentence, by, columns, [
        (name, [line.get(column) for column in columns])
        for name, line in table.items()])


# *************************************************************************

def heading_of(figure, value, split):
    words = [HEADINGS.get(each, str(each)) for each in (value, split)
             if each is not None]
    return ": ".join(words) or "All"


def charts_of(figure, rows, sampled=False):
    """The charts of a figure: one for each level and distribution."""
    if not rows or figure.chart == TABLE:
        return []
    if figure.chart == CURVE:
        return [curve_of(rows)]
    if figure.chart == MATRIX:
        return [matrix_of(figure, rows, sampled)]
    columns = [each for each in figure.labels if each != figure.split]
    charts = []
    for value, split in dict.fromkeys(
            (row.get(figure.facet), row.get(figure.split)) for row in rows):
        chosen = [dict(row, label=label_of(columns, row)) for row in rows
                  if row.get(figure.facet) == value
                  and row.get(figure.split) == split]
        counted = chosen[0].get("counted", "rows")
        charts.append(bars_of(figure, chosen, heading_of(
            figure, value, split), counted, sampled))
    return charts
