"""Parameters out of whatever somebody has: settings, Python files, JSON, a dict. Nothing is executed."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.parameter_baseline import read_parameter_file
from tradeworthy.adapters.files.source_files import read_sources
from tradeworthy.appraisal.book import Book
from tradeworthy.core.errors import InputError
from tradeworthy.settings.desk_folder import DeskFolder, settings_file
from tradeworthy.settings.loading import from_text, load
from tradeworthy.settings.shipped import TEMPLATES, template
from tradeworthy.settings.tree import Settings
from tradeworthy.strategies.given_parameters import plain_parameters
from tradeworthy.strategies.source_parameters import FoundStrategy, distinct, program_parameters

SETTINGS = "tradeworthy.toml"


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """Settings, the folder they stand in, and the desk's folder; None for a book that ships."""

    settings: Settings
    beside: Path
    desk: Path | None


@dataclass(frozen=True, slots=True)
class SourceRead:
    """What one source holds: strategies, sentences about what could not be read, and its settings where it is some."""

    label: str
    strategies: tuple[FoundStrategy, ...]
    unread: tuple[str, ...] = ()
    settings: SettingsRead | None = None


@dataclass(frozen=True, slots=True)
class AllRead:
    """Several sources together, names told apart. settings: by strategy, of those that come from settings."""

    strategies: tuple[FoundStrategy, ...]
    unread: tuple[str, ...]
    labels: tuple[str, ...]
    settings: Mapping[str, SettingsRead]


def read_all(source: Any) -> AllRead:
    """One source or a list of them. Raises InputError or SettingsError for one that is not there, cannot be read at all,
    or holds no strategy; what can be read in part is, and the rest is said."""
    several = list(source) if isinstance(source, list | tuple | set | frozenset) else [source]
    if not several:
        raise InputError("no source was named: name settings, a Python file or folder, JSON, or a dict of parameters")
    read = [read_source(one) for one in several]
    found = [one for its in read for one in its.strategies]
    origins = [its.settings for its in read for _ in its.strategies]
    if not found:
        raise InputError(_nothing(read))
    named = distinct(found)
    return AllRead(
        tuple(named),
        tuple(dict.fromkeys(line for its in read for line in its.unread)),
        tuple(its.label for its in read),
        {one.name: origin for one, origin in zip(named, origins, strict=True) if origin is not None},
    )


def _nothing(read: Sequence[SourceRead]) -> str:
    labels = " and ".join(one.label for one in read)
    lines = [line for one in read for line in one.unread]
    hint = "a strategy is a class with parameters, an entry of a STRATEGIES dictionary, or a file of constants"
    return f"{labels}: no parameters of a strategy were found; {hint}" + "".join(f"\n  {line}" for line in lines)


def read_source(source: Any) -> SourceRead:
    """What `read_all` does, of one source."""
    if isinstance(source, Mapping):
        return _given(plain_parameters(source, "the parameters"), "a dict")
    if isinstance(source, Book):
        return _given(_of_book(source), f"the book {source.name}")
    if source is None or isinstance(source, str | Path):
        return _path(SETTINGS if source is None else source)
    raise InputError(
        f"parameters are read from a path, the name of a book, or a dict, not from type {type(source).__name__}"
    )


def _path(source: str | Path) -> SourceRead:
    if str(source) in TEMPLATES:
        settings = from_text(template(str(source)), f"the book {source}", os.environ)
        return _settings(settings, str(source), SettingsRead(settings, Path(), None))
    path = Path(source)
    if "\0" in str(path):
        raise InputError("no file can have the name that was given")
    if path.suffix.lower() == ".toml" or (path.is_dir() and DeskFolder(path).settings.is_file()):
        file = settings_file(path)
        settings = load(file, os.environ)
        return _settings(settings, str(file), SettingsRead(settings, file.parent, file.parent))
    if path.suffix.lower() == ".json" and not path.is_dir():
        return _given(read_parameter_file(path), str(path))
    files = read_sources(path)
    found = program_parameters(files.sources)
    unread = [*files.notes(), *map(str, found.unread)]
    if not files.sources and not files.problems:
        unread.insert(0, f"{path}: there is no Python file in this folder")
    return SourceRead(str(path), found.strategies, tuple(unread))


def _settings(settings: Settings, label: str, origin: SettingsRead) -> SourceRead:
    given = {name: one.model_dump() for name, one in settings.strategies.items()}
    return SourceRead(label, _strategies(plain_parameters(given, label), label), (), origin)


def _given(parameters: Mapping[str, Any], label: str) -> SourceRead:
    return SourceRead(label, _strategies(parameters, label))


def _strategies(parameters: Mapping[str, Any], label: str) -> tuple[FoundStrategy, ...]:
    return tuple(FoundStrategy(name, label, one) for name, one in parameters.items())


def _of_book(book: Book) -> dict[str, Any]:
    given = {
        one.name: {
            "instrument": one.instrument, "timeframe": str(one.timeframe), **one.cross.parameters,
            "min_reward_risk": one.min_reward_risk, "min_candles": one.min_candles, "trials": one.trials,
        }
        for one in book.strategies
    }  # fmt: skip
    return plain_parameters(given, f"the book {book.name}")
