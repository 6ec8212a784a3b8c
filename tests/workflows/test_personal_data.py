"""Personal data on its way in: no table, no message and no complaint holds any of it."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from builders import NOW
from databases import every_row
from desk import imported, open_rejections, stored, write_csv, write_text
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import InputError
from feedback_nlp.ports import Classifier
from feedback_nlp.privacy.pseudonym import as_pseudonym
from feedback_nlp.records import (
    Arrival,
    Customer,
    Exposure,
    Order,
    Rejected,
    Reply,
    Review,
    SurveyAnswer,
    UsageEvent,
)
from feedback_nlp.storage import originals, reviews
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.storage.imports import Origin
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.text.garbled import GARBLED
from feedback_nlp.workflows.corrections import export_rejected
from feedback_nlp.workflows.erase_person import erase_person
from feedback_nlp.workflows.export_person import find_person, identify
from feedback_nlp.workflows.import_files import Watch, import_files
from feedback_nlp.workflows.import_sheet import ImportReport, Target, import_sheet
from feedback_nlp.workflows.post_reviews import Status, accept_reviews, post_reviews
from feedback_nlp.workflows.protect import Privacy, protect, stored_id

PHONE: Final = "13812345678"
OTHER_PHONE: Final = "13987654321"
CARD: Final = "110105199003072311"
MAIL: Final = "zhang.san@example.com"
NAME: Final = "欧阳晓岚"
STREET: Final = "文三路99号2单元301室"
SECRETS: Final = (PHONE, OTHER_PHONE, CARD, MAIL, NAME, STREET)
ADDRESS: Final = f"浙江省杭州市西湖区{STREET}"
ROW: Final = {
    "标题": f"打我电话{PHONE}",
    "评论内容": f"联系人：{NAME}，{MAIL}，身份证{CARD}，寄到{ADDRESS}",
    "评论时间": "2026-03-02",
    "手机号": OTHER_PHONE,
    "收货人": NAME,
    "收货地址": ADDRESS,
    "用户": PHONE,
    "地区": f"杭州 {PHONE}",
    "商品": f"套餐（电话{PHONE}）",
    "版本": f"3.1 {PHONE}",
    "客户等级": MAIL,
    "渠道": f"微信群 {OTHER_PHONE}",
    "回复": f"已给 {PHONE} 回电",
    "备注": f"转 {MAIL}",
}
BAD: Final = (
    ROW | {"评论时间": f"前天 {PHONE}"},
    ROW | {"评论时间": ADDRESS},
    ROW | {"评论内容": "", "标题": ""},
)


@pytest.fixture
def shown() -> list[str]:
    """What a person gets to read."""
    return []


def run(target: Target, path: Path, shown: list[str]) -> ImportReport:
    watch = Watch(complain=lambda sheet, line: shown.append(f"{sheet} {line!r}"))
    done = import_files(target, [path], watch=watch)
    shown += [note for each in done for note in each.notes]
    return sum((each.report for each in done), start=ImportReport())


def assert_nowhere(target: Target, shown: list[str]) -> None:
    held = [*every_row(target.engine), *shown]
    assert held
    for secret in SECRETS:
        assert [row for row in held if secret in row] == []


def test_no_table_and_no_complaint_holds_personal_data(
    target: Target, tmp_path: Path, shown: list[str]
) -> None:
    done = run(target, write_csv(tmp_path / "a.csv", [ROW, *BAD]), shown)
    assert (done.added, done.rejected) == (1, 3)
    assert_nowhere(target, shown)
    assert len(shown) >= 3


def test_lengths_stay_and_kinds_are_noted(target: Target, tmp_path: Path) -> None:
    imported(target, write_csv(tmp_path / "a.csv", [ROW]))
    (review,) = stored(target)
    assert len(review.text) == len(f"{ROW['标题']}\n{ROW['评论内容']}")
    assert review.text.startswith(f"打我电话{'*' * 11}\n联系人：****，")
    assert review.masked == ("address", "email", "id_card", "mobile", "name")
    extras = dict(review.extras)
    assert {name: len(extras[name]) for name in ("手机号", "收货人", "收货地址", "备注")} == {
        name: len(ROW[name]) for name in ("手机号", "收货人", "收货地址", "备注")
    }
    assert review.replies == (Reply(f"已给 {'*' * 11} 回电"),)


def test_rejected_rows_are_masked_cell_by_cell(target: Target, tmp_path: Path) -> None:
    imported(target, write_csv(tmp_path / "a.csv", BAD[:1]))
    (line,) = open_rejections(target)
    cells = json.loads(line.raw)
    assert list(cells) == list(ROW)
    assert cells["评论时间"] == f"前天 {'*' * 11}"
    # As a whole personal: a pseudonym, which still tells this row from another.
    assert (cells["收货人"], cells["用户"]) == (
        as_pseudonym(NAME, key=target.privacy.key),
        stored_id(PHONE, target.privacy.key),
    )
    assert "前天" in line.reason


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("内容,电话", f'太慢,"{PHONE}', f"太慢,{PHONE},多"), id="lines never cut"),
        pytest.param(
            (f"店铺：测试店 联系人：{NAME} {PHONE}", "内容,时间,评分", "太慢,2026-03-02,1"),
            id="a title above the header",
        ),
        pytest.param(
            (f'{{"内容": "好", "手机号": {PHONE}, "坏": "\\ud83d"}}', '{"内容": "慢"}'),
            id="a number in broken JSON",
        ),
        pytest.param(
            (
                f'{{"内容": "\\u0000", "人": {{"手机": ["{PHONE}", {{"邮箱": "{MAIL}"}}]}}}}',
                '{"内容": "慢"}',
            ),
            id="deep in broken JSON",
        ),
        pytest.param(
            (f'{{"内容": "{PHONE}", "内容": "{MAIL}"}}', '{"内容": "慢"}'), id="a key twice"
        ),
        pytest.param((f'{{"内容": "{PHONE}"', '{"内容": "慢"}'), id="JSON cut off"),
    ],
)
def test_what_the_reader_rejects_is_masked_too(
    lines: tuple[str, ...], target: Target, tmp_path: Path, shown: list[str]
) -> None:
    path = write_text(tmp_path / ("a.jsonl" if lines[0].startswith("{") else "a.csv"), *lines)
    run(target, path, shown)
    assert_nowhere(target, shown)


def test_a_file_without_a_header_quotes_no_personal_data_in_its_error(
    target: Target, tmp_path: Path
) -> None:
    path = write_text(tmp_path / "a.csv", f"1,{PHONE},{ADDRESS},物流慢", f"2,{PHONE},x,慢")
    with pytest.raises(InputError, match="找不到正文列") as refused:
        imported(target, path)
    assert_nowhere(target, [str(refused.value)])
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("nested", [300, 100_000])
def test_deep_json_is_masked_as_one_text(
    nested: int, target: Target, tmp_path: Path, shown: list[str]
) -> None:
    deep = "[" * nested + f'"{PHONE}"' + "]" * nested
    path = write_text(tmp_path / "a.jsonl", '{"内容": "慢"}', f'{{"坏": "\\u0000", "深": {deep}}}')
    assert run(target, path, shown) == ImportReport(added=1, rejected=1)
    assert_nowhere(target, shown)


@pytest.mark.parametrize(
    "arrival",
    [
        SurveyAnswer("S-1", PHONE, nps=9, author_id=PHONE, region=ADDRESS, product=MAIL),
        UsageEvent("E-1", PHONE, f"拨打{PHONE}", NOW, version=MAIL, product=MAIL),
        Customer(PHONE, tier=MAIL, region=ADDRESS),
        Order("O-1", PHONE, NOW, 9.5, product=MAIL, version=MAIL, region=ADDRESS),
        Exposure(NOW.date(), orders=3),
    ],
    ids=lambda arrival: arrival.__class__.__name__,
)
def test_records_of_every_type_are_protected(arrival: Arrival, target: Target) -> None:
    import_sheet(target, [arrival], origin=Origin("a.csv", "table", "file", {}))
    assert_nowhere(target, [])
    masked = protect(arrival, "geheim")
    assert protect(masked, "geheim") == masked


def test_what_nobody_knows_how_to_protect_is_never_stored() -> None:
    with pytest.raises(TypeError, match="no rule protects Rejected"):
        protect(Rejected(1, "x"), "")  # type: ignore[type-var]


@given(st.text(max_size=40), st.text(max_size=9))
def test_protecting_is_idempotent_and_keeps_length(text: str, author: str) -> None:
    review = Review("R-1", "a", f"{text}{PHONE}", author_id=author, extras=(("手机号", text),))
    masked = protect(review, "k")
    assert protect(masked, "k") == masked
    assert len(masked.text) == len(review.text)


def test_people_known_by_a_phone_number_stay_two_people(target: Target, tmp_path: Path) -> None:
    authors = [PHONE, OTHER_PHONE, PHONE, f"电话{PHONE}", f"电话{OTHER_PHONE}", "小明"]
    rows = [{"内容": f"第{n}次还是闪退", "用户": author} for n, author in enumerate(authors)]
    imported(target, write_csv(tmp_path / "a.csv", rows))
    names = [review.author_id for review in sorted(stored(target), key=lambda each: each.text)]
    assert len(set(names)) == 5
    assert names[0] == names[2] == stored_id(PHONE, "geheim") != stored_id(PHONE, "other")
    assert names[5] == "小明"
    assert all(str(name).startswith("U-") for name in names[:5])
    assert_nowhere(target, [])


def test_the_key_is_shown_nowhere() -> None:
    assert "geheim" not in repr(Privacy("geheim"))


def keeping(target: Target) -> Target:
    return replace(target, privacy=Privacy("geheim", keep_originals=True))


def test_originals_are_kept_only_when_asked_and_only_in_their_table(
    target: Target, tmp_path: Path
) -> None:
    path = write_csv(
        tmp_path / "a.csv", [{"id": "1", "内容": f"打{PHONE}"}, {"id": "2", "内容": "慢"}]
    )
    imported(target, path)
    (known, _) = sorted(stored(target), key=lambda each: str(each.external_id))
    with reading(target.engine) as session:
        assert originals.get(session, target.workspace, known.id) is None
    other = replace(keeping(target), workspace="甲")
    imported(other, path)
    with reading(target.engine) as session:
        assert originals.get(session, "甲", known.id) == f"打{PHONE}"
        assert originals.count(session, "甲") == 1
    with_phone = [row for row in every_row(target.engine) if PHONE in row]
    assert [row.split()[0] for row in with_phone] == ["original_texts"]


def test_each_revision_has_its_own_original(target: Target, tmp_path: Path) -> None:
    keeper = keeping(target)
    for number in (PHONE, OTHER_PHONE):
        imported(keeper, write_csv(tmp_path / "a.csv", [{"id": "1", "内容": f"新{number}" * 2}]))
    imported(keeper, write_csv(tmp_path / "a.csv", [{"id": "1", "内容": f"又打{PHONE}"}]))
    (review,) = stored(target)
    with reading(target.engine) as session:
        assert originals.get(session, target.workspace, review.id) == f"又打{PHONE}"
        assert [each.text for each in reviews.revisions(session, target.workspace, review.id)] == [
            f"新{'*' * 11}" * 2
        ]


@pytest.mark.parametrize("many", [False, True], ids=["scored at once", "left to the queue"])
def test_the_same_id_twice_in_one_request_keeps_the_original_of_each_text(
    *, many: bool, target: Target, classifier: Classifier
) -> None:
    said = [Review("R-1", "api", f"{word}{PHONE}") for word in ("一", "第二")]
    with transaction(target.engine) as session:
        here, keep = target.workspace, Privacy(keep_originals=True)
        if many:
            accept_reviews(session, here, said, model="m", now=NOW, privacy=keep)
        else:
            post_reviews(session, here, said, classifier, now=NOW, privacy=keep)
    kept = [row for row in every_row(target.engine) if row.startswith("original_texts")]
    assert ["'revision': 1" in row for row in kept if f"'一{PHONE}'" in row] == [True]
    assert ["'revision': 2" in row for row in kept if f"'第二{PHONE}'" in row] == [True]


def forget(target: Target, *authors: str) -> None:
    key = target.privacy.key
    order = ErasureOrder("管理员", "用户请求 2026-17", NOW, key)
    erase_person(target.engine, target.workspace, identify(authors, key=key), order)


@pytest.mark.parametrize("who", [PHONE, "u-301", f"电话{PHONE}"])
def test_people_who_were_erased_are_refused_and_nothing_of_theirs_is_kept(
    who: str, target: Target, tmp_path: Path
) -> None:
    rows = [
        {"内容": "独一无二的闪退", "用户": who, "时间": "2026-03-02"},
        {"内容": "独一无二的卡顿", "用户": who, "时间": "前天"},
        {"内容": "物流太慢", "用户": "别人", "时间": "2026-03-02"},
        {"内容": "", "用户": "别人", "时间": "2026-03-02"},
    ]
    path = write_csv(tmp_path / "a.csv", rows)
    assert imported(target, path) == ImportReport(added=2, rejected=2)
    forget(target, who)
    assert imported(target, path) == ImportReport(unchanged=1, rejected=1, refused=2)
    assert [review.text for review in stored(target)] == ["物流太慢"]
    assert [row for row in every_row(target.engine) if "独一无二" in row] == []
    assert (
        dict(find_person(target.engine, target.workspace, identify([who], key="geheim")).counts)
        == {}
    )


def test_erased_people_are_refused_in_every_kind_of_record(target: Target) -> None:
    forget(target, PHONE)
    records: list[Arrival] = [
        SurveyAnswer("S-1", "问卷", nps=9, author_id=PHONE),
        UsageEvent("E-1", PHONE, "下单", NOW),
        Customer(PHONE),
        Order("O-1", PHONE, NOW, 9.5),
        Exposure(NOW.date(), orders=3),
        Review("R-1", "a", "无名氏说慢"),
    ]
    done = import_sheet(target, records, origin=Origin("a.csv", "table", "file", {}))
    assert done == ImportReport(added=2, refused=4)


def test_erased_people_are_refused_when_they_are_posted(
    target: Target, classifier: Classifier
) -> None:
    forget(target, PHONE)
    said = [
        Review("R-1", "api", "独一无二的闪退", author_id=PHONE),
        Review("R-2", "api", "物流太慢", author_id="别人"),
    ]
    with transaction(target.engine) as session:
        first, second = post_reviews(
            session,
            target.workspace,
            said,
            classifier,
            now=NOW,
            privacy=target.privacy,
        )
        accepted = accept_reviews(
            session, target.workspace, said, model="m", now=NOW, privacy=target.privacy
        )
    assert (first.status, first.review, second.status) == (Status.REJECTED, None, Status.ADDED)
    assert "已要求删除" in str(first.annotation.error)
    assert (accepted.stored.unchanged, len(accepted.rejected)) == (1, 1)
    assert [row for row in every_row(target.engine) if "独一无二" in row] == []


def test_garbled_text_is_flagged_and_counted(target: Target, tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "id,内容", "1,锟斤拷锟斤拷很慢", "2,太慢")
    assert imported(target, path) == ImportReport(added=2, garbled=1)
    assert imported(target, path) == ImportReport(unchanged=2, garbled=1)
    flagged = [review.text for review in stored(target) if (GARBLED, "是") in review.extras]
    assert flagged == ["锟斤拷锟斤拷很慢"]


def test_a_file_that_says_so_itself_is_flagged_once(target: Target, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("内容", GARBLED), ("锟斤拷锟斤拷很慢", "是")])
    imported(target, path)
    assert [review.extras for review in stored(target)] == [((GARBLED, "是"),)]


def test_an_erased_person_does_not_come_back_as_a_corrected_row(
    target: Target, tmp_path: Path
) -> None:
    rows = [
        {"内容": "太慢了", "时间": "昨天", "昵称": "小红花"},
        {"内容": "太贵了", "时间": "昨天", "昵称": PHONE},
        {"内容": "太吵了", "时间": "昨天", "昵称": "别人"},
    ]
    source = write_csv(tmp_path / "a.csv", rows)
    assert imported(target, source).rejected == 3
    out = tmp_path / "mended.csv"
    export_rejected(target.engine, target.workspace, out)
    order = ErasureOrder("李四", "请求单 17", NOW, target.privacy.key)
    person = identify(["小红花", PHONE], key=target.privacy.key)
    erase_person(target.engine, target.workspace, person, order)
    assert len(open_rejections(target)) == 1
    mended = out.read_text("utf-8-sig").replace(",昨天,", ",2026-03-02,")
    out.write_text(mended, "utf-8-sig")
    done = imported(target, out)
    assert (done.added, done.refused) == (1, 2)
    assert [review.text for review in stored(target)] == ["太吵了"]
