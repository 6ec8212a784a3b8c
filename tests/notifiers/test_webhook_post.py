"""One message: what is posted, where to, and how answers are read."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest, digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from feedback_nlp.notifiers.target_guard import Guard
from feedback_nlp.notifiers.webhook import Answer, Letter, poster, sign

NOW = datetime(2026, 3, 9, tzinfo=UTC)
SECRET = "whsec_" + b64encode(b"k" * 32).decode()
LETTER = Letter("ticket.changed:17", NOW, json.dumps({"id": "ticket.changed:17"}).encode())


class Receiver(ThreadingHTTPServer):
    """Answers with one status and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.headers, self.body = 200, dict[str, str](), b"ok"
        self.seen: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://hook.test:{self.server_port}/in?x=1"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.path, told, body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def guard(*, asked: list[str] | None = None, allowed: bool = True) -> Guard:
    def resolve(host: str, _port: int) -> Sequence[str]:
        if asked is not None:
            asked.append(host)
        return ["127.0.0.1"]

    return Guard(
        allow_http=True,
        allow_hosts=frozenset({"hook.test"}) if allowed else frozenset(),
        resolve=resolve,
    )


def test_the_receiver_can_check_who_sent_it(receiver: Receiver) -> None:
    assert poster(guard())(receiver.url, SECRET, LETTER) == Answer(200)
    ((path, headers, body),) = receiver.seen
    assert path == "/in?x=1"
    assert headers["host"] == f"hook.test:{receiver.server_port}"
    assert headers["content-type"] == "application/json"
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    version, signature = headers["webhook-signature"].split(",")
    key = b64decode(SECRET.removeprefix("whsec_"))
    assert version == "v1"
    assert compare_digest(b64decode(signature), digest(key, told, sha256))
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_a_known_signature() -> None:
    # Source: the reference implementation of Standard Webhooks, its own test vector.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 (published)
    at = datetime.fromtimestamp(1614265330, UTC)
    letter = Letter("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert sign(secret, letter) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_name_is_looked_up_once_and_that_address_is_called(receiver: Receiver) -> None:
    asked: list[str] = []
    poster(guard(asked=asked))(receiver.url, SECRET, LETTER)
    assert asked == ["hook.test"]


def test_a_name_that_leads_inside_by_now_is_not_called(receiver: Receiver) -> None:
    answer = poster(guard(allowed=False))(
        receiver.url.replace("hook.test", "hook.example.com"), SECRET, LETTER
    )
    assert answer.status is None
    assert "内部网络" in str(answer.fault)
    assert receiver.seen == []


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": "http://169.254.169.254/"}
    assert poster(guard())(receiver.url, SECRET, LETTER) == Answer(302, "对方回答 HTTP 302")
    assert len(receiver.seen) == 1


def test_of_a_long_answer_nothing_more_is_read(receiver: Receiver) -> None:
    receiver.body = b"x" * 5_000_000
    assert poster(guard())(receiver.url, SECRET, LETTER) == Answer(200)


@pytest.mark.parametrize(
    ("status", "told", "expected"),
    [
        pytest.param(503, "120", 120.0, id="seconds"),
        pytest.param(429, "Mon, 09 Mar 2026 00:02:00 GMT", 120.0, id="a date"),
        pytest.param(429, "Mon, 09 Mar 2020 00:02:00 GMT", 0.0, id="a date in the past"),
        pytest.param(429, "99999999", 86_400.0, id="at most a day"),
        pytest.param(429, "soon", None, id="no time"),
        pytest.param(500, "120", None, id="not asked for by this status"),
    ],
)
def test_a_busy_receiver_may_ask_for_time(
    receiver: Receiver, status: int, told: str, expected: float | None
) -> None:
    receiver.status, receiver.headers = status, {"Retry-After": told}
    answer = poster(guard())(receiver.url, SECRET, LETTER)
    assert (answer.status, answer.wait_s) == (status, expected)


def test_nobody_there() -> None:
    url = "http://hook.test:1024/"
    answer = poster(guard())(url, SECRET, LETTER)
    assert (answer.status, str(answer.fault)[:3]) == (None, "连不上")


def test_a_receiver_may_not_answer_byte_by_byte(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback_nlp.notifiers.webhook.TIMEOUT_S", 0.0)
    answer = poster(guard())(receiver.url, SECRET, LETTER)
    assert "秒内回答" in str(answer.fault)
