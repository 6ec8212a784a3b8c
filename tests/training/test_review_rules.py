import pytest
from builders import make_labels

from feedback_nlp.classify.review import mean_lean
from feedback_nlp.records import Opinion, Probabilities
from training.reviews import RULES, SERVED, LabelledOpinions, compare, fit_cut_points

BAD, FACT, GOOD = (
    Probabilities(0.9, 0.07, 0.03),
    Probabilities(0.2, 0.6, 0.2),
    Probabilities(0.03, 0.07, 0.9),
)


def review(polarity: str, *clauses: tuple[str, Probabilities]) -> LabelledOpinions:
    opinions = tuple(
        Opinion(n, n + len(text), text, make_labels(probabilities=chances))
        for n, (text, chances) in enumerate(clauses)
    )
    return LabelledOpinions(opinions, polarity)


PLAIN = (
    review("neg", ("坏了", BAD), ("慢", BAD)),
    review("pos", ("好", GOOD), ("快", GOOD)),
    review("neu", ("好", GOOD), ("慢", BAD)),
) * 20


def test_all_rules_read_plain_reviews_right() -> None:
    figures = compare(PLAIN)
    assert figures["reviews"] == len(PLAIN)
    assert [line["rule"] for line in figures["rules"]] == [*RULES, SERVED]
    assert all(line["macro_f1"] == 1.0 for line in figures["rules"])


def test_cut_points_part_the_three_polarities() -> None:
    cuts = fit_cut_points(PLAIN, lean=mean_lean)
    assert -0.87 < cuts.low < 0.0 < cuts.high < 0.87


@pytest.mark.parametrize(
    ("rule", "stronger", "weaker"),
    [
        pytest.param(
            "按长度（平方根）加权", ("这个东西真的很好用", GOOD), ("好", GOOD), id="longer"
        ),
        pytest.param("转折后的分句加倍", ("但是好", GOOD), ("真的好", GOOD), id="after a contrast"),
    ],
)
def test_weights_pull_the_lean(
    rule: str, stronger: tuple[str, Probabilities], weaker: tuple[str, Probabilities]
) -> None:
    lean = RULES[rule]
    against = ("坏了", BAD)
    assert lean(review("neu", against, stronger).opinions) > lean(
        review("neu", against, weaker).opinions
    )


def test_facts_do_not_outvote_opinions_when_neutral_weighs_less() -> None:
    opinions = review("neg", ("坏了", BAD), ("昨天买的", FACT)).opinions
    assert RULES["中性分句减权"](opinions) < mean_lean(opinions)
