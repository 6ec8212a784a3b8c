"""Wordings of replies: shown, set, set back to the program's own, with their history."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from feedback_nlp.records import ReplyTemplate, Signature, TemplateKind
from feedback_nlp.replies.templates import built_in, limit_of, read
from feedback_nlp.storage import reply_templates
from feedback_nlp.workflows.signing import signed


@dataclass(frozen=True, slots=True)
class Wording:
    """The wording of one kind that counts."""

    kind: TemplateKind
    text: str
    built_in: str
    """The program's own."""
    limit: int
    """Code points that a message may have."""
    set: ReplyTemplate | None
    """Who set it; None for the program's own."""


@dataclass(frozen=True, slots=True)
class WordingChange:
    """What setting a wording did."""

    wording: Wording
    changed: bool
    """False when it counted already; nothing was written."""


def list_wordings(session: Session, workspace: str) -> tuple[Wording, ...]:
    """Return the wordings of all kinds. Reads only."""
    found = reply_templates.current(session, workspace)
    return tuple(_wording(kind, found.get(kind)) for kind in TemplateKind)


def wording_history(
    session: Session, workspace: str, kind: TemplateKind
) -> tuple[ReplyTemplate, ...]:
    """Return every change of one wording, newest first. Reads only."""
    return tuple(reply_templates.history(session, workspace, kind))


def set_wording(
    session: Session,
    workspace: str,
    kind: TemplateKind,
    text: str | None,
    signature: Signature,
) -> WordingChange:
    """Set the wording of one kind; None takes it back. Needs a write transaction.

    Raises:
        InputError: nobody signed, or the wording cannot be used; the message says why.
    """
    by = signed(signature)
    kept = None if text is None else read(kind, text).text
    changed = reply_templates.put(session, workspace, kind, kept, by)
    found = reply_templates.current(session, workspace).get(kind)
    return WordingChange(_wording(kind, found), changed)


def _wording(kind: TemplateKind, stored: ReplyTemplate | None) -> Wording:
    own = built_in(kind).text
    text = own if stored is None or stored.text is None else stored.text
    return Wording(kind, text, own, limit_of(kind), stored)
