"""Where a part keeps its state: in memory, or in a place that somebody gives it. Changed by one thread at a time."""

import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Cell(Protocol[T]):
    """One value that several threads may read and change."""

    def get(self) -> T:
        """The value as it is now."""

    def change(self, step: Callable[[T], T]) -> T:
        """Put `step(value)` in its place, with nobody in between, and return that. `step` may be told again, and may not
        ask the cell."""


class MemoryCell(Generic[T]):
    """A cell that is gone with its process."""

    def __init__(self, value: T) -> None:
        self._value = value
        self._lock = threading.Lock()

    def get(self) -> T:
        """The value as it is now."""
        return self._value

    def change(self, step: Callable[[T], T]) -> T:
        """Put `step(value)` in its place and return that."""
        with self._lock:
            self._value = step(self._value)
            return self._value
