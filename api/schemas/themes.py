"""Answers about themes: the shape of `themes.json`."""
# ruff: noqa: D415 (docstrings here are the Chinese texts of the OpenAPI document)

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.schemas.annotations import OpinionOut
from feedback_nlp.records import Denominator, EffortSource, Quadrant


class WeekOut(BaseModel):
    """一周的观点数。"""

    week: date = Field(description="这一周的星期一（北京时间）", examples=["2026-03-02"])
    count: int = Field(description="观点数", examples=[17])
    rate: float | None = Field(
        description="这一周提到它的评论数 ÷ 分母（见 `denominator`）；没有日期时为 null",
        examples=[0.0312],
    )


class QuoteOut(BaseModel):
    """一句原声和它的出处。"""

    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    text: str = Field(description="原话", examples=["更新以后一直闪退"])


class PriorityOut(BaseModel):
    """RICE 优先级，每个数附一句理由。"""

    reach: float = Field(
        description="触达：每季度（91 天）的用户数，按等级、分群加权，按误判校正", examples=[1116.5]
    )
    impact: float = Field(description="影响：3、2、1、0.5、0.25 之一", examples=[2.0])
    confidence: float = Field(description="信心，0 到 1", examples=[0.8])
    effort: float = Field(description="投入，人月", examples=[0.46])
    score: float = Field(
        description="得分：触达 × 影响 × 信心 × 战略权重 ÷ 投入，取重复抽样的中位数",
        examples=[3883.5],
    )
    low: float = Field(description="得分 80% 区间的下限", examples=[3105.2])
    high: float = Field(description="得分 80% 区间的上限", examples=[4702.9])
    reach_low: float = Field(description="触达 80% 区间的下限", examples=[1020.0])
    reach_high: float = Field(description="触达 80% 区间的上限", examples=[1205.3])
    strategy: float = Field(description="话题的战略权重，默认 1", examples=[1.0])
    effort_source: EffortSource = Field(
        description="投入从哪里来：override 人工估计，history 团队历史，default 类别默认",
        examples=["default"],
    )
    top3: float = Field(description="排在前 3 的概率，0 到 1", examples=[0.97])
    top10: float = Field(description="排在前 10 的概率，0 到 1", examples=[1.0])
    quadrant: Quadrant | None = Field(
        description="四象限：quick_win 速赢，strategic 战略，fill_in 填空，defer 暂缓；"
        "早先的程序排的为 null",
        examples=["quick_win"],
    )
    board: float | None = Field(description="评审得分，0 到 10；没有人投票为 null", examples=[7.2])
    reasons: dict[str, str] = Field(
        description="每个数的理由，键为 reach、impact、confidence、effort、score、order"
        "（名次有多稳、怎样会变），有战略权重时加 strategy，有人投票时加 board",
        examples=[{"reach": "10 周里有 98 个用户提到，折合每季度 127 个。"}],
    )


class ThemeOut(BaseModel):
    """一个主题：反复出现的一个问题。编号永远不变。"""

    rank: int | None = Field(description="RICE 名次，从 1 起；还没有排过为 null", examples=[1])
    id: str = Field(description="主题编号", examples=["T-0042"])
    name: str = Field(description="名称", examples=["更新后闪退"])
    topic: str = Field(description="话题编码", examples=["performance.crash"])
    keywords: list[str] = Field(description="关键词", examples=[["闪退", "更新"]])
    state: str = Field(
        description="状态：open 在列，dormant 最近没有人提，closed 人关闭了，merged 已并入别的主题",
        examples=["open"],
    )
    count: int = Field(description="观点数", examples=[112])
    reviews: int = Field(description="评论数", examples=[104])
    users: int = Field(description="用户数", examples=[98])
    negative_share: float = Field(description="负面观点的占比", examples=[0.9643])
    first_seen: datetime | None = Field(description="最早的评论时间")
    last_seen: datetime | None = Field(description="最近的评论时间")
    trend: list[WeekOut] = Field(description="每周观点数和比率，含为零的周")
    denominator: Denominator | None = Field(
        description="每周比率的分母：exposure 曝光量，比率是万投比（每万单或每万人天）；"
        "reviews 评论总数，比率在 0 到 1 之间",
        examples=["reviews"],
    )
    by_channel: dict[str, int] = Field(description="各渠道的观点数；缺失记在空字符串下")
    by_version: dict[str, int] = Field(description="各版本的观点数")
    by_region: dict[str, int] = Field(description="各地区的观点数")
    by_rating: dict[str, int] = Field(description="各星级的观点数")
    quotes: list[QuoteOut] = Field(description="有代表性的原声")
    boundary_quotes: list[QuoteOut] = Field(description="主题边上的原声：它们还算在内")
    priority: PriorityOut | None = Field(description="优先级；还没有排过为 null")


class UnassignedOut(BaseModel):
    """没有归入任何主题的观点。"""

    count: int = Field(description="数量", examples=[57])
    share: float = Field(description="在负面观点和建议里的占比", examples=[0.2111])


class RunOut(BaseModel):
    """最近一次出报告的运行：读了什么，用了哪些版本，得到什么。"""

    as_of: datetime | None = Field(description="最新一条评论的时间")
    model: str = Field(description="模型", examples=["linear-zh/2026-11-22"])
    taxonomy: str = Field(description="话题体系的版本")
    lexicon: str = Field(description="词典的版本")
    recipe: str = Field(description="聚类方案")
    reviews: int = Field(description="评论数", examples=[400])
    opinions: int = Field(description="观点数", examples=[730])
    candidates: int = Field(description="负面观点和建议，只有它们能归入主题", examples=[270])
    assigned: int = Field(description="归入主题的", examples=[213])
    unassigned: int = Field(description="没有归入的", examples=[57])
    themes: int = Field(description="主题数", examples=[14])
    tickets: int = Field(description="工单数", examples=[14])
    rejected: int = Field(description="没能导入的行数", examples=[0])
    screening: str = Field(description="隔离规则的版本")
    quarantined: int = Field(description="被隔离、暂不计入统计的评论数", examples=[6])


class ThemesOut(BaseModel):
    """主题，按 RICE 从高到低。"""

    themes: list[ThemeOut]
    total: int = Field(description="一共有几个", examples=[14])
    limit: int = Field(description="本页最多几个", examples=[20])
    offset: int = Field(description="跳过了前面几个", examples=[0])
    unassigned: UnassignedOut | None = Field(description="未归类的；还没有出过报告为 null")
    run: RunOut | None = Field(description="最近一次出报告的运行；还没有为 null")


class VoiceOut(OpinionOut):
    """主题里的一条观点和它的出处。"""

    review_id: str = Field(description="评论编号", examples=["R-0123456789abcdef"])
    channel: str = Field(description="渠道", examples=["app_store"])
    created_at: datetime | None = Field(description="评论时间，北京时间")
    author_tier: str | None = Field(description="客户等级")
    version: str | None = Field(description="版本", examples=["3.2.0"])
    region: str | None = Field(description="地区", examples=["广东"])
    rating: float | None = Field(description="星级", examples=[1])
    likes: int = Field(description="点赞数", examples=[12])


class OpinionsOut(BaseModel):
    """主题里的观点，最新的评论在前。主题形成之后被改写的评论不再出现。"""

    opinions: list[VoiceOut]
    total: int = Field(description="主题形成时的观点数", examples=[112])
    limit: int = Field(description="本页最多几条", examples=[20])
    offset: int = Field(description="跳过了前面几条", examples=[0])
