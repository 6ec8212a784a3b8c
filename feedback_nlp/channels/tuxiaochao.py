"""兔小巢 (Tencent TXC): pulls the posts of one product from its documented API.

Source: 用户反馈数据 API, https://txc.qq.com/helper/usrFetchAPIGuide: `GET /api/v1/{product}/posts`
with the headers `Timestamp` (ten digits) and `Signature` = md5(timestamp + private key), fresh for
each request; `count` posts a page; `from` and `to` as 20180123, the later one exclusive; the next
page is `pagination.next_page_url`, newest posts first.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import httpx2

from feedback_nlp.errors import InputError, SourceError
from feedback_nlp.intake.posts import Json, read_post
from feedback_nlp.intake.retries import Pause, answer_of
from feedback_nlp.records import Rejected, Review

DEFAULT_CHANNEL: Final = "兔小巢"
BASE: Final = "https://txc.qq.com"
WINDOW_DAYS: Final = 7
PAGE: Final = 100
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MAX_PAGES: Final = 10_000
"""Of one window; more means that the paging never ends."""


@dataclass(frozen=True, slots=True)
class Account:
    """Which product to pull and the key to sign with; both from its settings at 兔小巢."""

    product_id: str
    key: str = field(repr=False)
    base: str = BASE


@dataclass(frozen=True, slots=True)
class Week:
    """The days from `begin` to before `end`, in China; at most seven."""

    begin: date
    end: date


@dataclass(frozen=True, slots=True)
class Line:
    """The way out: all that is not the same in a test."""

    client: httpx2.Client
    clock: Callable[[], datetime]
    """The present moment, zoned: signatures expire."""
    wait: Pause
    """Sleeps for a number of seconds."""


def weeks(since: date, last: date) -> Iterator[Week]:
    """Cut the days from `since` to `last`, both inclusive, into weeks, oldest first."""
    while since <= last:
        end = min(since + timedelta(days=WINDOW_DAYS), last + timedelta(days=1))
        yield Week(since, end)
        since = end


def pull(
    account: Account, week: Week, *, line: Line, channel: str = DEFAULT_CHANNEL
) -> Iterator[Review | Rejected]:
    """Yield the posts of one week and their comments, oldest post first, unusable as `Rejected`.

    The whole week is fetched before any of its posts is given. A comment may be newer than the
    week, so no time of a review tells how far a broken pull came: go on with the week that broke;
    permanent ids make what it repeats harmless. `line` in `Rejected` is the place in the week.

    Raises:
        InputError: the key, the product or the clock is wrong.
        SourceError: 兔小巢 cannot be reached or answers what nobody can read; try later.
    """
    known: set[str] = set()
    posts = list(_posts(account, line, week.begin, week.end))
    for place, post in enumerate(sorted(posts, key=_age), start=1):
        for found in read_post(post, place, now=line.clock(), channel=channel):
            if isinstance(found, Rejected) or found.id not in known:
                yield found
            if isinstance(found, Review):
                known.add(found.id)


def sign(timestamp: str, key: str) -> str:
    """Return the signature that 兔小巢 asks for; nothing of ours relies on MD5."""
    return hashlib.md5(f"{timestamp}{key}".encode(), usedforsecurity=False).hexdigest()


def _age(post: Json) -> tuple[str, str]:
    return str(post.get("created_at", "")), str(post.get("id", ""))


def _posts(account: Account, line: Line, day: date, end: date) -> Iterator[Json]:
    """Yield the posts of the days before `end`, as 兔小巢 orders them."""
    path = f"/api/v1/{account.product_id}/posts"
    window = {"from": f"{day:%Y%m%d}", "to": f"{end:%Y%m%d}", "count": str(PAGE)}
    asked: dict[str, str] = {}
    for _ in range(MAX_PAGES):
        body = _page(account, line, path, {**asked, **window})
        posts = body.get("data")
        if not isinstance(posts, list):
            raise SourceError("兔小巢的回答里没有 data 列表，可能接口已改版；请稍后再试")
        yield from (post if isinstance(post, dict) else {"content": post} for post in posts)
        following = _next_page(body, path)
        if not posts or following is None or all(_is_before(post, day) for post in posts):
            return
        if following == asked:
            break
        asked = following
    raise SourceError("兔小巢的翻页没有尽头（next_page_url 不再前进），请稍后再试")


def _is_before(post: object, day: date) -> bool:
    """Say whether a post is older than the window: some servers forget `from` on later pages."""
    written = str(post.get("created_at")) if isinstance(post, dict) else ""
    return bool(_DAY.match(written)) and written[:10] < day.isoformat()


def _next_page(body: Json, path: str) -> dict[str, str] | None:
    """Return what the next page is asked by, or None after the last one.

    Only the query is taken, so that no answer can send the signature elsewhere.
    """
    pagination = body.get("pagination")
    url = pagination.get("next_page_url") if isinstance(pagination, dict) else None
    if not isinstance(url, str) or not url:
        return None
    parts = urlsplit(url)
    if parts.path not in {"", path}:
        raise SourceError(f"兔小巢的下一页指向别处（{parts.path}），可能接口已改版")
    return dict(parse_qsl(parts.query))


def _page(account: Account, line: Line, path: str, query: dict[str, str]) -> Json:
    def ask() -> httpx2.Response:
        timestamp = str(int(line.clock().timestamp()))
        return line.client.get(
            account.base.rstrip("/") + path,
            params=query,
            headers={"Timestamp": timestamp, "Signature": sign(timestamp, account.key)},
        )

    body = answer_of(ask, wait=line.wait, who="兔小巢")
    if body.get("status") not in {0, None, "0"}:
        raise InputError(
            f"兔小巢拒绝了请求：{body.get('message') or body['status']}；"
            "请核对产品 ID、密钥，以及本机时间是否准确"
        )
    return body
