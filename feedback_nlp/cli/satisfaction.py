"""What people think of the product, in numbers, and which themes pull these down."""

from typing import Annotated, Final

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import prepared
from feedback_nlp.cli.options import Database, Model, Workspace
from feedback_nlp.cli.satisfaction_lines import satisfaction_lines
from feedback_nlp.names import METRIC
from feedback_nlp.records import Metric
from feedback_nlp.satisfaction.score_trend import Period
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.browse_drivers import SCORE_DAYS
from feedback_nlp.workflows.browse_satisfaction import MOST_DAYS, Asked, show_satisfaction

_PERIODS: Final = {"week": "周", "month": "月"}
_MOST_DRIVERS: Final = 5

By = Annotated[str, typer.Option("--by", help="走势按 week（周）还是 month（月）")]
Days = Annotated[
    int,
    typer.Option(min=1, max=MOST_DAYS, help="看最近几天，从最新一份问卷或评论那天往回数"),
]
Only = Annotated[
    str | None, typer.Option("--metric", help="只看这个：nps、csat、rating 或 negative_share")
]


def satisfaction(
    by: By = Period.MONTH.value,
    days: Days = SCORE_DAYS,
    metric: Only = None,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """列出 NPS、满意度、平均评分和负面占比：数值和区间、走势、拖累最大的主题。"""
    with errors_as_exit_codes():
        period = chosen(Period, _PERIODS, by, refusal=f"--by 不能是“{by}”")
        only = chosen(Metric, METRIC, metric, refusal=f"没有指标“{metric}”")
        asked = Asked(
            days,
            period or Period.MONTH,
            tuple(Metric) if only is None else (only,),
            _MOST_DRIVERS,
        )
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            reading(setup.engine) as session,
        ):
            version = setup.classifier.version
            found = show_satisfaction(session, setup.workspace, asked, model=version)
    for line in satisfaction_lines(found, days=days):
        typer.echo(line)
