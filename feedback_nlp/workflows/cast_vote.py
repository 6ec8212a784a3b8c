"""Vote: a person of the review board scores a theme, or takes scores back."""

from collections.abc import Mapping
from math import isfinite
from typing import Final

from sqlalchemy import Engine

from feedback_nlp import names
from feedback_nlp.errors import ConflictError, InputError
from feedback_nlp.records import Criterion, Signature, Vote
from feedback_nlp.storage import votes
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.edit_desk import ANY_MODEL, Desk, alive, begin
from feedback_nlp.workflows.signing import signed

MOST_POINTS: Final = 10.0


def cast_vote(
    engine: Engine,
    workspace: str,
    theme_id: str,
    points: Mapping[Criterion, float | None],
    *,
    signature: Signature,
) -> list[Vote]:
    """Vote on the criteria that are named, each 0 to 10; None takes that vote of the person back.

    Returns the votes about the theme that count now, those of other people too. The next plan
    uses them.

    Raises:
        NotFoundError: no theme has this id.
        ConflictError: the theme is merged, or there is only to take back what was never cast.
        InputError: no criterion is named, points are out of bounds, or nobody signed.
    """
    by = signed(signature)
    if not points:
        raise InputError("至少给一项打分：可行性 feasibility、创新性 novelty、效益预期 benefit")
    for criterion, value in points.items():
        _check(criterion, value)
    with transaction(engine) as session:
        desk = Desk(session, workspace, ANY_MODEL)
        begin(desk)
        alive(desk, theme_id)
        mine = {
            vote.criterion
            for vote in votes.latest(session, workspace, theme_id=theme_id)
            if vote.author == by.author
        }
        wanted = {
            name: value for name, value in points.items() if value is not None or name in mine
        }
        if not wanted:
            raise ConflictError(f"{by.author} 没有给主题 {theme_id} 打过分，不用撤回")
        for name, value in wanted.items():
            given = None if value is None else float(value)
            vote = Vote(theme_id, name, given, by.author, by.at, by.reason)
            votes.add(session, workspace, vote)
        return votes.latest(session, workspace, theme_id=theme_id)


def _check(criterion: Criterion, points: float | None) -> None:
    if points is not None and not (isfinite(points) and 0 <= points <= MOST_POINTS):
        raise InputError(
            f"{criterion.value}：{names.CRITERION[criterion]}要在 0 到 {MOST_POINTS:g} 分之间，"
            f"不能是 {points:g}"
        )
