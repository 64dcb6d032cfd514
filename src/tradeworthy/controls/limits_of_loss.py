"""Limits on what was lost already: today, and since the peak."""

from dataclasses import dataclass
from typing import ClassVar

from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.entries import Entry
from tradeworthy.controls.knowing import Known, Unknown, known, known_above_zero, total
from tradeworthy.controls.outcomes import NOISE, Outcome, in_money, in_percent, judged_by, missing
from tradeworthy.controls.ranges import require_share, require_switch


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLoss:
    """The fall of the equity since the exchange's day began, open profit and loss counted, as a share of its start.

    trailing: measured from the day's highest equity. with_stops: what this order and all positions would lose at their
    stops is added, so that no stop can carry the account past the limit. Prop firms ask for one or both.
    """

    share: float = 0.05
    trailing: bool = False
    with_stops: bool = False
    enabled: bool = True
    name: ClassVar[str] = "daily loss"

    def __post_init__(self) -> None:
        require_share(f"{self.name}: share", self.share)
        for name in ("trailing", "with_stops", "enabled"):
            require_switch(f"{self.name}: {name}", getattr(self, name))

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry; at the limit it is reached."""
        return self._judged(entry.book, self._at_stops(entry))

    def check_account(self, book: AccountView) -> Outcome:
        """The same without an order: of what is lost so far."""
        return self._judged(book, 0.0)

    def _judged(self, book: AccountView, further: Known) -> Outcome:
        start = known_above_zero(book.day_start_equity, "the equity at the day's start")
        if self.trailing and not isinstance(start, Unknown):
            high = known_above_zero(book.day_high_equity, "the day's highest equity")
            start = high if isinstance(high, Unknown) else max(start, high)
        return _fallen_less(self.name, self.share, start, further, book)

    def _at_stops(self, entry: Entry) -> Known:
        exposures = entry.exposures if self.with_stops else ()
        return exposures if isinstance(exposures, Unknown) else total(one.risk for one in exposures)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawdownStop:
    """The fall of the equity from its peak, as a share of the peak. The bands below it cut sizes, not entries.

    The default is the stop of `Calibration`, which makes the sizes.
    """

    share: float = Calibration().drawdown_stop
    enabled: bool = True
    name: ClassVar[str] = "drawdown stop"

    def __post_init__(self) -> None:
        require_share(f"{self.name}: share", self.share)
        require_switch(f"{self.name}: enabled", self.enabled)

    def check(self, entry: Entry) -> Outcome:
        """The outcome for this entry; at the limit it is reached."""
        return self.check_account(entry.book)

    def check_account(self, book: AccountView) -> Outcome:
        """The same without an order."""
        peak = known_above_zero(book.equity_peak, "the peak of the equity")
        return _fallen_less(self.name, self.share, peak, 0.0, book)


def _fallen_less(check: str, share: float, start: Known, further: Known, book: AccountView) -> Outcome:
    equity = known(book.equity, "the equity")
    if isinstance(start, Unknown):
        return missing(check, f"less than {in_percent(share)}", start)
    if isinstance(equity, Unknown):
        return missing(check, f"less than {in_percent(share)}", equity)
    if isinstance(further, Unknown):
        return missing(check, f"less than {in_percent(share)}", further)
    fallen = (start - equity + further) / start
    return judged_by(
        check,
        lambda: (
            f"less than {in_percent(share)} of {in_money(start, book)}",
            f"{in_percent(fallen)} ({in_money(start - equity + further, book)})",
        ),
        passes=fallen < share - NOISE,
    )
