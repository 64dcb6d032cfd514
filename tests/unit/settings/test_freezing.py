"""What a desk froze: the same for what means the same, every change named, no secret in it."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeworthy.adapters.files.redacting import redacted, redacted_text
from tradeworthy.core.finite import not_finite
from tradeworthy.settings.freezing import differences, fingerprint, frozen_form
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import TEMPLATES, template
from tradeworthy.settings.tree import Settings

BASE = """
[strategies.my_key]
instrument = "eurusd"
timeframe = "1d"
fast = 10
slow = 20
stop_atr = 1.5
target_atr = 2
"""


def settings(text: str = "", base: str = BASE) -> Settings:
    """Settings that begin with `text`."""
    return from_text(f"schema = 1\n{text}\n{base}", "my.toml", {})


def test_what_means_the_same_has_one_fingerprint_however_it_is_written() -> None:
    usual = fingerprint(settings())
    assert re.fullmatch("[0-9a-f]{64}", usual)
    for text in (
        "sizing.risk = 0.01",
        "[limits.daily_loss]\nshare = 0.05\nenabled = true",
        'calibration.opening_from = "09:15:00"',
        "account = { balance = 10000 }",
    ):
        assert fingerprint(settings(text)) == usual
        assert differences(frozen_form(settings()), frozen_form(settings(text))) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "limits.daily_loss.share = 0.03", "limits.daily_loss.share: 0.05 -> 0.03"),
        ("", "sizing = { kind = 'kelly' }", 'sizing.kind: "fixed_fraction" -> "kelly"'),
        ("", "groups.euro = ['EURUSD']", 'groups.euro: not there -> ["EUR_USD"]'),
        ("groups.euro = ['EURUSD']", "", 'groups.euro: ["EUR_USD"] -> not there'),
        ("", "live.session_zone = 'Asia/Kolkata'", 'live.session_zone: null -> "Asia/Kolkata"'),
        ("", "calibration.late_from = 14:00:00", 'calibration.late_from: "14:30:00" -> "14:00:00"'),
        ("", "filters.volatility_refused = 'HIGH'", 'filters.volatility_refused: "EXTREME" -> "HIGH"'),
    ],
)
def test_every_change_is_named_by_its_key(old: str, new: str, said: str) -> None:
    before, after = settings(old), settings(new)
    assert said in differences(frozen_form(before), frozen_form(after))
    assert fingerprint(before) != fingerprint(after)


def test_changed_new_and_removed_strategies_are_named() -> None:
    before = frozen_form(settings())
    after = frozen_form(settings(base=BASE.replace("fast = 10", "fast = 12") + BASE.replace("my_key", "B")))
    assert differences(before, after) == [
        "strategies.B: not there -> there",
        "strategies.my_key.fast: 10 -> 12",
    ]
    assert differences(after, before)[0] == "strategies.B: there -> not there"


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_frozen_form_goes_through_the_journal_to_the_last_bit(name: str) -> None:
    form = frozen_form(from_text(template(name), name, {}))
    assert not_finite(form, "form") is None
    assert differences(msgspec.msgpack.decode(msgspec.msgpack.encode(form)), form) == []
    assert form["schema"] == 1


_CHOICES = st.fixed_dictionaries(
    {
        "limits.daily_loss.share": st.sampled_from([0.03, 0.05]),
        "limits.open_positions.most": st.sampled_from([3, 16]),
        "calibration.enabled": st.sampled_from(["true", "false"]),
        "sizing.leverage": st.sampled_from([10, 30.0]),
        "groups.euro": st.sampled_from(['["EURUSD"]', '["EUR/USD", "EURGBP"]', "[]"]),
        "paper.seed": st.integers(0, 2),
    }
)


@given(first=_CHOICES, second=_CHOICES)
def test_fingerprints_agree_where_and_only_where_nothing_changed(
    first: dict[str, object], second: dict[str, object]
) -> None:
    old, new = (settings("\n".join(f"{key} = {value}" for key, value in one.items())) for one in (first, second))
    changes = differences(frozen_form(old), frozen_form(new))
    assert [one.partition(": ")[0] for one in changes] == sorted(key for key in first if first[key] != second[key])
    assert (fingerprint(old) == fingerprint(new)) == (not changes)
    assert len(differences(frozen_form(new), frozen_form(old))) == len(changes)


def test_no_password_is_frozen_and_a_new_one_changes_nothing() -> None:
    first = settings('journal.url = "postgresql://me:s3cret@host/db"')
    assert "s3cret" not in str(frozen_form(first))
    assert frozen_form(first)["journal"]["url"] == "postgresql://me:***@host/db"
    assert fingerprint(first) == fingerprint(settings('journal.url = "postgresql://me:0ther@host/db"'))
    assert fingerprint(first) != fingerprint(settings('journal.url = "postgresql://me:s3cret@other/db"'))


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://me:hush@host/db",
        "redis://:hush@host:6379/0",
        "cannot reach https://me:h/us@hush@host/x, trying again",
        "GET https://api.x.com/v3?symbol=EURUSD&token=hush&a=1",
        "GET https://api.x.com/v3?apiKey=hush",
        "Authorization: Bearer hush.hush.hush",
        "password=hush",
        "api_key: hush",
        "Account(name='x', token='hush', key=1)",
        '{"access_token": "hush"}',
        "https://hooks.slack.com/services/hush",
    ],
)
def test_secrets_in_texts_are_hidden(text: str) -> None:
    assert "hush" not in redacted_text(text)
    assert redacted_text(redacted_text(text)) == redacted_text(text)


@pytest.mark.parametrize(
    "text",
    ["EUR_USD closed at 1.0815", "https://api.x.com:8080/v3", "12:30:05 the desk began", "a monkey: three", "key"],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted_text(text) == text


@pytest.mark.parametrize(
    "key",
    ["token", "access_token", "api_key", "apiKey", "API-KEY", "key", "signing_key", "password", "Authorization", "secret",
     "webhook", "webhook_url", "client_secret", "passphrase"],
)  # fmt: skip
@given(value=st.one_of(st.text(min_size=1), st.integers(), st.lists(st.text(min_size=1), min_size=1)))
def test_whatever_stands_under_the_name_of_a_secret_is_hidden(key: str, value: object) -> None:
    found = redacted({"a": [{"b": {key: value, "symbol": "EUR_USD"}}]})
    assert found == {"a": [{"b": {key: "***", "symbol": "EUR_USD"}}]}
