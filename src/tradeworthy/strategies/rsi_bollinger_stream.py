"""RSI and Bollinger bands being fed live, one bar at a time."""

from tradeworthy.strategies.fed_streams import FedStream, Floats
from tradeworthy.strategies.protocol import Decision
from tradeworthy.strategies.rsi_bollinger import RsiBollinger
from tradeworthy.strategies.rsi_bollinger_steps import band_fed, band_fed_many


class RsiBollingerStream(FedStream):
    """Equal to `RsiBollinger.decisions` to the last bit."""

    __slots__ = ()

    def __init__(self, strategy: RsiBollinger) -> None:
        numbers = (*strategy.periods, *strategy.bounds, strategy.exit_at_middle)
        super().__init__(strategy, numbers, strategy.band_period, rings=2)

    def update(self, high: float, low: float, close: float) -> Decision:
        """The decision at the close of the next bar."""
        return self._decision(band_fed(self._memory, high, low, close))

    def take_in(self, high: Floats, low: Floats, close: Floats, *, enters: bool, leaves: int) -> int:
        """See `FedStream`."""
        return int(band_fed_many(self._memory, high, low, close, enters, leaves))
