"""The books that ship as commented settings."""

from importlib.resources import files

from tradeworthy.core.errors import InputError

TEMPLATES = ("fx-16", "fx-daily")


def template(name: str) -> str:
    """The text of a tradeworthy.toml that ships with the package. Raises InputError for an unknown name."""
    if name not in TEMPLATES:
        raise InputError(f"there is no book called {name!r}; choose one of {', '.join(TEMPLATES)}")
    return (files("tradeworthy.settings") / "templates" / f"{name}.toml").read_text(encoding="utf-8")
