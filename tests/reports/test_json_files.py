import json
from dataclasses import replace

import pytest
from odd_samples import undated
from report_sample import annotation_of, annotations, sample

from feedback_nlp.records import Review
from feedback_nlp.reports.json_files import (
    annotation_dict,
    dumps,
    opinion_line,
    priority_dict,
    themes_document,
)


def test_annotation_has_exactly_the_promised_shape() -> None:
    review = Review(id="7", channel="应用商店", text="付款闪退", external_id="e7")
    assert annotation_dict(annotation_of(review)) == {
        "id": "7",
        "text": "付款闪退",
        "polarity": "neg",
        "probabilities": {"neg": 0.9123, "neu": 0.0654, "pos": 0.0222},
        "uncertain": False,
        "opinions": [
            {
                "start": 0,
                "end": 4,
                "text": "付款闪退",
                "polarity": "neg",
                "probabilities": {"neg": 0.9123, "neu": 0.0654, "pos": 0.0222},
                "uncertain": False,
                "topics": [{"code": "performance.crash", "probability": 0.8765}],
                "intent": "complaint",
                "severity": 2,
            }
        ],
        "quarantine": None,
        "model": "linear-zh/2026-11-22",
        "error": None,
    }


def test_opinion_line_says_where_the_review_came_from() -> None:
    review = Review(id="7", channel="应用商店", text="付款闪退", external_id="e7")
    annotation = annotation_of(review)
    extra = {"channel": "应用商店", "external_id": "e7"}
    assert opinion_line(annotation, review) == annotation_dict(annotation) | extra
    assert opinion_line(annotation) == annotation_dict(annotation)


def test_json_is_real_chinese_on_one_line() -> None:
    annotation, review = annotations()[0]
    text = dumps(opinion_line(annotation, review))
    assert review.text in text
    assert "\\u" not in text
    assert "\n" not in text


def test_json_refuses_numbers_it_cannot_carry() -> None:
    with pytest.raises(ValueError, match="JSON"):
        dumps({"score": float("inf")})


def test_themes_document_has_the_promised_keys_in_rice_order() -> None:
    document = json.loads(dumps(themes_document(sample())))
    assert document.keys() == {"themes", "unassigned", "alerts", "run"}
    assert [theme["rank"] for theme in document["themes"]] == [1, 2, 3, 4, 5, 6]
    first = document["themes"][0]
    assert first["id"] == "T-0001"
    assert first["direction"] == "上升"
    assert first["first_seen"].endswith("+08:00")
    assert first["trend"][8] == {"week": "2026-10-26", "count": 19, "rate": None}
    assert first["denominator"] is None
    assert first["quotes"][0]["review_id"] == "r1040"
    assert set(first["priority"]["reasons"]) == {"reach", "impact", "confidence", "effort"}
    assert document["unassigned"] == {"count": 37, "share": 0.1391}
    assert document["run"]["as_of"] == "2026-11-06T21:40:00+08:00"


def test_themes_document_without_dates_has_null_times() -> None:
    document = json.loads(dumps(themes_document(undated())))
    assert document["run"]["as_of"] is None
    assert document["themes"][0]["first_seen"] is None


def test_rounding_keeps_the_score_inside_its_interval() -> None:
    close = replace(sample().priorities[0], score=10.0049, low=10.0049, high=10.0051)
    shown = priority_dict(close)
    assert (shown["low"], shown["score"], shown["high"]) == (10.0, 10.0, 10.01)
