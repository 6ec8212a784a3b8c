"""Read the audit log."""

from sqlalchemy.orm import Session

from feedback_nlp.records import AuditEntry
from feedback_nlp.storage import audit
from feedback_nlp.storage.audit import Sought
from feedback_nlp.storage.keyset import Part


def list_audit(session: Session, workspace: str, sought: Sought, part: Part) -> list[AuditEntry]:
    """Return a part of the entries sought, newest first."""
    return audit.every(session, workspace, sought, part)
