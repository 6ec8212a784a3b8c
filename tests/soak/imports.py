"""Large files of our own, and `feedback-nlp import` as a process of its own."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sqlalchemy import select

from feedback_nlp.storage.database import open_database, reading
from feedback_nlp.storage.tables import rejections, reviews

PROGRAM: Final = Path(sys.executable).with_name("feedback-nlp")
_COMPLAINTS: Final = (
    "一打开就闪退，重装了三次还是不行",
    "配送晚了两个小时，冰淇淋都化了",
    "客服半天没人理，电话也打不通",
    "退款申请提交一个星期还没到账",
    "界面更新以后找不到订单入口",
    "质量不错，包装也很用心，会回购",
    "优惠券领了用不了，提示不满足条件",
)
_MEASURE: Final = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""
"""Runs a program and notes its greatest memory. It is a small process: a child begins with the
memory of its parent, and pytest holds every package that any test imports."""
_PLACES: Final = ("北京", "上海", "广东", "四川", "浙江", "湖北", "陕西")


def write_reviews(path: Path, rows: int, *, broken_every: int = 0) -> Path:
    """Write `rows` different reviews with ids; every so-manyth has a date that does not exist."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["编号", "时间", "内容", "评分", "用户", "地区", "版本"])
        for number in range(rows):
            broken = broken_every and number % broken_every == broken_every - 1
            day = "2026-02-31" if broken else f"2026-0{number % 5 + 1}-{number % 28 + 1:02d}"
            text = f"{_COMPLAINTS[number % 7]}，这是今年第{number}次来反馈了，希望尽快处理"
            user, place = f"user{number % 50_000}", _PLACES[number % 7]
            table.writerow(
                [f"C{number}", day, text, number % 5 + 1, user, place, f"3.{number % 9}"]
            )
    return path


@dataclass(frozen=True)
class Finished:
    """How one import ended."""

    code: int
    output: str
    complaints: str
    seconds: float
    peak_mb: float


def start(file: Path, url: str, *, around: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start an import and return at once; `around` is a program that runs it."""
    return subprocess.Popen(  # noqa: S603 (our own program)
        [*around, str(PROGRAM), "import", str(file), "--db", url],
        env=_clean(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(file: Path, url: str) -> Finished:
    """Import and wait."""
    measured = file.with_suffix(".peak")
    begin = time.monotonic()
    process = start(file, url, around=[sys.executable, "-S", "-c", _MEASURE, str(measured)])
    output, complaints = process.communicate()
    seconds = time.monotonic() - begin
    peak = int(measured.read_text(encoding="utf-8")) / 1024
    return Finished(process.returncode, output.decode(), complaints.decode(), seconds, peak)


def stored(url: str) -> tuple[int, str, int]:
    """Return how many reviews there are, a digest of (id, text) of all, and open rejections."""
    engine = open_database(url)
    digest, count = blake2b(digest_size=16), 0
    with reading(engine) as session:
        query = select(reviews.c.id, reviews.c.text, reviews.c.revision).order_by(reviews.c.id)
        for row in session.execute(query.execution_options(yield_per=5_000)):
            digest.update(repr(tuple(row)).encode())
            count += 1
        lines = select(rejections.c.line).where(rejections.c.corrected_at.is_(None))
        rejected = len(session.execute(lines).all())
    engine.dispose()
    return count, digest.hexdigest(), rejected


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in environment.items() if not key.startswith("FEEDBACK_")}
