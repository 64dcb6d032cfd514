"""A validation of the example book, made once for every test that looks at one."""

from functools import lru_cache

from tradeworthy.api.validation import validate
from tradeworthy.appraisal.record import Validation


@lru_cache(maxsize=4)
def example(as_of: str = "2024-06-28") -> Validation:
    """The example book up to a fixed day, so that newer rates change nothing."""
    return validate("fx-daily", as_of=as_of)
