"""The files of a program, read in the order in which they import each other, without running any of them."""

import ast
import warnings
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.strategies.source_classes import ClassText, Given, class_text, defaults_of, pairs
from tradeworthy.strategies.stated_values import NotStated, attempted


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one file, by its path below what was named."""

    file: str
    text: str

    @property
    def stem(self) -> str:
        """`MA_EUR_USD` of `bots/MA_EUR_USD.py`."""
        return PurePosixPath(self.file).stem


@dataclass(slots=True)
class Module:
    """What one file states at its top level.

    names: what every name stands for in the end, members dotted. constants: those that it assigns itself. tables: the
    expressions that dictionaries and lists of strategies are made of, with the scope they stand in.
    """

    source: SourceText
    names: dict[str, Any] = field(default_factory=dict)
    constants: dict[str, Given] = field(default_factory=dict)
    classes: dict[str, ClassText] = field(default_factory=dict)
    functions: dict[str, dict[str, Given]] = field(default_factory=dict)
    tables: dict[str, list[tuple[ast.expr, Mapping[str, Any]]]] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)


def parsed(source: SourceText) -> ast.Module:
    """Raises InputError for text that is no Python, with the line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its escapes and comparisons; nobody runs it here
            return ast.parse(source.text)
    except SyntaxError as error:
        where = f", line {error.lineno}" if error.lineno else ""
        raise InputError(
            f"{source.file}{where}: this is not valid Python 3 ({error.msg}), so the file was not read"
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise InputError(
            f"{source.file}: its text holds null bytes or is nested too deeply, so the file was not read"
        ) from None


class Program:
    """All files together; each is read once, when it is first needed."""

    def __init__(self, sources: Sequence[SourceText]) -> None:
        self.modules: dict[str, Module] = {}
        self.problems: list[str] = []
        self._trees: dict[str, tuple[SourceText, ast.Module]] = {}
        for source in sources:
            try:
                self._trees[source.file] = (source, parsed(source))
            except InputError as error:
                self.problems.append(str(error))
        self._by_last: dict[str, list[str]] = {}
        for file in self._trees:
            self._by_last.setdefault(_parts(file)[-1], []).append(file)
        for file in self._trees:
            self._module(file)

    @property
    def classes(self) -> dict[str, ClassText]:
        """Every class by its name; of two by the same name the later."""
        return {name: one for module in self.modules.values() for name, one in module.classes.items()}

    def _module(self, file: str) -> Module:
        if file not in self.modules:
            source, tree = self._trees[file]
            made = self.modules[file] = Module(source)  # before its imports, so that two may import each other
            try:
                for statement in tree.body:
                    self._read(made, statement)
            except RecursionError:
                self.problems.append(f"{file}: an expression is nested too deeply, and what follows it was not read")
        return self.modules[file]

    def _read(self, module: Module, statement: ast.stmt) -> None:
        match statement:
            case ast.Import() | ast.ImportFrom():
                self._import(module, statement)
            case ast.ClassDef(name=name):
                made = class_text(statement, module.names, module.source.file)
                module.classes[name] = made
                members = {**made.takes, **made.fields}
                module.names.update({f"{name}.{member}": given.value for member, given in members.items()})
                _tables_of_class(module, statement)
            case ast.FunctionDef(name=name):
                module.functions[name] = defaults_of(statement, module.names)
            case ast.AnnAssign() | ast.Assign() | ast.AugAssign():
                _assign(module, statement)
            case ast.Expr(value=ast.Call() as call):
                _update(module, call)
            case _:
                for name, line in _names_bound(statement):
                    module.names[name] = NotStated("depends on what happens when the program runs", line)
                    module.constants[name] = Given(module.names[name], line)

    def _import(self, module: Module, statement: ast.Import | ast.ImportFrom) -> None:
        for alias in statement.names:
            base = statement.module or "" if isinstance(statement, ast.ImportFrom) else ""
            whole = self._found(".".join(filter(None, [base, alias.name])))
            inside = self._found(base) if base else None
            known = alias.asname or alias.name
            if whole is not None and whole is not module:
                module.imports.add(whole.source.file)
                module.names.update({f"{known}.{name}": value for name, value in whole.names.items()})
            elif inside is not None and inside is not module:
                module.imports.add(inside.source.file)
                taken = inside.names if alias.name == "*" else _with_members(inside.names, alias.name)
                module.names.update({known + name[len(alias.name) :] if alias.name != "*" else name: value
                                     for name, value in taken.items()})  # fmt: skip

    def _found(self, dotted: str) -> Module | None:
        """The one file that a module's name can mean; None where there is none, or more than one."""
        parts = tuple(dotted.split("."))
        fits = [file for file in self._by_last.get(parts[-1], []) if _parts(file)[-len(parts) :] == parts]
        return self._module(fits[0]) if len(fits) == 1 and dotted else None


def _parts(file: str) -> tuple[str, ...]:
    parts = PurePosixPath(file).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def _with_members(names: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {one: value for one, value in names.items() if one == name or one.startswith(f"{name}.")}


def _assign(module: Module, statement: ast.AnnAssign | ast.Assign | ast.AugAssign) -> None:
    found: list[tuple[str, ast.expr, int]] = []
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            found += pairs(target, statement.value, statement.lineno)
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                entry = ast.Dict([target.slice], [statement.value])
                _more(module, target.value.id, ast.copy_location(entry, statement))
    elif isinstance(statement.target, ast.Name) and statement.value is not None:
        name, value = statement.target.id, statement.value
        if isinstance(statement, ast.AugAssign):
            before = ast.copy_location(ast.Name(name, ast.Load()), statement)
            value = ast.copy_location(ast.BinOp(before, statement.op, value), statement)
        found.append((name, value, statement.lineno))
    for name, value, line in found:
        module.constants[name] = Given(attempted(value, module.names), line)
        module.names[name] = module.constants[name].value
        module.tables[name] = [(value, module.names)] if isinstance(value, ast.Dict | ast.List | ast.Tuple) else []


def _update(module: Module, call: ast.Call) -> None:
    """`STRATEGIES.update({...})` and `STRATEGIES.append(...)`."""
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name) or len(call.args) != 1:
        return
    name, (argument,) = call.func.value.id, call.args
    if call.func.attr == "update" and isinstance(argument, ast.Dict):
        _more(module, name, argument)
    elif call.func.attr == "append":
        _more(module, name, ast.copy_location(ast.List([argument], ast.Load()), argument))


def _more(module: Module, name: str, entries: ast.expr) -> None:
    module.tables.setdefault(name, []).append((entries, module.names))
    old, new = module.names.get(name), attempted(entries, module.names)
    if isinstance(old, dict) and isinstance(new, dict):
        module.names[name] = {**old, **new}
        module.constants[name] = Given(module.names[name], module.constants[name].line)


def _tables_of_class(module: Module, node: ast.ClassDef) -> None:
    """Dictionaries of strategies that are an attribute of a class, or that its `__init__` puts on `self`."""
    bodies = [
        node.body,
        *(one.body for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"),
    ]
    for statement in (one for body in bodies for one in body):
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Dict | ast.List):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            name = getattr(target, "attr", getattr(target, "id", ""))
            scope: ChainMap[str, Any] = ChainMap(
                {one: given.value for one, given in module.classes[node.name].fields.items()}, module.names
            )
            module.tables[f"{node.name}.{name}"] = [(statement.value, scope)]


def _names_bound(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """Names that a condition, a loop or the like assigns; what only tests and type checkers see is left out."""
    if isinstance(statement, ast.If) and {"__name__", "TYPE_CHECKING"} & {
        str(getattr(one, "id", getattr(one, "attr", ""))) for one in ast.walk(statement.test)
    }:
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
