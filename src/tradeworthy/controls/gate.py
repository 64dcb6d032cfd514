"""The last check before an order leaves: the only place where an approval is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.entries import Entry
from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.knowing import Unknown, known
from tradeworthy.controls.limit_settings import Limits
from tradeworthy.controls.outcomes import Limit, Outcome, judged, missing, not_applicable
from tradeworthy.controls.reductions import not_asked, verified
from tradeworthy.core.approved import Approved
from tradeworthy.core.errors import InputError
from tradeworthy.core.mint import approve
from tradeworthy.core.order import Order, Refused

Answer: TypeAlias = Approved[Order] | Refused


@dataclass(frozen=True, slots=True)
class Ruling:
    """The gate's answer and every check behind it, in order; the first that refuses is the one in a `Refused`."""

    answer: Answer
    outcomes: tuple[Outcome, ...]


class Gate:
    """Asks every limit about every entry. An order that verifiably reduces is always let out.

    limits: any `Limit`s, by default all of them with their defaults. Raises InputError when two bear the same name.
    """

    def __init__(self, limits: Iterable[Limit] | None = None) -> None:
        self._limits = tuple(Limits() if limits is None else limits)
        self._off = {one.name: _off(one) for one in self._limits if not one.enabled}
        names = [one.name for one in self._limits]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise InputError(f"the gate has two limits named {twice!r}; leave one of them out")

    def judge(self, order: Order, book: AccountView, moment_ns: int) -> Answer:
        """An approval of the order, or why it is refused. moment_ns: now, in ns UTC. Never raises for what is missing."""
        if order.reduce_only:  # what limits have to say of an exit is only that they do not hold it back
            return _answer(order, (verified(order, book),))
        entry = Entry.of(order, book, moment_ns)
        asked = (one.check(entry) for one in self._limits if one.enabled)
        return _answer(order, chain((_something(order),), asked))

    def ruling(self, order: Order, book: AccountView, moment_ns: int) -> Ruling:
        """The same with the outcome of every check, those that are off included."""
        outcomes = self._exit(order, book) if order.reduce_only else self._entry(order, book, moment_ns)
        return Ruling(_answer(order, outcomes), outcomes)

    def _exit(self, order: Order, book: AccountView) -> tuple[Outcome, ...]:
        spared = (
            self._off.get(one.name) or not_applicable(one.name, "limits do not hold back an exit")
            for one in self._limits
        )
        return verified(order, book), *spared

    def _entry(self, order: Order, book: AccountView, moment_ns: int) -> tuple[Outcome, ...]:
        entry = Entry.of(order, book, moment_ns)
        asked = [self._off.get(one.name) or one.check(entry) for one in self._limits]
        return not_asked(order), _something(order), *asked


def _answer(order: Order, outcomes: Iterable[Outcome]) -> Answer:
    """The first that refuses; those after it need not be asked."""
    for one in outcomes:
        if one.refuses:
            return one.refusal()
    return approve(order)


def _off(limit: Limit) -> Outcome:
    return Outcome(limit.name, CheckState.OFF, actual="off")


def _something(order: Order) -> Outcome:
    units = known(order.units, "the units of the order")
    if isinstance(units, Unknown):
        return missing("units", "units other than zero", units)
    return judged("units", "units other than zero", f"{units:g} units", passes=units != 0.0)
