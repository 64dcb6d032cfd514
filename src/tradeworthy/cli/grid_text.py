"""Values of a parameter as they are typed: `5:30:5`, `20,50,100`, `2`, `none`."""

from decimal import Decimal, DecimalException

from tradeworthy.backtest.grid import Value
from tradeworthy.core.errors import InputError

_WORDS: dict[str, Value] = {"none": None, "true": True, "false": False}
MOST_VALUES = 1_000_000
MOST_NUMBER = Decimal(10**15)
"""Of one value: compiled loops count in 64 bits."""


def values_of(name: str, text: str) -> list[Value]:
    """From a to b in steps of c (b included where a step meets it), a list by commas, or one value.

    Steps are exact decimals: 0.1:0.3:0.1 is 0.1, 0.2, 0.3. Raises InputError for what is neither.
    """
    if ":" not in text:
        return [value_of(name, part) for part in text.split(",")]
    parts = text.split(":")
    if len(parts) > 3:
        raise _wrong(name, text)
    first, last, step = (_number(name, part, text, "--grid") for part in (*parts, "1")[:3])
    if step <= 0:
        raise InputError(f"--grid {name}={text}: a step of {step} never arrives; write one above zero")
    if last < first:
        raise InputError(f"--grid {name}={text}: it ends before it begins; write for instance {name}={last}:{first}")
    if (last - first) / step > MOST_VALUES:
        raise InputError(
            f"--grid {name}={text}: those are more than {MOST_VALUES:,} values of one parameter; take larger steps"
        )
    whole = all(one == one.to_integral_value() for one in (first, step))
    steps = int((last - first) / step) + 1
    return [int(first + step * i) if whole else float(first + step * i) for i in range(steps)]


def value_of(name: str, text: str, option: str = "--grid") -> Value:
    """A whole number, a decimal, none, true or false. Raises InputError, which names the option, for anything else."""
    word = text.strip()
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    number = _number(name, word, text, option)
    return int(number) if "." not in word and "e" not in word.lower() else float(number)


def _number(name: str, word: str, text: str, option: str) -> Decimal:
    try:
        number = Decimal(word)
    except DecimalException:
        raise _wrong(name, text, option) from None
    if not number.is_finite():
        raise _wrong(name, text, option)
    if abs(number) > MOST_NUMBER:
        raise InputError(f"{option} {name}={text}: {word.strip()} is too large for a parameter; write a smaller number")
    return number


def _wrong(name: str, text: str, option: str = "--grid") -> InputError:
    if option == "--set":
        return InputError(f"--set {name}={text}: write one value, such as {name}=2, none, true or false")
    return InputError(
        f"--grid {name}={text}: write a range such as {name}=5:30:5, a list such as {name}=20,50,100, or one value"
    )
