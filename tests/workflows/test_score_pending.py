from pathlib import Path

import pytest
from builders import NOW
from desk import COMPLAINTS, Desk, sample_rows, write_csv

from feedback_nlp.storage import annotations, reviews
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows import score_pending
from feedback_nlp.workflows.import_files import import_files
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.score_pending import score_pending as score


def test_every_review_is_scored_once_in_batches(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_pending, "BATCH", 8)
    done: list[int] = []
    with desk.engine() as engine:
        import_files(Target(engine, "default", NOW), [COMPLAINTS])
        assert score(engine, "default", desk.classifier, progress=done.append) == 30
        assert score(engine, "default", desk.classifier) == 0
        with reading(engine) as session:
            made = list(annotations.every(session, "default", model=desk.classifier.version))
            assert [one.review_id for one in made] == [
                review.id for review in reviews.every(session, "default")
            ]
    assert done == [8, 8, 8, 6]


def test_reviews_that_arrive_meanwhile_are_scored_too(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_pending, "BATCH", 5)
    rows = sample_rows()
    early = write_csv(tmp_path / "early.csv", [row for row in rows if row["时间"] < "2026-03-06"])
    with desk.engine() as engine:
        import_files(Target(engine, "default", NOW), [write_csv(tmp_path / "late.csv", rows[-12:])])

        def arrive(_done: int) -> None:
            import_files(Target(engine, "default", NOW), [early])

        score(engine, "default", desk.classifier, progress=arrive)
        with reading(engine) as session:
            assert len(list(reviews.every(session, "default"))) > 12
            assert reviews.count_pending(session, "default", model=desk.classifier.version) == 0


def test_nothing_to_score_is_nothing_done(desk: Desk) -> None:
    with desk.engine() as engine:
        assert score(engine, "default", desk.classifier) == 0
