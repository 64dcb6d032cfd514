"""Calling what somebody else wrote, where a failure of any type is an answer to be dealt with and not an end."""

from types import TracebackType
from typing import Self


class Attempt:
    """`with Attempt() as tried: ...`; afterwards `tried.error` holds the exception, None where there was none.

    Only what derives from Exception is held: an interrupt, and a program that is to end, pass through.
    """

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error if isinstance(error, Exception) else None
        return self.error is not None
