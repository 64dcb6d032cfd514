"""Errors, named by what the caller must do about them.

    TradeworthyError                something went wrong that a person can act on; the message is one clear sentence
    ├── InputError                  mend the input: a file, a column, an option            (exit code 2)
    │   ├── BadBars                 mend the bars; carries the findings
    │   ├── NotNow                  ask again in a while: nothing was done
    │   │   └── NotRunning          start the desk first
    │   └── NotEnoughData           bring more data, or ask for less
    ├── SettingsError               reconfigure: carries every problem of the settings     (exit code 2)
    ├── OutputError                 mend the place that was to be written to               (exit code 2)
    ├── TradeRefused                leave it: a guard refused this entry, and says why     (tradeworthy.guard)
    ├── JournalError                stop trading: what happens can no longer be recorded
    └── BrokerError                 a broker did not do what it was asked; which one says what the desk does
        ├── RetryError              ask again after a while: nothing has been done
        ├── AskError                ask by client id what became of it, before anything is sent again
        ├── PauseError              send nothing for a while: the broker is closed, or has had too much
        ├── RefreshError            sign in again
        ├── RefuseError             leave it: this one order will not be taken
        ├── ReconfigureError        mend the settings: an account, a key or an address is wrong
        └── HaltError               stop, and call a person

Whoever talks to a broker raises the class by status codes and types, never by words in a message.
`Refused` orders and verdicts such as INSUFFICIENT DATA are results and never raised; only around an order function of
somebody's own, where there is no result to give, a refusal comes as `TradeRefused`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradeworthy.core.order import Refused


class TradeworthyError(Exception):
    """Root of the tree. `str(error)` says what is wrong, where, and what to do."""


class InputError(TradeworthyError):
    """What was given cannot be used as it is."""


class BadBars(InputError):  # noqa: N818 - reads as what it is at the place where it is caught
    """The bars break a rule that no backtest may overlook; `rules` names each broken rule."""

    def __init__(self, message: str, rules: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.rules = rules


class NotNow(InputError):  # noqa: N818 - the same
    """Nothing was done, and the same may be asked again in a while."""


class NotRunning(NotNow):
    """No desk trades here now."""


class NotEnoughData(InputError):  # noqa: N818 - the same
    """There are fewer bars or trades than the question needs."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the settings: where it stands, what is wrong, and what would be right."""

    where: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.key}: {self.message}" if self.key else f"{self.where}: {self.message}"


class SettingsError(TradeworthyError):
    """The settings cannot be used; `problems` holds all of them, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        many = f"{len(problems)} problems in the settings:\n  " if len(problems) > 1 else ""
        super().__init__(many + "\n  ".join(str(problem) for problem in problems))


class OutputError(TradeworthyError):
    """A report or file could not be written."""


class TradeRefused(TradeworthyError):  # noqa: N818 - reads as what it is at the place where it is caught
    """A guard refused an entry, and the order function was not called. refusal: the check, why, the limit, what was found."""

    def __init__(self, refusal: "Refused", told: str = "") -> None:
        super().__init__(told or refusal.reason)
        self.refusal = refusal


class BrokerError(TradeworthyError):
    """A broker did not do what it was asked. wait_seconds: how long the broker said to wait, None where it did not."""

    def __init__(self, message: str, wait_seconds: float | None = None) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class RetryError(BrokerError):
    """Nothing has been done, and the same may be asked again: no connection came about, or a read failed."""


class AskError(BrokerError):
    """Nobody knows whether it was done: no answer came after sending. To send it again could do it twice."""


class PauseError(BrokerError):
    """The broker takes nothing for a while: too many requests, or maintenance."""


class RefreshError(BrokerError):
    """The session has ended or was not accepted."""


class RefuseError(BrokerError):
    """The broker refused this order; others may pass."""


class ReconfigureError(BrokerError):
    """The broker will refuse everything until a setting is mended."""


class HaltError(BrokerError):
    """What the broker says must not be: an account that is closed, a position that nobody opened."""


class JournalError(TradeworthyError):
    """The journal cannot be trusted or written to: stop trading, then do what the sentence says."""
