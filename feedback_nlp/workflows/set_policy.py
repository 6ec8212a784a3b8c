"""Policy: a team changes some of its settings, all of them or none."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Engine

from feedback_nlp.errors import InputError
from feedback_nlp.priority.policy import Changed, changed_all, differences
from feedback_nlp.records import Signature, Taxonomy
from feedback_nlp.storage import policies
from feedback_nlp.storage.database import lock, transaction
from feedback_nlp.workflows.signing import signed

MOST_CHANGES: Final = 100
"""Settings that one change may name."""


def set_policy(
    engine: Engine,
    workspace: str,
    wishes: Sequence[tuple[str, str]],
    taxonomy: Taxonomy,
    *,
    signature: Signature,
) -> tuple[Changed, ...]:
    """Change settings, each a key and its value; return those that are different now.

    The next plan keeps to it. What counts already writes nothing.

    Raises:
        InputError: no setting is named, one cannot have its value, or nobody signed.
    """
    by = signed(signature)
    if not 0 < len(wishes) <= MOST_CHANGES:
        raise InputError(f"changes：要写 1 到 {MOST_CHANGES} 项要改的政策")
    with transaction(engine) as session:
        for noun in ("reviews", "policies"):  # reviews first, as everywhere: no erasure beside
            lock(session, workspace, noun)
        before = policies.current(session, workspace)
        after = changed_all(before, wishes, taxonomy=taxonomy)
        policies.put(session, workspace, after, author=by.author, at=by.at, reason=by.reason)
    return differences(before, after)
