"""From a file and the environment to settings, or to every problem they have at once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tradeworthy.core.errors import Problem, SettingsError
from tradeworthy.core.version import BOOK_SCHEMA
from tradeworthy.settings.complaints import problems_of
from tradeworthy.settings.desk_folder import settings_file
from tradeworthy.settings.environment import overlay
from tradeworthy.settings.shipped import TEMPLATES, template
from tradeworthy.settings.tree import Settings

NO_SETTINGS = f"there is no such file; `tradeworthy init` writes one, and {' and '.join(TEMPLATES)} are books that ship"


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings in the file, with the environment's values over them. Raises SettingsError with all problems."""
    return from_text(settings_text(path, NO_SETTINGS), str(path), environment)


def settings_named(given: str | Path, environment: Mapping[str, str]) -> tuple[Settings, Path]:
    """Settings by the name of a book that ships, their file or its folder; and the folder that their paths start from."""
    if str(given) in TEMPLATES:
        return from_text(template(str(given)), f"the book {given}", environment), Path()
    path = settings_file(Path(given))
    return load(path, environment), path.parent


def settings_text(path: Path, missing: str) -> str:
    """What stands in a settings file. missing: what to say where there is none. Raises SettingsError for what is no text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = missing
    except IsADirectoryError:
        message = "this is a folder; name the settings file in it"
    except UnicodeDecodeError:
        message = "the file is not UTF-8 text"
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
    except ValueError:
        message = "no file can have this name"
    raise SettingsError((Problem(str(path), "", message),))


def from_text(text: str, where: str, environment: Mapping[str, str]) -> Settings:
    """The same from text already read; `where` is what problems call it."""
    merged, origin = overlay(toml_tree(text, where), environment)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise SettingsError(problems_of(error, Settings, text, where, origin)) from None


def from_tree(tree: Mapping[str, Any], where: str, environment: Mapping[str, str]) -> Settings:
    """The same from a dict, with `schema` filled in where it is left out."""
    merged, origin = overlay({"schema": BOOK_SCHEMA, **tree}, environment)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise SettingsError(problems_of(error, Settings, "", where, origin)) from None


def toml_tree(text: str, where: str) -> dict[str, Any]:
    """The text as TOML. Raises SettingsError in one sentence for what is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError((Problem(where, "", f"not valid TOML: {error}"),)) from error
    except (ValueError, RecursionError):
        problem = Problem(
            where, "", "a number has thousands of digits, or brackets are nested too deeply; mend the file"
        )
        raise SettingsError((problem,)) from None
