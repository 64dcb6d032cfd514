"""A recipe's plain `decide`, compiled for its number of indicators and the names of its parameters."""

import re
from collections import namedtuple
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from numba import types as _types
from numba.core.errors import NumbaError, UnsupportedBytecodeError
from numba.np.unsafe.ndarray import to_fixed_tuple

from tradeworthy.core.errors import InputError
from tradeworthy.indicators.compiling import compiled_here
from tradeworthy.strategies.recipe_walk import DECIDE

numba_types: Any = _types  # they come without types of their own
Decide = Callable[[Any, Any, Any], Any]

RIGHT = "enter, leave, stop distance and target distance: two whole numbers and two floats (math.nan for no level)"


@lru_cache(maxsize=256)
def compiled_decide(decide: Decide, names: tuple[str, ...], indicators: int) -> Any:
    """What `recipe_loop` calls. Raises InputError naming the function, its line and numba's reason."""
    told: Any = namedtuple("Parameters", names)  # type: ignore[misc]  # noqa: PYI024 - its names come from the recipe
    number, many = numba_types.float64, len(names)
    row = numba_types.UniTuple(number, indicators)
    numbers = numba_types.NamedUniTuple(number, many, told) if many else numba_types.NamedTuple((), told)
    as_tuple: Any = to_fixed_tuple
    try:
        inner: Any = compiled_here(decide, (row, row, numbers), inlined=True)
        _check_answer(inner.nopython_signatures[0].return_type)

        def asked(table: Any, i: int, vector: Any) -> Any:
            now, before = as_tuple(table[:, i], indicators), as_tuple(table[:, i - 1], indicators)
            return inner(now, before, told(*as_tuple(vector, many)))

        return compiled_here(asked, DECIDE)
    except (NumbaError, UnsupportedBytecodeError, NotImplementedError, TypeError, ValueError) as error:
        code = decide.__code__
        raise InputError(f"{code.co_qualname}{_line(error, code)} cannot be compiled: {_reason(error)}") from error


class _WrongAnswerError(NumbaError):
    """Compiled, but not what the loop takes."""


def _check_answer(given: Any) -> None:
    parts = list(given.types) if isinstance(given, numba_types.BaseTuple) else []
    if len(parts) == 4:
        whole = all(
            isinstance(one, numba_types.Integer | numba_types.IntegerLiteral | numba_types.Boolean) for one in parts[:2]
        )
        real = all(
            isinstance(one, numba_types.Float | numba_types.Integer | numba_types.IntegerLiteral) for one in parts[2:]
        )
        if whole and real:
            return
    raise _WrongAnswerError(f"it gives {_named(given)} and has to give {RIGHT}")


def _named(given: Any) -> str:
    if isinstance(given, numba_types.Optional):
        return "nothing on one of its ways"
    text = re.sub(
        r"Literal\[(\w+)\]\([^)]*\)", r"\1", str(given.types if isinstance(given, numba_types.BaseTuple) else given)
    )
    return "nothing" if text == "none" else text.replace("unicode_type", "str").replace("float64", "float")


def _line(error: Exception, code: Any) -> str:
    found = re.search(r", line (\d+):", str(error))
    return f" (line {found[1] if found else code.co_firstlineno})"


def _reason(error: Exception) -> str:
    """The first line of numba's that says something about the function."""
    if "NRT required" in str(error):
        return "it makes a list, a set, an array or a text, and a compiled decision may use numbers only"
    lines = [line.strip() for line in str(error).splitlines()]
    spoken = [line for line in lines if line and not line.startswith(("Failed in nopython", "During", "File", ">>>"))]
    words = spoken[0] if spoken else "numba does not say why"
    if words.startswith("('"):  # some of its reasons are tuples of words
        words = words.strip("()'").replace(": ', '", ": ")
    return words.replace("UniTuple", "tuple")[:300]
