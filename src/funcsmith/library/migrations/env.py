"""What Alembic runs to upgrade the index; `schema.upgrade` hands the engine in."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from funcsmith.library.schema import metadata

with context.config.attributes["engine"].connect() as connection:
    lock = context.config.attributes.get("lock")
    if lock is not None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
