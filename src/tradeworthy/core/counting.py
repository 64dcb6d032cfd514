"""Counts in words."""


def counted(count: int, noun: str) -> str:
    """`1 trade`, `1,662 trades`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
