"""What taking reviews in costs: the worker, bulk posts and single posts, beside the bare model.

    python benchmarks/ingest.py [worker|bulk|single ...]     # default: all

On PostgreSQL when FEEDBACK_TEST_POSTGRES_URL is set, else on SQLite. Made-up reviews. Prints
ratios: both sides of each are measured in the same run.
"""

import argparse
import csv
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import create_engine, make_url, text

from feedback_nlp import Analyzer
from feedback_nlp.artifacts import load_classifier
from feedback_nlp.records import Review, Role, Signature
from feedback_nlp.storage import reviews
from feedback_nlp.storage.database import open_database, transaction
from feedback_nlp.storage.job_lock import Holder
from feedback_nlp.workflows.manage_keys import MOST_PER_MINUTE, KeyWish, add_key
from feedback_nlp.workflows.work import Pace, Shift, work

MODEL: Final = "encoder-zh"
SCORED: Final = 6_000
AT_ONCE: Final = 2_000
"""Reviews that wait; the last look of a worker, which finds none, counts too."""
POSTED: Final = 600
CLIENTS: Final = 4
WORKERS: Final = int(os.environ.get("FEEDBACK_BENCH_WORKERS", "2"))
"""Processes of the server, as `serve --workers 2`; on SQLite one is usual."""
ROWS: Final = 100_000
SAID: Final = (
    "更新以后一打开就闪退，重装了三次还是不行",
    "配送晚了两个小时，冰淇淋都化了，客服也不理人",
    "界面很好看，就是加载有点慢",
    "优惠券领了用不了，提示不满足条件，太坑了",
    "质量不错，包装也很用心，会回购",
)


def main() -> None:
    """Run the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    for name in parser.parse_args().parts or PARTS:
        print(f"\n## {name}\n", flush=True)
        with TemporaryDirectory() as folder, database(Path(folder)) as url:
            PARTS[name](url, Path(folder))


def made_up(number: int) -> str:
    """Return a review that no other number gives."""
    return f"{SAID[number % len(SAID)]}，这是第{number}次来反馈"


def worker(url: str, _folder: Path) -> None:
    """Score what is stored, and the same texts without any database, in turns."""
    texts = [made_up(number) for number in range(SCORED)]
    analyzer, classifier, now = Analyzer.load(MODEL), load_classifier(MODEL), datetime.now(UTC)  # noqa: TID251 (a clock)
    engine = open_database(url)
    shift = Shift(engine, classifier, Holder("", os.getpid(), ""))
    pace = Pace(lambda: datetime.now(UTC), lambda _seconds: False)  # noqa: TID251 (a clock)
    spent = {"model": 0.0, "worker": 0.0}
    analyzer.analyze(texts[:50])
    for first in range(0, SCORED, AT_ONCE):
        part = texts[first : first + AT_ONCE]
        with transaction(engine) as session:
            found = [Review(f"r{first + n}", "api", each) for n, each in enumerate(part)]
            reviews.add(session, "default", found, now=now)
        begin = time.perf_counter()
        analyzer.analyze(part)
        spent["model"] += time.perf_counter() - begin
        begin = time.perf_counter()
        work(shift, pace, once=True)
        spent["worker"] += time.perf_counter() - begin
    engine.dispose()
    print(f"worker / Analyzer: {spent['model'] / spent['worker']:.0%} of its throughput")


def bulk(url: str, folder: Path) -> None:
    """Post many reviews as one file to a server of its own and look at its memory."""
    file = folder / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["编号", "时间", "内容"])
        table.writerows([f"B{n}", "2026-03-01", made_up(n)] for n in range(ROWS))
    headers = {"Content-Type": "text/csv", "Authorization": new_key(url)}
    with server(url) as (port, process):
        before = peak_mb(process.pid)
        begin = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", port)
        with file.open("rb") as body:
            connection.request("POST", "/v1/reviews:bulk", body, headers)
            answer = connection.getresponse()
            done = json.loads(answer.read())
        seconds, after = time.perf_counter() - begin, peak_mb(process.pid)
    print(f"{ROWS:,} rows: {answer.status} {done['counts']} in {seconds:.0f} s")
    print(f"peak of the server {after:.0f} MiB, before it {before:.0f} MiB")


def single(url: str, _folder: Path) -> None:
    """Post one review a request from four clients; the same texts from four threads, in turns."""
    analyzer = Analyzer.load(MODEL)
    spent = {"model": 0.0, "posts": 0.0}
    times: list[float] = []
    bearer = new_key(url)
    with server(url, workers=WORKERS) as (port, _process):
        local = threading.local()

        def post(number: int) -> float:
            if not hasattr(local, "connection"):
                local.connection = HTTPConnection("127.0.0.1", port)
            begin = time.perf_counter()
            body = json.dumps({"reviews": [{"text": made_up(number)}]})
            headers = {"Content-Type": "application/json", "Authorization": bearer}
            local.connection.request("POST", "/v1/reviews", body, headers)
            answer = local.connection.getresponse()
            answer.read()
            if answer.status != 200:  # noqa: PLR2004 (HTTP)
                raise RuntimeError(answer.status)
            return time.perf_counter() - begin

        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(post, range(-50, 0)))
            list(pool.map(lambda n: analyzer.analyze([made_up(n)]), range(50)))
            for first in range(0, POSTED, 100):
                numbers = range(first, first + 100)
                begin = time.perf_counter()
                list(pool.map(lambda n: analyzer.analyze([made_up(n)]), numbers))
                spent["model"] += time.perf_counter() - begin
                begin = time.perf_counter()
                times += pool.map(post, numbers)
                spent["posts"] += time.perf_counter() - begin
    cuts = statistics.quantiles(times, n=100)
    print(f"posts / Analyzer: {spent['model'] / spent['posts']:.0%} of its throughput")
    print(f"p99 / p50: {cuts[98] / cuts[49]:.1f}")


def new_key(url: str) -> str:
    """Make a key and return the header that carries it."""
    engine, now = open_database(url), datetime.now(UTC)  # noqa: TID251 (a clock)
    wish = KeyWish("bench", Role.ANALYST, per_minute=MOST_PER_MINUTE)
    with transaction(engine) as session:
        _, token = add_key(session, "default", wish, Signature("bench", now))
    engine.dispose()
    return f"Bearer {token.text}"


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Give the URL of an empty database."""
    base = os.environ.get("FEEDBACK_TEST_POSTGRES_URL")
    if not base:
        yield f"sqlite:///{folder / 'ingest.db'}"
        return
    name, engine = f"feedback_bench_{os.getpid()}", create_engine(base)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    url = make_url(base).update_query_dict({"options": f"-csearch_path={name}"})
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        engine.dispose()


@contextmanager
def server(url: str, *, workers: int = 1) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start the application on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"FEEDBACK_DATABASE_URL": url, "FEEDBACK_MODEL": MODEL}
    words = ["-m", "uvicorn", "--factory", "api.app:create_app", "--port", str(port)]
    words += ["--workers", str(workers)]
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, *words, "--log-level", "warning"], env=environment
    )
    try:
        wait_for(port)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def wait_for(port: int) -> None:
    """Return as soon as somebody listens."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def peak_mb(pid: int) -> float:
    """Return the greatest memory of a process so far."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


PARTS: Final[dict[str, Callable[[str, Path], None]]] = {
    "worker": worker,
    "bulk": bulk,
    "single": single,
}
if __name__ == "__main__":
    main()
