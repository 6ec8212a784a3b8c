"""Looking for reviews: both databases find the same, in the same order."""

from datetime import timedelta

from sqlalchemy import Engine
from storage_samples import HOME, MODEL, NOW, annotation, labels, review

from feedback_nlp.records import Polarity
from feedback_nlp.storage import annotations, review_search, reviews
from feedback_nlp.storage.database import transaction
from feedback_nlp.storage.keyset import Part
from feedback_nlp.storage.review_search import Sought, SoughtLabels
from feedback_nlp.text.search import search_words

TEXTS = (
    "物流太慢了",
    "物流配送，好慢",
    "更新後總是閃退",
    "ＡＰＰ闪退",
    "app[1].*+?^$(|){2}\\d_%'\"",
    "İstanbul ﬁne ẞtraße",
    "表情😀👨‍👩‍👧也要找到",
)
FOUND = {
    "物流慢": [0, 1],
    "閃退": [2, 3],
    "总是": [2],
    "App": [3, 4],
    "ａｐｐ闪退": [3],
    "[1]": [4],
    "\\d": [4],
    "d_%": [4],
    "😀": [6],
    "straße": [],
    "istanbul": [],  # İ has no lower case of one character
    "没有这个词": [],
}


def test_words_are_found_however_they_are_written(engine: Engine) -> None:
    with transaction(engine) as session:
        stored = [review(f"r{n}", text, created_at=NOW) for n, text in enumerate(TEXTS)]
        reviews.add(session, HOME, stored, now=NOW)
        found = {}
        for query in FOUND:
            sought = Sought(words=search_words(query), newest_first=False)
            hits = review_search.part(session, HOME, sought, Part(9), model=MODEL)
            found[query] = [int(hit.review.id[1:]) for hit in hits]
    assert found == FOUND


def test_reviews_without_a_time_come_last_either_way(engine: Engine) -> None:
    times = {"r1": NOW, "r2": None, "r3": NOW - timedelta(days=1), "r4": NOW, "r5": None}
    with transaction(engine) as session:
        stored = [review(key, created_at=at) for key, at in times.items()]
        reviews.add(session, HOME, stored, now=NOW)
        orders = {}
        for newest_first in (True, False):
            sought, after, ids = Sought(newest_first=newest_first), None, []
            while hits := review_search.part(session, HOME, sought, Part(1, after), model=MODEL):
                ids.append(hits[0].review.id)
                after = (hits[0].review.created_at, hits[0].review.id)
            orders[newest_first] = ids
    assert orders == {
        True: ["r4", "r1", "r3", "r5", "r2"],
        False: ["r3", "r1", "r4", "r2", "r5"],
    }


def test_labels_are_those_of_one_model(engine: Engine) -> None:
    one, other = review("r1"), review("r2")
    with transaction(engine) as session:
        reviews.add(session, HOME, [one, other], now=NOW)
        said = [annotation(each, (0, 3, labels(Polarity.NEG))) for each in (one, other)]
        annotations.add(session, HOME, said[:1])
        topic = said[0].opinions[0].labels.topics[-1]
        wanted = Sought(opinion=SoughtLabels(Polarity.NEG, topic.code))
        found = {
            model: [
                hit.review.id
                for hit in review_search.part(session, HOME, wanted, Part(9), model=model)
            ]
            for model in (MODEL, "other")
        }
    assert found == {MODEL: ["r1"], "other": []}
