"""What other settings would have done on a day: both lived on the same simulated broker, over the same bars."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.api.carried_state import carried, flattened, is_flat, same_strategies
from tradeworthy.api.day_account import DayAccount, DayTrade
from tradeworthy.api.day_acts import Parting, parting
from tradeworthy.api.day_market import DayMarket, heard_on
from tradeworthy.api.day_trades import TradeChange, changed_trades, open_trades
from tradeworthy.api.desk_past import Past, open_past
from tradeworthy.api.desk_recovery import settings_in, taken_over
from tradeworthy.api.past_index import PastDay
from tradeworthy.api.replaying import day_in
from tradeworthy.api.seen_day import SeenDay, seen
from tradeworthy.api.simulated_day import BrokerTerms, lived_on_paper
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_state import DeskState
from tradeworthy.market.bars import Bars
from tradeworthy.settings.books import book_from
from tradeworthy.settings.freezing import differences, frozen_form
from tradeworthy.settings.loading import settings_named
from tradeworthy.settings.tree import Settings
from tradeworthy.wiring.desk_plans import Key, paper_costs, paper_rates, plan_of

_NO_RULES: Final = frozenset({"journal", "replay", "data", "desk"})
"""What does not say how a desk trades."""
_NOISE: Final = 1e-9
"""Account money that sums of the same numbers may differ by."""


@dataclass(frozen=True, slots=True)
class SimulatedDay:
    """One of both: what it came to, its trades, those that are open at its end too, and the state it ended in."""

    account: DayAccount
    trades: tuple[DayTrade, ...]
    end: DeskState


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A day under the desk's own settings and under others, both on the simulated broker.

    differ: the settings that differ, a line each. carried: whether positions and orders were carried into the day, or both began
    flat. reproduces: whether the desk's own settings do there what the journal says, None where that cannot be asked as both
    began flat; apart: where they first part from the journal, and why that may be. first: the first difference between both.
    trades: those that differ. remarks: what else to know of it.
    """

    journal: str
    day: PastDay
    differ: tuple[str, ...]
    carried: bool
    reproduces: bool | None
    apart: Parting | None
    reasons: tuple[str, ...]
    first: Parting | None
    trades: tuple[TradeChange, ...]
    own: SimulatedDay
    other: SimulatedDay
    remarks: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the other settings would have done the same."""
        return self.first is None


def replay_with(
    desk: str | Path = ".",
    day: str | date | None = None,
    config: str | Path = "tradeworthy.toml",
    *,
    through: str | date | None = None,
    data: str | Path | None = None,
) -> Counterfactual:
    """Live a day of a desk once more under its own and under other settings.

    desk, day, through, data: as of `replay_day`. config: settings, their folder, or a book that ships. The bars are those of the
    journal, in its order; wishes of operators and lost lines come when they came. Orders are dealt by the paper broker on the
    terms of the desk's own settings. Raises as `replay_day`; SettingsError for settings that cannot be used, InputError for those
    that trade what the journal has no bars of, or count in another currency.
    """
    past = open_past(desk, data)
    found = day_in(past, day, through)
    settings, _ = settings_named(config, os.environ)
    return compared(past, found, settings)


def compared(past: Past, day: PastDay, settings: Settings) -> Counterfactual:
    """The same of a past that is open."""
    plans = past.plans
    if plans is None:
        raise InputError(f"{past.name}: nobody knows where the bars of its settings lie")
    real = seen(past.steps(day.first, day.last))
    actual = settings_in(real.end.origin.settings)
    book, bars = plans.bars_for(actual)
    plan, start = real.end.plan, real.start
    start = start if start.plan is plan else taken_over(start, plan)
    other_plan = _plan(settings, actual, bars, plan)
    market = heard_on(past, day, bars)
    broker = _terms(actual, book, market)
    is_carried = same_strategies(plan, other_plan) or is_flat(start)
    start = start if is_carried else flattened(start)
    own = seen(lived_on_paper(start, market, broker))
    owed = _owed(real, own) if is_carried else 0.0
    own = seen(lived_on_paper(start, market, broker, owed=owed)) if owed else own
    history = {(one.instrument.symbol, one.timeframe): one for one in market.series}
    other = seen(lived_on_paper(carried(start, other_plan, history), market, broker, owed=owed))
    return _result(past, day, (actual, settings), (real, own, other), is_carried=is_carried)


def _result(
    past: Past,
    day: PastDay,
    settings: tuple[Settings, Settings],
    days: tuple[SeenDay, SeenDay, SeenDay],
    *,
    is_carried: bool,
) -> Counterfactual:
    real, own, other = days
    apart = parting(real.acts, own.acts) if is_carried else None
    sides = _lived(own), _lived(other)
    frozen = [{name: part for name, part in frozen_form(one).items() if name not in _NO_RULES} for one in settings]
    return Counterfactual(
        past.name, day, tuple(differences(*frozen)), is_carried,
        apart is None if is_carried else None, apart, _reasons(real.account) if apart is not None else (),
        parting(own.acts, other.acts), tuple(changed_trades(sides[0].trades, sides[1].trades)), *sides,
        tuple(_remarks(*settings, real.late)),
    )  # fmt: skip


def _plan(settings: Settings, actual: Settings, bars: Mapping[Key, Bars], plan: DeskPlan) -> DeskPlan:
    book = book_from(settings)
    missing = sorted(
        {f"{one.instrument} {one.timeframe}" for one in book.strategies if (one.instrument, one.timeframe) not in bars}
    )
    if missing:
        raise InputError(
            f"the other settings trade {', '.join(missing[:4])}{' and others' if len(missing) > 4 else ''}, and the journal holds "
            "bars of what this desk trades alone; leave those strategies out, or `tradeworthy run` the other book over that day"
        )
    if settings.account.currency != actual.account.currency:
        raise InputError(
            f"the other settings count in {settings.account.currency} and this desk in {actual.account.currency}: their money "
            "cannot be held against each other"
        )
    wanted = {(one.instrument, one.timeframe) for one in book.strategies}
    made = plan_of(settings, book, {key: one for key, one in bars.items() if key in wanted}, replayed=True)
    return replace(made, mark=plan.mark, hours={**plan.hours}, day=plan.day)


def _terms(actual: Settings, book: Any, market: DayMarket) -> BrokerTerms:
    paper, currency = actual.paper, actual.account.currency
    terms = PaperTerms(
        currency=currency, rates=paper_rates(currency, market.series), latency_ms=paper.latency_ms,
        partial_share=paper.partial_share, reject_share=paper.reject_share, seed=paper.seed,
    )  # fmt: skip
    return BrokerTerms(paper_costs(actual, book), book.fills, terms)


def _owed(real: SeenDay, own: SeenDay) -> float:
    """What the broker had booked otherwise than the desk by the day's start: its first book of the day tells."""
    told, made = real.first_balance, own.first_balance
    return 0.0 if told is None or made is None or abs(told - made) < _NOISE else told - made


def _lived(day: SeenDay) -> SimulatedDay:
    return SimulatedDay(day.account, (*day.account.trades, *open_trades(day.end)), day.end)


def _reasons(account: DayAccount) -> tuple[str, ...]:
    """What happened on the day that no simulation knows."""
    found = [f"{one.sentence}" for one in account.faults[:3]]
    if len(account.faults) > 3:
        found.append(f"and {len(account.faults) - 3:,} more faults of broker and lines")
    starts = account.events.get("started", 0)
    if starts:
        found.append(f"{counted(starts, 'process', 'processes')} took the desk over on that day")
    return tuple(found)


def _remarks(actual: Settings, other: Settings, late: int) -> list[str]:
    found = []
    if frozen_form(actual)["paper"] != frozen_form(other)["paper"] or actual.costs != other.costs:
        found.append(
            "the simulated broker deals on the terms of the desk's own settings for both: [paper] and [costs] make no difference"
        )
    if actual.account.balance != other.account.balance:
        found.append("both begin with what the desk had at that moment: [account] balance makes no difference")
    if actual.fills != other.fills:
        found.append(
            "orders are dealt by the desk's own [fills] for both; only where stops count from is taken from the others"
        )
    if late:
        found.append(f"{counted(late, 'bar')} came late, and came late to both")
    return found
