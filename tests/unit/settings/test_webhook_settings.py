"""Members whose signals come from outside, and who may send them, in the settings."""

import base64

import pytest

from tradeworthy.core.errors import InputError, SettingsError
from tradeworthy.settings.books import book_from
from tradeworthy.settings.desk_terms import off_reasons
from tradeworthy.settings.freezing import fingerprint, frozen_form
from tradeworthy.settings.loading import from_text, from_tree
from tradeworthy.settings.tree import Settings
from tradeworthy.strategies.outside_signals import OutsideSignals
from tradeworthy.strategies.registry import strategy_named

MINE = '[strategies.mine]\ninstrument = "EURUSD"\ntimeframe = "1d"\nrules = "signals"\n'
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def settings(text: str = "", **environment: str) -> Settings:
    return from_text(f"schema = 1\n{text}\n{MINE}", "my.toml", environment)


def test_a_member_for_signals_has_an_instrument_and_a_timeframe_alone() -> None:
    (member,) = book_from(settings()).strategies
    assert (member.name, member.instrument, str(member.timeframe), member.rules) == (
        "mine", "EUR_USD", "D", OutsideSignals(),
    )  # fmt: skip
    with pytest.raises(InputError, match="mine takes its signals from outside, and bars alone do not tell"):
        _ = member.cross
    assert strategy_named("signals") == OutsideSignals()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("fast = 3", "my.toml, line 7: strategies.mine.fast: is no key of a table of this kind; remove it"),
        ("timefrane = 3", "strategies.mine.timefrane: unknown key; did you mean timeframe?"),
    ],
)
def test_a_key_that_it_does_not_have_is_told_by_its_line(line: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as told:
        from_text(f"schema = 1\n\n{MINE}{line}\n", "my.toml", {})
    assert sentence in str(told.value)


def test_the_secret_may_come_from_the_environment_and_stands_in_no_frozen_form() -> None:
    made = settings(TRADEWORTHY_WEBHOOK__SECRET=SECRET)
    assert made.webhook.secret == SECRET
    assert SECRET not in repr(frozen_form(made))
    assert frozen_form(made)["webhook"] == {"signed": True}
    assert fingerprint(made) == fingerprint(settings())


@pytest.mark.parametrize(
    "secret", ["x", "whsec_", "whsec_AAAA", "whsec_" + "A" * 31, "no base64 at all!", "whsec_" + "A" * 100]
)
def test_a_secret_that_is_none_is_told_without_being_shown(secret: str) -> None:
    with pytest.raises(SettingsError) as told:
        settings(f'[webhook]\nsecret = "{secret}"')
    assert "webhook.secret: this is no secret of a webhook" in str(told.value)
    assert secret not in str(told.value).replace("write whsec_ and", "") or len(secret) < 7


def test_signatures_that_are_switched_off_are_named_as_off() -> None:
    assert "webhook signatures" not in off_reasons(settings())
    off = off_reasons(settings("[webhook]\nsigned = false"))
    assert off["webhook signatures"] == "signals over HTTP are taken unsigned, from this machine alone"


def test_a_dict_is_read_as_a_file_is() -> None:
    tree = {"strategies": {"mine": {"instrument": "EURUSD", "timeframe": "1d", "rules": "signals"}}}
    assert from_tree(tree, "the settings", {}) == settings()
    assert from_tree(tree, "the settings", {"TRADEWORTHY_DESK__NAME": "other"}).desk.name == "other"
    with pytest.raises(SettingsError, match=r"the settings: strategies\.mine\.timeframe: 'Q' is not a timeframe"):
        from_tree({"strategies": {"mine": {**tree["strategies"]["mine"], "timeframe": "Q"}}}, "the settings", {})
