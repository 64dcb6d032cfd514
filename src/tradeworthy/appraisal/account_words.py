"""Account and costs as a reader is told them: sentences, and what is off shown as off."""

from dataclasses import fields
from decimal import Decimal

import numpy as np

from tradeworthy.appraisal.backtest_record import AccountUsed, CostsUsed, Paid
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.result import Result
from tradeworthy.backtest.trades import REASONS, ExitReason
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.sizing import FixedFraction, Kelly, Units
from tradeworthy.core.instrument import Instrument
from tradeworthy.market.bars import Bars

_BY_THE_CLOCK = frozenset({"session", "no_new_trades"})
_INPUT_OF = {"bias": "bias_strength", "trap": "trap_probability", "open_interest": "oi_delta"}
_TARGET = REASONS.index(ExitReason.TARGET) + 1
_OPEN = REASONS.index(ExitReason.OPEN) + 1


def account_used(account: Account, bars: Bars) -> AccountUsed:
    """The account as it was, every switch of calibration and filters with it."""
    step, least, leverage, most = account.limits(bars)
    return AccountUsed(
        balance=float(account.balance), currency=account.currency_for(bars), sizing=sizing_words(account),
        leverage=leverage, lot_step=step, min_units=least, max_units=most if np.isfinite(most) else None,
        rates=_rates_words(account, bars), calibration=_calibration(account), filters=_filters(account),
    )  # fmt: skip


def sizing_words(account: Account) -> str:
    """`1% of the balance is lost if the stop is hit`."""
    rule = account.sizing
    if isinstance(rule, Units):
        return f"{rule.units:,g} units a trade"
    if isinstance(rule, FixedFraction):
        return f"{100 * rule.risk:g}% of the balance is lost if the stop is hit"
    if isinstance(rule, Kelly):
        return f"{rule.fraction:g} times the Kelly share, at most {100 * rule.cap:g}% of the balance"
    return f"a volatility of {100 * rule.annual:g}% a year, measured over {rule.window} bars"


def _rates_words(account: Account, bars: Bars) -> str:
    currency, quote = account.currency_for(bars), bars.instrument.quote
    if isinstance(account.rates, Bars):
        return (
            f"{quote} into {currency} by {account.rates.label} of {account.rates.source}, as known at each bar's open"
        )
    if account.rates is not None:
        return f"{account.rates:g} {currency} for one {quote}, always"
    if currency == quote:
        return f"none needed: everything is in {quote}"
    return f"{quote} into {currency} by the bars' own price, one bar before"


def _calibration(account: Account) -> dict[str, str]:
    it = account.calibration
    names = [field.name for field in fields(Calibration) if isinstance(getattr(it or Calibration(), field.name), bool)]
    return {name: _state(it is not None and getattr(it, name), _by_clock(name, account)) for name in names}


def _filters(account: Account) -> dict[str, str]:
    it, inputs = account.filters, account.inputs
    missing = {name: "no such input" for name, column in _INPUT_OF.items() if getattr(inputs, column) is None}
    names = [field.name for field in fields(Filters) if isinstance(getattr(it or Filters(), field.name), bool)]
    return {
        name: _state(it is not None and getattr(it, name), missing.get(name) or _by_clock(name, account))
        for name in names
    }


def _by_clock(name: str, account: Account) -> str | None:
    return "no exchange zone is named" if name in _BY_THE_CLOCK and account.session_zone is None else None


def _state(on: bool, obstacle: str | None) -> str:
    if not on:
        return "off"
    return f"not applicable: {obstacle}" if obstacle else "on"


def costs_used(result: Result) -> CostsUsed:
    """In words, in numbers, and what they came to."""
    instrument = result.bars.instrument
    words = costs_words(result.costs, instrument, result.currency)
    return CostsUsed(words=words, numbers=result.costs.told(instrument), paid=paid_by(result))


def costs_words(costs: Costs, instrument: Instrument, currency: str, *, priced: bool = True) -> tuple[str, ...]:
    """One phrase for each cost that is taken off; money is that of `currency`. priced: pips also in the instrument's price."""
    of = instrument if priced else None
    told = (
        spread_words(costs, instrument, priced=priced), _commission_words(costs, currency), _slippage_words(costs, of),
        _swap_words(costs, of),
    )  # fmt: skip
    return tuple(word for word in told if word)


def pips_words(pips: float, instrument: Instrument | None, *, signed: bool = False) -> str:
    """`5 pips (0.05 USDT)`, `1 pip`; without a price where there is no one instrument."""
    said = f"{pips:{'+' if signed else ''}g} pip{'' if abs(pips) == 1 else 's'}"
    if instrument is None or not pips:
        return said
    price = (Decimal(repr(float(pips))) * instrument.pip).normalize()
    return f"{said} ({price:{'+' if signed else ''}f} {instrument.quote})"


def spread_words(costs: Costs, instrument: Instrument, *, priced: bool = True) -> str | None:
    """The spread, None where it is nothing."""
    spread = costs.spread_of(instrument)
    if spread.quotes is not None:
        return "spread as the bid and ask bars quote it"
    varying = bool(spread.by_hour) or bool(spread.blowouts)
    if not spread.pips and not varying:
        return None
    told = pips_words(spread.pips, instrument if priced else None)
    return f"spread {told}{', other at some hours or days' if varying else ''}"


def _commission_words(costs: Costs, currency: str) -> str | None:
    fee = costs.commission
    if fee is None:
        return None
    parts = [
        f"{fee.per_unit:g} {currency} a unit" if fee.per_unit else "",
        f"{fee.per_lot:g} {currency} a lot of {fee.lot_units:,.0f}" if fee.per_lot else "",
        f"{fee.percent:g}% of the notional" if fee.percent else "",
    ]
    least = f", at least {fee.minimum:g} {currency}" if fee.minimum else ""
    told = " and ".join(part for part in parts if part)
    return f"commission {told or 'of nothing'}{least}, at entry and at exit"


def _slippage_words(costs: Costs, instrument: Instrument | None) -> str | None:
    slip = costs.slippage
    if slip is None:
        return None
    parts = [
        pips_words(slip.pips, instrument) if slip.pips else "",
        f"{slip.atr_share:g} of ATR {slip.atr_period}" if slip.atr_share else "",
    ]
    return f"slippage {' and '.join(part for part in parts if part) or 'of nothing'} at each market fill"


def _swap_words(costs: Costs, instrument: Instrument | None) -> str | None:
    swap = costs.swap
    if swap is None:
        return None
    sides = [
        f"{name} {pips_words(pips, instrument, signed=True)}" + (f" {share:+g}% a year" if share else "")
        for name, pips, share in (
            ("long", swap.long_pips, swap.long_percent),
            ("short", swap.short_pips, swap.short_percent),
        )
    ]
    return f"swap a night: {', '.join(sides)} (above zero is earned)".replace("-", "\N{MINUS SIGN}")


def paid_by(result: Result) -> Paid:
    """Commission and swap as booked; spread and slippage as units x width, half a spread at each end."""
    t, dealing, books = result.trades, result.trades.dealing, result.books
    if not len(t):
        return Paid(commission=0.0, swap=0.0, spread=0.0, slippage=0.0)
    into, out = t.entry_index, t.exit_index
    width = (dealing.ask[3] + dealing.ask[4]) - (dealing.bid[3] + dealing.bid[4])
    rate = books.rate if books else np.broadcast_to(np.float64(1.0), len(width))
    size = t.units * float(result.bars.instrument.multiplier) * rate[out]
    held = t.reason == _OPEN
    spread = size * (width[into] + np.where(held, 0.0, width[out])) / 2
    slipped = 0.0
    if books is not None:
        slips = books.slip[into] + np.where((t.reason == _TARGET) | held, 0.0, books.slip[out])
        slipped = float((size * slips).sum())
    commission, swap = float(t.commission.sum()), -float(t.swap.sum())
    return Paid(commission=commission, swap=swap + 0.0, spread=float(spread.sum()), slippage=slipped)
