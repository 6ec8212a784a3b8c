"""The command that starts the HTTP service."""

from typing import Annotated

import typer
import uvicorn

from feedback_nlp.cli.exits import EXIT_FAILED, errors_as_exit_codes
from feedback_nlp.cli.opening import prepared
from feedback_nlp.settings import read_settings


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址；不写则用 FEEDBACK_HOST")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="端口；不写则用 FEEDBACK_PORT")
    ] = None,
) -> None:
    """启动 HTTP 接口。"""
    # Tried first: once the server runs, a fault here would be its traceback and its exit code.
    with errors_as_exit_codes(), prepared(None, model=None, workspace=None):
        settings = read_settings()
    host, port = host or settings.host, port or settings.port
    try:
        uvicorn.run("api.app:create_app", factory=True, host=host, port=port)
    except SystemExit as left:  # its own codes mean something else here: 3 is "rejected lines"
        raise typer.Exit(EXIT_FAILED if left.code else 0) from left
