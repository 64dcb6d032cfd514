"""Every limit stands in docs/limits.md with its settings and its defaults."""

import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tradeworthy.controls import AccountView, CheckState, Entry, Gate, Limits, Outcome
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.order import Order

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()
ROWS = {row[0]: row for line in PAGE.splitlines() if line.startswith("| `") for row in [line.strip("| ").split(" | ")]}
LIMITS: list[tuple[str, Any]] = [(one.name, getattr(Limits(), one.name)) for one in fields(Limits)]


def test_the_table_has_every_limit_in_the_order_in_which_they_are_asked() -> None:
    assert list(ROWS) == [f"`{name}`" for name, _ in LIMITS]


@pytest.mark.parametrize(("name", "limit"), LIMITS)
def test_a_row_has_the_class_and_every_setting_with_its_default(name: str, limit: Any) -> None:
    _, record, settings, *_ = ROWS[f"`{name}`"]
    assert record == f"`{type(limit).__name__}`"
    assert settings.startswith("on; " if limit.enabled else "off; ")
    told = dict(re.findall(r"`(\w+)` ([^,; ]+(?:,\d{3})*)", settings))
    assert set(told) == {one.name for one in fields(limit)} - {"enabled"}
    for setting, words in told.items():
        value = getattr(limit, setting)
        if isinstance(value, bool):
            assert words == ("on" if value else "off")
        elif value == ():
            assert words == "none"
        else:
            number = float(words.rstrip("%").replace(",", "")) / (100 if words.endswith("%") else 1)
            assert number == pytest.approx(value), setting


class NoPound:
    """A limit of somebody's own."""

    name = "no pound"
    enabled = True

    def check(self, entry: Entry) -> Outcome:
        """Nothing in pounds."""
        passes = "GBP" not in entry.symbol
        return Outcome(self.name, CheckState.PASSED if passes else CheckState.REFUSED, "no pounds", entry.symbol, "no")


def test_a_limit_of_ones_own_is_asked_like_the_others() -> None:
    for symbol, refuses in (("GBP_USD", True), ("EUR_USD", False)):
        order = Order("c-1", instrument_named(symbol), "cross", Decimal(1))
        outcomes = Gate([NoPound(), *Limits()]).ruling(order, AccountView(currency="USD"), 0).outcomes
        assert [one.refuses for one in outcomes if one.check == "no pound"] == [refuses]
