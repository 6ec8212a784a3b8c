"""Wordings that people set: rows are only added, the latest of each kind counts."""

from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import ReplyTemplate, Signature, TemplateKind
from feedback_nlp.storage import notes, tables
from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable

_T: Final = tables.reply_templates


def put(
    session: Session,
    workspace: str,
    kind: TemplateKind,
    text: str | None,
    signature: Signature,
) -> bool:
    """Make this the wording of a kind; None sets it back to the program's own.

    Returns whether anything was written: what counts already is not written again.

    Raises:
        InputError: a string that no database can keep.
    """
    told = (("text", text), ("author", signature.author), ("reason", signature.reason))
    check_storable(f"模板 {kind.value}", told)
    lock(session, workspace, "reply_templates")
    present = current(session, workspace).get(kind)
    if (present.text if present else None) == text:
        return False
    row = {
        "kind": kind.value,
        "text": text,
        "author": signature.author,
        "at": signature.at,
        "reason": signature.reason,
    }
    notes.append(session, _T, workspace, row)
    return True


def current(session: Session, workspace: str) -> dict[TemplateKind, ReplyTemplate]:
    """Return the wordings that count; kinds with the program's own are left out."""
    newest = select(func.max(_T.c.id)).where(_T.c.workspace_id == workspace).group_by(_T.c.kind)
    query = _all(workspace).where(_T.c.id.in_(newest), _T.c.text.is_not(None))
    found = (_to_template(row) for row in session.execute(query))
    return {template.kind: template for template in found}


def history(session: Session, workspace: str, kind: TemplateKind) -> list[ReplyTemplate]:
    """Return every change of one wording, newest first."""
    query = _all(workspace).where(_T.c.kind == kind.value)
    return [_to_template(row) for row in session.execute(query)][::-1]


def mark(session: Session, workspace: str) -> int:
    """Return what is cheap to read and differs once a wording was set."""
    return notes.newest(session, _T, workspace)


def _all(workspace: str) -> Select[Any]:
    return select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.id)


def _to_template(row: Row[Any]) -> ReplyTemplate:
    return ReplyTemplate(
        number=row.id,
        kind=TemplateKind(row.kind),
        text=row.text,
        author=row.author,
        at=row.at,
        reason=row.reason,
    )
