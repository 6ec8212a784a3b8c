"""The app-store demo night after night: ids and places stay, the failure is told in time."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from replay import Heard, Night, about_the_failure, heard, nights

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.records import Alert, AlertKind

pytestmark = pytest.mark.quality
EVERY_NIGHT = (date(2014, 8, 25), date(2014, 10, 5))
"""In between the watch runs each night, before and after once a week: it would take minutes."""
EARLIEST, LATEST = date(2014, 9, 10), date(2014, 9, 19)


def _days(known: Heard) -> list[date]:
    first, last = min(known.reviews), max(known.reviews)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begin, end = EVERY_NIGHT
    return [day for day in days if begin <= day <= end or day.weekday() == 0]


@pytest.fixture(scope="module", params=["linear-zh", "encoder-zh"])
def replayed(request: pytest.FixtureRequest) -> tuple[Heard, list[Night]]:
    classifier = load_classifier(request.param)
    known = heard(classifier)
    return known, list(nights(classifier, known, _days(known)))


def test_every_id_and_every_place_stays(replayed: tuple[Heard, list[Night]]) -> None:
    _, every = replayed
    for night, after in pairwise(every):
        assert {theme.id for theme in night.themes} <= {theme.id for theme in after.themes}
        homes = {placed.place: placed.theme_id for placed in after.placements}
        assert all(homes[placed.place] == placed.theme_id for placed in night.placements)
    assert len(every[-1].placements) > 1_000


def _of_failure(known: Heard, every: Sequence[Night]) -> list[Alert]:
    """Return the alerts about themes that, in the end, are about the failure."""
    ours = {theme.id for theme in every[-1].themes if about_the_failure(theme, known.texts)}
    return [alert for night in every for alert in night.new_alerts if alert.subject in ours]


def test_the_failure_is_told_when_it_happens_and_not_before(
    replayed: tuple[Heard, list[Night]],
) -> None:
    known, every = replayed
    alerts = _of_failure(known, every)
    others = sum(len(night.new_alerts) for night in every) - len(alerts)
    print("about the failure:", [(a.day, a.kind) for a in alerts], "others:", others)  # noqa: T201
    assert EARLIEST <= min(alert.day for alert in alerts) <= LATEST
    assert any(alert.kind is AlertKind.SPIKE and alert.day <= LATEST for alert in alerts)
    assert others <= 20
