"""What every page is made with: templates out of the package, everything escaped, data for scripts."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined


@lru_cache(maxsize=16)
def _template_text(name: str) -> str:
    return (files("tradeworthy.reports") / "templates" / name).read_text(encoding="utf-8")


def environment() -> Environment:
    """A new one, in which a name that is missing is an error."""
    return Environment(
        loader=FunctionLoader(_template_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def script_data(data: Any) -> str:
    """Compact JSON that cannot end the script element it stands in."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
