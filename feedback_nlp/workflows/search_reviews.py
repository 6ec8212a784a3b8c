"""Search reviews and opinions: a page of those that fit, or all of them in portions. Reads only.

Labels are those of `counting_model`, with people's corrections laid over them: what is listed is
what themes and reports count.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.errors import InputError
from feedback_nlp.records import Annotation, Intent, Labels, Opinion, Polarity
from feedback_nlp.storage import annotations, review_search
from feedback_nlp.storage.database import reading
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.review_search import Hit, Sought, SoughtLabels
from feedback_nlp.text.search import search_words
from feedback_nlp.workflows.browse import counting_model

BATCH: Final = 500
"""Reviews of one query of an export."""
_SPARE: Final = 20
"""Reviews that are read beyond a page, because the labels of some do not fit after all."""

ReviewKey = tuple[datetime | None, str]
OpinionKey = tuple[datetime | None, str, int]
UNASSIGNED: Final = "none"


@dataclass(frozen=True, slots=True)
class Read:
    """A review that fits, its annotation, and the themes of its opinions by their start."""

    hit: Hit
    annotation: Annotation | None
    """None while the model has not read the present text."""
    themes: dict[int, str]

    @property
    def key(self) -> ReviewKey:
        """Its place in the order."""
        return self.hit.review.created_at, self.hit.review.id


@dataclass(frozen=True, slots=True)
class FoundOpinion:
    """An opinion that fits, the review it is from, and its theme."""

    read: Read
    opinion: Opinion
    model: str

    @property
    def theme(self) -> str | None:
        """The theme it belongs to; None for 未归类 and for what no theme is made of."""
        return self.read.themes.get(self.opinion.start)

    @property
    def key(self) -> OpinionKey:
        """Its place in the order."""
        return (*self.read.key, self.opinion.start)


def sought_words(query: str | None) -> tuple[str, ...]:
    """Return the words of a query; raises InputError when it has none."""
    if query is None:
        return ()
    words = search_words(query)
    if not words:
        raise InputError(f"q：“{query}”里没有可以查找的词；请写上文字、数字或表情")
    return words


def find_reviews(
    session: Session,
    workspace: str,
    sought: Sought,
    part: Part,
    *,
    model: str,
) -> list[Read]:
    """Return a part of the reviews that are looked for; `model` is the one in use."""
    counted_by = counting_model(session, workspace, model=model)
    found: list[Read] = []
    after: ReviewKey | None = part.after
    size = part.limit + (0 if _plain(sought) else _SPARE)
    while len(found) < part.limit:
        batch = _read(session, workspace, sought, Part(size, after), counted_by)
        found += (each for each in batch if _fits(each, sought))
        if len(batch) < size:
            break
        after = batch[-1].key
    return found[: part.limit]


def find_opinions(
    session: Session,
    workspace: str,
    sought: Sought,
    part: Part,
    *,
    model: str,
) -> list[FoundOpinion]:
    """Return a part of the opinions that are looked for: by review, in it by start.

    `sought.opinion` says what they are like; with `UNASSIGNED` as the theme those that could be
    in one and are in none. `model` is the one in use.
    """
    counted_by = counting_model(session, workspace, model=model)
    wanted = _of_opinions(sought)
    found: list[FoundOpinion] = []
    after: ReviewKey | None = None
    if part.after is not None:
        *place, start = part.after
        after = tuple(place)
        # The review of the last opinion once more: it may have others behind that one.
        same = replace(wanted, review_id=place[1])
        for each in _read(session, workspace, same, Part(1), counted_by):
            rest = _opinions(each, sought, counted_by)
            found += (behind for behind in rest if behind.opinion.start > start)
    # What is in no theme, only the rows themselves tell.
    size = BATCH if sought.theme == UNASSIGNED else part.limit
    while len(found) < part.limit:
        batch = _read(session, workspace, wanted, Part(size, after), counted_by)
        for each in batch:
            found += _opinions(each, sought, counted_by)
        if len(batch) < size:
            break
        after = batch[-1].key
    return found[: part.limit]


def every_review(
    engine: Engine, workspace: str, sought: Sought, *, model: str
) -> Iterator[list[Read]]:
    """Yield all reviews that are looked for in portions; between these no transaction is open.

    So a reader who takes an hour, or leaves, holds nothing. What comes meanwhile may be among
    them; nothing is there twice.
    """

    def portion(session: Session, part: Part) -> list[Read]:
        return find_reviews(session, workspace, sought, part, model=model)

    return _portions(engine, portion)


def every_opinion(
    engine: Engine, workspace: str, sought: Sought, *, model: str
) -> Iterator[list[FoundOpinion]]:
    """Yield all opinions that are looked for, as `every_review` does."""

    def portion(session: Session, part: Part) -> list[FoundOpinion]:
        return find_opinions(session, workspace, sought, part, model=model)

    return _portions(engine, portion)


def _portions(engine: Engine, portion: Callable[[Session, Part], list[Any]]) -> Iterator[list[Any]]:
    part = Part(BATCH)
    while True:
        with reading(engine) as session:
            found = portion(session, part)
        if found:
            yield found
        if len(found) < BATCH:
            return
        part = Part(BATCH, found[-1].key)


def _read(session: Session, workspace: str, sought: Sought, part: Part, model: str) -> list[Read]:
    hits = review_search.part(session, workspace, sought, part, model=model)
    ids = [hit.review.id for hit in hits]
    said = annotations.of_reviews(session, workspace, ids, model=model)
    themes: dict[str, dict[int, str]] = {}
    for (review_id, start), theme in review_search.themes_of(session, workspace, ids).items():
        themes.setdefault(review_id, {})[start] = theme
    return [Read(hit, said.get(hit.review.id), themes.get(hit.review.id, {})) for hit in hits]


def _of_opinions(sought: Sought) -> Sought:
    """Return which reviews to read: any review with an opinion at all where nothing is asked."""
    labels = sought.opinion or SoughtLabels()
    if sought.theme != UNASSIGNED:
        return replace(sought, opinion=labels)
    return replace(sought, opinion=labels, theme=None, quarantined=False, competitor=False)


def _plain(sought: Sought) -> bool:
    return sought.polarity is None and sought.opinion is None


def _fits(read: Read, sought: Sought) -> bool:
    if _plain(sought):
        return True
    said = read.annotation
    if said is None or (sought.polarity is not None and said.polarity is not sought.polarity):
        return False
    labels = sought.opinion
    return labels is None or any(_alike(each.labels, labels) for each in said.opinions)


def _opinions(read: Read, sought: Sought, model: str) -> Iterator[FoundOpinion]:
    if read.annotation is None:
        return
    for opinion in read.annotation.opinions:
        found = FoundOpinion(read, opinion, model)
        if sought.opinion is not None and not _alike(opinion.labels, sought.opinion):
            continue
        if sought.theme == UNASSIGNED and (found.theme is not None or not _may_join(opinion)):
            continue
        if sought.theme not in {None, UNASSIGNED, found.theme}:
            continue
        yield found


def _alike(labels: Labels, sought: SoughtLabels) -> bool:
    return (
        sought.polarity in {None, labels.polarity}
        and sought.intent in {None, labels.intent}
        and sought.uncertain in {None, labels.uncertain}
        and (sought.severity is None or labels.severity >= sought.severity)
        and (sought.topic is None or sought.topic in {each.code for each in labels.topics})
    )


def _may_join(opinion: Opinion) -> bool:
    labels = opinion.labels
    return labels.polarity is Polarity.NEG or labels.intent is Intent.REQUEST
