"""The tables of a journal, as the code of this version reads and writes them."""

from typing import Final

from sqlalchemy import BigInteger, Column, Dialect, Integer, LargeBinary, MetaData, Table, Text


class Stored(LargeBinary):
    """Bytes as they lie there: a damaged row may hold anything, and turning it into bytes would fail oddly."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """None: values are handed on untouched."""


METADATA: Final = MetaData()

EVENTS: Final = Table(
    "events",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("data", Stored, nullable=False),
    Column("chain", Stored, nullable=False),
)
"""`data`: the bytes of an envelope; `chain`: SHA-256 of the chain before it and the data."""

SNAPSHOTS: Final = Table(
    "snapshots",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("schema", Integer, nullable=False),
    Column("data", Stored, nullable=False),
    Column("digest", Stored, nullable=False),
)

ARCHIVES: Final = Table(
    "archives",
    METADATA,
    Column("last", BigInteger, primary_key=True, autoincrement=False),
    Column("chain", Stored, nullable=False),
    Column("place", Text, nullable=False),
)
"""Events up to `last`, whose chain ended in `chain`, were moved to the file `place`."""
