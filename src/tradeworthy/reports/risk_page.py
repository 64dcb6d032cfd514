"""A risk assessment as one HTML page that needs no network."""

from typing import Any

from tradeworthy.appraisal.risk_record import RiskRecord
from tradeworthy.reports import reliability_words, risk_words, wording
from tradeworthy.reports.models import RiskReport
from tradeworthy.reports.risk_words import LEVELS
from tradeworthy.reports.templating import environment, script_data
from tradeworthy.risk.level_timeline import by_week

TINTED_FROM = 0.005


def render_risk(report: RiskReport) -> bytes:
    """UTF-8 HTML; `plotly.min.js` has to stand beside it."""
    pages = environment()
    pages.globals.update({"words": risk_words, "wording": wording, "held": reliability_words})
    text = pages.get_template("risk.html").render(
        report=report, r=report.risk, matrices=_matrices(report.risk), levels=[one.replace("_", " ") for one in LEVELS],
        markets=len({one["volatility_regimes"]["market"] for one in report.risk.volatility.values()}),
        charts=script_data(_charts(report.risk)),
    )  # fmt: skip
    return text.encode()


def _matrices(record: RiskRecord) -> list[tuple[str, str, list[tuple[str, str, list[tuple[str, int]]]]]]:
    """By strategy: name, level now, and a row for each level: name, share of bars, chances of what follows with their tint."""
    found = []
    for name, study in record.volatility.items():
        regimes, moves = study["volatility_regimes"], study["volatility_timing"]["transition_matrix"]
        rows = []
        for level in LEVELS:
            cells = moves[level] or {}
            rows.append(
                (
                    level.replace("_", " "), risk_words.percent(regimes["occupancy"][level]["share"]),
                    [_cell(cells[to]["share"] if to in cells else None) for to in LEVELS],
                )
            )  # fmt: skip
        found.append((name, str(regimes["current"]).replace("_", " "), rows))
    return found


def _cell(share: float | None) -> tuple[str, int]:
    """What it says, and how deep its tint is, 0 to 5."""
    return risk_words.percent(share), 0 if share is None or share < TINTED_FROM else min(5, 1 + int(5 * share))


def _charts(record: RiskRecord) -> dict[str, Any]:
    portfolio, series = record.portfolio, record.series
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
        "cases": _cases(record), "regimes": _regimes(record), "reliability": _reliability(record),
        "correlations": None if portfolio is None else {
            "names": names, "z": [[_short(portfolio.correlations[a][b]) for b in names] for a in names],
        },
    }  # fmt: skip


def _cases(record: RiskRecord) -> list[dict[str, Any]]:
    """The deepest fall first; last what was not run, with the word for why."""
    if record.loss is None:
        return []
    ran = [
        {"name": one.case, "kind": one.kind, "fall": _short(100 * one.losses.max_drawdown_fraction)}
        for one in record.loss.worst_case_scenarios.cases
        if one.losses.max_drawdown_fraction is not None
    ]
    missing = [
        {"name": name, "kind": kind, "why": str(status).lower()}
        for name, kind, status in risk_words.cases_missing(record.loss)
    ]
    return ran + missing if ran else []


def _regimes(record: RiskRecord) -> dict[str, Any] | None:
    """A row for each market: a digit a week, 0 very low to 4 extreme, a blank where it was not judged."""
    markets = {
        one["volatility_regimes"]["market"]: one["volatility_regimes"]["timeline"] for one in record.volatility.values()
    }
    if not markets:
        return None
    first, last = min(one["since"][0] for one in markets.values()), max(one["until"] for one in markets.values())
    rows = [by_week(one["since"], one["level"], one["until"], first, last) for one in markets.values()]
    return {
        "first": first, "names": list(markets), "levels": [one.replace("_", " ") for one in LEVELS],
        "rows": ["".join(" " if level is None else str(level) for level in row) for row in rows],
    }  # fmt: skip


def _reliability(record: RiskRecord) -> dict[str, Any] | None:
    one = reliability_words.drawn(record.reliability)
    if one is None or one.quality is None:
        return None
    bins = one.quality.bins
    return {
        "title": f"A fall of {100 * one.limit:.1f}% within {one.horizon:,} days", "base": _short(100 * one.quality.base_rate),
        "said": [_short(100 * bin_.forecast) for bin_ in bins], "came": [_short(100 * bin_.observed) for bin_ in bins],
        "low": [_short(100 * bin_.interval.low) for bin_ in bins], "high": [_short(100 * bin_.interval.high) for bin_ in bins],
        "n": [bin_.n for bin_ in bins],
    }  # fmt: skip


def _short(value: float) -> float:
    """Four digits are more than a screen shows."""
    return float(f"{value:.4g}")
