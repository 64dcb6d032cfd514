"""Plain functions in a search: which things are one, and what each set of parameters makes of it."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from support.markets import random_walk
from tradeworthy.adapters.files.trial_ledger import TrialLedger
from tradeworthy.api.engine_facade import BacktestingEngine
from tradeworthy.api.sweeping import sweep
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.function_sets import FunctionSets, maker_of
from tradeworthy.strategies.ma_cross import MaCrossover

Rows = list[dict[str, Any]]


def breakout(rows: Rows, symbol: str, n: int = 20, share: float | None = 0.99, side: str = "BUY") -> Any:
    """Above the highest close of n bars."""
    closes = [row["close"] for row in rows[-n - 1 :]]
    if len(closes) <= n or closes[-1] <= max(closes[:-1]):
        return None
    return {"symbol": symbol, "action": side, "stop_loss": None if share is None else closes[-1] * share}


def crossing(fast: int, slow: int) -> Any:
    """Makes a strategy."""
    return MaCrossover(fast, slow)


def test_each_set_of_a_function_earns_what_it_earns_alone(tmp_path: Path) -> None:
    bars = random_walk(600, 3)
    account = Account(10_000, leverage=30)
    found = sweep(bars, breakout, {"n": [5, 10, 20], "share": 0.995}, account=account, desk=tmp_path)
    for place, n in enumerate((5, 10, 20)):
        engine = BacktestingEngine(
            partial(breakout, n=n, share=0.995), sizing=account.sizing, leverage=30, history="rows"
        )
        alone = engine.run_backtest(bars)
        assert found.of("trades")[place] == alone["total_trades"] > 0
        assert found.of("pnl")[place] == pytest.approx(alone["final_balance"] - 10_000)


def test_a_function_is_told_the_symbol_of_each_instrument(tmp_path: Path) -> None:
    told: set[tuple[str, int]] = set()

    def telling(_: Rows, symbol: str, n: int) -> None:
        told.add((symbol, n))

    euro, yen = random_walk(30, 1), random_walk(30, 2, symbol="USD_JPY")
    sweep([euro, yen], telling, {"n": [1, 2]}, desk=tmp_path)
    assert told == {(symbol, n) for symbol in ("EUR_USD", "USD_JPY") for n in (1, 2)}


def test_functions_are_tried_one_set_after_another_whatever_the_threads(tmp_path: Path) -> None:
    asked: list[int] = []

    def remembering(_: Rows, __: str, n: int) -> None:
        asked.append(n)

    sweep(random_walk(200, 1), remembering, {"n": [3, 1, 2]}, desk=tmp_path, threads=3)
    assert asked == [3] * 200 + [1] * 200 + [2] * 200


def test_sets_that_differ_in_a_word_a_default_or_none_are_different_trials(tmp_path: Path) -> None:
    bars = random_walk(300, 3)
    for grid in ({"n": [5]}, {"n": [5], "share": [None, 0.99]}, {"n": [5], "side": ["BUY", "HOLD"]}):
        sweep(bars, breakout, grid, desk=tmp_path)
    again = sweep(bars, breakout, {"side": ["HOLD", "BUY"], "n": 5}, desk=tmp_path)
    assert again.of("pnl")[0] == 0 != again.of("pnl")[1]
    entered = [point for record in TrialLedger(tmp_path / "ledger") for point in record.sets]
    assert len(entered) == 3  # the first is found again in each search that follows, and None is not it


def test_prices_stay_where_a_function_put_them_unless_the_fills_say_otherwise(tmp_path: Path) -> None:
    bars, grid = random_walk(300, 5), {"n": [5], "share": 0.999}
    usual, said, other = (
        sweep(bars, breakout, grid, fills=fills, desk=tmp_path / str(place)).of("pnl")[0]
        for place, fills in enumerate((None, FillRules(stops_from="signal_close"), FillRules()))
    )
    assert usual == said != other


def test_a_set_with_a_fraction_where_whole_numbers_are_meant_is_left_out(tmp_path: Path) -> None:
    found = sweep(random_walk(50), breakout, {"n": [5, 7.5], "share": 0.5}, desk=tmp_path)
    assert found.sets.example == "n=7.5: breakout: n is 7.5; it must be a whole number"
    assert len(found) == 1


def test_what_a_search_is_given_is_a_class_a_factory_or_a_function() -> None:
    assert maker_of(MaCrossover, ["fast", "slow"]) is MaCrossover
    assert (
        maker_of(MaCrossover, ["stop_atr"]) is MaCrossover
    )  # two parameters are left of it, and still it is no function
    assert maker_of(crossing, ["fast", "slow"]) is crossing
    sets = maker_of(breakout, ["n"], "bars")
    assert sets == FunctionSets(breakout, "bars")
    assert maker_of(sets, ["n"]) is sets
    made: Any = sets(n=7)
    assert (made.name, dict(made.parameters)) == ("breakout", {"n": 7, "share": 0.99, "side": "BUY"})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (MaCrossover(5, 20), "this MaCrossover is made already; .* give it the class MaCrossover itself"),
        (breakout, "breakout has no parameter 'fats'; it has n, share, side"),
        (crossing, r"crossing has no parameter 'fats'; did you mean fast\?"),
        (lambda _, __: None, "<lambda> has no parameter 'fats'"),
        (Path, r"not the class Path, which has no decisions\(bars\)"),
        (7, "a search needs a class of strategies such as MaCrossover, or a function .*, not 7"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_one_sentence(given: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        maker_of(given, ["fats"])
