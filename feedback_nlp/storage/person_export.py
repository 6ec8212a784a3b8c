"""Everything stored about one person, ready to be written as JSON and handed to them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from feedback_nlp.storage import tables
from feedback_nlp.storage.person_rows import Person, review_ids, rows_of
from feedback_nlp.storage.traces import rejections_of

_INTERNAL: Final = {"workspace_id", "text_hash", "digest"}
_NAMES: Final = {
    tables.reviews: "reviews",
    tables.review_revisions: "revisions",
    tables.original_texts: "originals",
    tables.annotations: "annotations",
    tables.label_corrections: "corrections",
    tables.quarantine: "quarantine",
    tables.alerts: "alerts",
    tables.survey_answers: "survey_answers",
    tables.usage_events: "usage_events",
    tables.customers: "customers",
    tables.orders: "orders",
    tables.sends: "sends",
    tables.opt_outs: "opt_outs",
}
"""Under which name a table's rows are handed out; opinions and memberships go inside others."""


def export(session: Session, workspace: str, person: Person) -> dict[str, Any]:
    """Return all rows about a person by kind, every kind present, times as ISO 8601 in UTC.

    Reviews carry the replies they got; annotations carry their opinions; `themes` and `tickets`
    say where the person's words are counted and quoted, without anybody else's words.
    """
    ids = review_ids(session, workspace, person)
    found = dict(rows_of(session, workspace, person, ids))
    named = {name: _plain(found.get(table, ())) for table, name in _NAMES.items()}
    for review in (*named["reviews"], *named["revisions"]):
        review["replies"] = [{"text": said, "at": at} for said, at in review["replies"]]
    _put_opinions(named["annotations"], _plain(found.get(tables.opinions, ())))
    members = found.get(tables.theme_members, [])
    return named | {
        "themes": _themes(session, workspace, frozenset(ids), members),
        "tickets": _tickets(session, workspace, frozenset(ids)),
        "rejections": _plain(rejections_of(session, workspace, person.author_ids)),
    }


def _put_opinions(
    annotations: Sequence[dict[str, Any]], opinions: Sequence[dict[str, Any]]
) -> None:
    owner = {(each["model"], each["review_id"]): each for each in annotations}
    for annotation in annotations:
        annotation["opinions"] = []
    for opinion in opinions:
        owner[opinion.pop("model"), opinion.pop("review_id")]["opinions"].append(opinion)


def _themes(
    session: Session, workspace: str, ids: Collection[str], members: Sequence[Row[Any]]
) -> list[dict[str, Any]]:
    themes = tables.themes
    joined: dict[str, list[dict[str, Any]]] = {}
    for row in members:
        of_theme = joined.setdefault(row.theme_id, [])
        of_theme.append({"review_id": row.review_id, "start": row.start})
    query = select(themes).where(themes.c.workspace_id == workspace).order_by(themes.c.id)
    return [
        {"id": row.id, "name": row.name, "opinions": joined.get(row.id, []), "quotes": quotes}
        for row in session.execute(query)
        if (quotes := _quotes(_all_quotes(row), ids)) or row.id in joined
    ]


def _tickets(session: Session, workspace: str, ids: Collection[str]) -> list[dict[str, Any]]:
    tickets = tables.tickets
    query = select(tickets).where(tickets.c.workspace_id == workspace).order_by(tickets.c.id)
    return [
        {"id": row.id, "title": row.title, "state": row.state, "quotes": quotes}
        for row in session.execute(query)
        if (quotes := _quotes(row.evidence, ids))
    ]


def _all_quotes(theme: Row[Any]) -> list[dict[str, Any]]:
    return [
        *theme.quotes,
        *(quote for quote in theme.boundary_quotes if quote not in theme.quotes),
    ]


def _quotes(value: Sequence[dict[str, Any]], ids: Collection[str]) -> list[dict[str, Any]]:
    return [quote for quote in value if quote["review_id"] in ids]


def _plain(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    return [
        {name: _written(value) for name, value in row._asdict().items() if name not in _INTERNAL}
        for row in rows
    ]


def _written(value: Any) -> Any:  # noqa: ANN401 (a cell of any column)
    return value.isoformat() if isinstance(value, datetime | date) else value
