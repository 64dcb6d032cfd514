"""What holds of parameters whatever they are."""

import ast
import keyword
import math
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tradeworthy.appraisal.parameter_appraising import appraise_parameters
from tradeworthy.core.verdict import RiskLevel
from tradeworthy.strategies.given_parameters import plain_parameters
from tradeworthy.strategies.source_modules import SourceText
from tradeworthy.strategies.source_parameters import program_parameters
from tradeworthy.strategies.stated_values import NotStated, stated

NUMBERS = st.integers(-1000, 1000) | st.floats(-1e3, 1e3).filter(lambda value: value == 0 or abs(value) > 1e-6)
VALUES = NUMBERS | st.booleans() | st.none() | st.text(max_size=8)
WORDS = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True).filter(lambda word: not keyword.iskeyword(word))
NAMES = WORDS.filter(
    lambda word: (
        word not in {"token", "secret", "log", "logger", "params", "password", "webhook", "apikey", "key", "dsn"}
    )
)
EXPRESSIONS = st.recursive(
    NUMBERS.map(repr),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(lambda one: f"({' '.join(one)})")
        | inner.map(lambda one: f"-{one}")
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_arithmetic_is_that_of_python(text: str) -> None:
    tree = ast.parse(text, mode="eval")
    try:
        known = eval(compile(tree, "text", "eval"))  # noqa: S307 - arithmetic made above
    except ArithmeticError:
        known = None
    try:
        found = stated(tree.body, {})
    except NotStated:
        assert known is None or not math.isfinite(known) or abs(known) >= 2**63
    else:
        assert found == known
        assert type(found) is type(known)


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=6))
def test_four_ways_to_write_the_same_parameters_are_read_the_same(parameters: dict[str, Any]) -> None:
    whole = {**parameters, "fast_ma": 3}
    as_keywords = ", ".join(f"{name}={value!r}" for name, value in whole.items())
    as_lines = "".join(f"    {name} = {value!r}\n" for name, value in whole.items())
    texts = [
        f"class S:\n    def __init__(self, {as_keywords}): ...\n",
        f"class S:\n    def __init__(self, *, {as_keywords}): ...\n",
        f"class S:\n{as_lines}",
        f"STRATEGIES = {{'S': {whole!r}}}\n",
        f"STRATEGIES = {{'S': dict({as_keywords})}}\n",
        f"STRATEGIES = {{'S': Anything({as_keywords})}}\n",
    ]
    for text in texts:
        found = program_parameters([SourceText("a.py", text)])
        assert [(one.name, dict(one.parameters)) for one in found.strategies] == [("S", whole)]
        assert found.unread == ()
    assert plain_parameters({"S": whole}, "here") == {"S": whole}


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    program_parameters([SourceText("a.py", text), SourceText("b.py", "STRATEGIES = {" + text + "}")])


@given(
    st.integers(1, 300), st.integers(1, 300), st.floats(0.1, 10), st.floats(0.1, 20),
    st.sampled_from([("fast", "slow", "stop_atr", "target_atr"), ("FastMA", "SlowMA", "InpSlAtr", "InpTpAtr")]),
)  # fmt: skip
def test_levels_follow_from_the_numbers_whatever_the_names(
    fast: int, slow: int, stop: float, target: float, names: tuple[str, ...]
) -> None:
    found = appraise_parameters({"S": dict(zip(names, (fast, slow, stop, target), strict=True))})
    assume(abs(target / stop - 1.5) > 1e-6)
    high = fast >= slow or target / stop < 1.5 or stop < 0.5 or stop > 6
    assert (found.strategies[0].level is RiskLevel.HIGH) == high
    assert found.overall is (RiskLevel.HIGH if high else RiskLevel.LOW)
    assert len(found.recommendations) == 1 + len(found.strategies[0].findings)


@given(st.dictionaries(WORDS, st.dictionaries(WORDS, VALUES, max_size=5), max_size=8))
def test_any_parameters_can_be_judged(book: dict[str, dict[str, Any]]) -> None:
    found = appraise_parameters(book)
    assert [one.name for one in found.strategies] == list(book)
    assert found.to_dict()["parameter_risks"].keys() == book.keys()
