"""The command that starts the HTTP service."""

from ipaddress import ip_address
from typing import Annotated, Final

import typer
import uvicorn
from sqlalchemy import Engine

from feedback_nlp.cli.exits import EXIT_FAILED, errors_as_exit_codes
from feedback_nlp.cli.opening import now, prepared
from feedback_nlp.errors import InputError
from feedback_nlp.logs import log_config
from feedback_nlp.settings import read_settings
from feedback_nlp.workflows.log_in import open_door

KEEP_ALIVE_S: Final = 20
MOST_HEADER_BYTES: Final = 32_768


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址；不写则用 FEEDBACK_HOST")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="端口；不写则用 FEEDBACK_PORT")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="几个进程；多于 1 个时数据库要用 PostgreSQL")
    ] = 1,
) -> None:
    """启动 HTTP 接口。只监听本机而且还没有帐号时，给出一次性登录链接；否则要先有帐号或密钥。"""
    # Tried first: once the server runs, a fault here would be its traceback and its exit code.
    with errors_as_exit_codes(), prepared(None, model=None, workspace=None) as setup:
        settings = read_settings()
        _check_workers(workers, setup.engine)
        host, port = host or settings.host, port or settings.port
        link = open_door(setup.engine, setup.workspace, local=_is_local(host), now=now())
    if link is not None:
        shown = f"[{host}]" if ":" in host else host
        typer.echo("还没有帐号，15 分钟内用这个链接登录，只能用一次：")
        typer.echo(f"http://{shown}:{port}/login?token={link.text}")
    try:
        uvicorn.run(
            "api.app:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            http="h11",
            access_log=False,
            log_config=log_config(settings.log_format, settings.log_level),
            server_header=False,
            timeout_graceful_shutdown=settings.shutdown_s,
            timeout_keep_alive=KEEP_ALIVE_S,
            limit_concurrency=settings.most_connections,
            h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        )
    except SystemExit as left:  # its own codes mean something else here: 3 is "rejected lines"
        raise typer.Exit(EXIT_FAILED if left.code else 0) from left


def _check_workers(workers: int, engine: Engine) -> None:
    if workers > 1 and engine.dialect.name == "sqlite":
        raise InputError(
            f"--workers {workers}：SQLite 同时只有一个写入者，几个进程只会互相等待；"
            "请用 --workers 1，或把数据库换成 PostgreSQL"
        )


def _is_local(host: str) -> bool:
    """Say that only this machine can reach an address; a name may mean any address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
