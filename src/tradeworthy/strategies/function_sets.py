"""Plain functions with parameters to vary: every set of them makes a strategy of its own."""

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, get_type_hints

from tradeworthy.core.errors import InputError
from tradeworthy.strategies.making import check_names, check_whole, named_parameters, required
from tradeworthy.strategies.protocol import Strategy
from tradeworthy.strategies.python_function import Function, History, PythonFunction, check_function, name_of

_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def maker_of(given: Any, varied: Collection[str], history: History = "rows") -> Callable[..., Strategy]:
    """What makes a strategy of each set: a class or factory as it is, a plain function by its further parameters.

    varied: the names of the parameters that sets give. history: what a function sees, as in `python_strategy`.
    Raises InputError for what makes no strategies, and for a plain function without one of these parameters.
    """
    if isinstance(given, FunctionSets):
        return given
    if not isinstance(given, type) and hasattr(given, "decisions"):
        kind = type(given).__name__
        raise InputError(
            f"this {kind} is made already; a search makes one for each set: give it the class {kind} itself"
        )
    if not callable(given) or (isinstance(given, type) and not hasattr(given, "decisions")):
        said = (
            f"the class {given.__name__}, which has no decisions(bars)" if isinstance(given, type) else f"{given!r:.80}"
        )
        raise InputError(
            f"a search needs a class of strategies such as MaCrossover, or a function (historical_data, symbol, ...) with "
            f"parameters to vary, not {said}"
        )
    if isinstance(given, type) or not is_plain(given, varied):
        maker: Callable[..., Strategy] = given
        return maker
    sets = FunctionSets(given, history)
    check_names(sets if named_parameters(sets) else given, dict.fromkeys(varied), name_of(given))
    return sets


def is_plain(function: Any, given: Collection[str]) -> bool:
    """Whether it is a strategy itself once these are given, called with history and symbol, and not what makes one."""
    if makes_strategies(function):
        return False
    words = list(named_parameters(function))
    left = [word for word in required(function) if word not in given]
    return len(left) == 2 and left == words[:2]


def makes_strategies(function: Any) -> bool:
    """Whether its annotation says that it gives a strategy."""
    try:
        return hasattr(get_type_hints(function).get("return"), "decisions")
    except (NameError, TypeError, AttributeError):
        return False


@dataclass(frozen=True, slots=True)
class FunctionSets:
    """Makes strategies of a function (historical_data, symbol, ...), one for each set of its further parameters."""

    function: Function
    history: History = "rows"

    @property
    def __name__(self) -> str:
        return name_of(self.function)

    @property
    def __signature__(self) -> inspect.Signature:
        """Its parameters without history and symbol."""
        return inspect.Signature(
            [
                one.replace(kind=inspect.Parameter.KEYWORD_ONLY) if one.kind in _BY_NAME else one
                for one in list(inspect.signature(self.function).parameters.values())[2:]
                if one.kind is not inspect.Parameter.VAR_POSITIONAL
            ]
        )

    def __call__(self, **given: Any) -> PythonFunction:
        """The strategy of one set, over whatever instrument its bars are of; what is not given counts by its default."""
        check_whole(self.function, given, name_of(self.function))
        function = partial(self.function, **given)
        check_function(function)
        return PythonFunction(function, None, name_of(function), self.history, parameters=self._parameters(given))

    def _parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Defaults as well: two searches that mean the same set find each other's trials, and no others."""
        signature = self.__signature__.parameters
        whole = {name: one.default for name, one in signature.items()} | dict(given)
        return {name: value for name, value in whole.items() if isinstance(value, bool | int | float | str)}
