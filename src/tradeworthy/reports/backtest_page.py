"""The report of a backtest as one HTML page that needs no network."""

from collections.abc import Sequence
from typing import Any

from tradeworthy.appraisal.backtest_record import BacktestRecord, TradeColumns, TradeGroup, Variant
from tradeworthy.market.rules import Severity
from tradeworthy.reports import amounts, wording
from tradeworthy.reports.models import BacktestReport
from tradeworthy.reports.statistics_words import COMPARED, SECTIONS, WORDS
from tradeworthy.reports.templating import environment, script_data
from tradeworthy.validation.judgement import percent

LAST_TRADES = 50
MOST_DOTS = 1_500
"""Of the scatter of excursions; of more trades every n-th is drawn."""
_STRONGEST_MONTH = 0.06
_SHADES = 5
_GROUPS = {
    "reason": ("Exit reason", "How trades ended"),
    "side": ("Side", "Long and short"),
    "bars_held": ("Bars held", "Bars from entry to exit"),
    "weekday": ("Weekday of entry, UTC", "The day on which the position was opened"),
    "hour": ("Hour of entry, UTC", "The hour in which the position was opened"),
}


def render_backtest(report: BacktestReport) -> bytes:
    """UTF-8 HTML; `plotly.min.js` has to stand beside it."""
    b = report.backtest
    pages = environment()
    pages.globals.update({"words": wording, "amounts": amounts, "percent": percent, "NOTE": Severity.NOTE})
    digits = amounts.digits_of(b.capital)
    text = pages.get_template("backtest.html").render(
        report=report,
        b=b,
        digits=digits,
        names=(b.ran.strategy, b.ran.instrument, b.ran.source),
        mean_drawn=_mean_drawn(b),
        years=_years(b.months),
        groups=_groups(b),
        sections=_sections(b, digits),
        variants=_compared(b.variants, b.currency, digits),
        bounds=_compared(b.bounds, b.currency, digits),
        paid=_paid(b),
        last=_last(b.trades),
        refused=[(reason, count, 100 * count / sum(b.refused.values())) for reason, count in b.refused.items()],
        dots=_dots(b.trades),
        charts=script_data(_charts(b)),
    )
    return text.encode()


def _mean_drawn(b: BacktestRecord) -> dict[str, Any] | None:
    """Places on a drawing 200 wide whose middle is zero, scaled so that the whole interval is on it."""
    interval, mean = b.mean_trade.interval, b.mean_trade.mean
    if interval is None or mean is None:
        return None
    reach = max(abs(interval.low), abs(interval.high))
    low, high, dot = (round(100 + 92 * one / reach, 1) for one in (interval.low, interval.high, mean))
    words = f"mean {mean:+.2f}, 95% interval {interval.low:+.2f} to {interval.high:+.2f}; the dashed line is zero"
    return {
        "low": low, "high": high, "wide_low": low, "wide_high": high, "dot": dot, "cut_low": False, "cut_high": False,
        "words": words.replace("-", "\N{MINUS SIGN}"), "ends": (f"\N{MINUS SIGN}{reach / 0.92:.2g}", f"+{reach / 0.92:.2g}"),
    }  # fmt: skip


def _years(months: dict[str, float]) -> list[dict[str, Any]]:
    """Newest year last: twelve cells of (value, shade) or None, and the year's return."""
    rows: dict[str, list[float | None]] = {}
    for name, value in months.items():
        rows.setdefault(name[:4], [None] * 12)[int(name[5:]) - 1] = value
    return [
        {
            "year": year,
            "cells": [None if value is None else (_month(value), _shade(value, _STRONGEST_MONTH)) for value in row],
            "whole": (_month(_grown(row)), _shade(_grown(row), 3 * _STRONGEST_MONTH)),
        }
        for year, row in rows.items()
    ]


def _grown(row: Sequence[float | None]) -> float:
    whole = 1.0
    for value in row:
        whole *= 1.0 + (value or 0.0)
    return whole - 1.0


def _month(value: float) -> str:
    shown = f"{100 * value:+.1f}"
    return "0.0" if shown in {"+0.0", "-0.0"} else shown.replace("-", "\N{MINUS SIGN}")


def _shade(value: float, strongest: float) -> str:
    """A class from n5 (loss) over z to p5 (gain)."""
    step = min(_SHADES, round(abs(value) / strongest * _SHADES))
    return "z" if not step else f"{'p' if value > 0 else 'n'}{step}"


def _groups(b: BacktestRecord) -> list[dict[str, Any]]:
    found = []
    for name, (label, title) in _GROUPS.items():
        rows: tuple[TradeGroup, ...] = getattr(b.groups, name)
        most = max((abs(row.net) for row in rows), default=0.0)
        found.append({"label": label, "title": title, "rows": [(row, _bar(row.net, most)) for row in rows]})
    return found


def _bar(value: float, most: float) -> tuple[float, float, str]:
    """Start, width and class of a bar on a drawing 100 wide whose middle is zero."""
    width = round(48 * abs(value) / most, 1) if most else 0.0
    return (50.0, width, "up") if value >= 0 else (50.0 - width, width, "down")


def _sections(b: BacktestRecord, digits: int) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    values = b.statistics.to_dict()
    return [
        (
            title,
            [
                (name, words.label, amounts.statistic(name, values[name], b.currency, digits), words.definition)
                for name, words in section.items()
            ],
        )
        for title, section in SECTIONS.items()
    ]


def _compared(variants: Sequence[Variant], currency: str, digits: int) -> dict[str, Any] | None:
    if not variants:
        return None
    rows = [
        (
            WORDS[name].label,
            [amounts.statistic(name, getattr(one.statistics, name), currency, digits) for one in variants],
        )
        for name in COMPARED
    ]
    return {
        "names": [one.name for one in variants],
        "rows": [*rows, ("Entries refused", [f"{one.refused:,}" for one in variants])],
    }


def _paid(b: BacktestRecord) -> list[tuple[str, float, str]]:
    paid = b.costs.paid
    return [
        ("Spread", paid.spread, "estimated: units x half the spread at entry and at exit"),
        ("Slippage", paid.slippage, "estimated: units x slippage of each market fill"),
        ("Commission", paid.commission, "as booked"),
        ("Swap", paid.swap, "as booked; below zero it was earned"),
    ]


def _last(trades: TradeColumns) -> list[dict[str, Any]]:
    """The last trades, newest first."""
    names = TradeColumns.__struct_fields__
    count = len(trades.side)
    return [
        {name: getattr(trades, name)[i] for name in names}
        for i in range(count - 1, max(-1, count - 1 - LAST_TRADES), -1)
    ]


def _dots(trades: TradeColumns) -> dict[str, Any]:
    """Excursions of closed trades in R, every n-th of them, with what they are in."""
    closed = [i for i, reason in enumerate(trades.reason) if reason != "open"]
    risk = trades.risk
    with_risk = [i for i in closed if risk[i] is not None]
    in_r = bool(with_risk)
    every = -(-len(with_risk or closed) // MOST_DOTS) or 1
    places = (with_risk or closed)[::every]
    scale = [(risk[i] or 1.0) if in_r else 1.0 for i in places]
    return {
        "unit": "R" if in_r else "price",
        "every": every,
        "mae": [float(f"{trades.mae[i] / one:.4g}") for i, one in zip(places, scale, strict=True)],
        "mfe": [float(f"{trades.mfe[i] / one:.4g}") for i, one in zip(places, scale, strict=True)],
        "won": [int(trades.pnl[i] > 0) for i in places],
    }


def _charts(b: BacktestRecord) -> dict[str, Any]:
    money = amounts.digits_of(b.capital)
    return {
        "currency": b.currency,
        "capital": b.capital if b.account else 0.0,
        "unit": b.account is None,
        "equity": {
            "time": b.curve.time,
            "level": [round(one, money) for one in b.curve.equity],
            "fall": [round(100 * one, 3) for one in b.curve.fall],
        },
        "sharpe": {"time": b.rolling_sharpe.time, "value": b.rolling_sharpe.value},
        "spread": None if b.distribution is None else {
            "unit": b.distribution.unit, "edges": b.distribution.edges, "counts": b.distribution.counts,
        },
        "dots": _dots(b.trades),
    }  # fmt: skip
