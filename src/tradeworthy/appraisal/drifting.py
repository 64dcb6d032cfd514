"""The drift of every strategy of a trade history, held against a baseline's trades."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.verdict import DriftState
from tradeworthy.validation.drift import DriftMonitor, DriftReading, check_promises
from tradeworthy.validation.samples import TradeSample

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StrategyDrift:
    """One strategy; reading is None where it could not be judged, and the sentence says why."""

    strategy: str
    baseline_trades: int
    reading: DriftReading | None
    sentence: str

    @property
    def word(self) -> str:
        """The state, or that there is none."""
        return str(self.reading.state) if self.reading else "NOT JUDGED"


def drift_of(
    samples: Sequence[TradeSample], baselines: Mapping[str, Floats], after_ns: int, *, error: float, run_length: float
) -> tuple[StrategyDrift, ...]:
    """The drift of each sample's trades that closed after that moment, by the baseline's R of the same strategy."""
    check_promises(error, run_length)
    found = []
    for sample in samples:
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
    return tuple(found)


def exit_code(found: Sequence[StrategyDrift]) -> int:
    """0 where all hold, 1 where one has stopped, 3 where one drifts or could not be judged."""
    states = {one.reading.state if one.reading else None for one in found}
    if DriftState.STOPPED in states:
        return 1
    return 0 if states == {DriftState.HOLDS} else 3
