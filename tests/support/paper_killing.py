"""Trade on paper until killed: paper_killing.py STORE writes one line for each message, flushed, and then acts on it."""

import asyncio
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.markets import random_walk
from support.paper_desk import approved, exit_of, order
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.core.errors import RefuseError
from tradeworthy.core.messages import BarCame, DealCame
from tradeworthy.core.order import Order

BARS = 240
LEGS: dict[str, Any] = {"stop_distance": 0.003, "target_distance": 0.004}


def paper(store: str | Path | None) -> PaperVenue:
    """The account that is traded and killed."""
    terms = PaperTerms(partial_share=0.5, reject_share=0.1, seed=3)
    return PaperVenue([random_walk(BARS, 12)], watched={"one": 0}, terms=terms, store=store)


def orders_of(bar: int) -> list[Order]:
    """What is sent when a bar has come: names and sizes depend on the bar alone, so sending again is sending the same."""
    entry = order(f"in{bar}", 4 if bar % 4 else -4, **LEGS)
    left = order(f"in{bar - 5}", 4 if (bar - 5) % 4 else -4)
    return [*([entry] if bar % 2 == 0 else []), *([exit_of(f"out{bar}", left)] if bar % 3 == 0 else [])]


async def trade(venue: PaperVenue) -> None:
    """To the end of the replay."""
    async for message in venue.messages():
        if isinstance(message, DealCame):
            fill = message.fill
            sys.stdout.write(f"{fill.fill_id} {message.client_id} {fill.units} {fill.price} {fill.time_ns}\n")
        elif isinstance(message, BarCame):
            bar = message.bar.open_ns // (message.time_ns - message.bar.open_ns)
            sys.stdout.write(f"bar {bar}\n")
            for one in orders_of(bar):
                try:
                    await venue.place(approved(one))
                except RefuseError as error:
                    sys.stdout.write(f"refused {one.client_id}: {error}\n")
        sys.stdout.flush()
    book = await venue.book()
    sys.stdout.write(f"ended {book.balance!r} {dict(book.positions)} {book.open_orders}\n")


if __name__ == "__main__":
    asyncio.run(trade(paper(sys.argv[1])))
