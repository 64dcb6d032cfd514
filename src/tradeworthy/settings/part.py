"""What every table of the settings is: frozen, and without room for a key that nobody reads."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.zones import known_zone

NotNegative = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
AboveZero = Annotated[float, Field(gt=0, strict=True, allow_inf_nan=False)]


class Part(BaseModel):
    """One table."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BlamedError(ValueError):
    """What is wrong with a table as a whole, and the key in it that is to be mended; "" where it is none in particular."""

    def __init__(self, sentence: str, key: str = "") -> None:
        super().__init__(sentence)
        self.key = key


def symbol_of(name: str) -> str:
    """The instrument's symbol by any spelling of its name. Raises ValueError, as validators do."""
    try:
        return instrument_named(name).symbol
    except InputError as error:
        raise ValueError(str(error)) from error


def zone_of(name: str | None) -> str | None:
    """The name of a time zone that there is. Raises ValueError, as validators do."""
    try:
        return None if name is None else known_zone(name).key
    except InputError as error:
        raise ValueError(str(error)) from error
