"""What may go wrong in the life of a desk, drawn: faults of its broker, wishes of its operator, and pulled plugs."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from support.desk_faults import Asked, Life
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.live.desk_events import Wish

BARS = 40
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A day is long: what fails is told as it is, and made smaller by hand."""
CALLS = (FaultCall.PLACE, FaultCall.CANCEL, FaultCall.REPORT, FaultCall.BOOK)


def _of_calls() -> st.SearchStrategy[PaperFault]:
    kinds = st.sampled_from([FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER, FaultKind.NO_CONNECTION])
    return st.builds(PaperFault, st.sampled_from(CALLS), kinds, st.integers(1, 12))


def _of_messages() -> st.SearchStrategy[PaperFault]:
    kinds = st.sampled_from([FaultKind.DEAL_LOST, FaultKind.DEAL_TWICE, FaultKind.DEAL_LATE, FaultKind.DEALS_SWAPPED])
    deals = st.builds(PaperFault, st.just(FaultCall.DEAL), kinds, st.integers(1, 12), messages=st.integers(1, 6))
    lost = st.builds(PaperFault, st.just(FaultCall.NEWS), st.just(FaultKind.NEWS_LOST), st.integers(1, 3))
    return deals | lost


@st.composite
def _of_times(draw: st.DrawFn) -> PaperFault:
    kind = draw(st.sampled_from([FaultKind.DOWN, FaultKind.LINE_DOWN, FaultKind.GHOST_DEAL]))
    begins = draw(st.integers(1, BARS - 1)) * HOUR_NS
    return PaperFault(FaultCall.ANY, kind, from_ns=begins, until_ns=begins + draw(st.integers(1, 8)) * HOUR_NS // 2)


_REJECTED = st.builds(
    PaperFault, st.sampled_from([FaultCall.PLACE, FaultCall.CANCEL]), st.just(FaultKind.REJECT), st.integers(1, 8)
)
_WRONG = st.builds(
    PaperFault, st.just(FaultCall.BOOK), st.just(FaultKind.WRONG_POSITION), st.integers(1, 4), symbol=st.just("EUR_USD")
)
FAULTS = st.lists(_of_calls() | _of_messages() | _of_times() | _REJECTED | _WRONG, max_size=5).map(tuple)
_WISHED = st.sampled_from([one for one in Wish if one is not Wish.ACCEPT])
_SCOPES = st.sampled_from(["", "all", "EUR_USD", "source operator"])
WISHES = st.lists(st.builds(Asked, st.integers(1, 3 * BARS), _WISHED, _SCOPES), max_size=4).map(tuple)
LIVES = st.lists(st.builds(Life, FAULTS, st.integers(0, 400), WISHES), min_size=1, max_size=3)


PARTS = PaperTerms(currency="USD", partial_share=0.6, reject_share=0.15, expiry=3, seed=5)
SETTINGS = settings(phases=UNSHRUNK, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
