"""Where a journal lies, as the code that is the same for every database sees it."""

from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from tradeworthy.adapters.journals.chain import Link


class Place(Protocol):
    """A database that one desk holds for itself."""

    @property
    def name(self) -> str:
        """What people call it: a path, or a URL without its password."""

    @property
    def mending(self) -> str:
        """What to do when events are damaged or missing; `{whole}` stands for the last whole sequence."""

    def sentence(self, error: SQLAlchemyError | OSError) -> str:
        """What is wrong, and what to do about it."""

    def marked(self) -> Link:
        """The last place that was noted outside of the database; the beginning where nothing is noted."""

    def mark(self, link: Link) -> None:
        """Note that everything up to this place is durable. Raises OSError."""

    def release(self) -> None:
        """Let the next writer in."""
