"""A risk assessment as one HTML page that needs no network."""

from typing import Any

from tradeworthy.appraisal.risk_record import RiskRecord
from tradeworthy.reports import risk_words, wording
from tradeworthy.reports.models import RiskReport
from tradeworthy.reports.risk_words import LEVELS
from tradeworthy.reports.templating import environment, script_data


def render_risk(report: RiskReport) -> bytes:
    """UTF-8 HTML; `plotly.min.js` has to stand beside it."""
    pages = environment()
    pages.globals.update({"words": risk_words, "wording": wording})
    text = pages.get_template("risk.html").render(
        report=report, r=report.risk, matrices=_matrices(report.risk), levels=[one.replace("_", " ") for one in LEVELS],
        charts=script_data(_charts(report.risk)),
    )  # fmt: skip
    return text.encode()


def _matrices(record: RiskRecord) -> list[tuple[str, str, list[tuple[str, str, list[str]]]]]:
    """By strategy: name, level now, and a row for each level: name, share of bars, chances of what follows."""
    found = []
    for name, study in record.volatility.items():
        regimes, moves = study["volatility_regimes"], study["volatility_timing"]["transition_matrix"]
        rows = []
        for level in LEVELS:
            cells = moves[level] or {}
            rows.append(
                (
                    level.replace("_", " "), risk_words.percent(regimes["occupancy"][level]["share"]),
                    [risk_words.percent(cells[to]["share"]) if to in cells else wording.NOTHING for to in LEVELS],
                )
            )  # fmt: skip
        found.append((name, str(regimes["current"]).replace("_", " "), rows))
    return found


def _charts(record: RiskRecord) -> dict[str, Any]:
    portfolio, series = record.portfolio, record.series
    cases = [] if record.loss is None else record.loss.worst_case_scenarios.cases
    names = [] if portfolio is None else list(portfolio.shares)
    return {
        "limit": record.score.limit,
        "fan": None if record.fan is None else {
            "days": record.fan.days, "names": [f"{100 * one:g}%" for one in record.fan.quantiles],
            "rows": [[_short(one) for one in row] for row in record.fan.equity],
        },
        "falls": [_short(100 * one) for one in record.falls],
        "series": None if series is None else {
            "dates": series.dates, "returns": [_short(100 * one) for one in series.returns],
            "var": [_short(-100 * one) for one in series.value_at_risk], "name": series.method, "level": series.level,
        },
        "cases": [
            {"name": one.case, "kind": one.kind, "fall": _short(100 * (one.losses.max_drawdown_fraction or 0.0))}
            for one in cases
            if one.losses.max_drawdown_fraction is not None
        ],
        "correlations": None if portfolio is None else {
            "names": names, "z": [[_short(portfolio.correlations[a][b]) for b in names] for a in names],
        },
    }  # fmt: skip


def _short(value: float) -> float:
    """Four digits are more than a screen shows."""
    return float(f"{value:.4g}")
