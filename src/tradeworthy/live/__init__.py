"""The live desk: what it may do, how it is, and what it does when a broker, a feed, a session or a clock fails."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.core.deals import Fill as Fill
    from tradeworthy.core.deals import OrderReport as OrderReport
    from tradeworthy.core.deals import OrderStatus as OrderStatus
    from tradeworthy.core.messages import ArrivingBar as ArrivingBar
    from tradeworthy.live.bar_arrival import Arrival as Arrival
    from tradeworthy.live.bar_arrival import Arrived as Arrived
    from tradeworthy.live.bar_arrival import BarHistory as BarHistory
    from tradeworthy.live.bar_arrival import judge as judge
    from tradeworthy.live.breaker import BreakerPhase as BreakerPhase
    from tradeworthy.live.breaker import BreakerRules as BreakerRules
    from tradeworthy.live.breaker import BreakerState as BreakerState
    from tradeworthy.live.breaker import Permission as Permission
    from tradeworthy.live.breaker import asked as asked
    from tradeworthy.live.breaker import failed as failed
    from tradeworthy.live.breaker import succeeded as succeeded
    from tradeworthy.live.broker_errors import Action as Action
    from tradeworthy.live.broker_errors import ActionKind as ActionKind
    from tradeworthy.live.broker_errors import Waits as Waits
    from tradeworthy.live.broker_errors import action_for as action_for
    from tradeworthy.live.clock_watch import ClockReading as ClockReading
    from tradeworthy.live.clock_watch import ClockRules as ClockRules
    from tradeworthy.live.clock_watch import ClockState as ClockState
    from tradeworthy.live.clock_watch import ClockVerdict as ClockVerdict
    from tradeworthy.live.clock_watch import first_look as first_look
    from tradeworthy.live.clock_watch import looked as looked
    from tradeworthy.live.freshness import Freshness as Freshness
    from tradeworthy.live.freshness import FreshnessLimits as FreshnessLimits
    from tradeworthy.live.freshness import FreshnessVerdict as FreshnessVerdict
    from tradeworthy.live.freshness import freshness_of as freshness_of
    from tradeworthy.live.health import Agreement as Agreement
    from tradeworthy.live.health import Health as Health
    from tradeworthy.live.health import HealthReport as HealthReport
    from tradeworthy.live.health import Issue as Issue
    from tradeworthy.live.health import Lag as Lag
    from tradeworthy.live.health import Reconciliation as Reconciliation
    from tradeworthy.live.liveness import Liveness as Liveness
    from tradeworthy.live.liveness import LivenessRules as LivenessRules
    from tradeworthy.live.liveness import Pulse as Pulse
    from tradeworthy.live.liveness import PulseReading as PulseReading
    from tradeworthy.live.liveness import framed as framed
    from tradeworthy.live.liveness import pulse_of as pulse_of
    from tradeworthy.live.mode import Mode as Mode
    from tradeworthy.live.mode import ModeState as ModeState
    from tradeworthy.live.mode import Restriction as Restriction
    from tradeworthy.live.mode import lifted as lifted
    from tradeworthy.live.mode import reconciled as reconciled
    from tradeworthy.live.mode import reported as reported
    from tradeworthy.live.mode import restricted as restricted
    from tradeworthy.live.mode import started as started
    from tradeworthy.live.open_hours import OpenHours as OpenHours
    from tradeworthy.live.order_life import LiveOrder as LiveOrder
    from tradeworthy.live.order_life import client_id as client_id
    from tradeworthy.live.resuming import Resume as Resume
    from tradeworthy.live.resuming import Resumed as Resumed
    from tradeworthy.live.resuming import Scope as Scope
    from tradeworthy.live.resuming import ScopeKind as ScopeKind
    from tradeworthy.live.resuming import resumed as resumed
    from tradeworthy.live.session_refresh import BrokerSession as BrokerSession
    from tradeworthy.live.session_refresh import SessionNeed as SessionNeed
    from tradeworthy.live.session_refresh import SessionReading as SessionReading
    from tradeworthy.live.session_refresh import SessionRules as SessionRules
    from tradeworthy.live.session_refresh import due_ns as due_ns
    from tradeworthy.live.session_refresh import refresh_begun as refresh_begun
    from tradeworthy.live.session_refresh import refresh_failed as refresh_failed
    from tradeworthy.live.session_refresh import refreshed as refreshed
    from tradeworthy.live.session_refresh import session_at as session_at

_HOMES = {
    "Action": "broker_errors",
    "ActionKind": "broker_errors",
    "Agreement": "health",
    "Arrival": "bar_arrival",
    "Arrived": "bar_arrival",
    "ArrivingBar": "tradeworthy.core.messages",
    "BarHistory": "bar_arrival",
    "BreakerPhase": "breaker",
    "BreakerRules": "breaker",
    "BreakerState": "breaker",
    "BrokerSession": "session_refresh",
    "ClockReading": "clock_watch",
    "ClockRules": "clock_watch",
    "ClockState": "clock_watch",
    "ClockVerdict": "clock_watch",
    "Fill": "tradeworthy.core.deals",
    "Freshness": "freshness",
    "FreshnessLimits": "freshness",
    "FreshnessVerdict": "freshness",
    "Health": "health",
    "HealthReport": "health",
    "Issue": "health",
    "Lag": "health",
    "LiveOrder": "order_life",
    "Liveness": "liveness",
    "LivenessRules": "liveness",
    "Mode": "mode",
    "ModeState": "mode",
    "OpenHours": "open_hours",
    "OrderReport": "tradeworthy.core.deals",
    "OrderStatus": "tradeworthy.core.deals",
    "Permission": "breaker",
    "Pulse": "liveness",
    "PulseReading": "liveness",
    "Reconciliation": "health",
    "Restriction": "mode",
    "Resume": "resuming",
    "Resumed": "resuming",
    "Scope": "resuming",
    "ScopeKind": "resuming",
    "SessionNeed": "session_refresh",
    "SessionReading": "session_refresh",
    "SessionRules": "session_refresh",
    "Waits": "broker_errors",
    "action_for": "broker_errors",
    "asked": "breaker",
    "client_id": "order_life",
    "due_ns": "session_refresh",
    "failed": "breaker",
    "first_look": "clock_watch",
    "framed": "liveness",
    "freshness_of": "freshness",
    "judge": "bar_arrival",
    "lifted": "mode",
    "looked": "clock_watch",
    "pulse_of": "liveness",
    "reconciled": "mode",
    "refresh_begun": "session_refresh",
    "refresh_failed": "session_refresh",
    "refreshed": "session_refresh",
    "reported": "mode",
    "restricted": "mode",
    "resumed": "resuming",
    "session_at": "session_refresh",
    "started": "mode",
    "succeeded": "breaker",
}

__all__ = [
    "Action",
    "ActionKind",
    "Agreement",
    "Arrival",
    "Arrived",
    "ArrivingBar",
    "BarHistory",
    "BreakerPhase",
    "BreakerRules",
    "BreakerState",
    "BrokerSession",
    "ClockReading",
    "ClockRules",
    "ClockState",
    "ClockVerdict",
    "Fill",
    "Freshness",
    "FreshnessLimits",
    "FreshnessVerdict",
    "Health",
    "HealthReport",
    "Issue",
    "Lag",
    "LiveOrder",
    "Liveness",
    "LivenessRules",
    "Mode",
    "ModeState",
    "OpenHours",
    "OrderReport",
    "OrderStatus",
    "Permission",
    "Pulse",
    "PulseReading",
    "Reconciliation",
    "Restriction",
    "Resume",
    "Resumed",
    "Scope",
    "ScopeKind",
    "SessionNeed",
    "SessionReading",
    "SessionRules",
    "Waits",
    "action_for",
    "asked",
    "client_id",
    "due_ns",
    "failed",
    "first_look",
    "framed",
    "freshness_of",
    "judge",
    "lifted",
    "looked",
    "pulse_of",
    "reconciled",
    "refresh_begun",
    "refresh_failed",
    "refreshed",
    "reported",
    "restricted",
    "resumed",
    "session_at",
    "started",
    "succeeded",
]

__getattr__, __dir__ = attach(__name__, _HOMES, public=__all__)
