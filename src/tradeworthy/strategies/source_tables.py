"""Dictionaries and lists of strategies in a program's text."""

import ast
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.parameter_names import SAYS_STRATEGY, Meant, Role, market_of, role_of
from tradeworthy.strategies.source_classes import ClassText, Given, arguments_of, merged, order, placed
from tradeworthy.strategies.stated_values import Names, NotStated, attempted

_TABLE = re.compile(r"strateg(y|ies)|bots", re.IGNORECASE)
_NAMED_BY = ("name", "id", "strategy", "strategy_name", "key")
_NOBODY = Meant({}, {}, ())
DEEPEST = 6
MOST_VALUES = 1_000
LONGEST_LIST = 100
_TOO_DEEP = object()

Parameters = dict[str, Given]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a table: its name, what it states (or why nothing), its line, and the classes that make it."""

    name: str
    stated: Parameters | NotStated
    line: int
    made_by: tuple[str, ...] = ()


def entries(table: str, pieces: list[tuple[ast.expr, Names]], classes: Mapping[str, ClassText]) -> list[Entry]:
    """The entries of a dictionary or list, if it is one of strategies; else none.

    It is where its name says so; else the entries that set what only a strategy has, if all of them set the same thing
    and there are several, or the one is named after a market.
    """
    found = [one for node, names in pieces for one in _entries(table, node, names, classes)]
    split = [inner for one in found for inner in _split(one)]
    if _TABLE.search(table.rpartition(".")[2]) and any(isinstance(one.stated, dict) for one in split):
        return split
    ours = [one for one in split if isinstance(one.stated, dict) and _roles(one.stated) & SAYS_STRATEGY]
    if not _alike(ours) or (len(ours) == 1 and market_of(ours[0].name, _NOBODY)[0] is None):
        return []
    return ours


def _entries(table: str, node: ast.expr, names: Names, classes: Mapping[str, ClassText]) -> Iterator[Entry]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                whole = attempted(value, names)
                for name, one in (whole if isinstance(whole, dict) else {}).items():
                    yield Entry(str(name), _given(one, value.lineno), value.lineno)
                continue
            name = attempted(key, names)
            if isinstance(name, str | int):
                yield _entry(str(name), value, names, classes)
            else:
                yield Entry(
                    ast.unparse(key), NotStated("is a name that is known only when the program runs"), key.lineno
                )
    elif isinstance(node, ast.List | ast.Tuple):
        for place, value in enumerate(node.elts):
            one = _entry("", value, names, classes)
            name = _name_in(one.stated) or " ".join(one.made_by) or f"{table}[{place}]"
            yield Entry(name, one.stated, one.line, one.made_by)


def _entry(name: str, node: ast.expr, names: Names, classes: Mapping[str, ClassText]) -> Entry:
    """Of a dictionary, a class, a call that makes one, or a tuple of those."""
    line = node.lineno
    if isinstance(node, ast.Call) and _called(node) not in {"dict", "list", "tuple"}:
        arguments, made = arguments_of(node, names), classes.get(_called(node))
        if made is not None:
            whole = {**merged(made, classes), **placed(arguments, order(made, classes))}
            return Entry(name, whole, line, (made.name,))
        nothing = NotStated(f"is what {_called(node)}(...) makes, which names no parameters here")
        return Entry(name, arguments[1] or nothing, line)
    if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).rpartition(".")[2] in classes:
        made = classes[ast.unparse(node).rpartition(".")[2]]
        return Entry(name, merged(made, classes), line, (made.name,))
    if isinstance(node, ast.Tuple) and node.elts:
        parts = [_entry(name, one, names, classes) for one in node.elts]
        both = {word: one for part in parts if isinstance(part.stated, dict) for word, one in part.stated.items()}
        nothing = NotStated("states values without names")
        return Entry(name, both or nothing, line, tuple(made for part in parts for made in part.made_by))
    return Entry(name, _given(attempted(node, names), line), line)


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


def _given(value: Any, line: int) -> Parameters | NotStated:
    if isinstance(value, dict):
        return {str(name): Given(one, getattr(one, "line", 0) or line) for name, one in value.items()}
    return value if isinstance(value, NotStated) else NotStated("states values without names")


def flat(name: str, value: Any, line: int) -> Iterator[tuple[str, Any, int]]:
    """Nested dictionaries as dotted names with their lines; lists of plain values whole. However often they hold each
    other, it ends."""
    for path, one, place in itertools.islice(_walk(name, value, line, 0), MOST_VALUES):
        if one is _TOO_DEEP:  # said once, not for everything in it
            yield name, NotStated("is nested too deeply to be read"), place
            return
        yield path, one, place


def _walk(name: str, value: Any, line: int, depth: int) -> Iterator[tuple[str, Any, int]]:
    inner: list[tuple[Any, Any]] | None = list(value.items()) if isinstance(value, dict) else None
    if isinstance(value, list) and any(isinstance(one, list | dict) for one in value):
        inner = list(enumerate(value))
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        yield name, NotStated(f"is a list of {len(value):,} values", line), line
    elif inner is None:
        yield name, value, line
    elif depth >= DEEPEST:
        yield name, _TOO_DEEP, line
    else:
        for key, one in inner:
            yield from _walk(f"{name}.{key}", one, getattr(one, "line", 0) or line, depth + 1)


def _roles(entry: Parameters) -> set[Role]:
    paths = [path for name, one in entry.items() for path, *_ in flat(name, one.value, 0)]
    return {role for path in paths if (role := role_of(path)) is not None}


def _alike(several: list[Entry]) -> bool:
    roles = [_roles(one.stated) for one in several if isinstance(one.stated, dict)]
    return bool(roles and set.intersection(*roles) & SAYS_STRATEGY)


def _split(entry: Entry) -> list[Entry]:
    """`{"EUR_USD": {"H4": {...}, "D": {...}}}` is two strategies, `{"EUR_USD": {"entry": {...}, "exit": {...}}}` is one."""
    if not isinstance(entry.stated, dict):
        return [entry]
    made = [Entry(f"{entry.name}_{key}", _given(one.value, one.line), one.line) for key, one in entry.stated.items()]
    tables = all(isinstance(one.stated, dict) for one in made) and _alike(made)
    return made if tables and (len(made) > 1 or all(_is_timeframe(key) for key in entry.stated)) else [entry]


def _is_timeframe(word: str) -> bool:
    try:
        return Timeframe.parse(word) is not None
    except InputError:
        return False


def _name_in(entry: Parameters | NotStated) -> str:
    """The name that an entry of a list gives itself: by `name` or the like, else by instrument and timeframe."""
    if isinstance(entry, NotStated):
        return ""
    words = {name: one.value for name, one in entry.items() if isinstance(one.value, str)}
    by_name = next((words[name] for name in _NAMED_BY if words.get(name)), "")
    market = [value for name, value in words.items() if role_of(name) in {Role.INSTRUMENT, Role.TIMEFRAME}]
    return by_name or "_".join(market)
