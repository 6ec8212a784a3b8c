"""Keys, sessions, roles, limits, the audit log and the start page."""

import base64
import gzip
import json
from datetime import timedelta

import pytest
from callers import AT, new_key, setup_of
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update

from api.dependencies import read_clock
from api.rates import Rates
from api.refusals import Refusal
from feedback_nlp.records import Role, Signature
from feedback_nlp.storage import tables
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.log_in import open_door
from feedback_nlp.workflows.manage_users import UserWish, put_user

PASSWORD = "正确的马电池订书钉 1"  # noqa: S105 (of a test)
NAME = {"name": "小王", "password": PASSWORD}


@pytest.fixture
def browser(app: FastAPI, client: TestClient) -> TestClient:
    """A second client of the running application, without a credential."""
    other = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    other.app_state.update(client.app_state)
    return other


@pytest.fixture
def member(client: TestClient) -> None:
    setup = setup_of(client)
    wish = UserWish("小王", Role.ANALYST, password=PASSWORD)
    with transaction(setup.engine) as session:
        put_user(session, setup.workspace, wish, Signature("test", AT))


def test_a_key_is_shown_once_works_and_stops_when_revoked(
    client: TestClient, browser: TestClient
) -> None:
    made = client.post("/v1/keys", json={"name": "客服系统", "role": "viewer"})
    secret = made.json()["secret"]
    assert made.status_code == 201
    assert secret.startswith("fb_")
    assert secret not in client.get("/v1/keys").text
    for header in ({"Authorization": f"Bearer {secret}"}, {"X-API-Key": secret}):
        me = browser.get("/v1/session", headers=header).json()
        assert (me["name"], me["role"], me["credential"]) == ("客服系统", "viewer", "key 2")
    assert client.get("/v1/keys").json()["keys"][1]["used_at"]
    assert client.delete("/v1/keys/2").json()["revoked_by"] == "test admin"
    gone = browser.get("/v1/session", headers={"X-API-Key": secret})
    assert (gone.status_code, gone.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert client.delete("/v1/keys/2").status_code == 409
    assert client.delete("/v1/keys/9").status_code == 404


def test_an_expired_key_is_refused(client: TestClient, browser: TestClient) -> None:
    secret = new_key(client)
    with transaction(setup_of(client).engine) as session:
        past = AT
        keys = tables.api_keys
        session.execute(update(keys).where(keys.c.id == 2).values(expires_at=past))
    assert browser.get("/v1/themes", headers={"X-API-Key": secret}).status_code == 401


def test_a_secret_is_kept_nowhere(client: TestClient, database: Engine) -> None:
    body = {"name": "脚本", "role": "viewer"}
    made = client.post("/v1/keys", json=body, headers={"Idempotency-Key": "k1"})
    with database.connect() as connection:
        kept = [
            str(connection.execute(table.select()).all()) for table in tables.metadata.sorted_tables
        ]
    assert made.status_code == 201
    assert not any(made.json()["secret"] in rows for rows in kept)


def test_a_role_that_is_too_small_is_named(client: TestClient, browser: TestClient) -> None:
    header = {"X-API-Key": new_key(client, Role.ANALYST)}
    answer = browser.get("/v1/audit", headers=header)
    assert answer.status_code == 403
    assert "管理员 admin" in answer.json()["detail"]


@pytest.mark.usefixtures("member")
def test_a_session_begins_with_a_password_and_follows_the_account(
    client: TestClient, browser: TestClient
) -> None:
    assert browser.get("/v1/session").status_code == 401
    begun = browser.post("/v1/session", json=NAME)
    cookie = begun.headers["Set-Cookie"]
    assert begun.json()["credential"] == "session"
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert "Secure" not in cookie
    assert browser.get("/v1/session").json()["role"] == "analyst"
    client.put("/v1/users/小王", json={"role": "viewer"})
    assert browser.get("/v1/session").json()["role"] == "viewer"
    client.put("/v1/users/小王", json={"active": False})
    assert browser.get("/v1/session").status_code == 401
    assert browser.post("/v1/session", json=NAME).status_code == 401


@pytest.mark.usefixtures("member")
def test_a_new_password_ends_sessions_and_log_out_ends_one(
    client: TestClient, browser: TestClient
) -> None:
    token = browser.post("/v1/session", json=NAME).cookies["fb_session"]
    assert browser.delete("/v1/session").status_code == 204
    assert browser.get("/v1/session", headers={"Cookie": f"fb_session={token}"}).status_code == 401
    browser.post("/v1/session", json=NAME)
    client.put("/v1/users/小王", json={"password": "又一个够长的密码 12"})
    assert browser.get("/v1/session").status_code == 401
    assert client.put("/v1/users/小张", json={"role": "viewer"}).status_code == 422
    assert client.put("/v1/users/小王", json={"password": "short"}).status_code == 422
    assert [user["name"] for user in client.get("/v1/users").json()["users"]] == ["小王"]


@pytest.mark.usefixtures("member")
def test_a_wrong_name_and_a_wrong_password_look_alike_and_are_limited(browser: TestClient) -> None:
    wrong = [NAME | {"name": "小明"}, NAME | {"password": "不对不对不对不对"}]
    wrong.append(NAME | {"workspace": "elsewhere"})
    answers = [browser.post("/v1/session", json=each).json() for each in wrong]
    assert {answer["detail"] for answer in answers} == {"用户名或密码不对"}
    codes = [browser.post("/v1/session", json=NAME | {"name": "无"}) for _ in range(11)]
    assert [answer.status_code for answer in codes] == [401] * 10 + [429]
    assert int(codes[-1].headers["Retry-After"]) > 200


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="no browser"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 200, id="our own page"),
        pytest.param({"Origin": "http://testserver"}, 200, id="our own origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a neighbour"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="another origin"),
        pytest.param({"Origin": "null"}, 403, id="a sandbox"),
        pytest.param({"Origin": "http://[::1"}, 403, id="no address"),
    ],
)
def test_writes_of_other_sites_with_our_cookie_are_refused(
    browser: TestClient, headers: dict[str, str], status: int
) -> None:
    browser.post("/v1/session", json=NAME)
    body = {"reviews": [{"text": "物流太慢"}]}
    assert browser.post("/v1/reviews", json=body, headers=headers).status_code == status
    assert browser.get("/v1/themes", headers=headers).status_code == 200


def test_a_key_has_its_own_rate(client: TestClient, browser: TestClient) -> None:
    header = {"X-API-Key": new_key(client, Role.VIEWER, per_minute=2)}
    answers = [browser.get("/v1/session", headers=header) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert client.get("/v1/session").status_code == 200


def test_every_write_is_noted_with_its_route(client: TestClient, planned: dict[str, str]) -> None:
    signed = {"author": "小李", "reason": "测试"}
    client.put("/v1/competitors/别家", json=signed)
    client.put(f"/v1/themes/{planned['best']}/votes", json={"author": "小李", "novelty": 0.5})
    client.post("/v1/keys", json={"name": "脚本", "role": "viewer"})
    client.post("/v1/keys", json={"name": "", "role": "viewer"})
    entries = client.get("/v1/audit").json()["entries"]
    assert [entry["number"] for entry in entries] == list(range(len(entries), 0, -1))
    assert entries[0]["action"] == "POST /v1/keys"
    noted = {entry["action"]: entry for entry in entries}
    assert len(noted) == len(entries)
    mark = noted["PUT /v1/competitors/{product}"]
    assert (mark["actor"], mark["credential"], mark["role"]) == ("test admin", "key 1", "admin")
    assert mark["subject"] == {"product": "别家"}
    assert all(entry["request_id"] for entry in entries)


def test_the_audit_log_is_filtered_and_paged(client: TestClient) -> None:
    for name in ("甲", "乙", "丙"):
        client.post("/v1/keys", json={"name": name, "role": "viewer"})
    client.delete("/v1/keys/2")
    first = client.get("/v1/audit", params={"limit": 2, "action": "POST /v1/keys"}).json()
    rest = {"limit": 2, "action": "POST /v1/keys", "cursor": first["next_cursor"]}
    second = client.get("/v1/audit", params=rest).json()
    assert [entry["number"] for entry in (*first["entries"], *second["entries"])] == [3, 2, 1]
    assert second["next_cursor"] is None
    assert client.get("/v1/audit", params={"actor": "别人"}).json()["entries"] == []
    later = {"since": "2999-01-01"}
    assert client.get("/v1/audit", params=later).json()["entries"] == []


@pytest.mark.usefixtures("member")
def test_the_page_logs_in_and_out_without_scripts(browser: TestClient) -> None:
    page = browser.get("/")
    assert "密码" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    wrong = browser.post("/login", data=NAME | {"password": "<b>错</b>" * 3})
    assert (wrong.status_code, "用户名或密码不对" in wrong.text) == (401, True)
    inside = browser.post("/login", data=NAME)
    assert (inside.status_code, inside.headers["Location"]) == (303, "/")
    assert "小王" in browser.get("/").text
    assert browser.post("/logout", headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.post("/logout").status_code == 303
    assert "小王" not in browser.get("/").text
    assert browser.post("/logout").status_code == 303
    assert browser.get("/", headers={"Cookie": "fb_session=x"}).status_code == 200
    assert browser.get("/start.css").headers["content-type"].startswith("text/css")


def test_a_link_opens_once(client: TestClient, browser: TestClient) -> None:
    setup = setup_of(client)
    now = read_clock()
    assert open_door(setup.engine, setup.workspace, local=True, now=now) is None
    token = open_door(setup.engine, "new", local=True, now=now)
    late = open_door(setup.engine, "late", local=True, now=now - timedelta(minutes=16))
    assert token is not None
    assert late is not None
    assert browser.get(f"/login?token={late.text}").status_code == 401
    assert browser.get(f"/login?token={token.text}").headers["Location"] == "/"
    assert browser.get("/v1/session").json() | {"expires_at": None} == {
        "name": "本机管理员",
        "role": "admin",
        "workspace": "new",
        "credential": "link",
        "expires_at": None,
    }
    assert "user add" in browser.get("/").text
    assert browser.get(f"/login?token={token.text}").status_code == 401
    assert browser.get("/login").status_code == 303


def test_secure_headers_stand_on_every_answer(client: TestClient, browser: TestClient) -> None:
    for answer in (client.get("/v1/themes"), browser.get("/v1/themes"), browser.get("/nothing")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" not in answer.headers
    assert client.get("/v1/themes").headers["Cache-Control"] == "no-store"
    safe = TestClient(client.app, base_url="https://testserver")
    assert "Strict-Transport-Security" in safe.get("/start.css").headers


def test_strangers_are_refused_before_their_body_is_read(browser: TestClient) -> None:
    assert browser.post("/v1/reviews", content=b"{" * 100).status_code == 401


def test_a_stranger_cannot_make_us_unpack_or_parse_much(client: TestClient) -> None:
    many = json.dumps({"name": "张三", "password": "x" * 20_000}).encode()
    form = "application/x-www-form-urlencoded"
    for path, kind in (("/v1/session", "application/json"), ("/login", form)):
        plain = {"Content-Type": kind}
        assert client.post(path, content=many, headers=plain).status_code == 413
        packed = plain | {"Content-Encoding": "gzip"}
        assert client.post(path, content=gzip.compress(many), headers=packed).status_code == 415


def test_strangers_do_not_lock_a_name_out() -> None:
    rates = Rates(100)
    for _ in range(10):
        rates.count_login("default", "小李", "2001:db8::1")
    with pytest.raises(Refusal):
        rates.count_login("default", "小李", "2001:db8::2")  # the same network
    rates.count_login("default", "小李", "192.0.2.7")


def test_days_at_the_edge_of_the_calendar_are_no_fault_of_ours(client: TestClient) -> None:
    assert client.get("/v1/audit", params={"since": "0001-01-01"}).status_code == 200
    for late in ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"):
        wish = {"name": "客服系统", "role": "viewer", "expires_at": late}
        assert client.post("/v1/keys", json=wish).status_code == 422
    told = b'["reviews.newest","0001-01-01T00:00:00+14:00","x"]'
    cursor = base64.urlsafe_b64encode(told).decode().rstrip("=")
    assert client.get("/v1/reviews", params={"cursor": cursor}).status_code == 422


def test_the_first_account_ends_the_session_of_the_link(
    client: TestClient, browser: TestClient, database: Engine
) -> None:
    with transaction(database) as session:
        session.execute(update(tables.api_keys).values(revoked_by="test", revoked_at=AT))
    setup = setup_of(client)
    token = open_door(setup.engine, setup.workspace, local=True, now=read_clock())
    assert token is not None
    assert browser.get("/login", params={"token": token.text}).status_code == 303
    assert browser.get("/v1/session").status_code == 200
    with transaction(setup.engine) as session:
        wish = UserWish("小李", Role.ADMIN, password=PASSWORD)
        put_user(session, setup.workspace, wish, Signature("管理员", AT), new=True)
    assert browser.get("/v1/session").status_code == 401


def test_a_prefix_of_a_proxy_changes_nothing(app: FastAPI, client: TestClient) -> None:
    behind = TestClient(app, root_path="/fb", headers=dict(client.headers))
    behind.app_state.update(client.app_state)
    table = gzip.compress("text\n物流太慢了\n".encode())
    packed = {"Content-Encoding": "gzip", "Content-Type": "text/csv"}
    url = "/fb/v1/reviews:bulk?channel=shop"
    assert behind.post(url, content=table, headers=packed).status_code == 202
    assert behind.get("/fb/v1/session").headers["Cache-Control"] == "no-store"
