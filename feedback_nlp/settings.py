"""Settings from the environment; read once, by `cli.py` and `api/app.py` only."""

from typing import Final

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedback_nlp.errors import InputError
from feedback_nlp.workflows.protect import Privacy

PREFIX: Final = "FEEDBACK_"


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
    host: str = Field(default="127.0.0.1", min_length=1, description="serve 监听的地址。")
    port: int = Field(default=8000, ge=1, le=65_535, description="serve 的端口，1 到 65535。")

    @property
    def privacy(self) -> Privacy:
        """How personal data is treated on its way in."""
        return Privacy(self.pseudonym_key.get_secret_value(), self.keep_originals)


def read_settings() -> Settings:
    """Read the environment.

    Raises:
        InputError: a variable holds a value we cannot use; the message names every such one.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise InputError("；".join(map(_reason, _names(error)))) from error


def _names(error: ValidationError) -> list[str]:
    return [str(fault["loc"][0]) for fault in error.errors()]


def _reason(name: str) -> str:
    # The value stays out of the message: a database address holds a password.
    meaning = Settings.model_fields[name].description
    return f"环境变量 {PREFIX}{name.upper()} 的值无法使用。{meaning}"
