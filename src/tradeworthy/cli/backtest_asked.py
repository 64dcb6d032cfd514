"""What was asked of `tradeworthy backtest` and `sweep`, and the records that it means: costs, fill rules, account."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.cli.reading import Reading
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.sizing import FixedFraction, Units
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.wiring.sources import read_bars

USUAL_RISK, USUAL_BALANCE = 0.01, 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traded(Reading):
    """How bars are read, what dealing costs and how orders fill; None and 0 where nothing was said."""

    spread: float
    commission_per_lot: float
    commission_per_unit: float
    commission_percent: float
    commission_least: float
    slippage: float
    slippage_atr: float
    swap_long: float | None
    swap_short: float | None
    entry: str | None
    stops_from: str | None
    skip_entry_bar: bool
    gap: str | None
    both: str | None
    level_first: bool
    reentry: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funded(Traded):
    """The same, and whose money is traded."""

    balance: float | None
    currency: str | None
    rates: str | None
    risk: float | None
    units: float | None
    leverage: float | None
    calibration: bool
    session_zone: str | None

    @property
    def names_account(self) -> bool:
        """Whether any option of the account was given."""
        said = (self.balance, self.currency, self.rates, self.risk, self.units, self.leverage, self.session_zone)
        return self.calibration or any(one is not None for one in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Funded):
    """Every option under its own name; None and 0 where nothing was said."""

    bars: str
    strategy: str
    set_: list[str] | None
    instrument: str | None
    finer: str | None
    one_unit: bool
    bounds: bool
    out: Path | None


def costs_of(asked: Traded) -> Costs:
    """Only what was named. Raises InputError for a number that is no cost."""
    fee = (asked.commission_per_unit, asked.commission_per_lot, asked.commission_percent, asked.commission_least)
    slip = (asked.slippage, asked.slippage_atr)
    return Costs(
        asked.spread,
        commission=Commission(fee[0], fee[1], percent=fee[2], minimum=fee[3]) if any(fee) else None,
        slippage=Slippage(*slip) if any(slip) else None,
        swap=None
        if asked.swap_long is None and asked.swap_short is None
        else Swap(asked.swap_long or 0.0, asked.swap_short or 0.0),
    )


_REENTRY: dict[str, Any] = {"always": True, "after_signal": "after_signal", "never": False}


def fills_of(asked: Traded, *, from_signal: bool) -> FillRules:
    """The defaults but for what was said. from_signal: levels are measured from the signal's close unless said."""
    said: dict[str, Any] = {
        name: value
        for name in ("entry", "stops_from", "gap", "both")
        if (value := getattr(asked, name)) is not None
    }  # fmt: skip
    if from_signal:
        said.setdefault("stops_from", "signal_close")
    if asked.reentry is not None:
        if asked.reentry not in _REENTRY:
            raise InputError(f"--reentry must be {', '.join(_REENTRY)}, not {asked.reentry}")
        said["reenter_on_exit_bar"] = _REENTRY[asked.reentry]
    return FillRules(check_entry_bar=not asked.skip_entry_bar, open_first=not asked.level_first, **said)


def account_of(asked: Asked, bars: Bars) -> tuple[Account | None, list[str]]:
    """The account that was named, or the usual one, and what has to be said about it. Raises InputError."""
    if asked.one_unit:
        if asked.names_account:
            raise InputError(
                "--one-unit trades without an account: leave out the options of the account, or --one-unit"
            )
        return None, []
    return account_named(asked, bars)


def account_named(asked: Funded, bars: Bars) -> tuple[Account, list[str]]:
    """An account with what was said, the usual where nothing was, and what has to be said about it. Raises InputError."""
    if asked.risk is not None and asked.units is not None:
        raise InputError("--risk and --units both decide the size of a trade; leave one of them out")
    currency = (asked.currency or "").upper()
    rates, notes = _rates(asked, bars, currency or bars.instrument.quote)
    account = Account(
        USUAL_BALANCE if asked.balance is None else asked.balance,
        currency,
        sizing=FixedFraction(USUAL_RISK if asked.risk is None else asked.risk)
        if asked.units is None
        else Units(asked.units),
        leverage=30.0 if asked.leverage is None else asked.leverage,
        rates=rates,
        calibration=Calibration() if asked.calibration else None,
        session_zone=asked.session_zone,
    )
    return account, notes


def _rates(asked: Funded, bars: Bars, currency: str) -> tuple[float | Bars | None, list[str]]:
    """A number, bars, or the ECB's rates where the account's currency is neither of the instrument's two."""
    quote = bars.instrument.quote
    if asked.rates is not None:
        try:
            return float(asked.rates), []
        except ValueError:
            return read_bars(asked.rates), []
    if currency in {quote, bars.instrument.base}:
        return None, []
    try:
        rates = read_bars(f"ecb:{currency}_{quote}")
    except InputError as error:
        raise InputError(
            f"{bars.label} is paid in {quote} and the account is in {currency}, and there is no rate between them "
            f"({error}); name bars of that pair or a number with --rates"
        ) from error
    return rates, [
        f"{quote} becomes {currency} by the European Central Bank's daily reference rates (--rates names others)"
    ]
