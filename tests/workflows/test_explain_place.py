"""Why an opinion is in its theme."""

import pytest
from builders import NOW
from desk import COMPLAINTS, Desk

from feedback_nlp.errors import NotFoundError
from feedback_nlp.records import How
from feedback_nlp.storage import placements, themes
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.explain_place import explain


def test_every_member_can_be_explained(desk: Desk) -> None:
    desk.run(COMPLAINTS, now=NOW)
    with desk.engine() as engine, reading(engine) as session:
        placed = placements.every(session, desk.workspace)
        known = {theme.id: theme for theme in themes.every(session, desk.workspace)}
        for each in placed:
            found = explain(session, desk.workspace, each.place, desk.classifier)
            assert found.theme == known[each.theme_id]
            assert (found.placement, found.placement.how) == (each, How.FOUNDED)
            assert found.reason is not None
            assert 0 < found.reason.similarity <= 1
            assert found.reason.sentence
            quotes = set(known[each.theme_id].members)
            nearest = found.reason.nearest
            assert nearest is None or (nearest.review_id, nearest.start) in quotes
    assert placed


def test_what_has_no_theme_has_no_reason(desk: Desk) -> None:
    desk.run(COMPLAINTS, now=NOW)
    with (
        desk.engine() as engine,
        reading(engine) as session,
        pytest.raises(NotFoundError, match="R-nobody"),
    ):
        explain(session, desk.workspace, ("R-nobody", 0), desk.classifier)
