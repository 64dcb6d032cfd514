"""What becomes of signals: how many are acted on, what turns the others away, and how often their bias is right."""

from dataclasses import dataclass
from typing import Any

from tradeworthy.monitoring.counted_shares import Share, kept_word, share_of
from tradeworthy.monitoring.performance_config import PerformanceConfig, config_given
from tradeworthy.monitoring.trade_metrics import word_given
from tradeworthy.risk.observations import yes_or_no


@dataclass(frozen=True, slots=True)
class SignalReading:
    """efficiency: signals that were acted on, of all. bias: signals after which the market moved the way they said, of those
    that were judged. turned_away: the others, by the reason given."""

    efficiency: Share
    bias: Share
    turned_away: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        efficiency, bias = self.efficiency.to_dict(), self.bias.to_dict()
        return {
            "total_signals": self.efficiency.of, "acted_on": self.efficiency.count,
            "signal_efficiency": efficiency["share"],
            "signal_efficiency_interval": {"low": efficiency["low"], "high": efficiency["high"]},
            "bias_judged": self.bias.of, "bias_right": self.bias.count, "bias_accuracy": bias["share"],
            "bias_accuracy_interval": {"low": bias["low"], "high": bias["high"]},
            "turned_away": dict(self.turned_away),
        }  # fmt: skip


class SignalQualityMetrics:
    """Signals as they come: `SignalQualityMetrics().record(False, "bias_too_weak")`. Not for several threads at once; a
    `PerformanceMonitor` is. config: a `PerformanceConfig` or a dict of its fields."""

    def __init__(self, config: PerformanceConfig | dict[str, Any] | None = None) -> None:
        self._config = config_given(config)
        self.signals = self._acted = self._judged = self._right = 0
        self._away: dict[str, int] = {}

    def record(self, acted_on: bool, reason: str = "", bias_correct: bool | None = None) -> None:
        """One signal. reason: why it was not acted on. bias_correct: as in `record_bias`, None where it is not known.
        Raises InputError, with nothing recorded, for what is not True or False and for a reason that is no text."""
        acted, word = yes_or_no(acted_on, "acted_on"), word_given(reason, "reason")
        right = None if bias_correct is None else yes_or_no(bias_correct, "bias_correct")
        self.signals += 1
        if acted:
            self._acted += 1
        else:
            kept = kept_word(word, self._away)
            self._away[kept] = self._away.get(kept, 0) + 1
        if right is not None:
            self.record_bias(right)

    def record_bias(self, correct: bool) -> None:
        """Whether the market moved the way that a signal said. Raises InputError for what is not True or False."""
        self._right += yes_or_no(correct, "bias_correct")
        self._judged += 1

    def reading(self) -> SignalReading:
        """All of it as it stands."""
        rules = self._config
        away = sorted(self._away.items(), key=lambda kept: (-kept[1], kept[0]))
        return SignalReading(
            share_of(self._acted, self.signals, rules.confidence, rules.fewest),
            share_of(self._right, self._judged, rules.confidence, rules.fewest),
            dict(away),
        )
