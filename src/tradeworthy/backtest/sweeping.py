"""Trying many sets of parameters over many instruments, on every core, with what is done handed over as it is done."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.dealing import Dealing
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.finer import finer_columns
from tradeworthy.backtest.grid import chunks
from tradeworthy.backtest.result import Result
from tradeworthy.backtest.sweep_result import MEASURES
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Strategy
from tradeworthy.strategies.searching import Search, Searchable

Floats = npt.NDArray[np.float64]
Done = Callable[[int, Sequence[int], Floats], None]
"""(instrument, places of the sets, their measures): called in the calling thread for each piece of work."""

PIECE_SET_BARS = 20_000_000
"""Set-bars of one piece of compiled work, about a twentieth of a second: what an interruption waits for."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What every set of a sweep is traded under."""

    fills: FillRules
    costs: Costs
    account: Account | None = None
    finer: Bars | None = None

    @property
    def one_unit(self) -> bool:
        """Whether the quick kernel, which counts one unit at no cost but the spread, will do."""
        return self.account is None and self.costs.only_spread


def try_all(
    bars: Sequence[Bars],
    strategies: Sequence[Strategy],
    missing: Sequence[Sequence[int]],
    terms: Terms,
    done: Done,
    threads: int | None = None,
) -> None:
    """Measure the `missing` sets (places in `strategies`) of each instrument; `done` gets each piece as it ends.

    Pieces end in any order; what each measures does not depend on it. An interruption waits for the pieces that run,
    hands them over, and is raised again.
    """
    # Python calls one function at a time anyway, and one that keeps state must not see two sets by turns.
    one_by_one = any(getattr(strategy, "bar_by_bar", False) for strategy in strategies)
    workers = 1 if one_by_one else threads or os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        running: dict[Future[Floats], tuple[int, Sequence[int]]] = {}
        try:
            for place, places, work in _pieces(bars, strategies, missing, terms):
                while len(running) >= 2 * workers:
                    _hand_over(running, done)
                running[pool.submit(work)] = (place, places)
            while running:
                _hand_over(running, done)
        finally:  # nothing is left here but after an interruption or a failure: what runs is finished and handed over
            for future in list(running):
                if future.cancel():
                    del running[future]
            for future, (place, places) in running.items():
                if future.exception() is None:
                    done(place, places, future.result())


def _hand_over(running: dict[Future[Floats], tuple[int, Sequence[int]]], done: Done) -> None:
    finished, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in finished:
        place, places = running.pop(future)
        done(place, places, future.result())


def _pieces(
    bars: Sequence[Bars], strategies: Sequence[Strategy], missing: Sequence[Sequence[int]], terms: Terms
) -> Any:
    """(instrument, places, work) of every piece."""
    warm_ups = np.array([strategy.warm_up for strategy in strategies])
    for place, one in enumerate(bars):
        places = missing[place]
        wanted = [strategies[i] for i in places]
        search = _search(one, wanted) if wanted and terms.one_unit else None
        if search is not None:
            together = Together(one, terms, search, warm_ups[list(places)] >= len(one))
            for first, end in chunks(len(places), max(1, PIECE_SET_BARS // len(one))):
                yield place, places[first:end], together.piece(first, end)
            continue
        for i, strategy in zip(places, wanted, strict=True):
            yield place, [i], _alone(one, strategy, terms)


def _search(bars: Bars, strategies: Sequence[Strategy]) -> Search | None:
    kind = type(strategies[0])
    if not isinstance(strategies[0], Searchable) or any(type(one) is not kind for one in strategies):
        return None
    if _home(kind, "search") is not _home(kind, "decisions"):
        return None  # a class that decides otherwise than the one whose search it inherits
    return kind.search(bars, strategies)  # type: ignore[attr-defined, no-any-return]  # Searchable, as was just asked


def _home(kind: type, name: str) -> type | None:
    """The class that an attribute comes from."""
    return next((one for one in kind.__mro__ if name in vars(one)), None)


class Together:
    """Sets of one strategy over one instrument, in one compiled loop."""

    def __init__(self, bars: Bars, terms: Terms, search: Search, short: npt.NDArray[np.bool_]) -> None:
        """short: (sets,) whether there are too few bars for a set to warm up; then nothing was traded."""
        self._bars, self._terms, self._search, self._short = bars, terms, search, short
        self._dealing = Dealing.of(bars, terms.costs.spread_of(bars.instrument))
        self._finer = finer_columns(bars, terms.finer)

    def piece(self, first: int, end: int) -> Callable[[], Floats]:
        """The work of the sets `first` up to `end`: (sets, MEASURES)."""

        def work() -> Floats:
            from tradeworthy.backtest.sweep_kernel import try_sets

            n, search = len(self._bars), self._search
            out = np.empty((end - first, len(MEASURES)))
            wanted = (np.empty(n, np.int64), np.empty(n, np.int8), np.empty(n, np.int8), np.empty(n), np.empty(n))
            try_sets(
                self._dealing.bid, self._dealing.ask, self._bars.close, self._terms.fills.switches, self._finer, search.fill,
                search.columns, search.rows[first:end], search.numbers[first:end], 0, end - first, wanted,
                np.empty((6, n + 1), np.int64), np.empty((5, n + 1)), out,
            )  # fmt: skip
            out[self._short[first:end]] = 0.0
            return out

        return work


def _alone(bars: Bars, strategy: Strategy, terms: Terms) -> Callable[[], Floats]:
    def work() -> Floats:
        if len(bars) <= strategy.warm_up:
            return np.zeros((1, len(MEASURES)))
        result = run_backtest(bars, strategy, terms.fills, terms.costs, terms.account, finer=terms.finer)
        return measured(result)[np.newaxis]

    return work


def measured(result: Result) -> Floats:
    """(MEASURES,) of one finished backtest; the quick kernel gives the same for one unit."""
    t = result.trades
    pnl, r = t.pnl[t.closed], t.r[t.closed]
    known = r[~np.isnan(r)]
    equity = np.concatenate(([0.0], result.equity - result.start))
    falls = np.maximum.accumulate(equity) - equity
    return np.array([
        len(pnl), np.count_nonzero(pnl > 0), equity[-1], pnl[pnl > 0].sum(), -pnl[pnl < 0].sum(), known.sum(),
        (known**2).sum(), falls.max(), (np.diff(equity) ** 2).sum(), (t.bars_held + 1).sum(), len(known),
    ])  # fmt: skip
