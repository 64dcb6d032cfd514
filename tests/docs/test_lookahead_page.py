"""The example of docs/lookahead.md answers what the page says."""

import re
from pathlib import Path

from support.warm import tradeworthy
from tradeworthy.backtest import lookahead, warming
from tradeworthy.cli.lookahead_command import SYNTHETIC_BARS

PAGE = (Path(__file__).parents[2] / "docs" / "lookahead.md").read_text()


def block(kind: str) -> str:
    """The first block of a kind."""
    found = re.search(rf"^```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_example_answers_what_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "breakout.py").write_text(block("python"))
    result = tradeworthy(*block("sh").split()[1:], folder=tmp_path, COLUMNS="100")
    assert result.returncode == 1, result.stderr
    assert result.stdout.strip() == block("text").strip()


def test_the_numbers_of_the_page_are_those_of_the_code() -> None:
    assert f"{SYNTHETIC_BARS:,} hours" in PAGE
    assert f"At most {lookahead.BUDGET // 10**6} million bars" in PAGE
    assert f"{lookahead.SLOW_BUDGET:,} calls" in PAGE
    assert f"down to {lookahead.FEWEST_CUTS}" in PAGE
    assert f"Fewer than {lookahead.FEWEST_DECISIONS} decisions" in PAGE
    assert f"at up to {warming.STARTS} places" in PAGE
