"""Lines about themes that say how an opinion came there and what a run did."""

import pytest
from builders import MONDAY, make_theme, make_voice

from feedback_nlp.cli.theme_lines import event_line, member_line, quote_line, theme_line
from feedback_nlp.names import HOW, PROPOSAL_STATE, THEME_EVENT, THEME_STATE
from feedback_nlp.records import (
    EditKind,
    How,
    Placement,
    ProposalKind,
    ProposalState,
    Quote,
    Signature,
    ThemeState,
)
from feedback_nlp.storage.theme_history import Told
from feedback_nlp.workflows.browse import RankedTheme
from feedback_nlp.workflows.browse_themes import Member


@pytest.mark.parametrize(
    ("placement", "how"),
    [
        pytest.param(None, "来历没有记录", id="unknown"),
        pytest.param(Placement("R-1", 0, "T-0001", How.BY_HAND), "人工", id="by hand"),
        pytest.param(
            Placement("R-1", 0, "T-0001", How.JOINED, 0.834), "与主题相近 0.83", id="near"
        ),
        pytest.param(
            Placement("R-1", 0, "T-0001", How.JOINED, 0.834, "T-0003", 0.5),
            "与主题相近 0.83，其次 T-0003 0.50",
            id="with a runner-up",
        ),
        pytest.param(
            Placement("R-1", 0, "T-0001", How.SAME_WORDS, None, "T-0003"),
            "原话相同，其次 T-0003",
            id="runner-up that was not compared",
        ),
        pytest.param(
            Placement("R-1", 0, "T-0001", How.JOINED, 0.834, "T-0001", 0.5),
            "与主题相近 0.83",
            id="runner-up that was merged with the theme",
        ),
    ],
)
def test_an_opinion_tells_how_it_came(placement: Placement | None, how: str) -> None:
    member = Member(make_voice("闪退\n了"), placement)
    assert member_line(member) == f"  R-1:0  {how}  闪退 了"


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("dormant", {"from": "open", "to": "dormant"}, "休眠 T-0001：在列 → 休眠"),
        ("renamed", {"from": "旧\n名", "to": "新名"}, "名称更新 T-0001：“旧 名” → “新名”"),
        ("remodelled", {"from": "a", "kept": "3"}, "换了模型或词典 T-0001：from a，kept 3"),
        ("unheard of", {}, "unheard of T-0001"),
    ],
)
def test_what_a_run_did_has_no_author(kind: str, detail: dict[str, str], words: str) -> None:
    told = Told(7, kind, "T-0001", MONDAY, tuple(detail.items()))
    assert event_line(told) == f"  2026-03-02 12:00  {words}"


def test_words_of_people_stay_on_one_line() -> None:
    signature = Signature("小\n李", MONDAY, "因\n为")
    told = Told(7, "move", "T-0001", MONDAY, (("from", ""), ("to", "T-0001")), signature)
    assert event_line(told) == (
        "  2026-03-02 12:00  第 7 号  小 李  移动 T-0001：未归类 → T-0001  因 为"
    )
    assert quote_line(Quote("R-1", 3, 9, "不\n行")) == "  R-1:3  不 行"


def test_a_theme_without_dates_and_rank_is_one_line() -> None:
    theme = make_theme(name="旧事", state=ThemeState.MERGED, merged_into="T-0002", last_seen=None)
    assert theme_line(RankedTheme(theme, None, None)) == (
        "-  T-0001  旧事  0 个观点，0 个用户，负面 100%  已并入 T-0002"
    )


def test_every_state_way_and_edit_has_a_chinese_name() -> None:
    assert set(THEME_STATE) == set(ThemeState)
    assert set(HOW) == set(How)
    assert set(THEME_EVENT) >= {*EditKind, *ProposalKind}
    assert set(PROPOSAL_STATE) == set(ProposalState)
