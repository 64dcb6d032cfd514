"""Signals over real HTTP into a real desk on paper, and a desk that is killed between a signal and its order."""

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from standardwebhooks import Webhook

import tradeworthy as tw
from support import signal_day
from support.desk_day import Moments, kill_in_play
from support.embedded import buy, embedded, until
from support.signal_day import Sender, broken, live_by_signals, usual_plan
from tradeworthy.core.errors import InputError


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[tw.TradingEngine]:
    """A desk that trades, with its webhook open."""
    with embedded(tmp_path) as one:
        one.webhook_handler.start(port=0)
        yield one


def send(engine: tw.TradingEngine, body: Any, name: str = "m1", **headers: str) -> tuple[int, dict[str, Any]]:
    """Sign and post, as any sender does."""
    text = body if isinstance(body, str) else json.dumps(body)
    now = datetime.now(UTC)
    secret = engine.webhook_secret_file.read_text().strip()
    signed = {
        "webhook-id": name, "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, now, text), "content-type": "application/json", **headers,
    }  # fmt: skip
    return posted(str(engine.webhook_handler.address), text.encode(), signed)


def posted(address: str, data: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    try:
        with urlopen(Request(address, data=data, headers=headers, method="POST"), timeout=30) as answer:  # noqa: S310 - ours
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


def without_id(**more: Any) -> dict[str, Any]:
    given = buy("none", **more)
    del given["id"]
    return given


def test_a_signed_signal_trades_and_a_second_delivery_does_not(engine: tw.TradingEngine) -> None:
    status, answer = send(engine, without_id())
    assert (status, answer["accepted"], answer["signal_id"], answer["duplicate"]) == (200, True, "m1", False)
    assert {one["stage"] for one in answer["checks"]} >= {"data", "mode", "limits", "broker"}
    status, again = send(engine, without_id())
    assert (status, again["duplicate"], again["client_id"]) == (200, True, answer["client_id"])
    assert engine.process_signal({**without_id(), "id": "m1"})["duplicate"] is True
    until(lambda: engine.db_manager.status()["positions"])
    assert [one["body"]["client_id"] for one in engine.db_manager.events("placed")] == [answer["client_id"]]


def test_what_is_refused_is_told_by_status_and_nothing_is_done(engine: tw.TradingEngine) -> None:
    assert send(engine, without_id(), **{"webhook-signature": "v1,AAAA"})[0] == 401
    assert send(engine, "nope")[0] == 400
    assert send(engine, without_id(stop_loss=2.4))[0] == 400
    assert send(engine, " " * 70_000)[0] == 413
    status, answer = send(engine, without_id(action="HOLD"))
    assert (status, answer["error"]) == (400, "the signal has the action 'HOLD'; it is BUY, SELL or CLOSE")
    assert engine.db_manager.signals() == []


def test_a_body_that_says_no_length_is_cut_off_where_it_is_too_long(engine: tw.TradingEngine) -> None:
    port = int(str(engine.webhook_handler.address).rsplit(":", 1)[1].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(ConnectionError):
            for _ in range(9):
                line.sendall(b"2000\r\n" + b" " * 0x2000 + b"\r\n")
        assert line.recv(64).startswith(b"HTTP/1.1 413 ")


def test_many_senders_at_once_each_get_their_answer(engine: tw.TradingEngine) -> None:
    names = [f"m{place // 2}" for place in range(24)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: send(engine, without_id(), name), names))
    assert {status for status, _ in answers} == {200}
    assert [answer["signal_id"] for _, answer in answers] == names
    assert sum(answer["accepted"] and not answer["duplicate"] for _, answer in answers) == 1


def test_health_and_a_desk_that_has_stopped(engine: tw.TradingEngine) -> None:
    place = str(engine.webhook_handler.address).replace("/webhook", "/health")
    with urlopen(place, timeout=10) as answer:  # noqa: S310 - ours
        assert json.loads(answer.read()) == {"running": True, "signed": True}
    engine.stop_trading()
    with pytest.raises(HTTPError, match="503"):
        urlopen(place, timeout=10)  # noqa: S310 - ours
    assert send(engine, without_id())[0] == 503


def test_the_secret_is_in_no_log_journal_or_status(engine: tw.TradingEngine) -> None:
    send(engine, without_id())
    send(engine, without_id(), "m2", **{"webhook-signature": "v1,AAAA"})
    engine.stop_trading()
    secret = engine.webhook_secret_file.read_text().strip().removeprefix("whsec_").encode()
    others = [one for one in engine.folder.rglob("*") if one.is_file() and one != engine.webhook_secret_file]
    assert len(others) > 5
    assert [one for one in others if secret in one.read_bytes()] == []


def test_run_serves_until_it_is_stopped_and_frees_the_port(tmp_path: Path) -> None:
    with embedded(tmp_path) as one:
        served = threading.Thread(target=one.webhook_handler.run, kwargs={"port": 0})
        served.start()
        until(lambda: one.webhook_handler.address)
        address = str(one.webhook_handler.address)
        port = int(address.rsplit(":", 1)[1].partition("/")[0])
        until(lambda: reached(address.replace("/webhook", "/health")))
        with pytest.raises(InputError, match=r"signals are served at .* already"):
            one.webhook_handler.start(port=0)
        with pytest.raises(InputError, match=rf"port {port} of 127.0.0.1 is taken; choose another"):
            embedded(tmp_path).webhook_handler.start(port=port)
        one.webhook_handler.stop()
        served.join(30)
        assert not served.is_alive()
        assert one.webhook_handler.address is None
        assert one.webhook_handler.start(port=port) == address
        one.webhook_handler.stop()
        one.webhook_handler.stop()


def reached(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):  # noqa: S310 - ours
            return True
    except HTTPError:
        return True
    except URLError:
        return False


def test_ctrl_c_ends_run_and_the_program_goes_on(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; from support.embedded import *;"
        "e = embedded(Path(sys.argv[1])); e.start_auto_trading(); print('up', flush=True);"
        "e.webhook_handler.run(port=int(sys.argv[3])); print(e.stop_trading('after').reason)"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tests = Path(__file__).parents[1]
    run = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path, tests, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: reached(f"http://127.0.0.1:{port}/health") or run.poll() is not None)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out.split("\n")[:2], err) == (0, ["up", "program: after"], "")


def test_unsigned_signals_are_shown_as_off(tmp_path: Path) -> None:
    with embedded(tmp_path, tables={"webhook": {"signed": False}}) as one:
        address = one.webhook_handler.start(port=0)
        data = json.dumps(without_id()).encode()
        assert posted(address, data, {"content-type": "application/json"})[0] == 200
        assert posted(address, data, {"content-type": "text/plain"})[0] == 403
        assert "webhook signatures" in one.db_manager.status()["off"]
        assert not one.webhook_secret_file.exists()


@pytest.mark.parametrize("moment", [40, 97, 98, 99, 100, 101, 102, 180])
def test_a_desk_that_is_really_killed_around_a_signal_does_it_once(tmp_path: Path, moment: int) -> None:
    done = subprocess.run(
        [sys.executable, signal_day.__file__, tmp_path, str(moment)], check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    end = live_by_signals(tmp_path, Moments(0, kill_in_play), Sender(usual_plan()), generation=2)
    assert broken(end) == []


def test_a_program_that_is_really_killed_after_its_answer_does_not_do_it_again(tmp_path: Path) -> None:
    script = (
        "import sys, os; sys.path.insert(0, sys.argv[2]); from pathlib import Path; from support.embedded import *;"
        "e = embedded(Path(sys.argv[1])); e.start_auto_trading(); a = e.process_signal(buy('a'));"
        "print(a['client_id'], flush=True); os.kill(os.getpid(), 9)"
    )
    tests = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", script, tmp_path, tests], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with embedded(tmp_path) as one:
        answer = one.process_signal(buy("a"))
        assert (answer["duplicate"], answer["client_id"]) == (True, done.stdout.strip())
        until(lambda: one.db_manager.status()["positions"])
        entries = [each["body"]["client_id"] for each in one.db_manager.events("deal")]
        assert entries == [answer["client_id"]]
