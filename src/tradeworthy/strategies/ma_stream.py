"""The moving-average cross being fed live, one bar at a time."""

from tradeworthy.strategies.fed_streams import FedStream, Floats
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.ma_steps import ma_fed, ma_fed_many
from tradeworthy.strategies.protocol import Decision


class MaCrossoverStream(FedStream):
    """Equal to `MaCrossover.decisions` to the last bit."""

    __slots__ = ()

    def __init__(self, strategy: MaCrossover) -> None:
        it = strategy
        numbers = (it.fast, it.slow, it.atr_period, it.min_atr, it.exit_on_opposite_cross)
        super().__init__(strategy, numbers, max(it.fast, it.slow), rings=1)

    def update(self, high: float, low: float, close: float) -> Decision:
        """The decision at the close of the next bar."""
        told = ma_fed(self._memory, high, low, close)
        if told < 0:
            self._grow()
            told = ma_fed(self._memory, high, low, close)
        return self._decision(told)

    def take_in(self, high: Floats, low: Floats, close: Floats, *, enters: bool, leaves: int) -> int:
        """See `FedStream`."""
        return int(ma_fed_many(self._memory, high, low, close, enters, leaves))
