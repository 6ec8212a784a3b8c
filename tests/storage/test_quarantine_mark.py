"""What tells a plan that reviews or decisions about them have changed since it read them."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine
from storage_samples import HOME, NOW, quarantined, review

from feedback_nlp.storage import quarantine, reviews
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.erasing import erase_reviews
from feedback_nlp.storage.quarantine import Decision

DAY = timedelta(days=1)
RELEASE = Decision(held=False, by="王敏")


def test_the_mark_changes_with_whatever_changes_who_is_heard(engine: Engine) -> None:
    with transaction(engine) as session:
        reviews.add(session, HOME, [review(key) for key in ("r1", "r2", "r3")], now=NOW)
        quarantine.replace(session, HOME, [quarantined("r1"), quarantined("r2")], now=NOW)
        marks = [quarantine.mark(session, HOME)]

        def changed() -> bool:
            marks.append(quarantine.mark(session, HOME))
            return marks[-1] != marks[-2]

        assert not changed()
        quarantine.decide(session, HOME, "r1", RELEASE, now=NOW)
        assert changed()
        quarantine.undecide(session, HOME, "r1")
        quarantine.decide(session, HOME, "r2", RELEASE, now=NOW + DAY)
        assert changed()
        quarantine.decide(session, HOME, "r2", replace(RELEASE, held=True), now=NOW + DAY)
        assert changed()
        quarantine.replace(session, HOME, [quarantined("r2"), quarantined("r3")], now=NOW + DAY)
        assert changed()
        erase_reviews(session, HOME, ["r1"])
        assert changed()
        reviews.add(session, HOME, [review("r3", "改过的文字")], now=NOW)
        assert changed()
