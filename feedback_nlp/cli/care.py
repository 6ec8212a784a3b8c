"""Commands for whoever looks after the database."""

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli.bars import stage
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.options import Database
from feedback_nlp.settings import read_settings
from feedback_nlp.workflows import back_up as backups
from feedback_nlp.workflows import copy_database as copies

app = typer.Typer(help="数据库：复制、备份、恢复、降级。", no_args_is_help=True)

Backup = Annotated[Path, typer.Argument(help="备份文件（SQLite 格式）")]


@app.command()
def copy(
    source: Annotated[str, typer.Argument(help="来源数据库地址，如 sqlite:///feedback.db")],
    target: Annotated[str, typer.Argument(help="目标数据库地址，须为空")],
) -> None:
    """把一个数据库的全部内容复制到另一个空库，并逐表核对；全部成功或完全不变。"""
    with errors_as_exit_codes(), stage("复制", None) as progress:
        report = copies.copy_database(source, target, progress=progress)
    for each in report.tables:
        if each.rows:
            typer.echo(f"{each.table}: {each.rows}")
    typer.echo(f"共 {report.rows} 行，已逐表核对")


@app.command()
def backup(file: Backup, db: Database = None) -> None:
    """备份到一个文件；可在使用中进行，完成并核对后才替换旧备份。"""
    with errors_as_exit_codes(), stage("备份", None) as progress:
        done = backups.back_up(_url(db), file, progress=progress)
    typer.echo(f"{done.path}: {done.rows} 行，{done.size} 字节，结构版本 {done.revision}")


@app.command()
def restore(
    file: Backup,
    db: Database = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="替换已有的数据库")] = False,  # noqa: FBT002
) -> None:
    """从备份恢复；先停掉使用这个数据库的程序。备份先经核对。"""
    with errors_as_exit_codes(), stage("恢复", None) as progress:
        done = backups.restore(file, _url(db), overwrite=overwrite, progress=progress)
    typer.echo(f"已恢复 {done.rows} 行")


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="结构版本，如 0001")], db: Database = None
) -> None:
    """把结构降到旧版本，供旧版程序使用；只有新版本才有的内容会丢失，请先备份。"""
    with errors_as_exit_codes():
        done = backups.downgrade_database(_url(db), revision)
    typer.echo(f"结构版本 {done.before} → {done.after}")


def _url(db: str | None) -> str:
    return db or read_settings().database_url
