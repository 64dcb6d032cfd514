"""Options of the form NAME=VALUE that may be repeated."""

from collections.abc import Sequence

from tradeworthy.core.errors import InputError


def pairs(option: str, given: Sequence[str], example: str) -> dict[str, str]:
    """As a mapping. Raises InputError for one that is no pair, and for a name that is given twice."""
    mapped: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value:
            raise InputError(f"{option} {pair}: write a name and a value, such as {option} {example}")
        if name.strip() in mapped:
            raise InputError(
                f"{option} names {name.strip()} twice, as {mapped[name.strip()]} and as {value.strip()}; leave one of them out"
            )
        mapped[name.strip()] = value.strip()
    return mapped
