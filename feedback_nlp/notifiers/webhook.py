"""Posts one signed message to one address, which was checked and is the one connected to.

Source: the Standard Webhooks specification, https://www.standardwebhooks.com: the headers
`webhook-id`, `webhook-timestamp`, `webhook-signature`, and symmetric signatures `v1`.
"""

import time
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from hmac import new as new_hmac
from ssl import SSLContext
from typing import Any, Final

import httpcore2

from feedback_nlp.errors import InputError, SourceError
from feedback_nlp.notifiers.target_guard import Guard, Place, checked, read_place

MARK: Final = "whsec_"
TIMEOUT_S: Final = 10.0
LONGEST_WAIT_S: Final = 86_400.0
_READ: Final = 1_000
"""Bytes of an answer; nobody needs more of it."""
_ASKS_FOR_TIME: Final = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Letter:
    """What is posted."""

    id: str
    """The same at each attempt."""
    at: datetime
    """Of this attempt."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int | None = None
    """None: nobody answered."""
    fault: str | None = None
    """In Chinese; None when it arrived."""
    wait_s: float | None = None
    """What the receiver asked for before the next attempt."""


Post = Callable[[str, str, Letter], Answer]
"""Address, secret, letter -> what came back; never raises for what a receiver does."""


def sign(secret: str, letter: Letter) -> str:
    """Return the value of `webhook-signature`."""
    told = f"{letter.id}.{int(letter.at.timestamp())}.".encode() + letter.body
    return "v1," + b64encode(new_hmac(key_of(secret), told, sha256).digest()).decode()


def key_of(secret: str) -> bytes:
    """Return the bytes that sign: those behind `whsec_`, else the secret as it is written.

    Raises:
        InputError: what stands behind `whsec_` is not base64.
    """
    if not secret.startswith(MARK):
        return secret.encode()
    try:
        return b64decode(secret.removeprefix(MARK), validate=True)
    except (NotBase64, ValueError) as error:
        raise InputError(f"secret：{MARK} 后面应是 base64") from error


def poster(guard: Guard, *, ssl: SSLContext | None = None) -> Post:
    """Return what posts to addresses that `guard` lets pass."""

    def post(url: str, secret: str, letter: Letter) -> Answer:
        try:
            place = read_place(url, guard)
            return _answered(place, _headers(place, secret, letter), letter, guard, ssl)
        except (InputError, SourceError) as error:
            return Answer(fault=str(error))
        except (httpcore2.TimeoutException, TimeoutError):
            return Answer(fault=f"没有在 {TIMEOUT_S:g} 秒内回答")
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            return Answer(fault=f"连不上（{type(error).__name__}）")

    return post


def _headers(place: Place, secret: str, letter: Letter) -> Mapping[str, str]:
    return {
        "host": place.authority,
        "content-type": "application/json",
        "user-agent": "feedback-nlp",
        "connection": "close",
        "webhook-id": letter.id,
        "webhook-timestamp": str(int(letter.at.timestamp())),
        "webhook-signature": sign(secret, letter),
    }


def _answered(
    place: Place,
    headers: Mapping[str, str],
    letter: Letter,
    guard: Guard,
    ssl: SSLContext | None,
) -> Answer:
    url = httpcore2.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
    line = _GuardedLine(guard, time.monotonic() + TIMEOUT_S)
    # No proxy, no redirects, and one connection: the one that was checked.
    with (
        httpcore2.ConnectionPool(ssl, max_connections=1, network_backend=line) as pool,
        pool.stream("POST", url, headers=list(headers.items()), content=letter.body) as response,
    ):
        read = 0
        for piece in response.iter_stream():
            read += len(piece)
            if read > _READ:
                break
        told = {name.lower(): value for name, value in response.headers}
        return _judged(response.status, told.get(b"retry-after", b""), letter.at)


def _judged(status: int, retry_after: bytes, now: datetime) -> Answer:
    if 200 <= status < 300:  # noqa: PLR2004 (success is this range of HTTP)
        return Answer(status)
    wait = _asked_wait(retry_after, now) if status in _ASKS_FOR_TIME else None
    return Answer(status, f"对方回答 HTTP {status}", wait)


def _asked_wait(written: bytes, now: datetime) -> float | None:
    text = written.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_S)
    try:
        seconds = (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT_S)


class _GuardedLine(httpcore2.NetworkBackend):
    """Looks a name up once, checks every address and connects to these: no DNS rebinding.

    The name stays what TLS asks for and the certificate is checked against.
    """

    def __init__(self, guard: Guard, deadline: float) -> None:
        self._guard = guard
        self._deadline = deadline
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 (httpcore's signature)
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        fault: Exception | None = None
        for address in checked(host, port, self._guard):
            left = _left(self._deadline)
            try:
                stream = self._inner.connect_tcp(address, port, timeout=left)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                fault = error
                continue
            return _HurriedStream(stream, self._deadline)
        raise fault or httpcore2.ConnectError(host)


class _HurriedStream(httpcore2.NetworkStream):
    """A connection that has so much time in all: a receiver may not answer byte by byte."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        left = _left(self._deadline)
        return _HurriedStream(
            self._inner.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 (httpcore's signature)
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout
    return left
