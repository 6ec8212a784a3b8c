"""Settings from the environment; read once, by `cli.py` and `api/app.py` only."""

from typing import Final

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedback_nlp.errors import InputError

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
        description="模型名、名称/日期或模型文件夹；不设则用随包发布的最新模型。",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="serve 监听的地址。")
    port: int = Field(default=8000, ge=1, le=65_535, description="serve 的端口，1 到 65535。")


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
