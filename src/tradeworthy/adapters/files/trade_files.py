"""A bot's history of trades out of a table: R for each, by strategy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.files.columns import find, numbers
from tradeworthy.adapters.files.tables import read_table
from tradeworthy.adapters.files.times import moments
from tradeworthy.core.errors import InputError
from tradeworthy.market.rules import Finding, Severity
from tradeworthy.market.zones import known_zone
from tradeworthy.validation.samples import TradeSample

if TYPE_CHECKING:
    import polars as pl

Floats = npt.NDArray[np.float64]

SPELLINGS = {
    "time": (
        "time",
        "exit_time",
        "close_time",
        "closed_at",
        "close_date",
        "exit_date",
        "date",
        "datetime",
        "timestamp",
    ),
    "side": ("side", "direction", "type", "action", "buy_sell", "position"),
    "entry": ("entry", "entry_price", "open_price", "open_rate", "price_open", "avg_entry_price"),
    "exit": ("exit", "exit_price", "close_price", "close_rate", "price_close", "avg_exit_price"),
    "stop": ("stop", "stop_loss", "sl", "s_l", "stop_price", "initial_stop_loss_abs", "initial_stop"),
    "risk": ("risk", "risk_amount", "initial_risk", "risk_money"),
    "quantity": ("quantity", "qty", "units", "size", "volume", "lots", "amount"),
    "costs": (),  # only when mapped: a commission beside lots instead of units would be taken off a thousandfold
    "strategy": ("strategy", "strategy_name", "magic", "system"),
    "instrument": ("instrument", "symbol", "pair", "ticker", "market"),
}
SMALLEST_RISK = 1e-6
"""Of the entry price: no stop stands nearer, so such a one is a mistake in the file."""
LONG = frozenset({"long", "buy", "b", "l", "1", "+1", "bull"})
SHORT = frozenset({"short", "sell", "s", "-1", "bear"})


@dataclass(frozen=True, slots=True)
class TradeHistory:
    """Samples by strategy, what was assumed about the numbers, and what was noticed."""

    source: str
    samples: tuple[TradeSample, ...]
    assumptions: dict[str, str]
    findings: tuple[Finding, ...]


def read_trades(source: Any, *, columns: Mapping[str, str] | None = None, timezone: str | None = None) -> TradeHistory:
    """Closed trades from a CSV or Parquet file or a dataframe.

    Needs time (of the exit), side, entry, exit, and stop, or risk in money with quantity. Strategies are told apart by
    a column strategy, else instrument. Raises InputError in one sentence for anything that cannot be read.
    """
    where = str(source) if isinstance(source, str | Path) else "dataframe"
    frame = read_table(source)
    found = find(frame, SPELLINGS, columns or {}, where)
    _needed(frame, found, where)
    if frame.height == 0:
        raise InputError(f"{where}: there is a header and no trade under it; export the history again")
    zone = None if timezone is None else known_zone(timezone).key
    times = moments(frame, [found["time"]], zone, where)
    side = _sides(frame[found["side"]], where)
    r, assumptions = _r(frame, found, side, where)
    again = _repeated(frame)
    findings = (
        (
            Finding(
                "duplicates",
                Severity.WARNING,
                f"{again:,} rows are exact copies of others; were they traded twice?",
                again,
            ),
        )
        if again
        else ()
    )
    label = found.get("strategy") or found.get("instrument")
    names = _names(frame[label]) if label else ["all trades"] * frame.height
    if label is None:
        assumptions["strategies"] = "no column tells strategies apart, so all trades are judged as one"
    return TradeHistory(where, _samples(np.array(names), times, r), assumptions, findings)


def _needed(frame: "pl.DataFrame", found: Mapping[str, str], where: str) -> None:
    missing = [role for role in ("time", "side", "entry", "exit") if role not in found]
    have = ", ".join(frame.columns)
    if missing:
        raise InputError(
            f"{where}: no column for {' and '.join(missing)}; the file has {have}; map one with --column "
            f"{missing[0]}=NAME"
        )
    if "stop" not in found and not {"risk", "quantity"} <= set(found):
        raise InputError(
            f"{where}: R needs a stop for each trade, or the money at risk and a quantity; the file has {have}; map one "
            "with --column stop=NAME, or --column risk=NAME (the money lost if the stop is hit) and --column quantity=NAME"
        )


def _names(series: "pl.Series") -> list[str]:
    return [str(value if value is not None else "").strip() or "unnamed" for value in series]


def _sides(series: "pl.Series", where: str) -> Floats:
    words = [str(value).strip().lower() for value in series]
    for row, word in enumerate(words):
        if word not in LONG and word not in SHORT:
            raise InputError(f"{where}: data row {row + 1} has side {word!r}; write long or short (buy or sell)")
    return np.array([1.0 if word in LONG else -1.0 for word in words])


def _r(frame: "pl.DataFrame", found: Mapping[str, str], side: Floats, where: str) -> tuple[Floats, dict[str, str]]:
    read = {
        role: numbers(frame, found[role], where)
        for role in found.keys() & {"entry", "exit", "stop", "risk", "quantity", "costs"}
    }
    for role in ("entry", "exit"):
        _refuse(read[role], ~((read[role] > 0) & np.isfinite(read[role])), f"{role} price", where)
    pnl = side * (read["exit"] - read["entry"])
    told: dict[str, str] = {}
    if "stop" in read:
        none = ~(np.isfinite(read["stop"]) & (read["stop"] > 0))
        _refuse(read["stop"], none, "stop, which is none, and R needs one for each trade", where)
        risk = side * (read["entry"] - read["stop"])
        _refuse(
            read["stop"], ~(risk > 0), "stop (it has to lie below the entry of a long and above that of a short)", where
        )
        _refuse(risk, risk < SMALLEST_RISK * read["entry"], "distance to the stop", where)
        told["R"] = "price move from entry to exit over the distance from entry to stop"
    else:
        _refuse(read["risk"], ~((read["risk"] > 0) & np.isfinite(read["risk"])), "risk", where)
        risk, pnl = read["risk"], pnl * _quantity(read, where)
        told["R"] = "price move x quantity over the money at risk, both taken to be in the same currency"
    if "costs" in read:
        pnl = pnl - _costs(read, risk, where)
        told["costs"] = f"column {found['costs']!r} is taken off, whatever its sign, in the same currency as the price"
    else:
        told["costs"] = (
            "prices are the history's own fills; no commission or swap is taken off unless --column costs= names it"
        )
    told["columns"] = ", ".join(f"{role} is {name!r}" for role, name in sorted(found.items()))
    return pnl / risk, told


def _costs(read: Mapping[str, Floats], risk: Floats, where: str) -> Floats:
    """Costs in the unit of `risk`. Raises InputError where they dwarf it: then the quantity is in lots, not units."""
    if "quantity" not in read:
        raise InputError(
            f"{where}: costs need a quantity to be weighed against prices; map one with --column quantity=NAME"
        )
    _refuse(read["costs"], np.isinf(read["costs"]), "costs", where)
    costs = np.abs(np.nan_to_num(read["costs"]))
    costs = costs if "stop" not in read else costs / _quantity(read, where)
    usual = float(np.median(costs / risk))
    if usual > 1.0:
        raise InputError(
            f"{where}: costs come to {usual:,.1f} R for the usual trade; is the quantity in lots? It has to be in units of the "
            "instrument; or leave costs out"
        )
    return costs


def _quantity(read: Mapping[str, Floats], where: str) -> Floats:
    """How much was traded; the sign that some histories give shorts is the side's business."""
    size = np.abs(read["quantity"])
    _refuse(read["quantity"], ~((size > 0) & np.isfinite(size)), "quantity", where)
    return size


def _refuse(values: Floats, bad: npt.NDArray[np.bool_], what: str, where: str) -> None:
    if bad.any():
        row = int(np.argmax(bad))
        raise InputError(
            f"{where}: data row {row + 1} has {values[row]:g} as {what}; mend or remove it ({int(bad.sum())} such rows)"
        )


def _repeated(frame: "pl.DataFrame") -> int:
    return int(frame.height - frame.unique().height)


def _samples(names: npt.NDArray[np.str_], times: npt.NDArray[np.int64], r: Floats) -> tuple[TradeSample, ...]:
    """By strategy in order of name, each from its own first trade to the last of the whole history."""
    out = []
    for name in np.unique(names):
        mine = np.flatnonzero(names == name)
        mine = mine[np.argsort(times[mine], kind="stable")]
        out.append(TradeSample(str(name), times[mine], r[mine], int(times[mine][0]) - 1, int(times.max())))
    return tuple(out)
