"""A CUSUM: evidence of a lasting shift, added up and forgotten whenever it falls below nothing (Page 1954)."""

from dataclasses import dataclass, replace

from tradeworthy.validation.arguments import above, at_least, moderate


@dataclass(slots=True)
class Cusum:
    """Two sums of standardised observations, one for rises and one for falls.

    reference: k, by which each observation is reduced, usually half of the shift to be found. threshold: h, above which a
    sum alarms; `cusum_arl` says how often it does by chance. Both in standard deviations. upper, lower: the sums, both
    at or above 0. Raises InputError for a reference below 0 and a threshold not above 0.
    """

    reference: float
    threshold: float
    upper: float = 0.0
    lower: float = 0.0

    def __post_init__(self) -> None:
        self.reference = at_least("reference", self.reference, 0.0)
        self.threshold = above("threshold", self.threshold, 0.0)
        self.upper, self.lower = at_least("upper", self.upper, 0.0), at_least("lower", self.lower, 0.0)

    def update(self, x: float) -> bool:
        """Take one observation; whether a sum stands above the threshold now. Raises InputError for NaN and infinity."""
        value = moderate("x", x)
        self.upper = max(0.0, self.upper + value - self.reference)
        self.lower = max(0.0, self.lower - value - self.reference)
        return self.alarm

    @property
    def alarm(self) -> bool:
        """Whether a sum stands above the threshold."""
        return max(self.upper, self.lower) > self.threshold

    def reset(self) -> "Cusum":
        """The same design, begun anew."""
        return replace(self, upper=0.0, lower=0.0)
