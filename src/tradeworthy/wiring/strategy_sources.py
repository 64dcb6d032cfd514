"""Which strategy a text means: a registered name, `module:object`, or `path/to/file.py:object`."""

import functools
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from tradeworthy.core.counting import with_article
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.foreign_code import ForeignCode
from tradeworthy.strategies.function_sets import is_plain, makes_strategies
from tradeworthy.strategies.making import from_text, made_with, named_parameters, required
from tradeworthy.strategies.protocol import Strategy
from tradeworthy.strategies.python_function import ACCEPTED, Function, check_function
from tradeworthy.strategies.registry import registered


def load_factory(spec: str) -> Any:
    """What a search makes strategies of: a registered name, or a class, factory or plain function as `module:object` or
    `path/to/file.py:object`. Raises InputError in one sentence for whatever is not there; `maker_of` says what fits."""
    where, name = _split(spec)
    return _attribute(_loaded(where), name, where) if where else registered(spec)


def load_strategy(spec: str, parameters: Mapping[str, str] | None = None) -> Strategy | Function:
    """The strategy (or plain function) that `spec` names, made with parameters that are given as text.

    spec: `ma_crossover` and the like (docs/strategies.md), `module:object`, or `path/to/file.py:object`. Modules of the
    current folder, and beside the file, can be imported; those folders stay on the path. The object is a strategy,
    a class or function that makes one, or a plain function (historical_data, symbol), whose further parameters are set.
    Raises InputError in one sentence for whatever is not there, cannot be imported, or does not fit.
    """
    texts = parameters or {}
    where, name = _split(spec)
    if not where:
        maker = registered(spec)
        return _strategy(made_with(maker, from_text(maker, texts, spec), spec), spec)
    return _made(_attribute(_loaded(where), name, where), texts, name)


def _split(spec: str) -> tuple[str, str]:
    """Module or file, and the object in it; a registered name stands in neither."""
    where, colon, name = spec.rpartition(":")
    if not colon and (spec.endswith(".py") or "/" in spec):
        raise InputError(f"{spec}: name the strategy in it as well, such as {spec}:my_strategy")
    if colon and not (where and name):
        raise InputError(f"{spec!r} is no strategy; write a name, module:object or path/to/file.py:object")
    return where, name


def _loaded(where: str) -> ModuleType:
    return _file(Path(where)) if where.endswith(".py") else _module(where)


def _made(found: Any, texts: Mapping[str, str], name: str) -> Strategy | Function:
    if not isinstance(found, type) and hasattr(found, "decisions"):
        if texts:
            raise InputError(
                f"{name} is made already and takes no parameters; name its class {type(found).__name__} instead"
            )
        return _strategy(found, name)
    if not callable(found):
        raise InputError(f"{name} is {with_article(type(found).__name__)}, and no strategy, class or function")
    given = from_text(found, texts, name)
    if isinstance(found, type):
        return _strategy(made_with(found, given, name), name)
    if not is_plain(found, given):
        return _from_factory(found, given, name)
    function: Function = functools.partial(found, **given) if given else found
    check_function(function)
    return function


def _from_factory(found: Any, given: Mapping[str, Any], name: str) -> Strategy | Function:
    """What a function makes. One that was written as a strategy, with other arguments than those, is told so."""
    left = [word for word in required(found) if word not in given]
    if left and not makes_strategies(found):
        rest = left[2:] if len(left) > 2 else left
        more = (
            f"give its others ({', '.join(f'{word}=...' for word in rest)})" if len(left) > 2 else f"give {rest[0]}=..."
        )
        makes = "" if len(left) > 2 else " if it makes a strategy"
        raise InputError(f"{name}{_signature(found)} cannot be called with two arguments; {ACCEPTED}; {more}{makes}")
    made = made_with(found, given, name)
    if not callable(made) and not hasattr(made, "decisions"):
        hint = "; its two arguments have no defaults" if named_parameters(found) else ""
        raise InputError(
            f"{name}{_signature(found)} was called to make a strategy and gave {made!r:.80}; {ACCEPTED}{hint}"
        )
    return _strategy(made, name)


def _signature(function: Any) -> str:
    try:
        return str(inspect.signature(function))
    except (TypeError, ValueError):
        return ""


def _strategy(made: Any, name: str) -> Strategy | Function:
    if hasattr(made, "decisions"):
        strategy: Strategy = made
        return strategy
    if made is None or not callable(made):
        raise InputError(
            f"{name} made {with_article(type(made).__name__)}; it has to make an object with decisions(bars)"
        )
    check_function(made)
    function: Function = made
    return function


def _attribute(module: ModuleType, name: str, where: str) -> Any:
    found: Any = module
    for part in name.split("."):
        if not hasattr(found, part):
            public = [one for one in vars(found) if not one.startswith("_")]
            near = get_close_matches(part, public, 3, 0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "check its name"
            raise InputError(f"{where} has no {part!r}; {hint}")
        found = getattr(found, part)
    return found


def _importable(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _module(name: str) -> ModuleType:
    _importable(Path.cwd())
    found = None
    with ForeignCode(lambda: f"{name} cannot be imported: its package"), suppress(ImportError, ValueError):
        found = importlib.util.find_spec(name)  # imports the package around it, which may not be there
    if found is None:
        raise InputError(f"there is no module {name!r} in {Path.cwd()} or among the installed packages; check its name")
    with ForeignCode(lambda: f"{name} cannot be imported: it", found.origin):
        return importlib.import_module(name)


def _file(path: Path) -> ModuleType:
    full = path.expanduser().resolve()
    if not full.is_file():
        raise InputError(f"{path}: there is no such file; check the path")
    _importable(full.parent)
    name = f"{full.stem}_{sha256(str(full).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, full)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: this is no Python file; name one that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    with ForeignCode(lambda: f"{path} cannot be imported: it", str(full)):
        spec.loader.exec_module(module)
    return module
