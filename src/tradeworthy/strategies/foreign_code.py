"""Where code of somebody else is called: whatever it raises becomes one sentence, with its own error as the cause."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from tradeworthy.core.errors import InputError


class ForeignCode:
    """A stretch in which nothing of ours runs: `with ForeignCode(who): ...`, entered as often as one likes.

    who: says who failed and where, such as `breakout at bar 7`; asked only when something was raised. An InputError of
    ours that the code ran into keeps its sentence. file: the line of
    that file in which it happened is named where it can be found. Interrupts and exits pass through.
    """

    __slots__ = ("_file", "_who")

    def __init__(self, who: Callable[[], str], file: str | None = None) -> None:
        self._who = who
        self._file = file

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, InputError):
            raise InputError(f"{self._who()}: {error}") from error
        if isinstance(error, Exception):
            line = line_in(error, trace, self._file)
            where = "" if line is None else f" in line {line}"
            raise InputError(f"{self._who()} raised {said(error)}{where}") from error


def said(error: BaseException) -> str:
    """`KeyError: 'price'`, in one line and not too long."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words:.300}" if words else type(error).__name__


def line_in(error: BaseException, trace: TracebackType | None, file: str | None) -> int | None:
    """The last line of `file` on the way to the error, or the one that Python could not read."""
    if file is None:
        return None
    if isinstance(error, SyntaxError):
        return error.lineno if error.filename == file else None
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def file_of(function: Any) -> str | None:
    """The file a function is written in; None where Python does not say."""
    inner = getattr(function, "func", function)
    method = type(inner).__dict__.get("__call__")
    code = getattr(inner, "__code__", None) or getattr(method, "__code__", None)
    return None if code is None else str(code.co_filename)
