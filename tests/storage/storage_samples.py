"""Small records for the storage tests, and hypothesis strategies that provoke it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback_nlp.records import (
    Annotation,
    Customer,
    Exposure,
    Intent,
    LabelCorrection,
    Labels,
    Opinion,
    Order,
    PlainLabels,
    Polarity,
    Priority,
    Probabilities,
    Quarantined,
    QuarantineReason,
    Quote,
    Reply,
    Review,
    ReviewKind,
    Run,
    SurveyAnswer,
    Theme,
    ThemeState,
    Ticket,
    TicketState,
    TopicProbability,
    UsageEvent,
    WeekCount,
)
from feedback_nlp.storage import tables
from feedback_nlp.storage.imports import Origin

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))
MODEL = "linear-zh/2026-01-01"
OTHER_MODEL = "encoder-zh/2026-02-01"
HOME = "home"


def review(key: str = "r1", text: str = "闪退了，求修复", **fields: object) -> Review:
    return Review(id=key, channel="appstore", text=text, **fields)  # type: ignore[arg-type]


def labels(
    polarity: Polarity = Polarity.NEG,
    intent: Intent = Intent.COMPLAINT,
    severity: int | None = None,
) -> Labels:
    return Labels(
        polarity=polarity,
        probabilities=Probabilities(0.7, 0.2, 0.1),
        uncertain=False,
        topics=(TopicProbability("app.crash", 0.8), TopicProbability("app.slow", 0.1)),
        intent=intent,
        severity=severity or (2 if polarity is Polarity.NEG else 0),
    )


def annotation(of: Review, *parts: tuple[int, int, Labels], model: str = MODEL) -> Annotation:
    spans = parts or ((0, len(of.text), labels()),)
    return Annotation(
        review_id=of.id,
        text=of.text,
        polarity=spans[0][2].polarity,
        probabilities=Probabilities(0.6, 0.3, 0.1),
        uncertain=True,
        opinions=tuple(Opinion(a, b, of.text[a:b], said) for a, b, said in spans),
        model=model,
    )


def correction(
    of: Review, span: tuple[int, int], said: PlainLabels, **fields: object
) -> LabelCorrection:
    seen = PlainLabels(Polarity.NEG, Intent.COMPLAINT, ("app.crash", "app.slow"), 2)
    made = LabelCorrection(
        review_id=of.id,
        start=span[0],
        end=span[1],
        text=of.text[slice(*span)],
        said=said,
        seen=seen,
        model=MODEL,
        author="标注员",
        at=NOW,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def theme(
    key: str = "T-0001", *members: tuple[str, int], name: str = "闪退", state: str = "open"
) -> Theme:
    return Theme(
        id=key,
        name=name,
        topic="app.crash",
        keywords=("闪退", "崩溃"),
        quotes=(Quote("r1", 0, 3, "闪退了"),),
        members=members,
        count=len(members),
        reviews=len({one for one, _ in members}),
        users=1,
        negative_share=0.5,
        first_seen=datetime(2026, 2, 1, 8, tzinfo=BEIJING),
        last_seen=None,
        trend=(WeekCount(date(2026, 2, 2), 2), WeekCount(date(2026, 2, 9), 0)),
        by_channel=(("appstore", 2),),
        by_version=(("", 2),),
        by_region=(),
        by_rating=(("1", 1), ("2", 1)),
        state=ThemeState(state),
        boundary_quotes=(Quote("r2", 4, 7, "求修复"),),
    )


def priority(theme_id: str = "T-0001", score: float = 120.5) -> Priority:
    return Priority(
        theme_id=theme_id,
        reach=310.0,
        impact=2,
        confidence=0.8,
        effort=0.1 + 0.2,
        score=score,
        low=90.25,
        high=140.0,
        reasons=(("reach", "每季度约 310 人"), ("impact", "多为严重问题")),
    )


def ticket(
    key: str = "K-0001", theme_id: str = "T-0001", state: TicketState = TicketState.TRIAGE
) -> Ticket:
    return Ticket(
        id=key,
        theme_id=theme_id,
        title="修复启动闪退",
        problem="升级后无法打开",
        evidence=(Quote("r1", 0, 3, "闪退了"),),
        department="客户端",
        lane="weekly",
        due=date(2026, 3, 9),
        resources="约 0.3 人月",
        acceptance="投诉率下降一半",
        state=state,
        priority=priority(theme_id),
    )


def run(themes: int = 3) -> Run:
    return Run(
        as_of=datetime(2026, 3, 1, 20, tzinfo=BEIJING),
        model=MODEL,
        taxonomy="2026-01-01",
        lexicon="2026-01-01",
        recipe="2026-01-01",
        reviews=10,
        opinions=20,
        candidates=12,
        assigned=8,
        unassigned=4,
        themes=themes,
        tickets=2,
        rejected=1,
    )


def origin(source: str = "a.csv", **fields: object) -> Origin:
    mapping = {"正文": "text"}
    given: dict[str, object] = {"format": "table", "channel": "appstore", "mapping": mapping}
    return Origin(source, **given | fields)  # type: ignore[arg-type]


def quarantined(
    key: str = "r1",
    reason: QuarantineReason = QuarantineReason.SPAM,
    detail: str = "含有推广链接",
) -> Quarantined:
    return Quarantined(key, reason, detail)


def count_reviews(session: Session) -> int:
    return session.execute(select(func.count()).select_from(tables.reviews)).scalar_one()


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
MAYBE = st.none() | TEXTS
TIMES = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001 (hypothesis adds the zone)
    timezones=st.sampled_from([UTC, BEIJING, timezone(timedelta(hours=-3, minutes=-30))]),
)
SHARES = st.floats(0, 1)
COUNTS = st.integers(0, 2**63 - 1)
SCORES = st.none() | st.integers(0, 10)
DAYS = st.dates()
AMOUNTS = st.floats(0, 1e12)
REVIEWS = st.builds(
    Review,
    id=TEXTS,
    channel=TEXTS,
    text=TEXTS,
    external_id=MAYBE,
    kind=st.sampled_from(ReviewKind),
    created_at=st.none() | TIMES,
    product=MAYBE,
    version=MAYBE,
    region=MAYBE,
    author_id=MAYBE,
    author_tier=MAYBE,
    rating=st.none() | st.floats(1, 5),
    nps=SCORES,
    csat=st.none() | st.integers(1, 5),
    likes=COUNTS,
    replies=st.lists(st.builds(Reply, TEXTS, st.none() | TIMES), max_size=3).map(tuple),
    resolved_at=st.none() | TIMES,
    masked=st.lists(TEXTS, max_size=3).map(tuple),
    extras=st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple),
)
CUSTOMERS = st.builds(Customer, TEXTS, MAYBE, MAYBE, st.none() | DAYS)
ORDERS = st.builds(Order, TEXTS, TEXTS, TIMES, AMOUNTS, MAYBE, MAYBE, MAYBE, st.booleans())
SURVEYS = st.builds(
    SurveyAnswer,
    id=TEXTS,
    channel=TEXTS,
    answered_at=st.none() | TIMES,
    nps=SCORES,
    csat=SCORES,
    author_id=MAYBE,
    review_id=MAYBE,
)
USAGE = st.builds(UsageEvent, TEXTS, TEXTS, TEXTS, TIMES, MAYBE, MAYBE, COUNTS, st.none() | AMOUNTS)
EXPOSURE = st.builds(Exposure, DAYS, TEXTS, TEXTS, TEXTS, TEXTS, st.none() | COUNTS)
LABELS = st.builds(
    Labels,
    polarity=st.sampled_from(Polarity),
    probabilities=st.builds(Probabilities, SHARES, SHARES, SHARES),
    uncertain=st.booleans(),
    topics=st.lists(st.builds(TopicProbability, TEXTS, SHARES), max_size=3).map(tuple),
    intent=st.sampled_from(Intent),
    severity=st.integers(0, 3),
)
OPINIONS = st.lists(
    st.builds(Opinion, st.integers(0, 10_000), st.integers(0, 10_000), TEXTS, LABELS),
    max_size=4,
    unique_by=lambda opinion: opinion.start,
).map(lambda found: tuple(sorted(found, key=lambda opinion: opinion.start)))
ANNOTATIONS = st.builds(
    Annotation,
    review_id=TEXTS,
    text=TEXTS,
    polarity=st.sampled_from(Polarity),
    probabilities=st.builds(Probabilities, SHARES, SHARES, SHARES),
    uncertain=st.booleans(),
    opinions=OPINIONS,
    model=TEXTS,
    error=MAYBE,
)
