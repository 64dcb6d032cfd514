"""A stored baseline that present trades are held against, and what of it no longer fits."""

from dataclasses import dataclass

import numpy as np

from tradeworthy.appraisal.baseline import Baseline, BaselineStrategy
from tradeworthy.appraisal.baseline_changes import BaselineChange
from tradeworthy.appraisal.record import BaselineUsed
from tradeworthy.core.clock import from_rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.validation.samples import TradeSample, Window
from tradeworthy.validation.selection import Trials

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Against:
    """The baseline, what it is called and its file's hash. forced: whether it is used even where it does not fit."""

    baseline: Baseline
    label: str
    sha256: str
    forced: bool = False

    @property
    def until_ns(self) -> int:
        """The end of what it holds."""
        return self._moment(self.baseline.until)

    def window(self, wanted: Window) -> Window:
        """The window, begun where the baseline ends if that is later. Raises InputError when nothing is left of it."""
        if self.until_ns >= wanted.end_ns:
            raise InputError(
                f"{self.label}: the baseline goes up to {self.baseline.until}, and no data are newer than that: "
                "bring newer data, or validate without a baseline (--baseline, or baseline= in Python)"
            )
        return Window(max(wanted.start_ns, self.until_ns), wanted.end_ns)

    def trials(self, strategy: str, ledger: Trials | None) -> Trials | None:
        """What was known of the search when the baseline was stored, else what the ledger knows now."""
        stored = self.baseline.strategy(strategy)
        return stored.trials if stored is not None and stored.trials is not None else ledger

    def sample(self, now: TradeSample, window: Window) -> TradeSample:
        """The baseline's trades, then those of the window; what closed in between belongs to neither."""
        later = now.exit_time > window.start_ns
        stored = self.baseline.strategy(now.strategy)
        if stored is None:
            return TradeSample(now.strategy, now.exit_time[later], now.r[later], window.start_ns, now.ends_ns)
        times, r = self._trades(stored)
        return TradeSample(
            now.strategy, np.concatenate((times, now.exit_time[later])), np.concatenate((r, now.r[later])),
            self._moment(stored.since), now.ends_ns,
        )  # fmt: skip

    def used(self, changes: list[BaselineChange]) -> BaselineUsed:
        """For the record. Raises InputError naming what does not fit, unless it was forced."""
        words = [str(one) for one in changes]
        if words and not self.forced:
            more = [f"and {counted(len(words) - _SHOWN, 'more difference')}"] if len(words) > _SHOWN else []
            raise InputError(
                f"{self.label}: the baseline is of something else; nothing was judged:\n  "
                + "\n  ".join([*words[:_SHOWN], *more])
                + "\nStore a new one with `tradeworthy baseline save`, or hold against it all the same with --force."
            )
        one = self.baseline
        return BaselineUsed(self.label, self.sha256, one.until, one.verdict, self.forced, tuple(words))

    def _trades(self, stored: BaselineStrategy) -> tuple[np.ndarray, np.ndarray]:
        times = np.array([self._moment(one) for one in stored.exit_time], np.int64)
        if np.any(np.diff(times) < 0) or (len(times) and times[-1] > self.until_ns):
            raise InputError(f"{self.label}: the trades of {stored.name} are out of order; restore it from a copy")
        return times, np.array(stored.r, np.float64)

    def _moment(self, text: str) -> int:
        try:
            return from_rfc3339(text)
        except ValueError as error:
            raise InputError(f"{self.label}: {error}; restore it from a copy") from error
