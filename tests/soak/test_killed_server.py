"""A server and a worker killed at any moment, and the database restarted under them: nothing twice.

The client sends each request until it is answered, as one does that cannot know what became of it.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread

import numpy as np
import pytest
from small_disks import SmallDisk, own_cluster
from sqlalchemy import func, select

from feedback_nlp.records import Role, Signature
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.storage.tables import annotations, audit_log, idempotency, opinions, reviews
from feedback_nlp.workflows.manage_keys import MOST_PER_MINUTE, KeyWish, add_key

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("FEEDBACK_SOAK_KILLS", "20"))
SEED = 9
SAID = ("更新以后一打开就闪退", "配送太慢，等了两个小时", "退款一直没到账", "很喜欢，会一直用")
PATIENCE_S = 60


@pytest.fixture
def cluster() -> Iterator[tuple[str, Path]]:
    disk = SmallDisk(Path(mkdtemp(prefix="feedback-killed-")))
    disk.resize(400)
    with own_cluster(disk) as url:
        yield url, disk.folder / "data"
    disk.remove()


@dataclass
class Service:
    """A process that is killed and started again."""

    words: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(  # noqa: S603 (our own program)
                self.words, env=self.environment, stdout=stream, stderr=stream
            )

    def kill(self, number: int = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait()


@dataclass
class Client:
    """Posts one request after the other, each until it is answered, and every third one twice."""

    port: int
    bearer: str
    stop: Event = field(default_factory=Event)
    answered: list[int] = field(default_factory=list)
    retries: int = 0

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            for _ in range(2 if number % 3 == 0 else 1):
                self._post_until_answered(number)
            self.answered.append(number)
            number += 1

    def _post_until_answered(self, number: int) -> None:
        entry = {"id": f"S{number}", "text": f"{SAID[number % 4]}，第{number}次"}
        body = json.dumps({"reviews": [entry]}) if number % 2 else json.dumps(entry) + "\n"
        path = "/v1/reviews" if number % 2 else "/v1/reviews:bulk"
        headers = {"Content-Type": "application/json" if number % 2 else "application/x-ndjson"}
        headers |= {"Authorization": self.bearer, "Idempotency-Key": f"key-{number}"}
        until = time.monotonic() + PATIENCE_S
        while True:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
            with suppress(OSError, HTTPException), closing(connection):
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                said = answer.read()
                if answer.status in {200, 202}:
                    return
                assert answer.status in {409, 503}, said
            assert time.monotonic() < until, "the service did not come back"
            self.retries += 1
            time.sleep(0.05)


def test_every_accepted_review_is_stored_and_scored_exactly_once(
    cluster: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, data = cluster
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = Client(port, _new_key(url))
    server, worker = _services(url, port, tmp_path)
    for service in (server, worker):
        service.start()
    thread = Thread(target=client.run)
    thread.start()
    try:
        _wait_for(lambda: len(client.answered) > 3)
        moments = np.random.default_rng(SEED).uniform(0.2, 1.5, KILLS)
        for number, moment in enumerate(moments):
            time.sleep(float(moment))
            if number == KILLS // 2:
                _restart(data)
            victim = (server, worker)[number % 2]
            victim.kill()
            victim.start()
            before = len(client.answered)
            _wait_for(lambda before=before: len(client.answered) > before)  # type: ignore[misc]
    finally:
        client.stop.set()
        thread.join()
    _wait_for(lambda: _unscored(url) == 0)
    ends = [worker.kill(signal.SIGTERM), server.kill(signal.SIGTERM)]
    with capsys.disabled():
        print(f"\n{len(client.answered)} reviews, {client.retries} retries")  # noqa: T201
    assert ends[0] == 0, worker.log.read_text("utf-8")
    assert client.retries > 0, "nothing was ever killed in the middle"
    assert "Traceback" not in worker.log.read_text("utf-8")
    assert _stored(url) == _expected(client.answered)


def _services(url: str, port: int, folder: Path) -> tuple[Service, Service]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FEEDBACK_")}
    kept |= {"FEEDBACK_DATABASE_URL": url, "FEEDBACK_MODEL": "linear-zh"}
    program = str(Path(sys.executable).with_name("feedback-nlp"))
    uvicorn = [sys.executable, "-m", "uvicorn", "--factory", "api.app:create_app"]
    return (
        Service([*uvicorn, "--port", str(port)], kept, folder / "server.log"),
        Service([program, "work"], kept | {"FEEDBACK_WORK_INTERVAL_S": "0.1"}, folder / "work.log"),
    )


def _new_key(url: str) -> str:
    engine = open_database(url)
    with transaction(engine) as session:
        wish = KeyWish("soak", Role.ANALYST, per_minute=MOST_PER_MINUTE)
        at = datetime(2026, 3, 1, tzinfo=UTC)
        _, token = add_key(session, "default", wish, Signature("soak", at))
    engine.dispose()
    return f"Bearer {token.text}"


def _restart(data: Path) -> None:
    """Stop the cluster at once, as a crash would, and start it as it was started."""
    program = max(Path("/usr/lib/postgresql").glob("*/bin")) / "pg_ctl"
    asked = [str(program), "-D", str(data), "-w", "-m", "immediate"]
    asked += ["-l", str(data.parent / "log" / "server"), "restart"]
    runuser = shutil.which("runuser") or "runuser"
    subprocess.run([runuser, "-u", "postgres", "--", *asked], check=True)  # noqa: S603 (our own words)


def _wait_for(happens: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not happens():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


def _unscored(url: str) -> int:
    engine = open_database(url)
    with reading(engine) as session:
        all_, done = (
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (reviews, annotations)
        )
    engine.dispose()
    return int(all_ - done)


def _stored(url: str) -> tuple[list[str], int, int, int]:
    """Return the ids of the sender, and how many rows hang on them."""
    engine = open_database(url)
    with reading(engine) as session:
        ids = sorted(session.execute(select(reviews.c.external_id)).scalars())
        revised = session.execute(select(func.count()).where(reviews.c.revision > 1)).scalar_one()
        scored = session.execute(select(annotations.c.review_id)).scalars().all()
        pairs = select(opinions.c.review_id, opinions.c.start).distinct().subquery()
        twice = session.execute(select(func.count()).select_from(opinions)).scalar_one()
        twice -= session.execute(select(func.count()).select_from(pairs)).scalar_one()
        keys = session.execute(select(func.count()).select_from(idempotency)).scalar_one()
        assert session.execute(select(func.count()).select_from(audit_log)).scalar_one() >= keys
    engine.dispose()
    assert len(scored) == len(set(scored))
    return ids, len(scored), revised + twice, keys


def _expected(numbers: list[int]) -> tuple[list[str], int, int, int]:
    return sorted(f"S{number}" for number in numbers), len(numbers), 0, len(numbers)
