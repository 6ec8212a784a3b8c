"""What people say of an opinion: what they may say, and how it is laid over a model's labels."""

from dataclasses import replace

import pytest
from builders import TAXONOMY, make_labels

from feedback_nlp.classify.review import corrected_annotation, review_polarity
from feedback_nlp.errors import InputError
from feedback_nlp.heads.correct import corrected_labels, plain
from feedback_nlp.heads.settle import settle
from feedback_nlp.records import (
    Annotation,
    Intent,
    Opinion,
    PlainLabels,
    Polarity,
    Probabilities,
    TopicProbability,
)

CRASH, SPEED = "performance.crash", "performance.speed"
NEGATIVE = make_labels(uncertain=True)
GOOD = make_labels(
    polarity=Polarity.POS, probabilities=Probabilities(0.1, 0.2, 0.7), severity=0, uncertain=True
)


def test_what_is_said_is_certain_and_the_rest_stays() -> None:
    assert corrected_labels(NEGATIVE, [PlainLabels(Polarity.POS, severity=0)]) == replace(
        NEGATIVE,
        polarity=Polarity.POS,
        probabilities=Probabilities(0.0, 0.0, 1.0),
        uncertain=False,
        severity=0,
    )
    assert corrected_labels(NEGATIVE, [PlainLabels(topics=(SPEED, CRASH))]) == replace(
        NEGATIVE, topics=(TopicProbability(SPEED, 1.0), TopicProbability(CRASH, 1.0))
    )


def test_of_each_label_the_last_word_counts() -> None:
    said = [
        PlainLabels(intent=Intent.QUESTION, topics=(SPEED,)),
        PlainLabels(Polarity.NEU, Intent.REQUEST, severity=0),
    ]
    assert plain(corrected_labels(NEGATIVE, said)) == PlainLabels(
        Polarity.NEU, Intent.REQUEST, (SPEED,), 0
    )


def test_the_polarity_of_a_review_follows_from_its_corrected_opinions() -> None:
    opinions = (Opinion(0, 2, "闪退", NEGATIVE), Opinion(3, 5, "好看", GOOD))
    annotation = Annotation("R-1", "闪退，好看", *review_polarity(opinions), opinions, "m/1")
    assert corrected_annotation(annotation, {("R-1", 0, 3): [PlainLabels(Polarity.POS)]}) is (
        annotation  # another span
    )
    said = {("R-1", 0, 2): [PlainLabels(Polarity.POS, severity=0)]}
    found = corrected_annotation(annotation, said)
    assert (annotation.polarity, found.polarity) == (Polarity.NEU, Polarity.POS)
    assert (found.polarity, found.probabilities, found.uncertain) == review_polarity(found.opinions)
    assert found.opinions[1] == opinions[1]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param(
            PlainLabels(Polarity.POS), PlainLabels(Polarity.POS, severity=0), id="not negative"
        ),
        pytest.param(
            PlainLabels(Polarity.NEG), PlainLabels(Polarity.NEG, severity=2), id="negative as seen"
        ),
        pytest.param(
            PlainLabels(severity=3), PlainLabels(Polarity.NEG, severity=3), id="severity alone"
        ),
        pytest.param(PlainLabels(topics=(SPEED,)), PlainLabels(topics=(SPEED,)), id="neither"),
    ],
)
def test_polarity_and_severity_come_together(said: PlainLabels, kept: PlainLabels) -> None:
    assert settle(plain(NEGATIVE), said, TAXONOMY) == kept


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param(PlainLabels(), "polarity、intent、topics、severity", id="nothing"),
        pytest.param(PlainLabels(Polarity.NEG), "severity 0 与 polarity neg", id="how severe?"),
        pytest.param(PlainLabels(severity=2), "severity 2 与 polarity pos", id="severe praise"),
        pytest.param(PlainLabels(Polarity.NEG, severity=4), "severity 4", id="off the scale"),
        pytest.param(PlainLabels(topics=("no.such",)), "topics.*no.such", id="unknown topic"),
        pytest.param(PlainLabels(topics=(SPEED, SPEED)), "topics", id="a topic twice"),
        pytest.param(
            PlainLabels(topics=tuple(topic.code for topic in TAXONOMY.topics[:4])),
            "topics",
            id="four topics",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(said: PlainLabels, field: str) -> None:
    with pytest.raises(InputError, match=field):
        settle(plain(GOOD), said, TAXONOMY)
