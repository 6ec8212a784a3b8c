"""Webhooks and settings on the command line."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_output import Invoke
from databases import migrated_copy

from feedback_nlp.records import Delivery, EventKind
from feedback_nlp.storage import deliveries
from feedback_nlp.storage.database import open_database, transaction

URL = "https://93.184.215.14/hook"


@pytest.fixture(autouse=True)
def _database(tmp_path: Path) -> None:
    migrated_copy(tmp_path / "out" / "feedback.db")


def test_a_webhook_is_added_listed_and_removed(invoke: Invoke) -> None:
    added = invoke("webhook", "add", URL, "--by", "小李", "--event", "import.finished")
    assert added.exit_code == 0, added.stderr
    assert re.search(r"密钥（只显示这一次）：whsec_\S{40,}", added.stdout)
    listed = invoke("webhook", "list").stdout
    assert listed.startswith(f"1\t{URL}\timport.finished\t小李\t")
    assert "whsec_" not in listed
    assert invoke("webhook", "remove", "1", "--by", "小李").stdout == "已删除 webhook 1\n"
    assert invoke("webhook", "list").stdout == "共 0 个 webhook\n"
    assert invoke("webhook", "remove", "1", "--by", "小李").exit_code == 2


@pytest.mark.parametrize(
    ("url", "event", "named"),
    [
        ("https://10.0.0.1/", "import.finished", "内部网络"),
        (URL, "everything", "ticket.changed（工单有变化）"),
    ],
)
def test_what_cannot_be_used_is_refused(invoke: Invoke, url: str, event: str, named: str) -> None:
    done = invoke("webhook", "add", url, "--by", "小李", "--event", event)
    assert done.exit_code == 2
    assert named in done.stderr


def test_deliveries_say_what_became_of_them(invoke: Invoke, tmp_path: Path) -> None:
    invoke("webhook", "add", URL, "--by", "小李")
    at = datetime(2026, 3, 9, tzinfo=UTC)
    engine = open_database(f"sqlite:///{tmp_path / 'out' / 'feedback.db'}")
    with transaction(engine) as session:
        made = [
            Delivery(1, f"import.finished:{n}", EventKind.IMPORT_FINISHED, {}, at) for n in (1, 2)
        ]
        deliveries.add(session, "default", made)
        done = Delivery(1, made[0].event_id, made[0].kind, {}, at, 2, None, at, 200)
        deliveries.note(session, "default", done)
    engine.dispose()
    assert invoke("webhook", "deliveries", "1").stdout.splitlines() == [
        "import.finished:2 已放弃，试过 0 次",
        "import.finished:1 2026-03-09 08:00:00 送达，试过 2 次",
    ]
    again = invoke("webhook", "retry", "1", "import.finished:2")
    assert again.stdout == "import.finished:2 将由 work 尽快再发\n"
    assert "等待" in invoke("webhook", "deliveries", "1", "--limit", "1").stdout


def test_settings_hide_what_is_secret(invoke: Invoke) -> None:
    env = {
        "FEEDBACK_DATABASE_URL": "postgresql+psycopg://me:hush-0451@db/x",
        "FEEDBACK_PSEUDONYM_KEY": "hush-0451",
    }
    shown = invoke("settings", env=env).stdout
    assert "hush" not in shown
    assert "FEEDBACK_PORT=8000" in shown.splitlines()


def test_several_workers_need_postgresql(invoke: Invoke) -> None:
    done = invoke("serve", "--workers", "2")
    assert done.exit_code == 2
    assert "SQLite" in done.stderr
