"""The command that lists the settings, for people and for the page in docs/."""

from collections.abc import Iterator
from typing import Annotated

import typer
from pydantic import SecretStr
from sqlalchemy import make_url

from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.settings import PREFIX, Settings, read_settings


def settings(
    markdown: Annotated[  # noqa: FBT002
        bool, typer.Option("--markdown", help="写成 docs/settings.md 里的表：默认值和含义")
    ] = False,
) -> None:
    """列出设置和现在的值；密钥和密码不显示。"""
    if markdown:
        typer.echo("\n".join(table()))
        return
    with errors_as_exit_codes():
        present = read_settings()
    for name in Settings.model_fields:
        value = getattr(present, name)
        if name == "database_url":
            value = make_url(value).render_as_string(hide_password=True)
        typer.echo(
            f"{PREFIX}{name.upper()}={value if isinstance(value, SecretStr) else shown(value)}"
        )


def table() -> Iterator[str]:
    """Yield the lines of the table that the page holds between its markers."""
    yield "| 环境变量 | 默认值 | 含义 |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        default = shown(field.default)
        written = f"`{default}`" if default else "空"
        yield f"| `{PREFIX}{name.upper()}` | {written} | {(field.description or '').rstrip('。')} |"


def shown(value: object) -> str:
    """Write a value as a person would set it; nothing where it is not set."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
