"""How every table is built: naming, the workspace first in each key, columns several share."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Text,
)

from feedback_nlp.storage.columns import KEY, UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_1_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def workspace() -> Column[str]:
    """Return the first column of every key."""
    return Column("workspace_id", KEY, primary_key=True)


def belongs_to(table: str, *columns: str, key: Iterable[str] = ("id",)) -> ForeignKeyConstraint:
    """Return a foreign key inside the workspace."""
    return ForeignKeyConstraint(
        ["workspace_id", *columns], [f"{table}.{name}" for name in ("workspace_id", *key)]
    )


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return a check that allows the values of an enumeration only."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def number() -> Column[int]:
    """Return the position in time; rows are only added, and the latest one counts."""
    return Column("id", Integer, primary_key=True, autoincrement=False)


def signed_fields() -> list[Column[object]]:
    """Return who decided, when and why."""
    return [
        Column("author", Text, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("reason", Text, nullable=False),
    ]


def label_fields() -> list[Column[object]]:
    """Return what annotations and opinions share."""
    return [
        Column("polarity", KEY, nullable=False),
        Column("neg", Double, nullable=False),
        Column("neu", Double, nullable=False),
        Column("pos", Double, nullable=False),
        Column("uncertain", Boolean, nullable=False),
    ]


def event_fields(subject: str) -> list[Column[object]]:
    """Return the columns of a ledger about themes or tickets."""
    return [
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column(subject, KEY, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("kind", KEY, nullable=False),
        Column("detail", JSON, nullable=False),
    ]
