"""Watch a bot's trades for the loss of its edge, in Python as on the command line."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.files.baseline_files import BaselineFolder, read_baseline
from tradeworthy.adapters.files.trade_files import TradeHistory, read_trades
from tradeworthy.api.validation import moment
from tradeworthy.appraisal.drifting import StrategyDrift, drift_of
from tradeworthy.core.clock import from_datetime, from_rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.market.rules import Severity
from tradeworthy.settings.desk_folder import DeskFolder

Floats = npt.NDArray[np.float64]


def watch_drift(
    trades: Any,
    *,
    baseline: str | Path | None = None,
    until: str | date | None = None,
    columns: Mapping[str, str] | None = None,
    timezone: str | None = None,
    error: float = 0.05,
    run_length: float = 1_000.0,
    desk: str | Path = ".",
) -> tuple[StrategyDrift, ...]:
    """Whether each strategy of a trade history still has what its baseline had: HOLDS, DRIFTING or STOPPED.

    trades: a path or dataframe. baseline: a stored baseline (path, number or name in the desk, `latest`), or another
    history of trades; or None with `until`: then all that closed by that day (its end, UTC) or moment is the baseline.
    Trades count from the end of the baseline on. error, run_length: as for `DriftMonitor`.
    Raises InputError for what cannot be read, or when there is neither or both of baseline and until.
    """
    if (baseline is None) == (until is None):
        raise InputError(
            "name what is held against: either a baseline, or until when the history itself is one (--until)"
        )
    whole = read_trades(trades, columns=columns, timezone=timezone)
    history, copies = whole.without_copies()
    other_units: set[str] = set()
    if until is not None:
        end = moment(until)
        after = 0 if end is None else from_datetime(end)
        history = history.measured_before(after)
        before = {one.strategy: one.r[one.exit_time <= after] for one in history.samples}
    else:
        before, after, sizes = _baseline(str(baseline), Path(desk), columns, timezone)
        history = history.measured_before(after, sizes)
        other_units = (set(history.sizes) ^ set(sizes)) & {one.strategy for one in history.samples} & set(before)
    return drift_of(
        history.samples, before, after, error=error, run_length=run_length, other_units=other_units,
        notes=_notes(whole, copies),
    )  # fmt: skip


def _notes(whole: TradeHistory, copies: Mapping[str, int]) -> dict[str, list[str]]:
    """By strategy: copies that do not count, and every warning about the history."""
    told = [one.message for one in whole.findings if one.severity is not Severity.NOTE and one.rule != "duplicates"]
    return {
        one.strategy: [
            *([f"{counted(copies[one.strategy], 'exact copy', 'exact copies')} of other trades left out: evidence counts once"]
              if one.strategy in copies else []),
            *told,
        ]
        for one in whole.samples
    }  # fmt: skip


def _baseline(
    which: str, desk: Path, columns: Mapping[str, str] | None, timezone: str | None
) -> tuple[dict[str, Floats], int, dict[str, float]]:
    """R by strategy, the end of the baseline, and what stands in for one R where there are no stops."""
    path = BaselineFolder(DeskFolder(desk).baselines).find(which)
    if path.suffix == ".json" and b'"baseline"' in path.read_bytes()[:200]:
        stored = read_baseline(path).baseline
        return {one.name: np.array(one.r) for one in stored.strategies}, from_rfc3339(stored.until), stored.sizes
    history, _ = read_trades(path, columns=columns, timezone=timezone).without_copies()
    end = max(int(one.exit_time[-1]) for one in history.samples)
    return {one.strategy: one.r for one in history.samples}, end, history.sizes
