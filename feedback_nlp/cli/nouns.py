"""Commands that import one kind of data: `exposure import FILE` and its like."""

from collections.abc import Callable

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


def _group(format_: str, meaning: str) -> typer.Typer:
    """Return a command group whose `import` reads files of one format."""
    group = typer.Typer(help=f"{meaning}。", no_args_is_help=True)
    group.command("import", help=f"导入{meaning}。可放心重复；有行被拒绝时退出码为 3。")(
        _import_as(format_)
    )
    return group


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


exposure = _group("exposure", "曝光数据：每天的订单数、活跃用户数、安装量，万投比的分母")
customer = _group("customers", "客户：等级、地区、注册日期")
order = _group("orders", "订单：RFM 的来源")
usage = _group("usage", "使用行为事件：按用户和版本与评论关联")
survey = _group("survey", "问卷：NPS、满意度和开放题")
