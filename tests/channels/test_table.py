import gzip
import json
import zipfile
from pathlib import Path

import pytest
from builders import NOW, shanghai

from feedback_nlp.channels.table import read_table
from feedback_nlp.errors import InputError
from feedback_nlp.records import Rejected, Reply, Review


def read(folder: Path, content: str, *, name: str = "反馈.csv") -> list[Review | Rejected]:
    (folder / name).write_text(content, encoding="utf-8", newline="")
    return list(read_table(folder / name, now=NOW))


def reviews(folder: Path, content: str, *, name: str = "反馈.csv") -> list[Review]:
    return [row for row in read(folder, content, name=name) if isinstance(row, Review)]


def test_every_known_column_reaches_its_field(tmp_path: Path) -> None:
    content = (
        "编号,标题,评论内容,评论时间,星级,渠道,版本,产品,用户ID,客户等级,点赞,省份,回复,门店\n"
        "A1,闪退,一打开就闪退,2026/3/1 9:05,2星,微博,3.1,到家,u1,A,1.2万,浙江,已反馈,西湖店\n"
    )
    (review,) = reviews(tmp_path, content)
    assert review == Review(
        id=review.id,
        channel="微博",
        text="闪退\n一打开就闪退",
        external_id="A1",
        created_at=shanghai(2026, 3, 1, 9, 5),
        product="到家",
        version="3.1",
        region="浙江",
        author_id="u1",
        author_tier="A",
        rating=2.0,
        likes=12_000,
        replies=(Reply("已反馈"),),
        extras=(("门店", "西湖店"),),
    )


def test_missing_markers_leave_the_fields_empty(tmp_path: Path) -> None:
    content = "id,title,text,date,rating,channel,version,user,likes\n-,无,好,N/A,,null,--,nan,/\n"
    (review,) = reviews(tmp_path, content)
    assert review == Review(id=review.id, channel="file", text="好")


def test_zero_stars_mean_not_rated(tmp_path: Path) -> None:
    (review,) = reviews(tmp_path, "内容,评分\n好,0\n")
    assert review.rating is None


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        pytest.param("闪退", "打不开", "闪退\n打不开", id="title on a line of its own"),
        pytest.param("打不开", "打不开，急", "打不开，急", id="text begins with the title"),
        pytest.param("  ", "打不开", "打不开", id="blank title"),
        pytest.param("无", "打不开", "打不开", id="title that says there is none"),
        pytest.param("打不开", "", "打不开", id="only a title"),
        pytest.param("", "  打不开 ", "  打不开 ", id="text stays as it arrived"),
        pytest.param("", "无", "无", id="a text may be one word"),
    ],
)
def test_title_joins_the_text(tmp_path: Path, title: str, text: str, expected: str) -> None:
    (review,) = reviews(tmp_path, f'title,text,id\n"{title}","{text}",1\n')
    assert review.text == expected


def test_reply_of_the_shop_never_becomes_user_voice(tmp_path: Path) -> None:
    (review,) = reviews(tmp_path, "内容,回复\n太慢,亲，很抱歉\n".replace("亲，", "亲 "))
    assert review.text == "太慢"
    assert (review.replies, review.extras) == ((Reply("亲 很抱歉"),), ())


def test_columns_nobody_knows_are_kept_in_file_order(tmp_path: Path) -> None:
    (review,) = reviews(tmp_path, "天气,内容,心情,备注\n晴,好,喜,\n")
    assert review.extras == (("天气", "晴"), ("心情", "喜"))


def test_channel_is_the_column_else_the_given_name(tmp_path: Path) -> None:
    path = tmp_path / "反馈.csv"
    path.write_text("内容,渠道\n好,微博\n坏,\n", encoding="utf-8")
    rows = [row for row in read_table(path, now=NOW, channel="问卷") if isinstance(row, Review)]
    assert [row.channel for row in rows] == ["微博", "问卷"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("  ,2026-03-01,5,1", "正文为空"),
        ("好,某天,5,1", "时间“某天”看不懂，请写成 2026-03-01 14:05"),
        ("好,2026-02-30,5,1", "时间“2026-02-30”不存在，请核对日期和钟点"),
        ("好,2027-01-01,5,1", "时间“2027-01-01”在将来"),
        ("好,2026-03-01,十分,1", "评分“十分”看不懂，应为 1 到 5"),
        ("好,2026-03-01,10,1", "评分“10”超出 1 到 5；10 分制或百分制请先换算成 5 分制"),
        ("好,2026-03-01,5,-3", "点赞数“-3”看不懂，应为非负整数"),
    ],
)
def test_unusable_line_is_rejected_and_the_next_one_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    rejected, good = read(tmp_path, f"内容,时间,评分,点赞\n{line}\n好,2026-03-01,5,1\n")
    assert isinstance(rejected, Rejected)
    assert (rejected.line, rejected.reason) == (2, reason)
    assert list(json.loads(rejected.raw).values()) == line.split(",")
    assert isinstance(good, Review)


def test_rejected_row_of_the_file_is_passed_on(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "内容,版本\n好,快,3.1\n")
    assert isinstance(row, Rejected)
    assert row.raw == "好,快,3.1"


def test_short_row_is_a_review_without_its_last_cells(tmp_path: Path) -> None:
    first, second = read(tmp_path, "id,内容,版本\n1,好\n2\n")
    assert isinstance(first, Review)
    assert second == Rejected(3, "正文为空", '{"id": "2", "内容": "", "版本": ""}')


@pytest.mark.parametrize("name", ["反馈.csv", "反馈.CSV.gz"])
def test_csv_without_a_text_column_is_an_input_error(tmp_path: Path, name: str) -> None:
    content = "id,心情\n1,好\n".encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    with pytest.raises(InputError, match=r"找不到正文列：表头是 id、心情；正文列请命名为 text、"):
        list(read_table(path, now=NOW))


def test_json_lines_may_differ_so_only_the_one_without_text_is_rejected(tmp_path: Path) -> None:
    rows = read(tmp_path, '{"心情": "好"}\n{"text": "好"}\n', name="数据.csv.jsonl")
    assert isinstance(rows[0], Rejected)
    assert rows[0].reason.startswith("找不到正文列：表头是 心情")
    assert isinstance(rows[1], Review)


# --- identity ----------------------------------------------------------------------------------


def ids(folder: Path, content: str, *, name: str = "反馈.csv") -> list[str]:
    return [review.id for review in reviews(folder, content, name=name)]


def test_same_row_twice_stays_two_reviews(tmp_path: Path) -> None:
    first, second = ids(tmp_path, "内容,评分\n好,5\n好,5\n")
    assert first != second


def test_importing_twice_gives_the_same_ids(tmp_path: Path) -> None:
    content = "内容,评分\n好,5\n好,5\n坏,1\n"
    assert ids(tmp_path, content) == ids(tmp_path, content)


def test_order_of_lines_and_columns_does_not_change_the_set_of_ids(tmp_path: Path) -> None:
    one = ids(tmp_path, "内容,评分\n好,5\n坏,1\n好,5\n")
    other = ids(tmp_path, "评分,内容\n5,好\n5,好\n1,坏\n")
    assert sorted(one) == sorted(other)


def test_csv_and_json_lines_of_the_same_content_have_the_same_ids(tmp_path: Path) -> None:
    lines = '{"内容": "好", "评分": 5}\n{"评分": "1", "内容": "坏"}\n'
    assert ids(tmp_path, lines, name="反馈.jsonl") == ids(tmp_path, "内容,评分\n好,5\n坏,1\n")


def test_external_id_wins_over_content(tmp_path: Path) -> None:
    before = ids(tmp_path, "id,内容\nA1,好\n")
    after = ids(tmp_path, "id,内容\nA1 ,改主意了 坏\n")
    assert before == after


REPEATS = "id,内容\nA1,好\nA1,坏\nB1,慢\nA1 ,好\nA1,坏\n"


def test_external_id_again_in_one_file_is_rejected_and_the_first_line_kept(tmp_path: Path) -> None:
    rows = read(tmp_path, REPEATS)
    assert [row.text for row in rows if isinstance(row, Review)] == ["好", "慢"]
    other = "编号 A1 在本文件第 2 行已出现，内容不同；请改用唯一的编号"
    assert [row for row in rows if isinstance(row, Rejected)] == [
        Rejected(3, other, '{"id": "A1", "内容": "坏"}'),
        Rejected(5, "编号 A1 在本文件第 2 行已出现，内容相同", '{"id": "A1 ", "内容": "好"}'),
        Rejected(6, other, '{"id": "A1", "内容": "坏"}'),
    ]


def test_repeated_external_ids_are_read_the_same_every_time(tmp_path: Path) -> None:
    assert read(tmp_path, REPEATS) == read(tmp_path, REPEATS)


def test_unusable_line_does_not_take_the_external_id(tmp_path: Path) -> None:
    rejected, review = read(tmp_path, "id,内容\nA1,\nA1,好\n")
    assert isinstance(rejected, Rejected)
    assert isinstance(review, Review)


def test_every_line_that_is_not_empty_is_a_review_or_rejected(tmp_path: Path) -> None:
    rows = read(tmp_path, 'id,内容\n1,好\n" "\n,\n\n2,坏\n')
    assert [isinstance(row, Review) for row in rows] == [True, False, False, True]
    reasons = [(row.line, row.reason) for row in rows if isinstance(row, Rejected)]
    assert reasons == [(3, "正文为空"), (4, "正文为空")]


def test_external_id_belongs_to_its_channel(tmp_path: Path) -> None:
    one, other = ids(tmp_path, "id,内容,渠道\nA1,好,微博\nA1,好,客服\n")
    assert one != other


def test_id_of_a_review_never_changes_between_releases(tmp_path: Path) -> None:
    assert ids(tmp_path, "id,内容\nA1,好\n,好\n") == ["R-61bd73fcb0d32385", "R-667a2f9b3489d486"]


@pytest.mark.parametrize("text", ["\u200b\u200b", "\ufeff", "\x1a", "\u3000", "NULL", "nan", r"\N"])
def test_text_that_shows_nothing_is_no_review(tmp_path: Path, text: str) -> None:
    rejected, good = read(tmp_path, f"id,内容\n1,{text}\n2,无\n")
    assert isinstance(rejected, Rejected)
    assert (rejected.line, rejected.reason) == (2, "正文为空")
    assert isinstance(good, Review)


def test_id_with_a_zero_behind_the_point_is_the_whole_number(tmp_path: Path) -> None:
    (written,) = reviews(tmp_path, "id,user,内容,版本\n1001,7,好,2.0\n")
    (by_pandas,) = reviews(tmp_path, "id,user,内容,版本\n1001.0,7.0,好,2.0\n")
    assert by_pandas == written
    assert (written.external_id, written.author_id, written.version) == ("1001", "7", "2.0")


def test_id_that_excel_has_shortened_names_no_review(tmp_path: Path) -> None:
    first, second = reviews(tmp_path, "id,内容\n3.8E+12,好\n3.8E+12,慢\n")
    assert (first.external_id, second.external_id) == (None, None)
    assert first.extras == (("id", "3.8E+12"),)


def test_sheet_of_explanations_costs_only_itself(tmp_path: Path) -> None:
    packed = tmp_path / "评论.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("说明.txt", "本文件由系统导出\n请勿修改\n")
        archive.writestr("评论.csv", "内容\n好\n")
    rejected, good = read_table(packed, now=NOW)
    assert isinstance(rejected, Rejected)
    assert (rejected.line, rejected.reason[:13]) == (0, "整张表没有导入：找不到正文")
    assert isinstance(good, Review)
