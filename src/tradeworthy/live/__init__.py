"""The live desk: what it may do, how it is, and what it does when a broker, a feed, a session or a clock fails.

A desk is `step(state, happened)`, pure, between a journal and a broker: `DeskPlan` says what is traded, `first_state` or `folded`
give the `DeskState` to begin with, and `DeskRuntime` feeds it. The machines behind it (mode, breaker, freshness, session, clock)
stand by themselves: docs/failover.md.
"""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach
from tradeworthy.live.offered_names import HOMES

if TYPE_CHECKING:
    from tradeworthy.core.deals import Fill as Fill
    from tradeworthy.core.deals import OrderReport as OrderReport
    from tradeworthy.core.deals import OrderStatus as OrderStatus
    from tradeworthy.core.messages import ArrivingBar as ArrivingBar
    from tradeworthy.core.moments import Clock as Clock
    from tradeworthy.core.moments import moment_ns as moment_ns
    from tradeworthy.core.moments import now_by as now_by
    from tradeworthy.live.account_day import AccountDay as AccountDay
    from tradeworthy.live.attempting import Attempt as Attempt
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
    from tradeworthy.live.connection_monitor import BrokerConnectionMonitor as BrokerConnectionMonitor
    from tradeworthy.live.data_freeze import DataFreezeDetector as DataFreezeDetector
    from tradeworthy.live.desk_commands import AskBook as AskBook
    from tradeworthy.live.desk_commands import AskReport as AskReport
    from tradeworthy.live.desk_commands import Cancel as Cancel
    from tradeworthy.live.desk_commands import Command as Command
    from tradeworthy.live.desk_commands import Leave as Leave
    from tradeworthy.live.desk_commands import NoteKind as NoteKind
    from tradeworthy.live.desk_commands import NoteLevel as NoteLevel
    from tradeworthy.live.desk_commands import Place as Place
    from tradeworthy.live.desk_commands import Replace as Replace
    from tradeworthy.live.desk_commands import SignIn as SignIn
    from tradeworthy.live.desk_commands import Tell as Tell
    from tradeworthy.live.desk_events import NOTE_KIND as NOTE_KIND
    from tradeworthy.live.desk_events import BookCame as BookCame
    from tradeworthy.live.desk_events import CallFailed as CallFailed
    from tradeworthy.live.desk_events import CallKind as CallKind
    from tradeworthy.live.desk_events import CancelTaken as CancelTaken
    from tradeworthy.live.desk_events import DeskEvent as DeskEvent
    from tradeworthy.live.desk_events import DeskStarted as DeskStarted
    from tradeworthy.live.desk_events import DeskStopped as DeskStopped
    from tradeworthy.live.desk_events import Happened as Happened
    from tradeworthy.live.desk_events import OperatorAsked as OperatorAsked
    from tradeworthy.live.desk_events import Placed as Placed
    from tradeworthy.live.desk_events import Replaced as Replaced
    from tradeworthy.live.desk_events import ReportCame as ReportCame
    from tradeworthy.live.desk_events import SettingsDiffer as SettingsDiffer
    from tradeworthy.live.desk_events import SignalAction as SignalAction
    from tradeworthy.live.desk_events import SignalCame as SignalCame
    from tradeworthy.live.desk_events import SignedIn as SignedIn
    from tradeworthy.live.desk_events import TimeReached as TimeReached
    from tradeworthy.live.desk_events import Trouble as Trouble
    from tradeworthy.live.desk_events import Wish as Wish
    from tradeworthy.live.desk_events import envelope_of as envelope_of
    from tradeworthy.live.desk_events import happened_in as happened_in
    from tradeworthy.live.desk_notes import note_of as note_of
    from tradeworthy.live.desk_plan import DeskPlan as DeskPlan
    from tradeworthy.live.desk_plan import Member as Member
    from tradeworthy.live.desk_plan import Series as Series
    from tradeworthy.live.desk_plan import Timing as Timing
    from tradeworthy.live.desk_runtime import DeskRuntime as DeskRuntime
    from tradeworthy.live.desk_runtime import Watch as Watch
    from tradeworthy.live.desk_state import DeskState as DeskState
    from tradeworthy.live.desk_state import Holding as Holding
    from tradeworthy.live.desk_state import MemberState as MemberState
    from tradeworthy.live.desk_state import Role as Role
    from tradeworthy.live.desk_state import Wanted as Wanted
    from tradeworthy.live.desk_state import Working as Working
    from tradeworthy.live.desk_state import first_state as first_state
    from tradeworthy.live.desk_state import last_bars as last_bars
    from tradeworthy.live.desk_status import status_of as status_of
    from tradeworthy.live.durations import spoken as spoken
    from tradeworthy.live.entry_step import account_view as account_view
    from tradeworthy.live.entry_step import order_of as order_of
    from tradeworthy.live.failover_state import BrokerPause as BrokerPause
    from tradeworthy.live.failover_state import FailoverState as FailoverState
    from tradeworthy.live.folding import folded as folded
    from tradeworthy.live.folding import restored as restored
    from tradeworthy.live.folding import snapshot_of as snapshot_of
    from tradeworthy.live.folding import stored_origin as stored_origin
    from tradeworthy.live.foreign_errors import action_about as action_about
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
    from tradeworthy.live.journaling import Told as Told
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
    from tradeworthy.live.moving_stop import move_refused as move_refused
    from tradeworthy.live.open_hours import OpenHours as OpenHours
    from tradeworthy.live.operator_step import is_contradicted as is_contradicted
    from tradeworthy.live.operator_step import scope_of as scope_of
    from tradeworthy.live.order_life import LiveOrder as LiveOrder
    from tradeworthy.live.order_life import client_id as client_id
    from tradeworthy.live.order_life import event_of as event_of
    from tradeworthy.live.partial_orders import PartialOrderReconciliation as PartialOrderReconciliation
    from tradeworthy.live.plain_records import from_plain as from_plain
    from tradeworthy.live.plain_records import to_plain as to_plain
    from tradeworthy.live.pressing import KILL_SWITCH as KILL_SWITCH
    from tradeworthy.live.renewed_hours import RenewedHours as RenewedHours
    from tradeworthy.live.resuming import Resume as Resume
    from tradeworthy.live.resuming import Resumed as Resumed
    from tradeworthy.live.resuming import Scope as Scope
    from tradeworthy.live.resuming import ScopeKind as ScopeKind
    from tradeworthy.live.resuming import resumed as resumed
    from tradeworthy.live.safe_exits import SafeExitManager as SafeExitManager
    from tradeworthy.live.session_refresh import BrokerSession as BrokerSession
    from tradeworthy.live.session_refresh import SessionNeed as SessionNeed
    from tradeworthy.live.session_refresh import SessionReading as SessionReading
    from tradeworthy.live.session_refresh import SessionRules as SessionRules
    from tradeworthy.live.session_refresh import due_ns as due_ns
    from tradeworthy.live.session_refresh import refresh_begun as refresh_begun
    from tradeworthy.live.session_refresh import refresh_failed as refresh_failed
    from tradeworthy.live.session_refresh import refreshed as refreshed
    from tradeworthy.live.session_refresh import session_at as session_at
    from tradeworthy.live.session_renewal import SessionAutoRefresh as SessionAutoRefresh
    from tradeworthy.live.signal_inbox import SignalAnswer as SignalAnswer
    from tradeworthy.live.signal_inbox import SignalInbox as SignalInbox
    from tradeworthy.live.stepping import explained as explained
    from tradeworthy.live.stepping import step as step
    from tradeworthy.live.trading_days import minute_of_day as minute_of_day
    from tradeworthy.live.trading_days import trading_day as trading_day
    from tradeworthy.live.verdict_chain import Answer as Answer
    from tradeworthy.live.verdict_chain import Link as Link
    from tradeworthy.live.verdict_chain import Stage as Stage
    from tradeworthy.live.verdict_chain import VerdictChain as VerdictChain
    from tradeworthy.live.volatility_feed import VolatilityFeed as VolatilityFeed

__all__ = [
    "KILL_SWITCH",
    "NOTE_KIND",
    "AccountDay",
    "Action",
    "ActionKind",
    "Agreement",
    "Answer",
    "Arrival",
    "Arrived",
    "ArrivingBar",
    "AskBook",
    "AskReport",
    "Attempt",
    "BarHistory",
    "BookCame",
    "BreakerPhase",
    "BreakerRules",
    "BreakerState",
    "BrokerConnectionMonitor",
    "BrokerPause",
    "BrokerSession",
    "CallFailed",
    "CallKind",
    "Cancel",
    "CancelTaken",
    "Clock",
    "ClockReading",
    "ClockRules",
    "ClockState",
    "ClockVerdict",
    "Command",
    "ConfigFreezer",
    "DataFreezeDetector",
    "DeskEvent",
    "DeskPlan",
    "DeskRuntime",
    "DeskStarted",
    "DeskState",
    "DeskStopped",
    "FailoverRecoverySystem",
    "FailoverState",
    "Fill",
    "Freshness",
    "FreshnessLimits",
    "FreshnessVerdict",
    "Happened",
    "Health",
    "HealthReport",
    "HealthReporter",
    "Holding",
    "Issue",
    "KillSwitch",
    "Lag",
    "Leave",
    "Link",
    "LiveOrder",
    "Liveness",
    "LivenessRules",
    "Member",
    "MemberState",
    "Mode",
    "ModeState",
    "NoteKind",
    "NoteLevel",
    "OpenHours",
    "OperatorAsked",
    "OrderReport",
    "OrderStatus",
    "PartialOrderReconciliation",
    "Permission",
    "Place",
    "Placed",
    "ProductionToolkit",
    "Pulse",
    "PulseReading",
    "Reconciliation",
    "RenewedHours",
    "Replace",
    "Replaced",
    "ReportCame",
    "Restriction",
    "Resume",
    "Resumed",
    "Role",
    "SafeExitManager",
    "Scope",
    "ScopeKind",
    "Series",
    "SessionAutoRefresh",
    "SessionNeed",
    "SessionReading",
    "SessionRules",
    "SettingsDiffer",
    "SignIn",
    "SignalAction",
    "SignalAnswer",
    "SignalCame",
    "SignalInbox",
    "SignedIn",
    "Stage",
    "Tell",
    "TimeReached",
    "Timing",
    "Told",
    "TradeLogger",
    "Trouble",
    "VerdictChain",
    "VolatilityFeed",
    "Waits",
    "Wanted",
    "Watch",
    "Wish",
    "Working",
    "account_view",
    "action_about",
    "action_for",
    "asked",
    "client_id",
    "due_ns",
    "envelope_of",
    "event_of",
    "explained",
    "failed",
    "first_look",
    "first_state",
    "folded",
    "framed",
    "freshness_of",
    "from_plain",
    "guard",
    "happened_in",
    "is_contradicted",
    "judge",
    "last_bars",
    "lifted",
    "looked",
    "minute_of_day",
    "moment_ns",
    "move_refused",
    "note_of",
    "now_by",
    "order_of",
    "pulse_of",
    "reconciled",
    "refresh_begun",
    "refresh_failed",
    "refreshed",
    "reported",
    "restored",
    "restricted",
    "resumed",
    "scope_of",
    "session_at",
    "snapshot_of",
    "spoken",
    "started",
    "status_of",
    "step",
    "stored_origin",
    "succeeded",
    "to_plain",
    "trading_day",
]

__getattr__, __dir__ = attach(__name__, HOMES, public=__all__)
