"""The drift of every strategy of a trade history, held against a baseline's trades."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.verdict import DriftState
from tradeworthy.validation.drift import DriftMonitor, DriftReading, check_promises
from tradeworthy.validation.samples import TradeSample

Floats = npt.NDArray[np.float64]

OTHER_UNIT = (
    "R is measured by stops on one side and by a usual loss on the other, because not every trade has a stop on its losing side; "
    "these are two quantities: give every trade its stop, or make the baseline of a history like this one"
)


@dataclass(frozen=True, slots=True)
class StrategyDrift:
    """One strategy; reading is None where it could not be judged, and the sentence says why. notes: what was noticed about
    the history that its trades are from."""

    strategy: str
    baseline_trades: int
    reading: DriftReading | None
    sentence: str
    notes: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The state, or that there is none."""
        return str(self.reading.state) if self.reading else "NOT JUDGED"


def drift_of(
    samples: Sequence[TradeSample],
    baselines: Mapping[str, Floats],
    after_ns: int,
    *,
    error: float,
    run_length: float,
    other_units: Collection[str] = (),
    notes: Mapping[str, Sequence[str]] | None = None,
) -> tuple[StrategyDrift, ...]:
    """The drift of each sample's trades that closed after that moment, by the baseline's R of the same strategy.

    other_units: strategies whose R is measured by stops on one side only, and so is another quantity. notes: by strategy.
    """
    check_promises(error, run_length)
    found = []
    for sample in samples:
        if sample.strategy in other_units:
            found.append(StrategyDrift(sample.strategy, len(baselines[sample.strategy]), None, OTHER_UNIT))
            continue
        before = baselines.get(sample.strategy)
        if before is None:
            have = ", ".join(sorted(baselines)) or "none"
            sentence = f"the baseline has no strategy of this name; it has {have}"
            found.append(StrategyDrift(sample.strategy, 0, None, sentence))
            continue
        try:
            monitor = DriftMonitor(before, error=error, run_length=run_length)
        except InputError as problem:
            found.append(StrategyDrift(sample.strategy, len(before), None, str(problem)))
            continue
        reading = monitor.run(sample.r[sample.exit_time > after_ns])
        found.append(StrategyDrift(sample.strategy, len(before), reading, reading.sentence))
    there = {one.strategy for one in samples}
    found += [
        StrategyDrift(name, len(before), None, "the history has no trade of it, so nothing was looked at")
        for name, before in baselines.items()
        if name not in there
    ]
    return tuple(replace(one, notes=tuple((notes or {}).get(one.strategy, ()))) for one in found)


def exit_code(found: Sequence[StrategyDrift]) -> int:
    """0 where all hold, 1 where one has stopped, 3 where one drifts or could not be judged."""
    states = {one.reading.state if one.reading else None for one in found}
    if DriftState.STOPPED in states:
        return 1
    return 0 if states == {DriftState.HOLDS} else 3
