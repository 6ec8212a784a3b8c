"""What the nightly watch listens to: what reviews say, and how many there were on each day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Date, String, cast, func, literal_column, select
from sqlalchemy.orm import Session

from feedback_nlp.heads.correct import corrected_voice
from feedback_nlp.records import CHINA, Voice
from feedback_nlp.storage import label_corrections, tables
from feedback_nlp.storage.held import is_held
from feedback_nlp.storage.opinions import select_voices, to_voice

_R: Final = tables.reviews
_O: Final = tables.opinions
JUST_IMPORTED: Final = timedelta(days=3)


def reviews_per_day(session: Session, workspace: str, *, model: str) -> dict[date, int]:
    """Count the dated reviews of each day of China time; those held back are left out."""
    day = _china_day(session)
    query = (
        select(day, func.count())
        .where(
            _R.c.workspace_id == workspace,
            _R.c.created_at.is_not(None),
            ~is_held(workspace, model),
        )
        .group_by(day)
        .order_by(day)
    )
    return {date.fromisoformat(str(day)): count for day, count in session.execute(query)}


def _china_day(session: Session) -> ColumnElement[object]:
    # The database adds up: to read a hundred thousand times takes four times as long.
    # Written out, not bound: two parameters are two expressions to PostgreSQL.
    if session.get_bind().dialect.name == "postgresql":
        zoned = func.timezone(literal_column(f"'{CHINA.key}'"), _R.c.created_at)
        return cast(zoned, Date)
    form: ColumnElement[str] = literal_column("'%Y-%m-%d'")
    shift: ColumnElement[str] = literal_column("'+8 hours'")
    return func.strftime(form, _R.c.created_at, shift, type_=String)


def lately(session: Session, workspace: str, *, model: str, since: date) -> Iterator[Voice]:
    """Walk through the opinions of late, candidates for themes or not, by review id and start.

    Of late are those of reviews written on day `since` or after, and those of reviews, whenever
    written, that came within three days of the last one to come.
    """
    newest = select(func.max(_R.c.imported_at)).where(_R.c.workspace_id == workspace)
    last_import = session.execute(newest).scalar_one()
    if last_import is None:
        return
    begin = datetime.combine(since, time(), CHINA)
    query = select_voices(workspace, model).where(
        (_R.c.created_at >= begin) | (_R.c.imported_at >= last_import - JUST_IMPORTED)
    )
    said = label_corrections.said(session, workspace)
    rows = session.execute(
        query.order_by(_O.c.review_id, _O.c.start), execution_options={"yield_per": 1_000}
    )
    for row in rows:
        yield corrected_voice(to_voice(row), said)
