"""Tables of settings that are made from records, so that names, defaults and ranges are written down once, in the record."""

import re
from dataclasses import MISSING, Field, fields
from datetime import time
from enum import IntEnum
from typing import Annotated, Any, ClassVar, Self, get_args, get_origin, get_type_hints

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    StrictBool,
    StrictInt,
    StrictStr,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic import Field as Setting

from tradeworthy.core.errors import InputError
from tradeworthy.settings.part import BlamedError, Part


def _clock(value: object) -> object:
    try:
        found = time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, time):
        raise ValueError(f'{value!r} is not a time of day such as "09:15"')  # noqa: TRY004 - what validators raise
    return found


Number = Annotated[float, Setting(strict=True, allow_inf_nan=False)]
Clock = Annotated[time, BeforeValidator(_clock)]
_PLAIN: dict[Any, Any] = {bool: StrictBool, int: StrictInt, float: Number, str: StrictStr, time: Clock}


class RecordPart(Part):
    """A table whose keys are the fields of a record."""

    record: ClassVar[Any]

    def made(self) -> Any:
        """The record. Raises InputError, as the record does."""
        names = [one.name for one in fields(self.record)]
        return self.record(**{name: _frozen(getattr(self, name)) for name in names})

    @model_validator(mode="after")
    def _usable(self) -> Self:
        try:
            self.made()
        except InputError as error:
            raise _blamed(str(error), self) from error
        return self


def part_of(record: type, **further: Any) -> type[RecordPart]:
    """The table of a frozen dataclass: its fields with its defaults. further: keys that the record has not, as for
    `pydantic.create_model`."""
    hints = get_type_hints(record)
    keys: dict[str, Any] = {one.name: (_type(hints[one.name]), _default(one)) for one in fields(record)}
    part: type[RecordPart] = create_model(f"{record.__name__}Settings", __base__=RecordPart, **keys, **further)
    part.record = record
    return part


def _default(one: "Field[Any]") -> Any:
    return ... if one.default is MISSING else _thawed(one.default)


def _type(hint: Any) -> Any:
    if get_origin(hint) is tuple:
        first = get_args(hint)[0]
        pair = get_args(first) if get_origin(first) is tuple else ()
        return list[tuple[tuple(_type(one) for one in pair)]] if pair else list[_type(first)]  # type: ignore[misc]  # made now
    if isinstance(hint, type) and issubclass(hint, IntEnum):
        return _named(hint)
    return _PLAIN[hint]


def _named(kind: type[IntEnum]) -> Any:
    """A member of an enum of numbers by its name, in any case."""

    def member(value: object) -> object:
        if isinstance(value, kind):
            return value
        if isinstance(value, str) and value.upper() in kind.__members__:
            return kind[value.upper()]
        names = ", ".join(f'"{name}"' for name in kind.__members__)
        raise ValueError(f"{value!r} is not one of {names}")

    told = PlainSerializer(lambda one: one.name, when_used="json")
    return Annotated[kind, BeforeValidator(member), told, WithJsonSchema({"enum": list(kind.__members__)})]


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value


def _thawed(value: Any) -> Any:
    """Rows as TOML gives them: lists, of pairs where they are pairs."""
    return list(value) if isinstance(value, tuple) else value


def _blamed(sentence: str, part: RecordPart) -> BlamedError:
    """The record's sentence without the record's name, which the path of the key says; in the words of TOML."""
    said = (sentence.partition(": ")[2] or sentence).replace("a tuple of", "a list of")
    said = re.sub(r"<\w+\.(\w+): \d+>", r"\1", said)
    named = [name for name in type(part).model_fields if re.search(rf"\b{name}\b", said)]
    given = [name for name in named if name in part.model_fields_set]
    return BlamedError(said, next(iter(given + named), ""))
