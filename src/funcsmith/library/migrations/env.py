"""What Alembic runs to upgrade the index; `schema.upgrade` hands the engine in."""

from __future__ import annotations

from alembic import context

from funcsmith.library.schema import metadata

with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
