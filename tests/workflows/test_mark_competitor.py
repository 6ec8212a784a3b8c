"""Marking a competitor: its reviews leave themes, tickets and report, and come back unmarked."""

from pathlib import Path

import pytest
from builders import NOW
from desk import Desk, sample_rows, write_csv
from run_agreement import read_opinions

from feedback_nlp.errors import InputError, NotFoundError
from feedback_nlp.records import Competitor, Signature
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.import_sheet import Target
from feedback_nlp.workflows.mark_competitor import (
    LONGEST_PRODUCT,
    Product,
    list_products,
    mark_competitor,
    unmark_competitor,
)

OURS, THEIRS = "我家买菜", "别家买菜"
SIGNED = Signature("小李", NOW, "同类产品")
WORDS = ("他家的菜送来都蔫了", "他家结账总是转圈", "他家客服一直不回话", "他家会员自动续费")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The thirty complaints as ours, and a few made-up ones about somebody else's shop."""
    ours = [row | {"产品": OURS} for row in sample_rows(without=["topic", "版本"])]
    theirs = [
        dict.fromkeys(ours[0], "")
        | {"id": f"X-{n}", "内容": f"{text}，第{n}次了", "产品": THEIRS, "用户": f"x{n}"}
        | {"时间": ours[0]["时间"], "渠道": ours[0]["渠道"]}
        for n, text in enumerate(WORDS * 3)
    ]
    return write_csv(tmp_path / "a.csv", [*ours, *theirs])


def mark(desk: Desk, product: str = THEIRS) -> Product:
    with desk.engine() as engine:
        return mark_competitor(engine, desk.workspace, product, SIGNED)


def products(desk: Desk) -> tuple[Product, ...]:
    with desk.engine() as engine, reading(engine) as session:
        return list_products(session, desk.workspace)


def test_a_marked_product_leaves_themes_and_report_and_comes_back(desk: Desk, file: Path) -> None:
    before = desk.run(file)
    assert before.data.of_rivals == 0
    assert mark(desk) == Product(THEIRS, 12, Competitor(THEIRS, "小李", NOW, "同类产品"))
    marked = desk.run(file)
    data = marked.data
    held = data.run.quarantined
    assert (data.run.reviews, data.of_rivals) == (30, 12)
    assert data.polarity.total == 30 - held
    assert data.product == OURS
    theirs = {line["id"] for line in read_opinions(desk.out) if "他家" in line["text"]}
    members = {review_id for theme in data.themes for review_id, _ in theme.members}
    assert members
    assert not theirs & members
    assert not theirs & {quote.review_id for theme in data.themes for quote in theme.quotes}
    note = "竞品评论 12 条：不计入本品的主题和优先级"
    assert note in (desk.out / "report.md").read_text("utf-8")
    assert note in (desk.out / "report.html").read_text("utf-8")
    with desk.engine() as engine:
        unmark_competitor(engine, desk.workspace, THEIRS, SIGNED)
    after = desk.run(file)
    assert after.data.of_rivals == 0
    assert after.data.run.candidates == before.data.run.candidates > data.run.candidates
    assert note not in (desk.out / "report.md").read_text("utf-8")


def test_what_is_said_of_theirs_is_no_copy_of_what_is_said_of_ours(
    desk: Desk, tmp_path: Path
) -> None:
    words = "买了两周才送到，包装也压坏了，问了几次都没有人回复我"
    rows = [
        {"id": f"Q-{n}", "内容": words, "时间": f"2026-03-0{n} 10:00", "产品": product}
        for n, product in ((1, THEIRS), (2, OURS))
    ]
    file = write_csv(tmp_path / "a.csv", rows)
    assert desk.run(file).data.run.quarantined == 1
    mark(desk)
    assert desk.run(file).data.run.quarantined == 0


def test_products_are_listed_with_their_reviews_competitors_first(desk: Desk, file: Path) -> None:
    desk.run(file)
    mark(desk)
    mark(desk, "还没有评论的")
    assert [(each.name, each.reviews, each.competitor is not None) for each in products(desk)] == [
        (THEIRS, 12, True),
        ("还没有评论的", 0, True),
        (OURS, 30, False),
    ]


def test_names_are_trimmed(target: Target) -> None:
    done = mark_competitor(target.engine, target.workspace, f"  {THEIRS} ", SIGNED)
    assert done.name == THEIRS


@pytest.mark.parametrize(
    ("product", "signature", "field"),
    [
        pytest.param("", SIGNED, "product", id="no name"),
        pytest.param(" 　", SIGNED, "product", id="a blank name"),
        pytest.param("菜" * (LONGEST_PRODUCT + 1), SIGNED, "product", id="a long name"),
        pytest.param("a\nb", SIGNED, "product", id="two lines"),
        pytest.param("a\x00", SIGNED, "product", id="a NUL"),
        pytest.param("a\ud800", SIGNED, "product", id="half a character"),
        pytest.param(THEIRS, Signature("名" * 65, NOW, ""), "author", id="a long author"),
        pytest.param(THEIRS, Signature("小李", NOW, "因" * 501), "reason", id="a long reason"),
        pytest.param(THEIRS, Signature("小李", NOW, "a\x9bb"), "reason", id="a control character"),
        pytest.param(THEIRS, Signature(" ", NOW, ""), "author", id="nobody signs"),
    ],
)
def test_bad_marks_are_refused_and_change_nothing(
    target: Target, product: str, signature: Signature, field: str
) -> None:
    with pytest.raises(InputError, match=field):
        mark_competitor(target.engine, target.workspace, product, signature)
    with reading(target.engine) as session:
        assert list_products(session, target.workspace) == ()


def test_only_a_marked_product_can_be_unmarked(target: Target) -> None:
    with pytest.raises(NotFoundError, match="“我家买菜”没有标记为竞品"):
        unmark_competitor(target.engine, target.workspace, OURS, SIGNED)
