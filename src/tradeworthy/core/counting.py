"""Counts in words."""


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 trade`, `1,662 trades`; plural: where it is not the noun with an s."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def with_article(noun: str) -> str:
    """`an int`, `a dict`, `a DataFrame`."""
    return f"{'an' if noun[:1].lower() in set('aeiou') else 'a'} {noun}"
