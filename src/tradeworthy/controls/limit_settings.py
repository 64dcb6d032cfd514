"""Every limit of the gate with its settings, in the order in which they are asked and shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from tradeworthy.controls.limits_of_activity import OrdersPerMinute, TradesPerDay
from tradeworthy.controls.limits_of_exposure import (
    CurrencyExposure,
    GrossLeverage,
    NotionalPerInstrument,
    OpenPositions,
    RiskPerInstrument,
)
from tradeworthy.controls.limits_of_groups import GroupRisk
from tradeworthy.controls.limits_of_loss import DailyLoss, DrawdownStop
from tradeworthy.controls.limits_of_price import PriceBand, StalePrice
from tradeworthy.controls.limits_of_size import FatFinger, NotionalPerOrder, RiskPerTrade, UnitsPerOrder
from tradeworthy.controls.limits_of_time import Blackouts, EventBlackout
from tradeworthy.controls.outcomes import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """All limits; `Limits(daily_loss=DailyLoss(share=0.03))` changes one. Iterating gives them in order."""

    blackouts: Blackouts = field(default_factory=Blackouts)
    event_blackout: EventBlackout = field(default_factory=EventBlackout)
    drawdown_stop: DrawdownStop = field(default_factory=DrawdownStop)
    daily_loss: DailyLoss = field(default_factory=DailyLoss)
    stale_price: StalePrice = field(default_factory=StalePrice)
    price_band: PriceBand = field(default_factory=PriceBand)
    units_per_order: UnitsPerOrder = field(default_factory=UnitsPerOrder)
    fat_finger: FatFinger = field(default_factory=FatFinger)
    notional_per_order: NotionalPerOrder = field(default_factory=NotionalPerOrder)
    risk_per_trade: RiskPerTrade = field(default_factory=RiskPerTrade)
    risk_per_instrument: RiskPerInstrument = field(default_factory=RiskPerInstrument)
    notional_per_instrument: NotionalPerInstrument = field(default_factory=NotionalPerInstrument)
    group_risk: GroupRisk = field(default_factory=GroupRisk)
    currency_exposure: CurrencyExposure = field(default_factory=CurrencyExposure)
    gross_leverage: GrossLeverage = field(default_factory=GrossLeverage)
    open_positions: OpenPositions = field(default_factory=OpenPositions)
    trades_per_day: TradesPerDay = field(default_factory=TradesPerDay)
    orders_per_minute: OrdersPerMinute = field(default_factory=OrdersPerMinute)

    def __iter__(self) -> Iterator[Limit]:
        return (getattr(self, one.name) for one in fields(self))
