"""What a bot says when it starts and when its day is over."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tradeworthy.adapters.files.plain_entries import plain_entry
from tradeworthy.adapters.files.trade_log import TradeLogger
from tradeworthy.api.kill_switch import takes_one
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.core.moments import Clock, now_by
from tradeworthy.live.attempting import Attempt

_CENT = 0.005
"""Sums of a bot and of its log may differ by rounding."""


class HealthReporter:
    """`startup(checks)` and `end_of_day(trades, summary)`: each makes a report, hands it on, and gives it.

    report: a function that takes the report's text; what it raises is kept in the report under `troubles`. log: a
    `TradeLogger` that keeps the reports. Any thread may call.
    """

    def __init__(
        self, report: Callable[..., Any] | None = None, *, log: TradeLogger | None = None, clock: Clock = now_ns
    ) -> None:
        if report is not None and not callable(report):
            raise InputError(f"report must be a function that takes a text, not {type(report).__name__}")
        self._report, self._log, self._clock = report, log, clock

    def startup(self, checks: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
        """{kind, time, ok, checks, text, troubles, ...facts}. checks: name to True (passed), None (not run), or a sentence of
        what is wrong. What was not run has not passed, and is said; it does not make the start fail."""
        said = {name: _checked(name, value) for name, value in checks.items()}
        failed = [name for name, value in checks.items() if value is not True and value is not None]
        head = "ready to trade" if not failed else f"not started: {counted(len(failed), 'check')} failed"
        lines = [f"startup: {head}", *(f"  {name}: {words}" for name, words in said.items())]
        return self._handed_on("startup", "\n".join(lines), ok=not failed, checks=said, **facts)

    def end_of_day(
        self, trades: Iterable[Mapping[str, Any]], summary: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """{kind, time, ok, trades, without_pnl, net_pnl, wins, losses, win_rate, largest_win, largest_loss, differences,
        summary, text, troubles}.

        trades: dicts with `pnl` in account money; those without one are counted apart. win_rate: None without a trade. A
        trade of exactly zero is neither. summary: the bot's own; where its `trades`, `net_pnl` or `pnl`, `wins` or `losses`
        are not those of the log, differences says so and ok is False. Raises InputError for a P&L that is no number.
        """
        rows = list(trades)
        pnl = [_money(row["pnl"], place) for place, row in enumerate(rows, 1) if row.get("pnl") is not None]
        wins, losses = sum(one > 0 for one in pnl), sum(one < 0 for one in pnl)
        told = {
            "trades": len(rows), "without_pnl": len(rows) - len(pnl), "net_pnl": math.fsum(pnl), "wins": wins, "losses": losses,
            "win_rate": wins / len(pnl) if pnl else None, "largest_win": max([0.0, *pnl]), "largest_loss": min([0.0, *pnl]),
        }  # fmt: skip
        given = {} if summary is None else plain_entry(summary, "the summary")
        differing = _differing(told, given)
        rate = "" if told["win_rate"] is None else f", {told['win_rate']:.0%} won"
        lines = [
            f"end of day: {counted(len(rows), 'trade')}{rate}, net {told['net_pnl']:+,.2f}",
            *(f"  {one}" for one in differing),
        ]
        if told["without_pnl"]:
            lines.append(f"  {counted(len(rows) - len(pnl), 'trade')} without a P&L")
        return self._handed_on(
            "end of day", "\n".join(lines), ok=not differing, differences=differing, summary=given, **told
        )

    def failed_end(self, reason: str) -> dict[str, Any]:
        """The report of a day whose trades cannot be counted, and why."""
        return self._handed_on("end of day", f"end of day: the trades cannot be counted: {reason}", ok=False)

    def _handed_on(self, kind: str, text: str, **facts: Any) -> dict[str, Any]:
        made: dict[str, Any] = {
            "kind": kind,
            "time": rfc3339(now_by(self._clock)),
            **facts,
            "text": text,
            "troubles": [],
        }
        with Attempt() as tried:
            if self._log is not None:
                self._log.log_trade(made)
        if tried.error is not None:
            made["troubles"].append(f"the report could not be kept: {tried.error}")
        with Attempt() as tried:
            if self._report is not None:
                self._report(*([text] if takes_one(self._report) else []))
        if tried.error is not None:
            made["troubles"].append(f"the report could not be sent: {type(tried.error).__name__}: {tried.error}")
        return made


def _checked(name: str, value: Any) -> str:
    if value is True:
        return "passed"
    if value is None:
        return "not run"
    if value is False:
        return "failed"
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"check {name!r} is True, None, or a sentence of what is wrong, not {value!r:.60}")
    return " ".join(value.split())


def _money(value: Any, place: int) -> float:
    """A log keeps decimals as text."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise InputError(f"trade {place}: its pnl must be a number in account money, not {value!r:.60}")
    return number


def _differing(told: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    asked = [("trades", "trades"), ("net_pnl", "net_pnl"), ("pnl", "net_pnl"), ("wins", "wins"), ("losses", "losses")]
    found = []
    for name, ours in asked:
        value = given.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value - told[ours]) >= _CENT:
            found.append(f"the summary says {name} {value:,.10g}, and the log {told[ours]:,.10g}")
    return found
