"""The drift of a desk's strategies, beside that of the backtest of the same trades: what both lost, the market took; what only
the desk lost was lost in trading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.drifting import StrategyDrift, drift_of
from tradeworthy.appraisal.strategy_comparing import StrategyComparison
from tradeworthy.validation.samples import TradeSample

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SessionDrift:
    """One strategy. live, backtest: of the desk's closed trades, and of the same trades in the backtest with the book's costs, each
    against the stored baseline. compared: trades that both have. shortfall_r: mean R that the desk lost on these against the
    backtest, below zero where it did better; None where there are none."""

    strategy: str
    live: StrategyDrift
    backtest: StrategyDrift
    compared: int
    shortfall_r: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "strategy": self.strategy, "live": _told(self.live), "backtest": _told(self.backtest), "compared": self.compared,
            "shortfall_r": self.shortfall_r,
        }  # fmt: skip


def session_drift(
    comparisons: Sequence[StrategyComparison], baselines: Mapping[str, Floats] | None, after_ns: int, until_ns: int
) -> tuple[SessionDrift, ...]:
    """The drift of each strategy by its trades that closed after the baseline and by `until_ns`. baselines: R by strategy, None
    where no baseline is stored."""
    found = []
    for one in comparisons:
        pairs = [
            (live, ref) for live, ref in one.pairs() if live.r is not None and after_ns < (live.closed_ns or 0) <= until_ns
        ]  # fmt: skip
        both = [(live, ref) for live, ref in pairs if ref is not None and ref.r is not None and ref.exit_ns is not None]
        lost = [(ref.r or 0.0) - (live.r or 0.0) for live, ref in both]
        mine = TradeSample(
            one.one.name, np.array([live.closed_ns for live, _ in pairs], np.int64),
            np.array([live.r for live, _ in pairs], np.float64), after_ns, until_ns,
        )  # fmt: skip
        theirs = TradeSample(
            one.one.name, np.array([live.closed_ns for live, _ in both], np.int64),
            np.array([ref.r for _, ref in both], np.float64), after_ns, until_ns,
        )  # fmt: skip
        shortfall = sum(lost) / len(lost) if lost else None
        found.append(
            SessionDrift(one.one.name, _drift(mine, baselines), _drift(theirs, baselines), len(both), shortfall)
        )
    return tuple(found)


def _drift(sample: TradeSample, baselines: Mapping[str, Floats] | None) -> StrategyDrift:
    if baselines is None:
        sentence = "no baseline is stored in the desk; `tradeworthy baseline save` keeps one"
        return StrategyDrift(sample.strategy, 0, None, sentence)
    mine = {name: before for name, before in baselines.items() if name == sample.strategy}
    return drift_of([sample], mine or baselines, 0, error=0.05, run_length=1_000.0)[0]


def _told(one: StrategyDrift) -> dict[str, Any]:
    reading = one.reading
    return {
        "state": one.word, "sentence": one.sentence, "baseline_trades": one.baseline_trades,
        "trades": 0 if reading is None else reading.trades, "mean_r": None if reading is None else reading.mean_r,
        "p_value": None if reading is None else reading.p_value,
    }  # fmt: skip
