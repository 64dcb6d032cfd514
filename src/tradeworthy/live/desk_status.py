"""How a desk is at this moment, in plain types: what `status` shows and other programs read."""

from typing import Any

from tradeworthy.core.clock import rfc3339
from tradeworthy.live.desk_state import DeskState, Role
from tradeworthy.live.freshness_step import readings
from tradeworthy.live.health import HealthReport
from tradeworthy.live.holding_back import mode_of

STATUS_SCHEMA = 1


def status_of(state: DeskState) -> dict[str, Any]:
    """Mode and why, health and what is wrong, money, positions, orders under way and how old the bars are.

    Times are RFC 3339, money is in `currency`; None is not known.
    """
    freshness = readings(state, state.time_ns)
    report, day = HealthReport(state.breaker, state.reconciliation, freshness), state.day
    return {
        "schema": STATUS_SCHEMA,
        "desk": state.plan.mark,
        "time": rfc3339(state.time_ns),
        "sequence": state.sequence,
        "broker": state.origin.broker,
        "simulated": state.origin.simulated,
        "generation": state.origin.generation,
        "mode": str(state.mode.mode),
        "restrictions": [
            {
                "source": one.source, "mode": str(one.mode), "reason": one.reason, "since": rfc3339(one.since_ns),
                "latched": one.latched, "instrument": one.instrument,
            }
            for one in state.mode.restrictions
        ],
        "health": str(report.health),
        "issues": list(report.sentences),
        "currency": state.plan.currency,
        "balance": state.balance,
        "equity": state.equity,
        "peak_equity": state.peak_equity,
        "day_start_equity": day.start_equity,
        "trades_today": day.trades,
        "trades": sum(one.trades for one in state.members),
        "positions": _positions(state),
        "orders": [
            {
                "client_id": one.life.client_id, "strategy": one.life.strategy, "symbol": one.life.symbol,
                "role": str(one.role), "units": str(one.life.units), "filled": str(one.life.filled),
                "status": str(one.life.status),
            }
            for one in state.orders.values()
            if one.role in {Role.ENTRY, Role.EXIT}
        ],
        "strategies": _strategies(state),
        "unwinding": None if state.unwinding is None else _unwinding(state),
        "reconciled": None if not state.book.agreed_ns else rfc3339(state.book.agreed_ns),
        "differences": list(state.book.differences),
    }  # fmt: skip


def _positions(state: DeskState) -> list[dict[str, Any]]:
    found = []
    for member, held in zip(state.plan.members, state.members, strict=True):
        one = held.holding
        if one is not None:
            found.append({
                "strategy": member.name, "symbol": member.instrument.symbol, "units": str(one.units), "price": one.price,
                "since": rfc3339(one.opened_ns), "stop": one.stop, "target": one.target, "profit": one.mark,
                "leaving": one.leaving, "protected": one.stop is not None,
            })  # fmt: skip
    return found


def _strategies(state: DeskState) -> list[dict[str, Any]]:
    rows = []
    for place, (member, held) in enumerate(zip(state.plan.members, state.members, strict=True)):
        last = state.histories[state.plan.series_at[member.key]].last
        rows.append({
            "strategy": member.name, "symbol": member.instrument.symbol, "timeframe": str(member.timeframe),
            "trades": held.trades, "won": held.won, "pnl": held.pnl, "last_bar": None if last is None else rfc3339(last.close_ns),
            "mode": str(mode_of(state, place)),
        })  # fmt: skip
    return rows


def _unwinding(state: DeskState) -> dict[str, Any]:
    one = state.unwinding
    if one is None:
        return {}
    return {
        "why": one.why, "since": rfc3339(one.since_ns), "confirmed": None if not one.confirmed_ns else rfc3339(one.confirmed_ns),
    }  # fmt: skip
