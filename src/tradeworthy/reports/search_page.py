"""The report of a search as one HTML page that needs no network."""

from tradeworthy.reports import search_words, wording
from tradeworthy.reports.models import SearchReport
from tradeworthy.reports.templating import environment, script_data


def render_search(report: SearchReport) -> bytes:
    """UTF-8 HTML; `plotly.min.js` has to stand beside it."""
    s = report.search
    pages = environment()
    pages.globals.update({"words": search_words, "wording": wording})
    surface = s.surface
    charts = {
        "by": search_words.label(s.by),
        "best": s.ranked[0].parameters if s.ranked else {},
        "best_value": s.ranked[0].measures[s.by] if s.ranked else None,
        "edges": s.edges,
        "counts": s.counts,
        "surface": None
        if surface is None
        else {
            "x": surface.x, "y": surface.y, "xs": surface.x_values, "ys": surface.y_values, "z": surface.values,
        },
        "line": None if surface is not None else {"x": next(iter(s.axes)), "xs": next(iter(s.axes.values())), "ys": s.line},
    }  # fmt: skip
    text = pages.get_template("search.html").render(
        report=report, s=s, answer=search_words.answer(s), charts=script_data(charts)
    )
    return text.encode()
