"""What the numbers rest on, and what they cannot say: the report's small print, said openly."""

from typing import Final

from feedback_nlp.names import POLARITY, QUARANTINE
from feedback_nlp.reports.content import ReportData
from feedback_nlp.reports.opinion_shares import correction_note
from feedback_nlp.reports.served import no_answers
from feedback_nlp.reports.statements import trend_rule
from feedback_nlp.reports.wording import QUOTE_LENGTH, chinese_date, number, percent
from feedback_nlp.themes.trend import day_of

_NO_EXPOSURE: Final = (
    "没有曝光数据（订单数、活跃用户数）：这里是条数和占评论的比例，不是万投比，"
    "不能说明多大比例的用户遇到了问题。"
)
PER: Final = 10_000
"""The base of 万投比."""
_RICE: Final = (
    "RICE = 触达 × 影响 × 信心 × 战略权重 ÷ 投入。触达是最近 91 天的用户数，按等级、分群加权，"
    "误判按整体误差折算；投入是人月。得分是按用户重复抽样的中位数，80% 区间不含投入估错的风险。"
)
_QUOTES: Final = (
    f"引文是用户原话，个人信息已换成等长的 *，超过 {QUOTE_LENGTH} 字的在此截短；"
    "全文在 opinions.jsonl，按评论编号可查。"
)


def notes(data: ReportData) -> tuple[str, ...]:
    """Return the sentences of 数据说明, in order."""
    sentences = (
        _counts(data),
        _quarantined(data),
        _of_rivals(data),
        _garbled(data),
        _uncertain(data),
        correction_note(data),
        _users(data),
        _exposure(data),
        _dates(data),
        no_answers(data),
        trend_rule(data),
        _RICE,
        _QUOTES,
    )
    return tuple(sentence for sentence in sentences if sentence)


def versions(data: ReportData) -> tuple[tuple[str, str], ...]:
    """Return (what, version) of everything that decided what this report says."""
    run = data.run
    return (
        ("模型", run.model),
        ("分类体系", run.taxonomy),
        ("词典", run.lexicon),
        ("主题配方", run.recipe),
        *((("隔离规则", run.screening),) if run.screening else ()),
    )


def _counts(data: ReportData) -> str:
    run = data.run
    sentence = (
        f"{number(run.reviews)} 条评论切成 {number(run.opinions)} 条意见；"
        f"其中 {number(run.candidates)} 条是负面或建议，只有这些会归入主题："
        f"归入 {number(run.assigned)} 条，未归类 {number(run.unassigned)} 条"
        f"（{percent(data.unassigned_share)}）。"
    )
    return sentence + (f"另有 {number(run.rejected)} 行无法读取，未计入。" if run.rejected else "")


def _quarantined(data: ReportData) -> str | None:
    if not data.quarantined:
        return None
    reasons = "、".join(
        f"{QUARANTINE[reason]} {number(count)}" for reason, count in data.quarantined
    )
    return (
        f"{number(data.run.quarantined)} 条评论被隔离（{reasons}），不计入情感、主题和工单；"
        "涉及安全、健康、钱款或法律的从不隔离。"
        "用 feedback-nlp quarantine list 查看，quarantine release 恢复。"
    )


def _of_rivals(data: ReportData) -> str | None:
    if not data.of_rivals:
        return None
    return (
        f"竞品评论 {number(data.of_rivals)} 条：不计入本品的主题和优先级，也不计入情感和趋势。"
        "用 feedback-nlp competitor list 查看，competitor compare 对比。"
    )


def _garbled(data: ReportData) -> str | None:
    if not data.garbled:
        return None
    return f"{number(data.garbled)} 条评论疑似乱码，照常计入，结论请以原文为准。"


def _uncertain(data: ReportData) -> str | None:
    counts = data.polarity
    if not counts.total:
        return None
    return (
        f"{number(counts.uncertain)} 条评论（{percent(counts.uncertain / counts.total)}）"
        "模型没有把握，标为「不确定」；统计时按最可能的一类计入。"
    )


def _users(data: ReportData) -> str | None:
    counted = data.polarity.total
    if not counted:
        return None
    if not data.with_author:
        return "评论没有用户编号：一条评论算一位用户，人数可能偏多。"
    if data.with_author < counted:
        share = percent(data.with_author / counted)
        return f"{share} 的评论带用户编号；其余一条评论算一位用户，人数可能偏多。"
    return "每条评论都带用户编号：同一渠道的同一编号算一位用户。"


def _exposure(data: ReportData) -> str:
    found = data.exposure
    if found is None:
        return _NO_EXPOSURE
    said = f"曝光数据：期间{found.measure} {number(found.total)}"
    if found.days < found.of_days:
        known = f"{number(found.of_days)} 天中的 {number(found.days)} 天"
        return f"{said}，只覆盖 {known}，不足以算万投比。"
    rate = data.polarity.neg / found.total * PER
    return (
        f"{said}，{POLARITY['neg']}评论 {number(data.polarity.neg)} 条，"
        f"万投比（每一万对应的条数）{number(rate)}。主题的触达按最近 91 天的万投比折算。"
    )


def _dates(data: ReportData) -> str | None:
    if data.run.as_of is None:
        return "评论没有时间：没有周图，也看不出上升或下降。" if data.run.reviews else None
    until = chinese_date(day_of(data.run.as_of))
    sentence = f"数据截至 {until}，各时间段从这一天往回数；周从周一起，时间为北京时间。"
    if data.undated:
        sentence += f"{number(data.undated)} 条评论没有时间，不进周图和升降，其余统计照常计入。"
    return sentence
