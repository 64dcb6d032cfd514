"""Tells people who run systematic trading systems whether theirs is fit to trade.

The names below are the calls people use; each is loaded when it is first asked for, so that importing the package costs
next to nothing.
"""

from typing import TYPE_CHECKING

from tradeworthy.core import version
from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.adapters.files.trade_log import TradeLogger as TradeLogger
    from tradeworthy.api.backtesting import write_backtest as write_backtest
    from tradeworthy.api.baselines import save_baseline as save_baseline
    from tradeworthy.api.calibration_engine import RiskCalibrationEngine as RiskCalibrationEngine
    from tradeworthy.api.config_freezer import ConfigFreezer as ConfigFreezer
    from tradeworthy.api.counterfactual import replay_with as replay_with
    from tradeworthy.api.desk_moment import desk_at as desk_at
    from tradeworthy.api.desk_past import open_past as open_past
    from tradeworthy.api.drifting import watch_drift as watch_drift
    from tradeworthy.api.engine_facade import BacktestingEngine as BacktestingEngine
    from tradeworthy.api.explaining import explain_signal as explain_signal
    from tradeworthy.api.explaining import latest_signals as latest_signals
    from tradeworthy.api.failover_system import FailoverRecoverySystem as FailoverRecoverySystem
    from tradeworthy.api.health_reporter import HealthReporter as HealthReporter
    from tradeworthy.api.kill_switch import KillSwitch as KillSwitch
    from tradeworthy.api.maximum_loss import MaxLossAnalyzer as MaxLossAnalyzer
    from tradeworthy.api.order_guard import guard as guard
    from tradeworthy.api.parameter_analysis import ParameterAnalyzer as ParameterAnalyzer
    from tradeworthy.api.performance_monitor import PerformanceMonitor as PerformanceMonitor
    from tradeworthy.api.production_toolkit import ProductionToolkit as ProductionToolkit
    from tradeworthy.api.records import check_record as check_record
    from tradeworthy.api.records import sign_validation as sign_validation
    from tradeworthy.api.replaying import replay_day as replay_day
    from tradeworthy.api.reporting import write_report as write_report
    from tradeworthy.api.risk_assessment import RiskAssessment as RiskAssessment
    from tradeworthy.api.risk_calculator import RiskCalculator as RiskCalculator
    from tradeworthy.api.searching import write_search as write_search
    from tradeworthy.api.session_attribution import attribute_session as attribute_session
    from tradeworthy.api.session_attribution import attribute_sessions as attribute_sessions
    from tradeworthy.api.signal_filter import AdaptiveSignalFilter as AdaptiveSignalFilter
    from tradeworthy.api.sweeping import sweep as sweep
    from tradeworthy.api.time_of_day import TimeOfDayAnalyzer as TimeOfDayAnalyzer
    from tradeworthy.api.timed_risk_parts import DynamicCooldown as DynamicCooldown
    from tradeworthy.api.timed_risk_parts import StreakBasedRiskManager as StreakBasedRiskManager
    from tradeworthy.api.timed_risk_parts import TimeBasedRiskManager as TimeBasedRiskManager
    from tradeworthy.api.trading_engine import TradingEngine as TradingEngine
    from tradeworthy.api.validation import validate as validate
    from tradeworthy.api.volatility_impact import VolatilityImpactAnalyzer as VolatilityImpactAnalyzer
    from tradeworthy.backtest.account import Account as Account
    from tradeworthy.backtest.account import OptionInputs as OptionInputs
    from tradeworthy.backtest.charges import Commission as Commission
    from tradeworthy.backtest.charges import Slippage as Slippage
    from tradeworthy.backtest.charges import Swap as Swap
    from tradeworthy.backtest.costs import Costs as Costs
    from tradeworthy.backtest.engine import run_backtest as run_backtest
    from tradeworthy.backtest.fills import FillRules as FillRules
    from tradeworthy.backtest.result import Result as Result
    from tradeworthy.backtest.spreads import Blowout as Blowout
    from tradeworthy.backtest.spreads import Spread as Spread
    from tradeworthy.backtest.trades import Trade as Trade
    from tradeworthy.controls.calibration import Calibration as Calibration
    from tradeworthy.controls.filters import Filters as Filters
    from tradeworthy.controls.risk_parts import DrawdownProtection as DrawdownProtection
    from tradeworthy.controls.risk_parts import VolatilityBasedRiskManager as VolatilityBasedRiskManager
    from tradeworthy.controls.signal_checks import BiasStrengthFilter as BiasStrengthFilter
    from tradeworthy.controls.signal_checks import OIConfirmationFilter as OIConfirmationFilter
    from tradeworthy.controls.signal_checks import TrapProbabilityFilter as TrapProbabilityFilter
    from tradeworthy.controls.sizing import FixedFraction as FixedFraction
    from tradeworthy.controls.sizing import Kelly as Kelly
    from tradeworthy.controls.sizing import Units as Units
    from tradeworthy.controls.sizing import VolatilityTarget as VolatilityTarget
    from tradeworthy.controls.volatility_regime import VolatilityRegimeDetector as VolatilityRegimeDetector
    from tradeworthy.core.errors import TradeRefused as TradeRefused
    from tradeworthy.core.errors import TradeworthyError as TradeworthyError
    from tradeworthy.core.instrument import Instrument as Instrument
    from tradeworthy.live.connection_monitor import BrokerConnectionMonitor as BrokerConnectionMonitor
    from tradeworthy.live.data_freeze import DataFreezeDetector as DataFreezeDetector
    from tradeworthy.live.partial_orders import PartialOrderReconciliation as PartialOrderReconciliation
    from tradeworthy.live.safe_exits import SafeExitManager as SafeExitManager
    from tradeworthy.live.session_renewal import SessionAutoRefresh as SessionAutoRefresh
    from tradeworthy.market.bars import Bars as Bars
    from tradeworthy.market.resampling import resample as resample
    from tradeworthy.strategies.ma_cross import MaCrossover as MaCrossover
    from tradeworthy.strategies.python_function import python_strategy as python_strategy
    from tradeworthy.strategies.recipe import Recipe as Recipe
    from tradeworthy.strategies.registry import strategy_named as strategy_named
    from tradeworthy.strategies.rsi_bollinger import RsiBollinger as RsiBollinger
    from tradeworthy.strategies.signal_arrays import from_signals as from_signals
    from tradeworthy.validation.drift import DriftMonitor as DriftMonitor
    from tradeworthy.wiring.sources import read_bars as read_bars
    from tradeworthy.wiring.strategy_sources import load_strategy as load_strategy

__version__ = version.PACKAGE_VERSION

__all__ = [
    "Account",
    "AdaptiveSignalFilter",
    "BacktestingEngine",
    "Bars",
    "BiasStrengthFilter",
    "Blowout",
    "BrokerConnectionMonitor",
    "Calibration",
    "Commission",
    "ConfigFreezer",
    "Costs",
    "DataFreezeDetector",
    "DrawdownProtection",
    "DriftMonitor",
    "DynamicCooldown",
    "FailoverRecoverySystem",
    "FillRules",
    "Filters",
    "FixedFraction",
    "HealthReporter",
    "Instrument",
    "Kelly",
    "KillSwitch",
    "MaCrossover",
    "MaxLossAnalyzer",
    "OIConfirmationFilter",
    "OptionInputs",
    "ParameterAnalyzer",
    "PartialOrderReconciliation",
    "PerformanceMonitor",
    "ProductionToolkit",
    "Recipe",
    "Result",
    "RiskAssessment",
    "RiskCalculator",
    "RiskCalibrationEngine",
    "RsiBollinger",
    "SafeExitManager",
    "SessionAutoRefresh",
    "Slippage",
    "Spread",
    "StreakBasedRiskManager",
    "Swap",
    "TimeBasedRiskManager",
    "TimeOfDayAnalyzer",
    "Trade",
    "TradeLogger",
    "TradeRefused",
    "TradeworthyError",
    "TradingEngine",
    "TrapProbabilityFilter",
    "Units",
    "VolatilityBasedRiskManager",
    "VolatilityImpactAnalyzer",
    "VolatilityRegimeDetector",
    "VolatilityTarget",
    "__version__",
    "attribute_session",
    "attribute_sessions",
    "check_record",
    "desk_at",
    "explain_signal",
    "from_signals",
    "guard",
    "latest_signals",
    "load_strategy",
    "open_past",
    "python_strategy",
    "read_bars",
    "replay_day",
    "replay_with",
    "resample",
    "run_backtest",
    "save_baseline",
    "sign_validation",
    "strategy_named",
    "sweep",
    "validate",
    "watch_drift",
    "write_backtest",
    "write_report",
    "write_search",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Account": "backtest.account",
        "AdaptiveSignalFilter": "api.signal_filter",
        "BacktestingEngine": "api.engine_facade",
        "Bars": "market.bars",
        "BiasStrengthFilter": "controls.signal_checks",
        "Blowout": "backtest.spreads",
        "BrokerConnectionMonitor": "live.connection_monitor",
        "Calibration": "controls.calibration",
        "Commission": "backtest.charges",
        "ConfigFreezer": "api.config_freezer",
        "Costs": "backtest.costs",
        "DataFreezeDetector": "live.data_freeze",
        "DrawdownProtection": "controls.risk_parts",
        "DriftMonitor": "validation.drift",
        "DynamicCooldown": "api.timed_risk_parts",
        "FailoverRecoverySystem": "api.failover_system",
        "FillRules": "backtest.fills",
        "Filters": "controls.filters",
        "FixedFraction": "controls.sizing",
        "HealthReporter": "api.health_reporter",
        "Instrument": "core.instrument",
        "Kelly": "controls.sizing",
        "KillSwitch": "api.kill_switch",
        "MaCrossover": "strategies.ma_cross",
        "MaxLossAnalyzer": "api.maximum_loss",
        "OIConfirmationFilter": "controls.signal_checks",
        "OptionInputs": "backtest.account",
        "ParameterAnalyzer": "api.parameter_analysis",
        "PartialOrderReconciliation": "live.partial_orders",
        "PerformanceMonitor": "api.performance_monitor",
        "ProductionToolkit": "api.production_toolkit",
        "Recipe": "strategies.recipe",
        "Result": "backtest.result",
        "RiskAssessment": "api.risk_assessment",
        "RiskCalculator": "api.risk_calculator",
        "RiskCalibrationEngine": "api.calibration_engine",
        "RsiBollinger": "strategies.rsi_bollinger",
        "SafeExitManager": "live.safe_exits",
        "SessionAutoRefresh": "live.session_renewal",
        "Slippage": "backtest.charges",
        "Spread": "backtest.spreads",
        "StreakBasedRiskManager": "api.timed_risk_parts",
        "Swap": "backtest.charges",
        "TimeBasedRiskManager": "api.timed_risk_parts",
        "TimeOfDayAnalyzer": "api.time_of_day",
        "Trade": "backtest.trades",
        "TradeLogger": "adapters.files.trade_log",
        "TradeRefused": "core.errors",
        "TradeworthyError": "core.errors",
        "TradingEngine": "api.trading_engine",
        "TrapProbabilityFilter": "controls.signal_checks",
        "Units": "controls.sizing",
        "VolatilityBasedRiskManager": "controls.risk_parts",
        "VolatilityImpactAnalyzer": "api.volatility_impact",
        "VolatilityRegimeDetector": "controls.volatility_regime",
        "VolatilityTarget": "controls.sizing",
        "attribute_session": "api.session_attribution",
        "attribute_sessions": "api.session_attribution",
        "check_record": "api.records",
        "desk_at": "api.desk_moment",
        "explain_signal": "api.explaining",
        "from_signals": "strategies.signal_arrays",
        "guard": "api.order_guard",
        "latest_signals": "api.explaining",
        "load_strategy": "wiring.strategy_sources",
        "open_past": "api.desk_past",
        "python_strategy": "strategies.python_function",
        "read_bars": "wiring.sources",
        "replay_day": "api.replaying",
        "replay_with": "api.counterfactual",
        "resample": "market.resampling",
        "run_backtest": "backtest.engine",
        "save_baseline": "api.baselines",
        "sign_validation": "api.records",
        "strategy_named": "strategies.registry",
        "sweep": "api.sweeping",
        "validate": "api.validation",
        "watch_drift": "api.drifting",
        "write_backtest": "api.backtesting",
        "write_report": "api.reporting",
        "write_search": "api.searching",
    },
    public=__all__,
)
