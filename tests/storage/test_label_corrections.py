"""A person's label wins over every model, for as long as the text stays."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from storage_samples import (
    HOME,
    MODEL,
    NOW,
    OTHER_MODEL,
    annotation,
    correction,
    labels,
    review,
    theme,
)

from feedback_nlp.errors import ConflictError, InputError, NotFoundError
from feedback_nlp.records import Intent, PlainLabels, Polarity, QuarantineReason
from feedback_nlp.storage import (
    annotations,
    label_corrections,
    quarantine,
    reviews,
    tables,
    themes,
)
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.quarantine import Decision

ONE = review()
FIRST, SECOND = (0, 3), (4, 7)
PRAISE = PlainLabels(Polarity.POS, Intent.PRAISE, severity=0)


def fill(session: Session) -> None:
    """Two models find two complaints in one review."""
    reviews.add(session, HOME, [ONE], now=NOW)
    for model in (MODEL, OTHER_MODEL):
        parts = [(*span, labels()) for span in (FIRST, SECOND)]
        annotations.add(session, HOME, [annotation(ONE, *parts, model=model)])


def correct(session: Session, span: tuple[int, int], said: PlainLabels) -> None:
    label_corrections.add(session, HOME, correction(ONE, span, said))


def polarities(session: Session, model: str = MODEL) -> list[Polarity]:
    found = annotations.get(session, HOME, "r1", model=model)
    return [opinion.labels.polarity for opinion in found.opinions] if found else []


def test_a_correction_is_laid_over_every_model_and_rows_keep_what_it_said(engine: Engine) -> None:
    with transaction(engine) as session:
        fill(session)
        rows = session.execute(select(tables.opinions)).all()
        correct(session, FIRST, PRAISE)
        for model in (MODEL, OTHER_MODEL):
            assert polarities(session, model) == [Polarity.POS, Polarity.NEG]
            (found,) = annotations.every(session, HOME, model=model)
            assert found == annotations.get(session, HOME, "r1", model=model)
            assert found.model == model
        assert session.execute(select(tables.opinions)).all() == rows


def test_the_newest_word_counts_and_older_ones_stay_as_history(engine: Engine) -> None:
    told = [
        correction(ONE, FIRST, PRAISE),
        correction(ONE, FIRST, PlainLabels(Polarity.NEU, topics=("app.slow",), severity=0)),
    ]
    with transaction(engine) as session:
        fill(session)
        for each in told:
            label_corrections.add(session, HOME, each)
        said = label_corrections.said(session, HOME, ["r1", "r2"])
        assert said == {("r1", *FIRST): [each.said for each in told]}
        assert polarities(session) == [Polarity.NEU, Polarity.NEG]
        stored = label_corrections.every(session, HOME)
        assert [(each.number, each.correction) for each in stored] == list(enumerate(told, 1))


def test_a_correction_goes_with_the_text_and_comes_back_with_it(engine: Engine) -> None:
    with transaction(engine) as session:
        fill(session)
        correct(session, FIRST, PRAISE)
        changed = review(text="闪退了，不再求")
        reviews.add(session, HOME, [changed], now=NOW)
        parts = [(*span, labels()) for span in (FIRST, SECOND)]
        annotations.add(session, HOME, [annotation(changed, *parts)])
        assert polarities(session) == [Polarity.NEG, Polarity.NEG]
        assert len(annotations.voices(session, HOME, model=MODEL)) == 2
        assert [each.present for each in label_corrections.every(session, HOME)] == [False]
        reviews.add(session, HOME, [ONE], now=NOW)
        assert polarities(session, OTHER_MODEL) == [Polarity.POS, Polarity.NEG]


def test_voices_are_chosen_by_corrected_labels(engine: Engine) -> None:
    quiet = review("r2", text="还可以")
    with transaction(engine) as session:
        fill(session)
        reviews.add(session, HOME, [quiet], now=NOW)
        annotations.add(session, HOME, [annotation(quiet, (0, 3, labels(Polarity.POS)))])
        correct(session, FIRST, PRAISE)
        worse = PlainLabels(Polarity.NEG, severity=1)
        label_corrections.add(session, HOME, correction(quiet, (0, 3), worse))
        found = annotations.voices(session, HOME, model=MODEL)
        assert [(voice.review_id, voice.start) for voice in found] == [("r1", 4), ("r2", 0)]
        assert found[1].labels.severity == 1


def test_opinions_of_a_theme_show_corrected_labels(engine: Engine) -> None:
    with transaction(engine) as session:
        fill(session)
        themes.save(session, HOME, [theme("T-0001", ("r1", 0), ("r1", 4))], now=NOW)
        correct(session, SECOND, PlainLabels(topics=("app.slow",)))
        found = themes.voices_of(session, HOME, "T-0001", model=MODEL, limit=9)
        assert [voice.labels.topics[0].code for voice in found] == ["app.crash", "app.slow"]


def test_a_person_says_what_is_too_severe_to_be_held(engine: Engine) -> None:
    spam = Decision(held=True, by="小李", reason=QuarantineReason.SPAM)
    with transaction(engine) as session:
        fill(session)
        quarantine.decide(session, HOME, "r1", spam, now=NOW)
        assert len(quarantine.every(session, HOME, model=MODEL)) == 1
        correct(session, FIRST, PlainLabels(Polarity.NEG, severity=3))
        assert quarantine.every(session, HOME, model=MODEL) == []
        (candidate,) = quarantine.candidates(session, HOME, model=MODEL)
        assert candidate.severity == 3
        correct(session, FIRST, PlainLabels(Polarity.NEG, severity=1))
        assert len(quarantine.every(session, HOME, model=MODEL)) == 1

        grave = annotation(ONE, (*SECOND, labels(severity=3)))
        annotations.add(session, HOME, [grave])
        assert quarantine.every(session, HOME, model=MODEL) == []
        correct(session, SECOND, PlainLabels(topics=("app.slow",)))
        assert quarantine.every(session, HOME, model=MODEL) == []
        correct(session, SECOND, PRAISE)
        assert len(quarantine.every(session, HOME, model=MODEL)) == 1
        (candidate,) = quarantine.candidates(session, HOME, model=MODEL)
        assert (candidate.polarity, candidate.severity) == (Polarity.POS, 0)


def test_what_cannot_be_kept_is_refused(engine: Engine) -> None:
    with transaction(engine) as session:
        fill(session)
        with pytest.raises(NotFoundError, match="r9"):
            label_corrections.add(session, HOME, correction(review("r9"), FIRST, PRAISE))
        other = review(text="不是这句话")
        with pytest.raises(ConflictError, match="r1"):
            label_corrections.add(session, HOME, correction(other, FIRST, PRAISE))
        broken = correction(ONE, FIRST, PRAISE, reason="\x00")
        with pytest.raises(InputError, match="reason"):
            label_corrections.add(session, HOME, broken)
        assert label_corrections.every(session, HOME) == []
