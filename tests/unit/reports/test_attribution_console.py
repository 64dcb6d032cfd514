"""An attribution in terminals of any width: no amount is ever cut, and what has no name is said even where it sums to nothing."""

from io import StringIO

import pytest
from rich.console import Console

from tradeworthy.appraisal.attributed import Attributed, Money, Part, SessionAttribution, TradeAttribution
from tradeworthy.appraisal.sessions import AttributionRun
from tradeworthy.reports.attribution_console import show_attribution


def session(date: str, live: float, parts: dict[Part, float], *names: str) -> SessionAttribution:
    """A day on which each of these strategies made the same."""
    money = Money(0.0, sum(parts.values()), live, parts)
    trades = tuple(TradeAttribution(name, "EUR_USD", "long", 0, None, None, money) for name in names)
    checks = {"calibration": 1.0, "backtest: the cooldown after a loss is not over": 2.0}
    return SessionAttribution(date, "USD", 0, 1, trades, Money.total(one.money for one in trades), checks)


def shown(run: AttributionRun, width: int) -> list[str]:
    """As it stands in a terminal of that width."""
    told = StringIO()
    show_attribution(run, Console(file=told, width=width, highlight=False))
    return told.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 110, 140])
def test_no_amount_is_cut_however_large_and_however_narrow_the_terminal(width: int) -> None:
    parts = {Part.EXPECTED_SPREAD: -1_234_567.89, Part.REFUSAL: 7_654_321.98}
    live = sum(parts.values())
    run = AttributionRun("desk", tuple(session(f"2026-08-{day:02}", live, parts, "a") for day in (3, 4)))
    lines = shown(run, width)
    assert max(map(len, lines)) <= width
    assert "\N{HORIZONTAL ELLIPSIS}" not in "".join(lines)
    assert any(line.split()[-1] == "+15,308,643.96" for line in lines), "the refusals, with all checks named before"
    assert "+12,839,508.18 USD" in next(line for line in lines if line.startswith("Live"))
    assert "backtest: the cooldown after a loss is not over" in " ".join(" ".join(lines).split())
    assert next(line for line in lines if line.startswith("2026-08-04")).count("6,419,754.09") >= 1


def test_trades_without_a_name_that_sum_to_nothing_are_counted_with_the_largest_of_them() -> None:
    days = [session("2026-08-03", 7.77, {}, "a"), session("2026-08-04", -7.77, {}, "b")]
    run = AttributionRun("desk", tuple(days))
    assert run.verdict is Attributed.UNEXPLAINED
    told = " ".join(" ".join(shown(run, 140)[:2]).split())
    assert told.startswith(
        "UNEXPLAINED 2026-08-03 to 2026-08-04: 2 parts of trades, of up to +7.77 USD, have no name, though all of it sums to "
        "nothing; 0.00 USD live"
    )
    one = AttributionRun("desk", (days[0],))
    assert shown(one, 140)[0].startswith("UNEXPLAINED  2026-08-03: +7.77 USD has no name; ")
