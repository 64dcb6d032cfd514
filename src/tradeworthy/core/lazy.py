"""Names of a package that are imported when somebody first asks for them (PEP 562)."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence


def attach(
    package: str, homes: Mapping[str, str], *, public: Sequence[str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of `package`, where `homes` maps each name to the module below it that holds it.

    A home that begins with `tradeworthy.` is the whole name of a module elsewhere: a front door that people were promised
    in this package though it stands on a higher floor. Nothing on the floor itself may use such a name.
    """

    def load(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = homes[name]
        module = home if home.startswith("tradeworthy.") else f"{package}.{home}"
        value: object = getattr(importlib.import_module(module), name)
        setattr(sys.modules[package], name, value)
        return value

    def listing() -> list[str]:
        return sorted(public)

    return load, listing
