from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from storage_samples import HOME, MODEL, NOW, annotation, labels, review, theme

from feedback_nlp.records import ThemeState
from feedback_nlp.storage import annotations, reviews, tables, themes
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.ledger import Event

CRASH = theme("T-0001", ("r1", 0), ("r2", 4))
SLOW = theme("T-0002", ("r2", 0), name="卡顿")
LATER = NOW + timedelta(days=1)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Two reviews with two opinions each."""
    with transaction(engine) as session:
        many = [review("r1", created_at=NOW), review("r2")]
        reviews.add(session, HOME, many, now=NOW)
        spoken = [annotation(one, (0, 3, labels()), (4, 7, labels())) for one in many]
        annotations.add(session, HOME, spoken)
        yield session


def _kinds(session: Session, theme_id: str) -> list[str]:
    return [event.kind for event in themes.history(session, HOME, theme_id)]


def test_saved_themes_come_back_unchanged_in_order(session: Session) -> None:
    themes.save(session, HOME, [SLOW, CRASH], now=NOW)
    assert themes.every(session, HOME) == [CRASH, SLOW]
    assert themes.get(session, HOME, "T-0001") == CRASH
    assert themes.get(session, HOME, "T-9999") is None


def test_members_are_kept_sorted(session: Session) -> None:
    themes.save(session, HOME, [theme("T-0001", ("r2", 4), ("r1", 0))], now=NOW)
    assert themes.every(session, HOME) == [CRASH]


def test_saving_the_same_themes_again_writes_nothing(session: Session) -> None:
    themes.save(session, HOME, [CRASH, SLOW], now=NOW)
    themes.save(session, HOME, [SLOW, CRASH], now=LATER)
    events = session.execute(select(func.count()).select_from(tables.theme_events)).scalar_one()
    assert events == 2
    assert themes.history(session, HOME, "T-0001") == [
        Event("T-0001", NOW, "created", (("name", "闪退"),))
    ]


def test_a_theme_that_is_gone_sleeps_with_its_id(session: Session) -> None:
    themes.save(session, HOME, [CRASH, SLOW], now=NOW)
    themes.save(session, HOME, [CRASH], now=LATER)
    assert themes.every(session, HOME) == [CRASH]
    asleep = themes.every(session, HOME, any_state=True)[1]
    assert (asleep.id, asleep.state, asleep.name) == ("T-0002", "dormant", "卡顿")
    assert (asleep.count, asleep.reviews, asleep.users) == (0, 0, 0)
    assert asleep.members == ()
    assert (asleep.trend, asleep.by_channel, asleep.quotes) == ((), (), SLOW.quotes)
    assert themes.get(session, HOME, "T-0002") == asleep
    themes.save(session, HOME, [CRASH], now=LATER)
    assert _kinds(session, "T-0002") == ["created", "dormant"]


def test_a_sleeping_theme_wakes_up(session: Session) -> None:
    themes.save(session, HOME, [SLOW], now=NOW)
    themes.save(session, HOME, [], now=NOW)
    themes.save(session, HOME, [SLOW], now=LATER)
    assert themes.every(session, HOME) == [SLOW]
    assert _kinds(session, "T-0002") == ["created", "dormant", "revived"]


def test_a_theme_wakes_up_with_the_opinions_of_today(session: Session) -> None:
    themes.save(session, HOME, [CRASH], now=NOW)
    themes.save(session, HOME, [theme("T-0002", ("r1", 0))], now=NOW)
    again = theme("T-0001", ("r1", 0), ("r1", 4))
    themes.save(session, HOME, [again], now=LATER)
    assert themes.every(session, HOME) == [again]
    assert _kinds(session, "T-0001") == ["created", "dormant", "revived"]
    assert _kinds(session, "T-0002") == ["created", "dormant"]


def test_a_new_name_is_an_event_and_new_counts_are_not(session: Session) -> None:
    themes.save(session, HOME, [CRASH], now=NOW)
    themes.save(session, HOME, [replace(CRASH, users=9)], now=LATER)
    themes.save(session, HOME, [replace(CRASH, name="启动闪退")], now=LATER)
    assert themes.every(session, HOME) == [replace(CRASH, name="启动闪退")]
    assert themes.history(session, HOME, "T-0001")[1:] == [
        Event("T-0001", LATER, "renamed", (("from", "闪退"), ("to", "启动闪退")))
    ]


def test_any_other_state_is_a_move(session: Session) -> None:
    themes.save(session, HOME, [CRASH], now=NOW)
    themes.save(session, HOME, [replace(CRASH, state=ThemeState.CLOSED)], now=LATER)
    assert _kinds(session, "T-0001") == ["created", "moved"]


def test_a_closed_theme_that_nobody_speaks_of_stays_closed(session: Session) -> None:
    closed = replace(CRASH, state=ThemeState.CLOSED, named_by_hand=True)
    themes.save(session, HOME, [closed], now=NOW)
    themes.save(session, HOME, [], now=LATER)
    assert themes.every(session, HOME) == []
    (kept,) = themes.every(session, HOME, any_state=True)
    assert (kept.state, kept.named_by_hand, kept.count) == (ThemeState.CLOSED, True, 0)


def test_a_change_is_written_without_an_event(session: Session) -> None:
    themes.save(session, HOME, [CRASH], now=NOW)
    merged = replace(themes.emptied(CRASH), state=ThemeState.MERGED, merged_into="T-0002")
    themes.change(session, HOME, [merged, SLOW])
    assert themes.every(session, HOME, any_state=True) == [merged, SLOW]
    assert _kinds(session, "T-0001") == ["created"]
    assert _kinds(session, "T-0002") == []


def test_an_opinion_can_move_between_themes(session: Session) -> None:
    themes.save(session, HOME, [CRASH, SLOW], now=NOW)
    moved = [theme("T-0001", ("r1", 0)), theme("T-0002", ("r2", 0), ("r2", 4), name="卡顿")]
    themes.save(session, HOME, moved, now=LATER)
    assert themes.every(session, HOME) == moved


def test_numbers_are_above_every_theme_there_ever_was(session: Session) -> None:
    assert themes.next_number(session, HOME) == 1
    themes.save(session, HOME, [theme("T-0041"), theme("T-9"), theme("手工")], now=NOW)
    themes.save(session, HOME, [], now=NOW)
    assert themes.next_number(session, HOME) == 42


def test_themes_are_ordered_by_number_beyond_four_digits(session: Session) -> None:
    many = [theme("T-10000"), theme("T-0002"), theme("T-9999")]
    themes.save(session, HOME, many, now=NOW)
    assert [one.id for one in themes.every(session, HOME)] == ["T-0002", "T-9999", "T-10000"]


def test_the_voices_of_a_theme_come_in_pages_newest_first(session: Session) -> None:
    themes.save(session, HOME, [theme("T-0001", ("r1", 4), ("r2", 0), ("r2", 4))], now=NOW)
    pages = [
        themes.voices_of(session, HOME, "T-0001", model=MODEL, limit=2, offset=offset)
        for offset in (0, 2, 4)
    ]
    found = [[(voice.review_id, voice.start) for voice in page] for page in pages]
    assert found == [[("r1", 4), ("r2", 0)], [("r2", 4)], []]
    assert pages[0][0].text == "求修复"


def test_the_voices_of_a_theme_follow_the_present_texts(session: Session) -> None:
    themes.save(session, HOME, [CRASH], now=NOW)
    reviews.add(session, HOME, [review("r1", text="好了")], now=LATER)
    found = themes.voices_of(session, HOME, "T-0001", model=MODEL, limit=9)
    assert [voice.review_id for voice in found] == ["r2"]
