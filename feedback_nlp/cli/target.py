"""Targets: what a metric should reach in a period, set, compared with what is, withdrawn."""

from typing import Annotated

import typer

from feedback_nlp.cli.choices import chosen, day
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import By, Database, Model, Reason, Workspace
from feedback_nlp.cli.satisfaction_lines import target_lines, value_text
from feedback_nlp.errors import InputError
from feedback_nlp.names import METRIC
from feedback_nlp.records import Metric, Signature
from feedback_nlp.satisfaction.measures import SHARES
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_targets import MOST_TARGETS, list_targets
from feedback_nlp.workflows.set_target import Wish, set_target, withdraw_target

app = typer.Typer(help="目标：设定、对照实际、撤回。", no_args_is_help=True)

MetricName = Annotated[str, typer.Argument(help="指标：nps、csat、rating 或 negative_share")]
Value = Annotated[str, typer.Argument(help="目标值，如 nps 30、csat 0.85 或 85%、rating 4.5")]
From = Annotated[str, typer.Option("--from", help="第一天，如 2026-10-01")]
To = Annotated[str, typer.Option("--to", help="最后一天，如 2026-12-31")]
Number = Annotated[int, typer.Argument(help="目标编号，见 target list")]


# A target may be negative, and -10 is no option.
@app.command("set", context_settings={"ignore_unknown_options": True})
def set_(
    metric: MetricName,
    value: Value,
    from_: From,
    to: To,
    by: By,
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """设定一个目标：某个指标在一段时间里要达到多少。负面占比是不高于，其余是不低于。"""
    with errors_as_exit_codes():
        chosen_metric = chosen(Metric, METRIC, metric, refusal=f"没有指标“{metric}”") or Metric.NPS
        wanted = _number(chosen_metric, value)
        wish = Wish(chosen_metric, wanted, day("--from", from_), day("--to", to))
        with opened(db) as engine, transaction(engine) as session:
            signature = Signature(by, now(), reason)
            target = set_target(session, named_workspace(workspace), wish, signature)
    shown = f"{METRIC[target.metric]} {value_text(target.metric, target.value)}"
    typer.echo(f"已设定目标 {target.number}：{shown}，{target.first} 到 {target.last}")


@app.command("list")
def list_(db: Database = None, model: Model = None, workspace: Workspace = None) -> None:
    """列出目标，对照实际：是否达成、差多少、时间过了多少、差距原因。"""
    with (
        errors_as_exit_codes(),
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        page, version = Page(MOST_TARGETS), setup.classifier.version
        found = list_targets(session, setup.workspace, page, model=version)
    for each in found.targets:
        for line in target_lines(each):
            typer.echo(line)
    until = "" if found.as_of is None else f"，数据到 {found.as_of.isoformat()}"
    shown = f"，以上是前 {MOST_TARGETS} 个" if found.total > MOST_TARGETS else ""
    typer.echo(f"共 {found.total} 个目标{until}{shown}")


@app.command()
def withdraw(number: Number, by: By, db: Database = None, workspace: Workspace = None) -> None:
    """撤回一个目标；记录保留。"""
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        withdraw_target(session, named_workspace(workspace), number, by=by, now=now())
    typer.echo(f"已撤回目标 {number}")


def _number(metric: Metric, value: str) -> float:
    text = value.strip()
    percent = metric in SHARES and text.endswith(("%", "％"))
    try:
        return float(text[:-1]) / 100 if percent else float(text)
    except ValueError:
        raise InputError(f"VALUE：“{value}”不是数字，请写成 30、0.85 或 85% 这样") from None
