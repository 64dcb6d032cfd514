"""MetaTrader 4 and 5: statements, histories and tests, as one table of closed trades."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tradeworthy.adapters.files.times import moments
from tradeworthy.adapters.trades_from.metatrader_deals import paired_deals
from tradeworthy.adapters.trades_from.metatrader_rows import Closed, Found, found_in
from tradeworthy.adapters.trades_from.metatrader_tests import paired_orders
from tradeworthy.adapters.trades_from.money import money_per_price
from tradeworthy.adapters.trades_from.notes import counted_names, left_out, note, present
from tradeworthy.adapters.trades_from.number_spelling import or_zero, written_numbers
from tradeworthy.adapters.trades_from.rows import Report
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.market.rules import Finding
from tradeworthy.validation.trade_table import Names, TradeTable, sound

_REMARKS = re.compile(
    r"\[(sl|tp)[^\]]*\]|\b(sl|tp) [\d.]+$|(from|to) #\d+|so: ?[\d.%/-]+.*|cancelled|partial close", re.IGNORECASE
)
"""What brokers write into comments by themselves."""
_TRADES_A_NAME = 10
_NAMED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where closed rows came from, and what that means for stops and costs."""

    platform: str
    stops: str
    costs: str
    findings: tuple[Finding, ...]


def metatrader_table(report: Report, where: str, zone: str | None) -> TradeTable:
    """Closed trades of a MetaTrader report. Raises InputError where there is none, or where times need a zone."""
    found = found_in(report)
    rows, origin = _rows(found, report, where)
    if not rows:
        raise InputError(_none(found, report, where))
    read = written_numbers(_number_columns(rows), where)
    costs = -sum((or_zero(read[name]) for name in read if name.startswith("cost")), start=np.zeros(len(rows)))
    money = sound(np.abs(read["profit"]) + np.abs(costs) + 1.0)
    bad = ~(sound(read["entry"]) & sound(read["exit"]) & sound(read["volume"]) & money)
    if bad.any():
        row = rows[int(np.argmax(bad))]
        raise InputError(
            f"{where}: the trade {row.ticket or row.opened} has {row.entry!r} as entry, {row.exit!r} as exit, {row.volume!r} as "
            f"volume and {row.profit!r} as profit, which cannot all be right; export the report again"
        )
    side = np.where(np.array([row.word for row in rows]) == "buy", 1.0, -1.0)
    symbols = np.array([row.symbol for row in rows])
    worth = money_per_price(
        side * (read["exit"] - read["entry"]), read["volume"], read["entry"], read["profit"], symbols, where
    )
    names, named_by = _strategies(rows, symbols, report)
    frame = pl.DataFrame({"opened": [row.opened for row in rows], "closed": [row.closed for row in rows]})
    told = {
        "stops": origin.stops,
        "costs": origin.costs + (f"; together {costs.sum():,.2f} in the account's currency" if costs.any() else ""),
        "strategies": named_by,
        "instruments": counted_names(symbols),
        "times": f"the terminal's own time, read as {zone}",
    }
    return TradeTable(
        where, origin.platform, moments(frame, ["opened"], zone, where), moments(frame, ["closed"], zone, where), side,
        read["volume"], read["entry"], read["exit"], np.where(sound(read["stop"]), read["stop"], np.nan), read["profit"], costs,
        worth.per_price, np.full(len(rows), np.nan), names, symbols, told,
        (*worth.findings, *origin.findings, *_left_out(found)),
    )  # fmt: skip


def _rows(found: Found, report: Report, where: str) -> tuple[list[Closed], _Origin]:
    plain = "commission, fees, taxes and swap of each trade are taken off its profit"
    if found.closed:
        initial = {ticket: stop for ticket, (stop, _) in found.orders.items() if stop}
        known = sum(row.ticket in initial for row in found.closed)
        five = bool(found.deals or found.orders) or "client terminal" in report.generator
        stops = "as the report last shows them, which a trailing stop moves after entry"
        if known:
            stops = (
                f"as the opening orders had them for {counted(known, 'trade')}, otherwise as the report last shows them"
            )
        return [_with_order(row, found.orders) for row in found.closed], _Origin(
            f"MetaTrader {5 if five else 4} {'history' if five else 'statement'}", stops, plain, ()
        )
    if found.deals:
        rows, findings = paired_deals(found, where)
        return rows, _Origin("MetaTrader 5 deals", "as the opening orders had them", plain, findings)
    rows, findings = paired_orders(found.tested, _tested_symbol(report), where)
    own = "the tester's profits hold swap and commission already, so nothing more is taken off"
    return rows, _Origin("MetaTrader 4 test", "as each order had them when it was opened", own, findings)


def _with_order(row: Closed, orders: dict[str, tuple[str, str]]) -> Closed:
    """With the stop and the comment that the opening order had, whose ticket the position keeps."""
    stop, comment = orders.get(row.ticket, ("", ""))
    if not stop and not comment:
        return row
    return Closed(
        row.ticket, row.opened, row.symbol, row.word, row.volume, row.entry, stop or row.stop, row.closed, row.exit, row.costs,
        row.profit, row.comment or comment, row.magic,
    )  # fmt: skip


def _number_columns(rows: Sequence[Closed]) -> dict[str, list[str]]:
    most = max(len(row.costs) for row in rows)
    columns = {
        "volume": [row.volume.split("/")[0].strip() for row in rows],
        "entry": [row.entry for row in rows],
        "exit": [row.exit for row in rows],
        "stop": [row.stop for row in rows],
        "profit": [row.profit for row in rows],
    }
    for place in range(most):
        columns[f"cost {place + 1}"] = [row.costs[place] if place < len(row.costs) else "" for row in rows]
    return columns


def _strategies(rows: Sequence[Closed], symbols: Names, report: Report) -> tuple[Names, str]:
    """By magic number, else by comment where comments are names, else by the test's expert, else by symbol."""
    if all(row.magic for row in rows):
        return np.array([f"magic {row.magic}" for row in rows]), "told apart by magic number"
    expert = _expert(report)
    if expert:
        return np.full(len(rows), expert), "all trades are of the expert that was tested"
    comments = [_REMARKS.sub("", row.comment).strip(" ;,.-") for row in rows]
    named = sum(bool(comment) for comment in comments)
    if named >= _NAMED_SHARE * len(rows) and len(set(comments)) * _TRADES_A_NAME <= len(rows):
        return np.array([comment or "without a comment" for comment in comments]), "told apart by the trades' comments"
    return symbols, "told apart by symbol: the report names neither a magic number nor a comment for most trades"


def _expert(report: Report) -> str:
    """Whose test it is; the title of MetaTrader 4, the first setting of MetaTrader 5. Histories name a person there instead."""
    if "strategy tester" in report.generator:
        return next((row.cells[1] for row in report.rows if len(row.cells) == 2 and row.cells[0].endswith(":")), "")
    kind, _, name = report.title.partition(": ")
    return name.strip() if kind.strip().lower() == "strategy tester" else ""


def _tested_symbol(report: Report) -> str:
    """A test of MetaTrader 4 names it once, in its first line of settings: `EURUSD (Euro vs US Dollar)`."""
    first = next((row.cells[1] for row in report.rows if len(row.cells) == 2), "")
    return first.split(" (")[0].strip() or "symbol not named"


def _left_out(found: Found) -> tuple[Finding, ...]:
    return present(
        left_out("open_trades", found.open, "position", "still open"),
        left_out("pending_orders", found.pending, "pending order", "never filled, or still waiting"),
        left_out("balance", found.balance, "balance operation", "deposits, withdrawals, credits"),
        note(
            "torn", found.torn, f"{counted(found.torn, 'row')} of trades could not be read (cut off?) and were left out"
        ),
    )


def _none(found: Found, report: Report, where: str) -> str:
    seen = []
    for count, what in (
        (found.open, "open position"),
        (found.pending, "pending order"),
        (found.balance, "balance operation"),
    ):
        if count:
            seen.append(counted(count, what))
    if seen:
        return (
            f"{where}: no closed trade; the report holds {', '.join(seen)}; choose a period in which trades were closed"
        )
    return f"{where}: no trade in this report (read as {report.encoding}); choose a period in which trades were closed"
