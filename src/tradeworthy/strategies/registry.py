"""Strategies by name: ours, and those that installed packages declare as `tradeworthy.strategies` entry points."""

from collections.abc import Iterable
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from tradeworthy.core.counting import with_article
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.foreign_code import ForeignCode
from tradeworthy.strategies.making import made_with
from tradeworthy.strategies.protocol import Strategy

GROUP = "tradeworthy.strategies"


def strategy_names() -> tuple[str, ...]:
    """Every name there is, sorted."""
    return tuple(sorted({one.name for one in entry_points(group=GROUP)}))


def strategy_named(name: str, /, **parameters: Any) -> Strategy:
    """The strategy registered under that name, made with these parameters.

    Raises InputError for a name nobody declares (with the nearest ones) or that two packages do, for a package that cannot
    be loaded, and for parameters the strategy does not have, lacks, or refuses.
    """
    strategy = made_with(registered(name), parameters, name)
    if not hasattr(strategy, "decisions"):
        raise InputError(
            f"{name} made {with_article(type(strategy).__name__)}, which has no decisions(bars) and so is no strategy"
        )
    made: Strategy = strategy
    return made


def registered(name: str) -> Any:
    """The class or factory under that name. Raises InputError as `strategy_named` does."""
    found = [one for one in entry_points(group=GROUP) if one.name == name]
    if not found:
        raise InputError(f"there is no strategy {name!r}; {_nearest(name, strategy_names())}")
    if len(found) > 1:
        raise InputError(
            f"the name {name!r} is claimed by {' and by '.join(_origin(one) for one in found)}; uninstall one of them, or name "
            f"the class itself: {found[0].value}"
        )
    with ForeignCode(lambda: f"strategy {name!r} of {_origin(found[0])} cannot be loaded: {found[0].value}"):
        return found[0].load()


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 3, 0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known) or 'none'}"
