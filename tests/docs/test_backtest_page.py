"""Every option of `tradeworthy backtest` stands in docs/backtest.md, and no other."""

import re
from pathlib import Path

from typer.main import get_command

from tradeworthy.cli.commands import app

PAGE = Path(__file__).parents[2] / "docs" / "backtest.md"


def test_every_option_is_described_and_nothing_else_is() -> None:
    rows = [line.split("|")[1] for line in PAGE.read_text().splitlines() if line.startswith("| `--")]
    described = {name for row in rows for name in re.findall(r"`(--[a-z-]+)`", row)}
    command = get_command(app).commands["backtest"]  # type: ignore[attr-defined]  # a group, which has commands
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
    assert described == options - {"--help"}
