"""An operator looks after a database: copies, backups, people who want to be forgotten."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from databases import every_row
from desk import NewDatabase
from full_database import SAID, WHO, content, fill
from sqlalchemy import Engine
from storage_samples import HOME, NOW

from feedback_nlp.errors import InputError
from feedback_nlp.storage import people
from feedback_nlp.storage.database import open_database, reading, transaction
from feedback_nlp.storage.people import ErasureOrder
from feedback_nlp.storage.person_rows import Person
from feedback_nlp.storage.retention import Policy
from feedback_nlp.workflows import apply_retention
from feedback_nlp.workflows.back_up import back_up, downgrade_database, restore
from feedback_nlp.workflows.copy_database import copy_database
from feedback_nlp.workflows.erase_person import erase_person
from feedback_nlp.workflows.export_person import export_person, find_person, identify

PERSON = Person((WHO,))
ROWS = sum(map(len, content().values()))


@pytest.fixture
def url(tmp_path: Path, new_database: NewDatabase) -> str:
    return new_database(tmp_path)


@pytest.fixture
def full(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    with transaction(engine) as session:
        fill(session, HOME)
    yield engine
    engine.dispose()


def test_a_person_is_found_and_exported(full: Engine) -> None:
    found = find_person(full, HOME, PERSON)
    export = export_person(full, HOME, PERSON)
    assert dict(found.counts)["reviews"] == 3
    assert export.counts == found.counts
    assert SAID in json.dumps(export.document, ensure_ascii=False)
    assert find_person(full, "away", PERSON).counts == ()


def test_a_person_is_known_by_the_id_as_given_and_as_stored() -> None:
    person = identify(["u-4711", "13900001234", "u-4711"], ["r1", "r1"], key="key")
    assert person.author_ids[:2] == ("u-4711", "13900001234")
    # The pseudonym of the number, and what the other id is in rejected rows.
    assert [one[:2] for one in person.author_ids[2:]] == ["U-", "U-"]
    assert person.review_ids == ("r1",)


def test_an_erased_person_is_gone_and_refused(full: Engine) -> None:
    order = ErasureOrder("管理员", "请求 17", NOW, "key")
    report = erase_person(full, HOME, PERSON, order)
    assert dict(report.counts)["reviews"] == 3
    assert report.files_cleared == (full.dialect.name == "sqlite")
    assert find_person(full, HOME, PERSON).counts == ()
    with reading(full) as session:
        assert people.erased(session, HOME, {WHO}, key="key") == {WHO}


def test_an_erasure_of_nobody_is_refused(full: Engine) -> None:
    before = every_row(full)
    with pytest.raises(InputError, match="没有指定"):
        erase_person(full, HOME, Person(), ErasureOrder("管理员", "请求", NOW))
    assert every_row(full) == before


def test_retention_goes_on_until_nothing_is_due(
    full: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply_retention, "BATCH", 2)
    policy, now = Policy(5, 5, 5, 5), NOW + timedelta(days=30)
    due = apply_retention.due_now(full, HOME, policy, now=now)
    assert dict(due.counts)["reviews"] == 5
    steps: list[int] = []
    done = apply_retention.apply_retention(full, HOME, policy, now=now, progress=steps.append)
    assert dict(done.counts)["reviews"] == 5
    assert dict(done.counts)["rejections"] == 5
    assert sum(steps) == sum(rows for _, rows in done.counts)
    assert len(steps) == 3
    assert apply_retention.due_now(full, HOME, policy, now=now).counts == ()
    again = apply_retention.apply_retention(full, HOME, policy, now=now)
    assert again.counts == ()


def test_a_copy_tells_what_it_copied(full: Engine, url: str, tmp_path: Path) -> None:
    steps: list[int] = []
    report = copy_database(url, f"sqlite:///{tmp_path}/copy.db", progress=steps.append)
    assert report.rows == ROWS == sum(steps)
    assert len(report.tables) == len(content())
    copy = open_database(f"sqlite:///{tmp_path}/copy.db")
    assert every_row(copy) == every_row(full)
    copy.dispose()


def test_a_backup_brings_everything_back(full: Engine, url: str, tmp_path: Path) -> None:
    steps: list[int] = []
    before = every_row(full)
    saved = back_up(url, tmp_path / "saved.db", progress=steps.append)
    assert saved.rows == ROWS
    assert sum(steps) == (0 if full.dialect.name == "sqlite" else ROWS)
    erase_person(full, HOME, PERSON, ErasureOrder("管理员", "请求", NOW))
    full.dispose()
    restore(saved.path, url, overwrite=True)
    assert every_row(full) == before


def test_a_schema_goes_back_and_comes_again(full: Engine, url: str) -> None:
    full.dispose()
    report = downgrade_database(url, "0001")
    assert (report.before, report.after) == ("0007", "0001")
    open_database(url).dispose()
    assert find_person(full, HOME, Person(review_ids=("r1",))).counts[0] == ("reviews", 1)
