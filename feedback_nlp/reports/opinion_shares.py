"""How the opinions divide by polarity: as labelled, and corrected for what the model gets wrong."""

from collections.abc import Mapping
from typing import Final

from feedback_nlp.heads.counting import LEVEL, ErrorRates, corrected_shares
from feedback_nlp.heads.scores import POLARITIES, FloatArray
from feedback_nlp.names import POLARITY
from feedback_nlp.records import Polarity
from feedback_nlp.reports.content import OpinionShare, ReportData
from feedback_nlp.reports.wording import number, percent

LEAST_OPINIONS: Final = 50
"""With fewer the interval is too wide to say anything."""
SHARE_DIGITS: Final = 4
_NOTE: Final = (
    "「校正后」按模型在标注分句上的误判规律，用每条意见的概率估计真实占比；区间由重复抽样得到，"
    "前提是这批评论的说法与标注数据相近。被隔离的评论不算；其他数字都仍按标签直接数。"
)


def opinion_shares(
    counts: Mapping[Polarity, int], probabilities: FloatArray, rates: ErrorRates | None
) -> tuple[OpinionShare, ...]:
    """Return one share per polarity, neg, neu, pos; none without rates or with few opinions.

    `counts` are the opinions by label, `probabilities` (n_opinions, 3) what the model says of them.
    Rounded here, so that all files agree.
    """
    total = len(probabilities)
    if rates is None or total < LEAST_OPINIONS:
        return ()
    found = corrected_shares(probabilities, rates)
    return tuple(
        OpinionShare(
            polarity=Polarity(name),
            count=counts[Polarity(name)],
            share=round(counts[Polarity(name)] / total, SHARE_DIGITS),
            corrected=round(found.point[column], SHARE_DIGITS),
            # Bootstrap fits may all lie on one side of the first one.
            low=round(min(found.low[column], found.point[column]), SHARE_DIGITS),
            high=round(max(found.high[column], found.point[column]), SHARE_DIGITS),
        )
        for column, name in enumerate(POLARITIES)
    )


def opinion_sentence(data: ReportData) -> str | None:
    """Say how the opinions divide; None where nothing was corrected."""
    if not data.opinion_shares:
        return None
    total = sum(one.count for one in data.opinion_shares)
    parts = "；".join(
        f"{POLARITY[one.polarity]} {percent(one.share)}"
        f"（按分类误差校正后 {percent(one.corrected)}，{percent(LEVEL)} 区间 "
        f"{percent(one.low)}—{percent(one.high)}）"
        for one in data.opinion_shares
    )
    return f"意见情感（{number(total)} 条）：{parts}。"


def correction_note(data: ReportData) -> str | None:
    """Say what a corrected share is; None where there is none."""
    return _NOTE if data.opinion_shares else None
