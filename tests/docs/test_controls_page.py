"""Every field of the controls' records, and every refusal, stands in docs/controls.md with its default."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tradeworthy.controls import (
    Calibration,
    Filters,
    FixedFraction,
    Kelly,
    Percentiles,
    Refusal,
    SizeLimits,
    Units,
    VolatilityTarget,
)

PAGE = (Path(__file__).parents[2] / "docs" / "controls.md").read_text()


def rows(record: type[Any]) -> dict[str, str]:
    """The tables of a record: field, and the rest of its row."""
    found = {}
    for table in PAGE.split(f"| field of `{record.__name__}` |")[1:]:
        for line in table.split("\n\n")[0].splitlines()[2:]:
            _, name, rest = line.split("|", 2)
            found[name.strip(" `")] = rest
    return found


@pytest.mark.parametrize("record", [Calibration, Percentiles, Kelly, SizeLimits, Filters])
def test_every_field_is_described_and_nothing_else_is(record: type[Any]) -> None:
    assert set(rows(record)) == {field.name for field in fields(record)}


def written(value: object) -> list[str]:
    """How a default may be written: as it is, or as a percentage."""
    if isinstance(value, bool):
        return ["on" if value else "off"]
    if isinstance(value, tuple):
        return [", ".join(written(one)[way] for one in value) for way in (0, -1)]
    if isinstance(value, int | float):
        return [f"{value:g}", f"{100 * value:g}%"]
    return [f"{value:%-H:%M}" if hasattr(value, "hour") else str(value)]


@pytest.mark.parametrize("record", [Calibration, Percentiles, Kelly])
def test_every_default_is_the_one_described(record: type[Any]) -> None:
    for name, rest in rows(record).items():
        assert rest.split("|")[0].strip() in written(getattr(record(), name)), name


def test_the_small_sizings_are_described() -> None:
    for record, default in ((Units, ""), (FixedFraction, " 2%"), (VolatilityTarget, " 10%")):
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{record.__name__}` |"))
        assert row.endswith(f"| `{fields(record)[0].name}`{default} |")


@pytest.mark.parametrize("refusal", list(Refusal)[1:])
def test_every_refusal_is_described_in_its_own_words(refusal: Refusal) -> None:
    assert f"| `{refusal.name}` | {refusal.words} |" in PAGE
