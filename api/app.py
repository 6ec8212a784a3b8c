"""The application: `uvicorn --factory api.app:create_app`. Importing this opens nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, TypedDict

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from api.access_document import with_access
from api.body_limit import MEGABYTE, BodyLimit
from api.dependencies import NotedWrite
from api.errors import answer_errors
from api.etags import ETags
from api.gate import Gate
from api.gzip_body import GzipBodies
from api.metrics import Metrics, forget_worker
from api.observe import Observed
from api.rates import Rates
from api.routes import (
    alerts,
    audit,
    bulk,
    competitors,
    corrections,
    customers,
    efforts,
    exposure,
    health,
    hooks,
    imports,
    keys,
    opinions,
    outcomes,
    plans,
    policy,
    quarantine,
    releases,
    replies,
    reports,
    review_lists,
    reviews,
    rollouts,
    runs,
    satisfaction,
    segments,
    session,
    sla,
    start,
    surveys,
    targets,
    theme_edits,
    theme_proposals,
    theme_reasons,
    themes,
    ticket_changes,
    tickets,
    users,
)
from api.schemas.problem import problem_components
from api.secure_headers import SecureHeaders
from api.spool import BulkGate
from api.time_limit import BodyTime
from feedback_nlp.artifacts import load_classifier, load_taxonomy
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy
from feedback_nlp.settings import Settings, read_settings
from feedback_nlp.storage.database import open_database
from feedback_nlp.workflows.setup import Setup

API_VERSION: Final = "1"
MAX_BODY: Final = 20 * MEGABYTE
OWN_LIMIT: Final = ("/v1/reviews:bulk",)
DESCRIPTION: Final = """\
把用户评论变成观点、主题、优先级和工单。

* 出错时一律是 `application/problem+json`（RFC 9457），`detail` 说明哪里不对、该怎么办。
* 不带时区的时间按北京时间（Asia/Shanghai）理解；返回的时间都带时区。
* 每个 GET 应答有 `ETag`；下次放在 `If-None-Match` 里，没有变化时答 304。
* 带 `cursor` 的列表：把 `next_cursor` 原样放进下一次请求，为 null 时没有下一页。
* 概率和占比都在 0 到 1 之间；`start`、`end` 是评论原文里的字符位置，左闭右开。
"""
TAGS: Final = [
    {"name": "评论", "description": "提交评论，查看评论和它的标注。"},
    {"name": "主题", "description": "反复出现的问题，按 RICE 从高到低；人的修改有记录，可以撤销。"},
    {"name": "工单", "description": "由主题生成的改进工单：状态、负责人、记录，每周的进展。"},
    {"name": "预警", "description": "突然变多的主题、新出现的主题，提到安全、法律等的评论。"},
    {"name": "优先级", "description": "RICE 和理由、四象限，各通道排了什么。"},
    {"name": "政策", "description": "团队对优先级的决定：权重、产能、门槛；下次 plan 按它算。"},
    {"name": "发布与验证", "description": "何时哪些用户有了改进，改进是否有效，会不会复发。"},
    {"name": "满意度", "description": "NPS、满意度、评分、负面占比，背后的主题，目标和实际。"},
    {
        "name": "时限",
        "description": "投诉和负面评价多快答复、多快解决，超时、快到期和升级的。",
    },
    {"name": "竞品", "description": "哪些产品是别家的，与它们对比；它们的评论不计入本品。"},
    {
        "name": "分群",
        "description": "不同版本、地区、等级、分层、渠道的用户抱怨什么，差别是不是偶然。",
    },
    {"name": "回复", "description": "通知问题已解决的用户：名单、草稿、记录、回访、退订、文案。"},
    {"name": "数据", "description": "导入记录和没能导入的行，隔离区，人对标注的改正。"},
    {"name": "客户", "description": "客户、订单、问卷、曝光量。"},
    {"name": "运行", "description": "出报告的运行、夜间任务、报告摘要。"},
    {"name": "权限", "description": "我是谁，登录；密钥、帐号和审计记录只有管理员能看能改。"},
    {"name": "Webhook", "description": "有事时告诉别的系统：加、删、试发，看发了没有、再发一次。"},
    {"name": "运行状况", "description": "服务是否正常。"},
]


class _State(TypedDict):
    setup: Setup
    rates: Rates


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document with the shape of errors, which FastAPI leaves out."""
        document = super().openapi()
        document["components"]["schemas"] |= problem_components()
        return with_access(document)


def create_app(
    settings: Settings | None = None,
    classifier: Classifier | None = None,
    taxonomy: Taxonomy | None = None,
) -> FastAPI:
    """Build the application; the database and the model are opened when it starts.

    What is not given comes from the environment and the packaged artefacts.

    Raises:
        InputError: a setting in the environment cannot be used.
    """
    chosen = read_settings() if settings is None else settings

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[_State]:
        labels = load_taxonomy() if taxonomy is None else taxonomy
        model = load_classifier(chosen.model) if classifier is None else classifier
        engine = open_database(chosen.database_url)
        try:
            setup = Setup(engine, chosen.workspace, model, labels, chosen.privacy)
            yield {"setup": setup, "rates": Rates(chosen.rate_per_minute)}
        finally:
            engine.dispose()
            forget_worker()

    app = _Application(
        title="feedback-nlp",
        version=API_VERSION,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        lifespan=lifespan,
        # Their pages load scripts from a CDN.
        docs_url=None,
        redoc_url=None,
    )
    app.state.metrics = Metrics()
    app.state.metrics_open = chosen.metrics_open
    app.state.webhook_guard = chosen.webhook_guard
    app.state.bulk = BulkGate(chosen.bulk_limit_mb * MEGABYTE)
    app.add_middleware(GzipBodies, limit=MAX_BODY, spared=OWN_LIMIT)
    app.add_middleware(BodyTime, seconds=chosen.body_timeout_s, spared=OWN_LIMIT)
    app.add_middleware(BodyLimit, limit=MAX_BODY, spared=OWN_LIMIT)
    app.add_middleware(ETags)
    # Packed answers hold what users wrote beside what a caller asked for; no secret stands among
    # them, so their size (BREACH) tells nothing.
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    # Outside of what reads bodies: strangers are refused before one is unpacked.
    app.add_middleware(Gate)
    app.add_middleware(SecureHeaders)
    app.add_middleware(Observed, metrics=app.state.metrics)
    answer_errors(app)
    # Edits first: what OPTIONS says of /themes/move is not what it says of /themes/{theme_id}.
    edits = (theme_edits, theme_proposals)
    decisions = (plans, policy, efforts, satisfaction, targets, sla)
    for routes in (
        bulk,
        review_lists,
        reviews,
        opinions,
        theme_reasons,
        *edits,
        themes,
        tickets,
        ticket_changes,
        alerts,
        *decisions,
    ):
        app.include_router(routes.router, prefix="/v1", dependencies=[NotedWrite])
    for routes in (competitors, segments, releases, rollouts, replies):
        app.include_router(routes.router, prefix="/v1", dependencies=[NotedWrite])
    arrivals = (imports, quarantine, corrections)
    for routes in (*arrivals, runs, reports, customers, surveys, exposure, outcomes):
        app.include_router(routes.router, prefix="/v1", dependencies=[NotedWrite])
    for routes in (session, keys, users, audit):
        app.include_router(routes.router, prefix="/v1", dependencies=[NotedWrite])
    app.include_router(session.door, prefix="/v1")
    app.include_router(start.router)
    app.include_router(hooks.router, prefix="/v1", dependencies=[NotedWrite])
    app.include_router(health.queue_router, prefix="/v1", dependencies=[NotedWrite])
    app.include_router(health.router)
    return app
