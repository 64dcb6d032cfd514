"""What a text states, and what it does not."""

import ast

import pytest

from tradeworthy.strategies.stated_values import NotStated, stated

NAMES = {
    "SLOW": 50,
    "D": {"a": 1, "late": NotStated("comes later")},
    "Config.FAST": 10,
    "GONE": NotStated("is a secret"),
}


def read(text: str) -> object:
    """The value of an expression among NAMES."""
    return stated(ast.parse(text, mode="eval").body, NAMES)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("60 * 60", 3600), ("2 ** 3", 8), ("-1.5", -1.5), ("+4", 4), ("7 // 2 % 2", 1), ("1 / 4", 0.25), ("SLOW * 2", 100),
        ("Config.FAST", 10), ("D['a']", 1), ("{**D, 'a': 2}['a']", 2), ("({'a': 1} | {'b': 2})['b']", 2),
        ("dict(a=1, b=SLOW)['b']", 50), ("dict({'a': 3})['a']", 3), ("[1, (2, 3)]", [1, [2, 3]]), ("'a' + 'b'", "ab"),
        ("float('1.5')", 1.5), ("Decimal('0.0002')", 0.0002), ("int(3)", 3), ("not True", False), ("None", None),
        ("[10, 20][1]", 20),
    ],
)  # fmt: skip
def test_literals_and_what_follows_from_them_are_read(text: str, value: object) -> None:
    assert read(text) == value
    assert type(read(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("os.environ['A']", "environment"), ("float(os.getenv('A', 2))", "environment"), ("make(1)", "what make"),
        ("f'{SLOW}'", "f-string"), ("[x for x in D]", "loop"), ("1 if SLOW else 2", "condition"), ("SLOW > 3", "condition"),
        ("lambda: 1", "function"), ("OTHER", "do not state"), ("GONE", "secret"), ("D['late']", "comes later"),
        ("D['no']", "do not state"), ("SLOW.real", "SLOW.real"), ("10 ** 10 ** 10", "too large"), ("1 / 0", "worked out"),
        ("1e999", "ordinary size"), ("9 ** 60", "ordinary size"), ("'ab' * 9", "not read"), ("True + 1", "not read"),
        ("(-8) ** 0.5", "complex"), ("b'x'", "bytes"), ("{[1]: 2}", "no word"), ("{**SLOW}", "unpacks"),
        ("float('x')", "no number"),
        ("-'a'", "not read"), ("await x", "known only when"), ("'" + "x" * 501 + "'", "501 characters"),
    ],
)  # fmt: skip
def test_what_only_a_run_could_tell_is_refused_with_its_reason(text: str, reason: str) -> None:
    node = ast.parse(f"async def f():\n  v = {text}").body[0].body[0].value  # type: ignore[attr-defined]  # as written
    with pytest.raises(NotStated, match=reason):
        stated(node, NAMES)


def test_nesting_has_an_end() -> None:
    with pytest.raises(NotStated, match="too deeply"):
        read("-" * 80 + "1")


def test_a_dictionary_keeps_what_it_states_beside_what_it_does_not() -> None:
    whole = read("{'fast': 3, 'slow': make()}")
    assert isinstance(whole, dict)
    assert whole["fast"] == 3
    assert isinstance(whole["slow"], NotStated)
