import pytest

from feedback_nlp.errors import InputError
from feedback_nlp.tabular.columns import (
    FIELD_NAMES,
    HEADERS,
    check_mapping,
    match_columns,
    missing_text_column,
    parse_mapping,
    plain_header,
    with_given,
)


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
    assert match_columns(["ID", "id "]) == {"external_id": "ID"}


@pytest.mark.parametrize(
    ("headers", "shown"), [(["心情", "天气"], "心情、天气"), ([], "（空）")], ids=["some", "none"]
)
def test_missing_text_column_says_what_is_there_and_what_to_do(
    headers: list[str], shown: str
) -> None:
    message = missing_text_column(headers)
    assert f"表头是 {shown}；" in message
    assert "请命名为 text、content、评论内容" in message


@pytest.mark.parametrize(
    "written",
    [
        "\ufeff内容", "内容（必填）", "*内容", "内容 (required)", "内容：", "内容*（选填）", "內容",
        "内容 ↓", "内 容", "内容(10-500字)",
    ],
)  # fmt: skip
def test_header_is_known_with_marks_and_remarks(written: str) -> None:
    assert match_columns([written]) == {"text": written}


@pytest.mark.parametrize(
    "written",
    ["评分（10分制）", "评分(0-10)", "评分（满分10分）", "评分【百分制】", "评分(1~100分)"],
)
def test_score_on_another_scale_is_no_stars(written: str) -> None:
    assert match_columns([written, "内容"]) == {"text": "内容"}


@pytest.mark.parametrize("written", ["星级(1-5)", "评分（5分制）", "评分（1-5分）", "評分"])
def test_score_from_one_to_five_is_stars(written: str) -> None:
    assert match_columns([written]) == {"rating": written}


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            "店铺名称,用户昵称,星级(1-5),店铺评分,评论正文,发布时间,赞",
            "author_id rating text created_at likes",
        ),
        (
            "微博id,用户昵称,微博正文,发布时间,点赞数,IP属地",
            "external_id author_id text created_at likes region",
        ),
        ("Bug编号,所属产品,Bug标题,重现步骤,创建日期", "external_id product title text created_at"),
        ("评論內容,評分,評論時間,用戶暱稱", "text rating created_at author_id"),
        ("Package Name,Star Rating,Review Title,Review Text", "rating title text"),
    ],
    ids=["大众点评", "微博", "禅道", "traditional characters", "Google Play"],
)  # fmt: skip
def test_exports_of_well_known_places_are_recognised(header: str, fields: str) -> None:
    assert set(match_columns(header.split(","))) == set(fields.split())


def test_full_width_letters_are_letters() -> None:
    assert plain_header("　ＳＫＵ ") == "sku"
    assert match_columns(["ＳＫＵ", "内容"]) == {"text": "内容", "product": "ＳＫＵ"}


def test_order_number_is_the_id_only_where_there_is_no_better_one() -> None:
    assert match_columns(["订单号"]) == {"external_id": "订单号"}
    assert match_columns(["订单号", "评论编号"]) == {"external_id": "评论编号"}


def test_what_a_person_said_wins() -> None:
    found = match_columns(["内容", "吐槽", "id"], given={"吐槽": "text", "内容": "title"})
    assert found == {"text": "吐槽", "external_id": "id", "title": "内容"}


def test_other_channels_bring_their_own_headers() -> None:
    assert match_columns(["满意度", "id"], {"csat": ("满意度",)}) == {"csat": "满意度"}


def test_every_field_has_a_chinese_name() -> None:
    assert FIELD_NAMES.keys() == HEADERS.keys()


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        ("吐槽=text", {"吐槽": "text"}), ("吐槽=正文", {"吐槽": "text"}),
        ("a=b=评分", {"a=b": "rating"}),
        (" 打分 = RATING ", {"打分": "rating"}), ("x=用户", {"x": "author_id"}),
    ],
)  # fmt: skip
def test_mapping_is_read(pair: str, expected: dict[str, str]) -> None:
    assert parse_mapping([pair]) == expected


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["吐槽"], "“吐槽”看不懂，应为 列名=字段"), (["=text"], "“=text”看不懂"),
        (["吐槽=心情"], "没有字段“心情”，可用的有 text（正文）、external_id（编号）"),
        (["a=text", "a=评分"], "列“a”已指定为 text"), (["a=text", "b=text"], "已由另一列指定"),
    ],
)  # fmt: skip
def test_bad_mapping_says_why(pairs: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_mapping(pairs)


def test_mapping_of_a_missing_column_lists_those_that_are_there() -> None:
    check_mapping({"心情 ": "text"}, ["心情"], "a.csv")
    with pytest.raises(
        InputError, match=r"a\.csv: --map 指定的列“吐槽”不在表头里；表头是 心情、天气"
    ):
        check_mapping({"吐槽": "text"}, ["心情", "天气"], "a.csv")


def test_given_headers_are_known_headers() -> None:
    assert with_given({"text": ("内容",)}, {"吐槽": "text", "分": "rating"}) == {
        "text": ("内容", "吐槽"),
        "rating": ("分",),
    }


def test_header_too_long_to_be_one_is_left_as_it_is() -> None:
    assert plain_header("[" * 100_000) == "[" * 100_000
