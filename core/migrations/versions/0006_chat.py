"""Chat: accounts that are linked, questions that are put there, and what goes by mail when a chat is gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "chat_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("chat_link", schema=None) as batch_op:
        batch_op.create_index("chat_link_once", ["channel", "chat", "client_id", "contact_id"], unique=True)
        batch_op.create_index("chat_link_client", ["client_id"], unique=False)
        batch_op.create_index("chat_link_email", ["email"], unique=False)

    with op.batch_alter_table("dialog", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(length=340), server_default="", nullable=False))
        batch_op.create_index("dialog_place", ["place", "state"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("text")

    with op.batch_alter_table("dialog", schema=None) as batch_op:
        batch_op.drop_index("dialog_place")
        batch_op.drop_column("place")

    op.drop_table("chat_link")
