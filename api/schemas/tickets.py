"""Answers about tickets and about the service itself."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.schemas.themes import PriorityOut, QuoteOut
from feedback_nlp.records import TicketState, Verdict


class TicketOut(BaseModel):
    """一张改进工单。"""

    id: str = Field(description="工单编号", examples=["K-0007"])
    theme: str = Field(description="主题编号", examples=["T-0042"])
    title: str = Field(description="标题", examples=["修复：更新后闪退"])
    problem: str = Field(description="问题", examples=["98 个用户提到更新后闪退。"])
    evidence: list[QuoteOut] = Field(description="证据：原声和出处")
    department: str = Field(description="责任部门", examples=["研发"])
    lane: str = Field(
        description="通道：每周 weekly、每月 monthly、每季 quarterly、每年 yearly、应急 emergency",
        examples=["weekly"],
    )
    due: date = Field(description="截止日期", examples=["2026-03-09"])
    resources: str = Field(description="所需资源")
    acceptance: str = Field(description="验收标准")
    state: TicketState = Field(description="状态")
    priority: PriorityOut = Field(description="起草时的优先级")
    related: list[str] = Field(
        description="相关工单：许多评论两边都提到，或建议合并的主题", examples=[["K-0009"]]
    )
    owner: str | None = Field(description="负责人；没有时为 null", examples=["张三"])
    target: float = Field(description="验证目标：发布后与发布前之比要低于它", examples=[0.9])
    fixed: list[str] = Field(description="人定下的字段，草稿不再改它们", examples=[["due"]])
    revision: int = Field(
        description="第几版：人和状态的改动各算一次，备注和草稿不算", examples=[3]
    )


class TicketsOut(BaseModel):
    """一页工单。"""

    tickets: list[TicketOut]
    total: int = Field(description="一共有几张", examples=[14])
    limit: int = Field(description="本页最多几张", examples=[20])
    offset: int = Field(description="跳过了前面几张", examples=[0])


class TicketEventOut(BaseModel):
    """工单的一条记录。"""

    at: datetime = Field(description="时间，北京时间")
    kind: str = Field(
        description="created 起草、updated 草稿更新、moved 移动、assigned 分派、edited 修改、"
        "commented 备注",
        examples=["moved"],
    )
    author: str | None = Field(description="谁；草稿没有，为 null", examples=["张三"])
    reason: str = Field(description="原因，没有写的为空", examples=["评审通过"])
    told: str = Field(description="一句话说明", examples=["移动 待评估 → 已排期"])
    detail: dict[str, str] = Field(
        description="改了什么：字段 field、改前 from、改后 to、备注 text、改后的版本 revision 等",
        examples=[{"from": "待评估", "to": "已排期", "revision": "1"}],
    )


class TicketFileOut(TicketOut):
    """一张工单和知道的一切。"""

    theme_name: str = Field(description="主题的名称", examples=["更新后闪退"])
    moves: list[TicketState] = Field(
        description="人可以移到的状态", examples=[["已排期", "不予实施", "挂起"]]
    )
    history: list[TicketEventOut] = Field(description="全部记录，备注也在内，先发生的在前")
    actual_weeks: float | None = Field(
        description="实际用了多少人周；没有记下为 null", examples=[2.5]
    )
    verdict: Verdict | None = Field(description="最近一次验证的结论；没有验证过为 null")
    verdict_day: date | None = Field(description="那次验证的数据到哪一天")
    releases: list[int] = Field(description="发布的编号，撤回的不算", examples=[[1]])


class GivenReasonOut(BaseModel):
    """有人给出的原因。"""

    at: datetime = Field(description="时间，北京时间")
    author: str = Field(description="谁说的", examples=["李四"])
    text: str = Field(description="原话", examples=["等供应商的接口"])


class DoneOut(BaseModel):
    """这一周发布或验证了的工单。已完成不等于已根治。"""

    ticket: str = Field(description="工单编号", examples=["K-0007"])
    title: str = Field(description="标题", examples=["修复：更新后闪退"])
    to: TicketState = Field(description="已发布或已验证", examples=["已发布"])
    at: datetime = Field(description="时间，北京时间")
    author: str = Field(description="谁移动的", examples=["张三"])
    verdict: Verdict | None = Field(description="这次发布至今的验证结论；还没有为 null")
    cured: bool = Field(description="数据表明已根治：结论是有效", examples=[False])


class UnfinishedOut(BaseModel):
    """到这一周结束时已经到期、没有发布的工单。"""

    ticket: str = Field(description="工单编号", examples=["K-0008"])
    title: str = Field(description="标题", examples=["修复：登录失败"])
    owner: str | None = Field(description="负责人；没有时为 null")
    state: TicketState = Field(description="这一周结束时的状态", examples=["挂起"])
    due: date = Field(description="这一周结束时的截止日期", examples=["2026-03-13"])
    postponed_from: date | None = Field(description="这一周里推迟了的，原来的截止日期")
    reason: GivenReasonOut | None = Field(description="有人给出的原因；没有人说明为 null")


class PlannedOut(BaseModel):
    """下周到期或进行中的工单。"""

    ticket: str = Field(description="工单编号", examples=["K-0009"])
    title: str = Field(description="标题", examples=["优化：搜索结果"])
    owner: str | None = Field(description="负责人；没有时为 null")
    state: TicketState = Field(description="这一周结束时的状态", examples=["进行中"])
    due: date = Field(description="截止日期", examples=["2026-03-18"])


class DepartmentWeekOut(BaseModel):
    """一个责任部门的一周。"""

    department: str = Field(description="责任部门", examples=["研发"])
    done: list[DoneOut] = Field(description="已完成，先完成的在前")
    unfinished: list[UnfinishedOut] = Field(description="未完成，先到期的在前")
    planned: list[PlannedOut] = Field(description="下周计划，先到期的在前")


class ProgressOut(BaseModel):
    """一周的进展，按责任部门。"""

    week: date = Field(description="这一周的星期一", examples=["2026-03-09"])
    departments: list[DepartmentWeekOut]
