"""Counts in words."""


def counted(count: int, noun: str) -> str:
    """`1 trade`, `1,662 trades`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def with_article(noun: str) -> str:
    """`an int`, `a dict`, `a DataFrame`."""
    return f"{'an' if noun[:1].lower() in set('aeiou') else 'a'} {noun}"
