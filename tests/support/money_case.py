"""What one case worked out on paper holds, and the small bars that the cases share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from support.plain_setup import Candles, Decision, Outcome, Setup

NAN = math.nan
MINUTE = 60_000_000_000
HOUR = 60 * MINUTE
Bar = tuple[float, float, float, float]

UP: list[Bar] = [(100, 101, 99, 100), (100, 102, 99, 101), (101, 104, 100, 103), (103, 105, 102, 104)]
GAP_DOWN: list[Bar] = [(100, 101, 99, 100), (100, 101, 99, 100), (96, 97, 95, 96), (96, 97, 95, 96)]
WIDE: list[Bar] = [(100, 101, 99, 100), (100, 101, 99, 100), (100, 104, 96, 101), (101, 102, 100, 101)]
FLAT: Bar = (100, 101, 99, 100)
LOSS: Bar = (100, 101, 97.5, 100)  # from its open, a long with a stop of 2 loses 2
WIN: Bar = (100, 104.5, 99, 100)  # from its open, a long with a target of 4 wins 4


@dataclass(frozen=True)
class MoneyCase:
    """A run and what follows from it; of each trade only the fields that are named are looked at."""

    name: str
    setup: Setup
    trades: Sequence[Mapping[str, object]]
    equity: Sequence[float]
    dropped: list[tuple[int, str]] = field(default_factory=list)


def candles(bars: Sequence[Bar], step: int = HOUR, start: int = 0) -> Candles:
    """Bars without gaps between them; the first opens at `start`."""
    opens = [start + step * bar for bar in range(len(bars))]
    open_, high, low, close = ([bar[i] for bar in bars] for i in range(4))
    return Candles(open_, high, low, close, opens, [at + step for at in opens])


def disagreements(case: MoneyCase, outcome: Outcome, within: float = 1e-9) -> list[str]:
    """Where a run differs from the paper, in words; nothing when it agrees."""
    found = []
    if len(outcome.trades) != len(case.trades):
        found.append(f"{len(outcome.trades)} trades, not {len(case.trades)}")
    for index, (trade, expected) in enumerate(zip(outcome.trades, case.trades, strict=False)):
        for name, value in expected.items():
            if not _alike(getattr(trade, name), value, within):
                found.append(f"trade {index}: {name} is {getattr(trade, name)}, not {value}")
    if len(outcome.equity) != len(case.equity):
        found.append(f"equity has {len(outcome.equity)} bars, not {len(case.equity)}")
    for bar, (got, wanted) in enumerate(zip(outcome.equity, case.equity, strict=False)):
        if not _alike(got, wanted, within):
            found.append(f"equity of bar {bar} is {got}, not {wanted}")
    if outcome.dropped != case.dropped:
        found.append(f"dropped {outcome.dropped}, not {case.dropped}")
    return found


def _alike(got: object, wanted: object, within: float) -> bool:
    if isinstance(got, str | bool) or isinstance(wanted, str | bool):
        return got == wanted
    if not isinstance(got, int | float) or not isinstance(wanted, int | float):
        return False
    return math.isnan(got) if math.isnan(wanted) else abs(got - wanted) <= within


def long_(bar: int, stop: float = NAN, target: float = NAN, leave: int = 0) -> Decision:
    """Buy."""
    return Decision(bar, 1, leave, stop, target)


def short(bar: int, stop: float = NAN, target: float = NAN, leave: int = 0) -> Decision:
    """Sell."""
    return Decision(bar, -1, leave, stop, target)


def out(bar: int) -> Decision:
    """Leave whatever is held."""
    return Decision(bar, 0, 3)
