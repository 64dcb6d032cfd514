"""A window held against a stored baseline."""

from dataclasses import replace
from pathlib import Path

import pytest

from support.validations import example
from tradeworthy.api.baselines import against, load_baseline, save_baseline
from tradeworthy.api.validation import validate
from tradeworthy.appraisal.against import Against
from tradeworthy.appraisal.baseline import Baseline, baseline_of
from tradeworthy.appraisal.baseline_changes import between
from tradeworthy.core.clock import from_rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.validation.samples import Window


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    save_baseline(example(), folder)
    return folder


def stored() -> Baseline:
    return baseline_of(example())


def test_the_baselines_trades_are_held_against_and_what_lies_between_belongs_to_neither(desk: Path) -> None:
    path, found = load_baseline("latest", desk)
    held = validate("fx-daily", as_of="2025-06-30", baseline=path)
    plain = validate("fx-daily", as_of="2025-06-30")
    assert held.baseline is not None
    assert (held.baseline.label, held.baseline.until, held.baseline.changes) == (path.name, "2024-06-29T00:00:00Z", ())
    assert held.window_start == plain.window_start == "2025-04-01T00:00:00Z"
    for one, other in zip(held.strategies, plain.strategies, strict=True):
        was = found.baseline.strategy(one.name)
        assert was is not None
        assert one.baseline_trades == len(was.r) < other.baseline_trades
        assert one.window_trades == other.window_trades
        assert one.window_mean_r == other.window_mean_r


def test_the_window_begins_where_the_baseline_ends_if_that_is_later(desk: Path) -> None:
    path, _ = load_baseline("1", desk)
    held = validate("fx-daily", as_of="2024-08-01", baseline=path)
    assert held.window_start == "2024-06-29T00:00:00Z"
    with pytest.raises(InputError, match=r"goes up to 2024-06-29T00:00:00Z, and no data are newer"):
        validate("fx-daily", as_of="2024-06-28", baseline=path)


def test_other_parameters_terms_or_data_are_named_and_refused_unless_forced() -> None:
    baseline = stored()
    first = baseline.strategies[0]
    bent = replace(
        first, parameters={**first.parameters, "fast": 41}, data=replace(first.data, sha256="0" * 64), name=first.name
    )
    changed = replace(
        baseline, strategies=(bent, *baseline.strategies[1:-1]), spread_pips={**baseline.spread_pips, "EUR_USD": 3.0},
        fills={**baseline.fills, "gap": "trigger"},
    )  # fmt: skip
    words = [str(one) for one in between(changed, baseline)]
    assert words[0] == "fill rule gap was trigger and is open"
    assert "spread in pips of EUR_USD was 3 and is 0.8" in words
    assert "USD_JPY_D: the strategy was not in the baseline and is in the book" in words
    assert "AUD_USD_D: fast was 41 and is 40" in words
    assert any(one.startswith("AUD_USD_D: the hash of its bars up to 2024-06-2") for one in words)
    assert len(words) == 5
    with pytest.raises(InputError, match=r"(?s)nothing was judged:.*fast was 41 and is 40.*--force"):
        Against(changed, "0001-x.json", "").used(between(changed, baseline))
    used = Against(changed, "0001-x.json", "", forced=True).used(between(changed, baseline))
    assert (used.forced, len(used.changes)) == (True, 5)


def test_a_baseline_of_revised_data_is_noticed_by_a_validation(desk: Path) -> None:
    path, found = load_baseline("latest", desk)
    first = found.baseline.strategies[0]
    revised = replace(first, data=replace(first.data, sha256="f" * 64))
    other = replace(found.baseline, strategies=(revised, *found.baseline.strategies[1:]))
    import msgspec

    copy = desk / "revised.json"
    copy.write_bytes(msgspec.json.encode(msgspec.structs.replace(found, baseline=other)))
    with pytest.raises(InputError, match=r"AUD_USD_D: the hash of its bars up to .* was ffffffffffff"):
        validate("fx-daily", as_of="2025-06-30", baseline=copy)
    forced = validate("fx-daily", as_of="2025-06-30", baseline=copy, force=True)
    assert forced.baseline is not None
    assert forced.baseline.forced
    assert path.name == "0001-fx-daily.json"


def test_a_strategy_that_the_baseline_does_not_know_has_nothing_to_be_held_against() -> None:
    baseline = replace(stored(), strategies=stored().strategies[1:])
    now = example().strategies[0]
    held = Against(baseline, "x", "", forced=True)
    window = Window(from_rfc3339("2024-06-29T00:00:00Z"), from_rfc3339("2024-09-29T00:00:00Z"))
    from support.samples import history, r_of

    sample, _ = history(now.name, r_of(50, 0.1, 1), r_of(5, 0.1, 2))
    assert len(held.sample(sample, window).baseline(window)) == 0


def test_hand_edited_times_are_refused() -> None:
    baseline = stored()
    first = baseline.strategies[0]
    for times in ((first.exit_time[-1], *first.exit_time[1:]), ("yesterday", *first.exit_time[1:])):
        bent = replace(baseline, strategies=(replace(first, exit_time=times), *baseline.strategies[1:]))
        held = Against(bent, "0001-x.json", "")
        from support.samples import history, r_of

        sample, window = history(first.name, r_of(50, 0.1, 1), r_of(5, 0.1, 2))
        with pytest.raises(InputError, match=r"0001-x\.json: .*restore it from a copy"):
            held.sample(sample, window)


def test_a_validation_against_a_baseline_is_no_baseline_itself(desk: Path) -> None:
    held = validate("fx-daily", as_of="2025-06-30", baseline=load_baseline("1", desk)[0])
    with pytest.raises(InputError, match="validate without a baseline first"):
        save_baseline(held, desk)


def test_force_without_a_baseline_says_what_it_is_for() -> None:
    with pytest.raises(InputError, match="name one with baseline="):
        validate("fx-daily", force=True)


def test_the_file_is_named_by_its_hash(desk: Path) -> None:
    import hashlib

    held = against("latest", desk, forced=False)
    assert held.sha256 == hashlib.sha256((desk / "baselines" / "0001-fx-daily.json").read_bytes()).hexdigest()
