"""Commands that import one kind of data: `exposure import FILE` and its like."""

from collections.abc import Callable
from typing import Final

import typer

from feedback_nlp.cli.batch import WATCH, asked, finish_import
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import target_in
from feedback_nlp.cli.options import (
    Channel,
    Database,
    Delimiter,
    Encoding,
    Files,
    Maps,
    SheetName,
    Workspace,
)
from feedback_nlp.tabular.sheets import ReadOptions
from feedback_nlp.workflows.import_files import import_files

NOUNS: Final = {
    "exposure": ("exposure", "曝光数据：每天的订单数、活跃用户数、安装量，万投比的分母"),
    "customer": ("customers", "客户：等级、地区、注册日期"),
    "order": ("orders", "订单：RFM 的来源"),
    "usage": ("usage", "使用行为事件：按用户和版本与评论关联"),
    "survey": ("survey", "问卷：NPS、满意度和开放题"),
}
"""Command group -> (format of its files, what it holds)."""


def noun_groups() -> list[tuple[str, typer.Typer]]:
    """Return a command group with `import` for each noun."""
    groups = []
    for name, (format_, meaning) in NOUNS.items():
        group = typer.Typer(help=f"{meaning}。", no_args_is_help=True)
        group.command("import", help=f"导入{meaning}。可放心重复；有行被拒绝时退出码为 3。")(
            _import_as(format_)
        )
        groups.append((name, group))
    return groups


def _import_as(format_: str) -> Callable[..., None]:
    def command(
        files: Files,
        db: Database = None,
        channel: Channel = None,
        maps: Maps = None,
        sheet: SheetName = None,
        encoding: Encoding = None,
        delimiter: Delimiter = None,
        workspace: Workspace = None,
    ) -> None:
        with errors_as_exit_codes():
            options = ReadOptions(encoding, delimiter, sheet)
            intake = asked(format_, channel, maps, options=options)
            with target_in(db, workspace) as target:
                imports = import_files(target, files, intake=intake, watch=WATCH)
        finish_import(imports)

    return command
