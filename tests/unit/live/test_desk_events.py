"""Events in their envelopes, and out of them again."""

from decimal import Decimal
from types import MappingProxyType

import pytest

from tradeworthy.core.deals import BrokerBook
from tradeworthy.core.events import decode, encode
from tradeworthy.live.desk_events import BookCame, Happened, envelope_of, happened_in

HELD = MappingProxyType({"EUR_USD": Decimal("-1200.5")})


@pytest.mark.parametrize(
    "book", [BrokerBook(5, "USD", 9.5), BrokerBook(5, "USD", 9.5, HELD, ("tw-one",))], ids=["empty", "held"]
)
def test_a_book_in_any_kind_of_mapping_is_journaled_and_read_again(book: BrokerBook) -> None:
    happened = Happened(1, 7, BookCame(6, 1, 5, book))
    assert happened_in(decode(encode(envelope_of(happened, "paper", "BookCame")))) == happened
