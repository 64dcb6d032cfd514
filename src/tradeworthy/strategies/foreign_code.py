"""Where code of somebody else is called: whatever it raises becomes one sentence, with its own error as the cause."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from tradeworthy.core.errors import InputError

_NO_EXIT = "a strategy must not end the program: take that call out, or put it under if __name__ == '__main__'"


class ForeignCode:
    """A stretch in which nothing of ours runs: `with ForeignCode(who): ...`, entered as often as one likes.

    who: says who failed and where, such as `breakout at bar 7`; asked only when something was raised. An InputError of
    ours that the code ran into keeps its sentence, after who it was unless it is `named` there already. file: the line
    of that file in which it happened is named where it can be found. A call of exit() is an error like any other:
    silence would pass for an answer. Interrupts pass through.
    """

    __slots__ = ("_file", "_named", "_who")

    def __init__(self, who: Callable[[], str], file: str | None = None, *, named: bool = False) -> None:
        self._who = who
        self._file = file
        self._named = named

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, InputError):
            if not self._named:
                raise InputError(f"{self._who()}: {error}") from error
        elif isinstance(error, Exception | SystemExit):
            line = line_in(error, trace, self._file)
            where = "" if line is None else f" in line {line}"
            if isinstance(error, SystemExit):
                raise InputError(f"{self._who()} called exit(){where}; {_NO_EXIT}") from error
            raise InputError(f"{self._who()} raised {said(error)}{where}") from error


def said(error: BaseException) -> str:
    """`KeyError: 'price'`, in one line and not too long."""
    told = (
        error.msg if isinstance(error, SyntaxError) else str(error)
    )  # its text names file and line, which are told anyway
    words = " ".join(told.split())
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
    kind, word = (inner, "__init__") if isinstance(inner, type) else (type(inner), "__call__")
    method = getattr(kind, word, None)
    code = getattr(inner, "__code__", None) or getattr(method, "__code__", None)
    return None if code is None else str(code.co_filename)
