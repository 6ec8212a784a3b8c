"""Against a fake server on this machine that signs, pages, limits and breaks as 兔小巢 would."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta

import httpx2
import pytest
from builders import NOW, shanghai
from channels.fake_tuxiaochao import KEY, Answer, Fake, post, serving

from feedback_nlp.channels import tuxiaochao
from feedback_nlp.channels.tuxiaochao import Account, Line, Week, pull, weeks
from feedback_nlp.errors import InputError, SourceError
from feedback_nlp.records import Rejected, Review

Way = tuple[Line, list[float]]


@pytest.fixture
def server() -> Iterator[Fake]:
    with serving() as fake:
        yield fake


@pytest.fixture
def line() -> Iterator[Way]:
    waited: list[float] = []
    with ExitStack() as stack:
        client = stack.enter_context(httpx2.Client(timeout=5, trust_env=False))
        yield Line(client, lambda: NOW, waited.append), waited


def texts(rows: list[Review | Rejected]) -> list[str]:
    return [row.text for row in rows if isinstance(row, Review)]


def everything(account: Account, since: datetime, line: Line) -> list[Review | Rejected]:
    days = weeks(since.date(), NOW.date())
    return [row for week in days for row in pull(account, week, line=line)]


SINCE = NOW - timedelta(days=20)
POSTS = [
    post(1, "2026-05-13 10:00:00"),
    post(2, "2026-05-14 10:00:00"),
    post(3, "2026-05-14 11:00:00"),
    post(4, "2026-05-29 09:00:00"),
    post(5, "2026-05-30 09:00:00"),
    post(6, "2026-06-01 08:00:00"),
]


def test_pages_and_weeks_come_oldest_first(server: Fake, line: Way) -> None:
    state, account = server
    state.posts = [post(0, "2026-05-01 10:00:00"), *POSTS]
    rows = everything(account, SINCE, line[0])
    assert texts(rows) == [f"第{number}条" for number in range(1, 7)]
    assert all("count=100" in path and "from=2026" in path for path in state.asked)
    assert line[1] == []


def test_weeks_leave_no_day_out_and_end_after_the_last() -> None:
    assert list(weeks(date(2026, 5, 12), date(2026, 5, 19))) == [
        Week(date(2026, 5, 12), date(2026, 5, 19)),
        Week(date(2026, 5, 19), date(2026, 5, 20)),
    ]
    assert list(weeks(date(2026, 5, 12), date(2026, 5, 11))) == []


def test_post_that_two_pages_hold_comes_once(server: Fake, line: Way) -> None:
    state, account = server
    state.posts = [post(1, "2026-06-01 08:00:00")] * 2
    assert texts(everything(account, NOW, line[0])) == ["第1条"]


def test_pull_again_gives_the_same_ids(server: Fake, line: Way) -> None:
    state, account = server
    state.posts = POSTS
    first = everything(account, SINCE, line[0])
    assert everything(account, SINCE, line[0]) == first


def test_week_that_breaks_gives_nothing(server: Fake, line: Way) -> None:
    state, account = server
    state.posts = [post(number, "2026-06-01 08:00:00") for number in range(1, 6)]
    state.faults = [(0, {}, b""), *[(500, {}, b"")] * 5]
    given: list[Review | Rejected] = []
    with pytest.raises(
        SourceError, match="兔小巢出了故障（HTTP 500），试了 5 次；已拉取的数据保留"
    ):
        given.extend(pull(account, Week(NOW.date(), date(2026, 6, 2)), line=line[0]))
    assert given == []
    assert line[1] == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        pytest.param((429, {"Retry-After": "7"}, b""), 7.0, id="told how long to wait"),
        pytest.param((429, {"Retry-After": "9999"}, b""), 60.0, id="at most a minute"),
        pytest.param((503, {}, b""), 1.0, id="server at fault"),
        pytest.param((200, {}, b"<html>"), 1.0, id="not JSON"),
        pytest.param((200, {}, b"[]"), 1.0, id="not an object"),
        pytest.param((200, {"Content-Length": "99"}, b"{"), 1.0, id="cut off"),
    ],
)
def test_passing_fault_is_waited_out(server: Fake, line: Way, fault: Answer, pause: float) -> None:
    state, account = server
    state.posts, state.faults = POSTS[-1:], [fault]
    assert texts(everything(account, NOW, line[0])) == ["第6条"]
    assert line[1] == [pause]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_refusal_is_not_repeated(server: Fake, line: Way, status: int) -> None:
    state, account = server
    state.faults = [(status, {}, b"")]
    with pytest.raises(InputError, match=f"兔小巢拒绝了请求（HTTP {status}）；请核对产品 ID、密钥"):
        everything(account, NOW, line[0])
    assert len(state.asked) == 1


def test_wrong_key_is_refused_and_shown_nowhere(server: Fake, line: Way) -> None:
    _, account = server
    wrong = Account("1234", "another-key", account.base)
    with pytest.raises(InputError) as caught:
        everything(wrong, NOW, line[0])
    assert "another-key" not in f"{caught.value}{wrong!r}"


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ({"status": -1, "message": "签名错误"}, InputError, "兔小巢拒绝了请求：签名错误"),
        ({"status": 0}, SourceError, "没有 data 列表"),
        (
            {"data": [POSTS[0]], "pagination": {"next_page_url": "https://evil.cn/steal?max_id=1"}},
            SourceError,
            "下一页指向别处（/steal）",
        ),
    ],
)
def test_answer_nobody_can_read_is_an_error(
    server: Fake, line: Way, body: object, kind: type[Exception], message: str
) -> None:
    state, account = server
    state.faults = [(200, {}, json.dumps(body).encode())]
    with pytest.raises(kind, match=message):
        everything(account, shanghai(2026, 5, 12), line[0])


def test_paging_that_goes_in_circles_ends(server: Fake, line: Way) -> None:
    state, account = server
    page = {"data": [POSTS[-1]], "pagination": {"next_page_url": "/api/v1/1234/posts?max_id=1"}}
    state.faults = [(200, {}, json.dumps(page).encode())] * 3
    with pytest.raises(SourceError, match="翻页没有尽头"):
        everything(account, NOW, line[0])
    assert len(state.asked) == 2


def test_pages_before_the_window_are_not_walked(server: Fake, line: Way) -> None:
    state, account = server
    state.posts = [post(number, "2026-01-01 10:00:00") for number in range(100, 180)]
    state.posts += [post(number, "2026-06-01 08:00:00") for number in range(900, 903)]
    state.forgets_window = True
    rows = everything(account, NOW, line[0])
    assert {"第900条", "第901条", "第902条"} <= set(texts(rows))
    assert len(state.asked) == 3


def test_redirect_is_an_error(server: Fake, line: Way) -> None:
    state, account = server
    state.faults = [(302, {"Location": "https://evil.cn/"}, b"")]
    with pytest.raises(SourceError, match="HTTP 302"):
        everything(account, NOW, line[0])


def test_server_that_is_gone_is_an_error(line: Way) -> None:
    with pytest.raises(SourceError, match="兔小巢连不上（ConnectError），试了 5 次"):
        everything(Account("1", KEY, "http://127.0.0.1:9"), NOW, line[0])


def test_server_that_does_not_answer_is_an_error() -> None:
    def never(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("slow", request=request)

    waited: list[float] = []
    with httpx2.Client(transport=httpx2.MockTransport(never)) as client:
        slow = Line(client, lambda: NOW, waited.append)
        with pytest.raises(SourceError, match="兔小巢没有按时回答"):
            everything(Account("1", KEY), NOW, slow)


def test_posts_may_be_anything(server: Fake, line: Way) -> None:
    state, account = server
    body = {"data": ["直接一句话", {"content": {"a": 1}}, 7], "pagination": None}
    state.faults = [(200, {}, json.dumps(body).encode())]
    rows = everything(account, NOW, line[0])
    assert sorted(texts(rows)) == ["7", "直接一句话"]


def test_signature_is_the_documented_one() -> None:
    assert tuxiaochao.sign("1539854769", KEY) == "ad22dba05d9cdf7876a15ecf58861d1c"
