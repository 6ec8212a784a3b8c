"""What the nightly watch listens to: what reviews say, and how many there were on each day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Date, String, cast, func, literal_column, select
from sqlalchemy.orm import Session

from feedback_nlp.heads.correct import corrected_voice
from feedback_nlp.records import CHINA, Group, Voice
from feedback_nlp.storage import label_corrections, tables
from feedback_nlp.storage.competitors import is_theirs
from feedback_nlp.storage.held import is_held
from feedback_nlp.storage.opinions import select_voices, to_voice
from feedback_nlp.storage.upserts import in_days

_R: Final = tables.reviews
_O: Final = tables.opinions
_C: Final = tables.customers
_VALUES: Final = {
    Group.VERSION: _R.c.version,
    Group.REGION: _R.c.region,
    Group.CHANNEL: _R.c.channel,
    Group.TIER: func.coalesce(_R.c.author_tier, _C.c.tier),
}
_PLACES: Final = 6
JUST_IMPORTED: Final = timedelta(days=3)


def reviews_per_day(session: Session, workspace: str, *, model: str) -> dict[date, int]:
    """Count the dated reviews of each day of China time.

    Those held back, and competitors' reviews, are left out.
    """
    day = _china_day(session)
    query = (
        select(day, func.count())
        .where(
            _R.c.workspace_id == workspace,
            _R.c.created_at.is_not(None),
            ~is_held(workspace, model),
            ~is_theirs(workspace),
        )
        .group_by(day)
        .order_by(day)
    )
    return {date.fromisoformat(str(day)): count for day, count in session.execute(query)}


def reviews_by_group(
    session: Session, workspace: str, group: Group, *, first: date, last: date, model: str
) -> dict[date, dict[str, int]]:
    """Count the reviews of each day from `first` to `last` by what their users are told apart by.

    A tier that a review names counts before that of the customer. Reviews of which nobody knows
    the value are left out, as are those that `reviews_per_day` leaves out.
    """
    day, value = _china_day(session), _VALUES[group]
    query = (
        select(day, value, func.count())
        .select_from(_R)
        .where(
            _R.c.workspace_id == workspace,
            in_days(_R.c.created_at, first, last),
            value.is_not(None),
            ~is_held(workspace, model),
            ~is_theirs(workspace),
        )
        .group_by(day, value)
        .order_by(day, value)
    )
    if group is Group.TIER:
        of_author = (_C.c.workspace_id == workspace) & (_C.c.id == _R.c.author_id)
        query = query.outerjoin(_C, of_author)
    found: defaultdict[date, dict[str, int]] = defaultdict(dict)
    for written, told, count in session.execute(query):
        found[date.fromisoformat(str(written))][told] = count
    return dict(found)


def ratings(session: Session, workspace: str, *, model: str) -> tuple[int, float]:
    """Return how many of our reviews are rated, and the sum of their stars."""
    query = select(func.count(_R.c.rating), func.sum(_R.c.rating)).where(
        _R.c.workspace_id == workspace, ~is_held(workspace, model), ~is_theirs(workspace)
    )
    count, total = session.execute(query).one()
    # Rounded, because a database adds up in any order.
    return int(count), round(total or 0.0, _PLACES)


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
    written, that came within three days of the last one to come. Competitors' reviews are left
    out.
    """
    newest = select(func.max(_R.c.imported_at)).where(
        _R.c.workspace_id == workspace, ~is_theirs(workspace)
    )
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
