"""Proposals as people see them: both themes as they are now, and what a part says."""

from pathlib import Path

import pytest
from builders import NOW, TAXONOMY, SpotClassifier
from desk import Desk, NewDatabase
from ledger import CRASH, SAID, SIGNED, SLOW, Ledger, make_ledger, renames

from feedback_nlp.records import Proposal, ProposalKind
from feedback_nlp.storage import proposals
from feedback_nlp.storage.database import transaction
from feedback_nlp.workflows.browse import Page
from feedback_nlp.workflows.browse_proposals import ListedProposals, ProposalPage, list_proposals
from feedback_nlp.workflows.decide_proposal import reject

ALL = Page(9)


@pytest.fixture
def ledger(tmp_path: Path, new_database: NewDatabase) -> Ledger:
    found = make_ledger(Desk(tmp_path, SpotClassifier(), TAXONOMY, new_database=new_database))
    part = tuple(found.at("甲一", "甲二", "甲三", "乙一", "乙二"))
    made = (
        Proposal(ProposalKind.MERGE, CRASH, SLOW, 0.8),
        Proposal(ProposalKind.SPLIT, CRASH, None, 0.2, part),
    )
    with found.desk.engine() as engine, transaction(engine) as session:
        proposals.save(session, found.desk.workspace, made, now=NOW)
        reject(session, found.desk.workspace, "P-0001", SIGNED)
    return found


def listed(ledger: Ledger, which: ListedProposals, page: Page = ALL) -> ProposalPage:
    with ledger.reading() as session:
        model = ledger.desk.classifier.version
        return list_proposals(session, ledger.desk.workspace, page, model=model, listed=which)


@pytest.mark.parametrize(
    ("which", "ids"),
    [
        (ListedProposals.OPEN, ["P-0002"]),
        (ListedProposals.REJECTED, ["P-0001"]),
        (ListedProposals.ACCEPTED, []),
        (ListedProposals.STALE, []),
        (ListedProposals.ALL, ["P-0001", "P-0002"]),
    ],
)
def test_each_state_has_its_list(ledger: Ledger, which: ListedProposals, ids: list[str]) -> None:
    found = listed(ledger, which)
    assert ([each.stored.id for each in found.proposals], found.total) == (ids, len(ids))


def test_a_page_is_a_part_of_the_list(ledger: Ledger) -> None:
    found = listed(ledger, ListedProposals.ALL, Page(1, 1))
    assert ([each.stored.id for each in found.proposals], found.total) == (["P-0002"], 2)


def test_a_merge_shows_both_themes_as_they_are_now(ledger: Ledger) -> None:
    ledger.edit(renames("登录页卡死"))
    merge = listed(ledger, ListedProposals.REJECTED).proposals[0]
    assert merge.other is not None
    assert (merge.theme.name, merge.other.id, merge.quotes) == ("登录页卡死", SLOW, ())
    assert merge.stored.decided == SIGNED


def test_the_part_of_a_split_is_quoted_most_frequent_words_first(ledger: Ledger) -> None:
    split = listed(ledger, ListedProposals.OPEN).proposals[0]
    assert split.other is None
    first, *others = split.quotes
    assert first.text == SAID["甲一"]
    rest = sorted(ledger.at("甲三", "乙一", "乙二"))
    assert [(quote.review_id, quote.start) for quote in others] == rest[:2]
