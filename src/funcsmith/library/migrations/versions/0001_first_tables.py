"""First tables: functions, texts, templates, terms, runs, meta."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "functions",
        sa.Column("file", sa.String(250), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("broken", sa.Text),
        sa.Column("saved", sa.Text, nullable=False),
    )
    op.create_index("ix_functions_name", "functions", ["name"])
    op.create_table(
        "texts",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("file", sa.String(250), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("arguments", sa.Text),
    )
    op.create_index("ix_texts_file", "texts", ["file"])
    op.create_table(
        "templates",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("file", sa.String(250), primary_key=True),
        sa.Column("anchor", sa.String(20), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("template", sa.Text, nullable=False),
    )
    op.create_index("ix_templates_anchor", "templates", ["anchor"])
    op.create_index("ix_templates_file", "templates", ["file"])
    op.create_table(
        "terms",
        sa.Column("term", sa.String(250), primary_key=True),
        sa.Column("file", sa.String(250), primary_key=True),
        sa.Column("weight", sa.Float, nullable=False),
    )
    op.create_index("ix_terms_file", "terms", ["file"])
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("function", sa.Text),
        sa.Column("kind", sa.String(20)),
        sa.Column("status", sa.String(20)),
        sa.Column("seconds", sa.Float),
        sa.Column("prompt_tokens", sa.Integer),
        sa.Column("generated_tokens", sa.Integer),
        sa.Column("model_calls_avoided", sa.Integer),
        sa.Column("outcome", sa.Text),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("meta", "runs", "terms", "templates", "texts", "functions"):
        op.drop_table(table)
