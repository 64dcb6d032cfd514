"""The rules by which decisions become fills. Libraries differ here by over 40% of P&L, so each rule is a switch."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from tradeworthy.core.errors import InputError

_ALLOWED: Mapping[str, tuple[str | bool, ...]] = MappingProxyType({
    "entry": ("next_open", "close"),
    "stops_from": ("fill", "signal_close"),
    "check_entry_bar": (True, False),
    "gap": ("open", "trigger"),
    "both": ("stop", "target"),
    "open_first": (True, False),
    "reenter_on_exit_bar": (True, False, "after_signal"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class FillRules:
    """When and at what price orders are filled.

    entry: decisions are carried out at the next bar's open, or at the close of the signal's own bar.
    stops_from: stop and target are measured from the fill, or from the close of the signal's bar.
    check_entry_bar: stop and target already count within the bar whose open was the entry.
    gap: a bar that opens beyond a stop or target fills at that open, or at the level itself (which nobody traded).
    both: which comes first when one bar holds stop and target and its open decides neither.
    open_first: a bar that opens beyond a level is left there; without it the level that `both` names is looked for over
    the whole bar before the other, as other libraries do, and takes what the open had decided.
    reenter_on_exit_bar: a position may be opened on a bar on which another was closed; "after_signal" allows reversals
    but nothing after a stop or target; without it no reversals either.
    The defaults are the pessimistic ones that can be had live.
    """

    entry: Literal["next_open", "close"] = "next_open"
    stops_from: Literal["fill", "signal_close"] = "fill"
    check_entry_bar: bool = True
    gap: Literal["open", "trigger"] = "open"
    both: Literal["stop", "target"] = "stop"
    open_first: bool = True
    reenter_on_exit_bar: Literal[True, False, "after_signal"] = True

    def __post_init__(self) -> None:
        for name, allowed in _ALLOWED.items():
            given = getattr(self, name)
            if given not in allowed or (given in {0, 1} and not isinstance(given, bool)):
                words = " or ".join(repr(one) for one in allowed)
                raise InputError(f"fills: {name} must be {words}, not {given!r}")

    @property
    def at_next_open(self) -> bool:
        """Whether entries are filled at the next bar's open."""
        return self.entry == "next_open"

    @property
    def switches(self) -> tuple[bool, bool, bool, bool, bool, bool, bool, bool]:
        """The rules in their order, each true at its default, as the kernels take them; the last in two."""
        return (
            self.at_next_open, self.stops_from == "fill", self.check_entry_bar, self.gap == "open", self.both == "stop",
            self.open_first, self.reenter_on_exit_bar is not False, self.reenter_on_exit_bar is True,
        )  # fmt: skip
