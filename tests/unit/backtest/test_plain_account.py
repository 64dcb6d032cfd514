"""The plain version of the money rules against paper, against the plain version of the fill rules, and by properties."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.money_case import FLAT, HOUR, MINUTE, NAN, MoneyCase, candles, disagreements
from support.money_cases import MONEY_CASES
from support.plain_account import plain_account
from support.plain_backtest import PlainTrade, Rules, plain_backtest
from support.plain_conditions import moment_ns, nights, offsets, rates_from_bars, rates_of_base, slippages, spreads
from support.plain_setup import Account, Calibration, Candles, Commission, Decision, Limits, Setup, Swap
from support.plain_sizing import wilson_lower
from support.sameness import same_row

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize("case", MONEY_CASES, ids=lambda case: case.name)
def test_paper_and_plain_version_agree(case: MoneyCase) -> None:
    assert disagreements(case, plain_account(case.setup)) == []


def test_names_of_cases_are_unique_and_no_case_agrees_with_another_runs_outcome() -> None:
    assert len({case.name for case in MONEY_CASES}) == len(MONEY_CASES)
    one, other = MONEY_CASES[0], MONEY_CASES[1]
    assert disagreements(one, plain_account(other.setup)) != []


def test_seventeen_in_new_york_moves_with_its_summer_time_and_wednesday_counts_three() -> None:
    found = nights(date(2024, 3, 8), date(2024, 3, 13))  # Friday to Wednesday; clocks change on Sunday the 10th
    hours = [(datetime.fromtimestamp(at // 10**9, tz=UTC).strftime("%a %H"), weight) for at, weight in found]
    assert hours == [("Fri 22", 1), ("Mon 21", 1), ("Tue 21", 1), ("Wed 21", 3)]
    assert [weight for _, weight in nights(date(2024, 3, 8), date(2024, 3, 13), None)] == [1] * 6


def test_a_rate_is_the_last_close_known_at_the_open_either_way_round() -> None:
    rates = Candles([], [], [], [2.0, 4.0], [0, 60], [60, 120])
    assert rates_from_bars([119, 120, 121], rates, inverted=False) == [2.0, 4.0, 4.0]
    np.testing.assert_array_equal(rates_from_bars([59, 60, 500], rates, inverted=True), [NAN, 0.5, 0.25])


def test_in_the_base_currency_the_rate_is_one_by_the_close_before() -> None:
    bars = candles([(2.0, 9.0, 1.0, 4.0), (5.0, 9.0, 1.0, 8.0), (6.0, 9.0, 1.0, 7.0)])
    assert rates_of_base(bars) == [0.5, 0.25, 0.125]


def test_spreads_by_the_zones_hour_and_windows_that_multiply() -> None:
    opens = [moment_ns(datetime(2024, 7, 1, hour, tzinfo=UTC)) for hour in (20, 21, 22, 23)]  # 16 to 19 in New York
    windows = [(opens[1], opens[3], 2.0), (opens[2], opens[3], 5.0)]
    assert spreads(opens, 1.0, {17: 4.0}, NEW_YORK, windows) == [1.0, 8.0, 10.0, 1.0]


def test_the_spread_goes_where_the_bars_prices_are_not() -> None:
    assert offsets("mid", [3.0]) == ([1.5], [-1.5])
    assert offsets("bid", [3.0]) == ([3.0], [0.0])
    assert offsets("ask", [3.0]) == ([0.0], [-3.0])


def test_slippage_looks_at_the_range_of_the_bar_before() -> None:
    assert slippages(0.5, 0.1, [None, None, 10.0, 20.0]) == [0.5, 0.5, 0.5, 1.5]


def test_wilsons_lower_bound_is_the_published_one() -> None:
    assert wilson_lower(81, 263, 1.96) == pytest.approx(0.2553, abs=5e-5)  # Newcombe, Stat. Med. 17 (1998), table I
    assert wilson_lower(15, 148, 1.96) == pytest.approx(0.0624, abs=5e-5)
    assert wilson_lower(3, 4, 0.0) == 0.75


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"slippage": [0.0]}, "lists per bar"),
        ({"passes": []}, "lists per decision"),
        ({"decisions": [Decision(1, 1), Decision(1, 1)]}, "order of their bars"),
        ({"rate": [1.0, NAN]}, "known from then on"),
        ({"quotes": (candles([FLAT] * 2),) * 2, "ask_offset": [0.0] * 2}, "take the place"),
        ({"quotes": (candles([FLAT] * 2),) * 2, "finer": candles([FLAT])}, "quotes have none"),
        ({"calibration": Calibration(int, int, [""])}, "needs an account"),
    ],
)
def test_a_setup_that_makes_no_sense_is_refused(wrong: dict[str, object], says: str) -> None:
    told: dict[str, object] = {"candles": candles([FLAT] * 2), "decisions": [Decision(0, 1)], **wrong}
    with pytest.raises(ValueError, match=says):
        Setup(**told)  # type: ignore[arg-type]


# --- any bars, any decisions, any terms -----------------------------------------------------------

RULES = st.builds(
    Rules,
    entry=st.sampled_from(["next_open", "close"]),
    stops_from=st.sampled_from(["fill", "signal_close"]),
    check_entry_bar=st.booleans(),
    gap=st.sampled_from(["open", "trigger"]),
    both=st.sampled_from(["stop", "target"]),
    open_first=st.booleans(),
    reenter_on_exit_bar=st.sampled_from([True, False, "after_signal"]),
)
TICKS = st.integers(80, 120)
ROW = st.tuples(TICKS, TICKS, st.integers(0, 8), st.integers(0, 8))
DISTANCE = st.sampled_from([NAN, 0.0, 1.0, 2.0, 3.5, 6.0, float("inf")])
SAID = st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([0, 0, 1, 2, 3]), DISTANCE, DISTANCE)
SIZINGS: list[tuple[str | float, ...]] = [
    ("units", 12.5),
    ("fixed_fraction", 0.02),
    ("volatility_target", 0.2),
    ("kelly", 0.1, 0.5, 1.0, 3, 0.01),
]
ACCOUNT = st.builds(
    Account,
    start=st.sampled_from([500.0, 10_000.0]),
    sizing=st.sampled_from(SIZINGS),
    limits=st.builds(
        Limits, st.sampled_from([0.01, 1.0, 7.0]), st.sampled_from([0.0, 20.0]), st.sampled_from([0.5, 10.0])
    ),
    contract=st.sampled_from([1.0, 2.5]),
)


def columns(rows: list[tuple[int, int, int, int]]) -> list[tuple[float, float, float, float]]:
    """Opens and closes in ticks, and how far the range goes beyond them."""
    return [(float(o), float(max(o, c) + up), float(min(o, c) - down), float(c)) for o, c, up, down in rows]


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """Runs with every kind of term at once."""
    rows = draw(st.lists(ROW, min_size=1, max_size=40))
    bars, step = len(rows), draw(st.sampled_from([5 * MINUTE, HOUR]))
    per_bar = st.lists(st.sampled_from([0.0, 0.25, 1.0]), min_size=bars, max_size=bars)
    told = sorted(draw(st.sets(st.integers(0, bars - 1))))
    decisions = [Decision(bar, *draw(SAID)) for bar in told]
    rates = draw(st.lists(st.floats(0.5, 2.0), min_size=bars, max_size=bars))
    unknown = draw(st.integers(0, 2))
    levels = [draw(st.sampled_from(["low", "normal", "high", "extreme", ""])) for _ in told]
    calibration = Calibration(lambda at: at // (8 * HOUR), lambda at: at % (8 * HOUR) // MINUTE, levels, [(0, 30, 0.7)])
    smaller = candles(columns(draw(st.lists(ROW, max_size=20))), step // 5)
    return Setup(
        candles(columns(rows), step),
        decisions,
        draw(ACCOUNT),
        draw(RULES),
        ask_offset=draw(per_bar),
        bid_offset=[-one for one in draw(per_bar)],
        slippage=draw(per_bar),
        commission=Commission(0.01, 2.0, 100.0, 0.01, draw(st.sampled_from([0.0, 3.0]))),
        swap=Swap([(k * 2 * HOUR, 1 + k % 3) for k in range(20)], -0.02, 0.01, -2.0, 1.0),
        rate=[NAN if bar < unknown else rate for bar, rate in enumerate(rates)],
        volatility=[draw(st.sampled_from([NAN, 0.1, 0.4])) for _ in told],
        calibration=draw(st.sampled_from([None, calibration])),
        passes=[draw(st.sampled_from([True, True, False])) for _ in told],
        finer=draw(st.sampled_from([None, smaller])),
    )


@settings(max_examples=300)
@given(setups())
def test_the_last_equity_is_the_start_and_all_pnl_and_every_trade_is_within_its_limits(setup: Setup) -> None:
    outcome = plain_account(setup)
    account = setup.account
    assert account is not None
    assert outcome.equity[-1] == pytest.approx(account.start + sum(trade.pnl for trade in outcome.trades), abs=1e-6)
    balance = account.start
    for trade in outcome.trades:
        notional = trade.units * account.contract * setup.candles.close[trade.signal_index]
        assert setup.rate is not None
        assert 0 < notional * setup.rate[trade.entry_index] <= account.limits.leverage * balance * (1 + 1e-8)
        assert trade.units >= account.limits.min_units
        lots = trade.units / account.limits.lot_step
        assert lots == pytest.approx(round(lots), abs=1e-6)
        balance += trade.pnl
        assert trade.balance == pytest.approx(balance, abs=1e-6)
    entered = {trade.signal_index for trade in outcome.trades}
    refused = [setup.decisions[index].bar for index, _ in outcome.dropped]
    assert len(set(refused)) == len(refused)
    assert not entered & set(refused)


@settings(max_examples=300)
@given(st.lists(st.tuples(ROW, SAID), min_size=1, max_size=40), RULES, st.sampled_from([0.0, 0.25, 1.0]))
def test_without_an_account_it_is_the_plain_version_of_the_fill_rules(
    rows: list[tuple[tuple[int, int, int, int], tuple[int, int, float, float]]], rules: Rules, spread: float
) -> None:
    bars = columns([row for row, _ in rows])
    decisions = [Decision(bar, *said) for bar, (_, said) in enumerate(rows)]
    half = [spread / 2] * len(rows)
    setup = Setup(candles(bars), decisions, rules=rules, ask_offset=half, bid_offset=[-one for one in half])
    outcome = plain_account(setup)
    prices = [[bar[i] for bar in bars] for i in range(4)]
    said = [[told[i] for _, told in rows] for i in range(4)]
    trades, equity = plain_backtest(
        prices[0],
        prices[1],
        prices[2],
        prices[3],
        [int(one) for one in said[0]],
        [int(one) for one in said[1]],
        said[2],
        said[3],
        rules,
        spread / 2,
        -spread / 2,
    )
    assert len(outcome.trades) == len(trades)
    names = list(PlainTrade.__dataclass_fields__)
    for got, wanted in zip(outcome.trades, trades, strict=True):
        assert same_row([getattr(got, name) for name in names], [getattr(wanted, name) for name in names], 1e-9)
    np.testing.assert_allclose(outcome.equity, equity, atol=1e-9)
