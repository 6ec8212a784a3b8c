"""What re-clustering proposes about themes that exist."""

from collections.abc import Sequence
from dataclasses import replace

from builders import SpotClassifier, make_voices

from feedback_nlp.records import ProposalKind
from feedback_nlp.themes.propose import Decided, Proposer
from feedback_nlp.themes.recipes import DEFAULT, RECIPES
from feedback_nlp.themes.sayings import distinct
from feedback_nlp.themes.vectors import meaning_of, rows_of

CRASH = ["一打开就闪退", "打开就闪退", "一打开就闪退了", "打开就会闪退"]
LOGIN = ["收不到短信验证码", "短信验证码收不到", "一直收不到短信验证码", "验证码短信收不到"]
NOTHING = Decided()


def proposer(texts: Sequence[str], decided: Decided = NOTHING) -> Proposer:
    sayings = distinct(make_voices(texts))
    meaning = meaning_of(sayings, SpotClassifier())
    return Proposer(sayings, rows_of(sayings, meaning, DEFAULT), DEFAULT, decided)


def places(asked: Proposer, texts: Sequence[str]) -> list[int]:
    return [place for place, saying in enumerate(asked.sayings) if saying.text in texts]


def test_two_themes_about_one_thing_are_proposed_for_a_merge() -> None:
    asked = proposer([*CRASH, *LOGIN])
    themes = {
        "T-0010": places(asked, CRASH[:2]),
        "T-0009": places(asked, CRASH[2:]),
        "T-0001": places(asked, LOGIN),
    }
    (proposal,) = asked.propose(themes)
    assert (proposal.kind, proposal.theme_id, proposal.other_id) == (
        ProposalKind.MERGE,
        "T-0009",
        "T-0010",
    )
    assert DEFAULT.merge_similarity <= proposal.similarity <= 1
    assert proposal.members == ()


def test_a_theme_about_two_things_is_proposed_for_a_split() -> None:
    asked = proposer([*CRASH, *LOGIN[:3]])
    (proposal,) = asked.propose({"T-0001": places(asked, [*CRASH, *LOGIN])})
    assert (proposal.kind, proposal.theme_id) == (ProposalKind.SPLIT, "T-0001")
    assert proposal.members == (("R-005", 0), ("R-006", 0), ("R-007", 0))
    assert proposal.similarity < DEFAULT.coarsest


def test_what_a_person_said_no_to_is_not_proposed() -> None:
    apart = frozenset({frozenset({"T-0001", "T-0002"})})
    asked = proposer([*CRASH, *LOGIN], Decided(apart, whole=frozenset({"T-0003"})))
    assert (
        asked.propose({"T-0001": places(asked, CRASH[:2]), "T-0002": places(asked, CRASH[2:])})
        == []
    )
    assert asked.propose({"T-0003": places(asked, [*CRASH, *LOGIN])}) == []


def test_a_part_that_is_no_theme_stays() -> None:
    asked = proposer([*CRASH, LOGIN[0]])
    assert asked.propose({"T-0001": places(asked, [*CRASH, *LOGIN])}) == []


def test_themes_that_are_fine_are_left_alone() -> None:
    asked = proposer([*CRASH, *LOGIN])
    assert asked.propose({"T-0001": places(asked, CRASH), "T-0002": places(asked, LOGIN)}) == []
    assert asked.propose({}) == []


def test_recipes_before_the_grain_propose_nothing() -> None:
    asked = replace(proposer(CRASH), recipe=RECIPES[0])
    assert (
        asked.propose({"T-0001": places(asked, CRASH[:2]), "T-0002": places(asked, CRASH[2:])})
        == []
    )
