"""Watch: stored reviews and themes -> the alerts of the newest day, each told once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.records import Alert, AlertKind, Voice
from feedback_nlp.storage import alerts, annotations, heard, reviews, themes
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.themes.sharp import sharp_alerts
from feedback_nlp.themes.trend import day_of
from feedback_nlp.themes.watch import find_alerts
from feedback_nlp.workflows.theme_rates import bases, days_of

LATE_DAYS: Final = 7
"""A sharp review that comes later than this after it was written is noted under its own day."""


def watch_themes(engine: Engine, workspace: str, *, model: str, now: datetime) -> list[Alert]:
    """Store the alerts of the day of the newest review and return what was found, by key.

    Without any dates the day is that of `now`. Reading takes seconds, so it is done before the
    one write transaction. Repeating it with the same data changes nothing.
    """
    with reading(engine) as session:
        newest = reviews.time_span(session, workspace)[1]
        found = look(session, workspace, model=model, as_of=day_of(newest or now))
    with transaction(engine) as session:
        alerts.put(session, workspace, found)
    return found


def look(session: Session, workspace: str, *, model: str, as_of: date) -> list[Alert]:
    """Return the alerts that hold on day `as_of`, and older sharp reviews that came late."""
    known = alerts.every(session, workspace)
    voices = heard.lately(session, workspace, model=model, since=_late(as_of))
    fresh, old = _by_age(voices, as_of)
    counted = bases(session, workspace, model=model)
    voices_of_themes = annotations.voices(session, workspace, model=model)
    days = days_of(themes.every(session, workspace), voices_of_themes)
    found = find_alerts(days, counted, fresh, as_of=as_of, known=known)
    told = {(alert.kind, alert.subject): alert.key for alert in known}
    late = [alert for day, said in old.items() for alert in sharp_alerts(said, as_of=day)]
    untold = [alert for alert in late if (alert.kind, alert.subject) not in told]
    kept = [alert for alert in found if _is_episode_or_untold(alert, told)]
    return sorted([*kept, *untold], key=lambda alert: alert.key)


def _late(as_of: date) -> date:
    return as_of - timedelta(days=LATE_DAYS - 1)


def _by_age(
    voices: Iterable[Voice], as_of: date
) -> tuple[list[Voice], defaultdict[date, list[Voice]]]:
    """Divide into those of the last days, or without a time, and older ones by day."""
    fresh: list[Voice] = []
    old: defaultdict[date, list[Voice]] = defaultdict(list)
    for voice in voices:
        if voice.created_at is None or day_of(voice.created_at) >= _late(as_of):
            fresh.append(voice)
        else:
            old[day_of(voice.created_at)].append(voice)
    return fresh, old


def _is_episode_or_untold(alert: Alert, told: Mapping[tuple[AlertKind, str], str]) -> bool:
    """Say that this may be told: what is told once for all was not, on whatever other day."""
    before = told.get((alert.kind, alert.subject), alert.key)
    return alert.kind is AlertKind.SPIKE or before == alert.key
