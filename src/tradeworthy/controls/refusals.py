"""Why a decision did not become a trade: one number for compiled code, one sentence for people."""

from enum import IntEnum


class Refusal(IntEnum):
    """Zero is no refusal; the numbers are dense, so that they can be counted in an array of `len(Refusal)`."""

    NONE = 0
    STOPPED = 1
    DRAWDOWN = 2
    STREAK = 3
    TRADES_PER_DAY = 4
    COOLDOWN = 5
    SESSION = 6
    VOLATILITY = 7
    NO_MULTIPLIER = 8
    NO_EQUITY = 9
    NO_PRICE = 10
    NO_RATE = 11
    NO_STOP = 12
    NO_VOLATILITY = 13
    NOT_ENOUGH_TRADES = 14
    NO_EDGE = 15
    NO_MARGIN = 16
    BELOW_MINIMUM = 17
    FILTERED = 18
    BIAS_TOO_WEAK = 19
    LIKELY_TRAP = 20
    INSUFFICIENT_OI = 21
    VOLATILITY_TOO_HIGH = 22
    BIAS_MISSING = 23
    TRAP_MISSING = 24
    OI_MISSING = 25
    VOLATILITY_MISSING = 26

    @property
    def words(self) -> str:
        """What a trader reads; empty for NONE."""
        return _WORDS[self.value]


_WORDS = (
    "",
    "the drawdown stop was reached earlier and holds until it is lifted",
    "the balance is too far below its peak, or unknown",
    "too many losses in a row today; trading resumes on the next trading day",
    "today's number of trades is used up",
    "the cooldown after a loss is not over",
    "no new trades at this time of the session",
    "no new trades at this level of volatility",
    "the calibration leaves nothing of the size",
    "there is no equity to trade with",
    "there is no usable price",
    "the conversion rate into the account currency is unknown",
    "the sizing needs a stop, and the decision has none",
    "the sizing needs the annual volatility, and it is unknown",
    "too few closed trades to size by",
    "the closed trades show no edge to size by",
    "the leverage limit leaves less than the smallest order",
    "the size is under the smallest order",
    "a filter refused it",
    "the bias is too weak",
    "it is likely to be a trap",
    "open interest does not confirm it",
    "volatility is too high",
    "the bias strength is missing or no share from 0 to 1",
    "the trap probability is missing or no share from 0 to 1",
    "the change of open interest is missing",
    "the level of volatility is unknown",
)
