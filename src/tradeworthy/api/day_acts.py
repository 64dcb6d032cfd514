"""What a desk did on a day, act by act, and where two days that began alike first part."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tradeworthy.api.desk_past import PastStep
from tradeworthy.core.messages import BarCame
from tradeworthy.core.order import Order
from tradeworthy.live.desk_commands import NoteKind, Place, Tell
from tradeworthy.live.stepping import explained
from tradeworthy.live.verdict_chain import Link

_ID: Final = re.compile(r"tw-[A-Za-z0-9]+-\d{10}-\d{3}")
_IDS: Final = frozenset({"client_id", "entry_id", "asked_ns"})
_PASSED: Final = (NoteKind.DESK, NoteKind.BROKER)
"""That a desk was started, or what its broker says of itself, is no act."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the desk did or refused, at this moment (ns UTC). facts: the numbers behind it, of an order its levels too.
    tick: how many bars had come by then. step: the step in which it was done, order: what was sent."""

    time_ns: int
    tick: int
    strategy: str
    symbol: str
    kind: str
    sentence: str
    facts: Mapping[str, Any]
    step: PastStep = field(compare=False, repr=False)
    order: Order | None = field(default=None, compare=False, repr=False)

    @property
    def check(self) -> str:
        """Of a refusal, the check that refused; else empty."""
        return str(self.facts.get("check", "")) if self.kind == NoteKind.REFUSED else ""


@dataclass(frozen=True, slots=True)
class Sides:
    """What a check required and what it found, on each of two sides; empty where it was not asked there."""

    check: str
    required: tuple[str, str]
    actual: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Parting:
    """The first difference: what the one did and what the other did in its place, None for nothing."""

    time_ns: int
    strategy: str
    symbol: str
    one: Act | None
    other: Act | None
    sides: Sides | None


class ActLog:
    """Sees the steps of a day in order and keeps what the desk did, in the order in which it did it; numbers that only name an
    order or a record are left out."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self._ticks = 0

    def see(self, one: PastStep) -> None:
        """The next step."""
        self._ticks += isinstance(one.happened.event, BarCame)
        sent = {place.order.value.client_id: place.order.value for place in one.commands if isinstance(place, Place)}
        for command in one.commands:
            if isinstance(command, Tell) and command.kind not in _PASSED:
                self.acts.append(_act(command, one, self._ticks, sent))


def acts_of(steps: Iterable[PastStep]) -> list[Act]:
    """What the desk did in these steps."""
    log = ActLog()
    for one in steps:
        log.see(one)
    return log.acts


def parting(one: Sequence[Act], other: Sequence[Act]) -> Parting | None:
    """Where two lists of acts first differ; None where they do not."""
    same = next(
        (i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )
    here, there = one[same:], other[same:]
    if not here and not there:
        return None
    first = min([*here[:1], *there[:1]], key=_turn)
    pair = (
        next((act for act in here if _is_of(act, first)), None),
        next((act for act in there if _is_of(act, first)), None),
    )
    return Parting(first.time_ns, first.strategy, first.symbol, *pair, _sides(*pair))


def _act(tell: Tell, step: PastStep, tick: int, sent: Mapping[str, Order]) -> Act:
    facts = {name: value for name, value in tell.data.items() if name not in _IDS}
    order = sent.get(str(tell.data.get("client_id", "")))
    if order is not None:
        facts |= {
            "stop": order.stop,
            "target": order.target,
            "stop_distance": order.stop_distance,
            "target_distance": order.target_distance,
        }
    sentence = _ID.sub("the order", tell.sentence)
    return Act(
        step.happened.received_ns, tick, tell.strategy, tell.symbol, str(tell.kind), sentence, facts, step, order
    )


def _turn(act: Act) -> tuple[int, int, int]:
    """When it was done, and of one bar's acts in the order of the strategies."""
    return act.time_ns, act.tick, act.step.before.plan.member_at.get(act.strategy, -1)


def _is_of(act: Act, first: Act) -> bool:
    return (act.time_ns, act.tick, act.strategy) == (first.time_ns, first.tick, first.strategy) and (
        bool(act.strategy) or act.sentence == first.sentence
    )


def _sides(one: Act | None, other: Act | None) -> Sides | None:
    """Of the check that refused on one side: what it said there and on the other, where it was asked."""
    for refusing, sending, turned in ((one, other, False), (other, one, True)):
        if refusing is None or not refusing.check:
            continue
        here = next((link.outcome for link in _asked(refusing) if link.outcome.refuses), None)
        if here is None:  # of an exit, which no chain weighs
            check, told = refusing.check, (str(refusing.facts.get("limit", "")), str(refusing.facts.get("actual", "")))
        else:
            check, told = here.check, (here.required, here.actual)
        there = next(
            ((one.outcome.required, one.outcome.actual) for one in _asked(sending) if one.outcome.check == check),
            ("", ""),
        )
        pairs = (told[0], there[0]), (told[1], there[1])
        return Sides(check, *(((b, a) if turned else (a, b)) for a, b in pairs))
    return None


def _asked(act: Act | None) -> tuple[Link, ...]:
    """Every check of the chain of decision behind an act; none where nothing was weighed."""
    if act is None:
        return ()
    chains = explained(act.step.before, act.step.happened)[2]
    return next((one.links for one in chains if one.strategy == act.strategy), ())
