"""Trades of two days held against each other: those of one side only, and those with other units or another end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tradeworthy.api.day_account import DayTrade
from tradeworthy.live.desk_state import DeskState

STILL_OPEN = "still open"


class TradeDifference(StrEnum):
    """How a trade differs between two sides."""

    OWN_ONLY = "only with the desk's own settings"
    OTHER_ONLY = "only with the other settings"
    UNITS = "other units"
    END = "another end"


@dataclass(frozen=True, slots=True)
class TradeChange:
    """A trade that is not the same on both sides; None where a side does not have it."""

    kind: TradeDifference
    own: DayTrade | None
    other: DayTrade | None

    @property
    def strategy(self) -> str:
        """Whose it is."""
        found = self.own or self.other
        return "" if found is None else found.strategy


def open_trades(state: DeskState) -> tuple[DayTrade, ...]:
    """Positions as trades that are not over: left at the latest close for what they are worth there."""
    found = []
    for member, one in zip(state.plan.members, state.members, strict=True):
        held = one.holding
        if held is None:
            continue
        last = state.histories[state.plan.series_at[member.key]].last
        found.append(
            DayTrade(
                member.name, member.instrument.symbol, "long" if held.side > 0 else "short", float(abs(held.opened)), held.price,
                held.price if last is None else last.close, held.opened_ns, state.time_ns, STILL_OPEN,
                held.booked + (held.mark or 0.0),
            )
        )  # fmt: skip
    return tuple(found)


def changed_trades(own: Sequence[DayTrade], other: Sequence[DayTrade]) -> Iterator[TradeChange]:
    """Those that differ, in the order of their entries. A trade is the same one where strategy, side and entry time are."""
    ours, theirs = {_key(one): one for one in own}, {_key(one): one for one in other}
    for key in sorted({*ours, *theirs}, key=lambda one: (one[2], one[0])):
        one, two = ours.get(key), theirs.get(key)
        if one is None or two is None:
            yield TradeChange(TradeDifference.OTHER_ONLY if one is None else TradeDifference.OWN_ONLY, one, two)
        elif one.units != two.units:
            yield TradeChange(TradeDifference.UNITS, one, two)
        elif (one.reason, one.exit_ns, one.exit_price) != (two.reason, two.exit_ns, two.exit_price) and not (
            one.reason == two.reason == STILL_OPEN
        ):
            yield TradeChange(TradeDifference.END, one, two)


def _key(one: DayTrade) -> tuple[str, str, int]:
    return one.strategy, one.side, one.entry_ns
