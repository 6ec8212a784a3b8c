from dataclasses import replace
from datetime import timedelta

import pytest
from builders import TAXONOMY, TODAY, SpotClassifier, complaints, make_theme, make_voices, shanghai
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.pipeline import Backlog, Plan, Span, annotate, find_themes, plan
from feedback_nlp.records import Polarity, Theme, Voice

CLASSIFIER = SpotClassifier()
REVIEW = "界面很喜欢，但是一打开就闪退！登录也很慢。"


# --- annotate ----------------------------------------------------------------------------------


def test_review_becomes_labelled_clauses_with_their_places() -> None:
    (annotation,) = annotate([("R-1", REVIEW)], CLASSIFIER)
    assert (annotation.review_id, annotation.text) == ("R-1", REVIEW)
    assert annotation.model == "spot/2026-01-01"
    assert [REVIEW[each.start : each.end] for each in annotation.opinions] == [
        each.text for each in annotation.opinions
    ]
    assert [each.labels.topics[0].code for each in annotation.opinions] == [
        "general.overall",
        "performance.crash",
        "account.login",
    ]
    assert annotation.opinions[0].labels.polarity is Polarity.POS
    assert annotation.polarity is Polarity.NEG


def test_without_splitting_a_text_is_one_opinion() -> None:
    (annotation,) = annotate([("R-1", f" {REVIEW}")], CLASSIFIER, split=False)
    (opinion,) = annotation.opinions
    assert opinion.text == REVIEW
    assert opinion.start == 1


@pytest.mark.parametrize("split", [True, False])
@pytest.mark.parametrize("text", ["", "  \n", "\u200b"], ids=["empty", "blank", "invisible"])
def test_text_without_a_word_has_no_opinions(text: str, *, split: bool) -> None:
    first, second = annotate([("R-1", text), ("R-2", "闪退了")], CLASSIFIER, split=split)
    assert first.opinions == ()
    assert (first.polarity, first.uncertain) == (Polarity.NEU, True)
    assert len(second.opinions) == 1


def test_no_texts_have_no_annotations() -> None:
    assert annotate([], CLASSIFIER) == []


@given(
    st.lists(st.text() | st.sampled_from([REVIEW, "", "太慢。退款！配送？"]), max_size=6),
    st.booleans(),
)
def test_text_gets_the_same_alone_as_in_a_batch(texts: list[str], split: bool) -> None:  # noqa: FBT001 (drawn)
    pairs = [(f"R-{place}", text) for place, text in enumerate(texts)]
    alone = [annotate([pair], CLASSIFIER, split=split)[0] for pair in pairs]
    assert annotate(pairs, CLASSIFIER, split=split) == alone


# --- plan --------------------------------------------------------------------------------------


def themes_of(*sizes: int) -> tuple[list[Theme], list[Voice]]:
    """Themes T-0001, T-0002, … of so many users each."""
    voices: list[Voice] = []
    themes: list[Theme] = []
    for number, size in enumerate(sizes, 1):
        said = make_voices(["闪退"] * size, prefix=f"T{number}")
        voices += said
        themes.append(make_theme(said, id=f"T-{number:04d}"))
    return themes, voices


def planned(*sizes: int, backlog: Backlog | None = None) -> Plan:
    themes, voices = themes_of(*sizes)
    span = Span(shanghai(2026, 3, 1), shanghai(2026, 3, 1) + timedelta(days=91))
    return plan(themes, voices, TAXONOMY, span=span, today=TODAY, backlog=backlog or Backlog())


def test_nothing_to_plan() -> None:
    assert plan([], [], TAXONOMY, span=Span(), today=TODAY) == Plan((), ())


def test_every_theme_gets_a_priority_and_a_ticket_best_first() -> None:
    made = planned(5, 9, 6)
    assert [priority.theme_id for priority in made.priorities] == ["T-0002", "T-0003", "T-0001"]
    assert [(each.id, each.theme_id) for each in made.tickets] == [
        ("K-0001", "T-0002"),
        ("K-0002", "T-0003"),
        ("K-0003", "T-0001"),
    ]
    assert [ticket.priority for ticket in made.tickets] == list(made.priorities)


def test_theme_with_an_open_ticket_keeps_it_and_new_ones_are_numbered_on() -> None:
    backlog = Backlog({"T-0003": "K-0004"}, next_number=8)
    made = planned(5, 9, 6, backlog=backlog)
    assert [(each.theme_id, each.id) for each in made.tickets] == [
        ("T-0002", "K-0008"),
        ("T-0003", "K-0004"),
        ("T-0001", "K-0009"),
    ]


def test_only_the_best_get_a_ticket_but_all_get_a_priority() -> None:
    made = planned(3, 9, 6, backlog=Backlog(limit=2))
    assert [ticket.theme_id for ticket in made.tickets] == ["T-0002", "T-0003"]
    assert len(made.priorities) == 3


def test_data_without_dates_is_planned_and_says_so() -> None:
    themes, voices = themes_of(3)
    made = plan(themes, voices, TAXONOMY, span=Span(), today=TODAY)
    assert "数据没有日期" in dict(made.priorities[0].reasons)["reach"]


def test_a_theme_of_few_users_gets_no_ticket() -> None:
    made = planned(4, 9)
    assert [ticket.theme_id for ticket in made.tickets] == ["T-0002"]
    assert len(made.priorities) == 2


def test_a_severe_theme_of_few_users_gets_a_ticket() -> None:
    themes, voices = themes_of(4)
    severe = [replace(voice, labels=replace(voice.labels, severity=3)) for voice in voices]
    made = plan(themes, severe, TAXONOMY, span=Span(), today=TODAY)
    assert [ticket.lane for ticket in made.tickets] == ["emergency"]


def test_from_voices_to_tickets_every_quote_is_a_member() -> None:
    voices = complaints()
    themes = find_themes(voices, CLASSIFIER, TAXONOMY)
    made = plan(themes, voices, TAXONOMY, span=Span(), today=TODAY, backlog=Backlog(min_users=1))
    members = {theme.id: set(theme.members) for theme in themes}
    assert len(made.tickets) == len(themes) == 5
    for ticket in made.tickets:
        assert {(quote.review_id, quote.start) for quote in ticket.evidence} <= members[
            ticket.theme_id
        ]


def test_an_open_ticket_follows_its_theme_down_the_ranking() -> None:
    made = planned(9, 6, 5, backlog=Backlog({"T-0003": "K-0001"}, next_number=2, limit=1))
    assert [(each.theme_id, each.id) for each in made.tickets] == [
        ("T-0001", "K-0002"),
        ("T-0003", "K-0001"),
    ]
    assert made.tickets[1].priority == made.priorities[2]
