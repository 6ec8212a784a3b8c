from collections import Counter

from builders import TAXONOMY, SpotClassifier
from desk import sample_rows

from feedback_nlp.artifacts import load_taxonomy
from feedback_nlp.ports import Classifier
from feedback_nlp.workflows.analyze import Line
from feedback_nlp.workflows.group_lines import Grouped, group_lines


def lines_of(texts: list[str]) -> list[Line]:
    return [Line(n, f"L{n}", text) for n, text in enumerate(texts, start=1)]


def groups(grouped: list[Grouped]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for each in grouped:
        if each.theme is not None:
            found.setdefault(each.theme, set()).add(each.line.text)
    return {frozenset(texts) for texts in found.values()}


def test_every_line_comes_back_in_order_with_its_theme(classifier: Classifier) -> None:
    lines = lines_of([row["内容"] for row in sample_rows()])
    grouped = group_lines(lines, classifier, load_taxonomy())
    assert [each.line for each in grouped] == lines
    sizes = Counter(each.theme for each in grouped if each.theme)
    assert min(sizes.values()) >= 3
    assert len(sizes) >= 4
    assert len({(each.theme, each.name) for each in grouped if each.theme}) == len(sizes)
    assert all((each.theme is None) == (each.name is None) for each in grouped)


def test_the_order_of_lines_changes_no_group_and_no_name(classifier: Classifier) -> None:
    lines = lines_of([row["内容"] for row in sample_rows()])
    taxonomy = load_taxonomy()
    wanted = {
        each.line.id: (each.theme, each.name) for each in group_lines(lines, classifier, taxonomy)
    }
    for order in (lines[::-1], lines[1::2] + lines[::2]):
        found = group_lines(order, classifier, taxonomy)
        assert {each.line.id: (each.theme, each.name) for each in found} == wanted


def test_ids_need_not_differ() -> None:
    lines = [Line(n, "同号", "点进去就闪退") for n in range(1, 4)]
    grouped = group_lines(lines, SpotClassifier(), TAXONOMY)
    assert [each.line.number for each in grouped] == [1, 2, 3]
    assert {each.theme for each in grouped} == {"T-0001"}


def test_exact_duplicates_never_part() -> None:
    texts = ["点进去就闪退", "闪退点进去就", "点进去就闪退！", "点进去 就闪退", "退款没到账"]
    grouped = group_lines(lines_of(texts * 2), SpotClassifier(), TAXONOMY)
    assert [each.theme for each in grouped[:5]] == [each.theme for each in grouped[5:]]


def test_a_line_that_stands_alone_has_no_theme() -> None:
    grouped = group_lines(
        lines_of(["退款没到账", "一打开就闪退", "一打开就闪退", "一打开就闪退"]),
        SpotClassifier(),
        TAXONOMY,
    )
    assert (grouped[0].theme, grouped[0].name) == (None, None)
    assert grouped[1].theme == "T-0001"


def test_praise_is_grouped_as_well() -> None:
    grouped = group_lines(lines_of(["喜欢配送快"] * 3), SpotClassifier(), TAXONOMY)
    assert {each.theme for each in grouped} == {"T-0001"}


def test_bad_lines_join_no_theme_and_change_none() -> None:
    good = lines_of(["一打开就闪退"] * 3)
    bad = [
        Line(9, "9", "", "正文为空"),
        Line(10, "10", "一打开就闪退\ufffd", "不是合法的 UTF-8 文本"),
    ]
    grouped = group_lines([bad[0], *good, bad[1]], SpotClassifier(), TAXONOMY)
    assert [each.theme for each in grouped] == [None, "T-0001", "T-0001", "T-0001", None]


def test_no_lines_give_no_themes() -> None:
    assert group_lines([], SpotClassifier(), TAXONOMY) == []
    assert groups(group_lines(lines_of(["！！", "。"]), SpotClassifier(), TAXONOMY)) == set()
