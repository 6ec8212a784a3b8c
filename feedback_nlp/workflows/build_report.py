"""Report: everything stored -> the files a product manager and a machine read."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from feedback_nlp.artifacts import load_error_rates
from feedback_nlp.errors import InputError
from feedback_nlp.heads.counting import ErrorRates
from feedback_nlp.quarantine import lexicon, recipes
from feedback_nlp.records import Annotation, Polarity, Review, Run, Taxonomy, ThemeState, Ticket
from feedback_nlp.reports.alerts import ALERT_DAYS
from feedback_nlp.reports.content import Exposed, PolarityCounts, ReportData
from feedback_nlp.reports.opinion_shares import opinion_shares
from feedback_nlp.reports.write import write_reports
from feedback_nlp.storage import (
    annotations,
    competitors,
    exposure,
    plans,
    priorities,
    rejections,
    reviews,
    runs,
    themes,
    tickets,
)
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.text.segment import LEXICON_VERSION
from feedback_nlp.themes.recipes import suited
from feedback_nlp.themes.trend import count_weeks, day_of
from feedback_nlp.workflows.browse_alerts import recent
from feedback_nlp.workflows.protect import is_flagged
from feedback_nlp.workflows.read_delivery import read_delivery
from feedback_nlp.workflows.theme_rates import bases, days_of, rates_by_week

SCREENING: Final = f"{recipes.DEFAULT.name}+{lexicon.LEXICON_VERSION}"


@dataclass(slots=True)
class _Tally:
    """Counts over annotated reviews, collected in one pass. Lives only inside `collect`.

    A quarantined review counts in the first three counts only, a competitor's one in `of_rivals`.
    """

    rivals: frozenset[str] = frozenset()
    """Products of other companies."""
    reviews: int = 0
    opinions: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    of_rivals: int = 0
    polarity: Counter[Polarity] = field(default_factory=Counter)
    uncertain: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    products: set[str | None] = field(default_factory=set)
    times: list[datetime] = field(default_factory=list)
    negative_times: list[datetime] = field(default_factory=list)
    undated: int = 0
    with_author: int = 0
    garbled: int = 0
    quoted: dict[str, Review] = field(default_factory=dict)
    opinion_polarity: Counter[Polarity] = field(default_factory=Counter)
    chances: "array[float]" = field(default_factory=lambda: array("f"))
    """neg, neu, pos of each opinion; 4 MB for 300,000."""

    def add(self, annotation: Annotation, review: Review) -> None:
        if review.product in self.rivals:
            self.of_rivals += 1
            return
        self.reviews += 1
        self.opinions += len(annotation.opinions)
        if annotation.quarantine is not None:
            self.quarantined[annotation.quarantine] += 1
            return
        self.polarity[annotation.polarity] += 1
        self.uncertain += annotation.uncertain
        for labels in (opinion.labels for opinion in annotation.opinions):
            said = labels.probabilities
            self.opinion_polarity[labels.polarity] += 1
            self.chances.extend((said.neg, said.neu, said.pos))
        self.channels[review.channel] += 1
        self.garbled += is_flagged(review)
        self.products.add(review.product)
        self.with_author += review.author_id is not None
        if review.created_at is None:
            self.undated += 1
            return
        self.times.append(review.created_at)
        if annotation.polarity is Polarity.NEG:
            self.negative_times.append(review.created_at)


def annotated(
    session: Session, workspace: str, *, model: str
) -> Iterator[tuple[Annotation, Review]]:
    """Yield each annotation of `model` with its review, in review order."""
    stored = reviews.every(session, workspace)
    for annotation in annotations.every(session, workspace, model=model):
        # Both come in the same order; a review that is not annotated yet is passed over.
        yield annotation, next(review for review in stored if review.id == annotation.review_id)


def collect(
    session: Session,
    workspace: str,
    taxonomy: Taxonomy,
    *,
    model: str,
    rates: ErrorRates | None = None,
) -> ReportData:
    """Read one consistent state of the database and return all that a report says about it.

    `rates` say how the polarities of `model` err, if that is known.
    """
    ranked = {priority.theme_id: priority for priority in priorities.every(session, workspace)}
    every_theme = themes.every(session, workspace, any_state=True)
    known = {theme.id: theme for theme in every_theme if theme.state is ThemeState.OPEN}
    order = [priority.theme_id for priority in ranked.values() if priority.theme_id in known]
    # Shown with the priority of today; a ticket whose theme has gone quiet keeps its last one.
    open_tickets = _by_score(
        replace(ticket, priority=ranked.get(ticket.theme_id, ticket.priority))
        for ticket in tickets.every(session, workspace)
    )
    quoted = {q.review_id for theme in known.values() for q in theme.quotes}
    quoted |= {q.review_id for ticket in open_tickets for q in ticket.evidence}
    told, alerts_as_of = recent(session, workspace, days=ALERT_DAYS)
    told = [alert for alert in told if not alert.kind.of_theme or alert.subject in order]
    quoted |= {q.review_id for alert in told for q in alert.quotes}
    tally = _Tally(rivals=frozenset(competitors.active(session, workspace)))
    for annotation, review in annotated(session, workspace, model=model):
        tally.add(annotation, review)
        if review.id in quoted:
            tally.quoted[review.id] = review
    voices = annotations.voices(session, workspace, model=model)
    first, last = min(tally.times, default=None), max(tally.times, default=None)
    # A closed theme is not shown, but its opinions have a place.
    members = {member for theme in every_theme for member in theme.members}
    assigned = sum((voice.review_id, voice.start) in members for voice in voices)
    return ReportData(
        run=Run(
            as_of=last,
            model=model,
            taxonomy=taxonomy.version,
            lexicon=LEXICON_VERSION,
            recipe=suited(model).name,
            reviews=tally.reviews,
            opinions=tally.opinions,
            candidates=len(voices),
            assigned=assigned,
            unassigned=len(voices) - assigned,
            themes=len(order),
            tickets=len(open_tickets),
            rejected=rejections.count(session, workspace),
            quarantined=tally.quarantined.total(),
            screening=SCREENING,
        ),
        taxonomy=taxonomy,
        themes=tuple(known[theme_id] for theme_id in order),
        priorities=tuple(ranked[theme_id] for theme_id in order),
        tickets=open_tickets,
        polarity=PolarityCounts(
            tally.polarity[Polarity.NEG],
            tally.polarity[Polarity.NEU],
            tally.polarity[Polarity.POS],
            tally.uncertain,
        ),
        weekly_reviews=count_weeks(tally.times, first=first, last=last),
        weekly_negative=count_weeks(tally.negative_times, first=first, last=last),
        topics=_most_common(voice.labels.topics[0].code for voice in voices),
        channels=_most_common(tally.channels.elements()),
        sources=tuple(tally.quoted[review_id] for review_id in sorted(tally.quoted)),
        first_review=first,
        undated=tally.undated,
        with_author=tally.with_author,
        exposure=_exposed(session, workspace, first, last),
        garbled=tally.garbled,
        plan=plans.latest(session, workspace),
        delivery=read_delivery(
            session, workspace, taxonomy, model=model, day=None if last is None else day_of(last)
        ),
        quarantined=_most_common(tally.quarantined.elements()),
        of_rivals=tally.of_rivals,
        opinion_shares=opinion_shares(
            tally.opinion_polarity, np.array(tally.chances, np.float64).reshape(-1, 3), rates
        ),
        rates=rates_by_week(
            days_of((known[theme_id] for theme_id in order), voices),
            bases(session, workspace, model=model),
        ),
        alerts=tuple(told),
        alerts_as_of=alerts_as_of,
        product=tally.products.pop() if len(tally.products) == 1 else None,
    )


def _exposed(
    session: Session, workspace: str, first: datetime | None, last: datetime | None
) -> Exposed | None:
    """Return orders where they are known, else active users, over the days of the reviews."""
    if first is None or last is None:
        return None
    begin, end = day_of(first), day_of(last)
    found = exposure.total(session, workspace, first=begin, last=end)
    for measure, known in (("订单", found.orders), ("活跃用户（人天）", found.active_users)):
        if known is not None and known.total:
            return Exposed(measure, known.total, known.days, (end - begin).days + 1)
    return None


def build_report(
    engine: Engine,
    workspace: str,
    taxonomy: Taxonomy,
    *,
    model: str,
    out: Path,
    models: Path | None = None,
) -> tuple[ReportData, tuple[Path, ...]]:
    """Write all report files into `out` and note the run; return what they say and their paths.

    Reads one snapshot, so all numbers in all files agree even while an import goes on. `models` is
    where the model's error rates are looked up (default: the packaged models).

    Raises:
        InputError: reviews are stored, but this model has read none of them yet.
        ArtefactError: the model is there, but its error rates are damaged.
    """
    rates = load_error_rates(model, models=models)
    with reading(engine) as session:
        data = collect(session, workspace, taxonomy, model=model, rates=rates)
        waiting = reviews.count_pending(session, workspace, model=model)
        if waiting and not data.run.reviews:
            raise InputError(
                f"工作区 {workspace} 的 {waiting} 条评论都还没有被模型 {model} 分析，"
                "请先执行 feedback-nlp score 和 plan"
            )
        paths = write_reports(data, annotated(session, workspace, model=model), out)
    with transaction(engine) as session:
        runs.add(session, workspace, data.run)
    return data, paths


def _by_score(found: Iterable[Ticket]) -> tuple[Ticket, ...]:
    return tuple(sorted(found, key=lambda ticket: (-ticket.priority.score, ticket.id)))


def _most_common(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))
