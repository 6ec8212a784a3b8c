"""Posts of a feedback community, from a fake server on this machine to the database."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx2
import pytest
from builders import NOW, shanghai
from channels.fake_tuxiaochao import Answer, Fake, Server, post, serving
from databases import every_row
from desk import Desk, open_rejections, stored
from typer.testing import CliRunner

from feedback_nlp.channels.tuxiaochao import Account, Line
from feedback_nlp.cli import app
from feedback_nlp.errors import InputError, SourceError
from feedback_nlp.records import Rejected
from feedback_nlp.storage import imports
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.imports import Origin
from feedback_nlp.workflows.import_files import SheetImport, Watch
from feedback_nlp.workflows.import_sheet import ImportReport, Target, import_sheet
from feedback_nlp.workflows.pull_posts import pull_posts

SINCE = shanghai(2026, 5, 12)
POSTS = [
    post(1, "2026-05-13 10:00:00"),
    post(2, "2026-05-14 10:00:00"),
    post(3, "2026-05-29 09:00:00"),
    post(4, "2026-06-01 08:00:00"),
]
MIDDLE = post(5, "2026-05-20 10:00:00")
GOOD: Answer = (0, {}, b"")
BROKEN: Answer = (500, {}, b"")


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serving() as fake:
        yield fake


@pytest.fixture
def line() -> Iterator[Line]:
    with httpx2.Client(timeout=5, trust_env=False) as client:
        yield Line(client, lambda: NOW, lambda _seconds: None)


def pulled(target: Target, fake: Fake, line: Line, *, since: datetime | None = None) -> SheetImport:
    return pull_posts(target, fake[1], line, since=since)


def days_asked(server: Server) -> list[str]:
    return [path.partition("from=")[2][:8] for path in server.asked]


def texts(target: Target) -> list[str]:
    return sorted(review.text for review in stored(target))


def test_posts_are_stored_and_pulling_again_changes_nothing(
    target: Target, desk: Desk, fake: Fake, line: Line
) -> None:
    fake[0].posts = POSTS
    first = pulled(target, fake, line, since=SINCE)
    assert (first.name, first.report) == ("兔小巢 1234 2026-05-12", ImportReport(added=4))
    assert {review.channel for review in stored(target)} == {"兔小巢 1234"}
    before = desk.dump()
    assert pulled(target, fake, line, since=SINCE).report == ImportReport(unchanged=4)
    assert desk.dump() == before


def test_the_next_pull_begins_with_the_week_begun_last(
    target: Target, fake: Fake, line: Line
) -> None:
    server, _ = fake
    server.posts = POSTS[:3]
    pulled(target, fake, line, since=SINCE)
    server.posts, server.asked[:] = POSTS, []
    assert pulled(target, fake, line).report == ImportReport(added=1, unchanged=1)
    assert days_asked(server) == ["20260526"]
    assert len(texts(target)) == 4


def test_the_next_pull_of_a_product_without_posts_needs_no_beginning(
    target: Target, fake: Fake, line: Line
) -> None:
    pulled(target, fake, line, since=SINCE)
    import_sheet(target, [], origin=Origin("a.csv", "table", "店", {}))
    assert pulled(target, fake, line).name == "兔小巢 1234 2026-05-26"


@pytest.mark.parametrize("good", range(5))
def test_a_pull_broken_half_way_loses_nothing_though_comments_are_newer(
    good: int, target: Target, fake: Fake, line: Line
) -> None:
    server, _ = fake
    late = {"id": "99", "content": "我也是", "created_at": "2026-06-01 08:30:00"}
    server.posts = [POSTS[0] | {"comments": [late]}, POSTS[1], MIDDLE, *POSTS[2:]]
    server.per_page, server.faults = 1, [*[GOOD] * good, *[BROKEN] * 5]
    with pytest.raises(SourceError, match="已拉取的数据保留"):
        pulled(target, fake, line, since=SINCE)
    assert len(texts(target)) == (0, 0, 3, 4, 4)[good]
    pulled(target, fake, line)
    assert texts(target) == sorted([*(f"第{number}条" for number in range(1, 6)), "我也是"])
    with reading(target.engine) as session:
        made = [each.finished_at for each in imports.every(session, target.workspace, limit=9)]
    assert made.count(None) == 1
    assert made[0] == NOW


def test_a_post_that_two_weeks_hold_is_stored_once(target: Target, fake: Fake, line: Line) -> None:
    fake[0].posts, fake[0].last_day_too = [post(1, "2026-05-19 00:00:00")], True
    assert pulled(target, fake, line, since=SINCE).report == ImportReport(added=1, unchanged=1)


def test_the_first_pull_needs_a_beginning(target: Target, fake: Fake, line: Line) -> None:
    with pytest.raises(InputError, match="还没有拉取过，请用 --since"):
        pulled(target, fake, line)
    assert fake[0].asked == []


def test_a_wrong_key_stores_nothing_and_is_shown_nowhere(
    target: Target, fake: Fake, line: Line
) -> None:
    wrong = Account("1234", "falscher-key", fake[1].base)
    with pytest.raises(InputError) as refused:
        pull_posts(target, wrong, line, since=SINCE)
    assert stored(target) == []
    assert [row for row in every_row(target.engine) if "falscher-key" in row] == []
    assert "falscher-key" not in str(refused.value)


def test_unusable_posts_are_told_and_kept_masked(target: Target, fake: Fake, line: Line) -> None:
    blank: dict[str, Any] = post(5, "2026-05-30 09:00:00") | {
        "content": "",
        "nick_name": "电话13812345678",
    }
    fake[0].posts = [*POSTS, blank]
    told: list[tuple[str, Rejected]] = []

    def complain(source: str, rejected: Rejected) -> None:
        told.append((source, rejected))

    done = pull_posts(target, fake[1], line, since=SINCE, watch=Watch(complain=complain))
    assert done.report == ImportReport(added=4, rejected=1)
    ((source, rejected),) = told
    (kept,) = open_rejections(target)
    assert (kept.source, kept.raw) == (source, rejected.raw)
    assert [row for row in every_row(target.engine) if "13812345678" in row] == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({}, [], id="nothing set"),
        pytest.param({"FEEDBACK_TUXIAOCHAO_PRODUCT": "1234"}, [], id="no key"),
        pytest.param({"FEEDBACK_TUXIAOCHAO_KEY": "k"}, ["--since", "2026-05-12"], id="no product"),
    ],
)
def test_missing_settings_are_named(
    settings: Mapping[str, str],
    words: list[str],
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("FEEDBACK_TUXIAOCHAO_PRODUCT", "FEEDBACK_TUXIAOCHAO_KEY"):
        monkeypatch.delenv(name, raising=False)
    done = CliRunner().invoke(
        app, ["pull", "--db", desk.url, *words], env=settings, catch_exceptions=False
    )
    assert done.exit_code == 2
    assert "FEEDBACK_TUXIAOCHAO_PRODUCT 和 FEEDBACK_TUXIAOCHAO_KEY" in done.stderr
