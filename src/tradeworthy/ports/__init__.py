"""Every seam of the house as a Protocol, on one page. An adapter fulfils one; nothing inside knows which."""

from typing import Protocol, TypeVar

from tradeworthy.core.bar import Timeframe

T_co = TypeVar("T_co", covariant=True)


class BarStore(Protocol[T_co]):
    """Somewhere that bars come from. `T_co` is `market.bars.Bars`, which this floor may not name."""

    @property
    def name(self) -> str:
        """What people call it: a folder, or `ecb`."""

    def read(self, symbol: str, timeframe: Timeframe) -> T_co:
        """All bars of one instrument. Raises InputError, saying what to do, when there are none."""


class Progress(Protocol):
    """Somebody who wants to know how far a long piece of work is."""

    def update(self, work: str, done: int, total: int) -> None:
        """`done` of `total` equal parts of `work` are finished."""
