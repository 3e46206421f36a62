"""Charts of the tables: Altair, drawn to SVG by vl-convert, with no network and no
style of their own, so that the page's colours and its policy hold for them too."""

import re

import altair
import vl_convert

from figures import FUNNEL, OUTCOMES, PARTS, PROVIDERS, SHARES, TOPS

BAR = 18
WIDTH = 480
# Of the widest sans-serif: no label of ours is cut, but a stranger's long name is.
LETTER, MOST_ROOM = 7, 320
MOST_BARS = 16
# Replaced by what the page says is ink, rule and paper, light or dark.
INK, RULE = "#010101", "#020202"
COLOURS = {INK: "var(--ink)", RULE: "var(--rule)"}
BLUE, ORANGE, GREY = "#3f7fd0", "#d07c2c", "#8b9199"
ANSWERS = {"yes": BLUE, "no": ORANGE, "undetermined": GREY}
OUTCOME_COLOURS = {
    "authenticated": "#1f8a70", "authenticated_insecure_mx": "#7fb069",
    "encrypted": "#3f7fd0", "mixed": "#9a7fd0", "cleartext": "#d07c2c",
    "refused": "#c4475f", "unreachable": "#7a4b3a", "undetermined": GREY,
    "not_probed": "#b4b9bf", "no_mail": "#5d6570"}


def word_of(column, value):
    if isinstance(value, bool):
        return "" if value else f"not {column}"
    return "" if value is None else str(value)


def label_of(figure, row):
    """A claim is named where it does not hold: `3 1 1`, `3 1 1 not usable`."""
    words = [word_of(column, row[column]) for column in figure.labels]
    return " ".join(word for word in words if word) or "(none)"


def base(rows):
    return altair.Chart(altair.Data(values=rows)).properties(
        width=WIDTH, height=altair.Step(BAR))


def label_axis(order):
    return altair.Y("label:N", sort=order, title=None, axis=altair.Axis(
        ticks=False, labelPadding=6, domain=False))


def in_order(rows):
    return list(dict.fromkeys(row["label"] for row in rows))


def stacked(rows, colours, order, title):
    return base(rows).mark_bar().encode(
        y=label_axis(order),
        x=altair.X("percent:Q", title=title,
                   scale=altair.Scale(domain=[0, 100], nice=False)),
        color=altair.Color("part:N", title=None, scale=altair.Scale(
            domain=list(colours), range=list(colours.values()))),
        order=altair.Order("place:Q"))


def bars(rows, order, field="percent", title="percent", text="shown"):
    plain = base(rows).encode(
        y=label_axis(order), x=altair.X(
            f"{field}:Q", title=title, axis=altair.Axis(tickCount=5)))
    colour = altair.Color("colour:N", scale=None)
    return plain.mark_bar().encode(color=colour) + plain.mark_text(
        align="left", dx=4, color=INK).encode(text=f"{text}:N")


def shares(figure, rows):
    """Yes, no and undetermined as parts of one bar."""
    parts = []
    for row in rows:
        of = row["of"] or 1
        answers = {"yes": row["n"], "undetermined": row["undetermined"]}
        answers["no"] = row["of"] - sum(answers.values())
        parts += [{"label": row["label"], "part": part, "place": place,
                   "percent": 100 * answers[part] / of}
                  for place, part in enumerate(ANSWERS)]
    return stacked(parts, ANSWERS, in_order(rows), "percent")


def funnel(figure, rows):
    parts = [{"label": row["label"], "part": part, "place": place,
              "percent": 100 * row[column] / (row["of"] or 1)}
             for row in rows for place, (part, column) in enumerate(
                 (("yes", "n"), ("no", "lost"),
                  ("undetermined", "undetermined")))]
    return stacked(parts, ANSWERS, in_order(rows),
                   "percent; no and undetermined: lost at this stage")


def outcomes(figure, rows):
    parts = [{"label": row["label"], "part": row["outcome"],
              "percent": row["percent"],
              "place": list(OUTCOME_COLOURS).index(row["outcome"])}
             for row in rows]
    present = {part["part"] for part in parts}
    colours = {name: colour for name, colour in OUTCOME_COLOURS.items()
               if name in present}
    return stacked(parts, colours, in_order(rows), "percent")


def colour_of(figure, row):
    if figure.is_unknown or "undetermined" in row.values():
        return GREY
    return ANSWERS[row.get("answer", "yes")]


def parts(figure, rows):
    return bars([{"label": row["label"], "percent": row["percent"] or 0,
                  "shown": f"{row['percent'] or 0:.2f} %",
                  "colour": colour_of(figure, row)} for row in rows],
                in_order(rows), title="percent" if "answer" not in rows[0]
                else "percent; blue: yes, orange: no, grey: undetermined")


def tops(figure, rows):
    long = [{"label": f"{row['label']}, top {top}",
             "percent": row[f"top_{top}_percent"] or 0,
             "shown": f"{row[f'top_{top}_percent'] or 0:.2f} %",
             "colour": BLUE}
            for row in rows for top in (1, 10, 100)]
    return bars(long, in_order(long))


DRAW = {SHARES: shares, FUNNEL: funnel, OUTCOMES: outcomes, PARTS: parts,
        PROVIDERS: parts, TOPS: tops}


def room_for(figure, rows):
    """The charts of one figure begin at one line."""
    longest = max(len(label_of(figure, row)) for row in rows)
    if figure.chart == TOPS:
        longest += len(", top 100")
    return min(LETTER * longest, MOST_ROOM)


def configured(chart, room):
    return (chart.configure(background="transparent", font="sans-serif")
            .configure_view(stroke="transparent")
            .configure_axis(labelColor=INK, titleColor=INK, gridColor=RULE,
                            domainColor=RULE, tickColor=RULE,
                            labelFontSize=12, titleFontWeight="normal")
            .configure_axisY(minExtent=room, maxExtent=room, labelLimit=room)
            .configure_legend(labelColor=INK, orient="top", columns=3,
                              columnPadding=40,
                              labelFontSize=12, labelLimit=240))


def clean(svg, prefix):
    """The page's variables for its colours; ids that no two charts share; no
    style attribute and no font of another machine."""
    for colour, variable in COLOURS.items():
        svg = svg.replace(f'"{colour}"', f'"{variable}"')
    svg = re.sub(r' style="[^"]*"', "", svg)
    svg = re.sub(r'(id="|url\(#|href="#)', rf"\1{prefix}-", svg)
    # One picture with one text for those who do not see it.
    svg = re.sub(r' (role|aria-[a-z]+|tabindex)="[^"]*"', "", svg)
    return svg


def draw(figure, rows):
    """[(heading, SVG)]: one for each value of the facet column."""
    charts = []
    room = room_for(figure, rows)
    for value in dict.fromkeys(row[figure.facet] for row in rows):
        chosen = [dict(row, label=label_of(figure, row)) for row in rows
                  if row[figure.facet] == value]
        if figure.chart != OUTCOMES:
            chosen = chosen[:MOST_BARS]
        chart = configured(DRAW[figure.chart](figure, chosen), room)
        svg = vl_convert.vegalite_to_svg(chart.to_dict(),
                                         allowed_base_urls=[])
        charts.append((value, clean(svg, f"{figure.query}-{len(charts)}")))
    return charts
