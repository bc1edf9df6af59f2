"""What functions are found by that is no word of theirs: meaning, what they call, what they do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("file", sa.String(250), primary_key=True),
    )
    op.create_index("ix_marks_file", "marks", ["file"])


def downgrade() -> None:
    op.drop_table("marks")
