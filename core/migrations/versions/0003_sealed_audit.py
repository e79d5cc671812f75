"""The audit trail is sealed; stored bytes may be encrypted; a message knows that something was taken out of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purged", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("audit", sa.Column("seal", sa.Integer(), nullable=True))
    op.add_column("audit", sa.Column("digest", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("erased", sa.String(length=64), nullable=False, server_default=""))
    op.create_index("ix_audit_seal", "audit", ["seal"])
    op.add_column("blob", sa.Column("encrypted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("ticket_message", sa.Column("redacted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ticket_message_redacted",
        "ticket_message",
        ["arrival_id"],
        sqlite_where=sa.text("redacted = 1"),
        postgresql_where=sa.text("redacted"),
    )


def downgrade() -> None:
    op.drop_index("ticket_message_redacted", "ticket_message")
    op.drop_column("ticket_message", "redacted")
    op.drop_column("blob", "encrypted")
    op.drop_index("ix_audit_seal", "audit")
    for column in ("erased", "digest", "seal"):
        op.drop_column("audit", column)
    op.drop_table("audit_seal")
