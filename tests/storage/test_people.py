"""One person is found, handed out and erased in every table."""

import json
from collections.abc import Iterator

import pytest
from databases import every_row
from full_database import DECIDED, SAID, SHARED, TELLING, WHO, content, fill, review_row
from sqlalchemy import JSON, Engine, String, Table, insert, select, text, update
from storage_samples import HOME, NOW

from feedback_nlp.errors import InputError
from feedback_nlp.storage import people, person_export, tables
from feedback_nlp.storage.clearing import clear_deleted
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import HANGING, OWNED, Person
from feedback_nlp.storage.traces import QUOTING

PERSON = Person((WHO,))
KEY = "a secret"
ORDER = ErasureOrder("管理员", "用户请求 2026-17", NOW, KEY)

GONE = {"reviews", "rejections", "idempotency", *(table.name for table in (*HANGING, *OWNED))}
NOBODYS_WORDS = {
    "policies": {"content", "author"},
    "efforts": {"kind", "theme_id", "ticket_id", "author"},
    "votes": {"theme_id", "criterion", "author"},
    "outcomes": {"ticket_id", "theme_id", "verdict"},
    "competitors": {"product", "author"},
    "targets": {"metric", "author", "withdrawn_by"},
    "plans": {"scores", "change"},
    "releases": {"version", "dimension", "value", "author", "withdrawn_by"},
    "release_tickets": {"ticket_id"},
    "verifications": {"ticket_id", "verdict", "content"},
    "reply_templates": {"kind", "author"},
    "nights": {"state", "inputs", "steps", "result"},
    "themes": {"id", "topic", "state", "trend", "by_channel", "by_version", "by_region"}
    | {"by_rating", "merged_into"},
    "theme_proposals": {"id", "kind", "theme_id", "other_id", "state", "author"},
    "theme_events": {"theme_id", "kind"},
    "priorities": {"theme_id", "detail"},
    "tickets": {"id", "theme_id", "department", "lane", "state", "related", "owner", "fixed"},
    "ticket_events": {"ticket_id", "kind"},
    "imports": {"source", "format", "channel", "mapping", "counts"},
    "runs": {"digest", "run"},
    "column_maps": {"channel", "format", "mapping"},
    "erasures": {"subject", "by", "counts"},
    "exposure": {"product", "version", "region", "channel"},
    "users": {"name", "password", "role", "author"},
    "api_keys": {"name", "digest", "prefix", "role", "author", "revoked_by"},
    "logins": {"digest", "kind", "user_name", "role"},
    "audit_log": {"actor", "role", "credential", "action", "subject", "request_id"},
    "webhooks": {"url", "secret", "events", "author", "removed_by"},
    "deliveries": {"event_id", "kind", "content", "fault"},
}
"""Columns of text that the program or the operator writes, never a reviewer."""


@pytest.fixture
def full(engine: Engine) -> Engine:
    """Two workspaces with the same rows in every table."""
    with transaction(engine) as session:
        for workspace in (HOME, "away"):
            fill(session, workspace)
    return engine


def erase(engine: Engine, person: Person = PERSON, order: ErasureOrder = ORDER) -> dict[str, int]:
    with transaction(engine) as session:
        return people.erase(session, HOME, person, order)


def texts_of(engine: Engine, table: Table, workspace: str) -> Iterator[str]:
    columns = [column for column in table.columns if isinstance(column.type, String | JSON)]
    with reading(engine) as session:
        for row in session.execute(select(*columns).where(table.c.workspace_id == workspace)):
            yield json.dumps(list(row), ensure_ascii=False)


def test_the_sample_has_rows_in_every_table() -> None:
    assert {name for name, rows in content().items() if rows} == set(tables.metadata.tables)


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_text_column_is_accounted_for(table: Table) -> None:
    """A new column goes with the person, is searched for their words, or cannot hold any."""
    if table.name in GONE - {"quarantine"}:
        return
    columns = {each.name for each in table.columns if isinstance(each.type, String | JSON)}
    searched = {name for each, names in QUOTING.items() if each is table for name in names}
    fixed = {"review_id", "reason", "original", "decided_by", "workspace_id"}
    assert columns - searched - fixed == NOBODYS_WORDS.get(table.name, set())


def test_find_counts_the_persons_rows_in_every_table(full: Engine) -> None:
    with reading(full) as session:
        found = people.find(session, HOME, PERSON)
        assert people.find(session, HOME, Person(("nobody",), ("r99",))) == {}
    assert found == {
        "reviews": 3,
        "review_revisions": 1,
        "original_texts": 1,
        "quarantine": 1,
        "escalations": 1,
        "sends": 1,
        "opt_outs": 1,
        "annotations": 6,
        "opinions": 6,
        "label_corrections": 1,
        "embeddings": 1,
        "theme_members": 2,
        "theme_placements": 2,
        "theme_moves": 1,
        "theme_bars": 1,
        "theme_proposal_members": 1,
        "alerts": 1,
        "survey_answers": 1,
        "usage_events": 1,
        "customers": 1,
        "orders": 1,
        "rejections": 2,
    }


def test_an_erased_persons_words_are_nowhere(full: Engine) -> None:
    erase(full)
    left = {
        (table.name, word): row
        for table in tables.metadata.sorted_tables
        for row in texts_of(full, table, HOME)
        for word in TELLING
        if word in row
    }
    assert left == {}


def test_an_erasure_counts_what_it_deleted_and_changed(full: Engine) -> None:
    with reading(full) as session:
        found = people.find(session, HOME, PERSON)
    counts = erase(full)
    changed = {"themes": 2, "theme_events": 1, "tickets": 1, "ticket_events": 1}
    changed |= {"theme_proposals": 1}
    changed |= DECIDED
    assert counts == found | {"rejections": 3, "quarantine": 2, "label_corrections": 2} | changed
    with reading(full) as session:
        assert people.find(session, HOME, PERSON) == {}


def test_what_others_said_stays(full: Engine) -> None:
    erase(full)
    with reading(full) as session:
        names = session.execute(
            select(tables.themes.c.name, tables.themes.c.keywords, tables.themes.c.quotes)
            .where(tables.themes.c.workspace_id == HOME)
            .order_by(tables.themes.c.id)
        ).all()
        notes = session.execute(
            select(tables.quarantine.c.note, tables.quarantine.c.original).where(
                tables.quarantine.c.workspace_id == HOME
            )
        ).all()
        reviews = session.execute(
            select(tables.reviews.c.id).where(tables.reviews.c.workspace_id == HOME)
        ).scalars()
        assert sorted(reviews) == ["r3", "r4"]
    assert names[0] == ("故障：【已删除】", [], [])
    assert names[1][:2] == (f"物流：{SHARED}", ["配送", "两周"])
    assert [each["review_id"] for each in names[1][2]] == ["r3"]
    assert notes == [("用户原话：【已删除】已核实", None)]


def test_other_workspaces_keep_everything(full: Engine) -> None:
    before = [row for row in every_row(full) if "'away'" in row]
    erase(full)
    assert [row for row in every_row(full) if "'away'" in row] == before


def test_an_erased_person_is_known_by_a_keyed_digest_only(full: Engine) -> None:
    erase(full)
    with reading(full) as session:
        assert people.erased(session, HOME, {WHO, "u-2"}, key=KEY) == {WHO}
        assert people.erased(session, HOME, {WHO}, key="another key") == set()
        assert people.erased(session, "away", {WHO}, key=KEY) == set()
        assert people.erased(session, "empty", {WHO}, key=KEY) == set()


def test_erasing_again_adds_to_the_tombstone(full: Engine) -> None:
    first = erase(full)
    with transaction(full) as session:
        row = {"workspace_id": HOME, "id": WHO, "imported_at": NOW}
        session.execute(insert(tables.customers), [row])
    assert erase(full) == {"customers": 1}
    with reading(full) as session:
        query = select(tables.erasures).where(tables.erasures.c.subject == people.subject(WHO, KEY))
        tombstone = session.execute(query).one()
    assert tombstone.counts == first | {"customers": 2}
    assert (tombstone.by, tombstone.reason, tombstone.erased_at) == ("管理员", ORDER.reason, NOW)


def test_a_review_without_an_author_is_erased_by_its_id(full: Engine) -> None:
    counts = erase(full, Person(review_ids=("r1", "r99")))
    assert counts["reviews"] == 1
    assert counts["rejections"] == 1  # the line with the same text, though it names nobody
    with reading(full) as session:
        left = people.find(session, HOME, PERSON)
    assert left["reviews"] == 2
    assert left["orders"] == 1


def test_a_text_that_others_wrote_too_keeps_their_rejected_lines(full: Engine) -> None:
    assert "rejections" not in erase(full, Person(review_ids=("r2",)))


@pytest.mark.parametrize(
    ("person", "reason", "message"),
    [
        pytest.param(Person(), "请求", "没有指定", id="nobody"),
        pytest.param(PERSON, f"删除 {WHO}", "编号", id="the reason names the person"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    engine: Engine, person: Person, reason: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        erase(engine, person, ErasureOrder("管理员", reason, NOW))


def test_an_export_holds_everything_and_is_json(full: Engine) -> None:
    with reading(full) as session:
        found = person_export.export(session, HOME, PERSON)
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    assert {name: len(rows) for name, rows in found.items()} == {
        "reviews": 3,
        "revisions": 1,
        "originals": 1,
        "annotations": 6,
        "corrections": 1,
        "quarantine": 1,
        "alerts": 1,
        "survey_answers": 1,
        "usage_events": 1,
        "customers": 1,
        "orders": 1,
        "sends": 1,
        "opt_outs": 1,
        "themes": 2,
        "tickets": 1,
        "rejections": 2,
    }
    assert found["reviews"][0]["replies"][0]["text"] == "您好"
    assert found["reviews"][0]["created_at"] == "2026-02-25T09:30:00+00:00"
    assert [each["opinions"][0]["text"] for each in found["annotations"][:2]] == [SAID, SHARED]
    assert [quote["text"] for quote in found["themes"][0]["quotes"]] == [SAID]
    assert found["tickets"][0]["quotes"][0]["text"] == SAID
    assert "u-2" not in json.dumps(found)


def test_an_export_of_nobody_is_empty(full: Engine) -> None:
    with reading(full) as session:
        found = person_export.export(session, HOME, Person(("nobody",)))
    assert set(map(len, found.values())) == {0}


def test_a_person_with_more_reviews_than_one_query_holds(engine: Engine) -> None:
    rows = [review_row(f"m{n:05}", f"第{n}条", WHO) | {"workspace_id": HOME} for n in range(2_500)]
    with transaction(engine) as session:
        session.execute(insert(tables.reviews), rows)
    assert erase(engine) == {"reviews": 2_500}


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_postgresql_keeps_no_sample_of_the_words(full: Engine) -> None:
    with full.begin() as connection:
        connection.execute(text("ANALYZE"))
    sampled = text(
        "SELECT coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '')"
        " FROM pg_stats WHERE schemaname = current_schema()"
    )
    with transaction(full) as session:
        people.erase(session, "away", PERSON, ORDER)
    erase(full)
    with full.connect() as connection:
        samples = "\n".join(connection.execute(sampled).scalars())
    assert [word for word in TELLING if word in samples] == []
    assert not clear_deleted(full)


def test_the_same_words_in_another_script_or_with_marks_are_theirs(full: Engine) -> None:
    changed = update(tables.themes).where(tables.themes.c.id == "T-0001")
    with transaction(full) as session:
        session.execute(changed.values(name="故障：蓝鲸牌，洗衣机！漏水"))
    erase(full)
    with reading(full) as session:
        query = select(tables.themes.c.name).where(
            tables.themes.c.workspace_id == HOME, tables.themes.c.id == "T-0001"
        )
        assert session.execute(query).scalar_one() == "故障：【已删除】"
