"""Reading the rows of events in order, a page at a time, and finding where they stop being whole."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from tradeworthy.adapters.journals.chain import Link, Row
from tradeworthy.adapters.journals.tables import ARCHIVES, EVENTS

PAGE: Final = 500
"""Rows in memory at a time."""


def page_from(connection: Connection, start: int, limit: int = PAGE) -> list[Row]:
    """Rows from a sequence on, at most `limit`. Leaves the transaction open."""
    query = select(EVENTS).where(EVENTS.c.sequence >= start).order_by(EVENTS.c.sequence).limit(limit)
    return [Row(*found) for found in connection.execute(query)]


def floor_of(connection: Connection) -> tuple[Link, str]:
    """Where the journal begins now, and the archive that holds what was before; the beginning where nothing was moved."""
    query = select(ARCHIVES.c.last, ARCHIVES.c.chain, ARCHIVES.c.place).order_by(ARCHIVES.c.last.desc()).limit(1)
    found = connection.execute(query).first()
    return (Link(found.last, found.chain), found.place) if found else (Link(), "")


def last_of(connection: Connection, floor: Link) -> Link | None:
    """The last place that the tables hold; None where its row is damaged."""
    last = connection.execute(select(func.max(EVENTS.c.sequence))).scalar()
    if last is None:
        return floor
    rows = page_from(connection, last, 1)
    chain = rows[0].chain if rows else None
    return Link(last, chain) if isinstance(last, int) and isinstance(chain, bytes) else None


def whole_until(connection: Connection, floor: Link) -> Link:
    """The last place up to which every event is whole, read from the first on. A damaged page ends it."""
    link = floor
    for link, _ in whole_rows(connection, floor):  # noqa: B007 - the last one counts
        pass
    connection.rollback()
    return link


def whole_rows(connection: Connection, floor: Link) -> Iterator[tuple[Link, bytes]]:
    """Every event from the first on, with its place, until one is missing or damaged. Leaves the transaction open."""
    link: Link = floor
    while rows := _readable(connection, link.sequence + 1):
        for row in rows:
            following = row.follows(link)
            if following is None:
                return
            link = following
            yield link, bytes(row.data)  # type: ignore[call-overload]  # whole rows hold bytes


def _readable(connection: Connection, start: int) -> list[Row]:
    try:
        return page_from(connection, start)
    except SQLAlchemyError:
        connection.rollback()
    rows: list[Row] = []
    try:
        while len(rows) < PAGE and (one := page_from(connection, start + len(rows), 1)):
            rows += one
    except SQLAlchemyError:  # the page of the file that holds this row is damaged: what came before it is kept
        connection.rollback()
    return rows
