"""Making a strategy out of its class or factory and named parameters, from Python or out of text."""

import inspect
import types
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tradeworthy.core.counting import with_article
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.foreign_code import ForeignCode, file_of

_TRUE, _FALSE, _NONE = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0"}), "none"
_NO_NAMES = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.POSITIONAL_ONLY)


def made_with(maker: Any, parameters: Mapping[str, Any], name: str) -> Any:
    """What the class or factory makes of them. Raises InputError for parameters it does not have, lacks, or refuses."""
    if not callable(maker):
        raise InputError(
            f"{name} is {with_article(type(maker).__name__)}, and neither a class nor a function that makes a strategy"
        )
    check_names(maker, parameters, name)
    missing = [word for word in required(maker) if word not in parameters]
    if missing:
        raise InputError(f"{name} needs {' and '.join(missing)}: give {', '.join(f'{word}=...' for word in missing)}")
    with ForeignCode(lambda: name, file_of(maker)):
        return maker(**parameters)


def named_parameters(maker: Any) -> dict[str, inspect.Parameter]:
    """What it can be given by name; empty where Python cannot tell."""
    try:
        signature = inspect.signature(maker)
    except (TypeError, ValueError):
        return {}
    return {word: one for word, one in signature.parameters.items() if one.kind not in _NO_NAMES}


def required(maker: Any) -> list[str]:
    """The parameters without a default."""
    return [word for word, one in named_parameters(maker).items() if one.default is inspect.Parameter.empty]


def check_names(maker: Any, parameters: Mapping[str, Any], name: str) -> None:
    """Raises InputError for the first parameter that it does not have."""
    known = named_parameters(maker)
    try:
        takes_any = any(one.kind is _NO_NAMES[0] for one in inspect.signature(maker).parameters.values())
    except (TypeError, ValueError):
        takes_any = True
    for word in parameters:
        if word not in known and not takes_any:
            near = get_close_matches(word, list(known), 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}"
            raise InputError(f"{name} has no parameter {word!r}; {hint}")


def from_text(maker: Callable[..., Any], texts: Mapping[str, str], name: str) -> dict[str, Any]:
    """Parameters given as text, converted by the annotations of the class or function, else to the kind of the default
    (or none), else by what they look like.

    Raises InputError for an unknown parameter and for text that does not fit.
    """
    check_names(maker, texts, name)
    hints, defaults = _hints(maker), _plain_defaults(maker)
    made: dict[str, Any] = {}
    for word, text in texts.items():
        annotated = word in hints or word not in defaults
        wanted, like = hints.get(word, Any), ""
        if not annotated:
            wanted, like = type(defaults[word]) | None, _like(defaults[word], text)
        made[word] = _converted(text, wanted, f"{name}: {word}", like)
    return made


def check_whole(maker: Callable[..., Any], parameters: Mapping[str, Any], name: str) -> None:
    """Raises InputError for a number with a decimal point where whole ones are meant, by annotation or by the default."""
    hints, defaults = _hints(maker), _plain_defaults(maker)
    for word, value in parameters.items():
        wanted = hints.get(word, type(defaults.get(word)))
        if isinstance(value, float) and int in _alternatives(wanted) and float not in _alternatives(wanted):
            like = "" if word in hints else _like(defaults[word], str(value))
            raise InputError(f"{name}: {word} is {value!r}; it must be {_said(int)}{like}")


def _hints(maker: Any) -> dict[str, Any]:
    home = maker.__init__ if inspect.isclass(maker) and "__init__" in vars(maker) else maker
    try:
        return get_type_hints(home)
    except (NameError, TypeError, AttributeError):  # written for a type checker only
        return {}


def _plain_defaults(maker: Any) -> dict[str, Any]:
    """Those that say what kind of value is meant."""
    kinds = bool | int | float | str | Enum
    return {word: one.default for word, one in named_parameters(maker).items() if isinstance(one.default, kinds)}


def _like(default: Any, text: str) -> str:
    """Why it must be of that kind, and how to allow fractions where only whole numbers are taken."""
    fractions = type(default) is int and _number(text.strip(), float)[0]
    return f" (its default is {default}{f'; {float(default)} there allows fractions' if fractions else ''})"


def _converted(text: str, wanted: Any, where: str, like: str = "") -> Any:
    for kind in _alternatives(wanted):
        known, value = _as(text.strip(), kind)
        if known:
            return value
    raise InputError(f"{where} is {text!r}; it must be {_said(wanted)}{like}")


def _alternatives(wanted: Any) -> list[Any]:
    """None first, then whole numbers before others, text last: the narrowest that fits is meant."""
    kinds = list(get_args(wanted)) if get_origin(wanted) in {Union, types.UnionType} else [wanted]
    order = {type(None): 0, bool: 2, int: 1, float: 3, str: 9}
    return sorted(kinds, key=lambda kind: order.get(kind, 5) if isinstance(kind, type) else 5)


def _as(text: str, kind: Any) -> tuple[bool, Any]:
    """Whether the text can be read as that, and the value."""
    if get_origin(kind) is Literal:
        found = [one for one in get_args(kind) if str(one) == text]
        return bool(found), found[0] if found else None
    if kind is type(None):
        return text.lower() == _NONE, None
    if kind is bool:
        return text.lower() in _TRUE | _FALSE, text.lower() in _TRUE
    if kind is int or kind is float:
        return _number(text, kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        named = [one for one in kind if text in {str(one.value), one.name}]
        return bool(named), named[0] if named else None
    return True, text if kind is str else _guess(text)


def _number(text: str, kind: type[int | float]) -> tuple[bool, int | float | None]:
    try:
        return True, kind(text)
    except ValueError:
        return False, None


def _guess(text: str) -> Any:
    """Of a parameter without annotation."""
    for kind in (type(None), int, float):
        known, value = _as(text, kind)
        if known:
            return value
    return text.lower() == "true" if text.lower() in {"true", "false"} else text


def _said(wanted: Any) -> str:
    words = {int: "a whole number", float: "a number", bool: "true or false", type(None): "none", str: "text"}
    said: list[str] = []
    for kind in _alternatives(wanted):
        if get_origin(kind) is Literal:
            said += [repr(one) for one in get_args(kind)]
        elif isinstance(kind, type) and issubclass(kind, Enum):
            said += [str(one.value) for one in kind]
        else:
            said.append(words.get(kind, getattr(kind, "__name__", str(kind))))
    return " or ".join(said)
