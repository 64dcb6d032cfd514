"""What a risk calibration remembers, and how it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from tradeworthy.adapters.files.calibration_file import CalibrationFile, StoredCalibration
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.running_calibration import Moment, RunningCalibration
from tradeworthy.controls.volatility_levels import Percentiles
from tradeworthy.controls.volatility_regime import VolatilityRegimeDetector
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown, whole_number

IDS_KEPT: Final = 10_000
"""Of trades, the latest; a desk of ten a day has years of them."""


@dataclass(frozen=True, slots=True)
class CalibrationMemory:
    """Every event gives a new one, so that it holds whole or not at all.

    open_entries: trades told when they were entered and not yet closed. results: by trade id.
    """

    initial_capital: float
    running: RunningCalibration
    detector: VolatilityRegimeDetector
    open_entries: int = 0
    results: dict[str, float] = field(default_factory=dict)

    def after_entry(self, day: int) -> Self:
        """A trade was entered on that day."""
        return replace(self, running=self.running.after_entry(day), open_entries=self.open_entries + 1)

    def after_result(self, pnl: float, moment: Moment, trade_id: str | None) -> Self:
        """A trade was closed; one whose entry was not told counts as one of that day."""
        told = self.open_entries > 0
        running = self.running if told else self.running.after_entry(moment.day)
        results = self.results
        if trade_id is not None:
            results = dict(list({**self.results, trade_id: pnl}.items())[-IDS_KEPT:])
        return replace(
            self,
            running=running.after_result(pnl, moment),
            open_entries=max(0, self.open_entries - 1),
            results=results,
        )

    def counted(self, trade_id: str | None, pnl: float) -> bool:
        """Whether this result was told already. Raises InputError where it was another one then."""
        if trade_id is None or trade_id not in self.results:
            return False
        if self.results[trade_id] != pnl:
            raise InputError(
                f"trade {trade_id} was told already with a pnl of {self.results[trade_id]:g}, and now with {pnl:g}; find out "
                "which is right, and tell a correction as a result of its own"
            )
        return True

    def stored(self) -> StoredCalibration:
        """As it is written down."""
        losses, balance, peak, cooldown_until, entry_day, entries, pause_day, stopped = self.running.state
        return StoredCalibration(
            initial_capital=self.initial_capital, losses_in_a_row=int(losses), balance=float(balance), peak=float(peak),
            cooldown_until_ns=int(cooldown_until), entry_day=int(entry_day), entries=int(entries), pause_day=int(pause_day),
            stopped=bool(stopped), open_entries=self.open_entries, volatility=self.detector.values, results=self.results,
        )  # fmt: skip


def begun(
    capital: float, rules: Calibration, history: Iterable[float], percentiles: Percentiles | None
) -> CalibrationMemory:
    """Before the first trade."""
    return CalibrationMemory(
        capital, RunningCalibration.begun(rules, capital), VolatilityRegimeDetector(history, percentiles)
    )


def resumed(stored: StoredCalibration, fresh: CalibrationMemory, path: Path) -> CalibrationMemory:
    """What was kept, under the rules and the capital of `fresh`; its history of volatility counts where none was kept.

    Raises InputError for another initial capital than the kept one, and for what cannot be.
    """
    if stored.initial_capital != fresh.initial_capital:
        raise InputError(
            f"{path}: kept for an initial_capital of {stored.initial_capital:.15g}, and not of {fresh.initial_capital:.15g}; give "
            "that one, or name another file"
        )
    if stored.peak < stored.balance or stored.peak <= 0 or min(stored.losses_in_a_row, stored.entries) < 0:
        raise InputError(f"{path}: the state of the calibration cannot be; restore it from a copy, or move it away")
    state = (
        stored.losses_in_a_row, stored.balance, stored.peak, stored.cooldown_until_ns, stored.entry_day, stored.entries,
        stored.pause_day, int(stored.stopped),
    )  # fmt: skip
    running = RunningCalibration.resumed(fresh.running.rules, state)
    detector = fresh.detector.told(stored.volatility) if stored.volatility else fresh.detector
    return CalibrationMemory(stored.initial_capital, running, detector, max(0, stored.open_entries), stored.results)


def file_for(state: Any) -> CalibrationFile | None:
    """Where it is to be kept; None for nowhere. Raises InputError for what is no path."""
    if state is None:
        return None
    if not isinstance(state, str | Path) or not str(state).strip():
        raise InputError(f"state must be the path of a file such as 'calibration.json', not {shown(state)}")
    return CalibrationFile(Path(state).expanduser().resolve())


def id_of(trade_id: Any) -> str | None:
    """As text; None for none. Raises InputError for what is neither text nor a whole number."""
    if trade_id is None:
        return None
    text = trade_id if isinstance(trade_id, str) else whole_number(trade_id)
    if text is None or not str(text).strip():
        raise InputError(f"trade_id must be text or a whole number, not {shown(trade_id)}")
    return str(text)
