"""What the sizing rules miss, in the production book: stops as they came, leverage, and what hangs on one currency.

Sixteen strategies, each losing 1% of equity at its stop, with the spreads of the settings. `python bench/sizing_facts.py`
prints tables and writes bench/results/sizing_facts.json; some seconds.
"""

from score_calibration import BOOK_RISK, bars_of, days_of
from timing import save

from tradeworthy.appraisal.open_exposure import book_exposure
from tradeworthy.appraisal.stop_costs import stops_of_book
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.controls.sizing import FixedFraction
from tradeworthy.risk import drawdown_score, score_parts
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template


def main() -> None:
    """Everything, printed and saved."""
    plan = book_from(from_text(template("fx-16"), "fx-16", {}))
    account = Account(1_000_000.0, sizing=FixedFraction(BOOK_RISK))
    runs = {one.name: (bars_of(one.instrument, one.timeframe), one.cross) for one in plan.strategies}
    results = {name: run_backtest(bars, rules, plan.fills, plan.costs, account) for name, (bars, rules) in runs.items()}
    stops = stops_of_book(results)
    print(
        "| strategy | stops | opened beyond | mean R | 95% R | worst R | when | over 1.1 R |\n|---|---|---|---|---|---|---|---|"
    )
    for name, one in stops.items():
        print(
            f"| {name} | {one.stops} | {one.through_gap} | {one.mean_r:.3f} | {one.p95_r:.2f} | {one.worst_r:.2f} | "
            f"{(one.worst_at or '')[:10]} | {one.beyond:.1%} |"
        )
    held = book_exposure(results)
    gross = f"gross mean {held.gross_mean:.2f}, p99 {held.gross_p99:.2f}, largest {held.gross_largest:.2f} at {held.gross_at}"
    print(f"\n{gross}, margin {held.margin_largest:.1%}, over limit {held.over_limit:.2%}")
    print(f"positions {held.positions_largest}, all stops {held.stop_risk:.1%}")
    print("| currency | largest | when | mean | at stops | positions |\n|---|---|---|---|---|---|")
    for cash in held.currencies:
        row = (
            cash.currency,
            f"{cash.largest:+.1f}",
            cash.at[:10],
            f"{cash.mean:.1f}",
            f"{cash.stop_risk:.1%}",
            cash.positions,
        )
        print(f"| {' | '.join(map(str, row))} |")
    days = days_of(runs, BOOK_RISK, plan.costs)
    score = drawdown_score(days.shares, 0.2, 252, trades=days.trades)
    parts = score_parts(days.shares, 0.2, 252, names=days.names)
    print(score, parts, len(days.date), sep="\n")
    save("sizing_facts", {
        "stops": {name: one.to_dict() for name, one in stops.items()}, "exposure": held.to_dict(), "score": score.to_dict(),
        "parts": parts.to_dict(),
    })  # fmt: skip


if __name__ == "__main__":
    main()
