"""Keeps PostgreSQL's planner informed while we write in bulk.

Its autovacuum looks once a minute and never into an open transaction; without statistics a join
over 20,000 fresh reviews took minutes instead of a second.
"""

from typing import Final

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

_OUTGROWN: Final = text(
    "SELECT pg_relation_size(oid) > 8192 * (32 + 2 * relpages)"
    " FROM pg_class WHERE oid = to_regclass(:name)"
)
"""True when a table has doubled since its last ANALYZE; `relpages` is its size at that time."""


FEW: Final = 100
"""Rows of one request; autovacuum keeps up with those, and asking would take longer."""


def refresh_statistics(session: Session, *tables: Table, rows: int = FEW) -> None:
    """Analyse the tables that have outgrown their statistics, unless only few rows were added.

    SQLite needs none.
    """
    if rows < FEW or session.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        if session.execute(_OUTGROWN, {"name": table.name}).scalar_one():
            session.execute(text(f"ANALYZE (SKIP_LOCKED) {table.name}"))
