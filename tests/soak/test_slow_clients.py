"""A real server: oversized headers, bodies that hang, many at once, and a stop in the middle."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from databases import migrated_copy

pytestmark = pytest.mark.soak
PROGRAM = Path(sys.executable).with_name("feedback-nlp")
SLOW = 40


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    env = os.environ | {
        "FEEDBACK_DATABASE_URL": migrated_copy(tmp_path / "slow.db"),
        "FEEDBACK_MODEL": "linear-zh",
        "FEEDBACK_BODY_TIMEOUT_S": "1",
        "FEEDBACK_SHUTDOWN_S": "3",
        "FEEDBACK_LOG_FORMAT": "json",
    }
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [str(PROGRAM), "serve", "--port", str(number)], env=env, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if b"Uvicorn running" in line:
                break
        yield number
        process.send_signal(signal.SIGTERM)
        assert b"Traceback" not in process.communicate(timeout=30)[1]
        assert process.returncode in {0, -signal.SIGTERM}
    finally:
        process.kill()
        process.wait()


def said(connection: socket.socket, text: bytes) -> bytes:
    found = b""
    try:
        connection.sendall(text)
        while piece := connection.recv(65_536):
            found += piece
    except (ConnectionResetError, BrokenPipeError):  # closed before all was read
        return found or b"HTTP/1.1 4"
    return found


def alive(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200


def test_a_server_among_slow_and_loud_clients_still_answers(port: int) -> None:
    begin = b"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with ExitStack() as stack:
        slow = [
            stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), timeout=15)))
            for _ in range(SLOW)
        ]
        for connection in slow[: SLOW // 2]:
            connection.sendall(begin)  # a header that never ends
        for connection in slow[SLOW // 2 :]:
            connection.sendall(begin + b'Content-Length: 100\r\n\r\n{"name"')
        assert alive(port)
        for connection in slow[SLOW // 2 :]:
            assert connection.recv(65_536).startswith(b"HTTP/1.1 408")
        assert alive(port)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=15)) as loud:
        assert said(loud, begin + b"X: " + b"a" * 200_000 + b"\r\n\r\n").startswith(b"HTTP/1.1 4")
    with closing(socket.create_connection(("127.0.0.1", port), timeout=15)) as nonsense:
        assert said(nonsense, b"\x16\x03\x01 no http\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert alive(port)
