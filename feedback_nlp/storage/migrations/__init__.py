"""Alembic migrations, run by `feedback_nlp.storage.database.open_database`."""
