"""The charts of a figure as a picture for a paper: SVG and PNG by Altair and
vl-convert, with no network. Labels get the room that they need."""

import struct
import zlib

import altair
import vl_convert

from charts import COLOURS, LINES

BAR, WIDTH, SCALE = 18, 460, 2
INK, RULE = "#1d2126", "#d5dade"


def bars(chart):
    segments = [{"label": bar.label, "part": part, "percent": percent,
                 "place": place}
                for bar in chart.bars
                for place, (part, percent) in enumerate(bar.segments)]
    parts = list(dict.fromkeys(each["part"] for each in segments))
    order = [bar.label for bar in chart.bars]
    y = altair.Y("label:N", sort=order, title=None, axis=altair.Axis(
        ticks=False, labelPadding=6, domain=False, labelLimit=0))
    drawn = altair.Chart(altair.Data(values=segments)).mark_bar().encode(
        y=y, x=altair.X("percent:Q", title="percent", scale=altair.Scale(
            domain=[0, 100], nice=False)),
        color=altair.Color("part:N", title=None, scale=altair.Scale(
            domain=parts, range=[COLOURS.get(part, COLOURS["yes"])
                                 for part in parts]),
            legend=altair.Legend() if chart.parts else None),
        order=altair.Order("place:Q"))
    texts = altair.Chart(altair.Data(values=[
        {"label": bar.label, "text": bar.text, "percent": 101}
        for bar in chart.bars])).mark_text(align="left", color=INK,
                                           clip=False).encode(
        y=y, x=altair.XDatum(101), text="text:N")
    layers = drawn + texts
    intervals = [{"label": bar.label, "low": bar.interval[0],
                  "high": bar.interval[1]}
                 for bar in chart.bars if bar.interval]
    if intervals:
        layers += altair.Chart(altair.Data(values=intervals)).mark_rule(
            color=INK, strokeWidth=2).encode(y=y, x="low:Q", x2="high:Q")
    return layers.properties(width=WIDTH, height=altair.Step(BAR),
                             title=chart.heading)


def lines(chart):
    points = [{"line": line.name, "x": x, "percent": y, "upper": upper,
               "marked": number in line.marked}
              for line in chart.lines
              for number, ((x, y), (_, upper)) in enumerate(
                  zip(line.points, line.band or line.points))]
    names = [line.name for line in chart.lines]
    first, last = chart.x_ticks[0][0], chart.x_ticks[-1][0]
    labels = {str(int(x)): label for x, label in chart.x_ticks}
    base = altair.Chart(altair.Data(values=points)).encode(
        x=altair.X("x:Q", title=chart.x_title, axis=altair.Axis(
            values=[x for x, _ in chart.x_ticks], labelLimit=0,
            labelFlush=True, labelExpr=f"({labels})['' + datum.value]"),
            scale=altair.Scale(domain=[first, last], nice=False)),
        y=altair.Y("percent:Q", title="percent", scale=altair.Scale(
            domain=[chart.low, chart.high])),
        color=altair.Color("line:N", title=None, scale=altair.Scale(
            domain=names, range=[LINES[line.colour % len(LINES)]
                                 for line in chart.lines]),
            legend=altair.Legend() if len(names) > 1 else None))
    layers = base.mark_line(point=True, clip=False)
    if any(line.band for line in chart.lines):
        # The undetermined part, above the line.
        layers = base.mark_area(color=COLOURS["undetermined"], opacity=.3,
                                clip=True).encode(
            y2="upper:Q", color=altair.ColorValue(
                COLOURS["undetermined"])) + layers
        layers += base.transform_filter("datum.marked").mark_point(
            size=90, strokeWidth=3, fill="white", opacity=1).encode(
            color=altair.ColorValue(COLOURS["refused"]))
    return layers.properties(width=WIDTH, height=220 if len(names) > 1
                             else 130, title=chart.heading)


def matrix(chart):
    cells = [{"row": str(name), "measure": column, "percent": cell.percent,
              "text": cell.text}
             for name, line in chart.rows
             for column, cell in zip(chart.columns, line) if cell]
    base = altair.Chart(altair.Data(values=cells)).encode(
        y=altair.Y("row:N", sort=[str(name) for name, _ in chart.rows],
                   title=None, axis=altair.Axis(labelLimit=0)),
        x=altair.X("measure:N", sort=chart.columns, title=None,
                   axis=altair.Axis(orient="top", labelAngle=0,
                                    labelLimit=0)))
    heat = base.mark_rect().encode(color=altair.Color(
        "percent:Q", scale=altair.Scale(domain=[0, 100], interpolate="rgb",
                                        range=["#ffffff", "#7fb0ea"])))
    return (heat + base.mark_text(color=INK).encode(text="text:N")).properties(
        width=altair.Step(110), height=altair.Step(BAR + 2))


def repacked(png):
    """The same picture with the best compression of zlib: a third of the
    bytes."""
    kept, packed, at = [png[:8]], b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        whole = png[at:at + 12 + length]
        if kind == b"IDAT":
            packed += whole[8:-4]
        elif kind == b"IEND":
            body = b"IDAT" + zlib.compress(zlib.decompress(packed), 9)
            kept += [struct.pack(">I", len(body) - 4), body,
                     struct.pack(">I", zlib.crc32(body)), whole]
        else:
            kept.append(whole)
        at += 12 + length
    return b"".join(kept)


DRAW = {"bars": bars, "lines": lines, "matrix": matrix}


def picture(title, charts, source):
    """(SVG, PNG) of all charts of a figure, one below the other."""
    whole = altair.vconcat(
        *[DRAW[chart.kind](chart) for chart in charts],
        title=altair.TitleParams([title], subtitle=[source],
                                 subtitleColor=INK, anchor="start")
    ).resolve_scale(color="independent").configure(
        background="white", font="sans-serif", padding=12
    ).configure_view(stroke="transparent").configure_axis(
        labelColor=INK, titleColor=INK, gridColor=RULE, domainColor=RULE,
        tickColor=RULE, labelFontSize=12, titleFontWeight="normal"
    ).configure_title(anchor="start", fontSize=13).configure_legend(
        labelColor=INK, orient="bottom", labelLimit=0, columns=3)
    text = whole.to_json()
    return (vl_convert.vegalite_to_svg(text, allowed_base_urls=[]),
            repacked(vl_convert.vegalite_to_png(text, allowed_base_urls=[],
                                                scale=SCALE)))
