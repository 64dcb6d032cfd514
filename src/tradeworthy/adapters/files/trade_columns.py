"""A history of trades in columns of anybody's own: one row a trade, read by the names that people give them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tradeworthy.adapters.files.columns import find, numbers
from tradeworthy.adapters.files.option_words import has, naming_column
from tradeworthy.adapters.files.tables import plain_name
from tradeworthy.adapters.files.times import moments
from tradeworthy.core.errors import InputError
from tradeworthy.market.rules import Finding, Severity
from tradeworthy.validation.trade_table import Floats, TradeTable

if TYPE_CHECKING:
    import polars as pl

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
    "opened": ("entry_time", "open_time", "opened_at", "open_date", "entry_date"),
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
_MOST_NAMES, _LONGEST_NAME = 20, 40
LONG = frozenset({"long", "buy", "b", "l", "1", "+1", "bull"})
SHORT = frozenset({"short", "sell", "s", "-1", "bear"})


def plain_table(frame: "pl.DataFrame", columns: Mapping[str, str], zone: str | None, where: str) -> TradeTable:
    """One closed trade a row. columns: roles of `SPELLINGS` mapped to columns by the user.

    Needs time (of the exit), side, entry, exit, and stop, or risk in money with quantity. Strategies are told apart by
    a column strategy, else instrument. Raises InputError in one sentence for anything that cannot be read.
    """
    found = find(frame, SPELLINGS, columns, where)
    _needed(frame, found, where)
    if frame.height == 0:
        raise InputError(f"{where}: there is a header and no trade under it; export the history again")
    times = moments(frame, [found["time"]], zone, where)
    opened = moments(frame, [found["opened"]], zone, where) if "opened" in found else None
    if opened is not None and (opened > times).any():
        raise InputError(
            f"{where}: data row {int(np.argmax(opened > times)) + 1} was entered ({found['opened']}) after its exit "
            f"({found['time']}); mend or remove it ({int((opened > times).sum())} such rows)"
        )
    side = _sides(frame[found["side"]], where)
    read = {
        role: numbers(frame, found[role], where)
        for role in found.keys() & {"entry", "exit", "stop", "risk", "quantity", "costs"}
    }
    for role in ("entry", "exit"):
        _refuse(read[role], ~((read[role] > 0) & np.isfinite(read[role])), f"{role} price", where)
    if "costs" in read and "quantity" not in read:
        raise InputError(
            f"{where}: costs need a quantity to be weighed against prices; map one with {naming_column('quantity', where)}"
        )
    nothing = np.full(frame.height, np.nan)
    told: dict[str, str] = {}
    stop = risk = nothing
    if "stop" in read:
        stop, at_risk = read["stop"], _by_stop(read, side, where)
        told["R"] = "price move from entry to exit over the distance from entry to stop"
    else:
        _refuse(read["risk"], ~((read["risk"] > 0) & np.isfinite(read["risk"])), "risk", where)
        risk = at_risk = read["risk"]
        told["R"] = "price move x quantity over the money at risk, both taken to be in the same currency"
    per_price = np.ones(frame.height) if "stop" in read and "costs" not in read else _quantity(read, where)
    costs = np.zeros(frame.height)
    if "costs" in read:
        costs = _costs(read, at_risk if "stop" not in read else at_risk * per_price, where)
        told["costs"] = f"column {found['costs']!r} is taken off, whatever its sign, in the same currency as the price"
    else:
        told["costs"] = (
            "prices are the history's own fills; no commission or swap is taken off unless a column is named for costs"
        )
    told["columns"] = ", ".join(f"{role} is {name!r}" for role, name in sorted(found.items()))
    label = found.get("strategy") or found.get("instrument")
    names = _names(frame[label]) if label else ["all trades"] * frame.height
    if label is None:
        told["strategies"] = "no column tells strategies apart, so all trades are judged as one"
    instrument = found.get("instrument")
    return TradeTable(
        where, "table", opened, times, side, read.get("quantity", nothing), read["entry"], read["exit"], stop,
        side * (read["exit"] - read["entry"]) * per_price, costs, per_price, risk, np.array(names),
        np.array(_names(frame[instrument]) if instrument else [""] * frame.height), told, _repeated(frame),
    )  # fmt: skip


def _by_stop(read: Mapping[str, Floats], side: Floats, where: str) -> Floats:
    """Distance to the stop, which every trade has to have on the losing side."""
    stop, entry = read["stop"], read["entry"]
    _refuse(
        stop,
        ~(np.isfinite(stop) & (stop > 0)),
        "stop, and R needs a real one for each trade",
        where,
    )
    risk = side * (entry - stop)
    _refuse(stop, ~(risk > 0), "stop (it has to lie below the entry of a long and above that of a short)", where)
    _refuse(risk, risk < SMALLEST_RISK * entry, "distance to the stop", where)
    return risk


def is_plain(names: Sequence[str]) -> bool:
    """Whether a table has the columns that a trade a row needs, under names that are known."""
    plain = {plain_name(name) for name in names}
    return all(plain & set(SPELLINGS[role]) for role in ("time", "side", "entry", "exit"))


def listed_names(names: Sequence[str]) -> str:
    """Headings for a sentence: on one line, and not more of them than a reader would look through."""
    shown = [" ".join(name.split())[:_LONGEST_NAME] for name in names[:_MOST_NAMES]]
    return ", ".join(shown) + (f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else "")


def _needed(frame: "pl.DataFrame", found: Mapping[str, str], where: str) -> None:
    missing = [role for role in ("time", "side", "entry", "exit") if role not in found]
    have = listed_names(frame.columns)
    if missing:
        raise InputError(
            f"{where}: no column for {' and '.join(missing)}; {has(where)} {have}; map one with "
            f"{naming_column(missing[0], where)}"
        )
    if "stop" not in found and not {"risk", "quantity"} <= set(found):
        raise InputError(
            f"{where}: R needs a stop for each trade, or the money at risk and a quantity; {has(where)} {have}; map one "
            f"with {naming_column('stop', where)}, or two: risk (the money lost if the stop is hit) and quantity"
        )


def _names(series: "pl.Series") -> list[str]:
    return [str(value if value is not None else "").strip() or "unnamed" for value in series]


def _sides(series: "pl.Series", where: str) -> Floats:
    words = [str(value).strip().lower() for value in series]
    for row, word in enumerate(words):
        if word not in LONG and word not in SHORT:
            raise InputError(f"{where}: data row {row + 1} has side {word!r}; write long or short (buy or sell)")
    return np.array([1.0 if word in LONG else -1.0 for word in words])


def _costs(read: Mapping[str, Floats], at_risk: Floats, where: str) -> Floats:
    """Costs in money. Raises InputError where they dwarf the money at risk: then the quantity is in lots, not units."""
    _refuse(read["costs"], np.isinf(read["costs"]), "costs", where)
    costs = np.abs(np.nan_to_num(read["costs"]))
    usual = float(np.median(costs / at_risk))
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
        has = f"no {what}" if np.isnan(values[row]) else f"{values[row]:g} as {what}"
        raise InputError(f"{where}: data row {row + 1} has {has}; mend or remove it ({int(bad.sum())} such rows)")


def _repeated(frame: "pl.DataFrame") -> tuple[Finding, ...]:
    again = int(frame.height - frame.unique().height)
    message = f"{again:,} rows are exact copies of others; were they traded twice?"
    return (Finding("duplicates", Severity.WARNING, message, again),) if again else ()
