"""One call from parameters and bars to the most that they can lose."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tradeworthy.api.risk_markets import Reading, seen_as
from tradeworthy.api.risk_members import Trading, members_given, risk_words
from tradeworthy.api.risk_strategies import stated_of
from tradeworthy.api.risk_trades import trades_given
from tradeworthy.appraisal.loss_record import MaximumLoss
from tradeworthy.appraisal.maximum_losing import LossStudy, maximum_loss
from tradeworthy.appraisal.risk_assessing import one_risk
from tradeworthy.appraisal.sizing_rules import RISK_PER_TRADE
from tradeworthy.appraisal.trade_losses import maximum_loss_of_trades
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.sizing import FixedFraction
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.risk.crises import CRISES, Crisis
from tradeworthy.risk.observations import all_of_kind
from tradeworthy.risk.scenarios import SCENARIOS, Scenario
from tradeworthy.settings.stress_file import load_stress
from tradeworthy.strategies.python_function import History


class MaxLossAnalyzer:
    """The most that a strategy or a book can lose: as it was, under stress, in crises, in a row, and together.

    costs, fills: of a book its own, else `FillRules()` and an assumed spread, which is said. account: whose money, one for
    all strategies (each trades a balance of its own) or one by name; without it losses are told in R and as shares of a
    balance that risks `max_risk_per_trade` of itself on each. scenarios, crises: instead of the ones that ship. stress_file:
    a TOML file with more of both (docs/stress.md). seed, draws: of scenarios that draw anything. on_today: also put each
    crisis on the newest prices.
    """

    def __init__(
        self,
        *,
        costs: Costs | None = None,
        fills: FillRules | None = None,
        account: Account | Mapping[str, Account] | None = None,
        scenarios: Sequence[Scenario] | None = None,
        crises: Sequence[Crisis] | None = None,
        stress_file: str | Path | None = None,
        max_risk_per_trade: float | None = None,
        seed: int = 0,
        draws: int = 20,
        on_today: bool = True,
    ) -> None:
        for name, one, kinds in (
            ("costs", costs, (Costs,)),
            ("fills", fills, (FillRules,)),
            ("account", account, (Account, Mapping)),
        ):
            if one is not None and not isinstance(one, kinds):
                raise InputError(f"MaxLossAnalyzer takes {name} as {kinds[0].__name__}, not as {type(one).__name__}")
        if stress_file is not None and (scenarios is not None or crises is not None):
            raise InputError("give scenarios and crises as arguments or in a stress_file, not both")
        plan = None if stress_file is None else load_stress(stress_file)
        self._costs, self._fills, self._account, self._risk = costs, fills, account, max_risk_per_trade
        usual, known = (SCENARIOS, CRISES) if plan is None else (plan.scenarios, plan.crises)
        self._study = LossStudy(
            usual if scenarios is None else all_of_kind(scenarios, Scenario, "scenarios", "Scenario(...)"),
            known if crises is None else all_of_kind(crises, Crisis, "crises", "Crisis(...)"),
            RISK_PER_TRADE if max_risk_per_trade is None else max_risk_per_trade, seed, draws, on_today,
        )  # fmt: skip

    def analyze_maximum_loss_scenarios(self, parameters: Any = None, bars: Any = None, **how: Any) -> dict[str, Any]:
        """{worst_case_scenarios, stress_test_results, crisis_period_analysis, maximum_consecutive_losses, portfolio_impact,
        risk_recommendations}; arguments as of `analyze`, and docs/stress.md says what stands in each."""
        return self.analyze(parameters, bars, **how).to_dict()

    def analyze(
        self,
        parameters: Any = None,
        bars: Any = None,
        *,
        trades: Any = None,
        symbol: str | None = None,
        timeframe: str | Timeframe | None = None,
        timezone: str | None = None,
        columns: Mapping[str, str] | None = None,
        history: History | None = None,
    ) -> MaximumLoss:
        """The same as a typed record.

        parameters: of one strategy ({"fast": 10, "slow": 50, "stop_atr": 2}, in any spelling that docs/parameters.md knows),
        of several by name, a strategy, a function, a `Book`, settings or the name of a book that ships. bars: `Bars`, a
        path, a folder, a dataframe, a list of dicts, or several of these by strategy or instrument; a book's own where left
        out. trades: a history of trades instead of both; what needs bars is then NOT RUN. symbol, timeframe, timezone,
        columns: of bars and trades that do not say them. history: what a function sees ("bars", "rows", "pandas" or "polars"),
        by what the bars are unless given. Raises InputError for what cannot be read or run at all.
        """
        reading = Reading(symbol, timeframe, timezone, columns)
        if trades is not None:
            return self._of_trades(parameters, bars, trades, timezone, columns)
        asked = Trading(self._fills, self._costs, self._account, None if history is None else seen_as(history))
        given = members_given(parameters, bars, reading, asked)
        given = given.at_risk(self._risk)
        accounts = [one.account for one in given.members]
        risk = one_risk(given.members, RISK_PER_TRADE)
        sized = risk is not None and all(one is None or isinstance(one.sizing, FixedFraction) for one in accounts)
        said = (*given.notes, *_assumed(given.members, risk))
        study = replace(self._study, risk=risk or RISK_PER_TRADE, assumptions=said, sized_by_risk=sized)
        return maximum_loss(given.members, study)

    def _of_trades(
        self, parameters: Any, bars: Any, trades: Any, timezone: str | None, columns: Mapping[str, str] | None
    ) -> MaximumLoss:
        if bars is not None:
            raise InputError("trades are looked at without bars: leave out the one or the other")
        history = trades_given(trades, columns, timezone)
        risk = stated_of(parameters, self._risk)
        return maximum_loss_of_trades(history.dated(), replace(self._study, risk=risk, assumptions=history.notes))


def _assumed(members: Sequence[Member], risk: float | None) -> list[str]:
    said = []
    if any(one.account is None for one in members):
        said.append(
            f"without an account, shares of the balance are those of one that risks {risk_words(members, risk)} on each trade of "
            "each strategy, compounded"
        )
    elif len(members) > 1:
        said.append("each strategy trades an account of its own, and the book's money is their sum")
    return said
