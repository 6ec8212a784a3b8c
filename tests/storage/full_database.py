"""A database with rows in every table: one person with telling words, and other people."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session
from storage_samples import MODEL, NOW, OTHER_MODEL

from feedback_nlp.storage import tables
from feedback_nlp.storage.review_rows import text_hash

WHO: Final = "u-4711"
SAID: Final = "蓝鲸牌洗衣机漏水淹了书房"
"""What only the person says, in a review, its earlier version and its original."""
SHARED: Final = "配送太慢等了两周"
"""What the person and others say in the same words."""
TELLING: Final = (SAID, "蓝鲸", "书房", "旧版原话独此一句", "13900001234", WHO)
"""None of these may be found anywhere once the person is erased."""

DECIDED: Final = {
    "policies": 1,
    "efforts": 2,
    "votes": 1,
    "outcomes": 1,
    "competitors": 1,
    "targets": 1,
    "plans": 1,
    "releases": 1,
    "reply_templates": 1,
}
"""Rows in which people, or a plan, wrote the person's words about priorities."""

Rows = Sequence[Mapping[str, Any]]


def fill(session: Session, workspace: str) -> None:
    """Write the rows of `content` into one workspace."""
    for name, rows in content().items():
        for row in rows:  # one by one: they do not all have the same columns
            table = tables.metadata.tables[name]
            if name in {"api_keys", "logins"}:  # one secret opens one workspace
                row = {**row, "digest": f"{workspace} {row['digest']}"}  # noqa: PLW2901
            session.execute(insert(table), [{"workspace_id": workspace, **row}])


def content() -> dict[str, Rows]:
    """Return rows for every table, those that others refer to first."""
    return {**_reviews(), **_labels(), **_planning(), **_intake(), **_business(), **_access()}


def review_row(key: str, text: str, author: str | None, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (any column)
    row = {
        "id": key,
        "channel": "appstore",
        "external_id": None,
        "kind": "review",
        "text": text,
        "created_at": NOW - timedelta(days=5),
        "author_id": author,
        "rating": 1.0,
        "nps": None,
        "csat": 2,
        "likes": 3,
        "extras": [["机型", "M9"]],
        "replies": [["您好", NOW.isoformat()]],
        "masked": [],
        "imported_at": NOW,
        "revision": 1,
        "text_hash": text_hash(text),
    }
    return row | fields


def _reviews() -> dict[str, Rows]:
    reviews = [
        review_row("r1", SAID, WHO, revision=2, external_id="x-1"),
        review_row("r2", SHARED, WHO),
        review_row("r3", SHARED, "u-2"),
        review_row("r4", "另一个人说的话", None, created_at=None),
        review_row("r5", "问卷里写的书房", None),
    ]
    old = review_row("r1", "旧版原话独此一句", WHO) | {"review_id": "r1"}
    for name in ("id", "text_hash"):
        del old[name]
    return {
        "reviews": reviews,
        "review_revisions": [old],
        "original_texts": [
            {
                "review_id": "r1",
                "revision": 2,
                "text": f"{SAID}，电话13900001234",
                "kept_at": NOW - timedelta(days=5),
            }
        ],
        "quarantine": [
            {
                "review_id": "r3",
                "reason": "duplicate",
                "detail": "与另一条评论相同",
                "original": "r2",
                "found_at": NOW,
                "held": True,
                "decided_by": "审核员",
                "decided_at": NOW,
                "note": f"用户原话：{SAID}，已核实",
            },
            {"review_id": "r2", "reason": "spam", "detail": "广告", "found_at": NOW},
        ],
    }


def _labels() -> dict[str, Rows]:
    scores = {"polarity": "neg", "neg": 0.1 + 0.2, "neu": 0.5, "pos": 0.2, "uncertain": False}
    spoken = {"r1": SAID, "r2": SHARED, "r3": SHARED, "r5": "问卷里写的书房"}
    pairs = [(model, key) for model in (MODEL, OTHER_MODEL) for key in spoken]
    return {
        "annotations": [
            {"model": model, "review_id": key, "text_hash": text_hash(spoken[key]), **scores}
            for model, key in pairs
        ],
        "opinions": [
            {
                "model": model,
                "review_id": key,
                "start": 0,
                "end": len(spoken[key]),
                "text": spoken[key],
                "topics": [["app.crash", 0.8]],
                "intent": "complaint",
                "severity": 1,
                **scores,
            }
            for model, key in pairs
        ],
        "label_corrections": [
            correction_row(1, "r1", SAID, reason="看错了"),
            correction_row(2, "r3", SHARED, reason=f"另一条说：{SAID}，不是一回事"),
        ],
    }


def correction_row(number: int, key: str, text: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (any column)
    row = {
        "id": number,
        "review_id": key,
        "start": 0,
        "end": len(text),
        "text_hash": text_hash(text),
        "text": text,
        "polarity": "neg",
        "intent": None,
        "topics": ["app.slow"],
        "severity": 2,
        "seen": {
            "polarity": "neg",
            "intent": "complaint",
            "topics": ["app.crash"],
            "severity": 1,
        },
        "seen_model": MODEL,
        "author": "标注员",
        "at": NOW,
        "reason": "",
    }
    return row | fields


def quote(key: str, text: str) -> dict[str, Any]:
    return {"review_id": key, "start": 0, "end": len(text), "text": text}


def theme_row(key: str, name: str, keywords: Sequence[str], quotes: Rows) -> dict[str, Any]:
    return {
        "id": key,
        "name": name,
        "topic": "app.crash",
        "keywords": list(keywords),
        "quotes": list(quotes),
        "boundary_quotes": list(quotes),
        "count": 2,
        "reviews": 2,
        "users": 2,
        "negative_share": 1.0,
        "first_seen": NOW - timedelta(days=9),
        "trend": [["2026-02-23", 2]],
        "by_channel": [["appstore", 2]],
        "by_version": [],
        "by_region": [],
        "by_rating": [],
        "state": "open",
    }


def placement_row(key: str, text: str, theme_id: str) -> dict[str, Any]:
    return {
        "review_id": key,
        "start": 0,
        "theme_id": theme_id,
        "text_hash": text_hash(text),
        "how": "founded",
        "basis": MODEL,
        "at": NOW,
    }


def ticket_row(key: str, theme_id: str, title: str, evidence: Rows) -> dict[str, Any]:
    return {
        "id": key,
        "theme_id": theme_id,
        "title": title,
        "problem": "2 位用户的 2 条反馈提到，共 2 条意见。",
        "evidence": list(evidence),
        "department": "客户端",
        "lane": "weekly",
        "due": date(2026, 3, 9),
        "resources": "约 0.3 人月",
        "acceptance": "下降一半",
        "state": "已排期",
        "priority": {
            "theme_id": theme_id,
            **dict.fromkeys(("reach", "impact", "confidence", "effort", "score"), 1.5),
            "low": 1.0,
            "high": 2.0,
            "reasons": [["reach", "约 2 人"]],
        },
    }


def _planning() -> dict[str, Rows]:
    secret, shared = f"故障：{SAID[:8]}…", f"物流：{SHARED}"
    ours, theirs = quote("r1", SAID), quote("r3", SHARED)
    return {
        "themes": [
            theme_row("T-0001", secret, ("蓝鲸", "书房"), (ours,)),
            theme_row("T-0002", shared, ("配送", "两周"), (quote("r2", SHARED), theirs)),
        ],
        "theme_members": [
            {"theme_id": theme, "review_id": review, "start": 0}
            for theme, review in (("T-0001", "r1"), ("T-0002", "r2"), ("T-0002", "r3"))
        ],
        "theme_events": [
            event(1, "theme_id", "T-0001", {"name": secret}),
            event(2, "theme_id", "T-0002", {"name": shared}),
            event(3, "theme_id", "T-0001", {"from": "open", "to": "dormant"}),
        ],
        "theme_placements": [
            placement_row("r1", SAID, "T-0001"),
            placement_row("r2", SHARED, "T-0002"),
            placement_row("r3", SHARED, "T-0002"),
        ],
        "theme_moves": [
            {
                "event_id": 3,
                "review_id": review,
                "start": 0,
                "text_hash": text_hash(text),
                "from_theme": "T-0001",
            }
            for review, text in (("r1", SAID), ("r3", SHARED))
        ],
        "theme_bars": [{"review_id": "r1", "start": 0, "theme_id": "T-0002", "event_id": 3}],
        "theme_proposals": [
            {
                "id": "P-0001",
                "kind": "split",
                "theme_id": "T-0002",
                "other_id": None,
                "similarity": 0.25,
                "state": "rejected",
                "at": NOW,
                "decided_at": NOW,
                "author": "小李",
                "reason": f"说的是一回事：{SAID}",
            }
        ],
        "theme_proposal_members": [
            {"proposal_id": "P-0001", "review_id": review, "start": 0} for review in ("r2", "r3")
        ],
        "embeddings": [{"model": MODEL, "review_id": "r1", "start": 0, "vector": b"\x00\x3c"}],
        "priorities": [
            {
                "theme_id": "T-0001",
                "reach": 310.0,
                "impact": 2.0,
                "confidence": 0.8,
                "effort": 0.1 + 0.2,
                "score": 120.5,
                "low": 90.25,
                "high": 140.0,
                "reasons": [["reach", "每季度约 310 人"]],
            }
        ],
        "tickets": [
            ticket_row("K-0001", "T-0001", secret, (ours,)),
            ticket_row("K-0002", "T-0002", shared, (theirs,)),
        ],
        "ticket_events": [
            event(1, "ticket_id", "K-0001", {"title": secret}),
            event(2, "ticket_id", "K-0002", {"title": shared}),
        ],
        "alerts": _alerts(),
        **_decisions(),
        **_delivery(),
        "runs": [{"digest": "d1", "number": 1, "run": {"model": MODEL, "as_of": None}}],
    }


def _decisions() -> dict[str, Rows]:
    signed = {"author": "产品经理", "at": NOW, "reason": f"用户说{SAID}，先做"}
    return {
        "policies": [{"id": 1, "content": {"reserve": 0.25}} | signed],
        "efforts": [
            {"id": 1, "kind": "estimate", "theme_id": "T-0002", "weeks": 0.1 + 0.2} | signed,
            {"id": 2, "kind": "actual", "theme_id": "T-0002", "ticket_id": "K-0002", "weeks": 3.0}
            | signed,
        ],
        "votes": [{"id": 1, "theme_id": "T-0002", "criterion": "novelty", "points": 7.5} | signed],
        "outcomes": [
            {
                "id": 1,
                "ticket_id": "K-0002",
                "theme_id": "T-0002",
                "verdict": "有效",
                "at": NOW,
                "detail": {"before": f"12 条，如“{SAID}”"},
            }
        ],
        "competitors": [{"product": "别家洗衣机", "active": True} | signed],
        "targets": [
            {
                "id": 1,
                "metric": "nps",
                "value": 40.0,
                "first": date(2026, 1, 1),
                "last": date(2026, 3, 31),
            }
            | signed
        ],
        "plans": [
            {
                "number": 1,
                "as_of": date(2026, 3, 2),
                "made_at": NOW,
                "scores": [["T-0001", 120.5]],
                "schedule": {"slots": [], "waiting": [{"reason": f"让位给“{SAID}”"}], "loads": []},
            }
        ],
    }


def _delivery() -> dict[str, Rows]:
    signed = {"author": "产品经理", "at": NOW, "reason": f"用户说{SAID}，已修"}
    send = {"channel": "appstore", "author": "客服甲", "at": NOW, "reason": ""}
    return {
        "releases": [
            {"id": 1, "released_at": NOW, "version": "8.2", "share": 0.1 + 0.2}
            | {"dimension": "region", "value": "广东"}
            | signed
        ],
        "release_tickets": [{"release_id": 1, "ticket_id": "K-0002"}],
        "verifications": [
            {
                "ticket_id": "K-0002",
                "as_of": date(2026, 3, 2),
                "verdict": "样本不足",
                "content": {"ratio": 0.1 + 0.2},
            }
        ],
        "escalations": [
            {"review_id": "r1", "at": NOW, "due": NOW, "department": "客服部", "note": SAID},
            {"review_id": "r3", "at": NOW, "due": NOW, "department": "物流部"},
        ],
        "sends": [
            {"id": 1, "purpose": "told", "review_id": "r1", "author_id": WHO}
            | {"ticket_id": "K-0002", "text": f"您说的“{SAID}”修好了"}
            | send,
            {"id": 2, "purpose": "answer", "review_id": "r3", "text": "已转交", "noted_at": NOW}
            | send,
        ],
        "opt_outs": [
            {"author_id": WHO, "active": True} | signed,
            {"author_id": "u-2", "active": False} | signed | {"reason": ""},
            {"author_id": "review:r4", "review_id": "r4", "active": True} | signed | {"reason": ""},
        ],
        "reply_templates": [{"id": 1, "kind": "service", "text": f"您好，{SAID}"} | signed],
        "nights": [
            {
                "id": 1,
                "day": date(2026, 3, 2),
                "at": NOW,
                "state": "done",
                "inputs": [["a.csv", "ff00"]],
                "steps": [{"name": "import", "done": True, "figures": {"added": 3}}],
                "result": {"themes": [["T-0002", 0.1 + 0.2]]},
                "finished_at": NOW,
            }
        ],
    }


def _access() -> Mapping[str, Rows]:
    made = {"author": "管理员", "at": NOW}
    hook = {"webhook_id": 1, "kind": "ticket.changed", "content": {"ticket": "K-0001"}}
    return {
        "users": [
            {"name": "张三", "password": "$argon2id$", "role": "manager", "active": True} | made
        ],
        "api_keys": [
            {"id": 1, "name": "客服系统", "digest": "ff01", "prefix": "fb_1", "role": "analyst"}
            | {"per_minute": 60, "used_at": NOW}
            | made
        ],
        "logins": [
            {"digest": "ff02", "kind": "session", "user_name": "张三", "role": "manager"}
            | {"at": NOW, "expires_at": NOW + timedelta(hours=12)}
        ],
        "audit_log": [
            {"id": 1, "at": NOW, "actor": "张三", "role": "manager", "credential": "session"}
            | {"action": "POST /v1/releases", "subject": {}, "request_id": "q1"}
        ],
        "idempotency": [
            {"key": "k1", "digest": "ff03", "at": NOW, "status": 200, "answer": {"text": SAID}}
        ],
        "webhooks": [
            {"id": 1, "url": "https://example.com/hook", "secret": "s", "events": []} | made
        ],
        "deliveries": [
            {"event_id": "ticket.changed:1", "at": NOW, "attempts": 1, "next_at": NOW} | hook
        ],
    }


def alert_row(key: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (any column)
    row: dict[str, Any] = {
        "id": key,
        "kind": key.split("/", maxsplit=1)[0],
        "theme_id": None,
        "review_id": None,
        "day": date(2026, 3, 1),
        "last": date(2026, 3, 2),
        "reason": "近 7 天 12 条",
        "quotes": [],
        "spike": {},
    }
    return row | fields


def _alerts() -> Rows:
    return [
        alert_row(
            "safety/r1/2026-03-01",
            review_id="r1",
            reason=f"安全：评论提到“{SAID[-6:]}”",
            quotes=[quote("r1", SAID)],
        ),
        alert_row("legal/r3/2026-03-01", review_id="r3", quotes=[quote("r3", SHARED)]),
        alert_row("spike/T-0002/2026-03-01", theme_id="T-0002", spike={"ratio": 0.1 + 0.2}),
    ]


def event(number: int, subject: str, of: str, detail: dict[str, str]) -> dict[str, Any]:
    return {"id": number, subject: of, "at": NOW, "kind": "created", "detail": detail}


def _intake() -> dict[str, Rows]:
    rejected = {"source": "/data/a.csv", "reason": "时间无法识别", "rejected_at": NOW}
    raws = (
        f'{{"内容": "坏了", "用户ID": "{WHO}"}}',
        f'{{"内容": "{SAID}", "时间": "前天"}}',
        f'{{"内容": "{SHARED}", "时间": "前天"}}',
        f"坏行,{WHO},1",
        "\x00\ud800坏行",
    )
    return {
        "rejections": [
            rejected | {"line": line, "digest": f"d{line}", "raw": raw, "import_id": 1}
            for line, raw in enumerate(raws, 2)
        ],
        "imports": [
            {
                "id": 1,
                "source": "/data/a.csv",
                "format": "table",
                "channel": "appstore",
                "mapping": {"内容": "text"},
                "notes": ["编码 GB18030"],
                "counts": {"added": 5},
                "started_at": NOW,
            }
        ],
        "column_maps": [
            {"channel": "appstore", "format": "table", "mapping": {"a": "text"}, "saved_at": NOW}
        ],
        "erasures": [
            {"subject": "ff00", "erased_at": NOW, "by": "管理员", "reason": "旧请求", "counts": {}}
        ],
    }


def _business() -> dict[str, Rows]:
    at = {"imported_at": NOW}
    order = {"amount": 99.9, "refunded": False, "ordered_at": NOW - timedelta(days=2)} | at
    used = {"name": "open", "happened_at": NOW - timedelta(days=40), "count": 2} | at
    return {
        "survey_answers": [
            {"id": "s1", "channel": "nps", "nps": 2, "author_id": WHO, "review_id": "r5"} | at,
            {"id": "s2", "channel": "nps", "nps": 9, "author_id": "u-2", "review_id": None} | at,
        ],
        "usage_events": [
            {"id": "e1", "author_id": WHO, "seconds": 1.5} | used,
            {"id": "e2", "author_id": "u-2", "seconds": None} | used,
        ],
        "exposure": [
            {
                "day": date(2026, 3, 1),
                "product": "",
                "version": "",
                "region": "",
                "channel": "",
                "orders": 2**40,
            }
            | at
        ],
        "customers": [
            {"id": WHO, "tier": "高价值", "since": date(2020, 1, 1)} | at,
            {"id": "u-2", "tier": None, "since": None} | at,
        ],
        "orders": [
            {"id": "o1", "author_id": WHO} | order,
            {"id": "o2", "author_id": "u-2"} | order,
        ],
    }
