"""From settings and bars to the plan of a desk."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tradeworthy.appraisal.book import Book
from tradeworthy.backtest.charges import Commission, Slippage
from tradeworthy.backtest.costs import Costs
from tradeworthy.controls.gate import Gate
from tradeworthy.core.bar import NEW_YORK_CLOSE, UTC_MIDNIGHT, Timeframe
from tradeworthy.core.clock import DAY_NS, MINUTE_NS, SECOND_NS
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.instrument import CalendarName
from tradeworthy.live.desk_plan import DeskPlan, Member, Timing
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.market.bars import Bars
from tradeworthy.ports import BarStore
from tradeworthy.settings.desk_terms import (
    calibration_from,
    filters_from,
    freshness_from,
    groups_from,
    limits_from,
    sizing_from,
)
from tradeworthy.settings.tree import Settings

_AROUND_NS = 400 * DAY_NS
"""Open hours are known so long before the first bar and after the last one."""

Key = tuple[str, Timeframe]


def desk_mark(name: str) -> str:
    """Eight letters and digits that stand in every client id of a desk: five of its name, and three of the name's hash."""
    letters = re.sub(r"[^A-Za-z0-9]", "", name)[:5]
    return letters + hashlib.sha256(name.encode()).hexdigest()[: 8 - len(letters)]


def bars_of(book: Book, store: BarStore[Bars]) -> dict[Key, Bars]:
    """The bars that the book's strategies trade on, each series once. Raises InputError where there are none, or too few."""
    found: dict[Key, Bars] = {}
    for one in book.strategies:
        key = (one.instrument, one.timeframe)
        if key not in found:
            found[key] = store.read(*key)
        if len(found[key]) <= one.rules.warm_up:
            raise NotEnoughData(
                f"{found[key].label}: {one.name} needs {one.rules.warm_up:,} bars to warm up and there are {len(found[key]):,}; "
                "bring more history"
            )
    return found


def plan_of(settings: Settings, book: Book, bars: Mapping[Key, Bars], *, replayed: bool) -> DeskPlan:
    """What the desk trades and by which rules. replayed: reconciled once a day of bars, as nobody else trades the account.

    Raises InputError for fill rules that cannot be had live, and sizes that the desk cannot work out.
    """
    _check_fills(book)
    sizing = sizing_from(settings)
    members = tuple(
        Member(
            one.name,
            bars[one.instrument, one.timeframe].instrument,
            one.timeframe,
            one.rules,
            sizing,
            settings.sizing.leverage,
        )
        for one in book.strategies
    )
    first, last = (
        min(int(one.open_time[0]) for one in bars.values()),
        max(int(one.close_time[-1]) for one in bars.values()),
    )
    calendars = {one.instrument.symbol: one.instrument.calendar for one in bars.values()}
    open_by = {
        calendar: OpenHours.always()  # what is not known counts as open: data can then only seem older than they are
        if calendar is CalendarName.UNKNOWN
        else OpenHours.of_calendar(calendar, first - _AROUND_NS, last + _AROUND_NS)
        for calendar in {*calendars.values()}
    }
    hours = {symbol: open_by[calendar] for symbol, calendar in calendars.items()}
    live = settings.live
    timing = Timing(
        answer_ns=round(live.answer_seconds * SECOND_NS), entry_ns=round(live.entry_seconds * SECOND_NS),
        reconcile_ns=DAY_NS if replayed else round(live.reconcile_minutes * MINUTE_NS),
    )  # fmt: skip
    return DeskPlan(
        desk_mark(settings.desk.name), settings.account.currency, members, hours, Gate(limits_from(settings)),
        book.fills.stops_from == "fill", calibration_from(settings), filters_from(settings), groups_from(settings),
        day=NEW_YORK_CLOSE if any(one is not CalendarName.ALWAYS for one in calendars.values()) else UTC_MIDNIGHT,
        session_zone=live.session_zone or "", timing=timing, freshness=freshness_from(settings),
        balance=settings.account.balance,
    )  # fmt: skip


def paper_costs(settings: Settings, book: Book) -> Costs:
    """What the paper broker takes: the spreads of the settings, and its own slippage and commission."""
    paper = settings.paper
    return replace(
        book.costs,
        commission=Commission(per_lot=paper.commission_per_lot) if paper.commission_per_lot else book.costs.commission,
        slippage=Slippage(pips=paper.slippage_pips) if paper.slippage_pips else book.costs.slippage,
    )


def paper_rates(currency: str, bars: Sequence[Bars]) -> dict[str, float | Bars]:
    """By quote currency, bars that say what it is worth in the account's: the book's own, else the ECB's."""
    from tradeworthy.adapters.files.ecb import EcbRates

    found: dict[str, float | Bars] = {}
    bank = EcbRates()
    for quote in sorted({one.instrument.quote for one in bars} - {currency}):
        names = {f"{quote}_{currency}", f"{currency}_{quote}"}
        own = sorted((one for one in bars if one.instrument.symbol in names), key=lambda one: one.timeframe.length_ns)
        found[quote] = own[0] if own else bank.read(f"{quote}_{currency}")
    return found


def _check_fills(book: Book) -> None:
    fills = book.fills
    if not fills.at_next_open:
        raise InputError(
            'fills: entry = "close" deals at a price that is gone when it is known, so no desk can; use "next_open"'
        )
    if fills.reenter_on_exit_bar is not True:
        raise InputError(
            f"fills: reenter_on_exit_bar = {fills.reenter_on_exit_bar!r} is a rule of backtests and no desk keeps it; use true"
        )
