"""An order that passed the gate. Anyone may name the type; only `core.mint` can make one."""

from typing import Generic, NoReturn, TypeVar, final

T_co = TypeVar("T_co", covariant=True)


@final
class Approved(Generic[T_co]):
    """What a broker accepts. Holds the approved thing in `.value`; cannot be built, copied, changed or unpickled."""

    __slots__ = ("_value",)
    _value: T_co

    def __init__(self) -> None:
        raise TypeError("an approval comes from the gate and cannot be built by hand")

    @property
    def value(self) -> T_co:
        """The approved order."""
        return self._value

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("an approval does not change")

    def __copy__(self) -> NoReturn:
        raise TypeError("an approval is used once and not copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("an approval is used once and not copied")

    def __reduce__(self) -> NoReturn:
        raise TypeError("an approval is never stored: after a restart the gate is asked again")
