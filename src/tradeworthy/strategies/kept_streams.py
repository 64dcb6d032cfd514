"""What a stream writes down of itself, and what is taken from it again: never half, and never into another strategy."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import plain_number, whole_number

_AGAIN = "begin with stream() and feed it the bars so far"


class Named(Protocol):
    """What a saved stream has to say of its strategy."""

    @property
    def name(self) -> str:
        """Of the strategy."""

    @property
    def parameters(self) -> Mapping[str, float | int | bool]:
        """All that its decisions depend on."""


def written(strategy: Named, **parts: Any) -> dict[str, Any]:
    """The parts with the strategy's name and parameters, all of plain types."""
    return {"strategy": strategy.name, "parameters": _plain(strategy.parameters), **parts}


def part_of(strategy: Named, saved: object, *parts: str) -> list[Any]:
    """These parts of what `written` gave. Raises InputError for what another strategy wrote, or one with other parameters,
    and for what is no such thing."""
    if not isinstance(saved, Mapping) or "strategy" not in saved:
        damaged(strategy, "it does not say whose it is")
    if saved["strategy"] != strategy.name:
        raise InputError(f"{strategy.name}: the saved stream is one of {saved['strategy']!r:.80}; {_AGAIN}")
    if saved.keys() != {"strategy", "parameters", *parts} or not isinstance(saved["parameters"], Mapping):
        damaged(strategy, "it does not hold what a saved stream holds")
    theirs, ours = saved["parameters"], _plain(strategy.parameters)
    for name in [*ours, *(one for one in theirs if one not in ours)]:
        one, other = theirs.get(name), ours.get(name)
        if not same(one, other):
            raise InputError(f"{strategy.name}: the saved stream has {name} {one!r:.80}, not {other!r}; {_AGAIN}")
    return [saved[part] for part in parts]


def same(one: object, other: object) -> bool:
    """Equal, or both NaN."""
    return one == other or (one != one and other != other)  # noqa: PLR0124 - NaN of any type


def damaged(strategy: Named, why: str) -> NoReturn:
    """Raises InputError."""
    raise InputError(f"{strategy.name}: the saved stream is damaged, {why}; {_AGAIN}")


def floats_of(strategy: Named, given: object, name: str, count: int | None = None) -> list[float]:
    """A list of floats, so many of them; of whole numbers none, which no stream wrote."""
    if not isinstance(given, list | tuple) or not all(type(one) is float for one in given):
        damaged(strategy, f"{name} are not all numbers")
    if count is not None and len(given) != count:
        damaged(strategy, f"there are {len(given):,} {name} and not {count:,}")
    return list(given)


def counts_of(strategy: Named, given: object, name: str, allowed: Callable[[list[int]], bool]) -> list[int]:
    """A list of whole numbers that pass."""
    counts = [whole_number(one) for one in given] if isinstance(given, list | tuple) else [None]
    whole = [one for one in counts if one is not None and abs(one) < 2**53]
    if len(whole) != len(counts) or not allowed(whole):
        damaged(strategy, f"{name} cannot be")
    return whole


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one if type(one) in {bool, int, float} else plain_number(one) for name, one in parameters.items()}
