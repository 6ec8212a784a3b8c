"""Posting reviews: what is stored, what is answered, and what one bad review does to the others."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from builders import NOW
from databases import every_row
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from feedback_nlp.ports import Classifier
from feedback_nlp.storage import annotations, reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.workflows.erase_person import erase_person
from feedback_nlp.workflows.export_person import identify
from feedback_nlp.workflows.score_pending import score_pending

PLAIN = {"text": "客服很好，但是物流太慢了"}
FULL = {
    "id": "A-17",
    "text": "更新以后一直闪退 😭",
    "channel": "app_store",
    "kind": "post",
    "created_at": "2026-03-01 14:05",
    "product": "到家买菜",
    "version": "3.2.0",
    "region": "广东",
    "author_id": "U1",
    "author_tier": "A",
    "rating": 1,
    "nps": 0,
    "likes": 12,
}


def post(client: TestClient, *entries: object) -> dict[str, Any]:
    answer = client.post("/v1/reviews", json={"reviews": list(entries)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def statuses(answer: dict[str, Any]) -> list[str]:
    return [result["status"] for result in answer["results"]]


def test_review_is_scored_at_once_in_the_shape_of_analyze(client: TestClient) -> None:
    (result,) = post(client, PLAIN)["results"]
    assert list(result) == [
        "id",
        "text",
        "polarity",
        "probabilities",
        "uncertain",
        "opinions",
        "quarantine",
        "model",
        "error",
        "external_id",
        "channel",
        "status",
    ]
    assert result["id"].startswith("R-")
    assert (result["channel"], result["external_id"], result["error"]) == ("api", None, None)
    assert {opinion["polarity"] for opinion in result["opinions"]} == {"pos", "neg"}
    for opinion in result["opinions"]:
        assert PLAIN["text"][opinion["start"] : opinion["end"]] == opinion["text"]


def test_every_field_comes_back_from_the_database(client: TestClient) -> None:
    (result,) = post(client, FULL)["results"]
    stored = client.get(f"/v1/reviews/{result['id']}").json()
    annotation = stored.pop("annotation")
    assert stored == FULL | {
        "id": result["id"],
        "external_id": "A-17",
        "created_at": "2026-03-01T14:05:00+08:00",
        "masked": [],
        "csat": None,
        "replies": [],
        "resolved_at": None,
        "usage": None,
        "extras": {},
    }
    assert annotation == {name: result[name] for name in annotation}


def test_results_keep_the_order_of_the_request(client: TestClient) -> None:
    texts = [f"第{n}次了，还是慢" for n in range(100)]
    answer = post(client, *({"text": text} for text in texts))
    assert [result["text"] for result in answer["results"]] == texts
    assert answer["counts"] == {"added": 100, "revised": 0, "unchanged": 0, "rejected": 0}


def test_posting_twice_changes_nothing(client: TestClient, database: Engine) -> None:
    first = post(client, PLAIN, FULL)
    with reading(database) as session:
        before = list(reviews.every(session, "default"))
    second = post(client, PLAIN, FULL)
    with reading(database) as session:
        assert list(reviews.every(session, "default")) == before
    assert statuses(second) == ["unchanged", "unchanged"]
    strip = {"status": None}
    assert [each | strip for each in first["results"]] == [
        each | strip for each in second["results"]
    ]


def test_same_id_with_a_new_text_is_a_revision_that_is_scored_again(
    client: TestClient, database: Engine
) -> None:
    post(client, FULL)
    (result,) = post(client, FULL | {"text": "修好了，很好"})["results"]
    assert (result["status"], result["polarity"]) == ("revised", "pos")
    assert client.get(f"/v1/reviews/{result['id']}").json()["annotation"]["polarity"] == "pos"
    with reading(database) as session:
        kept = reviews.revisions(session, "default", result["id"])
    assert [review.text for review in kept] == [FULL["text"]]


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        pytest.param(("太慢", "很好"), "pos", id="the last text counts"),
        pytest.param(("太慢", "很好", "太慢"), "neg", id="back to the first"),
    ],
)
@pytest.mark.parametrize("before", [None, "太慢", "很好"])
def test_same_id_twice_in_one_request(
    texts: tuple[str, ...], kept: str, before: str | None, client: TestClient
) -> None:
    if before is not None:
        post(client, {"id": "1", "text": before})
    answer = post(client, *({"id": "1", "text": text} for text in texts))
    (review_id,) = {result["id"] for result in answer["results"]}
    assert [result["text"] for result in answer["results"]] == list(texts)
    assert client.get(f"/v1/reviews/{review_id}").json()["annotation"]["polarity"] == kept


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param({"id": "1"}, {"id": "1"}, True, id="same id"),
        pytest.param({"id": "1"}, {"id": " 1 "}, True, id="blanks around an id do not count"),
        pytest.param({"id": "1"}, {"id": "2"}, False, id="another id"),
        pytest.param({"id": "1"}, {"id": "1", "channel": "web"}, False, id="another channel"),
        pytest.param({}, {}, True, id="same content without an id"),
        pytest.param({}, {"id": ""}, True, id="empty id is no id"),
        pytest.param({}, {"rating": 3}, False, id="another rating"),
        pytest.param({}, {"likes": 0}, True, id="a default that is written out"),
        pytest.param({}, {"product": None}, True, id="null is not given"),
        pytest.param({"rating": 3}, {"rating": 3.0}, True, id="3 and 3.0"),
        pytest.param(
            {"created_at": "2026-03-01 08:00"},
            {"created_at": "2026-03-01T00:00:00Z"},
            True,
            id="the same moment in another zone",
        ),
    ],
)
def test_identity(
    one: dict[str, object], other: dict[str, object], *, same: bool, client: TestClient
) -> None:
    first, second = (
        post(client, {"text": "一般"} | each)["results"][0]["id"] for each in (one, other)
    )
    assert (first == second) is same


def test_equal_reviews_without_id_in_one_request_stay_distinct(client: TestClient) -> None:
    first, again = (post(client, PLAIN, PLAIN, PLAIN) for _ in range(2))
    ids = [result["id"] for result in first["results"]]
    assert len(set(ids)) == 3
    assert [result["id"] for result in again["results"]] == ids
    assert statuses(again) == ["unchanged"] * 3


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        pytest.param({"text": ""}, "text: 至少 1 个字符", id="empty"),
        pytest.param({"text": " \n\u3000"}, "text: 正文为空", id="blank"),
        pytest.param({"text": "好\0坏"}, "text: 含 NUL 字符，请删除", id="NUL"),
        pytest.param({"text": "\ud83d"}, "text: 含残缺的字符", id="lone surrogate"),
        pytest.param({"text": "好" * 20_001}, "text: 最多 20000 个字符", id="too long"),
        pytest.param({"text": 1}, "text: 应为字符串", id="not a string"),
        pytest.param({}, "text: 缺少这个字段", id="no text"),
        pytest.param("好", "应为 JSON 对象", id="not an object"),
        pytest.param(None, "应为 JSON 对象", id="null"),
        pytest.param({"text": "好", "txet": 1}, "txet: 没有这个字段", id="unknown field"),
        pytest.param({"text": "好", "id": "\ud83d"}, "id: 含残缺的字符", id="broken id"),
        pytest.param({"text": "好", "id": "a\x1fb"}, "id: 含控制字符", id="control in an id"),
        pytest.param({"text": "好", "id": "1" * 201}, "id: 最多 200 个字符", id="long id"),
        pytest.param({"text": "好", "channel": ""}, "channel: 至少 1 个字符", id="no channel"),
        pytest.param({"text": "好", "channel": "c" * 65}, "channel: 最多 64", id="long channel"),
        pytest.param({"text": "好", "kind": "blog"}, "kind: 只能是 review、ticket", id="kind"),
        pytest.param({"text": "好", "rating": 0.5}, "rating: 不能小于 1", id="few stars"),
        pytest.param({"text": "好", "rating": 6}, "rating: 不能大于 5", id="many stars"),
        pytest.param({"text": "好", "rating": "5"}, "rating: 应为数字", id="stars as text"),
        pytest.param({"text": "好", "rating": 10**400}, "rating: ", id="endless stars"),
        pytest.param({"text": "好", "nps": 11}, "nps: 不能大于 10", id="NPS"),
        pytest.param({"text": "好", "nps": 1.5}, "nps: 应为整数", id="half an NPS"),
        pytest.param({"text": "好", "likes": -1}, "likes: 不能小于 0", id="negative likes"),
        pytest.param({"text": "好", "likes": 10**30}, "likes: 不能大于 1000000000", id="likes"),
        pytest.param({"text": "好", "likes": True}, "likes: 应为整数", id="likes are true"),
        pytest.param(
            {"text": "好", "created_at": "昨天"}, "created_at: 时间“昨天”", id="yesterday"
        ),
        pytest.param({"text": "好", "created_at": "2999-01-01"}, "created_at: ", id="future"),
        pytest.param({"text": "好", "created_at": "1999-12-31"}, "created_at: ", id="long ago"),
        pytest.param({"text": "好", "created_at": "2026-02-30"}, "created_at: ", id="30 February"),
        pytest.param({"text": "好", "created_at": 1e9}, "created_at: 应为字符串", id="timestamp"),
    ],
)
def test_bad_review_gets_an_error_and_spoils_no_other(
    entry: object, reason: str, client: TestClient, database: Engine
) -> None:
    body = b'{"reviews": [%s, %s, %s]}' % tuple(map(written, (PLAIN, entry, FULL)))
    answer = client.post("/v1/reviews", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    found = answer.json()
    good, bad, last = found["results"]
    assert reason in bad["error"]
    assert (bad["id"], bad["status"], bad["opinions"]) == (None, "rejected", [])
    assert (bad["polarity"], bad["uncertain"]) == ("neu", True)
    assert (good["error"], last["error"]) == (None, None)
    assert found["counts"] == {"added": 2, "revised": 0, "unchanged": 0, "rejected": 1}
    with reading(database) as session:
        assert len(list(reviews.every(session, "default"))) == 2


def written(value: object) -> bytes:
    return json.dumps(value).encode()


def test_several_faults_of_one_review_are_all_named(client: TestClient) -> None:
    (bad,) = post(client, {"text": " ", "rating": 9, "stars": 1})["results"]
    for place in ("text: ", "rating: ", "stars: "):
        assert place in bad["error"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("'; DROP TABLE reviews; --", id="SQL"),
        pytest.param("<script>alert(1)</script>", id="HTML"),
        pytest.param("{{7*7}} ${jndi:ldap://x} %s %n", id="templates"),
        pytest.param("=cmd|' /C calc'!A0", id="formula"),
        pytest.param("👨‍👩‍👧‍👦👍🏽 🇨🇳 好", id="emoji"),
        pytest.param("\u202e\u200b\ufeff𠮷 ｑ", id="odd but valid Unicode"),
        pytest.param("物流太慢了，" * 1_666 + "真好。", id="ten thousand characters"),
    ],
)
def test_text_comes_back_as_it_was_sent(text: str, client: TestClient) -> None:
    (result,) = post(client, {"text": text, "author_id": text[:200].strip()})["results"]
    stored = client.get(f"/v1/reviews/{result['id']}").json()
    assert (result["text"], stored["text"], stored["annotation"]["text"]) == (text, text, text)
    for opinion in result["opinions"]:
        assert text[opinion["start"] : opinion["end"]] == opinion["text"]


def test_answer_for_a_review_does_not_depend_on_the_others(client: TestClient) -> None:
    texts = ["物流太慢", "很好，但是慢", "一般", "总是闪退！希望修复"]
    together = post(client, *({"text": text, "id": text} for text in texts))["results"]
    for text, result in zip(texts, together, strict=True):
        (alone,) = post(client, {"text": text, "id": text, "channel": "alone"})["results"]
        own = {"id": None, "channel": None}
        assert alone | own == result | own


def test_many_reviews_are_stored_and_scored_later(client: TestClient, database: Engine) -> None:
    entries = [{"text": f"第{n}次，太慢"} for n in range(150)]
    entries[7] = {"text": " "}
    answer = client.post("/v1/reviews", json={"reviews": entries})
    assert answer.status_code == 202
    found = answer.json()
    assert found["counts"] == {"added": 149, "revised": 0, "unchanged": 0, "rejected": 1}
    assert found["rejected"] == [{"index": 7, "error": "text: 正文为空"}]
    assert found["pending"] == 149
    assert "feedback-nlp score" in found["scoring"]
    again = client.post("/v1/reviews", json={"reviews": entries}).json()
    assert again["counts"] == {"added": 0, "revised": 0, "unchanged": 149, "rejected": 1}
    with reading(database) as session:
        assert reviews.count_pending(session, "default", model="fake/2026-03-01") == 149


def test_few_but_very_long_reviews_are_scored_later_too(client: TestClient) -> None:
    entries = [{"text": f"{n}" + "慢" * 19_999} for n in range(6)]
    answer = client.post("/v1/reviews", json={"reviews": entries})
    assert (answer.status_code, answer.json()["pending"]) == (202, 6)


def test_stored_review_that_waits_has_no_annotation(
    client: TestClient, database: Engine, classifier: Classifier
) -> None:
    entries = [{"text": f"第{n}次，太慢", "id": str(n)} for n in range(101)]
    client.post("/v1/reviews", json={"reviews": entries})
    with reading(database) as session:
        waiting = next(reviews.every(session, "default"))
    assert client.get(f"/v1/reviews/{waiting.id}").json()["annotation"] is None
    score_pending(database, "default", classifier)
    assert client.get(f"/v1/reviews/{waiting.id}").json()["annotation"]["polarity"] == "neg"


def test_waiting_review_that_is_posted_again_is_scored(client: TestClient) -> None:
    entries = [{"text": f"第{n}次，太慢", "id": str(n)} for n in range(101)]
    client.post("/v1/reviews", json={"reviews": entries})
    (result,) = post(client, entries[0])["results"]
    assert result["status"] == "unchanged"
    assert client.get(f"/v1/reviews/{result['id']}").json()["annotation"] is not None


def test_ten_thousand_reviews_fit_into_one_request(client: TestClient) -> None:
    entries = [{"text": f"第{n}次，太慢"} for n in range(10_000)]
    answer = client.post("/v1/reviews", json={"reviews": entries})
    assert (answer.status_code, answer.json()["counts"]["added"]) == (202, 10_000)


def test_one_more_than_ten_thousand_is_refused_with_advice(client: TestClient) -> None:
    answer = client.post("/v1/reviews", json={"reviews": [{"text": "好"}] * 10_001})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "reviews", "message": "最多 10000 项，请分批发送"}]
    assert client.get("/v1/queue").json()["pending"] == 0


def test_same_review_posted_at_the_same_time_is_stored_once(
    client: TestClient, database: Engine
) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post(client, PLAIN, FULL), range(8)))
    assert {tuple(each["id"] for each in answer["results"]) for answer in answers} == {
        tuple(each["id"] for each in answers[0]["results"])
    }
    assert sorted(statuses(answer)[0] for answer in answers) == ["added"] + ["unchanged"] * 7
    with reading(database) as session:
        assert len(list(reviews.every(session, "default"))) == 2
        found = list(annotations.every(session, "default", model="fake/2026-03-01"))
    assert len(found) == 2


PHONE = "13812345678"


@pytest.mark.parametrize("count", [1, 101], ids=["scored at once", "left to the queue"])
def test_personal_data_comes_back_masked_and_is_stored_nowhere(
    count: int, client: TestClient, database: Engine
) -> None:
    entry = FULL | {
        "text": f"打{PHONE}没人接，物流太慢",
        "author_id": PHONE,
        "region": f"杭州 {PHONE}",
        "product": f"套餐 {PHONE}",
    }
    entries = [entry, *({"text": f"第{n}次，太慢"} for n in range(1, count))]
    answer = client.post("/v1/reviews", json={"reviews": entries})
    assert answer.is_success
    assert PHONE not in answer.text
    with reading(database) as session:
        stored = next(each for each in reviews.every(session, "default") if each.likes)
    assert (stored.text, stored.masked) == (f"打{'*' * 11}没人接，物流太慢", ("mobile",))
    assert str(stored.author_id).startswith("U-")
    assert [row for row in every_row(database) if PHONE in row] == []
    assert PHONE not in client.get(f"/v1/reviews/{stored.id}").text


def test_a_rejected_review_is_answered_masked(client: TestClient) -> None:
    entry = {"text": f"打{PHONE}", "created_at": f"昨天 {PHONE}"}
    answer = client.post("/v1/reviews", json={"reviews": [entry]})
    assert answer.json()["results"][0]["text"] == f"打{'*' * 11}"
    assert PHONE not in answer.text


def test_the_text_alone_decides_about_quarantine_in_the_answer(client: TestClient) -> None:
    entries = [{"text": "系统默认好评"}, PLAIN, PLAIN]
    for _ in range(2):
        found = [each["quarantine"] for each in post(client, *entries)["results"]]
        assert found == ["default_praise", None, None]


def test_who_was_erased_is_refused(client: TestClient, database: Engine) -> None:
    order = ErasureOrder("管理员", "用户请求 2026-17", NOW)
    erase_person(database, "default", identify([PHONE], key=""), order)
    gone, kept = post(client, {"text": "独一无二的慢", "author_id": PHONE}, PLAIN)["results"]
    assert (gone["status"], kept["status"]) == ("rejected", "added")
    assert "已要求删除个人数据" in gone["error"]
    assert "独一无二" not in str(gone)
    assert [row for row in every_row(database) if "独一无二" in row] == []
