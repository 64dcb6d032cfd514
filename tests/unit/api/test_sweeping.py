"""Searching over parameters: the same numbers as one backtest after another, entered once and for all."""

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from tradeworthy.adapters.files.trial_ledger import TrialLedger
from tradeworthy.api.sweeping import sweep
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.sweep_result import MEASURES
from tradeworthy.backtest.sweeping import Terms, Together, measured, try_all
from tradeworthy.core.errors import InputError, NotEnoughData, OutputError
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Decisions

GRID = {"fast": [3, 5, 8, 12], "slow": [12, 20, 40], "stop_atr": 2.0, "target_atr": 3.0}


class Interrupting:
    """Somebody who presses Ctrl-C once a third of the work is done."""

    def update(self, work: str, done: int, total: int) -> None:
        """Count."""
        if work == "trying sets" and done * 3 > total:
            raise KeyboardInterrupt


class Seen:
    """What progress was told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def update(self, work: str, done: int, total: int) -> None:
        """Remember."""
        assert work == "trying sets"
        self.told.append((done, total))


@settings(max_examples=40)
@given(
    st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 40), st.sampled_from([None, 0.5, 2.0]),
    st.sampled_from([None, 1.0, 3.0]), st.booleans(), st.sampled_from(["next_open", "close"]), st.sampled_from([0.0, 1.5]),
)  # fmt: skip
def test_the_quick_kernel_measures_what_one_backtest_gives(
    seed: int, fast: int, more: int, stop: float | None, target: float | None, leaves: bool, entry: str, pips: float
) -> None:
    bars = random_walk(400, seed)
    strategies = [
        MaCrossover(fast, fast + more, 5, stop_atr=stop, target_atr=target, exit_on_opposite_cross=leaves),
        MaCrossover(fast + more, fast, 9, stop_atr=stop, target_atr=target, min_atr=0.001),
    ]
    terms = Terms(FillRules(entry=entry), Costs(pips))  # type: ignore[arg-type]
    search = MaCrossover.search(bars, strategies)
    assert search is not None
    ours = Together(bars, terms, search, np.zeros(2, bool)).piece(0, 2)()
    theirs = [measured(run_backtest(bars, one, terms.fills, terms.costs)) for one in strategies]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_the_table_holds_every_set_of_every_instrument_with_its_own_backtest(tmp_path: Path) -> None:
    bars = [random_walk(900, 1), random_walk(700, 2, symbol="GBP_USD")]
    result = sweep(bars, MaCrossover, GRID, costs=Costs(1.0), desk=tmp_path)
    table = result.columns()
    assert len(table["instrument"]) == 2 * 11
    assert result.sets.refused == 1
    for row in range(22):
        one = run_backtest(
            bars[table["instrument"][row].startswith("GBP")],
            MaCrossover(table["fast"][row], table["slow"][row], stop_atr=2.0, target_atr=3.0), costs=Costs(1.0),
        )  # fmt: skip
        pnl, changes = one.trades.pnl[one.trades.closed], np.diff(np.concatenate(([0.0], one.equity)))
        assert table["trades"][row] == len(pnl)
        assert table["pnl"][row] == pytest.approx(one.equity[-1])
        assert table["win_rate"][row] == pytest.approx(np.mean(pnl > 0))
        assert table["mean_r"][row] == pytest.approx(one.trades.r[one.trades.closed].mean())
        years = (one.bars.close_time[-1] - one.bars.close_time[0]) / (365.25 * 86_400e9)
        assert table["sharpe"][row] == pytest.approx(
            changes.mean() / changes.std() * ((len(one.bars) - 1) / years) ** 0.5
        )


def test_an_account_with_commission_is_measured_in_its_money(tmp_path: Path) -> None:
    bars, account, costs = random_walk(900), Account(5_000), Costs(1.0, commission=Commission(per_lot=7))
    result = sweep(bars, MaCrossover, GRID, account=account, costs=costs, desk=tmp_path)
    best = run_backtest(bars, MaCrossover(**{**GRID, **result.best("pnl")}), costs=costs, account=account)  # type: ignore[arg-type]
    assert result.of("pnl").max() == pytest.approx(best.equity[-1] - 5_000)


def test_an_interrupted_search_goes_on_where_it_was_and_gives_the_same(tmp_path: Path) -> None:
    several = [
        random_walk(500, seed, symbol=name)
        for seed, name in enumerate(
            ("EUR_USD", "GBP_USD", "AUD_USD", "NZD_USD", "USD_CHF", "USD_CAD", "EUR_GBP", "EUR_JPY")
        )
    ]
    with pytest.raises(KeyboardInterrupt):
        sweep(several, MaCrossover, GRID, desk=tmp_path / "one", progress=Interrupting(), threads=1)
    half = sum(len(record.sets) for record in TrialLedger(tmp_path / "one" / "ledger"))
    assert 0 < half < 88
    seen = Seen()
    again = sweep(several, MaCrossover, GRID, desk=tmp_path / "one", progress=seen)
    assert seen.told[0] == (half, 88)
    assert seen.told[-1] == (88, 88)
    whole = sweep(several, MaCrossover, GRID, desk=tmp_path / "other", threads=3)
    np.testing.assert_array_equal(again.measures, whole.measures)
    assert sum(len(record.sets) for record in TrialLedger(tmp_path / "one" / "ledger")) == 88


class InterruptedAt:
    """Ctrl-C before the n-th line of handing trials over and entering them."""

    def __init__(self, moment: int) -> None:
        self.left = moment

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:
        """Watch the functions that take trials in, and interrupt once."""
        if event == "call":
            return self if frame.f_code.co_name in {"_enter", "_flush", "append"} else None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
        return self


def test_wherever_an_interruption_falls_nothing_is_entered_twice_and_the_count_is_the_ledgers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradeworthy.api.sweeping.FLUSH_NS", 0)
    bars = random_walk(300)
    for moment in range(1, 1_000):
        desk, seen = tmp_path / str(moment), Seen()
        watch, before = InterruptedAt(moment), sys.gettrace()
        sys.settrace(watch)
        try:
            sweep(bars, MaCrossover, GRID, desk=desk, progress=seen, threads=1)
        except KeyboardInterrupt:
            pass
        else:
            break
        finally:
            sys.settrace(before)
        entered = [point for record in TrialLedger(desk / "ledger") for point in record.sets]
        assert len(entered) == len(set(entered)), moment
        assert seen.told[-1] == (len(entered), 11), moment
    assert moment > 20  # there were that many lines, and none after


def test_trials_are_counted_once_whatever_order_and_words_they_come_in(tmp_path: Path) -> None:
    bars = random_walk(500)
    assert sweep(bars, MaCrossover, GRID, desk=tmp_path).trials == 11
    assert sweep(bars, MaCrossover, GRID, desk=tmp_path).trials == 11
    assert sweep(bars, MaCrossover, {**GRID, "stop_atr": [2.0], "fast": [5, 3]}, desk=tmp_path).trials == 11
    assert sweep(bars, MaCrossover, {**GRID, "stop_atr": 1.0}, desk=tmp_path).trials == 22
    assert sweep(random_walk(500, symbol="GBP_USD"), MaCrossover, GRID, desk=tmp_path).trials == 11


def test_other_costs_are_tried_anew_and_not_read_from_the_ledger(tmp_path: Path) -> None:
    bars = random_walk(500)
    free, paid = (sweep(bars, MaCrossover, GRID, costs=Costs(pips), desk=tmp_path) for pips in (0.0, 3.0))
    assert (free.of("pnl") > paid.of("pnl")).all()


def test_a_line_cut_off_by_a_crash_is_passed_over_and_the_next_record_begins_anew(tmp_path: Path) -> None:
    bars = random_walk(500)
    sweep(bars, MaCrossover, GRID, desk=tmp_path)
    path = tmp_path / "ledger" / "trials.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    assert list(TrialLedger(path.parent)) == []
    assert sweep(bars, MaCrossover, GRID, desk=tmp_path).trials == 11
    assert [len(record.sets) for record in TrialLedger(path.parent)] == [11]


def test_a_damaged_or_newer_ledger_is_named_by_its_line(tmp_path: Path) -> None:
    bars = random_walk(500)
    sweep(bars, MaCrossover, GRID, desk=tmp_path)
    path = tmp_path / "ledger" / "trials.jsonl"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "schema": 99}) + "\n")
    with pytest.raises(InputError, match="line 1: schema 99"):
        sweep(bars, MaCrossover, GRID, desk=tmp_path)
    path.write_text('{"kind": "trials"}\n')
    with pytest.raises(InputError, match="line 1: not a record of trials"):
        sweep(bars, MaCrossover, GRID, desk=tmp_path)


def test_a_ledger_that_cannot_be_written_stops_the_search(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file")
    with pytest.raises(OutputError, match="trials cannot be entered there"):
        sweep(random_walk(500), MaCrossover, GRID, desk=tmp_path)


def test_a_plateau_is_stable_and_a_lonely_peak_is_not(tmp_path: Path) -> None:
    result = sweep(random_walk(500), MaCrossover, {"fast": [2, 3, 4], "slow": [10, 11, 12]}, desk=tmp_path)
    flat = np.zeros((1, 9, len(MEASURES)))
    flat[0, :, MEASURES.index("pnl")] = [1, 1, 1, 1, 4, 1, 1, 1, 1]
    object.__setattr__(result, "measures", flat)
    np.testing.assert_array_equal(result.neighbourhood("pnl"), np.ones(9))
    assert result.stability("pnl")[4] == 0.25
    assert result.stability("pnl")[0] == 1.0
    assert result.best("pnl") == {"fast": 3, "slow": 11}
    x, y, grid = result.heatmap("fast", "slow", "pnl")
    assert (x, y) == ((2, 3, 4), (10, 11, 12))
    np.testing.assert_array_equal(grid, [[1, 1, 1], [1, 4, 1], [1, 1, 1]])


def test_a_map_takes_the_median_over_what_it_does_not_show_and_leaves_out_what_is_refused(tmp_path: Path) -> None:
    grid = {"fast": [5, 9], "slow": [9, 20], "atr_period": [5, 10, 15], "stop_atr": 1.0}
    result = sweep(random_walk(500), MaCrossover, grid, desk=tmp_path)
    _, _, drawn = result.heatmap("slow", "fast", "trades")
    assert np.isnan(drawn[1, 0])
    chosen = [i for i, point in enumerate(result.sets.points) if (point["fast"], point["slow"]) == (5, 20)]
    assert drawn[0, 1] == np.median(result.of("trades")[chosen])


def test_what_is_undefined_is_none_in_the_table(tmp_path: Path) -> None:
    result = sweep(random_walk(30), MaCrossover, {"fast": [2], "slow": [28]}, desk=tmp_path)
    assert result.columns()["sharpe"] == [None]
    with pytest.raises(InputError, match="no set has a sharpe"):
        result.best()


def test_wrong_questions_are_answered_in_a_sentence(tmp_path: Path) -> None:
    result = sweep(random_walk(300), MaCrossover, GRID, desk=tmp_path)
    with pytest.raises(InputError, match="'luck' is not measured"):
        result.of("luck")
    with pytest.raises(InputError, match="'atr_period' is not varied"):
        result.heatmap("fast", "atr_period")
    with pytest.raises(InputError, match="both are fast"):
        result.heatmap("fast", "fast")
    with pytest.raises(InputError, match="takes bars as Bars"):
        sweep([], MaCrossover, GRID, desk=tmp_path)
    with pytest.raises(NotEnoughData, match="fewer than two"):
        sweep(random_walk(1), MaCrossover, GRID, desk=tmp_path)


def test_a_piece_that_fails_is_raised_and_what_was_done_before_is_handed_over() -> None:
    class Failing(MaCrossover):
        """Not to be searched together, and of one mind about seven."""

        @classmethod
        def search(cls, bars: Bars, sets: Sequence[MaCrossover]) -> None:
            """One by one."""
            assert len(bars) > len(sets)

        def decisions(self, bars: Bars) -> Decisions:
            """All but one."""
            if self.fast == 7:
                raise InputError("seven is enough")
            return super().decisions(bars)

    bars, done = random_walk(300_000), set[int]()
    strategies = [Failing(fast, 20) for fast in range(3, 12)]
    terms = Terms(FillRules(), Costs())
    with pytest.raises(InputError, match="seven is enough"):
        try_all([bars], strategies, [range(9)], terms, lambda _, places, __: done.update(places), threads=1)
    assert 0 in done


def test_the_same_name_with_other_parameters_or_code_is_another_trial(tmp_path: Path) -> None:
    bars, grid = random_walk(500), {"fast": [3, 5], "slow": 20}
    near, far = (partial(MaCrossover, stop_atr=stop) for stop in (0.5, 5.0))
    one, other = (sweep(bars, maker, grid, desk=tmp_path) for maker in (near, far))
    assert not np.array_equal(one.of("pnl"), other.of("pnl"))
    assert (one.trials, other.trials) == (2, 4)

    class Silent(MaCrossover):
        """Decides nothing, and inherits the search of a class that does."""

        def decisions(self, bars: Bars) -> Decisions:
            """Nothing."""
            return super().decisions(bars).until(0)

    assert sweep(bars, Silent, {**grid, "stop_atr": 0.5}, desk=tmp_path).of("trades").max() == 0


def test_a_mean_r_is_of_the_trades_that_had_a_stop(tmp_path: Path) -> None:
    result = sweep(random_walk(500), MaCrossover, {"fast": [3, 5], "slow": 20}, desk=tmp_path)
    assert result.of("trades").min() > 5
    assert result.columns()["mean_r"] == [None, None]


def test_bars_that_only_just_warm_up_are_not_traded_on_either_path(tmp_path: Path) -> None:
    bars, fills = random_walk(2_000).slice(0, 41), FillRules(entry="close")
    grid = {"fast": [3, 5, 8], "slow": [40, 39]}  # with 39 there is one bar to trade
    quick = sweep(bars, MaCrossover, grid, fills=fills, desk=tmp_path)
    slow = sweep(bars, MaCrossover, grid, fills=fills, costs=Costs(commission=Commission()), desk=tmp_path)
    np.testing.assert_array_equal(quick.measures, slow.measures)


def test_a_line_torn_anywhere_is_cut_off_before_the_next_is_added(tmp_path: Path) -> None:
    bars = random_walk(500)
    sweep(bars, MaCrossover, GRID, desk=tmp_path)
    path = tmp_path / "ledger" / "trials.jsonl"
    whole = path.read_bytes()
    for torn in (1, whole.index(b"}") + 1, len(whole) - 1):
        path.write_bytes(whole + whole[:torn])
        sweep(bars, MaCrossover, {**GRID, "min_atr": torn / 1e9}, desk=tmp_path)
        assert path.read_bytes().startswith(whole)
        assert len(list(TrialLedger(path.parent))) == 2


def test_numbers_of_numpy_are_entered_like_pythons_own(tmp_path: Path) -> None:
    grid = {"fast": np.array([3, 5]), "slow": 20, "stop_atr": np.float32(2)}
    account = Account(np.float64(10_000))
    period: Any = np.int64(9)
    result = sweep(random_walk(500), partial(MaCrossover, atr_period=period), grid, account=account, desk=tmp_path)
    assert result.trials == 2
    float32: Any = np.float32(2)
    one = run_backtest(random_walk(500), MaCrossover(3, 20, stop_atr=float32), account=account)
    assert len(one.parameter_hash) == 64


def test_the_same_bars_twice_are_refused_and_other_bars_of_an_instrument_are_not(tmp_path: Path) -> None:
    bars = random_walk(400, 1)
    with pytest.raises(InputError, match="the bars of EUR_USD H1 are given twice, and would count twice"):
        sweep([bars, bars.slice(0, 300), bars.slice(0, 400)], MaCrossover, GRID, desk=tmp_path)
    assert not (tmp_path / "ledger").exists()
    assert sweep([bars, bars.slice(0, 300)], MaCrossover, GRID, desk=tmp_path).measures.shape[0] == 2


def test_a_strategy_is_searched_by_its_name(tmp_path: Path) -> None:
    bars = random_walk(400, 1)
    named, classed = (sweep(bars, one, GRID, desk=tmp_path) for one in ("ma_crossover", MaCrossover))
    assert named.strategy == "ma_crossover"
    assert named.trials == classed.trials == 11
    assert np.array_equal(named.measures, classed.measures)
    with pytest.raises(InputError, match="there is no strategy 'ma_cross'; did you mean ma_crossover"):
        sweep(bars, "ma_cross", GRID, desk=tmp_path)


def test_bars_over_which_no_set_can_warm_up_are_refused_before_anything_is_entered(tmp_path: Path) -> None:
    bars = random_walk(500, 1)
    words = "EUR_USD H1: ma_crossover needs 401 bars or more to warm up in every set .*, and there are 300; bring"
    with pytest.raises(NotEnoughData, match=words):
        sweep([bars, bars.slice(0, 300)], MaCrossover, {"fast": [5], "slow": [500, 400]}, desk=tmp_path)
    assert not (tmp_path / "ledger").exists()
    assert len(sweep(bars, MaCrossover, {"fast": [5], "slow": [500, 400]}, desk=tmp_path)) == 2
