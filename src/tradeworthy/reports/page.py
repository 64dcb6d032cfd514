"""The validation report as one HTML page that needs no network."""

from typing import Any

from tradeworthy.core.verdict import RiskLevel, StrategyVerdict
from tradeworthy.market.rules import Severity
from tradeworthy.reports import wording
from tradeworthy.reports.curves import all_curves
from tradeworthy.reports.models import ValidationReport
from tradeworthy.reports.origin_words import choosing, held_against
from tradeworthy.reports.templating import environment, script_data
from tradeworthy.validation.bar_returns import PATHS as SECOND_OPINION_PATHS
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.judgement import percent

HALF_WIDTH_R = 2.0
"""Differences are drawn from -2 R to +2 R on every row, so that rows can be compared; arrows mark what goes beyond."""


POOLED_HALF_WIDTH_R = 0.5
"""The same for the pooled mean, which thousands of trades make narrow."""


def _drawn(
    interval: Interval | None, simultaneous: Interval | None, value: float | None, half_width: float = HALF_WIDTH_R
) -> dict[str, Any] | None:
    """Places on a drawing 200 wide whose middle is zero, cut off at its ends."""
    if interval is None or value is None:
        return None

    def place(r: float) -> float:
        return round(100 + 96 * max(-1.0, min(1.0, r / half_width)), 1)

    wide = simultaneous or interval
    return {
        "low": place(interval.low),
        "high": place(interval.high),
        "wide_low": place(wide.low),
        "wide_high": place(wide.high),
        "dot": place(value),
        "cut_low": wide.low < -half_width,
        "cut_high": wide.high > half_width,
        "words": f"{wording.signed_r(value)}, 95% interval {wording.r_between(interval)}; drawn to {half_width:g} R either side",
    }


def _rows(report: ValidationReport) -> list[dict[str, Any]]:
    return [
        {
            "it": one,
            "drawn": _drawn(
                one.comparison.mean_r.interval if one.comparison else None,
                one.comparison.simultaneous if one.comparison else None,
                one.comparison.mean_r.difference if one.comparison else None,
            ),
        }
        for one in report.validation.strategies
    ]


def _counts(report: ValidationReport) -> list[tuple[str, int]]:
    verdicts = [one.judgement.verdict for one in report.validation.strategies]
    return [(kind.value, verdicts.count(kind)) for kind in StrategyVerdict if kind in verdicts]


def _common(report: ValidationReport) -> list[str]:
    """What was noticed about the data of every single strategy, to be said once."""
    noticed = [[finding.message for finding in one.data.findings] for one in report.validation.strategies]
    return [message for message in noticed[0] if len(noticed) > 1 and all(message in other for other in noticed)]


def _ambiguous(report: ValidationReport) -> float | None:
    """Share of all closed trades left on a bar that held both levels; None where bars have no range."""
    seen = [
        (one.ambiguous_share, len(one.trades.r))
        for one in report.validation.strategies
        if one.ambiguous_share is not None and not one.data.close_only
    ]
    trades = sum(count for _, count in seen)
    return sum(part * count for part, count in seen) / trades if trades else None


def render(report: ValidationReport) -> bytes:
    """UTF-8 HTML; `plotly.min.js` has to stand beside it."""
    pages = environment()
    pages.globals.update({"words": wording, "percent": percent, "HIGH": RiskLevel.HIGH, "NOTE": Severity.NOTE})
    validation = report.validation
    pooled = validation.pool
    charts = script_data({
        "curves": all_curves(validation), "window": [validation.window_start, validation.window_end]
    })  # fmt: skip
    text = pages.get_template("validation.html").render(
        report=report,
        v=validation,
        rows=_rows(report),
        counts=_counts(report),
        common=_common(report),
        held_against=held_against(validation),
        choosing=choosing(validation),
        ambiguous=_ambiguous(report),
        second_paths=SECOND_OPINION_PATHS,
        pool_drawn=_drawn(pooled.difference, None, pooled.now - pooled.baseline)
        if pooled and pooled.now is not None and pooled.baseline is not None
        else None,
        mean_drawn=_drawn(pooled.interval, None, pooled.mean_r, POOLED_HALF_WIDTH_R) if pooled else None,
        charts=charts,
        half_width=HALF_WIDTH_R,
        pooled_half_width=POOLED_HALF_WIDTH_R,
    )
    return text.encode()
