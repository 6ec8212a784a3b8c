"""Settings from the environment; read once, by `cli.py` and `api/app.py` only."""

from os import environ
from pathlib import Path
from typing import Final

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedback_nlp.errors import InputError
from feedback_nlp.logs import LogFormat, LogLevel
from feedback_nlp.notifiers.target_guard import Guard
from feedback_nlp.workflows.protect import Privacy

PREFIX: Final = "FEEDBACK_"
SECRETS: Final = f"{PREFIX}SECRETS_DIR"


class Settings(BaseSettings):
    """Every setting; `FEEDBACK_PORT=8080` in the environment sets `port`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    database_url: str = Field(
        default="sqlite:///out/feedback.db",
        description="数据库地址：sqlite:///路径，或 postgresql+psycopg://用户:密码@主机/库名。",
    )
    workspace: str = Field(
        default="default",
        min_length=1,
        max_length=64,
        description="工作区：同一数据库里互不相见的一份数据，1 到 64 个字符。",
    )
    model: str | None = Field(
        default=None,
        description="模型名、名称/日期或模型文件夹；不设则用 encoder-zh，没有它时用 linear-zh。",
    )
    pseudonym_key: SecretStr = Field(
        default=SecretStr(""),
        description="用户编号是手机号、邮箱等个人信息时，换成化名所用的密钥；不设则化名可被穷举还原。",
    )
    keep_originals: bool = Field(
        default=False,
        description="true 表示另存脱敏前的原文（单独的表，单独的保留期），默认不存。",
    )
    retention_review_days: int | None = Field(
        default=None, ge=1, description="评论保留天数；不设则一直保留。"
    )
    retention_original_days: int | None = Field(
        default=None, ge=1, description="脱敏前原文的保留天数；不设则一直保留。"
    )
    retention_rejection_days: int | None = Field(
        default=None, ge=1, description="被拒绝行的保留天数；不设则一直保留。"
    )
    retention_usage_days: int | None = Field(
        default=None, ge=1, description="使用行为数据的保留天数；不设则一直保留。"
    )
    tuxiaochao_url: str = Field(
        default="https://txc.qq.com",
        pattern="^https?://",
        description="腾讯兔小巢接口地址，以 http:// 或 https:// 开头；只有 pull 命令会访问它。",
    )
    tuxiaochao_product: str | None = Field(default=None, description="腾讯兔小巢的产品编号。")
    tuxiaochao_key: SecretStr = Field(
        default=SecretStr(""), description="腾讯兔小巢的接口密钥，不会写进日志。"
    )
    bulk_limit_mb: int = Field(
        default=1_000,
        ge=1,
        le=100_000,
        description="一次批量提交（POST /v1/reviews:bulk）最多多少 MB，解压后最多 4 倍。",
    )
    work_interval_s: float = Field(
        default=1.0, ge=0.05, le=60, description="work 每隔几秒看一次有没有新评论，0.05 到 60。"
    )
    rate_per_minute: int = Field(
        default=600,
        ge=1,
        le=100_000,
        description="每个密钥或登录的用户每分钟最多几次请求，1 到 100000；密钥自己的上限优先。",
    )
    webhook_allow_http: bool = Field(
        default=False, description="true 表示 webhook 也可以用 http；默认只能用 https。"
    )
    webhook_allow_hosts: str = Field(
        default="",
        max_length=10_000,
        description="webhook 可以访问的内部主机，域名或 IP，以逗号分隔；默认一个也没有。",
    )
    metrics_open: bool = Field(
        default=False,
        description="true 表示不登录也能读 /metrics，数字是 FEEDBACK_WORKSPACE 的。",
    )
    log_format: LogFormat = Field(
        default=LogFormat.TEXT, description="serve 的日志：text 或 json（每行一个对象）。"
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO,
        description="serve 从哪一级开始记日志：debug、info、warning 或 error。",
    )
    body_timeout_s: float = Field(
        default=30,
        ge=0.1,
        le=3_600,
        description="一个请求体最多几秒发完，批量提交时是两块之间最多几秒；超过的应答 408。",
    )
    shutdown_s: int = Field(
        default=30, ge=1, le=3_600, description="serve 停止时最多等手上的请求几秒。"
    )
    most_connections: int = Field(
        default=500, ge=1, le=100_000, description="serve 的每个进程最多同时有几个连接。"
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="serve 监听的地址。")
    port: int = Field(default=8000, ge=1, le=65_535, description="serve 的端口，1 到 65535。")

    @property
    def privacy(self) -> Privacy:
        """How personal data is treated on its way in."""
        return Privacy(self.pseudonym_key.get_secret_value(), self.keep_originals)

    @property
    def webhook_guard(self) -> Guard:
        """Which addresses webhooks may have."""
        told = (each.strip().lower() for each in self.webhook_allow_hosts.split(","))
        return Guard(self.webhook_allow_http, frozenset(filter(None, told)))


def read_settings() -> Settings:
    """Read the environment, and files in the folder that FEEDBACK_SECRETS_DIR names.

    A file is called like its variable, in lower case: `feedback_database_url`. The environment
    wins.

    Raises:
        InputError: a variable holds a value we cannot use; the message names every such one.
    """
    folder = environ.get(SECRETS) or None
    if folder is not None and not Path(folder).is_dir():
        raise InputError(f"环境变量 {SECRETS} 应是放密钥文件的文件夹，没有 {folder}")
    try:
        return Settings(_secrets_dir=folder)
    except ValidationError as error:
        raise InputError("；".join(map(_reason, _names(error)))) from error


def _names(error: ValidationError) -> list[str]:
    return [str(fault["loc"][0]) for fault in error.errors()]


def _reason(name: str) -> str:
    # The value stays out of the message: a database address holds a password.
    meaning = Settings.model_fields[name].description
    return f"环境变量 {PREFIX}{name.upper()} 的值无法使用。{meaning}"
