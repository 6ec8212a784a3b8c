"""Questionnaires as 问卷星 or 腾讯问卷 export them: a row an answer sheet, a column a question."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from feedback_nlp.intake.channel import Channel
from feedback_nlp.intake.entries import Entry, Given, Shape, read_each, recognise
from feedback_nlp.intake.fields import Fields, with_base
from feedback_nlp.intake.identity import record_id
from feedback_nlp.intake.numbers import parse_csat, parse_nps
from feedback_nlp.intake.reading import Reading
from feedback_nlp.records import Rejected, Review, ReviewKind, SurveyAnswer
from feedback_nlp.tabular.sheets import Sheet

DEFAULT_CHANNEL: Final = "问卷"
_SCORES: Final = (
    ("nps", re.compile("推荐.{0,10}(?:可能|意愿)|(?:可能|愿意).{0,10}推荐|推荐给|(?<![a-z])nps")),
    ("csat", re.compile("(?:总体|整体|综合).*满意|满意.*(?:总体|整体|综合)")),
    ("csat", re.compile("满意度|满意程度|是否满意|满意吗|(?<![a-z])csat")),
)
_OPEN: Final = re.compile(
    "建议|意见|原因|为什么|想说|请说明|请描述|请填写|补充|吐槽|哪些.*(?:改进|不满|问题)|遇到.*问题"
)
_CHOICE: Final = re.compile("多选|单选|选择题|量表")
_TEXTS: Final = ("text", "text_2", "text_3")


def _columns(header: Iterable[str], known: Fields, given: Given = None) -> dict[str, str]:
    """Recognise questions by the words in them where no header is known as a whole.

    The open questions are the fields `text`, `text_2`, … in file order.
    """
    written = tuple(header)
    found = recognise(written, known, given)
    for field, words in _SCORES:
        left = (name for name in written if name not in found.values())
        match = next((name for name in left if words.search(name.lower())), None)
        if match is not None:
            found.setdefault(field, match)
    taken = {*found.values()}
    asked = [
        name
        for name in written
        if name not in taken and _OPEN.search(name) and not _CHOICE.search(name)
    ]
    for name in asked:
        number = 1 + sum(field.partition("_")[0] == "text" for field in found)
        found["text" if number == 1 else f"text_{number}"] = name
    return found


SHAPE: Final = Shape(
    fields=with_base(
        {
            "nps": ("nps", "nps评分", "推荐意愿", "推荐分"),
            "csat": ("csat", "满意度", "总体满意度", "整体满意度"),
            "text": ("开放题", "其他建议", "意见与建议", "意见和建议", "您的建议", "建议"),
            "text_2": (),
            "text_3": (),
            "external_id": ("答卷编号", "答卷id", "答卷序号", "问卷编号", "序号", "编号"),
            "created_at": ("提交答卷时间", "提交时间", "答题时间", "结束答题时间", "填写时间"),
            "author_id": ("用户标识", "自定义字段", "会员号", "openid"),
            "region": ("来自省份", "所在省份", "ip省份"),
            "channel": ("来源渠道", "来源"),
        }
    ),
    required=(("nps", "csat", *_TEXTS),),
    recognised=_columns,
)


def read(
    sheet: Sheet, *, now: datetime, channel: str = DEFAULT_CHANNEL, given: Given = None
) -> Iterator[Review | SurveyAnswer | Rejected]:
    """Yield for each row the review of its open text, if it has any, and then its scores.

    Headers may be whole questions: 推荐的可能性 in one marks NPS, 满意度 CSAT (an overall one
    before that of an aspect), 建议, 原因 and the like an open question. `given` says the rest; for
    several open questions the fields `text_2` and `text_3`. Answers to open questions follow each
    other on lines of their own, without the questions, which are not the user's words.

    Raises:
        InputError: no column holds a score or an open text.
    """
    reading = Reading(now, channel)

    def make(entry: Entry) -> tuple[Review | SurveyAnswer | Rejected, ...]:
        return _answer(entry, reading)

    return read_each(sheet, SHAPE, make, given=given)


def _answer(entry: Entry, reading: Reading) -> tuple[Review | SurveyAnswer | Rejected, ...]:
    nps, csat = entry.value("nps", parse_nps), entry.value("csat", parse_csat)
    answered_at = entry.time("created_at", reading.now)
    texts = [entry.plain(field) for field in entry.columns if field.partition("_")[0] == "text"]
    text = "\n".join(filter(None, texts))
    if not text and nps is None and csat is None:
        raise ValueError("没有推荐意愿、满意度，也没有文字")
    identity = reading.review(entry, text or "-", kind=ReviewKind.SURVEY)
    answer = SurveyAnswer(
        id=record_id("S", identity.id),
        channel=identity.channel,
        answered_at=answered_at,
        nps=nps,
        csat=csat,
        product=identity.product,
        version=identity.version,
        region=identity.region,
        author_id=identity.author_id,
        author_tier=identity.author_tier,
        review_id=identity.id if text else None,
    )
    found = reading.ids.once(answer, identity.external_id, entry)
    if not text or isinstance(found, Rejected):
        return (found,)
    return replace(identity, nps=nps, csat=csat), answer


CHANNEL: Final = Channel("survey", "问卷（NPS、满意度、开放题）", SHAPE, read, DEFAULT_CHANNEL)
