import pytest

from feedback_nlp.text.markup import strip_markup, unescape_entities
from feedback_nlp.text.normalize import normalize
from feedback_nlp.text.split import split_clauses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("太卡了&hellip;想换", "太卡了…想换", id="named"),
        pytest.param("&#x4e2d;&#22909;&#X597d;", "中好好", id="numbers"),
        pytest.param("很慢&nbsp;很卡&nbsp很差", "很慢 很卡 很差", id="nbsp may lack its end"),
        pytest.param("&amp;amp;lt;3&#38;#x26;gt;", "<3>", id="escaped again and again"),
        pytest.param("赞&#128077;&#55357;&#56397;", "赞👍👍", id="emoji, also in two halves"),
        pytest.param("坏&#55357;&#56000;了", "坏&#55357;&#56000;了", id="two halves of nothing"),
        pytest.param("a&#0;&#8203;b", "a�b", id="characters nobody can see"),
        pytest.param(
            "R&D部，?a=1&copy=2&reg=3", "R&D部，?a=1&copy=2&reg=3", id="no end, no entity"
        ),
        pytest.param("&nosuch;&amp;nosuch;", "&nosuch;&nosuch;", id="unknown names"),
        pytest.param("B&amp;O的耳机", "B&O的耳机", id="company names"),
    ],
)
def test_entities_become_characters(text: str, expected: str) -> None:
    assert normalize(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<p>很好</p><p>推荐</p>", "很好\n推荐", id="paragraphs"),
        pytest.param("慢<br>卡<BR/>贵<br />差", "慢\n卡\n贵\n差", id="line breaks"),
        pytest.param("<ul><li>慢</li><li>贵</li></ul>", "慢\n贵", id="lists"),
        pytest.param("<tr><td>慢</td><td>贵</td></tr>", "慢 贵", id="cells"),
        pytest.param("很<b>慢</b>，<font color=red size='3'>差</font>", "很慢，差", id="inline"),
        pytest.param(
            '看<a href="https://a.cn/x" title="a>b">这里</a>', "看这里", id="> in an attribute"
        ),
        pytest.param('<img src="a.png" data-x=1 hidden>好', "好", id="attributes"),
        pytest.param("好<script>if(a<b){}</script>用<STYLE>p{}</style>", "好用", id="no code"),
        pytest.param("好<script>用", "好用", id="code without an end is text"),
        pytest.param("好<!-- 批注 <b> -->用<!--没完", "好用<!--没完", id="comments"),
        pytest.param("<!DOCTYPE html><?xml version='1'?>好", "好", id="declarations"),
        pytest.param("&lt;br&gt;换行&lt;b&gt;", "换行", id="escaped tags"),
        pytest.param("<<b>b>好", "好", id="tags in tags"),
    ],
)
def test_tags_go(text: str, expected: str) -> None:
    assert normalize(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "a<b，1<2>0，<3，(>_<)",
        "<url>打不开",
        "<<三体>>很好看",
        "价格<100元，质量>预期",
        "<质量>很差<p",
        "<blink>和<bracket>，<b等>",
        "a<b c>d=e>f"[:5],
    ],
)
def test_what_html_does_not_know_stays(text: str) -> None:
    assert strip_markup(text) == []
    assert unescape_entities(text) == []


def test_many_openings_without_an_end_take_one_look() -> None:
    text = "<!--a<script>" * 3
    assert normalize(text).text == "<!--a<!--a<!--a"


def test_a_clause_does_not_reach_into_code_behind_it() -> None:
    (clause,) = split_clauses("屏幕不错<script>track()</script>")
    assert clause.text == "屏幕不错"
