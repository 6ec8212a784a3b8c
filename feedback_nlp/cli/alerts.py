"""What a person should hear of: spikes, new themes, sharp words."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, opened
from feedback_nlp.cli.options import Database, Workspace
from feedback_nlp.names import ALERT
from feedback_nlp.reports.alerts import ALERT_DAYS, alert_text, alert_when
from feedback_nlp.reports.wording import NAME_LENGTH, QUOTE_LENGTH, clip
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_alerts import MOST_ALERTS, AlertPage, NamedAlert, list_alerts

MOST_DAYS: Final = 36_500

Days = Annotated[
    int, typer.Option(min=1, max=MOST_DAYS, help="看最近几天，从最新一条评论那天往回数")
]
All = Annotated[bool, typer.Option("--all", help="全部，不限天数")]


def alerts(
    days: Days = ALERT_DAYS,
    all_: All = False,  # noqa: FBT002
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """列出预警：突然变多的主题、新出现的主题，提到安全、未成年人、法律或曝光的评论。"""
    wanted = None if all_ else days
    with errors_as_exit_codes(), opened(db) as engine, reading(engine) as session:
        found = list_alerts(session, named_workspace(workspace), Page(MOST_ALERTS), days=wanted)
    for each in found.alerts:
        for line in _lines(each):
            typer.echo(line)
    typer.echo(_total(found, wanted))


def _lines(found: NamedAlert) -> Iterator[str]:
    alert = found.alert
    about = (
        f"评论 {alert.subject}"
        if found.theme_name is None
        else f"{alert.subject}「{clip(found.theme_name, NAME_LENGTH)}」"
    )
    fresh = "（新）" if found.is_new else ""
    kind = ALERT[alert.kind]
    yield f"{alert_when(alert)}{fresh}  {kind}  {about}  {alert_text(alert)}"
    for quote in alert.quotes:
        yield f"    “{clip(quote.text, QUOTE_LENGTH)}”"


def _total(found: AlertPage, days: int | None) -> str:
    span = "" if days is None else f"最近 {days} 天"
    until = "" if found.as_of is None else f"到 {found.as_of.isoformat()}，"
    shown = f"，以上是前 {len(found.alerts)} 条" if found.total > len(found.alerts) else ""
    return f"{until}{span}共 {found.total} 条预警{shown}"
