import pytest

from feedback_nlp.tabular.columns import HEADERS, match_columns, missing_text_column


@pytest.mark.parametrize(
    ("field", "header"),
    [(field, header) for field, headers in HEADERS.items() for header in headers],
)
def test_known_header_is_found_in_any_case_and_with_spaces(field: str, header: str) -> None:
    for written in (header, header.upper(), header.title(), f" {header}　"):
        assert match_columns([written]) == {field: written}


def test_no_header_names_two_fields() -> None:
    every = [header for headers in HEADERS.values() for header in headers]
    assert len(every) == len(set(every))


def test_first_of_two_headers_for_a_field_wins() -> None:
    assert match_columns(["评分", "score", "心情"]) == {"rating": "评分"}


@pytest.mark.parametrize(
    ("headers", "shown"), [(["心情", "天气"], "心情、天气"), ([], "（空）")], ids=["some", "none"]
)
def test_missing_text_column_says_what_is_there_and_what_to_do(
    headers: list[str], shown: str
) -> None:
    message = missing_text_column(headers)
    assert f"表头是 {shown}；" in message
    assert "请命名为 text、content、评论内容" in message
