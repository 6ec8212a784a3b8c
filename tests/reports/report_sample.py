"""A small delivery app over ten weeks, as the report sees it; own texts, counts that add up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feedback_nlp.records import (
    CHINA,
    Annotation,
    Intent,
    Labels,
    Opinion,
    Polarity,
    Priority,
    Probabilities,
    Quote,
    Review,
    Run,
    Taxonomy,
    Theme,
    Ticket,
    TicketState,
    Topic,
    TopicProbability,
    WeekCount,
)
from feedback_nlp.reports.content import PolarityCounts, ReportData

FIRST_MONDAY = date(2026, 8, 31)
WEEKS = 10
DAYS = WEEKS * 7 - 2
"""The data ends on a Friday: the last week is short, but long enough to compare."""
CHANNELS = ("应用商店", "客服工单", "用户社区", "回访问卷")
VERSIONS = ("3.1.0", "3.2.0", "3.2.1")
MODEL = "linear-zh/2026-11-22"
TAXONOMY = Taxonomy(
    "2026-11-21",
    (
        Topic(
            "performance.crash", "闪退故障", "闪退", "performance", "功能性能", "研发", "weekly", 2
        ),
        Topic("logistics.speed", "配送时效", "超时", "logistics", "物流配送", "物流", "weekly", 2),
        Topic("logistics.packaging", "包装", "洒漏", "logistics", "物流配送", "物流", "weekly", 1),
        Topic("service.refund", "退款售后", "退款", "service", "售后服务", "客服", "monthly", 2),
        Topic("usability.ui", "界面操作", "界面", "usability", "易用体验", "产品", "monthly", 3),
        Topic("price.value", "性价比", "贵", "price", "价格", "运营", "quarterly", 2),
    ),
)


@dataclass(frozen=True, slots=True)
class Story:
    """One theme: how often it came up each week, and in what words."""

    name: str
    topic: str
    keywords: tuple[str, ...]
    weekly: tuple[int, ...]
    texts: tuple[str, ...]
    negative: float
    rice: tuple[float, float, float, float, float]
    """reach, impact, confidence, low, high"""


LONG_TEXT = (
    "付款闪退，客服让我清缓存，清了没用。麻烦你们自己先更新一遍试试再发版行吗？优惠券今天就到期了，"
    "因为这个问题用不掉，谁来补给我？我已经连续三天没能成功下过一单，之前攒的会员等级也快保不住了，"
    "家里老人更是完全不会用网页版，真的非常影响生活，希望尽快修复并给一个明确的时间。"
)
STORIES = (
    Story(
        "更新后一点付款就闪退",
        "performance.crash",
        ("闪退", "付款", "更新", "3.2.1"),
        (1, 0, 2, 1, 1, 2, 1, 0, 19, 14),
        (
            "更新到 3.2.1 以后，一点付款就闪退，重装了两遍还是一样，现在只能用网页版下单。",
            "每次到支付页面 App 直接没了，钱倒是没扣，但是单也下不了😡",
            "昨天开始付款必闪退，安卓 14。",
            LONG_TEXT,
        ),
        1.0,
        (62.4, 3.0, 0.83, 268.5, 402.7),
    ),
    Story(
        "骑手超时还提前点送达",
        "logistics.speed",
        ("超时", "提前", "送达", "骑手"),
        (6, 7, 5, 8, 7, 6, 8, 7, 6, 5),
        (
            "还没到楼下就点了送达，打电话说让我自己再等二十分钟。",
            "连着三次超时，每次都是提前点送达，准时宝形同虚设。",
            "提前点送达这个事你们到底管不管？",
        ),
        0.97,
        (95.2, 1.0, 0.86, 139.9, 221.4),
    ),
    Story(
        "退款要等一周，进度查不到",
        "service.refund",
        ("退款", "进度", "到账", "一周"),
        (12, 10, 11, 9, 8, 9, 7, 8, 1, 1),
        (
            "退款审核通过九天了还没到账，页面上只写处理中，问客服就是让等。",
            "退款进度能不能像物流一样一步一步显示？",
            "上次 18.5 元的退款等了一周。",
        ),
        0.84,
        (110.7, 1.0, 0.88, 171.2, 257.6),
    ),
    Story(
        "汤洒了一袋子",
        "logistics.packaging",
        ("汤", "洒", "包装", "封口"),
        (3, 2, 4, 3, 2, 3, 3, 2, 3, 2),
        ("汤洒了一袋子，盒盖根本没扣紧。", "包装太薄了，拎起来就漏，封口贴也没有。"),
        0.96,
        (36.0, 0.5, 0.81, 41.0, 96.3),
    ),
    Story(
        "希望首页能关掉弹窗广告",
        "usability.ui",
        ("弹窗", "广告", "首页", "关闭"),
        (1, 2, 1, 1, 2, 1, 2, 1, 2, 1),
        ("建议首页弹窗给个「不再提示」，每次打开都要点三下才能看到外卖。", "弹窗广告能关吗？"),
        0.43,
        (18.7, 0.5, 0.74, 6.1, 15.9),
    ),
    Story(
        "配送费比菜贵",
        "price.value",
        ("配送费", "贵"),
        (0, 1, 0, 1, 1, 0, 1, 0, 1, 1),
        ("点一份 12 元的面，配送费 9 元，离谱。",),
        1.0,
        (8.0, 0.5, 0.62, 2.2, 9.4),
    ),
)
OTHER_REVIEWS = (21, 24, 19, 23, 22, 25, 20, 22, 24, 17)
"""Reviews of each week that belong to no theme: praise, small talk, single complaints."""
OTHER_NEGATIVE = 3
UNASSIGNED = 37


def monday(week: int) -> date:
    return FIRST_MONDAY + timedelta(weeks=week)


def moment(week: int, place: int) -> datetime:
    """Some time in the week; the last week ends on Friday."""
    days = 5 if week == WEEKS - 1 else 7
    day = monday(week) + timedelta(days=place % days)
    return datetime.combine(day, time(9 + place % 12, (place * 7) % 60), CHINA)


def reviews_of(place: int, story: Story) -> tuple[Review, ...]:
    found: list[Review] = []
    for week, count in enumerate(story.weekly):
        for nth in range(count):
            number = len(found)
            found.append(
                Review(
                    id=f"r{place + 1}{number:03d}",
                    channel=CHANNELS[(number * 5 // 3 + place) % len(CHANNELS)],
                    text=story.texts[number % len(story.texts)],
                    external_id=f"ext-{place}-{number}",
                    created_at=moment(week, nth + place),
                    version=VERSIONS[min(week // 4, 2)] if number % 9 else None,
                    rating=1.0 + number % 2,
                    likes=number % 13 if number % 5 == 0 else 0,
                )
            )
    return tuple(found)


def counted(values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))


def theme_of(place: int, story: Story) -> Theme:
    reviews = reviews_of(place, story)
    times = [review.created_at for review in reviews if review.created_at is not None]
    latest = {review.text: review for review in reviews}
    quotes = tuple(Quote(latest[text].id, 0, len(text), text) for text in story.texts)
    return Theme(
        id=f"T-{place + 1:04d}",
        name=story.name,
        topic=story.topic,
        keywords=story.keywords,
        quotes=quotes,
        members=tuple(sorted((review.id, 0) for review in reviews)),
        count=len(reviews),
        reviews=len(reviews),
        users=len(reviews) - len(reviews) // 20,
        negative_share=round(len(reviews) * story.negative) / len(reviews),
        first_seen=min(times),
        last_seen=max(times),
        trend=tuple(WeekCount(monday(week), count) for week, count in enumerate(story.weekly)),
        by_channel=counted([review.channel for review in reviews]),
        by_version=counted([review.version or "" for review in reviews]),
        by_region=(("", len(reviews)),),
        by_rating=counted([str(review.rating) for review in reviews]),
    )


def priority_of(theme: Theme, story: Story) -> Priority:
    reach, impact, confidence, low, high = story.rice
    weeks = TAXONOMY.topic(theme.topic).effort_weeks
    effort = round(weeks / 4.35, 2)
    return Priority(
        theme_id=theme.id,
        reach=reach,
        impact=impact,
        confidence=confidence,
        effort=effort,
        score=round(reach * impact * confidence / effort, 2),
        low=low,
        high=high,
        reasons=(
            (
                "reach",
                (
                    f"{theme.users} 位不同用户提到；数据跨度 68 天，"
                    f"折算到每季度（91 天）为 {reach:g} 人；"
                    "没有订单或活跃用户数，暂按人数而不是万投比"
                ),
            ),
            ("impact", f"严重度：明显 {theme.count} 条；按用户平均后取最近一档 {impact:g}"),
            (
                "confidence",
                (
                    f"样本 {theme.users} 人（系数 0.93）× 判断把握（9% 为不确定，系数 0.96）× "
                    f"4 个渠道（系数 1）= {confidence:.2f}，相当于 80% 档"
                ),
            ),
            ("effort", f"同类问题默认 {weeks:g} 人周 ÷ 4.35 = {effort:g} 人月，可由团队改写"),
        ),
    )


def ticket_of(place: int, theme: Theme, priority: Priority) -> Ticket:
    topic = TAXONOMY.topic(theme.topic)
    return Ticket(
        id=f"W-{place:04d}",
        theme_id=theme.id,
        title=theme.name,
        problem=(
            f"{theme.users} 位用户的 {theme.reviews} 条反馈提到，共 {theme.count} 条意见；"
            f"最集中的版本是 {theme.by_version[0][0]}（{theme.by_version[0][1]} 条）。"
        ),
        evidence=theme.quotes,
        department=topic.department,
        lane=topic.lane,
        due=date(2026, 11, 13) + timedelta(days=7 * place),
        resources=f"{topic.department} 约 {topic.effort_weeks:g} 人周（按类别默认，待团队确认）",
        acceptance="发布后 4 周内，每周意见数比最近 4 周平均下降至少 50%，且没有新的严重意见。",
        state=TicketState.TRIAGE,
        priority=priority,
    )


def sample() -> ReportData:
    """The whole story: an incident in the last two weeks, refunds fixed, four quieter themes."""
    pairs = [
        (theme, priority_of(theme, story))
        for place, story in enumerate(STORIES)
        for theme in [theme_of(place, story)]
    ]
    pairs.sort(key=lambda pair: -pair[1].score)
    themes = tuple(theme for theme, _ in pairs)
    priorities = tuple(priority for _, priority in pairs)
    reviews = [review for place, story in enumerate(STORIES) for review in reviews_of(place, story)]
    assigned = sum(theme.count for theme in themes)
    weekly = tuple(
        WeekCount(monday(week), other + sum(story.weekly[week] for story in STORIES))
        for week, other in enumerate(OTHER_REVIEWS)
    )
    negative = tuple(
        WeekCount(entry.week, entry.count - other + OTHER_NEGATIVE)
        for entry, other in zip(weekly, OTHER_REVIEWS, strict=True)
    )
    total, unhappy = sum(entry.count for entry in weekly), sum(entry.count for entry in negative)
    positive = (total - unhappy) * 2 // 3
    return ReportData(
        run=Run(
            as_of=datetime(2026, 11, 6, 21, 40, tzinfo=CHINA),
            model=MODEL,
            taxonomy=TAXONOMY.version,
            lexicon="product-words@2026-11-22",
            recipe="char-ngram@2026-11-22",
            reviews=total + 2,
            opinions=total * 2,
            candidates=assigned + UNASSIGNED,
            assigned=assigned,
            unassigned=UNASSIGNED,
            themes=len(themes),
            tickets=len(themes),
            rejected=3,
        ),
        taxonomy=TAXONOMY,
        themes=themes,
        priorities=priorities,
        tickets=tuple(
            ticket_of(place, theme, priority) for place, (theme, priority) in enumerate(pairs, 1)
        ),
        polarity=PolarityCounts(unhappy, total + 2 - unhappy - positive, positive, 41),
        weekly_reviews=weekly,
        weekly_negative=negative,
        topics=tuple(
            sorted(((theme.topic, theme.count + 5) for theme in themes), key=lambda pair: -pair[1])
        ),
        channels=counted([review.channel for review in reviews]),
        sources=tuple(reviews),
        first_review=datetime(2026, 8, 31, 9, 0, tzinfo=CHINA),
        undated=2,
        with_author=0,
        product="饭来到家",
    )


EMPTY_RUN = Run(None, MODEL, "2026-11-21", "words@1", "recipe@1", 0, 0, 0, 0, 0, 0, 0, 0)


def annotations() -> tuple[tuple[Annotation, Review], ...]:
    """The reviews of the first story with one opinion each."""
    return tuple((annotation_of(review), review) for review in reviews_of(0, STORIES[0]))


def annotation_of(review: Review) -> Annotation:
    sure = Probabilities(0.912345, 0.065432, 0.022223)
    topic = TopicProbability("performance.crash", 0.876543)
    labels = Labels(
        Polarity.NEG, sure, uncertain=False, topics=(topic,), intent=Intent.COMPLAINT, severity=2
    )
    opinion = Opinion(0, len(review.text), review.text, labels)
    return Annotation(
        review.id,
        review.text,
        Polarity.NEG,
        sure,
        uncertain=False,
        opinions=(opinion,),
        model=MODEL,
    )
