"""What people see of a rollout, and of customers before and after: command line and interface."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, TAXONOMY
from callers import with_key
from desk import sqlite_in
from fastapi.testclient import TestClient
from rollouts import (
    AFTER,
    DAY,
    HOME,
    MODEL,
    RELEASED,
    buy,
    noon,
    of_versions,
    release,
    store,
    written,
)
from storage_samples import run
from typer.testing import CliRunner

from api.app import create_app
from feedback_nlp.cli import app
from feedback_nlp.ports import Classifier
from feedback_nlp.settings import Settings
from feedback_nlp.storage import runs
from feedback_nlp.storage.database import open_database, transaction

MINE = [f"u-{n:02}" for n in range(25)]
OTHERS = [f"v-{n:02}" for n in range(30)]
FULL = RELEASED + DAY * (AFTER + 1)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A rollout of 20 days; everybody bought before the day after it, most of some also later."""
    place = sqlite_in(tmp_path)
    engine = open_database(place)
    complaints = [written(f"x{who}", FULL - DAY * 30, author_id=who) for who in MINE]
    store(engine, [*of_versions(), *complaints])
    release(engine)
    with transaction(engine) as session:
        runs.add(session, HOME, replace(run(), model=MODEL, as_of=noon(FULL + DAY * 30)))
    buy(engine, [(who, FULL - DAY * 20) for who in (*MINE, *OTHERS)])
    buy(engine, [(who, FULL + DAY * 20) for who in (*MINE[:20], *OTHERS[:6])])
    engine.dispose()
    return place


@pytest.fixture
def client(url: str, classifier: Classifier) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=url), classifier, TAXONOMY)) as client:
        yield with_key(client)


def ask(client: TestClient, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(f"/v1{path}")
    assert answer.status_code == status
    found: dict[str, Any] = answer.json()
    return found


def say(url: str, *words: str) -> list[str]:
    done = CliRunner().invoke(
        app, ["release", *words, "--db", url, "--model", "linear-zh"], catch_exceptions=False
    )
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_both_sides_stand_in_one_sentence_with_what_to_do(url: str, client: TestClient) -> None:
    lines = say(url, "watch")
    assert lines[0].startswith(
        "发布 1  K-0001 修复启动闪退  2026-04-01 12:00，版本 3.2 的 10% 用户"
    )
    assert lines[1].startswith(
        "  2026-04-02 到 2026-04-21：有新版的 0 条 / 60 条评论，没有的 40 条 / 80 条评论："
        "是没有新版的 0%（0%-"
    )
    assert lines[1].endswith("→ 建议扩大")
    assert lines[2] == ("  整个区间都低于目标 90%：有新版的人明显少抱怨，可以放给更多用户。")
    assert lines[3] == "共 1 个可以对照的部分放量，数据到 2026-04-21"
    assert say(url, "watch", "K-0001") == lines
    (found,) = ask(client, "/releases/1/rollout")["rollouts"]
    assert (found["having"], found["lacking"]) == (
        {"count": 0, "base": 60},
        {"count": 40, "base": 80},
    )
    assert (found["advice"], found["ratio"], found["before_ratio"]) == ("widen", 0.0, None)
    assert lines[1].endswith(found["sentence"])
    assert lines[2].endswith(found["meaning"])


def test_customers_before_and_after_once_everybody_has_it(url: str, client: TestClient) -> None:
    assert ask(client, "/tickets/K-0001/loyalty", 409)["detail"].startswith("工单 K-0001 没有登记")
    engine = open_database(url)
    release(engine, None, on=FULL)
    engine.dispose()
    assert say(url, "watch")[-1].startswith("共 0 个")
    assert ask(client, "/releases/2/rollout", 409)["detail"].startswith("发布 2 没有写明")
    assert ask(client, "/releases/9/rollout", 404)["detail"] == "没有编号为 9 的发布"
    lines = say(url, "loyalty", "K-0001")
    assert lines[0] == "K-0001  发布 2（2026-04-22）之前 84 天里抱怨过的有 25 人"
    assert lines[1] == (
        "  其中 25 人是顾客（此前一年下过单），对照 30 位没有抱怨过的顾客；"
        "2026-04-02 到 2026-04-21 比 2026-04-23 到 2026-05-12"
    )
    assert lines[2].startswith(
        "  总计  复购  抱怨过的 100.0% → 80.0%，其他顾客 100.0% → 20.0%，多升 +60.0（+"
    )
    assert lines[3].startswith("  总计  留存  抱怨过的 100.0% → 80.0%")
    assert lines[4].startswith("  新用户  复购")
    assert lines[-1].endswith("这是观察，不是证明：抱怨的人和其他人本来就不同")
    found = ask(client, "/tickets/K-0001/loyalty")
    assert (found["complained"], found["lack"], found["with_usage"]) == (25, None, False)
    assert found["after"] == {"first": "2026-04-23", "last": "2026-05-12"}
    assert found["total"]["repurchase"]["value"] == pytest.approx(0.6)
    assert [row["segment"] for row in found["segments"]] == ["new"]


def test_what_is_lacking_is_told(tmp_path: Path) -> None:
    place = sqlite_in(tmp_path)
    engine = open_database(place)
    store(engine, [written("x1", RELEASED - DAY, author_id="u")])
    release(engine, None)
    with transaction(engine) as session:
        runs.add(session, HOME, replace(run(), model=MODEL, as_of=NOW))
    engine.dispose()
    assert say(place, "loyalty", "K-0001")[1] == "  没有订单，看不了复购；先用 order import 导入"
    done = CliRunner().invoke(app, ["release", "watch", "K-0099", "--db", place])
    assert done.exit_code == 2
    assert "没有编号为 K-0099 的工单" in done.stderr
