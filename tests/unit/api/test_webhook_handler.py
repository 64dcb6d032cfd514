"""What is believed of what comes over HTTP, and the answer to each thing that does."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from support.embedded import settings_of
from tradeworthy.adapters.files.webhook_secret import WebhookSecret
from tradeworthy.adapters.serving.webhook_server import Asked
from tradeworthy.api.webhook_handler import WebhookHandler
from tradeworthy.core.errors import InputError, JournalError, NotNow, NotRunning, OutputError
from tradeworthy.settings.loading import from_tree

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the one of the scheme's own examples
BODY = '{"symbol": "EUR_USD", "action": "BUY"}'


class Desk:
    """Takes what it is given, or raises what the test says."""

    def __init__(self, error: Exception | None = None) -> None:
        self.came: list[dict[str, Any]] = []
        self._error = error

    def __call__(self, signal: dict[str, Any]) -> dict[str, Any]:
        self.came.append(signal)
        if self._error is not None:
            raise self._error
        return {"accepted": True}


def handler(desk: Desk, *, signed: bool = True, running: bool = True) -> WebhookHandler:
    made = WebhookHandler(desk, lambda: running, lambda: SECRET, signed=signed)
    made._key = SECRET
    return made


def post(body: str | bytes = BODY, *, name: str = "msg_1", when: datetime | None = None, **headers: str) -> Asked:
    """A request as a sender signs it; headers change it afterwards."""
    at = when or datetime.now(UTC)
    data = body.encode() if isinstance(body, str) else body
    text = data.decode("utf-8", "replace")
    signature = Webhook(SECRET).sign(name, at, text)
    given = {
        "webhook-id": name, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature,
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }  # fmt: skip
    return Asked("POST", "/webhook", given, data)


def test_the_published_example_of_the_scheme_is_signed_as_published() -> None:
    """https://github.com/standard-webhooks/standard-webhooks: msg_p5jXN8AQM9LWM0D4loKWxJek at 1614265330."""
    when = datetime.fromtimestamp(1614265330, UTC)
    signed = Webhook(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", when, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signed_signal_is_handed_on_under_the_id_of_its_message() -> None:
    desk = Desk()
    assert handler(desk).answer(post()) == (200, {"accepted": True})
    assert desk.came == [{"symbol": "EUR_USD", "action": "BUY", "id": "msg_1"}]


@pytest.mark.parametrize(
    "asked",
    [
        post(webhook_signature="v1,AAAA"),
        post(webhook_signature="v1,not base64!"),
        post(webhook_signature="nonsense"),
        post(webhook_signature=""),
        post(webhook_signature="v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        post(webhook_id="msg_2"),
        post(webhook_timestamp="1614265330"),
        post(webhook_timestamp="nan"),
        post(webhook_timestamp="inf"),
        post(webhook_timestamp="99999999999999999999"),
        post(when=datetime.now(UTC) - timedelta(hours=1)),
        post(when=datetime.now(UTC) + timedelta(hours=1)),
        post(b"\xff\xfe"),
        Asked("POST", "/webhook", {}, BODY.encode()),
        Asked("POST", "/webhook", post().headers, b'{"symbol": "EUR_USD", "action": "SELL"}'),
    ],
)
def test_what_is_not_signed_by_the_secret_now_is_not_believed(asked: Asked) -> None:
    desk = Desk()
    status, answer = handler(desk).answer(asked)
    assert status == 401
    assert "the signature is missing or wrong" in answer["error"]
    assert desk.came == []


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_be_five_minutes_apart(minutes: float) -> None:
    assert handler(Desk()).answer(post(when=datetime.now(UTC) + timedelta(minutes=minutes)))[0] == 200


def test_one_of_several_signatures_is_enough_while_a_secret_is_changed() -> None:
    asked = post()
    both = {**asked.headers, "webhook-signature": f"v1,AAAA {asked.headers['webhook-signature']}"}
    assert handler(Desk()).answer(Asked("POST", "/webhook", both, asked.body))[0] == 200


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("nope", "the body is no JSON"),
        ("", "the body is no JSON"),
        ("[" * 5_000, "the body is no JSON"),
        ("[]", "the body is a JSON object, not []"),
        ("null", "the body is a JSON object"),
        ('{"id": []}', "the body says id [] and its header webhook-id 'msg_1'; send one of them"),
        ('{"id": {"a": 1}}', "the body says id {'a': 1} and its header"),
        ('{"symbol": "EUR_USD", "id": "other"}', "the body says id 'other' and its header webhook-id 'msg_1'"),
    ],
)
def test_a_body_that_is_no_signal_is_told(body: str, sentence: str) -> None:
    desk = Desk()
    status, answer = handler(desk).answer(post(body))
    assert status == 400
    assert sentence in answer["error"]
    assert desk.came == []


def test_the_same_id_may_stand_in_the_body_too() -> None:
    desk = Desk()
    assert handler(desk).answer(post('{"symbol": "EUR_USD", "id": "msg_1"}'))[0] == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [(InputError("no"), 400), (NotRunning("not now"), 503), (NotNow("in a while"), 503), (JournalError("gone"), 500)],
)
def test_what_the_desk_says_of_it_is_answered(error: Exception, status: int) -> None:
    assert handler(Desk(error)).answer(post()) == (status, {"error": str(error)})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/webhook", 405),
        ("PUT", "/webhook", 405),
        ("POST", "/", 404),
        ("GET", "/webhook/", 404),
        ("POST", "/health", 404),
    ],
)
def test_other_places_and_ways_are_none(method: str, path: str, status: int) -> None:
    assert handler(Desk()).answer(Asked(method, path, post().headers, BODY.encode()))[0] == status


@pytest.mark.parametrize(("running", "status"), [(True, 200), (False, 503)])
def test_health_says_whether_the_desk_runs_and_whether_signatures_are_asked_for(running: bool, status: int) -> None:
    for signed in (True, False):
        one = handler(Desk(), signed=signed, running=running)
        assert one.answer(Asked("GET", "/health", {}, b"")) == (status, {"running": running, "signed": signed})


def test_unsigned_signals_are_taken_where_that_is_switched_on_and_not_out_of_a_browser() -> None:
    desk = Desk()
    plain = {"content-type": "application/json; charset=utf-8"}
    one = handler(desk, signed=False)
    assert one.answer(Asked("POST", "/webhook", plain, BODY.encode())) == (200, {"accepted": True})
    assert desk.came == [{"symbol": "EUR_USD", "action": "BUY"}]
    for headers in ({}, {"content-type": "text/plain"}, {**plain, "origin": "http://evil.example"}):
        assert one.answer(Asked("POST", "/webhook", headers, BODY.encode()))[0] == 403
    assert len(desk.came) == 1


def test_unsigned_signals_come_from_this_machine_alone() -> None:
    one = handler(Desk(), signed=False)
    for host in ("0.0.0.0", "192.168.1.7", "example.org", "::"):  # noqa: S104 - refused
        with pytest.raises(
            InputError, match="signatures are switched off, so signals are taken from this machine alone"
        ):
            one.start(host, 0)
    assert one.address is None


@pytest.mark.parametrize(
    ("host", "port", "sentence"),
    [
        ("127.0.0.1", -1, "port must be a whole number from 0 to 65,535, not -1"),
        ("127.0.0.1", 70_000, "port must be"), ("127.0.0.1", "5000", "port must be"), ("", 0, "host must name an address"),
        ("192.0.2.1", 0, "192.0.2.1: nothing can be served there"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_told(host: Any, port: Any, sentence: str) -> None:
    with pytest.raises(InputError) as told:
        handler(Desk()).start(host, port)
    assert sentence in str(told.value)


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "webhook.secret"
    made = WebhookSecret(path).read()
    assert made.startswith("whsec_")
    assert WebhookSecret(path).read() == made
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.chmod(0o644)
    with pytest.raises(InputError, match="others than its owner may read the secret"):
        WebhookSecret(path).read()
    (tmp_path / "file").write_text("")
    with pytest.raises((InputError, OutputError)):
        WebhookSecret(tmp_path / "file" / "secret").read()


def test_no_secret_stands_in_a_body_or_in_an_error() -> None:
    assert SECRET not in json.dumps(
        [handler(Desk()).answer(one)[1] for one in (post(), post("nope"), post(webhook_id="x"))]
    )


@pytest.mark.parametrize("host", [5000, None, "", b"127.0.0.1", "127\0", "é..a", "a" * 300, ["127.0.0.1"]])
def test_a_host_that_is_no_name_is_told(host: Any) -> None:
    with pytest.raises(InputError, match=r"host must name an address, such as 127\.0\.0\.1, not "):
        handler(Desk()).start(host, 0)


def test_settings_that_are_printed_do_not_say_the_secret() -> None:
    settings = from_tree(settings_of(webhook={"secret": SECRET}), "test", {})
    assert settings.webhook.secret == SECRET
    assert SECRET not in repr(settings) + str(settings) + str(settings.webhook)
