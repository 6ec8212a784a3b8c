"""What can be counted of a theme once its opinions are known; no model is asked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from feedback_nlp.records import Polarity, Theme, ThemeState, Voice
from feedback_nlp.themes.trend import count_weeks, day_of


@dataclass(frozen=True, slots=True)
class Span:
    """Times of the first and the last review of the data, whatever they say."""

    first: datetime | None = None
    last: datetime | None = None

    @property
    def days(self) -> int | None:
        """Days from the first to the last, both counted; None when the data has no dates."""
        if self.first is None or self.last is None:
            return None
        return (day_of(self.last) - day_of(self.first)).days + 1


NO_DATES: Final = Span()


def counted(theme: Theme, voices: Iterable[Voice], *, span: Span) -> Theme:
    """Return the theme with `voices` as its opinions; name, keywords and quotes stay.

    An open theme without opinions falls asleep, and a sleeping one with opinions wakes up.
    """
    said = sorted(voices, key=lambda voice: (voice.review_id, voice.start))
    times = sorted(voice.created_at for voice in said if voice.created_at is not None)
    negative = sum(voice.labels.polarity is Polarity.NEG for voice in said)
    return replace(
        theme,
        members=tuple((voice.review_id, voice.start) for voice in said),
        count=len(said),
        reviews=len({voice.review_id for voice in said}),
        users=len({voice.user for voice in said}),
        negative_share=round(negative / len(said), 4) if said else 0.0,
        first_seen=times[0] if times else theme.first_seen,
        last_seen=times[-1] if times else theme.last_seen,
        trend=count_weeks(times, first=span.first, last=span.last) if said else (),
        by_channel=_breakdown(voice.channel for voice in said),
        by_version=_breakdown(voice.version for voice in said),
        by_region=_breakdown(voice.region for voice in said),
        by_rating=_breakdown(
            None if voice.rating is None else f"{voice.rating:g}" for voice in said
        ),
        state=_state(theme, said),
    )


def empty_theme(theme_id: str, *, name: str, topic: str) -> Theme:
    """Return a theme that nobody has said anything in yet."""
    return Theme(
        id=theme_id,
        name=name,
        topic=topic,
        keywords=(),
        quotes=(),
        members=(),
        count=0,
        reviews=0,
        users=0,
        negative_share=0.0,
        first_seen=None,
        last_seen=None,
        trend=(),
        by_channel=(),
        by_version=(),
        by_region=(),
        by_rating=(),
    )


def _state(theme: Theme, voices: Sequence[Voice]) -> ThemeState:
    if theme.state in {ThemeState.CLOSED, ThemeState.MERGED}:
        return theme.state
    return ThemeState.OPEN if voices else ThemeState.DORMANT


def _breakdown(values: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    counts = Counter(value or "" for value in values)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
