"""The page on overfitting shows what its snippets print, and every function of luck has its place there."""

import re
from pathlib import Path

from support.warm import python
from tradeworthy import validation

PAGE = (Path(__file__).parents[2] / "docs" / "overfitting.md").read_text()
HOMES = (
    "sharpe_inference",
    "sharpe_trials",
    "sharpe_aggregation",
    "backtest_overfitting",
    "superior_ability",
    "spending",
    "multiplicity",
)


def test_every_function_of_luck_is_on_the_page() -> None:
    names = [name for name in validation.__all__ if getattr(validation, name).__module__.split(".")[-1] in HOMES]
    assert len(names) >= 17
    for name in names:
        assert f"`{name}" in PAGE, name


def test_what_stands_beside_a_line_is_what_it_prints(tmp_path: Path) -> None:
    checked = 0
    for code in re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE):
        run = python(code, tmp_path)
        assert run.returncode == 0, run.stderr
        printing = [line for line in code.splitlines() if line.startswith("print(")]
        for line, shown in zip(printing, run.stdout.splitlines(), strict=True):
            comment = line.partition("#")[2]
            for number in re.findall(r"\d+\.\d+", comment.partition(" instead")[0]):
                digits = len(number.partition(".")[2])
                printed = [f"{float(value):.{digits}f}" for value in re.findall(r"\d+\.\d+", shown)]
                assert number in printed, line
                checked += 1
    assert checked >= 11
