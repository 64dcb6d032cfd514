"""docs/trades.md names every finding that readers of trades make."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ADAPTERS = ROOT / "src" / "tradeworthy" / "adapters"


def test_every_finding_about_trades_is_described_and_nothing_else_is() -> None:
    page = (ROOT / "docs" / "trades.md").read_text()
    sources = [*ADAPTERS.glob("trades_from/*.py"), *ADAPTERS.glob("files/trade_*.py")]
    made = {
        name
        for source in sources
        for name in re.findall(r'(?:\bnote|left_out|Finding)\(\s*"(\w+)"', source.read_text())
    }
    rows = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert len(made) >= 10
    assert set(re.findall(r"`(\w+)`", rows)) == made
