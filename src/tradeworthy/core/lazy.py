"""Names of a package that are imported when somebody first asks for them (PEP 562)."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence


def attach(
    package: str, homes: Mapping[str, str], *, public: Sequence[str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of `package`, where `homes` maps each name to the module below it that holds it."""

    def load(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def listing() -> list[str]:
        return sorted(public)

    return load, listing
