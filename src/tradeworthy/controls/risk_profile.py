"""How much may be risked now, and all that it follows from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.running_calibration import Moment, RunningCalibration, TradePermission
from tradeworthy.core.clock import SECOND_NS, rfc3339


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskProfile(Mapping[str, Any]):
    """Reads as a record (`profile.balance`) and as a dict (`profile["balance"]`).

    position_size_multiplier: share of the usual size, 0 whenever `allowed` is False. multiplier_when_allowed: what the four
    multipliers make of it once nothing refuses, 0 after the drawdown stop. max_trades_per_day: None where the rule
    is off; trades_left_today likewise. risk_per_trade: share of the capital that one trade may lose now. The four multipliers
    are those of each rule, whether or not something refuses. drawdown: share of the peak. balance, peak: account currency.
    cooldown_seconds: what is left of it. volatility_level: UNKNOWN while too few values are known. time: RFC 3339.
    """

    position_size_multiplier: float
    multiplier_when_allowed: float
    max_trades_per_day: int | None
    trades_today: int
    trades_left_today: int | None
    risk_per_trade: float
    allowed: bool
    reason: str
    code: str
    streak_multiplier: float
    drawdown_multiplier: float
    volatility_multiplier: float
    session_multiplier: float
    volatility_level: str
    losses_in_a_row: int
    drawdown: float
    stopped: bool
    balance: float
    peak: float
    cooldown_seconds: float
    time: str

    def to_dict(self) -> dict[str, Any]:
        """All fields, in their order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __getitem__(self, name: str) -> Any:
        """A field by its name."""
        return self.to_dict()[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the fields."""
        return iter(self.to_dict())

    def __len__(self) -> int:
        """How many fields there are."""
        return len(fields(self))


def profile_of(
    running: RunningCalibration, moment: Moment, level: VolatilityLevel, found: TradePermission, risk: float
) -> RiskProfile:
    """found: what was answered at that moment; risk: share of the capital that one trade of the usual size may lose."""
    rules, factors = running.rules, running.factors(moment, level)
    for_drawdown = 0.0 if running.stopped else factors.drawdown
    most, today = rules.trades_per_day_max if rules.trades_per_day else None, running.entries_on(moment.day)
    return RiskProfile(
        position_size_multiplier=found.multiplier,
        multiplier_when_allowed=factors.volatility * factors.streak * for_drawdown * factors.session,
        max_trades_per_day=most,
        trades_today=today,
        trades_left_today=None if most is None else max(0, most - today),
        risk_per_trade=risk * found.multiplier,
        allowed=found.allowed,
        reason=found.reason,
        code=found.code,
        streak_multiplier=factors.streak,
        drawdown_multiplier=for_drawdown,
        volatility_multiplier=factors.volatility,
        session_multiplier=factors.session,
        volatility_level=level.name,
        losses_in_a_row=running.losses_in_a_row,
        drawdown=running.drawdown,
        stopped=running.stopped,
        balance=running.balance,
        peak=running.peak,
        cooldown_seconds=max(0, running.cooldown_until_ns - moment.time_ns) / SECOND_NS if rules.cooldown else 0.0,
        time=rfc3339(moment.time_ns),
    )
