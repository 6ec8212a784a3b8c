"""Alembic's entry point; runs on the connection and in the transaction that the caller opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # Alembic believes that SQLite cannot; it can, because our engines issue BEGIN themselves.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
