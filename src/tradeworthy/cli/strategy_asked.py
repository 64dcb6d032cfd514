"""The strategy that was named on the command line, ready to be run."""

from collections.abc import Mapping
from typing import cast

from tradeworthy.strategies.protocol import Strategy
from tradeworthy.strategies.python_function import python_strategy
from tradeworthy.wiring.strategy_sources import load_strategy


def strategy_for(spec: str, parameters: Mapping[str, str], symbol: str) -> tuple[Strategy, bool]:
    """The strategy, and whether it is a plain function, whose levels are prices and so measured from the signal's close."""
    loaded = load_strategy(spec, parameters)
    if hasattr(loaded, "decisions"):
        return cast("Strategy", loaded), False
    return python_strategy(loaded, symbol, history="rows"), True
