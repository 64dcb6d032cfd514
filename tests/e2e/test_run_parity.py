"""A desk that trades replayed bars makes the trades of the backtest, to the last digit: all 16 strategies of the book."""

from pathlib import Path

import pytest

from tradeworthy.api.desk_running import RunWanted, prepared, run_desk
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fill_steps import SIGNAL, STOP, TARGET
from tradeworthy.core.clock import from_rfc3339
from tradeworthy.live.desk_commands import NoteKind, Tell
from tradeworthy.settings.shipped import template

REASONS = {STOP: "stop", TARGET: "target", SIGNAL: "signal"}
ONE_UNIT = """
[sizing]
kind = "units"
units = 1.0
[calibration]
enabled = false
[limits]
"""


ENDS = {"fx-16": "2016-07-01T00:00:00Z", "fx-daily": "2009-01-01T00:00:00Z"}
"""So that it does not take a minute."""


class Heard:
    """Who is told what a run does, and remembers."""

    def __init__(self) -> None:
        self.checks: list[str] = []
        self.notes: list[tuple[Tell, int]] = []

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """Remember."""
        self.checks.append(f"{'ok' if passed else 'off'} {name}: {sentence}")

    def note(self, tell: Tell, time_ns: int) -> None:
        """Remember."""
        self.notes.append((tell, time_ns))


def unlimited(book: str) -> str:
    """The settings of a book that ships, for one unit and without limits."""
    text = template(book)
    for table in ("[sizing]", "[calibration]", "[limits]"):
        text = text.replace(f"\n{table} ", f"\n# {table} ", 1)
    limits = (
        "drawdown_stop", "daily_loss", "stale_price", "price_band", "fat_finger", "notional_per_order", "risk_per_trade",
        "risk_per_instrument", "notional_per_instrument", "currency_exposure", "gross_leverage", "open_positions",
        "trades_per_day", "orders_per_minute",
    )  # fmt: skip
    return text + ONE_UNIT + "\n".join(f"{name} = {{ enabled = false }}" for name in limits) + "\n"


@pytest.mark.parametrize("book", ["fx-16", "fx-daily"])
def test_the_desk_trades_what_the_backtest_trades_to_the_last_digit(
    tmp_path: Path, request: pytest.FixtureRequest, book: str
) -> None:
    (tmp_path / "tradeworthy.toml").write_text(unlimited(book))
    data = request.getfixturevalue("shared") / "data" / "fx" if book == "fx-16" else None
    wanted = RunWanted(tmp_path, data=data, end_ns=from_rfc3339(ENDS[book]))
    desk, heard = prepared(wanted), Heard()
    result = run_desk(wanted, heard)
    assert result.reason == "the feed has ended"
    compared = 0
    for one in desk.book.strategies:
        bars = desk.bars[one.instrument, one.timeframe]
        trades = run_backtest(bars, one.rules, desk.book.fills, desk.book.costs).trades
        closed = trades.closed
        expected = [
            (*row, REASONS[reason])
            for *row, reason in zip(
                trades.entry_price[closed].tolist(), trades.exit_price[closed].tolist(), trades.entry_time[closed].tolist(),
                bars.close_time[trades.signal_index[closed]].tolist(), trades.side[closed].tolist(),
                trades.reason[closed].tolist(), strict=True,
            )
        ]  # fmt: skip
        made = [
            (
                note.data["entry_price"], note.data["exit_price"], note.data["entry_ns"], note.data["decided_ns"],
                1 if note.data["side"] == "long" else -1, note.data["reason"],
            )
            for note, _ in heard.notes
            if note.kind is NoteKind.CLOSED and note.strategy == one.name
        ]  # fmt: skip
        assert made == expected, one.name
        still = [
            held.holding
            for member, held in zip(desk.plan.members, result.state.members, strict=True)
            if member.name == one.name
        ]
        is_open = len(trades) > int(closed.sum())
        assert (still[0] is not None) == is_open, one.name
        if still[0] is not None:
            assert still[0].price == trades.entry_price[-1]
        compared += len(expected)
    assert compared > (800 if book == "fx-16" else 500)
