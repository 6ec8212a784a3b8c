"""A released and verified ticket, and the users who complained: where tests of replies start."""

from datetime import date, timedelta
from typing import Any, Final

from builders import NOW, TAXONOMY, make_labels, make_theme, make_voice
from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback_nlp.records import (
    Annotation,
    Competitor,
    Opinion,
    Outcome,
    Polarity,
    Priority,
    Probabilities,
    Quarantined,
    QuarantineReason,
    Release,
    Review,
    ReviewKind,
    Run,
    Ticket,
    TicketState,
    Verdict,
)
from feedback_nlp.storage import (
    annotations,
    competitors,
    outcomes,
    quarantine,
    releases,
    reviews,
    runs,
    tables,
    themes,
    tickets,
)

MODEL: Final = "spot/2026-01-01"
TICKET: Final = "K-0001"
RELEASED: Final = NOW - timedelta(days=10)
SAID: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "R-1": ("一点开就闪退", {"author_id": "U-1", "author_tier": "A", "rating": 1.0}),
    "R-2": ("昨晚又闪退", {"author_id": "U-1", "author_tier": "A", "rating": 1.0}),
    "R-3": (
        "视频看到一半闪退",
        {"author_id": "U-2", "kind": ReviewKind.CHAT, "product": "鲸鱼买菜"},
    ),
    "R-4": ("拍照时闪退", {"rating": 4.0, "external_id": "=8899"}),
    "R-5": ("更新完照样闪退", {"author_id": "U-3", "version": "8.2"}),
    "R-6": ("转发一下闪退", {"author_id": "U-4"}),
    "R-7": ("别家也闪退", {"author_id": "U-5", "product": "别家买菜"}),
}
"""What each review says. R-5 is of after the release, R-6 is held back, R-7 is a competitor's."""
TOLD: Final = ("R-2", "R-4", "R-3")
"""The reviews that are answered, in the order of the list."""


def fill(session: Session, workspace: str) -> None:
    """Write the reviews, their theme, and a ticket that was released and verified."""
    stored = [_review(key, text, n, **more) for n, (key, (text, more)) in enumerate(SAID.items())]
    reviews.add(session, workspace, stored, now=NOW)
    annotations.add(session, workspace, [_annotation(each) for each in stored])
    rival = Competitor("别家买菜", "小李", NOW)
    competitors.mark_product(session, workspace, rival, active=True)
    spam = Quarantined("R-6", QuarantineReason.SPAM, "广告")
    quarantine.replace(session, workspace, [spam], now=NOW)
    voices = [make_voice(each.text, review_id=each.id) for each in stored]
    themes.save(session, workspace, [make_theme(voices, name="一点开就闪退")], now=NOW)
    tickets.save(session, workspace, [_ticket()], now=NOW)
    fixed = Release(0, (TICKET,), RELEASED, "小李", NOW, version="8.2")
    releases.add(session, workspace, fixed)
    outcomes.add(session, workspace, Outcome(TICKET, "T-0001", Verdict.WORKED, NOW))
    runs.add(session, workspace, _run())


def move(session: Session, workspace: str, state: TicketState) -> None:
    """Put the ticket into a state, whatever its life allows."""
    table = tables.tickets
    where = (table.c.workspace_id == workspace) & (table.c.id == TICKET)
    session.execute(update(table).where(where).values(state=state.value))


def _review(key: str, text: str, n: int, **fields: Any) -> Review:  # noqa: ANN401 (any field)
    days = 3 if key == "R-5" else 40 - n
    at = NOW - timedelta(days=days)
    return Review(key, "应用商店", text, created_at=at, **{"version": "8.1", **fields})


def _annotation(of: Review) -> Annotation:
    opinion = Opinion(0, len(of.text), of.text, make_labels())
    return Annotation(
        of.id,
        of.text,
        Polarity.NEG,
        Probabilities(0.9, 0.06, 0.04),
        uncertain=False,
        opinions=(opinion,),
        model=MODEL,
    )


def _ticket() -> Ticket:
    return Ticket(
        id=TICKET,
        theme_id="T-0001",
        title="修复闪退",
        problem="",
        evidence=(),
        department="研发",
        lane="weekly",
        due=date(2026, 7, 1),
        resources="",
        acceptance="",
        state=TicketState.VERIFIED,
        priority=Priority("T-0001", 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, ()),
    )


def _run() -> Run:
    return Run(NOW, MODEL, TAXONOMY.version, "", "", 7, 7, 7, 7, 0, 1, 1, 0)
