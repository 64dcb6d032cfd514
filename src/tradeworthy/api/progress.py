"""Progress that nobody watches."""


class Silent:
    """Says nothing."""

    def update(self, work: str, done: int, total: int) -> None:
        """Nothing."""
