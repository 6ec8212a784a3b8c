"""Why an opinion is in its theme."""

from collections.abc import Iterator
from typing import Annotated

import typer

from feedback_nlp.cli.exits import errors_as_exit_codes, one_line
from feedback_nlp.cli.opening import prepared
from feedback_nlp.cli.options import Database, Model, Workspace
from feedback_nlp.cli.theme_edits import places_in
from feedback_nlp.cli.theme_lines import how_line, quote_line
from feedback_nlp.storage.database import reading
from feedback_nlp.workflows.explain_place import Explained, explain

Opinion = Annotated[
    str, typer.Argument(help="观点，写 评论编号:起始位置，如 R-0123456789abcdef:0，见 theme show")
]


def why(
    opinion: Opinion, db: Database = None, model: Model = None, workspace: Workspace = None
) -> None:
    """一个观点为什么在它的主题里：怎样归入，当时的相似度，与哪句原话相近，同样说到什么。"""
    with errors_as_exit_codes():
        (place,) = places_in([opinion])
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            reading(setup.engine) as session,
        ):
            found = explain(session, setup.workspace, place, setup.classifier)
    for line in _lines(found):
        typer.echo(line)


def _lines(found: Explained) -> Iterator[str]:
    theme, placement, reason = found.theme, found.placement, found.reason
    yield f"{placement.review_id}:{placement.start}  {theme.id}  {one_line(theme.name)}"
    yield f"归入：{how_line(placement)}"
    if reason is None:
        yield "现在：这句话没有说到具体的事，无从比较"
        return
    yield f"现在：{one_line(reason.sentence)}"
    yield f"与主题的相似度 {reason.similarity:.2f}"
    if reason.nearest is not None:
        yield f"最相近的原话（{reason.nearest_similarity:.2f}）："
        yield quote_line(reason.nearest)
    yield f"同样说到：{one_line('、'.join(reason.words)) or '无'}"
