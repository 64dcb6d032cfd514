"""Running the compiled walk with money over bare columns, in the words of the plain one."""

from datetime import time

import numpy as np

from support.kernels import NO_FINER, REASONS, switches
from support.plain_setup import Account, AccountTrade, Calibration, Candles, Outcome, Setup
from tradeworthy.backtest.account_kernel import trade_account
from tradeworthy.backtest.dealing import Quotes
from tradeworthy.backtest.marking import excursions, mark_account
from tradeworthy.backtest.walking import Finer
from tradeworthy.controls import calibration, sizing
from tradeworthy.controls.refusals import Refusal

LEVELS = ("", "low", "normal", "high", "extreme")
WORDS = {Refusal.TRADES_PER_DAY: "TRADES_A_DAY", Refusal.NO_MARGIN: "BELOW_MINIMUM"}
NEVER = time(23, 59)


def _column(values: object, n: int, otherwise: float) -> np.ndarray:
    return np.full(n, otherwise) if values is None else np.array(values, np.float64)


def _sides(setup: Setup) -> tuple[Quotes, Quotes]:
    n = len(setup.candles)
    bid, ask = setup.quotes or (setup.candles, setup.candles)

    def side(candles: Candles, added: object) -> Quotes:
        open_, high, low = (np.array(one, np.float64) for one in (candles.open, candles.high, candles.low))
        return open_, high, low, np.array(candles.close, np.float64), _column(added, n, 0.0)

    return side(bid, setup.bid_offset), side(ask, setup.ask_offset)


def _finer(setup: Setup) -> Finer:
    small, bars = setup.finer, setup.candles
    if small is None or not len(small):
        return NO_FINER
    first = np.searchsorted(np.array(small.open_time), np.array(bars.open_time), side="left").astype(np.int64)
    end = np.searchsorted(np.array(small.close_time), np.array(bars.close_time), side="right").astype(np.int64)
    open_, high, low = (np.array(one, np.float64) for one in (small.open, small.high, small.low))
    return first, end, open_, high, low


def _sizing(account: Account) -> np.ndarray:
    kind, *numbers = account.sizing
    values = [float(number) for number in numbers]
    if kind == "kelly":
        cap, fraction, z, least, until_then = values
        packed = sizing.Kelly(cap, fraction, 0.5, int(least), until_then).packed()
        packed[sizing.Z] = z
        return packed
    if kind == "units":
        return sizing.Units(values[0]).packed()
    if kind == "fixed_fraction":
        return sizing.FixedFraction(values[0]).packed()
    return sizing.VolatilityTarget(values[0]).packed()


def _calibration(rules: Calibration | None) -> np.ndarray:
    if rules is None:
        return np.empty(0)
    packed = calibration.Calibration(trades_per_day_max=rules.trades_a_day, late_from=NEVER, last_from=NEVER).packed()
    packed[[calibration.OPENING_FROM, calibration.OPENING_UNTIL]] = 0.0
    for first, end, multiplier in rules.sessions:
        if multiplier == 0:
            packed[calibration.NO_NEW_TRADES], packed[calibration.NO_NEW_TRADES_FROM] = 1.0, first
        else:
            packed[calibration.OPENING_FROM], packed[calibration.OPENING_UNTIL] = first, end
            packed[calibration.OPENING_MULTIPLIER] = multiplier
    return packed


def kernel_account(setup: Setup) -> Outcome:
    """The same as `plain_account`. Trading days have to begin where `day_of` counts one more."""
    bars, rules, n = setup.candles, setup.rules, len(setup.candles)
    decided, account, k = setup.decisions, setup.account, len(setup.decisions)
    at_next_open = rules.entry == "next_open"
    opened, ended = np.array(bars.open_time, np.int64), np.array(bars.close_time, np.int64)
    if not len(opened):
        opened, ended = np.arange(n) * 10, np.arange(n) * 10 + 10
    moments = [int((opened if at_next_open else ended)[min(one.bar + int(at_next_open), n - 1)]) for one in decided]
    bid, ask = _sides(setup)
    rate = _column(setup.rate, n, 1.0)
    nights = np.concatenate(([0], np.cumsum([weight for _, weight in setup.swap.nights]))).astype(np.int64)
    night = np.array([moment for moment, _ in setup.swap.nights], np.int64)
    columns = (_column(setup.slippage, n, 0.0), rate, night, nights, opened, ended)
    clock = setup.calibration
    chances = (
        np.array([0 if passes else int(Refusal.FILTERED) for passes in setup.passes or [True] * k], np.int64),
        np.array([clock.minute_of(at) if clock else -1 for at in moments], np.int64),
        np.array([LEVELS.index(one) for one in (clock.levels if clock else [""] * k)], np.int64),
        _column(setup.volatility, k, np.nan),
    )
    fees, swap = setup.commission, setup.swap
    charges = (
        fees.per_unit + fees.per_lot / fees.lot_units, fees.percent / 100, fees.minimum, swap.long_value, swap.short_value,
        swap.long_percent / 36_500, swap.short_percent / 36_500, account.contract if account else 1.0,
    )  # fmt: skip
    limits = account.limits if account else None
    settings = (
        account.start if account else 0.0, account is not None, charges, _sizing(account) if account else np.empty(0),
        (limits.lot_step, limits.min_units, limits.leverage, limits.max_units) if limits else (1.0, 1.0, 1.0, 1.0),
        _calibration(clock), _days(clock, ended),
    )  # fmt: skip
    money, refusal = np.empty((7, k + 1)), np.zeros(k, np.int64)
    marks, prices = np.empty((6, k + 1), np.int64), np.empty((5, k + 1))
    wanted = (
        np.array([one.bar for one in decided], np.int64), np.array([one.enter for one in decided], np.int8),
        np.array([one.leave for one in decided], np.int8), np.array([one.stop_distance for one in decided], np.float64),
        np.array([one.target_distance for one in decided], np.float64),
    )  # fmt: skip
    walked = trade_account(
        bid, ask, np.array(bars.close, np.float64), wanted, switches(rules), _finer(setup),
        (columns, chances, settings, (money, refusal)), marks, prices,
    )  # fmt: skip
    marks, prices, money = marks[:, :walked], prices[:, :walked], money[:, :walked]
    equity, moved = np.empty(n), np.empty((2, walked))
    start = account.start if account else 0.0
    mark_account(
        bid, ask, marks, prices, money, rate, night, nights, opened, ended, charges, at_next_open, start, equity
    )
    excursions(bid, ask, marks, prices, at_next_open, moved)
    trades = _trades(setup, marks, prices, money, moved, rate)
    dropped = [
        (index, WORDS.get(Refusal(int(code)), Refusal(int(code)).name)) for index, code in enumerate(refusal) if code
    ]
    return Outcome(trades, equity.tolist(), dropped)


def _days(clock: Calibration | None, ended: np.ndarray) -> np.ndarray:
    """First moments of the days that `day_of` counts, found by asking it of every minute."""
    if clock is None:
        return np.empty(0, np.int64)
    minutes = range(0, int(ended[-1]) + 60_000_000_000, 60_000_000_000)
    starts = [at for at in minutes if at == 0 or clock.day_of(at) != clock.day_of(at - 1)]
    return np.array(starts, np.int64)


def _trades(
    setup: Setup, marks: np.ndarray, prices: np.ndarray, money: np.ndarray, moved: np.ndarray, rate: np.ndarray
) -> list[AccountTrade]:
    contract = setup.account.contract if setup.account else 1.0
    balance = setup.account.start if setup.account else 0.0
    trades = []
    for k in range(marks.shape[1]):
        signal, entered, left, side, reason, how = marks[:, k].tolist()
        entry, exit_, stop, target, risk = prices[:, k].tolist()
        units, multiplier, entry_fee, exit_fee, swap, pnl, entry_rate = money[:, k].tolist()
        balance += pnl
        r = pnl / (units * contract * risk * entry_rate)
        trades.append(
            AccountTrade(
                signal, entered, left, side, entry, exit_, stop, target, REASONS[reason - 1], risk, r, how == 1,
                float(moved[0, k]), float(moved[1, k]), units, multiplier, entry_fee + exit_fee, swap / float(rate[left]),
                pnl, balance,
            )
        )  # fmt: skip
    return trades
