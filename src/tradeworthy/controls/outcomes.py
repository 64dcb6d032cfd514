"""What became of one check of an order, and what a limit has to be able to do."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.entries import Entry
from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.knowing import Known, Unknown, known
from tradeworthy.core.order import Refused

_put, _WORDS = object.__setattr__, ("required", "actual", "reason")
_REFUSING, _PASSED = frozenset({CheckState.REFUSED, CheckState.MISSING}), CheckState.PASSED

NOISE = 1e-12
"""Of sums over a book: an order that rounding puts this far past its limit is at its limit."""


Told = Callable[[], tuple[str, str]]
"""Makes the words of what a check required and what it found."""


class _Unspoken:
    """Keeps how the words of an outcome are made until somebody reads them."""

    __slots__ = ("_told",)
    _told: Told


@dataclass(frozen=True, slots=True)
class Outcome(_Unspoken):
    """One check: what it required, what it found, and a sentence where it refuses (REFUSED, or MISSING an input)."""

    check: str
    state: CheckState
    required: str = ""
    actual: str = ""
    reason: str = ""

    @classmethod
    def passed(cls, check: str, told: Told) -> Self:
        """One that passed. Nearly all do and few are read, so required and actual are put into words when they are."""
        made = object.__new__(cls)
        _put(made, "check", check)
        _put(made, "state", _PASSED)
        _put(made, "_told", told)
        return made

    def __getattr__(self, name: str) -> str:
        """Of what stands nowhere yet: the words of one that passed."""
        if name not in _WORDS:
            raise AttributeError(f"an outcome has no {name!r}")
        for word, text in zip(_WORDS, (*self._told(), ""), strict=True):
            _put(self, word, text)
        return str(object.__getattribute__(self, name))

    @property
    def refuses(self) -> bool:
        """Whether the order may not be sent because of this check."""
        return self.state in _REFUSING

    def refusal(self) -> Refused:
        """The answer of a gate that this check closed."""
        return Refused(self.check, self.reason, self.required, self.actual)


class Limit(Protocol):
    """One limit, its own settings included. Frozen; the gate asks it only while it is enabled."""

    @property
    def name(self) -> str:
        """What people call it; no other limit of the same gate may bear it."""

    @property
    def enabled(self) -> bool:
        """Off says nothing and refuses nothing, and is shown as off."""

    def check(self, entry: Entry) -> Outcome:
        """The outcome for an entry. May not raise, whatever is missing in the account view."""


def missing(check: str, required: str, unknown: Unknown) -> Outcome:
    """Refused, because an input that the limit needs is unknown."""
    reason = f"{check} cannot be checked, because it is not known: {unknown.what}"
    return Outcome(check, CheckState.MISSING, required, f"unknown: {unknown.what}", reason)


def not_applicable(check: str, why: str) -> Outcome:
    """The limit has nothing to say about this order."""
    return Outcome(check, CheckState.NOT_APPLICABLE, actual=why)


def judged(check: str, required: str, actual: str, *, passes: bool) -> Outcome:
    """Passed, or refused with a sentence of both numbers."""
    if passes:
        return Outcome(check, CheckState.PASSED, required, actual)
    return Outcome(check, CheckState.REFUSED, required, actual, f"{check}: {actual}; allowed is {required}")


def judged_by(check: str, told: Told, *, passes: bool) -> Outcome:
    """The same, of words that are made where somebody needs them."""
    return Outcome.passed(check, told) if passes else judged(check, *told(), passes=False)


def within(actual: float, most: float) -> bool:
    """At or under the limit, rounding aside; never for what overflowed."""
    return math.isfinite(actual) and actual <= most + abs(most) * NOISE


def at_most(check: str, most: float, actual: Known, show: Callable[[float], str]) -> Outcome:
    """Passes up to the limit and with it."""
    if isinstance(actual, Unknown):
        return missing(check, f"at most {show(most)}", actual)
    return judged_by(check, lambda: (f"at most {show(most)}", show(actual)), passes=within(actual, most))


def at_most_share(check: str, share: float, money: Known, book: AccountView) -> Outcome:
    """Passes while the money is at most this share of the equity."""
    return _of_equity(check, "at most {} of the equity", share, money, book, in_percent)


def at_most_times(check: str, times: float, money: Known, book: AccountView) -> Outcome:
    """Passes while the money is at most so many times the equity."""
    return _of_equity(check, "at most {} the equity", times, money, book, in_times)


def _of_equity(
    check: str, required: str, share: float, money: Known, book: AccountView, show: Callable[[float], str]
) -> Outcome:
    equity = known(book.equity, "the equity")
    if isinstance(equity, Unknown):
        return missing(check, required.format(show(share)), equity)
    if isinstance(money, Unknown):
        return missing(check, required.format(show(share)), money)
    most = share * equity

    def told() -> tuple[str, str]:
        sum_ = in_money(money, book)
        actual = f"{show(money / equity)} ({sum_})" if equity > 0 else sum_
        return f"{required.format(show(share))} ({in_money(most, book)})", actual

    return judged_by(check, told, passes=within(money, most))


def in_money(amount: float, book: AccountView) -> str:
    """`1,234.50 USD`."""
    return f"{amount:,.2f} {book.currency}"


def in_percent(share: float) -> str:
    """`2.5%`."""
    return f"{share * 100:.6g}%"


def in_times(multiple: float) -> str:
    """`30 times`."""
    return f"{multiple:.6g} times"


def in_count(count: float) -> str:
    """`1,200`, with decimals only where there are any."""
    return f"{count:,.10g}"
