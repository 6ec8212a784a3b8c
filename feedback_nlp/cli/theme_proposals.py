"""What the program proposes about themes: look at it, accept it, reject it for good."""

from typing import Annotated, Final

import typer

from feedback_nlp.cli.choices import chosen
from feedback_nlp.cli.exits import errors_as_exit_codes
from feedback_nlp.cli.opening import named_workspace, now, opened, prepared
from feedback_nlp.cli.options import Database, Model, Reason, Workspace
from feedback_nlp.cli.proposal_lines import proposal_lines
from feedback_nlp.cli.theme_edits import Asked, Author, DryRun, edit
from feedback_nlp.names import PROPOSAL_STATE
from feedback_nlp.records import Signature
from feedback_nlp.storage.database import reading, transaction
from feedback_nlp.workflows import decide_proposal
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_proposals import ListedProposals, list_proposals

ProposalId = Annotated[str, typer.Argument(help="建议编号，如 P-0001")]
LISTED: Final = PROPOSAL_STATE | {"all": "全部"}
MOST: Final = 1_000


def proposals(
    state: Annotated[
        str, typer.Option(help=f"只看哪种状态：{'、'.join(LISTED)}")
    ] = ListedProposals.OPEN.value,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="最多列几条")] = 50,
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """列出合并和拆分的建议：两边的主题、相似度，拆分还有多少观点和几句原话。"""
    with errors_as_exit_codes():
        refusal = f"state 不能是“{state}”"
        listed = chosen(ListedProposals, LISTED, state, refusal=refusal) or ListedProposals.OPEN
        with (
            prepared(db, model=model, workspace=workspace) as setup,
            reading(setup.engine) as session,
        ):
            version = setup.classifier.version
            found = list_proposals(
                session, setup.workspace, Page(limit), model=version, listed=listed
            )
    for shown in found.proposals:
        for line in proposal_lines(shown):
            typer.echo(line)
    rest = f"，以上是前 {limit} 条" if found.total > limit else ""
    typer.echo(f"共 {found.total} 条建议{rest}")


def accept(
    proposal_id: ProposalId,
    author: Author = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # noqa: FBT002
    db: Database = None,
    model: Model = None,
    workspace: Workspace = None,
) -> None:
    """接受一条建议：照它合并或拆分，同 merge、split，可以撤销。"""
    edit(
        lambda desk, signature: decide_proposal.accept(desk, proposal_id, signature),
        Asked(author, reason, dry_run, db, model, workspace),
    )


def reject(
    proposal_id: ProposalId,
    author: Author = "",
    reason: Reason = "",
    db: Database = None,
    workspace: Workspace = None,
) -> None:
    """拒绝一条建议；以后的运行不再提出。"""
    name = named_workspace(workspace)
    with errors_as_exit_codes(), opened(db) as engine, transaction(engine) as session:
        decide_proposal.reject(session, name, proposal_id, Signature(author, now(), reason))
    typer.echo(f"已拒绝建议 {proposal_id}，以后不再提出")
