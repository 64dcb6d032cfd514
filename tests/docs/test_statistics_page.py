"""The page of statistics describes every field of a backtest's record, and no other."""

import re
from pathlib import Path

from tradeworthy.backtest.statistics import Statistics

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"


def test_every_field_of_the_statistics_has_its_row_in_their_order() -> None:
    section = PAGE.read_text().split("\n## Statistics of a backtest\n")[1].split("\n## ")[0].split("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(Statistics.__slots__)
