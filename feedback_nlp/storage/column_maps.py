"""Column maps: which header means which field, saved for each channel and format."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from feedback_nlp.storage.database import lock
from feedback_nlp.storage.storable import check_storable
from feedback_nlp.storage.tables import column_maps as _T  # noqa: N812 (the table of this module)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The saved map of one channel and format."""

    channel: str
    format: str
    mapping: Mapping[str, str]
    """Header -> field, in the order it was saved."""
    saved_at: datetime
    """When it last changed."""


def save(
    session: Session,
    workspace: str,
    channel: str,
    format: str,  # noqa: A002 (the field's word)
    mapping: Mapping[str, str],
    *,
    now: datetime,
) -> None:
    """Make `mapping` the map of a channel and format; an empty one forgets it.

    Raises:
        InputError: channel or format hold characters that no database can keep.
    """
    check_storable("列映射", (("渠道", channel), ("格式", format)))
    lock(session, workspace, "column_maps")
    if load(session, workspace, channel, format) == dict(mapping):
        return
    session.execute(
        delete(_T).where(
            _T.c.workspace_id == workspace, _T.c.channel == channel, _T.c.format == format
        )
    )
    if mapping:
        row = {
            "workspace_id": workspace,
            "channel": channel,
            "format": format,
            "mapping": dict(mapping),
            "saved_at": now,
        }
        session.execute(insert(_T), [row])


def load(session: Session, workspace: str, channel: str, format: str) -> dict[str, str]:  # noqa: A002 (the field's word)
    """Return the map of a channel and format; an empty one when none is saved."""
    query = select(_T.c.mapping).where(
        _T.c.workspace_id == workspace, _T.c.channel == channel, _T.c.format == format
    )
    return dict(session.execute(query).scalar_one_or_none() or {})


def every(session: Session, workspace: str) -> list[ColumnMap]:
    """Return all maps, by channel and format."""
    query = select(_T).where(_T.c.workspace_id == workspace).order_by(_T.c.channel, _T.c.format)
    return [
        ColumnMap(row.channel, row.format, row.mapping, row.saved_at)
        for row in session.execute(query)
    ]
