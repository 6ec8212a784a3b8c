"""Releases, and what verification found about them."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, Field

from api.schemas.incoming import PageIn
from api.schemas.policy import ON_A_LINE, SignedIn
from api.schemas.ticket_changes import MAX_ID
from feedback_nlp.priority.effort import LEAST_WEEKS, MOST_WEEKS
from feedback_nlp.records import Baseline, Denominator, Doubt, Group, TicketState, Verdict
from feedback_nlp.workflows.note_release import LONGEST_NAME, MOST_TICKETS

MAX_TIME: Final = 40

TicketId = Annotated[str, Field(min_length=1, max_length=MAX_ID, pattern=ON_A_LINE)]
Line = Annotated[str, Field(max_length=LONGEST_NAME, pattern=ON_A_LINE)]


class ReleasesIn(PageIn):
    """要哪些发布。"""

    ticket: Annotated[str, Field(max_length=MAX_ID)] | None = Field(
        default=None, description="只要这张工单的", examples=["K-0001"]
    )


class ReleaseIn(SignedIn):
    """一次发布：从何时起，哪些用户有了哪些工单的改进。放量扩大时再登记一次。"""

    tickets: list[TicketId] = Field(
        min_length=1,
        max_length=MOST_TICKETS,
        description=f"工单编号，1 到 {MOST_TICKETS} 个",
        examples=[["K-0001"]],
    )
    released_at: str = Field(
        min_length=1,
        max_length=MAX_TIME,
        description="发布时间；不带时区按北京时间，只写日期为 0 点。2000 年以前和一天以后的不收",
        examples=["2026-10-01 20:30"],
    )
    version: Line | None = Field(default=None, description="版本", examples=["8.2.0"])
    share: float = Field(
        default=1.0,
        strict=True,
        gt=0,
        le=1,
        allow_inf_nan=False,
        description="放量份额，大于 0、不超过 1；1 为全部",
        examples=[1],
    )
    group: Group | None = Field(
        default=None,
        description="只给一部分用户时按什么分：version、region、channel、tier",
        examples=[None],
    )
    value: Line | None = Field(
        default=None, description="哪个版本、地区、渠道或等级；写了 group 就要写", examples=[None]
    )
    weeks: (
        Annotated[float, Field(strict=True, ge=LEAST_WEEKS, le=MOST_WEEKS, allow_inf_nan=False)]
        | None
    ) = Field(default=None, description="实际用了多少人周；只在登记一张工单时写", examples=[2.5])


class ReleaseWithdrawIn(SignedIn):
    """谁为什么撤回。"""


class ReleaseOut(BaseModel):
    """一次发布。"""

    id: int = Field(description="编号", examples=[1])
    tickets: list[str] = Field(description="工单编号", examples=[["K-0001"]])
    released_at: datetime = Field(description="发布时间，北京时间")
    version: str | None = Field(description="版本；没有写为 null", examples=["8.2.0"])
    share: float = Field(description="放量份额，1 为全部", examples=[1.0])
    group: Group | None = Field(description="按什么分出有改进的用户；不分为 null")
    value: str | None = Field(description="哪个版本、地区、渠道或等级；不分为 null")
    full: bool = Field(description="全部用户都有了；从它起验证", examples=[True])
    author: str = Field(description="谁登记的", examples=["小李"])
    at: datetime = Field(description="何时登记的，北京时间")
    reason: str = Field(description="原因", examples=["随 8.2.0 上线"])
    withdrawn_by: str | None = Field(description="谁撤回的；没有撤回为 null")
    withdrawn_at: datetime | None = Field(description="何时撤回的，北京时间；没有撤回为 null")


class ReleaseNotedOut(ReleaseOut):
    """登记或撤回的发布，和它对工单做了什么。"""

    states: dict[str, TicketState] = Field(
        description="各工单现在的状态", examples=[{"K-0001": "已发布"}]
    )
    moved: list[str] = Field(description="状态因此改变的工单", examples=[["K-0001"]])


class ReleasesOut(BaseModel):
    """发布，最近登记的在前；撤回的也在内。"""

    releases: list[ReleaseOut]
    total: int = Field(description="一共有几次", examples=[3])
    limit: int = Field(description="本页最多几次", examples=[20])
    offset: int = Field(description="跳过了前面几次", examples=[0])


class ComparisonOut(BaseModel):
    """与一种基线的比较。"""

    baseline: Baseline = Field(
        description="recent 发布前的几周，earlier 更早或突增之前，trend 发布前的走势"
    )
    first: date = Field(description="基线的第一天")
    last: date = Field(description="基线的最后一天")
    days: int = Field(description="算数的天数：没有分母的和突增的除外", examples=[56])
    count: int = Field(description="这些天里这个主题的评论数", examples=[80])
    expected: float = Field(description="什么都没变的话，发布后应有多少条", examples=[40.2])
    ratio: float = Field(description="实际 ÷ 应有", examples=[0.3])
    low: float = Field(description="区间下限", examples=[0.18])
    high: float = Field(description="区间上限", examples=[0.52])


class DaysOut(BaseModel):
    """一段日子，两头都算。"""

    first: date = Field(description="第一天")
    last: date = Field(description="最后一天")


class RelapseOut(BaseModel):
    """复发的证据。"""

    alarm: date = Field(description="报警的日子")
    since: date = Field(description="大约从哪天起变多")
    statistic: float = Field(description="累积统计量", examples=[5.3])
    threshold: float = Field(description="超过它就报警", examples=[4.2])
    count: int = Field(description="从 since 到 alarm 的评论数", examples=[25])
    expected: float = Field(description="按验证时的水平应有多少条", examples=[9.0])


class VerificationOut(BaseModel):
    """某一天的数据说明改进是否有效。"""

    release: int = Field(description="发布编号", examples=[1])
    as_of: date = Field(description="数据到哪一天")
    verdict: Verdict = Field(description="结论：有效、无效、样本不足、复发")
    sentence: str = Field(description="一句话说明", examples=["有效：发布后 28 天里 12 条……"])
    theme: str = Field(description="主题编号", examples=["T-0042"])
    target: float = Field(description="要低于的比值", examples=[0.9])
    first: date = Field(description="看的第一天")
    last: date = Field(description="看的最后一天")
    count: int = Field(description="这些天里这个主题的评论数", examples=[12])
    denominator: Denominator = Field(description="exposure 按曝光折算，reviews 按评论总数折算")
    dispersion: float = Field(description="条数的方差 ÷ 平均；1 是纯偶然", examples=[1.2])
    comparisons: list[ComparisonOut] = Field(description="全部比法；无从比较时为空")
    controls: int = Field(description="作对照的主题数", examples=[5])
    drift: float = Field(description="对照主题同期的平均比值", examples=[0.98])
    spread: float = Field(description="对照主题除偶然外的波动，比值对数的标准差", examples=[0.1])
    doubt: Doubt | None = Field(
        description="样本不足的原因：few 太少，spike 从突增回落，fading 本来就在下降，"
        "wide 区间含目标，no_control 没有足够的对照，no_dates 没有日期；有结论为 null"
    )
    spike: DaysOut | None = Field(description="基线里的突增；没有为 null")
    final: bool = Field(description="不会再看", examples=[True])
    next_look: date | None = Field(description="哪一天再看；不再看为 null")
    relapse: RelapseOut | None = Field(description="复发的证据；没有复发为 null")


class VerificationsOut(BaseModel):
    """一张工单的验证。"""

    ticket: str = Field(description="工单编号", examples=["K-0001"])
    state: TicketState = Field(description="工单的状态")
    latest: VerificationOut | None = Field(description="最近一次；没有验证过为 null")
    history: list[VerificationOut] = Field(description="每个数据日一次，最近的在前")
    total: int = Field(description="一共有几次", examples=[3])
    limit: int = Field(description="本页最多几次", examples=[20])
    offset: int = Field(description="跳过了前面几次", examples=[0])
