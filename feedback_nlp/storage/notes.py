"""Tables to which rows are only added; each row has a number inside its workspace."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.storage.database import lock


def append(session: Session, table: Table, workspace: str, row: Mapping[str, Any]) -> int:
    """Write a row behind the existing ones and return its number.

    Nobody else adds one in this workspace until the transaction ends.
    """
    lock(session, workspace, table.name)
    number = newest(session, table, workspace) + 1
    session.execute(insert(table), [{**row, "workspace_id": workspace, "id": number}])
    return number


def newest(session: Session, table: Table, workspace: str) -> int:
    """Return the number of the newest row, 0 without any: a mark that differs once one is added."""
    query = select(func.max(table.c.id)).where(table.c.workspace_id == workspace)
    return session.execute(query).scalar_one() or 0
