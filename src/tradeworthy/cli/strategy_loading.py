"""A strategy by its name or file. To be joined with `wiring.strategy_sources`, which knows more ways to name one."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Strategy


def load_strategy(spec: str, parameters: Mapping[str, str]) -> Strategy:
    """`ma_crossover`, `module:object` or `file.py:object`; the object is a strategy, or a class or function that makes one.

    Raises InputError for what is not there, or takes no such parameter.
    """
    where, colon, name = spec.rpartition(":")
    if not colon:
        if spec != "ma_crossover":
            raise InputError(f"{spec!r} is no strategy; write ma_crossover, module:object or path/to/file.py:object")
        return _made(MaCrossover, {"fast": "10", "slow": "50", **parameters}, spec)
    found = getattr(_file(Path(where)) if where.endswith(".py") else _module(where), name, None)
    if found is None:
        raise InputError(f"{where} has no {name!r}; check its name")
    if not isinstance(found, type) and hasattr(found, "decisions"):
        if parameters:
            raise InputError(f"{spec} is made already and takes no parameters; name its class instead")
        strategy: Strategy = found
        return strategy
    return _made(found, parameters, spec)


def _made(maker: Any, parameters: Mapping[str, str], spec: str) -> Strategy:
    values = {name: _value(text) for name, text in parameters.items()}
    try:
        inspect.signature(maker).bind(**values)
    except TypeError as error:
        raise InputError(f"{spec}: {error}; set it with --set NAME=VALUE") from None
    made: Strategy = maker(**values)
    if not hasattr(made, "decisions"):
        raise InputError(f"{spec} made a {type(made).__name__}; it has to make an object with decisions(bars)")
    return made


def _value(text: str) -> float | int | bool | str | None:
    words = {"true": True, "false": False, "none": None}
    if text.lower() in words:
        return words[text.lower()]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _module(name: str) -> ModuleType:
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise InputError(f"there is no such module as {name!r} here or among the installed packages") from None


def _file(path: Path) -> ModuleType:
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; check the path")
    spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: this is no Python file; name one that ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
