"""From a finished backtest to its record: everything a report says, worked out once."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.account_words import account_used, costs_used, spread_words
from tradeworthy.appraisal.backtest_answer import answer_of
from tradeworthy.appraisal.backtest_record import BacktestRecord, FillRule, Ran, TradeColumns
from tradeworthy.appraisal.backtest_variants import bounds_of, variants_of
from tradeworthy.appraisal.equity_curves import curve_of, days_of, months_of, rolling_sharpe_of, spoken
from tradeworthy.appraisal.limited_sizes import limited_words
from tradeworthy.appraisal.mean_trade import mean_trade_of
from tradeworthy.appraisal.trade_groups import distribution_of, groups_of
from tradeworthy.backtest.chances import day_of
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.backtest.trades import REASONS, Trades
from tradeworthy.core.instrument import AssetClass, CalendarName
from tradeworthy.market.quality import inspect

_MEANINGS: dict[str, dict[str | bool, str]] = {
    "entry": {
        "next_open": "a decision is carried out at the next bar's open",
        "close": "a decision is carried out at its own bar's close, which is hard to do live",
    },
    "stops_from": {
        "fill": "stop and target are measured from the fill",
        "signal_close": "stop and target are measured from the close of the signal's bar",
    },
    "check_entry_bar": {
        True: "stop and target already count within the entry bar",
        False: "stop and target count from the bar after the entry on, which hides early stops",
    },
    "gap": {
        "open": "a bar that opens beyond a level fills at that open",
        "trigger": "a bar that opens beyond a level fills at the level, which nobody traded",
    },
    "both": {
        "stop": "the stop comes first when one bar holds both levels",
        "target": "the target comes first when one bar holds both levels, which flatters",
    },
    "open_first": {
        True: "a bar that opens beyond a level is left there",
        False: "the level that comes first is looked for over the whole bar before the other, as other libraries do",
    },
    "reenter_on_exit_bar": {
        True: "a position may be opened on the bar on which another was closed",
        "after_signal": "on the bar of a stop or target no position is opened",
        False: "no position is opened on the bar on which another was closed",
    },
}


def record_of(result: Result, *, bounds: bool = False, notes: Sequence[str] = ()) -> BacktestRecord:
    """The record of a backtest, pure: the same result gives the same record.

    bounds: trade it again with stop first and with target first. notes: further assumptions to be told, one sentence each.
    """
    costs, daily = costs_used(result), days_of(result)
    mean = mean_trade_of(result.trades, result.currency)
    return BacktestRecord(
        ran=_ran(result),
        answer=answer_of(result, costs, mean),
        currency=result.currency,
        capital=result.capital,
        account=account_used(result.account, result.bars) if result.account else None,
        fills=fill_rules(result.fills),
        costs=costs,
        statistics=result.statistics,
        mean_trade=mean,
        curve=curve_of(result),
        months=months_of(daily),
        rolling_sharpe=rolling_sharpe_of(daily),
        groups=groups_of(result.trades),
        distribution=distribution_of(result.trades, result.currency),
        refused={reason.words: count for reason, count in sorted(result.refused.items(), key=lambda one: -one[1])},
        ambiguous_share=result.ambiguous_share,
        bounds=bounds_of(result) if bounds else (),
        variants=variants_of(result),
        findings=inspect(result.bars),
        assumptions=(*notes, *_assumptions(result)),
        trades=_columns(result.trades),
    )


def _ran(result: Result) -> Ran:
    bars = result.bars
    first, last = spoken(np.array([bars.open_time[0], bars.close_time[-1]], np.int64))
    finer = result.finer
    parameters = {name: _plain(value) for name, value in result.parameters.items()}
    return Ran(
        strategy=result.strategy, parameters=parameters, instrument=bars.instrument.symbol,
        timeframe=str(bars.timeframe), first=first, last=last, bars=len(bars), source=bars.source,
        price_side=str(bars.price_side), day_cut=str(bars.day_cut),
        trading_day=str(day_of(result.account, bars)), close_only=bars.close_only,
        finer=f"{finer.label} from {finer.source}" if finer else None,
        data_sha256=bars.data_hash, run_sha256=result.parameter_hash, version=result.version,
    )  # fmt: skip


def _plain(value: object) -> float | bool | str | None:
    """As JSON can hold it; anything else as it is written in Python."""
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value if isinstance(value, bool | int | float | str) or value is None else repr(value)


def fill_rules(fills: FillRules) -> tuple[FillRule, ...]:
    """Each switch, how it stood, and what that means."""
    return tuple(FillRule(name, value, _MEANINGS[name][value]) for name, value in asdict(fills).items())


def _assumptions(result: Result) -> list[str]:
    """What a reader has to know that no number says."""
    said, costs, instrument = [], result.costs, result.bars.instrument
    if result.account is None:
        said.append(
            f"one unit is traded without an account: money is {result.currency}, and returns are shares of its price at the "
            "first close"
        )
    limited = limited_words(result)
    if limited is not None:
        said.append(limited)
    if spread_words(costs, instrument) is None:
        said.append("no spread was named, so it costs nothing; real trading does")
    free = [name for name in ("commission", "slippage", "swap") if getattr(costs, name) is None]
    if free:
        listed = free[0] if len(free) == 1 else f"{', '.join(free[:-1])} and {free[-1]}"
        said.append(
            f"{listed} {'was' if len(free) == 1 else 'were'} not named and cost{'s' if len(free) == 1 else ''} nothing"
        )
    if instrument.asset_class is AssetClass.INDEX and instrument.calendar is CalendarName.UNKNOWN:
        said.append(
            f"{instrument.symbol} is no known currency, metal or crypto pair: it is taken as priced in {instrument.quote}, "
            f"with a pip of {instrument.pip}, and gaps in its bars were not looked for"
        )
    elif instrument.calendar is CalendarName.UNKNOWN:
        said.append(f"no session calendar is known for {instrument.symbol}, so gaps in its bars were not looked for")
    if len(result.trades) and not result.trades.closed[-1]:
        said.append(
            "the last trade is still open: it is marked at the last close, counts in the equity, and in no statistic of trades"
        )
    said.append(
        "this is one run: how many others were tried before it is not known, and nothing here is corrected for that"
    )
    return said


def _columns(t: Trades) -> TradeColumns:
    reasons = [str(reason) for reason in REASONS]
    return TradeColumns(
        side=tuple("long" if side > 0 else "short" for side in t.side.tolist()),
        entry_time=spoken(t.entry_time), exit_time=spoken(t.exit_time),
        entry_price=_told(t.entry_price), exit_price=_told(t.exit_price), stop=_known(t.stop), target=_known(t.target),
        reason=tuple(reasons[code - 1] for code in t.reason.tolist()), risk=_known(t.risk),
        units=_told(t.units), multiplier=_told(t.multiplier), commission=_told(t.commission), swap=_told(t.swap),
        pnl=_told(t.pnl), r=_known(t.r), mae=_told(t.mae), mfe=_told(t.mfe), ambiguous=tuple(t.ambiguous.tolist()),
        bars_held=tuple(t.bars_held.tolist()),
    )  # fmt: skip


def _told(column: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(column.tolist())


def _known(column: npt.NDArray[np.float64]) -> tuple[float | None, ...]:
    """NaN is None: there was no such level."""
    known = np.isfinite(column)
    if known.all():
        return tuple(column.tolist())
    return tuple(value if there else None for value, there in zip(column.tolist(), known.tolist(), strict=True))
