"""What the embedded client area publishes about its domains: records, DS records, glue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "local_zone",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("records", sa.JSON(), nullable=True),
        sa.Column("signers", sa.JSON(), nullable=False),
        sa.Column("glue", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("domain"),
    )


def downgrade() -> None:
    op.drop_table("local_zone")
