"""Hot queries find their rows by an index, on both databases, among many workspaces."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from databases import BACKENDS, postgres_schema
from full_database import (
    alert_row,
    correction_row,
    placement_row,
    quote,
    review_row,
    theme_row,
    ticket_row,
)
from full_database import event as ledger_event
from sqlalchemy import Engine, Table, event, insert, text
from sqlalchemy.orm import Session
from storage_samples import HOME, MODEL, NOW, OTHER_MODEL

from feedback_nlp.records import (
    EventKind,
    Group,
    LoginKind,
    Polarity,
    Purpose,
    TemplateKind,
    Webhook,
)
from feedback_nlp.storage import (
    annotations,
    answers,
    api_keys,
    audiences,
    audit,
    changes,
    competitors,
    complaints,
    customers,
    deliveries,
    efforts,
    embeddings,
    escalations,
    exposure,
    happenings,
    heard,
    idempotency,
    imports,
    known_at,
    label_corrections,
    logins,
    nights,
    opt_outs,
    orders,
    originals,
    outcomes,
    people,
    placements,
    policies,
    proposals,
    quarantine,
    rejections,
    releases,
    reply_templates,
    retention,
    review_search,
    reviews,
    sends,
    service,
    surveys,
    tables,
    targets,
    theme_edits,
    themes,
    ticket_life,
    tickets,
    usage,
    users,
    verifications,
    votes,
)
from feedback_nlp.storage.database import open_database, transaction
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.known_at import Window
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.storage.retention import Policy
from feedback_nlp.storage.review_search import Sought, SoughtLabels
from feedback_nlp.storage.tickets import Wanted

WORKSPACES = (HOME, *(f"w{number:02}" for number in range(19)))
ROWS = 300
"""In each workspace; a few thousand in each table, of which a query wants a twentieth or less."""
TODAY = NOW.date()
RICE = dict.fromkeys(("reach", "impact", "confidence", "effort", "score", "low", "high"), 1.0)
MOVED: dict[str, Any] = {"text_hash": "x", "from_theme": None, "to_theme": None}
PROPOSED: dict[str, Any] = {"kind": "merge", "similarity": 0.5, "state": "open", "at": NOW}
PROPOSED |= {"author": "", "reason": ""}
SIGNED: dict[str, Any] = {"author": "", "at": NOW, "reason": ""}
VERIFIED: dict[str, Any] = {"theme_id": "T-0001", "release": 1, "target": 0.9, "count": 0}
VERIFIED |= {"first": "2026-03-01", "last": "2026-03-01", "denominator": "reviews"}
VERIFIED |= {"dispersion": 1.0, "comparisons": [], "controls": 0, "drift": 1.0, "spread": 0.0}
VERIFIED |= dict.fromkeys(("doubt", "spike", "next_look", "relapse")) | {"final": False}
HOOK = Webhook(7, "", tuple(EventKind), "", NOW + timedelta(days=1))
ERASURE = ErasureOrder("管理员", "请求", NOW)


def _numbered() -> Iterator[tuple[str, int]]:
    return ((workspace, n) for workspace in WORKSPACES for n in range(ROWS))


def _revision(n: int) -> dict[str, Any]:
    row = review_row(f"r{n}", "旧文", f"u{n}") | {"review_id": f"r{n}"}
    return {name: value for name, value in row.items() if name not in {"id", "text_hash"}}


def _rows() -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    at = {"imported_at": NOW}
    labels = {"polarity": "neg", "neg": 1.0, "neu": 0.0, "pos": 0.0, "uncertain": False}
    kept = {"reason": "spam", "detail": "广告", "found_at": NOW, "original": None}
    many: dict[Table, Callable[[int], dict[str, Any]]] = {
        tables.reviews: lambda n: review_row(
            f"r{n}", f"第 {n} 条评论", f"u{n}", created_at=NOW - timedelta(hours=n)
        ),
        tables.review_revisions: _revision,
        tables.annotations: lambda n: (
            {"model": MODEL if n % 4 else OTHER_MODEL, "review_id": f"r{n}", "text_hash": "x"}
            | labels
        ),
        tables.opinions: lambda n: (
            {
                "model": MODEL if n % 4 else OTHER_MODEL,
                "review_id": f"r{n}",
                "start": 0,
                "end": 5,
                "text": f"第 {n} 条",
                "topics": [],
                "intent": "complaint",
                "severity": n % 4,
            }
            | labels
        ),
        tables.label_corrections: lambda n: correction_row(n, f"r{n}", f"第 {n} 条", text_hash="x"),
        tables.original_texts: lambda n: {
            "review_id": f"r{n}",
            "revision": 1,
            "text": "原文",
            "kept_at": NOW - timedelta(days=n),
        },
        tables.quarantine: lambda n: {"review_id": f"r{n}"} | kept,
        tables.rejections: lambda n: {
            "source": f"{n % 9}.csv",
            "line": n,
            "digest": "d",
            "reason": "x",
            "raw": "{}",
            "rejected_at": NOW - timedelta(days=n),
        },
        tables.survey_answers: lambda n: (
            {
                "id": f"s{n}",
                "channel": "nps",
                "nps": 3,
                "author_id": f"u{n}",
                "review_id": f"r{n}",
                "answered_at": NOW - timedelta(days=n),
            }
            | at
        ),
        tables.usage_events: lambda n: (
            {
                "id": f"e{n}",
                "author_id": f"u{n}",
                "name": "open",
                "count": 1,
                "happened_at": NOW - timedelta(days=n),
            }
            | at
        ),
        tables.orders: lambda n: (
            {
                "id": f"o{n}",
                "author_id": f"u{n}",
                "ordered_at": NOW,
                "amount": 1.0,
                "refunded": False,
            }
            | at
        ),
        tables.exposure: lambda n: (
            {"day": TODAY - timedelta(days=n), "product": "", "version": "", "region": ""}
            | {"channel": "", "orders": 1}
            | at
        ),
        tables.customers: lambda n: {"id": f"u{n}"} | at,
        tables.competitors: lambda n: (
            {"product": f"p{n}", "active": True, "author": "", "at": NOW, "reason": ""}
        ),
        tables.targets: lambda n: (
            {"id": n, "metric": "nps", "value": 1.0, "first": TODAY, "last": TODAY}
            | {"author": "", "at": NOW, "reason": ""}
        ),
        tables.imports: lambda n: {
            "id": n,
            "source": "a.csv",
            "format": "table",
            "channel": "x",
            "mapping": {},
            "notes": [],
            "counts": {},
            "started_at": NOW,
        },
        tables.erasures: lambda n: {
            "subject": f"{n:064}",
            "erased_at": NOW,
            "by": "管理员",
            "reason": "x",
            "counts": {},
        },
        tables.themes: lambda n: theme_row(f"T-{n:04}", "名", (), (quote(f"r{n}", "话"),)),
        tables.priorities: lambda n: {"theme_id": f"T-{n:04}", "reasons": []} | RICE,
        tables.theme_members: lambda n: {"theme_id": f"T-{n:04}", "review_id": f"r{n}", "start": 0},
        tables.theme_events: lambda n: ledger_event(n, "theme_id", f"T-{n:04}", {}),
        tables.theme_placements: lambda n: placement_row(f"r{n}", f"第 {n} 条评论", f"T-{n:04}"),
        tables.theme_moves: lambda n: {"event_id": n, "review_id": f"r{n}", "start": 0} | MOVED,
        tables.theme_bars: lambda n: (
            {"review_id": f"r{n}", "start": 0, "theme_id": f"T-{n:04}", "event_id": n}
        ),
        tables.theme_proposals: lambda n: {"id": f"P-{n:04}", "theme_id": f"T-{n:04}"} | PROPOSED,
        tables.theme_proposal_members: lambda n: (
            {"proposal_id": f"P-{n:04}", "review_id": f"r{n}", "start": 0}
        ),
        tables.alerts: lambda n: alert_row(f"legal/r{n}/2026-03-01", review_id=f"r{n}"),
        tables.embeddings: lambda n: {
            "model": MODEL if n % 4 else OTHER_MODEL,
            "review_id": f"r{n}",
            "start": 0,
            "vector": bytes(64),
        },
        tables.tickets: lambda n: ticket_row(f"K-{n:04}", f"T-{n:04}", "题", ()),
        tables.ticket_events: lambda n: ledger_event(n, "ticket_id", f"K-{n:04}", {}),
        tables.policies: lambda n: {"id": n, "content": {}} | SIGNED,
        tables.efforts: lambda n: (
            {"id": n, "kind": "estimate", "theme_id": f"T-{n:04}", "weeks": 1.0} | SIGNED
        ),
        tables.votes: lambda n: (
            {"id": n, "theme_id": f"T-{n:04}", "criterion": "novelty", "points": 1.0} | SIGNED
        ),
        tables.outcomes: lambda n: (
            {"id": n, "ticket_id": f"K-{n:04}", "theme_id": f"T-{n:04}", "verdict": "有效"}
            | {"at": NOW, "detail": {}}
        ),
        tables.sends: lambda n: (
            {"id": n, "purpose": "told", "review_id": f"r{n}", "author_id": f"u{n}"}
            | {"ticket_id": f"K-{n:04}", "channel": "x", "text": ""}
            | SIGNED
        ),
        tables.webhooks: lambda n: (
            {"id": n, "url": "x", "secret": "x", "events": [], "author": "", "at": NOW}
        ),
        tables.deliveries: lambda n: (
            {"webhook_id": n % 20, "event_id": f"import.finished:{n}", "kind": "import.finished"}
            | {"content": {}, "at": NOW, "attempts": 1, "next_at": NOW}
        ),
        tables.escalations: lambda n: (
            {"review_id": f"r{n}", "at": NOW, "due": NOW, "department": "研发"}
        ),
        tables.opt_outs: lambda n: (
            {"author_id": f"u{n}", "review_id": f"r{n}", "active": True} | SIGNED
        ),
        tables.reply_templates: lambda n: {"id": n, "kind": f"kind {n}", "text": "x"} | SIGNED,
        tables.releases: lambda n: {"id": n, "released_at": NOW, "share": 1.0} | SIGNED,
        tables.release_tickets: lambda n: {"release_id": n, "ticket_id": f"K-{n:04}"},
        tables.verifications: lambda n: (
            {"ticket_id": f"K-{n:04}", "as_of": TODAY, "verdict": "样本不足", "content": VERIFIED}
        ),
        tables.users: lambda n: (
            {"name": f"u{n}", "password": "", "role": "viewer", "active": True}
            | {"author": "", "at": NOW}
        ),
        tables.api_keys: lambda n: (
            {"id": n, "name": "k", "prefix": "fb_", "role": "viewer"} | {"author": "", "at": NOW}
        ),
        tables.logins: lambda n: (
            {"kind": "session", "user_name": f"u{n}", "role": "viewer"}
            | {"at": NOW, "expires_at": NOW}
        ),
        tables.audit_log: lambda n: (
            {"id": n, "at": NOW, "actor": f"u{n}", "role": "viewer", "credential": "session"}
            | {"action": "POST /v1/keys", "subject": {}, "request_id": ""}
        ),
        tables.idempotency: lambda n: (
            {"key": f"k{n}", "digest": "", "at": NOW, "status": 200, "answer": {}}
        ),
        tables.nights: lambda n: (
            {"id": n, "day": TODAY, "at": NOW, "state": "done", "inputs": [], "steps": []}
            | {"result": {}}
        ),
        tables.plans: lambda n: {"number": n, "made_at": NOW, "scores": [], "schedule": {}},
    }
    for table, row in many.items():
        yield (
            table,
            [
                # A digest says which workspace it is of.
                {"workspace_id": workspace, **({"digest": f"{workspace} {n}"} if secret else {})}
                | row(n)
                for secret in [table in {tables.api_keys, tables.logins}]
                for workspace, n in _numbered()
            ],
        )


@pytest.fixture(scope="module", params=BACKENDS)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database with some thousand rows in each table that grows."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('plans')}/feedback.db"
        else:
            url = stack.enter_context(postgres_schema("plans"))
        engine = open_database(url)
        with transaction(engine) as session:
            for table, rows in _rows():
                session.execute(insert(table), rows)
        if engine.dialect.name == "postgresql":
            with engine.begin() as connection:
                connection.execute(text("ANALYZE"))
        yield engine
        engine.dispose()


def _plans(engine: Engine, use: Callable[[Session], object]) -> Iterator[tuple[str, str]]:
    """Yield each statement that `use` sends, and how the database goes about it."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, sql: str, values: Any, *_: object) -> None:  # noqa: ANN401
        sent.append((sql, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        with transaction(engine) as session:
            use(session)
            session.rollback()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        for sql, values in sent:
            if re.match(r"(SELECT|DELETE|UPDATE|WITH)\b", sql) and "pg_" not in sql:
                one = values[0] if isinstance(values, list) else values
                rows = connection.exec_driver_sql(explain + sql, one).all()
                yield sql, "\n".join(str(row[-1]) for row in rows)


_WHOLE_TABLE = re.compile(r"^SCAN (?!\(|CONSTANT|SUBQUERY)|Seq Scan on (?!alembic)", re.MULTILINE)

HOT: dict[str, Callable[[Session], object]] = {
    "pending reviews of a model": lambda s: reviews.pending(s, HOME, model=MODEL, limit=20),
    "how many are pending": lambda s: reviews.count_pending(s, HOME, model=MODEL),
    "a review by id": lambda s: reviews.get(s, HOME, "r7"),
    "reviews with a word": lambda s: review_search.part(
        s, HOME, Sought(words=("第",)), Part(9), model=MODEL
    ),
    "reviews that complain": lambda s: review_search.part(
        s,
        HOME,
        Sought(polarity=Polarity.NEG, opinion=SoughtLabels(topic="a.b"), theme="T-0007"),
        Part(9, (NOW, "r7")),
        model=MODEL,
    ),
    "reviews of one author by time": lambda s: review_search.part(
        s, HOME, Sought(author_id="u7", quarantined=False), Part(9), model=MODEL
    ),
    "themes of reviews": lambda s: review_search.themes_of(s, HOME, ["r7"]),
    "annotations of reviews": lambda s: annotations.of_reviews(s, HOME, ["r7"], model=MODEL),
    "texts of reviews": lambda s: reviews.texts(s, HOME, ["r7"]),
    "how much an author wrote": lambda s: reviews.count_of_author(s, HOME, "u7"),
    "a page of imports": lambda s: imports.part(s, HOME, Part(9, (200,))),
    "what an import refused": lambda s: rejections.part(s, HOME, "3.csv", Part(9), import_id=1),
    "a page of the quarantine": lambda s: quarantine.part(s, HOME, Part(9, ("r7",)), model=MODEL),
    "a page of corrections": lambda s: label_corrections.part(s, HOME, Part(9, (200,))),
    "a page of nights": lambda s: nights.part(s, HOME, Part(9, (200,))),
    "a page of outcomes": lambda s: outcomes.part(s, HOME, Part(9, (200,))),
    "a page of customers": lambda s: customers.part(s, HOME, Part(9, ("u7",))),
    "orders of an author": lambda s: orders.part(s, HOME, "u7", Part(9, (NOW, "o7"))),
    "a page of answers": lambda s: surveys.part(s, HOME, Part(9, (NOW, "s7"))),
    "a page of exposure": lambda s: exposure.part(s, HOME, Part(9), days=(TODAY, None)),
    "earlier versions of a review": lambda s: reviews.revisions(s, HOME, "r7"),
    "all reviews in order": lambda s: list(reviews.every(s, HOME)),
    "the oldest and the newest review": lambda s: reviews.time_span(s, HOME),
    "an annotation with its opinions": lambda s: annotations.get(s, HOME, "r7", model=MODEL),
    "all annotations": lambda s: list(annotations.every(s, HOME, model=MODEL)),
    "what people say of all reviews": lambda s: label_corrections.said(s, HOME),
    "voices of a model": lambda s: annotations.voices(s, HOME, model=MODEL),
    "what reviews complain of": lambda s: list(complaints.every(s, HOME, model=MODEL)),
    "how many reviews there are a day": lambda s: heard.reviews_per_day(s, HOME, model=MODEL),
    "whose product is theirs": lambda s: competitors.every(s, HOME),
    "opinions of a theme": lambda s: themes.voices_of(s, HOME, "T-0007", model=MODEL, limit=9),
    "themes with their members": lambda s: themes.every(s, HOME),
    "history of a theme": lambda s: themes.history(s, HOME, "T-0007"),
    "places of opinions": lambda s: placements.every(s, HOME),
    "places in a theme": lambda s: placements.of_theme(s, HOME, "T-0007"),
    "places of a review": lambda s: placements.of_review(s, HOME, "r7"),
    "opinions at places": lambda s: annotations.voices_at(s, HOME, {("r7", 0)}, model=MODEL),
    "all vectors": lambda s: embeddings.known(s, HOME, model=MODEL),
    "vectors at places": lambda s: embeddings.at(s, HOME, {("r7", 0)}, model=MODEL),
    "edits of themes": lambda s: theme_edits.edits(s, HOME),
    "what an edit moved": lambda s: theme_edits.moves_of(s, HOME, 7),
    "what is kept apart": lambda s: theme_edits.all_bars(s, HOME),
    "proposals": lambda s: proposals.every(s, HOME),
    "open tickets": lambda s: tickets.open_ones(s, HOME),
    "tickets that are wanted": lambda s: tickets.found(s, HOME, Wanted(theme_id="T-0007")),
    "what happened to tickets": lambda s: ticket_life.told(s, HOME, ("moved",)),
    "history of a ticket": lambda s: tickets.history(s, HOME, "K-0007"),
    "rejections of a source": lambda s: list(rejections.every(s, HOME, source="3.csv")),
    "the original of a review": lambda s: originals.get(s, HOME, "r7"),
    "reviews that just arrived": lambda s: reviews.just_arrived(
        s, HOME, model=MODEL, since=NOW, limit=20
    ),
    "the workspaces": reviews.workspaces,
    "a kept answer": lambda s: idempotency.get(s, HOME, "k7", now=NOW),
    "old answers": lambda s: idempotency.sweep(s, HOME, now=NOW),
    "the latest imports": lambda s: imports.every(s, HOME, limit=9),
    "survey answers by time": lambda s: surveys.scores(s, HOME, TODAY - timedelta(days=7), TODAY),
    "answers of a window": lambda s: answers.answers(
        s, HOME, model=MODEL, first=TODAY - timedelta(days=1), last=TODAY
    ),
    "the newest answer": lambda s: answers.newest_day(s, HOME),
    "complaints of a window": lambda s: service.cases(
        s, HOME, model=MODEL, first=NOW - timedelta(days=1), last=NOW
    ),
    "complaints without an answer": lambda s: service.waiting(
        s, HOME, model=MODEL, first=NOW - timedelta(days=1), last=NOW
    ),
    "complaints to escalate": lambda s: service.unresolved(
        s, HOME, model=MODEL, first=NOW - timedelta(days=1), last=NOW
    ),
    "complaints that were escalated": lambda s: service.escalated(s, HOME, model=MODEL, last=NOW),
    "how many older complaints wait": lambda s: service.count_older(
        s, HOME, model=MODEL, before=NOW, last=NOW
    ),
    "how many complaints have no time": lambda s: service.count_undated(s, HOME, model=MODEL),
    "the key of a secret": lambda s: api_keys.find(s, "d7"),
    "keys": lambda s: api_keys.every(s, HOME),
    "use of a key": lambda s: api_keys.touch(s, HOME, 7, now=NOW, at_least=timedelta(hours=1)),
    "the session of a token": lambda s: logins.find(s, "d7", LoginKind.SESSION),
    "the end of a session": lambda s: logins.remove(s, HOME, "d7"),
    "the end of all sessions of an account": lambda s: logins.remove_all(s, HOME, "u7"),
    "expired sessions": lambda s: logins.sweep(s, HOME, now=NOW),
    "an account": lambda s: users.find(s, HOME, "u7"),
    "accounts": lambda s: users.every(s, HOME),
    "the audit log": lambda s: audit.every(
        s, HOME, audit.Sought("u7", "POST /v1/keys", NOW), Part(9, (2_000,))
    ),
    **{
        f"what webhooks are told of, {kind}": partial(
            happenings.untold, workspace=HOME, hook=HOOK, kind=kind, limit=9
        )
        for kind in EventKind
    },
    "how far a webhook was told": lambda s: deliveries.newest(
        s, HOME, 7, EventKind.IMPORT_FINISHED
    ),
    "the delivery that is due": lambda s: deliveries.claim(s, HOME, 7, now=NOW, until=NOW),
    "deliveries of a webhook": lambda s: deliveries.part(s, HOME, 7, Part(9, (NOW, "x"))),
    "the last night": lambda s: nights.latest(s, HOME),
    "nights up to a day": lambda s: nights.every(s, HOME, until=TODAY),
    "files that were taken in": lambda s: nights.taken_files(s, HOME),
    "whether anything changed": lambda s: changes.mark(s, HOME),
    "how much came since": lambda s: changes.came_after(s, HOME, NOW),
    "what people did": lambda s: changes.by_people(s, HOME, NOW),
    "when plans were made": lambda s: known_at.plans_made(s, HOME),
    "what happened to tickets then": lambda s: known_at.ticket_events(s, HOME, Window(None, NOW)),
    "the worst words": lambda s: service.words(s, HOME, ["r7"], model=MODEL),
    "open escalations": lambda s: escalations.still_open(s, HOME, now=NOW),
    "targets": lambda s: targets.every(s, HOME),
    "the policy": lambda s: policies.current(s, HOME),
    "efforts of a theme": lambda s: efforts.history(s, HOME, "T-0007"),
    "all estimates": lambda s: efforts.estimates(s, HOME),
    "votes about a theme": lambda s: votes.latest(s, HOME, theme_id="T-0007"),
    "all votes": lambda s: votes.latest(s, HOME),
    "releases": lambda s: releases.every(s, HOME),
    "releases of a ticket": lambda s: releases.of_ticket(s, HOME, "K-0007"),
    "what was found last": lambda s: verifications.latest(s, HOME),
    "what was found about a ticket": lambda s: verifications.history(s, HOME, "K-0007"),
    "messages about a ticket": lambda s: sends.of_ticket(s, HOME, "K-0007"),
    "messages about a review": lambda s: sends.of_review(s, HOME, "r7"),
    "messages to an author": lambda s: sends.of_author(s, HOME, "u7"),
    "all messages": lambda s: sends.of_purposes(s, HOME, [Purpose.TOLD]),
    "the log of messages": lambda s: sends.every(s, HOME, limit=9),
    "who wants no messages": lambda s: opt_outs.active(s, HOME),
    "the wordings": lambda s: reply_templates.history(s, HOME, TemplateKind.SERVICE),
    "who speaks in a theme": lambda s: audiences.heard_in(s, HOME, "T-0007", model=MODEL),
    "orders by author": lambda s: orders.by_author(s, HOME, ["u7"], first=TODAY, last=TODAY),
    "who ordered": lambda s: orders.buyers(s, HOME, first=TODAY, last=TODAY),
    "who was there": lambda s: usage.users(s, HOME, first=TODAY, last=TODAY),
    "who wrote": lambda s: complaints.written_by(s, HOME, first=TODAY, last=TODAY),
    "reviews of a day by tier": lambda s: heard.reviews_by_group(
        s, HOME, Group.TIER, first=TODAY, last=TODAY, model=MODEL
    ),
    "usage of an author": lambda s: usage.of_authors(s, HOME, [("u7", None)]),
    "effective quarantine": lambda s: quarantine.every(s, HOME, model=MODEL),
    "the quarantine of a review": lambda s: quarantine.get(s, HOME, "r7", model=MODEL),
    "what a screening reads": lambda s: list(quarantine.candidates(s, HOME, model=MODEL)),
    "reviews of an author": lambda s: people.find(s, HOME, Person(("u7",))),
    "who was erased": lambda s: people.erased(s, HOME, {"u7"}, key=""),
    "an erasure": lambda s: people.erase(s, HOME, Person(("u7",)), ERASURE),
    "what is due": lambda s: retention.due(s, HOME, Policy(9, 280, 280, 280), now=NOW),
    "a sweep": lambda s: retention.sweep(s, HOME, Policy(12, 280, 280, 280), now=NOW, limit=20),
}


@pytest.mark.parametrize("name", HOT)
def test_no_hot_query_reads_a_whole_table(engine: Engine, name: str) -> None:
    plans = list(_plans(engine, HOT[name]))
    slow = [(sql, plan) for sql, plan in plans if _WHOLE_TABLE.search(plan)]
    assert plans
    assert slow == []


def test_a_query_without_an_index_is_noticed(engine: Engine) -> None:
    def slow(session: Session) -> object:
        return session.execute(text("SELECT id FROM reviews WHERE likes = 7")).all()

    assert [bool(_WHOLE_TABLE.search(plan)) for _, plan in _plans(engine, slow)] == [True]


def test_pending_reviews_come_in_the_order_of_an_index(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":  # PostgreSQL may find sorting a few rows cheaper
        plans = list(_plans(engine, HOT["pending reviews of a model"]))
        assert "ix_reviews_created_at" in plans[0][1]
        assert "TEMP B-TREE" not in plans[0][1]


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_foreign_key_is_answered_by_an_index(table: Table) -> None:
    """Else each deleted row of the other table is looked for in the whole of this one."""
    keys = [list(table.primary_key.columns.keys())]
    keys += [list(index.columns.keys()) for index in table.indexes]
    for foreign in table.foreign_key_constraints:
        columns = set(foreign.columns.keys())
        assert any(set(key[: len(columns)]) == columns for key in keys), columns
