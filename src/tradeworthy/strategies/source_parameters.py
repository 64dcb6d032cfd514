"""Parameters of strategies out of a program's text: its tables of strategies, its classes, its constants."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradeworthy.strategies.parameter_names import SAYS_STRATEGY, role_of, snake
from tradeworthy.strategies.source_classes import NO_DEFAULT, Given, merged
from tradeworthy.strategies.source_modules import Module, Program, SourceText
from tradeworthy.strategies.source_tables import entries, flat
from tradeworthy.strategies.stated_values import NotStated

Value = bool | int | float | str | list[Any] | None

MOST_PARAMETERS = 500
_SECRET = re.compile(
    r"(?:^|_)(?:api_?key|(?:access|private|secret|signing|auth|consumer)_?key(?:_id)?|secret|token|passw(?:or)?d|passphrase|"
    r"credentials?|webhook|dsn)(?:$|_)|^key$"
)
_SECRET_TEXT = re.compile(r"://[^/\s]*:[^/\s]*@|/webhooks/|hooks\.slack\.com")
"""Addresses with a password in them, and such as let anybody post."""
_NO_STRATEGY = re.compile(r"Enum|Indicator|Protocol|Exception")
_LOGGER = re.compile(r"^_?(log|logger)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing that could not be read, and why, as a sentence. file: empty where the sentence names it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return where + self.message


@dataclass(frozen=True, slots=True)
class FoundStrategy:
    """One strategy as its source states it. Nested dictionaries are dotted names."""

    name: str
    source: str
    parameters: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SourceParameters:
    """Strategies in the order of the files, and what could not be read."""

    strategies: tuple[FoundStrategy, ...]
    unread: tuple[Unread, ...]


def program_parameters(sources: Sequence[SourceText]) -> SourceParameters:
    """What the files of a program state about its strategies; nothing is executed or imported.

    A strategy is an entry of a dictionary or list of strategies, a class with parameters, or (in a file without either)
    the constants of the file. Its name is the entry's key, the class's name, the file's. Where a name stands in several
    files it is the file's instead, or the file's and its own. A class that others derive from, or that a table makes its
    entries of, is their template and no strategy of its own.
    """
    program = Program(sources)
    finder = _Finder(program)
    for read in (finder.tables, finder.classes_of, finder.constants):
        for module in program.modules.values():
            read(module)
    places = {source.file: place for place, source in enumerate(sources)}
    found = sorted(finder.strategies, key=lambda one: places[one.source])
    unread = [*(Unread("", 0, problem) for problem in program.problems), *finder.unread]
    return SourceParameters(tuple(distinct(found)), tuple(dict.fromkeys(unread)))


class _Finder:
    """Strategies of one program under way."""

    def __init__(self, program: Program) -> None:
        self.modules, self.classes = list(program.modules.values()), program.classes
        self.strategies: list[FoundStrategy] = []
        self.unread: list[Unread] = []
        self.used: set[str] = {base for one in self.classes.values() for base in one.bases}
        self.is_table: set[tuple[str, str]] = set()

    def _add(self, module: Module, name: str, given: Mapping[str, Given]) -> None:
        whole: dict[str, Value] = {}
        for parameter, one in given.items():
            file = one.file or module.source.file
            for path, value, line in flat(parameter, one.value, one.line):
                if isinstance(value, NotStated):
                    if _is_told(path, value):
                        self._could_not(file, value.line or line, f"{name}: {path} {value.reason}, so it was not read")
                elif isinstance(value, str) and _is_secret(path, value):
                    self._could_not(file, line, f"{name}: {path} looks like a secret, so it was not copied")
                elif len(whole) >= MOST_PARAMETERS:
                    self._could_not(
                        file, 0, f"{name} has more than {MOST_PARAMETERS} parameters; the rest was not read"
                    )
                else:
                    whole[path] = value
        self.strategies.append(FoundStrategy(name, module.source.file, whole))

    def _could_not(self, file: str, line: int, message: str) -> None:
        self.unread.append(Unread(file, line, message))

    def tables(self, module: Module) -> None:
        """Every dictionary or list of strategies in a file."""
        for table, pieces in module.tables.items():
            for entry in entries(table, pieces, self.classes):
                self.is_table.add((module.source.file, table))
                self.used.update(entry.made_by)
                if isinstance(entry.stated, NotStated):
                    reason = f"{table}: {entry.name} {entry.stated.reason}, so it was not read"
                    self._could_not(module.source.file, entry.stated.line or entry.line, reason)
                else:
                    self._add(module, entry.name, entry.stated)

    def classes_of(self, module: Module) -> None:
        """The classes of a file that are strategies."""
        for name, made in module.classes.items():
            if name in self.used or name.startswith("_") or _NO_STRATEGY.search(" ".join((name, *made.bases))):
                continue
            given = merged(made, self.classes)
            own = {
                word: one for word, one in given.items() if (module.source.file, f"{name}.{word}") not in self.is_table
            }
            said = len(own) == len(given) and any("strat" in word.lower() for word in (name, *made.bases))
            holds = any(not isinstance(one.value, NotStated) for one in own.values())
            if (said and holds) or any(role_of(word) in SAYS_STRATEGY for word in own):
                self._add(module, name, own)

    def constants(self, module: Module) -> None:
        """The constants of a file in which no strategy was found, unless they are there for other files; else functions
        that are strategies, as `BacktestingEngine` takes them."""
        file = module.source.file
        if any(file in other.imports for other in self.modules) or any(one.source == file for one in self.strategies):
            return
        given = {
            name: one for name, one in module.constants.items()
            if name.isupper() or role_of(name) or not isinstance(one.value, NotStated | list)
        }  # fmt: skip
        paths = [path for name, one in given.items() for path, *_ in flat(name, one.value, one.line)]
        if any(role_of(path) in SAYS_STRATEGY for path in paths):
            self._add(module, module.source.stem, given)
            return
        for name, takes in module.functions.items():
            if list(takes)[1:2] == ["symbol"] and any(role_of(word) in SAYS_STRATEGY for word in takes):
                self._add(module, name, dict(list(takes.items())[2:]))


def _is_secret(path: str, value: str) -> bool:
    return bool(value) and bool(_SECRET.search(snake(path)) or _SECRET_TEXT.search(value))


def _is_told(path: str, value: NotStated) -> bool:
    """Loggers, and what a class has to be given each time, such as its bars, are no parameters that somebody misses."""
    return role_of(path) in SAYS_STRATEGY if value is NO_DEFAULT else not _LOGGER.match(path)


def distinct(found: Sequence[FoundStrategy]) -> list[FoundStrategy]:
    """The same under names that differ: a name that stands in several sources becomes the source's, or the source's and
    its own; what is still there twice is numbered."""
    sources: dict[str, set[str]] = {}
    for one in found:
        sources.setdefault(one.name, set()).add(one.source)
    many = Counter(one.source for one in found)
    stems = Counter(_stem(source) for source in many)
    seen: Counter[str] = Counter()
    result = []
    for one in found:
        name = one.name
        if len(sources[name]) > 1:
            place = _stem(one.source) if stems[_stem(one.source)] == 1 else one.source.removesuffix(".py")
            name = place if many[one.source] == 1 else f"{place}.{name}"
        seen[name] += 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        result.append(FoundStrategy(name, one.source, one.parameters))
    return result


def _stem(source: str) -> str:
    return source.rpartition("/")[2].removesuffix(".py")
