import pytest
from builders import make_labels, make_voice

from feedback_nlp.records import Intent, Labels, Polarity
from feedback_nlp.themes.sayings import Saying
from feedback_nlp.themes.stances import is_wanting, speaking_for

COMPLAINT = make_labels()
UNSURE = make_labels(uncertain=True)
PRAISE = make_labels(polarity=Polarity.POS, intent=Intent.PRAISE)
REQUEST = make_labels(polarity=Polarity.POS, intent=Intent.REQUEST)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param(COMPLAINT, True, id="complaint"),
        pytest.param(REQUEST, True, id="a friendly request"),
        pytest.param(PRAISE, False, id="praise"),
        pytest.param(
            make_labels(polarity=Polarity.NEG, intent=Intent.PRAISE), False, id="praise read as bad"
        ),
        pytest.param(
            make_labels(polarity=Polarity.NEU, intent=Intent.QUESTION), False, id="a question"
        ),
    ],
)
def test_is_wanting(labels: Labels, *, expected: bool) -> None:
    assert is_wanting(labels) is expected


@pytest.mark.parametrize(
    ("said", "speaking"),
    [
        pytest.param([COMPLAINT, PRAISE, UNSURE, REQUEST], [0, 3], id="complaints and requests"),
        pytest.param([PRAISE, COMPLAINT, PRAISE], [0, 1, 2], id="mostly praise: all sure ones"),
        pytest.param([UNSURE, PRAISE, UNSURE], [1], id="no sure complaint: what is sure"),
        pytest.param([UNSURE, UNSURE], [0, 1], id="nothing sure: all"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_speaking_for(said: list[Labels], speaking: list[int]) -> None:
    sayings = [
        Saying(str(n), str(n), (make_voice(str(n), labels=labels),))
        for n, labels in enumerate(said)
    ]
    assert speaking_for(sayings) == tuple(sayings[n] for n in speaking)
