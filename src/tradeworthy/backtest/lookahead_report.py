"""What was found out about a strategy and the future."""

from dataclasses import dataclass
from enum import StrEnum

from tradeworthy.strategies.protocol import Decision


class Answer(StrEnum):
    """Does a strategy use bars that had not come yet?"""

    CLEAN = "CLEAN"
    LOOKS_AHEAD = "LOOKS AHEAD"
    COULD_NOT_TELL = "COULD NOT TELL"


class FoundBy(StrEnum):
    """What was done to the bars after a cut."""

    CUT_OFF = "cutting the later bars off"
    REPLACED = "putting other bars in place of the later ones"


@dataclass(frozen=True, slots=True)
class Change:
    """A decision that depends on later bars.

    bar: its place, from 0; time_ns: the close of that bar. with_future, without_future: what is decided, None being
    nothing. ahead: the smallest number of later bars that changes it (where they were replaced: that
    makes it what it is with all of them). settled: the number of later bars after which
    it, and every other decision that was compared at the cuts, is what it is with all of them; None where later bars
    changed it and bars even later changed it back. first: a cut
    right after every earlier bar showed nothing (else it is the earliest that was found). cuts_cut_off,
    cuts_replaced: how many of the cuts showed a change, by each way.
    """

    bar: int
    time_ns: int
    with_future: Decision | None
    without_future: Decision | None
    found_by: FoundBy
    ahead: int
    settled: int | None
    later_bars: int
    first: bool
    cuts_cut_off: int
    cuts_replaced: int


@dataclass(frozen=True, slots=True)
class StreamParity:
    """Whether the strategy says the same when it is fed one bar at a time.

    bars: how many were fed. bar, time_ns, column, stream: where the two first part, bar None where nowhere. not_run:
    why it was not tried, empty where it was.
    """

    bars: int = 0
    bar: int | None = None
    time_ns: int = 0
    column: Decision | None = None
    stream: Decision | None = None
    not_run: str = ""


@dataclass(frozen=True, slots=True)
class WarmUp:
    """How many bars of history the decisions need, seen by starting the history later.

    stated: what the strategy says. entries: after so many bars enter and leave agree in every start. distances, loosely:
    after so many stops and targets agree within 1e-6 and within 0.1% of themselves. None: not within `span` bars.
    starts: how many were compared. not_run: why it was not tried, empty where it was.
    """

    stated: int
    entries: int | None = 0
    distances: int | None = 0
    loosely: int | None = 0
    starts: int = 0
    span: int = 0
    not_run: str = ""


@dataclass(frozen=True, slots=True)
class LookaheadReport:
    """The answer, and what it rests on.

    reasons: why it could not be told, or what limits the answer. bars: how many were replayed, of `bars_given`; cuts of
    `cuts_asked`. decisions: how many stand before the last cut and were compared; at_their_bar: how many of them were
    the last thing before a cut, where even one later bar is missing. refused: cuts at which the strategy raised.
    rounding: the largest relative difference of distances that was taken for rounding.
    """

    answer: Answer
    reasons: tuple[str, ...]
    strategy: str
    parameters: tuple[tuple[str, float | int | bool], ...]
    label: str
    source: str
    bars: int
    bars_given: int
    cuts: int
    cuts_asked: int
    seed: int
    decisions: int
    at_their_bar: int
    refused: int
    rounded: bool
    change: Change | None
    stream: StreamParity
    warm_up: WarmUp

    @property
    def smallest_share_seen(self) -> float:
        """A one-bar leak in at least this share of the decisions would have been seen with 95% probability.

        From (1 - share)^at_their_bar = 0.05, cuts being spread by chance; 1 where no decision was cut at its bar.
        """
        return 1.0 - 0.05 ** (1.0 / self.at_their_bar) if self.at_their_bar else 1.0

    @property
    def exit_code(self) -> int:
        """0 clean, 1 looks ahead or the stream says otherwise, 3 could not tell."""
        if self.answer is Answer.LOOKS_AHEAD or self.stream.bar is not None:
            return 1
        return 3 if self.answer is Answer.COULD_NOT_TELL else 0
