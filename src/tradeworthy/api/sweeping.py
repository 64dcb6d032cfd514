"""Search over parameters, with every trial entered in the desk's ledger and nothing tried twice."""

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.files.trial_ledger import TrialLedger, TrialRecord, found, trials
from tradeworthy.api.progress import Silent
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.grid import Grid, Sets
from tradeworthy.backtest.sweep_result import MEASURES, Searched, SweepResult
from tradeworthy.backtest.sweeping import Terms, try_all
from tradeworthy.core.clock import DAY_NS, SECOND_NS, now_ns, rfc3339
from tradeworthy.core.errors import InputError, NotEnoughData, OutputError
from tradeworthy.core.finite import plain_number
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.market.bars import Bars
from tradeworthy.ports import Progress
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.strategies.checking import check_strategy
from tradeworthy.strategies.function_sets import FunctionSets, maker_of
from tradeworthy.strategies.protocol import Strategy
from tradeworthy.strategies.python_function import History
from tradeworthy.wiring.strategy_sources import load_factory

Floats = npt.NDArray[np.float64]

MOST_SETS = 1_000_000
FLUSH_NS = SECOND_NS
"""How long trials may wait to be entered together; nobody sees a result before it is entered."""
_YEAR_NS = 365.25 * DAY_NS


def sweep(
    bars: Bars | Sequence[Bars],
    strategy: str | Callable[..., Any],
    grid: Mapping[str, Any],
    *,
    fills: FillRules | None = None,
    costs: Costs | None = None,
    account: Account | None = None,
    finer: Bars | None = None,
    desk: str | Path = ".",
    most: int = MOST_SETS,
    threads: int | None = None,
    progress: Progress | None = None,
    history: History = "rows",
) -> SweepResult:
    """Trade every combination of parameters on every instrument.

    strategy: its name (`ma_crossover`, `file.py:Class`), the class (or what else makes strategies), or a plain function
    `(historical_data, symbol, ...)`, whose further parameters are varied. Without `fills` the prices of a function stay
    where it put them (`stops_from="signal_close"`); history: what it sees, "rows" (dicts), "bars", "pandas" or "polars".
    Functions are tried one set after another, and one that remembers what it saw remembers the set before as well.
    grid: {parameter: values, or one value for all sets}. desk: the folder whose ledger (`ledger/trials.jsonl`) every
    trial is entered in; sets that stand there for the same bars, terms and version are read instead of tried again, so
    a search that was interrupted goes on where it was. most: how many sets may be begun unasked. threads: all cores
    where None; the result does not depend on it. Sets that the strategy refuses are left out and counted.
    Raises InputError for a grid without a valid set or beyond `most` and for the same bars twice, OutputError where the
    ledger cannot be written, NotEnoughData for bars over which no set can warm up.
    """
    several = [bars] if isinstance(bars, Bars) else list(bars)
    if not several or any(not isinstance(one, Bars) for one in several):
        raise InputError("sweep takes bars as Bars, or as a list of Bars, one for each instrument")
    if any(len(one) < 2 for one in several):
        raise NotEnoughData("sweep: there are bars with fewer than two of them; bring more history")
    _check_different(several)
    plan = Grid.of(grid)
    maker = maker_of(load_factory(strategy) if isinstance(strategy, str) else strategy, grid, history)
    sets = Sets.of(maker, plan, most)
    check_strategy(sets.strategies[0])
    _check_long_enough(several, sets)
    usual = FillRules(stops_from="signal_close") if isinstance(maker, FunctionSets) else FillRules()
    terms = Terms(fills or usual, costs or Costs(), account, finer)
    search = _Search(several, plan, sets, terms, TrialLedger(DeskFolder(Path(desk)).ledger), progress or Silent())
    return replace(search.run(threads), desk=Path(desk))


def _check_different(several: Sequence[Bars]) -> None:
    """Bars that stand there twice would be tried, entered and counted as two instruments."""
    seen = set()
    for one in several:
        if (one.label, one.data_hash) in seen:
            raise InputError(
                f"sweep: the bars of {one.label} are given twice, and would count twice; leave one of them out"
            )
        seen.add((one.label, one.data_hash))


def _check_long_enough(several: Sequence[Bars], sets: Sets) -> None:
    """Bars over which no set at all can warm up would be a search in which nothing traded."""
    least = min(sets.strategies, key=lambda one: one.warm_up)
    for one in several:
        if len(one) <= least.warm_up:
            raise NotEnoughData(
                f"{one.label}: {least.name} needs {least.warm_up:,} bars or more to warm up in every set of the grid and one to "
                f"trade, and there are {len(one):,}; bring more history or shorten its periods"
            )


class _Search:
    """One sweep under way: what is known, what is missing, what was just measured."""

    def __init__(
        self, bars: list[Bars], plan: Grid, sets: Sets, terms: Terms, ledger: TrialLedger, progress: Progress
    ) -> None:
        self.bars, self.plan, self.sets, self.terms = bars, plan, sets, terms
        self.ledger, self.progress = ledger, progress
        self.name = sets.strategies[0].name
        self.measures = np.full((len(bars), len(sets.points), len(MEASURES)), np.nan)
        self.code = sorted(_code_of(made) for made in {_made_by(one) for one in sets.strategies})
        self.runs = [self._run(one) for one in bars]
        made = [strategy.parameters for strategy in sets.strategies]
        self.names = tuple(sorted({name for one in made for name in one}))
        self.keys = [tuple(_plain(one.get(name)) for name in self.names) for one in made]
        self.finished = 0
        self.pending: dict[int, list[tuple[Sequence[int], list[list[float]]]]] = {}
        self.records: list[TrialRecord] = []
        self.flushed = now_ns()

    def run(self, threads: int | None) -> SweepResult:
        names, keys = self.names, self.keys
        missing = []
        self.records = list(self.ledger)
        before = found(self.records, self.runs, names)
        for place, run in enumerate(self.runs):
            known = before[run]
            for i, key in enumerate(keys):
                if key in known:
                    self.measures[place, i] = known[key]
            missing.append([i for i, key in enumerate(keys) if key not in known])
        self.finished = self.measures.shape[0] * len(keys) - sum(len(one) for one in missing)
        self._tell()
        if any(missing):
            self.ledger.prepare()
        try:
            try_all(self.bars, self.sets.strategies, missing, self.terms, self._enter, threads)
        except KeyboardInterrupt:
            self._flush()
            self._count_entered()
            raise
        finally:
            self._flush()
        labels = sorted({one.instrument.symbol for one in self.bars})
        searched = tuple(
            Searched(one.label, len(one), one.data_hash, (len(one) - 1) / ((one.close_time[-1] - one.close_time[0]) / _YEAR_NS))
            for one in self.bars
        )  # fmt: skip
        self.measures.flags.writeable = False
        count = trials(self.records, self.name, labels)
        return SweepResult(self.name, self.plan, self.sets, searched, self.measures, count)

    def _count_entered(self) -> None:
        """An interruption falls between any two lines, so only the ledger knows what was entered before it."""
        known = found(self.ledger, self.runs, self.names)
        wanted = set(self.keys)
        self.finished = sum(len(wanted & known[run].keys()) for run in self.runs)
        self._tell()

    def _tell(self) -> None:
        self.progress.update("trying sets", self.finished, self.measures.shape[0] * self.measures.shape[1])

    def _enter(self, place: int, places: Sequence[int], values: Floats) -> None:
        if not np.isfinite(values).all():
            raise OutputError(f"{self.ledger.path}: a trial measured something that is no number; please report it")
        self.measures[place, list(places)] = values
        self.pending.setdefault(place, []).append((places, values.tolist()))  # while others are still tried
        self.finished += len(places)
        self._tell()
        if now_ns() - self.flushed >= FLUSH_NS:
            self._flush()

    def _flush(self) -> None:
        pending, self.pending = self.pending, {}  # first, so that an interruption has nothing entered twice
        records = [self._record(place, pieces) for place, pieces in pending.items()]
        if records:
            self.ledger.append(records)
            self.records += records
        self.flushed = now_ns()

    def _record(self, place: int, pieces: Sequence[tuple[Sequence[int], list[list[float]]]]) -> TrialRecord:
        bars = self.bars[place]
        return TrialRecord(
            time=rfc3339(now_ns() // SECOND_NS * SECOND_NS), version=PACKAGE_VERSION, run=self.runs[place],
            strategy=self.name, instrument=bars.instrument.symbol, timeframe=bars.timeframe.value,
            first=rfc3339(int(bars.open_time[0])), last=rfc3339(int(bars.close_time[-1])), bars=len(bars),
            data_hash=bars.data_hash, terms=self._terms(bars), names=self.names,
            sets=[self.keys[i] for places, _ in pieces for i in places],
            measures=MEASURES, values=[row for _, rows in pieces for row in rows],
        )  # fmt: skip

    def _terms(self, bars: Bars) -> dict[str, Any]:
        terms = self.terms
        told = {
            "fills": asdict(terms.fills), "costs": terms.costs.told(bars.instrument),
            "account": terms.account.told(bars) if terms.account else None,
            "finer": terms.finer.data_hash if terms.finer else None,
        }  # fmt: skip
        plain: dict[str, Any] = json.loads(json.dumps(told, default=plain_number))
        return plain

    def _run(self, bars: Bars) -> str:
        told = [PACKAGE_VERSION, self.name, self.code, bars.data_hash, self._terms(bars)]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _made_by(strategy: Strategy) -> Any:
    """The class of a strategy, or the function that it asks."""
    made: Any = getattr(strategy, "function", type(strategy))
    while isinstance(made, partial):
        made = made.func
    return made


def _code_of(made: Any) -> str:
    """A class or function and the file that it stands in, so that one that was changed is tried anew. What stands in no
    file, such as a function typed in, is never taken for another: it gets the moment."""
    name = f"{getattr(made, '__module__', '')}.{getattr(made, '__qualname__', made)}"
    try:
        return f"{name} {hashlib.sha256(Path(inspect.getfile(made)).read_bytes()).hexdigest()}"
    except (TypeError, OSError):
        return f"{name} {now_ns()}"


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
