"""Schema 1: events with their chain, snapshots with their digest, and what was moved to archives."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite keeps rows in the order of an INTEGER key


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "events",
        sa.Column("sequence", _SEQUENCE, primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("sequence", _SEQUENCE, primary_key=True, autoincrement=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "archives",
        sa.Column("last", _SEQUENCE, primary_key=True, autoincrement=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
    )
