"""What became of a release: users with it beside those without, customers before and after."""

from collections.abc import Iterator
from typing import Annotated

import typer

from feedback_nlp.cli.exits import errors_as_exit_codes, one_line
from feedback_nlp.cli.opening import now, prepared
from feedback_nlp.cli.options import Database, Model, Workspace
from feedback_nlp.cli.release_lines import what
from feedback_nlp.names import LOYALTY_LACK, SEGMENT
from feedback_nlp.storage.database import reading
from feedback_nlp.themes.trend import day_of
from feedback_nlp.verification.loyalty import Effect, Lack, LoyaltyRow
from feedback_nlp.verification.rollout_wording import advice_sentence, rollout_sentence
from feedback_nlp.workflows.compare_rollout import (
    Watched,
    newest_known_day,
    rollouts_of_ticket,
    watch_rollouts,
)
from feedback_nlp.workflows.follow_customers import Loyalty, follow_customers

MaybeTicket = Annotated[
    str | None, typer.Argument(help="工单编号，如 K-0001；不写则看所有放量中的发布")
]
TicketId = Annotated[str, typer.Argument(help="工单编号，如 K-0001")]


def watch(
    ticket: MaybeTicket = None,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """灰度对照：有新版的用户和没有的用户在同样的日子里比，建议扩大、停止还是继续观察。可以天天看。"""
    with (
        errors_as_exit_codes(),
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        name, version = setup.workspace, setup.classifier.version
        as_of = newest_known_day(session, name, now=now())
        if ticket is None:
            found = watch_rollouts(session, name, model=version, as_of=as_of)
        else:
            found = rollouts_of_ticket(session, name, ticket, model=version, as_of=as_of)
    for each in found:
        for line in _rollout_lines(each):
            typer.echo(line)
    typer.echo(f"共 {len(found)} 个可以对照的部分放量，数据到 {as_of}")


def loyalty(
    ticket: TicketId,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """复购与留存：全量发布前抱怨过的顾客，发布后比其他顾客多买、多留下了吗。这是观察，不是证明。"""
    with (
        errors_as_exit_codes(),
        prepared(db, model=model, workspace=workspace) as setup,
        reading(setup.engine) as session,
    ):
        name, version = setup.workspace, setup.classifier.version
        as_of = day_of(now())
        found = follow_customers(session, name, ticket, model=version, as_of=as_of)
    for line in _loyalty_lines(found):
        typer.echo(line)


def _rollout_lines(each: Watched) -> Iterator[str]:
    found, ticket = each.rollout, each.ticket
    yield f"发布 {found.release}  {ticket.id} {one_line(ticket.title)}  {what(each.release)}"
    if found.last >= found.first:
        yield f"  {found.first} 到 {found.last}：{rollout_sentence(found)}"
        yield f"  {advice_sentence(found, target=ticket.target)}"
    else:
        yield "  发布的第二天才开始对照，还没有数据"


def _loyalty_lines(found: Loyalty) -> Iterator[str]:
    yield (
        f"{found.ticket_id}  发布 {found.release}（{found.released}）"
        f"之前 84 天里抱怨过的有 {found.complained:,} 人"
    )
    if found.total is None or found.windows is None:
        yield f"  {LOYALTY_LACK[found.lack or Lack.SHORT]}"
        return
    windows = " 比 ".join(f"{a} 到 {b}" for a, b in (found.windows.before, found.windows.after))
    yield (
        f"  其中 {found.total.affected:,} 人是顾客（此前一年下过单），"
        f"对照 {found.total.others:,} 位没有抱怨过的顾客；{windows}"
    )
    yield from _row_lines("总计", found.total)
    for row in found.segments if found.lack is None else ():
        yield from _row_lines(
            "不属于任何分层" if row.segment is None else SEGMENT[row.segment], row
        )
    usage = "" if found.with_usage else "没有覆盖前后两段的使用记录，留存只看订单和其他评论；"
    yield f"{usage}这是观察，不是证明：抱怨的人和其他人本来就不同"


def _row_lines(name: str, row: LoyaltyRow) -> Iterator[str]:
    for measure, effect in (("复购", row.repurchase), ("留存", row.retention)):
        if effect is None:
            yield f"  {name}：样本太少（抱怨过的 {row.affected} 人，对照 {row.others} 人）"
            return
        yield f"  {name}  {measure}  {_effect(effect)}"


def _effect(effect: Effect) -> str:
    mine, others = effect.affected, effect.others
    return (
        f"抱怨过的 {mine.before:.1%} → {mine.after:.1%}，其他顾客 {others.before:.1%} → "
        f"{others.after:.1%}，多升 {_points(effect.value)}（{_points(effect.low)} 到 "
        f"{_points(effect.high)}）个百分点"
    )


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
