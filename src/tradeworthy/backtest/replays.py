"""Running a strategy again and again over parts and variants of one history."""

from dataclasses import dataclass

from tradeworthy.backtest.other_futures import Future, with_other_future
from tradeworthy.backtest.sameness import wanted_only
from tradeworthy.core.errors import TradeworthyError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.checking import decided
from tradeworthy.strategies.protocol import Decisions, Strategy

RAISED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, ImportError, LookupError, NameError, OSError, RuntimeError,
    StopIteration, SystemExit, TypeError, ValueError, TradeworthyError,
)  # fmt: skip
"""What a foreign strategy raises when it cannot work with what it is given."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The strategy raised instead of deciding."""

    words: str


class Replays:
    """One strategy over one history. `spent` counts the bars that were replayed."""

    def __init__(self, strategy: Strategy, bars: Bars, seed: int) -> None:
        self._strategy = strategy
        self._seed = seed
        self.bars = bars
        self.spent = 0

    def run(self, start: int, stop: int) -> Decisions | Refusal:
        """Bars `start` up to but without `stop`, as a history of their own."""
        return self._decide(self.bars.slice(start, stop))

    def cut_off(self, cut: int) -> Decisions | Refusal:
        """The first `cut` bars and nothing after."""
        return self.run(0, cut)

    def replaced(self, cut: int) -> Decisions | Refusal:
        """The first `cut` bars with another future, as far as that cut is concerned."""
        future = Future.MIRRORED if cut % 2 else Future.SHUFFLED
        found = self._decide(with_other_future(self.bars, cut, future, self._seed))
        return found if isinstance(found, Refusal) else found.until(cut)

    def _decide(self, bars: Bars) -> Decisions | Refusal:
        self.spent += len(bars)
        try:
            return wanted_only(decided(self._strategy, bars))
        except RAISED as error:
            return Refusal(described(error))


def described(error: BaseException) -> str:
    """`ValueError: too short`, on one line and not endless."""
    words = " ".join(str(error).split())
    if isinstance(error, TradeworthyError):
        return words  # its sentence says already who raised what
    return f"{type(error).__name__}: {words[:200]}" if words else type(error).__name__
