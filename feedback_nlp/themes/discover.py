"""The room's front door: voices and yesterday's themes -> today's themes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Polarity, Taxonomy, Theme, Voice
from feedback_nlp.themes import label
from feedback_nlp.themes.cluster import Cluster, gather
from feedback_nlp.themes.recipes import Recipe, suited
from feedback_nlp.themes.track import keep_ids
from feedback_nlp.themes.trend import count_weeks, day_of


@dataclass(frozen=True, slots=True)
class Past:
    """What is already known: themes with their members, and the first number never used."""

    themes: tuple[Theme, ...] = ()
    next_number: int = 1


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


def discover(
    voices: Sequence[Voice],
    classifier: Classifier,
    taxonomy: Taxonomy,
    *,
    past: Past = Past(),
    span: Span = Span(),
    recipe: Recipe | None = None,
) -> list[Theme]:
    """Gather candidate voices into themes, ordered by id. Voices in no theme are 未归类.

    The same voices and the same past give the same themes, whatever the order of `voices`. Without
    a recipe the one that suits the classifier is taken.
    """
    clusters = gather(voices, classifier, recipe or suited(classifier.version))
    ids = keep_ids(clusters, past.themes, next_number=past.next_number)
    words = label.keywords(clusters)
    themes: list[Theme] = []
    taken: frozenset[str] = frozenset()
    for theme_id, cluster, telling in zip(ids, clusters, words, strict=True):
        name = label.name(cluster, taxonomy, telling=telling, taken=taken)
        taken |= {name}
        themes.append(_theme(theme_id, name, telling, cluster, span=span))
    return sorted(themes, key=lambda theme: theme.id)


def _theme(
    theme_id: str, name: str, keywords: tuple[str, ...], cluster: Cluster, *, span: Span
) -> Theme:
    voices = cluster.voices
    times = sorted(voice.created_at for voice in voices if voice.created_at is not None)
    negative = sum(voice.labels.polarity is Polarity.NEG for voice in voices)
    return Theme(
        id=theme_id,
        name=name,
        topic=label.main_topic(cluster),
        keywords=keywords,
        quotes=label.quotes(cluster),
        members=tuple((voice.review_id, voice.start) for voice in voices),
        count=len(voices),
        reviews=len({voice.review_id for voice in voices}),
        users=len({voice.user for voice in voices}),
        negative_share=round(negative / len(voices), 4),
        first_seen=times[0] if times else None,
        last_seen=times[-1] if times else None,
        trend=count_weeks(times, first=span.first, last=span.last),
        by_channel=_breakdown(voice.channel for voice in voices),
        by_version=_breakdown(voice.version for voice in voices),
        by_region=_breakdown(voice.region for voice in voices),
        by_rating=_breakdown(
            None if voice.rating is None else f"{voice.rating:g}" for voice in voices
        ),
    )


def _breakdown(values: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    counts = Counter(value or "" for value in values)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
