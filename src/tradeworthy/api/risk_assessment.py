"""One call to what a book can lose: a score that can be proved wrong, and what stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.new_file import write_new
from tradeworthy.api.progress import Silent
from tradeworthy.api.risk_markets import Reading, seen_as
from tradeworthy.api.risk_members import RiskMembers, Trading, members_given, risk_words
from tradeworthy.api.risk_strategies import stated_of
from tradeworthy.api.risk_trades import trades_given
from tradeworthy.appraisal.loss_record import Recommendation
from tradeworthy.appraisal.maximum_losing import LossStudy
from tradeworthy.appraisal.risk_assessing import AssessmentTerms, assess_book, assess_trades, one_risk
from tradeworthy.appraisal.risk_record import RiskRecord
from tradeworthy.appraisal.sizing_rules import RISK_PER_TRADE
from tradeworthy.appraisal.trade_losses import maximum_loss_of_trades
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.core.clock import folder_stamp, now_ns, rfc3339
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.core.finite import positive
from tradeworthy.ports import Progress
from tradeworthy.reports.models import RiskReport, to_json
from tradeworthy.risk.crises import CRISES, Crisis
from tradeworthy.risk.drawdown_scoring import RESAMPLES
from tradeworthy.risk.observations import all_of_kind, of_kind
from tradeworthy.risk.scenarios import SCENARIOS, Scenario
from tradeworthy.risk.score_questions import Question
from tradeworthy.settings.stress_file import load_stress
from tradeworthy.strategies.python_function import History

_NO_BARS = {
    "volatility": "regimes of volatility take bars",
    "sizes": "losses through gaps, leverage and what is open at once take bars",
    "falls while trades are open": "a history of closed trades shows none of them",
}


@dataclass(frozen=True, slots=True)
class Assessed:
    """What `RiskAssessment` found. score: 0 to 100, None where the data do not suffice. confidence: the points that the
    record leaves open, 95%, None without a score. level: LOW, MODERATE, HIGH, VERY_HIGH or INSUFFICIENT DATA. record: all of
    it, typed."""

    record: RiskRecord

    @property
    def score(self) -> float | None:
        """100 x the chance of a fall by the limit within the horizon."""
        return self.record.score.score

    @property
    def confidence(self) -> tuple[float, float] | None:
        """Low and high, points."""
        span = self.record.score.estimation
        return None if span is None else (span.low, span.high)

    @property
    def level(self) -> str:
        """The band that the score falls into."""
        return str(self.record.score.level)

    @property
    def executive_summary(self) -> tuple[str, ...]:
        """A few sentences, the score first."""
        return self.record.summary

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """CRITICAL first; each has the number that caused it."""
        return self.record.recommendations

    def to_dict(self) -> dict[str, Any]:
        """score, confidence, level, executive_summary, recommendations, and everything else under `record`."""
        whole = self.record.to_dict()
        return {
            "score": self.score, "confidence": self.confidence, "level": self.level,
            "executive_summary": whole["summary"], "recommendations": whole["recommendations"], "record": whole,
        }  # fmt: skip

    def save(self, path: str | Path = ".") -> Path:
        """Write `risk_assessment_<UTC>.json` into the folder `path`, or the file `path` if it ends in .json; gives it.

        Raises OutputError where it cannot be written or is there already.
        """
        where = Path(path)
        now = now_ns() // 1_000_000_000 * 1_000_000_000
        named = where.suffix == ".json"
        folder, name = (where.parent, where.name) if named else (where, f"risk_assessment_{folder_stamp(now)}.json")
        data = to_json(RiskReport(generated_at=rfc3339(now), risk=self.record))
        stem, names = name.removesuffix(".json"), [name]
        if not named:
            names += [f"{stem}-{number}.json" for number in range(2, 100)]
        try:
            return write_new(folder, data, iter(names))
        except OSError as error:
            reason = error.strerror or "it is there already"
            raise OutputError(f"{folder / name}: the assessment cannot be written ({reason})") from error


class RiskAssessment:
    """The risk of a book: `RiskAssessment(limit=0.2).run("fx-daily")`, or of parameters and bars, or of trades.

    limit: the fall from a peak that must not happen, a fraction; horizon: trading days; max_risk_per_trade: share of equity
    lost at a stop, by default what the parameters name, else 2%. paths: futures that are drawn; seed: of all that is random.
    costs, fills: instead of the book's own. leverage: positions at most this many times equity. scenarios, crises, or
    stress_file: what strategies are run through (docs/stress.md). Raises InputError for a limit of 0 or over 100%, no paths or
    more than 1,000,000, and so on.
    """

    def __init__(
        self,
        *,
        limit: float = 0.20,
        horizon: int = 252,
        max_risk_per_trade: float | None = None,
        paths: int = 10_000,
        seed: int = 0,
        costs: Costs | None = None,
        fills: FillRules | None = None,
        leverage: float = 30.0,
        scenarios: Sequence[Scenario] | None = None,
        crises: Sequence[Crisis] | None = None,
        stress_file: str | Path | None = None,
    ) -> None:
        Question.of(limit, horizon, (None, None), (paths, RESAMPLES), 0.95, seed)
        for name, one, kind in (("costs", costs, Costs), ("fills", fills, FillRules)):
            if one is not None:
                of_kind(one, kind, name, f"{kind.__name__}(...)")
        if stress_file is not None and (scenarios is not None or crises is not None):
            raise InputError("give scenarios and crises as arguments or in a stress_file, not both")
        plan = None if stress_file is None else load_stress(stress_file)
        usual, known = (SCENARIOS, CRISES) if plan is None else (plan.scenarios, plan.crises)
        losses = LossStudy(
            usual if scenarios is None else all_of_kind(scenarios, Scenario, "scenarios", "Scenario(...)"),
            known if crises is None else all_of_kind(crises, Crisis, "crises", "Crisis(...)"),
            RISK_PER_TRADE if max_risk_per_trade is None else max_risk_per_trade, seed,
        )  # fmt: skip
        self._risk, self._costs, self._fills = max_risk_per_trade, costs, fills
        self._terms = AssessmentTerms(limit, horizon, losses.risk, paths, positive(leverage, "leverage"), seed, losses)

    def run(
        self,
        parameters: Any = None,
        bars: Any = None,
        *,
        trades: Any = None,
        symbol: str | None = None,
        timeframe: str | None = None,
        timezone: str | None = None,
        columns: Mapping[str, str] | None = None,
        history: History | None = None,
        progress: Progress | None = None,
    ) -> Assessed:
        """Assess a book, parameters on bars, or trades alone; arguments as of `MaxLossAnalyzer.analyze`.

        Too few days or trades are an answer (INSUFFICIENT DATA). Raises InputError for what cannot be read or run.
        """
        watcher: Any = Silent() if progress is None else progress
        if isinstance(watcher, Mapping | set) or not callable(getattr(watcher, "update", None)):
            raise InputError(f"progress must have a method update(work, done, total), not be {type(progress).__name__}")
        reading = Reading(symbol, timeframe, timezone, columns)
        if trades is not None:
            if bars is not None:
                raise InputError("trades are looked at without bars: leave out the one or the other")
            return self._of_trades(parameters, trades, timezone, columns, watcher)
        asked = Trading(self._fills, self._costs, history=None if history is None else seen_as(history))
        given = members_given(parameters, bars, reading, asked)
        given = given.at_risk(self._risk)
        notes = [*_assumed(given, self._terms), *given.notes]
        return Assessed(assess_book(given.name, given.members, self._terms, notes, watcher))

    def _of_trades(
        self, parameters: Any, trades: Any, timezone: str | None, columns: Mapping[str, str] | None, watcher: Progress
    ) -> Assessed:
        terms = replace(self._terms, risk=stated_of(parameters, self._risk))
        history = trades_given(trades, columns, timezone)
        samples = history.dated()
        notes = [
            *history.notes,
            f"every trade risks {100 * terms.risk:g}% of equity: R x {terms.risk:g} on the day it closed",
        ]
        loss = maximum_loss_of_trades(samples, replace(terms.losses, risk=terms.risk, assumptions=tuple(notes)))
        return Assessed(assess_trades(history.name, history.days(terms.risk), loss, terms, notes, _NO_BARS, watcher))


def _assumed(given: RiskMembers, terms: AssessmentTerms) -> list[str]:
    taken = risk_words(given.members, one_risk(given.members, terms.risk)).replace("itself", "equity")
    return [
        f"every trade risks {taken} at its stop; sizes follow equity, up to {terms.leverage:g} times it",
        "each strategy's profits count in its own quote currency",
    ]
