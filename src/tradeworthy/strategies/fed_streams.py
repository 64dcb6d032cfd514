"""Streams of compiled strategies: all that changes stands in one array, so that a copy of a stream is a copy of that."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, Self

import numpy as np
import numpy.typing as npt

from tradeworthy.strategies.kept_streams import Named, counts_of, damaged, floats_of, part_of, same, written
from tradeworthy.strategies.protocol import Decision

Floats = npt.NDArray[np.float64]

_STATE: Final = 8
_SEEN, _WAS, _SUMS, _ATR, _LAST = 0, 1, slice(2, _STATE), 6, 7
"""Places that the memories of all such strategies have in common: whole numbers, then sums, the last range and close."""

_FIRST_ROOM: Final = 512
"""Closes. The ring of a very slow strategy grows as they come."""

_WITHOUT_ENTRY = tuple(Decision(0, leave, math.nan, math.nan) for leave in range(4))


class Fed(Named, Protocol):
    """A strategy whose step works on such a memory."""

    @property
    def multiples(self) -> tuple[float, float]:
        """Of stop and target, in ranges; NaN for none."""


class FedStream:
    """A strategy being fed live; a `KeptStream`. The first eight places of the memory are state, then come parameters.

    numbers: these parameters. window: how many closes the step looks back; they stand last, in a ring. rings: how often
    the ring is written, one after the other; one that is written twice does not grow.
    """

    __slots__ = ("_closes", "_memory", "_rings", "_strategy", "_window")

    def __init__(self, strategy: Fed, numbers: Sequence[float], window: int, rings: int) -> None:
        self._strategy, self._window, self._rings, self._closes = strategy, window, rings, _STATE + len(numbers)
        room = window if rings > 1 else min(window, _FIRST_ROOM)
        self._memory: npt.NDArray[np.float64] = np.zeros(self._closes + rings * room)
        self._memory[_STATE : self._closes] = numbers
        self._memory[_WAS] = 2

    @abstractmethod
    def update(self, high: float, low: float, close: float) -> Decision:
        """The decision at the close of the next bar."""

    def copy(self) -> Self:
        """Another stream that stands where this one does."""
        made = object.__new__(type(self))
        made._strategy, made._memory, made._closes = self._strategy, self._memory.copy(), self._closes
        made._window, made._rings = self._window, self._rings
        return made

    @abstractmethod
    def take_in(self, high: Floats, low: Floats, close: Floats, *, enters: bool, leaves: int) -> int:
        """Take bars in until the first that decides, that one too; how many came before it, or before the ring has to grow."""

    def taken(self, high: Floats, low: Floats, close: Floats, *, enters: bool, leaves: int) -> tuple[Self, int]:
        """See `BatchStream`."""
        made = self.copy()
        return made, made.take_in(high, low, close, enters=enters, leaves=leaves)

    def after(self, high: Floats, low: Floats, close: Floats) -> Self:
        """See `BatchStream`."""
        made = self.copy()
        made.feed(high, low, close)
        return made

    def feed(self, high: Floats, low: Floats, close: Floats) -> None:
        """Take in bars whose decisions nobody asks for."""
        done = 0
        while done < len(close):
            done += self.take_in(high[done:], low[done:], close[done:], enters=False, leaves=0)
            if done < len(close):
                self._grow()

    def saved(self) -> dict[str, Any]:
        """Its parameters, bars seen and where the last close stood, sums and range, and the latest closes, oldest first."""
        memory, room = self._memory.tolist(), self._room()
        seen, ring = int(memory[_SEEN]), memory[self._closes : self._closes + room]
        oldest = seen % room if seen > room else 0
        closes = (ring[oldest:] + ring[:oldest])[:seen]
        return written(self._strategy, counts=[seen, int(memory[_WAS])], sums=memory[_SUMS], closes=closes)

    def take(self, saved: Mapping[str, Any]) -> Self:
        """This stream, new until now, as the one that wrote this. Raises InputError where it is damaged or of other
        parameters."""
        counts, sums, closes = part_of(self._strategy, saved, "counts", "sums", "closes")
        seen, was = counts_of(
            self._strategy, counts, "counts", lambda these: len(these) == 2 and these[0] >= 0 and -1 <= these[1] <= 2
        )
        sums = floats_of(self._strategy, sums, "sums", _STATE - 2)
        closes = floats_of(self._strategy, closes, "closes", min(seen, self._window))
        if closes and not same(closes[-1], sums[-1]):
            damaged(self._strategy, "its last close stands there twice and differs")
        while self._room() < len(closes):
            self._grow()
        self._memory[_SEEN], self._memory[_WAS], self._memory[_SUMS] = seen, was, sums
        places = self._closes + np.arange(seen - len(closes), seen) % self._room()
        for ring in range(self._rings):
            self._memory[places + ring * self._room()] = closes
        return self

    def _room(self) -> int:
        return (len(self._memory) - self._closes) // self._rings

    def _grow(self) -> None:
        more = min(self._window, 4 * self._room()) - self._room()
        self._memory = np.concatenate((self._memory, np.zeros(more)))

    def _decision(self, told: int) -> Decision:
        """What the step told: `leave` + 4 x (1 + `enter`)."""
        if 4 <= told < 8:
            return _WITHOUT_ENTRY[told - 4]
        (stop, target), atr = self._strategy.multiples, float(self._memory[_ATR])
        return Decision(told // 4 - 1, told % 4, stop * atr, target * atr)
