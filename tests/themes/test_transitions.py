"""The map that a change of model, recipe or lexicon leaves."""

from feedback_nlp.records import How, Placement
from feedback_nlp.themes.settle import Past, Settled
from feedback_nlp.themes.transitions import Transition, transitions


def placed(review: str, theme: str, how: How = How.FOUNDED) -> Placement:
    return Placement(review, 0, theme, how)


def test_a_map_says_what_became_of_each_theme() -> None:
    past = Past(placements=(placed("a", "T-0001"), placed("b", "T-0001"), placed("c", "T-10000")))
    now = (
        placed("a", "T-0001"),
        placed("c", "T-10000"),
        placed("d", "T-0001", How.CARRIED),
        placed("e", "T-0001", How.JOINED),
        placed("f", "T-10001"),
    )
    assert transitions(past, Settled((), now)) == [
        Transition("T-0001", kept=1, recut=1, left=1, joined=1),
        Transition("T-10000", kept=1, recut=0, left=0, joined=0),
    ]


def test_nothing_known_makes_no_map() -> None:
    assert transitions(Past(), Settled((), (placed("a", "T-0001"),))) == []
