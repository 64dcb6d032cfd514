"""Our positions against the broker's, over the symbols of both; nothing is ever made up to explain a difference."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from tradeworthy.core.deals import NOTHING


def differing(ours: Mapping[str, Decimal], theirs: Mapping[str, Decimal]) -> Iterator[tuple[str, Decimal, Decimal]]:
    """(symbol, our units, theirs) of every symbol where they are not the same; one that is missing is none held."""
    for symbol in sorted(ours.keys() | theirs.keys()):
        held, told = ours.get(symbol, NOTHING), theirs.get(symbol, NOTHING)
        if held != told:
            yield symbol, held, told
