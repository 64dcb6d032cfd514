"""What the classes of a program state about their parameters: attributes, fields, defaults, and what they hand to a base."""

import ast
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tradeworthy.strategies.parameter_names import role_of
from tradeworthy.strategies.stated_values import Names, NotStated, attempted

_WITH_DEFAULT = frozenset({
    "IntParameter", "DecimalParameter", "RealParameter", "CategoricalParameter", "BooleanParameter", "Field", "field",
})  # fmt: skip
_OVERRIDING = ("buy_params", "sell_params", "protection_params")
"""Dictionaries by which a Freqtrade strategy overrules the defaults of its parameters."""
_FIELDS_FROM = frozenset({"BaseModel", "NamedTuple", "TypedDict", "BaseSettings", "Struct"})
NO_DEFAULT = NotStated("has no default")


@dataclass(frozen=True, slots=True)
class Given:
    """A value, or the NotStated that says why there is none, and where it stands; file: empty for the file at hand."""

    value: Any
    line: int
    file: str = ""


@dataclass(slots=True)
class ClassText:
    """One class as its text states it. `takes`: what it is made with, in order; `passes`: what it hands to its base."""

    name: str
    line: int
    bases: tuple[str, ...]
    fields: dict[str, Given] = field(default_factory=dict)
    takes: dict[str, Given] = field(default_factory=dict)
    own_init: bool = False
    passes: tuple[list[Given], dict[str, Given]] | None = None
    sets: dict[str, Given] = field(default_factory=dict)


def class_text(node: ast.ClassDef, names: Names, file: str = "") -> ClassText:
    """Read a class where it stands: its attributes see the names before it."""
    made = ClassText(node.name, node.lineno, tuple(ast.unparse(one).rpartition(".")[2] for one in node.bases))
    scope: ChainMap[str, Any] = ChainMap({}, names)  # type: ignore[arg-type]  # only the first map is written to
    as_fields = bool(set(made.bases) & _FIELDS_FROM) or any(
        "dataclass" in ast.unparse(one) for one in node.decorator_list
    )
    for statement in node.body:
        for name, value, line in _assigned(statement):
            if name.startswith("__"):
                continue
            given = Given(NO_DEFAULT if value is None else _default(value, scope), line)
            scope[name] = given.value
            if value is None and not as_fields:
                continue
            (made.takes if as_fields and isinstance(statement, ast.AnnAssign) else made.fields)[name] = given
    _freqtrade(made)
    _backtrader(made)
    init = next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if init is not None:
        _init(made, init, scope)
    for group in (made.fields, made.takes, made.sets):
        group.update({name: replace(one, file=file) for name, one in group.items()})
    return made


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr | None, int]]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id, statement.value, statement.lineno
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from pairs(target, statement.value, statement.lineno)


def pairs(target: ast.expr, value: ast.expr, line: int) -> Iterator[tuple[str, ast.expr, int]]:
    """The names of an assignment with their values: `a = 1`, `a, b = 1, 2`."""
    if isinstance(target, ast.Name):
        yield target.id, value, line
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from pairs(one, its, line)


def _default(node: ast.expr, names: Names) -> Any:
    """The value, or the default of a parameter object such as `IntParameter(2, 50, default=14)`."""
    called = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    if isinstance(node, ast.Call) and called in _WITH_DEFAULT:
        default = next((one.value for one in node.keywords if one.arg == "default"), None)
        if default is None and called == "Field" and node.args:
            default = node.args[0]
        return (
            NotStated(f"is a {called} without a default", node.lineno) if default is None else attempted(default, names)
        )
    return attempted(node, names)


def _freqtrade(made: ClassText) -> None:
    for table in _OVERRIDING:
        given = made.fields.get(table)
        if given is not None and isinstance(given.value, dict):
            del made.fields[table]
            made.fields.update({str(name): Given(value, given.line) for name, value in given.value.items()})


def _backtrader(made: ClassText) -> None:
    """`params = (("fast", 10), ("slow", 30))` or `params = dict(fast=10)`."""
    given = made.fields.get("params")
    value = None if given is None else given.value
    if isinstance(value, list) and all(isinstance(one, list) and len(one) == 2 for one in value):
        value = {str(one[0]): one[1] for one in value}
    if given is not None and isinstance(value, dict):
        del made.fields["params"]
        made.fields.update({str(name): Given(its, given.line) for name, its in value.items()})


def _init(made: ClassText, init: ast.FunctionDef, names: Names) -> None:
    made.own_init = True
    made.takes = defaults_of(init, names)
    inner = ChainMap({name: one.value for name, one in made.takes.items()}, names)  # type: ignore[arg-type]  # only read
    for statement in init.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("__init__"):
            made.passes = arguments_of(call, inner)
            continue
        for name, value, line in _set_on_self(statement):
            mentioned = {one.id for one in ast.walk(value) if isinstance(one, ast.Name)}
            if not mentioned & {*made.takes, "self"}:
                made.sets[name] = Given(attempted(value, inner), line)
    made.sets = {name: one for name, one in made.sets.items() if _matters(name, one.value)}


def defaults_of(function: ast.FunctionDef, names: Names) -> dict[str, Given]:
    """What a function takes, `self` left out, in order, with its defaults."""
    takes: dict[str, Given] = {}
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [*[None] * (len(positional) - len(given.defaults)), *given.defaults]
    for one, default in [
        *zip(positional, defaults, strict=True),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]:
        takes[one.arg] = (
            Given(NO_DEFAULT, one.lineno) if default is None else Given(_default(default, names), default.lineno)
        )
    first = next(iter(takes), None)
    return {name: one for name, one in takes.items() if name != first or name not in {"self", "cls"}}


def arguments_of(call: ast.Call, names: Names) -> tuple[list[Given], dict[str, Given]]:
    """What a call gives by place and by name."""
    ordered = [Given(attempted(one, names), one.lineno) for one in call.args if not isinstance(one, ast.Starred)]
    is_self = ordered and isinstance(call.args[0], ast.Name) and call.args[0].id == "self"  # Base.__init__(self, ...)
    named = {
        one.arg: Given(attempted(one.value, names), one.value.lineno) for one in call.keywords if one.arg is not None
    }
    for one in call.keywords:
        whole = attempted(one.value, names) if one.arg is None else None
        if isinstance(whole, dict):
            named.update({str(name): Given(value, one.value.lineno) for name, value in whole.items()})
    return ordered[1:] if is_self else ordered, named


def _set_on_self(statement: ast.stmt) -> Iterator[tuple[str, ast.expr, int]]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    for target in targets:
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and value is not None:
            yield target.attr, value, statement.lineno


def _matters(name: str, value: Any) -> bool:
    """State that a class begins with, such as a client or an empty list, is none of its parameters."""
    if isinstance(value, NotStated):
        return role_of(name) is not None or "environment" in value.reason
    return role_of(name) is not None or (bool(value) and not name.startswith("_"))


def merged(made: ClassText, classes: Mapping[str, ClassText], seen: frozenset[str] = frozenset()) -> dict[str, Given]:
    """Everything a class is made with if nobody says otherwise, those of its bases first; a base that is not known adds
    nothing."""
    found: dict[str, Given] = {}
    runs_base = not made.own_init or made.passes is not None
    for base in reversed(made.bases):
        if base in classes and base not in seen and base != made.name:
            parent = classes[base]
            theirs = merged(parent, classes, seen | {made.name})
            skipped = set() if runs_base else {*parent.takes, *parent.sets} - set(parent.fields)
            found.update({name: one for name, one in theirs.items() if name not in skipped})
            if made.passes is not None:
                found.update(placed(made.passes, order(parent, classes)))
    found.update(made.fields)
    for name, one in made.takes.items():
        if one.value is not NO_DEFAULT or name not in found:
            found[name] = one
    found.update(made.sets)
    return found


def order(made: ClassText, classes: Mapping[str, ClassText], seen: frozenset[str] = frozenset()) -> list[str]:
    """The names that a class is made with, by their place."""
    if made.own_init or made.takes:
        inherited = [] if made.own_init else _order_of_base(made, classes, seen)
        return list(dict.fromkeys([*inherited, *made.takes]))
    return _order_of_base(made, classes, seen)


def _order_of_base(made: ClassText, classes: Mapping[str, ClassText], seen: frozenset[str]) -> list[str]:
    for base in made.bases:
        if base in classes and base not in seen and base != made.name:
            return order(classes[base], classes, seen | {made.name})
    return []


def placed(arguments: tuple[list[Given], dict[str, Given]], names: list[str]) -> dict[str, Given]:
    """Arguments by name; those by place beyond the known names are left out."""
    ordered, named = arguments
    return {**dict(zip(names, ordered, strict=False)), **named}
