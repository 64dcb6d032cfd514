"""A stream that was copied, or saved and taken up again, goes on as if nothing had happened."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.markets import random_walk
from tradeworthy.core.errors import InputError
from tradeworthy.indicators import atr, sma
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.fed_streams import _FIRST_ROOM
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import BatchStream, Decision, DecisionStream, KeptStream, Resumable, Strategy
from tradeworthy.strategies.python_function import PythonFunction
from tradeworthy.strategies.recipe import Recipe
from tradeworthy.strategies.rsi_bollinger import RsiBollinger
from tradeworthy.strategies.signal_arrays import from_signals


@dataclass(frozen=True)
class Above(Recipe):
    """Long above the mean, short under it."""

    period: int = 4
    stop: float = 2.5

    def indicators(self, bars: Bars) -> Sequence[npt.ArrayLike]:
        """Close, mean, range."""
        return bars.close, sma(bars.close, self.period), atr(bars.high, bars.low, bars.close, self.period)

    @staticmethod
    def decide(now: Any, before: Any, parameters: Any) -> tuple[int, int, float, float]:
        """At every crossing."""
        up, was_up = now[0] > now[1], before[0] > before[1]
        if up == was_up:
            return 0, 0, math.nan, math.nan
        return (1, 2, parameters.stop * now[2], math.nan) if up else (-1, 1, parameters.stop * now[2], math.nan)


N = 90
PERIODS = st.integers(1, 30)
MULTIPLES = st.none() | st.floats(0.1, 9)


@st.composite
def crosses(draw: st.DrawFn) -> MaCrossover:
    """Of any kind."""
    fast = draw(PERIODS)
    slow = draw(PERIODS.filter(lambda one: one != fast))
    return MaCrossover(
        fast, slow, draw(PERIODS), draw(MULTIPLES), draw(MULTIPLES), draw(st.floats(0, 0.003)), draw(st.booleans())
    )


@st.composite
def bands(draw: st.DrawFn) -> RsiBollinger:
    """Of any kind."""
    return RsiBollinger(
        draw(PERIODS), draw(st.floats(20, 48)), draw(st.floats(52, 80)), draw(st.integers(2, 30)), draw(st.floats(0.1, 2)),
        draw(PERIODS), draw(MULTIPLES), draw(MULTIPLES), draw(st.booleans()),
    )  # fmt: skip


@st.composite
def signals(draw: st.DrawFn) -> Any:
    """For N bars."""
    entries = np.array(draw(st.lists(st.booleans(), min_size=N, max_size=N)))
    return from_signals(entries, ~entries, stop=draw(st.none() | st.just(0.01)))


RECIPES = st.builds(Above, st.integers(2, 9), st.floats(0.5, 3))
STRATEGIES = st.one_of(crosses(), bands(), signals(), RECIPES)


def fed(stream: DecisionStream, bars: Bars, start: int, end: int) -> list[Decision]:
    """What it decides at these bars."""
    rows = zip(bars.high.tolist(), bars.low.tolist(), bars.close.tolist(), strict=True)
    return [stream.update(*row) for row in list(rows)[start:end]]


def told(decisions: list[Decision]) -> list[tuple[int, int, str, str]]:
    """Every bit, NaN equal to itself."""
    return [(one.enter, one.leave, one.stop_distance.hex(), one.target_distance.hex()) for one in decisions]


def through_bytes(saved: Mapping[str, Any]) -> Any:
    """As a snapshot keeps it."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(saved))


@settings(max_examples=150)
@given(STRATEGIES, st.integers(0, 10**6), st.integers(0, N))
def test_a_copy_and_a_snapshot_go_on_to_the_last_bit_and_the_original_is_not_touched(
    strategy: Any, seed: int, cut: int
) -> None:
    bars = random_walk(N, seed)
    whole = told(fed(strategy.stream(), bars, 0, N))
    stream: KeptStream = strategy.stream()
    head = told(fed(stream, bars, 0, cut))
    before = msgspec.msgpack.encode(stream.saved())
    copy, snapshot = stream.copy(), strategy.resumed(through_bytes(stream.saved()))
    assert msgspec.msgpack.encode(snapshot.saved()) == before
    assert told(fed(copy, bars, cut, N)) == whole[cut:]
    assert told(fed(snapshot, bars, cut, N)) == whole[cut:]
    assert msgspec.msgpack.encode(stream.saved()) == before
    assert head + told(fed(stream, bars, cut, N)) == whole
    assert stream.saved() == copy.saved() or isinstance(strategy, Above)  # whose rows hold NaN
    columns = strategy.decisions(bars).columns(N)
    assert whole == told([Decision(*(column[i].item() for column in columns)) for i in range(N)])


@pytest.mark.parametrize(
    "strategy", [MaCrossover(7, _FIRST_ROOM * 5), MaCrossover(_FIRST_ROOM + 1, 9), MaCrossover(3, _FIRST_ROOM)]
)
def test_a_window_longer_than_the_first_ring_grows_and_stays_whole(strategy: MaCrossover) -> None:
    bars = random_walk(6 * _FIRST_ROOM, 3)
    n, cuts = len(bars), {k * _FIRST_ROOM + more for k in (1, 2, 4, 5) for more in (-1, 0, 1)}
    columns = strategy.decisions(bars).columns(n)
    whole = told([Decision(*(column[i].item() for column in columns)) for i in range(n)])
    stream, made = strategy.stream(), []
    for place in range(n):
        if place in cuts:
            stream = strategy.resumed(through_bytes(stream.saved())).copy()
        made += fed(stream, bars.slice(place, place + 1), 0, 1)
    assert told(made) == whole
    assert sum(one.enter != 0 for one in made) > 2


def test_the_slowest_average_that_may_be_asked_for_takes_no_memory_of_its_own() -> None:
    stream = MaCrossover(2, 1_000_000_000).stream()
    assert str(stream.update(1.2, 1.0, 1.1)) == "nothing"
    assert len(stream.copy().saved()["closes"]) == 1


EXAMPLES: list[Any] = [
    MaCrossover(3, 5, stop_atr=2.0),
    RsiBollinger(band_period=4),
    Above(),
    from_signals([1, 0, 1, 0, 0, 1, 0]),
]


@pytest.mark.parametrize("strategy", EXAMPLES, ids=lambda one: one.name)
def test_strategies_that_ship_can_be_kept_and_plain_functions_cannot(strategy: Strategy) -> None:
    assert isinstance(strategy, Resumable)
    assert not isinstance(PythonFunction(lambda _data, _symbol: None, "X", "nothing"), Resumable)


@pytest.mark.parametrize("strategy", EXAMPLES, ids=lambda one: one.name)
def test_a_snapshot_of_another_strategy_or_of_other_parameters_is_refused_by_name(strategy: Any) -> None:
    saved = strategy.stream().saved()
    for other in EXAMPLES:
        if other is not strategy:
            with pytest.raises(
                InputError, match=f"{other.name}: the saved stream is one of '{strategy.name}'; begin with"
            ):
                other.resumed(saved)
    name = next(iter(saved["parameters"]))
    for value in (saved["parameters"][name] + 1, None, "text"):
        changed = {**saved, "parameters": {**saved["parameters"], name: value}}
        with pytest.raises(InputError, match=f"the saved stream has {name} .*, not {saved['parameters'][name]}; begin"):
            strategy.resumed(changed)
    with pytest.raises(InputError, match="has more 1, not None"):
        strategy.resumed({**saved, "parameters": {**saved["parameters"], "more": 1}})


def test_a_parameter_of_numpy_is_saved_as_a_plain_number() -> None:
    strategy = MaCrossover(3, 5, stop_atr=np.float64(2.0), exit_on_opposite_cross=np.bool_(True))  # type: ignore[arg-type]
    assert strategy.resumed(through_bytes(strategy.stream().saved())).saved() == strategy.stream().saved()


JUNK = st.sampled_from(
    [None, "text", b"x", -1, 2**60, 1.5, True, [], [None], ["a"], [[1.0]], {}, {"a": 1}, [1, 2, 3], [1.0]]
)


@settings(max_examples=200)
@given(st.sampled_from(EXAMPLES), st.integers(0, 7), st.data())
def test_damage_is_one_sentence_or_nothing_that_matters(strategy: Any, seen: int, data: st.DataObject) -> None:
    stream = strategy.stream()
    fed(stream, random_walk(8, 1), 0, seen)
    saved: dict[str, Any] = through_bytes(stream.saved())
    junk, part = data.draw(JUNK), data.draw(st.sampled_from([*sorted(saved), None]))
    if part is None:
        damaged: Any = data.draw(st.sampled_from([junk, {**saved, "more": junk}, dict(list(saved.items())[1:])]))
    elif isinstance(saved[part], list) and saved[part] and data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(saved[part]) - 1))
        damaged = {**saved, part: [*saved[part][:place], junk, *saved[part][place + 1 :]]}
    else:
        damaged = {**saved, part: junk}
    try:
        taken = strategy.resumed(damaged)
    except InputError as error:
        said = str(error)
        assert said.startswith(f"{strategy.name}: the saved stream ")
        assert said.endswith("begin with stream() and feed it the bars so far")
        assert "\n" not in said
        return
    assert through_bytes(taken.saved()) == through_bytes(damaged) or isinstance(strategy, Above)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"closes": [1.0]}, "there are 1 closes and not 5"),
        ({"counts": [-1, 0]}, "counts cannot be"),
        ({"counts": [7, 3]}, "counts cannot be"),
        ({"counts": [7.0, 1]}, "counts cannot be"),
        ({"sums": [1.0] * 5}, "there are 5 sums and not 6"),
        ({"sums": [1] * 6}, "sums are not all numbers"),
        ({"closes": [1.0] * 5}, "its last close stands there twice and differs"),
    ],
)
def test_each_kind_of_damage_is_named(change: dict[str, Any], said: str) -> None:
    strategy = MaCrossover(3, 5)
    stream = strategy.stream()
    fed(stream, random_walk(8, 1), 0, 7)
    with pytest.raises(InputError, match=f"ma_crossover: the saved stream is damaged, {said}; begin with"):
        strategy.resumed({**stream.saved(), **change})


FED = (
    MaCrossover(3, 9, 5, 1.5, None), MaCrossover(2, 700, 5, 1.5, None, exit_on_opposite_cross=True), RsiBollinger(),
    RsiBollinger(exit_at_middle=True),
)  # fmt: skip


@settings(max_examples=40)
@given(st.sampled_from(FED), st.integers(0, 99), st.integers(0, 800), st.booleans(), st.sampled_from([0, 1, 2, 3]))
def test_bars_taken_many_at_a_time_are_those_taken_one_by_one(
    strategy: MaCrossover | RsiBollinger, seed: int, start: int, enters: bool, leaves: int
) -> None:
    bars = random_walk(1_600, seed)
    high, low, close = (np.array(one) for one in (bars.high, bars.low, bars.close))
    stream = strategy.stream()
    assert isinstance(stream, BatchStream)
    stream = stream.after(high[:start], low[:start], close[:start])
    alone, before = strategy.stream(), repr(stream.saved())
    for row in zip(high[:start], low[:start], close[:start], strict=True):
        alone.update(*row)
    assert repr(alone.saved()) == before
    after, count = stream.taken(high[start:], low[start:], close[start:], enters=enters, leaves=leaves)
    assert repr(stream.saved()) == before
    for place in range(start, start + count):
        decision = alone.update(high[place], low[place], close[place])
        assert not decision.leave & leaves
        assert not (enters and decision.enter)
    if start + count == len(bars):
        assert repr(after.saved()) == repr(alone.saved())
    else:  # the next bar decides, unless the ring has to grow there
        decision = alone.update(high[start + count], low[start + count], close[start + count])
        assert decision.leave & leaves or (enters and decision.enter) or start + count == _FIRST_ROOM
