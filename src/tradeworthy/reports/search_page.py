"""The report of a search as one HTML page that needs no network."""

from typing import Any

from tradeworthy.appraisal.search_recording import SearchRecord
from tradeworthy.appraisal.search_surface import SurfaceAxis
from tradeworthy.reports import search_words, wording
from tradeworthy.reports.models import SearchReport
from tradeworthy.reports.templating import environment, script_data

MOST_BESIDE = 10
"""Instruments that have a column each beside the best sets."""
_MOST_NAMED = 8


def render_search(report: SearchReport) -> bytes:
    """UTF-8 HTML; `plotly.min.js` has to stand beside it."""
    s = report.search
    pages = environment()
    pages.globals.update({"words": search_words, "wording": wording})
    labels = [one.label for one in s.instruments]
    more = f" and {len(labels) - _MOST_NAMED} more" if len(labels) > _MOST_NAMED else ""
    text = pages.get_template("search.html").render(
        report=report,
        s=s,
        own=(s.strategy, *labels),
        names=", ".join(labels[:_MOST_NAMED]) + more,
        answer=search_words.answer(s),
        each=labels if 1 < len(labels) <= MOST_BESIDE else [],
        others=[name for name in s.ranked[0].measures if name != s.by] if s.ranked else [],
        notes=_notes(s),
        charts=script_data(_charts(s)) if s.ranked else "",
    )
    return text.encode()


def _notes(s: SearchRecord) -> list[str]:
    """How the surface is to be read."""
    surface, centre = s.surface, search_words.centre(s.by)
    one = surface.y is None
    others = [name for name in s.axes if name not in {surface.x.name, surface.y.name if surface.y else None}]
    said = []
    if others:
        said.append(f"Each cell is the median over all values of {' and '.join(others)}.")
    if surface.panels:
        said.append(f"Below, each value of {' and '.join(surface.panels[0].parameters)} has a map of its own.")
    elif others:
        said.append("There are more such values than maps can be looked at side by side; give fewer to see each.")
    if surface.x.first != surface.x.last or (surface.y and surface.y.first != surface.y.last):
        said.append("There are more values than places, so neighbouring ones share one, which shows their median.")
    if not one:
        sides = "Bluer is higher" if centre is None else f"Blue is above {centre:g}, orange below"
        said.append(f"{sides}.")
    if any(value is None for row in surface.values for value in row):
        said.append(
            "Where the line breaks, no set is valid and traded."
            if one
            else "Grey cells hold no set that is valid and traded."
        )
    said.append(
        f"The square marks the best set. {'A long level stretch' if one else 'A broad region'} is worth more than a single peak."
    )
    return said


def _charts(s: SearchRecord) -> dict[str, Any]:
    best, surface = s.ranked[0], s.surface
    axes = (surface.x,) if surface.y is None else (surface.x, surface.y)
    panels = [search_words.said(one.parameters) for one in surface.panels]
    homes = [all(best.parameters[name] == value for name, value in one.parameters.items()) for one in surface.panels]
    return {
        "by": search_words.label(s.by),
        "centre": search_words.centre(s.by),
        "least": 0.0 if s.by == "profit_factor" else None,
        "digits": ".0%" if s.by == "win_rate" else ",.3r" if s.by == "pnl" else ".2f",
        "exactly": ".1%" if s.by == "win_rate" else ",.4r",
        "ticks": ".0%" if s.by == "win_rate" else "",
        "best": best.measures[s.by],
        "best_words": f"{search_words.said(best.parameters)}: {search_words.shown(s.by, best.measures[s.by])}",
        "median": s.median,
        "edges": s.edges,
        "counts": s.counts,
        "surface": {
            "title": f"{search_words.label(s.by)}{', median' if len(s.axes) > 2 else ''}",
            "x": surface.x.name,
            "xs": search_words.labels(surface.x.first, surface.x.last),
            "y": None if surface.y is None else surface.y.name,
            "ys": [] if surface.y is None else search_words.labels(surface.y.first, surface.y.last),
            "z": _short(surface.values),
            "panels": [
                {"name": name, "z": _short(one.values)} for name, one in zip(panels, surface.panels, strict=True)
            ],
            "best": [_cell(s, axis) for axis in axes],
            "best_panel": homes.index(True) if True in homes else None,
        },
    }


def _cell(s: SearchRecord, axis: SurfaceAxis) -> int:
    """Which cell along an axis holds the best set."""
    values = s.axes[axis.name]
    each = values.index(axis.first[1]) if len(axis.first) > 1 else len(values)
    return values.index(s.ranked[0].parameters[axis.name]) // each


def _short(rows: tuple[tuple[float | None, ...], ...]) -> list[list[float | None]]:
    """Four digits are more than a colour shows."""
    return [[None if value is None else float(f"{value:.4g}") for value in row] for row in rows]
