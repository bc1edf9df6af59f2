"""What a run took and how it was fenced, and how many bytes it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COLUMNS = (
    ("detect_seconds", sa.Float()),
    ("generate_seconds", sa.Float()),
    ("execute_seconds", sa.Float()),
    ("isolation", sa.String(40)),
    ("model", sa.Text()),
    ("bytes", sa.Integer()),
)
SIZE = "LENGTH(text) + COALESCE(LENGTH(outcome), 0)"


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("runs", sa.Column(name, kind))
    op.execute(f"UPDATE runs SET bytes = {SIZE}")
    op.execute(
        "INSERT INTO meta (key, value) "
        "SELECT 'run_bytes', CAST(COALESCE(SUM(bytes), 0) AS VARCHAR(40)) FROM runs"
    )


def downgrade() -> None:
    op.execute("DELETE FROM meta WHERE key = 'run_bytes'")
    for name, _ in reversed(COLUMNS):
        op.drop_column("runs", name)
