"""Three themes and a sleeping one that are made by hand, so that no clustering decides a test."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from builders import NOW
from desk import Desk, write_csv
from sqlalchemy.orm import Session

from feedback_nlp.records import (
    Bar,
    How,
    Placement,
    Priority,
    Signature,
    Theme,
    Ticket,
    TicketState,
)
from feedback_nlp.storage import (
    annotations,
    placements,
    priorities,
    reviews,
    theme_edits,
    theme_history,
    themes,
    tickets,
)
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.placements import Compared
from feedback_nlp.storage.theme_history import Told
from feedback_nlp.themes.count import Span, counted, empty_theme
from feedback_nlp.workflows.edit_desk import Desk as EditDesk
from feedback_nlp.workflows.edit_desk import Effect, Place
from feedback_nlp.workflows.edit_themes import close, rename, reopen
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.regroup_themes import merge, move, split
from feedback_nlp.workflows.run_files import (
    score,
)
from feedback_nlp.workflows.setup import Setup

SAID: Final = {
    "甲一": "一打开就闪退",
    "甲二": "一打开就闪退！",
    "甲三": "换了手机还是闪退",
    "甲四": "点开首页就闪退",
    "乙一": "配送太慢了",
    "乙二": "配送又超时",
    "乙三": "配送员找不到路",
    "丙一": "退款没到账",
    "丙二": "退款一直没到账",
    "散一": "登录不了",
    "散二": "登录不了。",
    "好评": "喜欢这个颜色",
}
"""What each review says: one opinion each, all complaints but the last."""
CRASH, SLOW, REFUND, ASLEEP = "T-0001", "T-0002", "T-0003", "T-0004"
HELD: Final = {CRASH: "甲", SLOW: "乙", REFUND: "丙", ASLEEP: "无"}
"""The themes, and how the names of their reviews begin."""
NAMES: Final = {CRASH: "打开闪退", SLOW: "配送慢", REFUND: "退款不到账", ASLEEP: "老毛病"}
TOPICS: Final = {
    CRASH: "performance.crash",
    SLOW: "logistics.speed",
    REFUND: "aftersales.return_refund",
    ASLEEP: "account.login",
}
SIGNED: Final = Signature("小李", NOW, "看过原话")
Work = Callable[[EditDesk], Effect]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A database with the themes, and what tests ask of it."""

    desk: Desk
    places: Mapping[str, Place]

    def at(self, *names: str) -> list[Place]:
        return [self.places[name] for name in names]

    def edit(self, work: Work, *, keep: bool = True) -> Effect:
        """Edit in a transaction of its own; `keep` is whether it is not rolled back."""
        with self.desk.engine() as engine, transaction(engine) as session:
            effect = work(EditDesk(session, self.desk.workspace, self.desk.classifier.version))
            if not keep:
                session.rollback()
        return effect

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.desk.engine() as engine, reading(engine) as session:
            yield session

    def theme(self, theme_id: str) -> Theme:
        with self.reading() as session:
            found = themes.get(session, self.desk.workspace, theme_id)
        assert found is not None
        return found

    def themes(self) -> list[Theme]:
        with self.reading() as session:
            return themes.every(session, self.desk.workspace, any_state=True)

    def members(self, theme_id: str) -> set[str]:
        """Names of the reviews that count in a theme."""
        held = self.theme(theme_id).members
        return {name for name, place in self.places.items() if place in held}

    def placed(self) -> dict[str, str]:
        """The theme each review's opinion belongs to, by the review's name."""
        with self.reading() as session:
            home = {each.place: each.theme_id for each in self._placements(session)}
        return {name: home[place] for name, place in self.places.items() if place in home}

    def by_hand(self) -> set[str]:
        """Names of the reviews that a person has placed."""
        with self.reading() as session:
            found = {e.place for e in self._placements(session) if e.how is How.BY_HAND}
        return {name for name, place in self.places.items() if place in found}

    def placements(self) -> list[Placement]:
        """Where the opinions belong, and how they came there."""
        with self.reading() as session:
            return self._placements(session)

    def bars(self) -> set[tuple[str, str]]:
        """Names of reviews, and the themes they are kept out of."""
        with self.reading() as session:
            bars = theme_edits.all_bars(session, self.desk.workspace)
        return {
            (name, bar.theme_id)
            for bar in bars
            for name, place in self.places.items()
            if Bar(*place, bar.theme_id) == bar
        }

    def ranked(self) -> list[str]:
        with self.reading() as session:
            return [each.theme_id for each in priorities.every(session, self.desk.workspace)]

    def history(self, theme_id: str) -> list[Told]:
        with self.reading() as session:
            return theme_history.of_theme(session, self.desk.workspace, theme_id)

    def _placements(self, session: Session) -> list[Placement]:
        return placements.every(session, self.desk.workspace)


def make_ledger(desk: Desk) -> Ledger:
    """Import and score what is said, and let the themes hold it."""
    rows = [{"编号": name, "内容": text, "用户": name} for name, text in SAID.items()]
    with desk.setup() as setup:
        _read(setup, desk, rows)
        with transaction(setup.engine) as session:
            ledger = Ledger(desk, _places(session, desk))
            _found_themes(session, ledger)
    return ledger


def rewrite(ledger: Ledger, name: str, text: str) -> None:
    """The author of a review puts another text in its place, and the model reads it."""
    with ledger.desk.setup() as setup:
        _read(setup, ledger.desk, [{"编号": name, "内容": text, "用户": name}])


def _read(setup: Setup, desk: Desk, rows: list[dict[str, str]]) -> None:
    file = write_csv(desk.root / "said.csv", rows)
    import_files(Target(setup.engine, desk.workspace, NOW), [file])
    score(setup)


def _places(session: Session, desk: Desk) -> dict[str, Place]:
    found = {each.external_id or "": each.id for each in reviews.every(session, desk.workspace)}
    return {name: (found[name], 0) for name in SAID}


def _found_themes(session: Session, ledger: Ledger) -> None:
    workspace, model = ledger.desk.workspace, ledger.desk.classifier.version
    span = Span(*reviews.time_span(session, workspace))
    held = {
        theme_id: {ledger.places[name] for name in SAID if name.startswith(begins)}
        for theme_id, begins in HELD.items()
    }
    made = [
        counted(
            empty_theme(theme_id, name=NAMES[theme_id], topic=TOPICS[theme_id]),
            annotations.voices_at(session, workspace, places, model=model),
            span=span,
        )
        for theme_id, places in held.items()
    ]
    themes.save(session, workspace, made, now=NOW)
    placed = [
        Placement(*place, theme_id, How.JOINED, 0.75, ASLEEP, 0.25)
        for theme_id in held
        for place in held[theme_id]
    ]
    placements.put(session, workspace, placed, Compared("test", NOW))
    ranked = [_priority(theme_id, score) for theme_id, score in ((CRASH, 3.0), (SLOW, 2.0))]
    priorities.save(session, workspace, ranked)
    tickets.save(session, workspace, [_ticket(ranked[1])], now=NOW)


def _priority(theme_id: str, score: float) -> Priority:
    return Priority(
        theme_id=theme_id,
        reach=10.0,
        impact=1.0,
        confidence=0.8,
        effort=1.0,
        score=score,
        low=score,
        high=score,
        reasons=(),
    )


def _ticket(priority: Priority) -> Ticket:
    return Ticket(
        id="K-0001",
        theme_id=priority.theme_id,
        title="缩短配送时间",
        problem="用户反映配送慢",
        evidence=(),
        department="物流",
        lane="weekly",
        due=date(2026, 7, 1),
        resources="一周",
        acceptance="提及减半",
        state=TicketState.TRIAGE,
        priority=priority,
    )


def other_model(ledger: Ledger, version: str) -> Ledger:
    """The same ledger at the desk of a model that has read nothing yet."""
    classifier = replace(ledger.desk.classifier, version=version)  # type: ignore[type-var]
    return replace(ledger, desk=replace(ledger.desk, classifier=classifier))


def renames(name: str, theme_id: str = CRASH) -> Work:
    return lambda desk: rename(desk, theme_id, name, SIGNED)


def merges(theme_id: str, *sources: str) -> Work:
    return lambda desk: merge(desk, theme_id, sources, SIGNED)


def closes(theme_id: str) -> Work:
    return lambda desk: close(desk, theme_id, SIGNED)


def reopens(theme_id: str) -> Work:
    return lambda desk: reopen(desk, theme_id, SIGNED)


def splits(ledger: Ledger, theme_id: str, *names: str, name: str | None = None) -> Work:
    return lambda desk: split(desk, theme_id, ledger.at(*names), SIGNED, name=name)


def moves(ledger: Ledger, to: str | None, *names: str) -> Work:
    return lambda desk: move(desk, ledger.at(*names), to, SIGNED)


def counts(effect: Effect) -> list[tuple[str, int, int]]:
    return [(change.theme.id, change.before, change.theme.count) for change in effect.changes]
