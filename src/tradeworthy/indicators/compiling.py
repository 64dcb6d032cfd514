"""The one way in which this package compiles: no Python objects, IEEE arithmetic, and a cache that later processes hit.

Numba's own cache looks only at the file of the function itself, so it would serve a kernel whose inner step, in
another file, has changed. Here the cache is stamped with the source of every floor that holds compiled code.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
from numba.core.caching import FunctionCache

P = ParamSpec("P")
R = TypeVar("R")

_FLOORS = ("indicators", "strategies", "controls", "risk", "validation", "backtest")


@lru_cache(maxsize=1)
def source_stamp() -> str:
    """SHA-256 over the source of the floors that hold compiled code."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for floor in _FLOORS for path in (root / floor).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _StampedCache(FunctionCache):
    def __init__(self, function: Callable[..., object]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]  # numba's own types stop short of its cache
        self._cache_file._source_stamp = source_stamp()  # noqa: SLF001 - numba has no public way to widen the stamp


def compiled(*signatures: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a function: now, for the given signatures and no others, or for whatever it is first called with.

    With signatures the cache is asked for exactly those, so the second process compiles nothing. `readonly` input
    arrays in a signature take writeable ones too.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        # A step is small and always part of a loop, so it is inlined there; a call would pass its state through memory.
        # Without numba's counting of references (`_nrt`), which cost more than a trade; so nothing may be allocated either.
        options: Any = {"nogil": True, "error_model": "numpy", "forceinline": not signatures, "_nrt": False}
        dispatcher: Any = numba.njit(**options)(function)
        with suppress(RuntimeError):  # nowhere to keep a cache: compile in every process instead
            dispatcher._cache = _StampedCache(function)  # noqa: SLF001 - the same
        for signature in signatures:
            dispatcher.compile(signature)
        if signatures:
            dispatcher.disable_compile()
        typed: Callable[P, R] = dispatcher
        return typed

    return decorate


def compiled_here(function: Callable[P, R], *signatures: Any, inlined: bool = False) -> Callable[P, R]:
    """Compile a function of somebody else's in the same way for these signatures, in this process only.

    A cache could not see what such a function calls, and would serve yesterday's version of it.
    """
    options: Any = {"nogil": True, "error_model": "numpy", "forceinline": inlined, "_nrt": False}
    dispatcher: Any = numba.njit(**options)(function)
    for signature in signatures:
        dispatcher.compile(signature)
    typed: Callable[P, R] = dispatcher
    return typed
