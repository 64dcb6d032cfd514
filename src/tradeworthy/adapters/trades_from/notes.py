"""Findings about the rows of a history, and what it holds in words."""

import numpy as np

from tradeworthy.core.counting import counted
from tradeworthy.market.rules import Finding, Severity
from tradeworthy.validation.trade_table import Names

_NAMED = 8


def left_out(rule: str, count: int, noun: str, why: str) -> Finding | None:
    """A note that so many were left out; None for none."""
    return note(rule, count, f"{counted(count, noun)} left out ({why})", Severity.NOTE)


def note(rule: str, count: int, message: str, severity: Severity = Severity.WARNING) -> Finding | None:
    """A finding about so many rows; None for none."""
    return Finding(rule, severity, message, count) if count else None


def present(*findings: Finding | None) -> tuple[Finding, ...]:
    """Those that there are."""
    return tuple(finding for finding in findings if finding is not None)


def counted_names(names: Names) -> str:
    """The most frequent ones with their counts."""
    found, counts = np.unique(names, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_NAMED]
    shown = ", ".join(f"{found[at]} ({counts[at]:,})" for at in order)
    return shown + (f" and {len(found) - _NAMED} more" if len(found) > _NAMED else "")
