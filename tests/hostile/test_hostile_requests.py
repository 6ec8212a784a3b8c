"""A thousand hostile requests: none brings the service down, none learns what is behind it."""

import gzip
import json
import random  # noqa: TID251 (seeded: the same thousand each time)
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest
from callers import with_key
from databases import migrated_copy
from fastapi.testclient import TestClient

from api.app import create_app
from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.notifiers.target_guard import Guard
from feedback_nlp.records import Intent, Labels, Polarity, Probabilities
from feedback_nlp.settings import Settings

REQUESTS: Final = 1_000
SEED: Final = 20_261_123
PROBLEM: Final = "application/problem+json"
LEAKS: Final = re.compile(
    r"Traceback|File \"|site-packages|/work/|/tmp/|\.py\b|SELECT |INSERT "
    r"|sqlite3|psycopg|sqlalchemy|pydantic|<class|0x[0-9a-f]{8}",
)
WORDS: Final = (
    "'; DROP TABLE reviews; --",
    "' OR '1'='1",
    '" UNION SELECT password FROM users --',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "${jndi:ldap://127.0.0.1/a}",
    "#{7*7}",
    "%s%s%s%n",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "=cmd|'/c calc'!A1",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\r\nSet-Cookie: x=1",
    "\u202e反",
    "\ud83d",
    "\udfff\ud800",
    "\ufeff",
    "é" * 300,
    "字" * 100_000,
    "",
    " ",
    "NaN",
    "-1",
    "1e999",
    "99999999999999999999",
    "null",
    "true",
    "2026-13-45",
    "0000-00-00T00:00:00Z",
)
VALUES: Final[tuple[object, ...]] = (
    None,
    True,
    -1,
    0,
    2**63,
    10**400,
    1e308,
    -0.0,
    [],
    {},
    [[]],
    {"$ne": None},
    {"__proto__": {}},
    {"text": {"text": "x"}},
    ["x"] * 2_000,
)
URLS: Final = (
    "http://127.0.0.1/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "https://user:pass@example.com/",
    "https://127。0。0。1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "https://rebind.example.com/",
    "https://example.com:22/",
)


@dataclass(frozen=True, slots=True)
class Silent:
    """A classifier that has no opinion."""

    version: str = "fake/2026-03-01"

    def label(self, clauses: Any) -> list[Labels]:  # noqa: ANN401 (any clauses)
        shares = Probabilities(0.2, 0.6, 0.2)
        one = Labels(
            polarity=Polarity.NEU,
            probabilities=shares,
            uncertain=True,
            topics=(),
            intent=Intent.OTHER,
            severity=0,
        )
        return [one for _ in clauses]

    def encode(self, clauses: Any) -> npt.NDArray[np.float32]:  # noqa: ANN401 (any clauses)
        return np.ones((len(clauses), 1), dtype=np.float32)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path = tmp_path_factory.mktemp("hostile") / "feedback.db"
    settings = Settings(database_url=migrated_copy(path), rate_per_minute=100_000, body_timeout_s=5)
    app = create_app(settings, classifier=Silent(), taxonomy=load_taxonomy())
    app.state.webhook_guard = Guard(resolve=lambda _host, _port: ["10.0.0.1"])
    with TestClient(app, raise_server_exceptions=False) as client:
        yield with_key(client)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str | bytes]
    content: bytes | None = None


Maker = Callable[[random.Random, str, str], Sent]
JSON_TYPE: Final = {"content-type": "application/json"}


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def filled(rng: random.Random, path: str) -> str:
    """Put something into the parameters of a path."""

    def value(_found: re.Match[str]) -> str:
        word = rng.choice(["1", "T-0001", "K-0001", "-1", *WORDS])[:2_000]
        raw = word.encode("utf-8", "surrogatepass")
        return "".join(f"%{byte:02X}" for byte in raw) or "%20"

    return re.sub(r"{[^}]*}", value, path)


def wrong_fields(rng: random.Random, method: str, path: str) -> Sent:
    names = ["reviews", "text", "author", "reason", "changes", "url", "events", "name", "title"]
    names += ["theme_ids", "expected_revision", "to", "value", "metric", "product", "password"]
    body = {name: rng.choice([*WORDS, *VALUES]) for name in rng.sample(names, 6)}
    return Sent(method, filled(rng, path), JSON_TYPE, dumped(body))


def wrong_reviews(rng: random.Random, _method: str, _path: str) -> Sent:
    fields = ["text", "id", "channel", "product", "version", "region", "author_id", "created_at"]
    review = {name: rng.choice([*WORDS, *VALUES]) for name in rng.sample(fields, 4)}
    review.setdefault("text", rng.choice(WORDS))
    return Sent("POST", "/v1/reviews", JSON_TYPE, dumped({"reviews": [review]}))


def wrong_query(rng: random.Random, _method: str, path: str) -> Sent:
    names = ["limit", "offset", "cursor", "q", "since", "until", "channel", "topic", "sort", "x"]
    parts = []
    for name in rng.sample(names, 4):
        raw = rng.choice(WORDS)[:3_000].encode("utf-8", "surrogatepass")
        parts.append(f"{name}=" + "".join(f"%{byte:02X}" for byte in raw))
    return Sent("GET", f"{filled(rng, path)}?{'&'.join(parts)}", {})


def broken_json(rng: random.Random, method: str, path: str) -> Sent:
    deep = rng.choice((100, 5_000, 100_000))
    bodies = (
        b"[" * deep,
        b'{"a":' * deep + b"1" + b"}" * deep,
        b"{" + b'"a":1,' * 2_000 + b'"a":2}',
        b"1" * 10_000,
        b'{"reviews": [NaN, Infinity]}',
        b"\xff\xfe\x00",
        b'{"reviews": "\xed\xa0\x80"}',
        b'{"reviews": [{"text": "\\ud800"}]}',
        b"",
        b"\x00" * 1_000,
        rng.randbytes(500),
    )
    kind = rng.choice(("application/json", "text/plain", "multipart/form-data", "", "a/b;" * 50))
    return Sent(method, filled(rng, path), {"content-type": kind}, rng.choice(bodies))


def packed(rng: random.Random, method: str, path: str) -> Sent:
    bodies = (BOMB, BOMB[:-20], gzip.compress(BOMB), b"no gzip", gzip.compress(b"{}"))
    coding = rng.choice(("gzip", "gzip", "gzip, gzip", "br", "deflate", "x" * 500))
    path = rng.choice((filled(rng, path), "/v1/reviews", "/v1/reviews:bulk"))
    return Sent(method, path, JSON_TYPE | {"content-encoding": coding}, rng.choice(bodies))


def announced(rng: random.Random, _method: str, _path: str) -> Sent:
    size = rng.choice(("99999999999", "9" * 5_000, "-1", "abc", "1e9"))
    return Sent("POST", "/v1/reviews", JSON_TYPE | {"content-length": size}, b"{}")


def odd_method(rng: random.Random, _method: str, path: str) -> Sent:
    method = rng.choice(("TRACE", "CONNECT", "PROPFIND", "QUERY", "get", "X" * 200, "HEAD"))
    return Sent(method, filled(rng, path), {})


def odd_headers(rng: random.Random, method: str, path: str) -> Sent:
    names: tuple[str, ...] = (
        "x-request-id",
        "if-match",
        "if-none-match",
        "idempotency-key",
        "accept",
        "cookie",
    )
    names += ("accept-encoding", "x-forwarded-for", "origin", "range", "host", "x-api-key")
    told = (b"a" * 60_000, b"\xff\xfe", b'"' * 999, b"*", b"../..", b"'; DROP TABLE x; --", b"")
    headers = {name: rng.choice(told) for name in rng.sample(names, 3)}
    return Sent(method, filled(rng, path), {**JSON_TYPE, **headers}, b"{}")


def inside(rng: random.Random, _method: str, _path: str) -> Sent:
    body = {"url": rng.choice((*URLS, *WORDS)), "events": []}
    return Sent("POST", "/v1/webhooks", JSON_TYPE, dumped(body))


def huge(rng: random.Random, _method: str, _path: str) -> Sent:
    size = rng.choice((1_000_000, 20_000_001))
    return Sent("POST", "/v1/reviews", JSON_TYPE, b'{"reviews": "' + b"x" * size)


MAKERS: Final[tuple[tuple[Maker, int], ...]] = (
    (wrong_fields, 30),
    (wrong_reviews, 15),
    (wrong_query, 25),
    (broken_json, 20),
    (packed, 5),
    (announced, 3),
    (odd_method, 5),
    (odd_headers, 10),
    (inside, 8),
    (huge, 1),
)
"""Each with how often it comes."""
BOMB: Final = gzip.compress(b" " * 60_000_000, compresslevel=9)


def sent(client: TestClient) -> Iterator[Sent]:
    """Make the same thousand requests each time."""
    rng = random.Random(SEED)  # noqa: S311 (the same each time)
    paths = client.app.openapi()["paths"].items()  # type: ignore[attr-defined] # a FastAPI
    routes = [(method.upper(), path) for path, item in paths for method in item]
    routes = [route for route in routes if "/session" not in route[1]]
    makers, weights = zip(*MAKERS, strict=True)
    for _ in range(REQUESTS):
        maker: Maker = rng.choices(makers, weights)[0]
        yield maker(rng, *rng.choice(routes))


def wrong_with(client: TestClient, each: Sent) -> str | None:
    """Send one request and say what is wrong with its answer."""
    raw = {_raw(name): _raw(value) for name, value in each.headers.items()}
    answer = client.request(each.method, each.path, headers=raw, content=each.content)
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.status_code >= 400 and each.method != "HEAD":
        if answer.headers.get("content-type") != PROBLEM:
            return f"{answer.status_code} as {answer.headers.get('content-type')}"
        leak = LEAKS.search(re.sub(r"没有这个路径.*?\"", '"', answer.text))
        if leak and leak[0] not in _said(each):
            return f"leaks {leak[0]}"
    return None


def _raw(told: str | bytes) -> bytes:
    return told.encode() if isinstance(told, str) else told


def _said(each: Sent) -> str:
    told = f"{each.path} {(each.content or b'').decode('utf-8', 'replace')}"
    return told + "".join(WORDS)


def test_a_thousand_hostile_requests_are_refused_and_the_service_lives(client: TestClient) -> None:
    found = [
        f"{each.method} {each.path[:100]} {(each.content or b'')[:100]!r}: {wrong}"
        for each in sent(client)
        if (wrong := wrong_with(client, each))
    ]
    assert found == []
    assert client.get("/readyz").json() == {"status": "ok"}
    assert client.get("/v1/webhooks").json() == {"items": []}
    assert client.post("/v1/reviews", json={"reviews": [{"text": "好"}]}).status_code == 200
