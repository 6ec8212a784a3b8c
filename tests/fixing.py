"""A world to fix things in: two themes that are complained of, day by day, and a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from builders import make_labels, make_theme
from sqlalchemy import Engine

from feedback_nlp.records import (
    CHINA,
    Annotation,
    Exposure,
    Opinion,
    Outcome,
    Priority,
    Probabilities,
    Review,
    Run,
    Signature,
    Theme,
    Ticket,
    TicketState,
)
from feedback_nlp.storage import annotations, exposure, outcomes, reviews, runs, themes, tickets
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.change_ticket import move_ticket
from feedback_nlp.workflows.note_release import NewRelease, note_release
from feedback_nlp.workflows.verify_fixes import Checked, check_fixes

MODEL: Final = "model/1"
HOME: Final = "default"
OUT: Final = date(2026, 3, 1)
"""The day of the release."""
BEFORE: Final = 91
CRASH, SLOW = "T-0001", "T-0002"
DAY: Final = timedelta(days=1)
SAID: Final = "又出错了"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHINA)


BY: Final = Signature("小李", noon(OUT), "上线")


@dataclass(slots=True)
class World:
    """What two themes hear day by day; exposure is the same on every day."""

    engine: Engine
    members: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    today: date = OUT - DAY * (BEFORE + 1)

    def hear(self, days: int, crash: int, slow: int = 1) -> None:
        """Let some days pass with so many complaints a day."""
        said: list[Review] = []
        exposed: list[Exposure] = []
        for _ in range(days):
            self.today += DAY
            said += self._said({CRASH: crash, SLOW: slow})
            exposed.append(Exposure(self.today, orders=1_000))
        now = noon(self.today)
        with transaction(self.engine) as session:
            reviews.add(session, HOME, said, now=now)
            annotations.add(session, HOME, [read(each) for each in said])
            exposure.add(session, HOME, exposed, now=now)
            themes.save(session, HOME, [self.theme(key) for key in self.members], now=now)

    def _said(self, counts: Mapping[str, int]) -> list[Review]:
        said = []
        for key, count in counts.items():
            for n in range(count):
                name = f"{key}-{self.today}-{n}"
                self.members.setdefault(key, []).append((name, 0))
                when = noon(self.today)
                said.append(Review(name, "商店", SAID, created_at=when, author_id=name))
        return said

    def theme(self, key: str) -> Theme:
        return replace(make_theme(), id=key, name=key, members=tuple(self.members[key]))

    def release(self, day: date, *ids: str, share: float = 1.0) -> None:
        wish = NewRelease(ids or ("K-0001",), noon(day), share=share)
        with transaction(self.engine) as session:
            note_release(session, HOME, wish, replace(BY, at=noon(self.today)))

    def check(self, ticket_id: str | None = None) -> Checked:
        now = noon(self.today) + timedelta(hours=6)
        return check_fixes(self.engine, HOME, model=MODEL, now=now, ticket_id=ticket_id)

    def plan(self) -> None:
        """Store a run that knows all that was heard."""
        made = Run(noon(self.today), MODEL, "1", "1", "1", 300, 300, 300, 300, 0, 2, 1, 0)
        with transaction(self.engine) as session:
            runs.add(session, HOME, made)

    def state(self) -> TicketState:
        return self.ticket().state

    def ticket(self) -> Ticket:
        with reading(self.engine) as session:
            found = tickets.get(session, HOME, "K-0001")
        assert found is not None
        return found

    def outcomes(self) -> list[Outcome]:
        with reading(self.engine) as session:
            return outcomes.every(session, HOME)

    def moves(self) -> list[tuple[str, str]]:
        """Where the ticket went, and who moved it."""
        with reading(self.engine) as session:
            told = tickets.history(session, HOME, "K-0001")
        details = [dict(each.detail) for each in told if each.kind == "moved"]
        return [(detail["to"], detail["author"]) for detail in details]

    def move(self, to: TicketState) -> None:
        with transaction(self.engine) as session:
            move_ticket(session, HOME, "K-0001", to, replace(BY, at=noon(self.today)))


def make_world(engine: Engine) -> World:
    """Thirteen weeks with three complaints a day about crashes, and a ticket in progress."""
    world = World(engine)
    world.hear(BEFORE, crash=3)
    with transaction(engine) as session:
        tickets.save(session, HOME, [work_on("K-0001", CRASH)], now=noon(world.today))
    return world


def read(review: Review) -> Annotation:
    labels = make_labels()
    whole = Opinion(0, len(review.text), review.text, labels)
    scores = Probabilities(0.9, 0.06, 0.04)
    return Annotation(review.id, review.text, labels.polarity, scores, False, (whole,), MODEL)  # noqa: FBT003


def work_on(key: str, theme_id: str) -> Ticket:
    """Return a ticket that is in progress."""
    return Ticket(
        id=key,
        theme_id=theme_id,
        title="修好它",
        problem="有人说出错",
        evidence=(),
        department="研发",
        lane="weekly",
        due=OUT,
        resources="一周",
        acceptance="少一半",
        state=TicketState.IN_PROGRESS,
        priority=Priority(theme_id, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, ()),
    )
