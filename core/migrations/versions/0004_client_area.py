"""The rest of the client area: what can be bought, changed, opened once and told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=320), nullable=False),
        sa.Column("after", sa.String(length=320), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_change_client_id"), ["client_id"], unique=False)

    op.create_table(
        "article_feedback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("article_feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_feedback_article_id"), ["article_id"], unique=False)

    op.create_table(
        "local_login",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "local_promotion",
        sa.Column("code", sa.String(length=255), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "local_registry_entry",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("registrar", sa.String(length=255), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Date(), nullable=True),
        sa.Column("transferred", sa.Date(), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=40), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    op.create_table(
        "sent_notice",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "address"),
    )
    with op.batch_alter_table("sent_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_notice_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sent_notice_client_id"), ["client_id"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", "topic"),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_client_id"), ["client_id"], unique=False)

    op.create_table(
        "local_credit_entry",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "position"),
    )
    op.create_table(
        "local_cancellation",
        sa.Column("service_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("requested", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["local_service.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id"),
    )
    op.create_table(
        "local_mailbox",
        sa.Column("service_id", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["local_service.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "address"),
    )
    with op.batch_alter_table("local_affiliate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("local_client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tax_id", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("payment_method", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("billing_contact_id", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("time_zone", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("allow_sso", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=True))

    with op.batch_alter_table("local_company", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("tax_id", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("payment_instructions", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("gateways", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(
            sa.Column("funds_minimum", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("funds_maximum", sa.Numeric(precision=12, scale=2), nullable=True))

    with op.batch_alter_table("local_contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("may_log_in", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("local_domain", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("registrant_organisation", sa.String(length=255), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("registrant_phone", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("registrant_address", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("registrant_changed", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("verification_open", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("transfer_requested", sa.Date(), nullable=True))

    with op.batch_alter_table("local_server", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ip_address", sa.String(length=45), server_default="", nullable=False))
        batch_op.add_column(sa.Column("nameservers", sa.JSON(), server_default="[]", nullable=False))

    with op.batch_alter_table("local_service", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bandwidth_used_mb", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("bandwidth_limit_mb", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("payment_method", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("suspension_reason", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("local_service_addon", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hours_included", sa.Numeric(precision=6, scale=2), nullable=True))
        batch_op.add_column(sa.Column("hours_used", sa.Numeric(precision=6, scale=2), nullable=True))

    with op.batch_alter_table("local_tld", schema=None) as batch_op:
        batch_op.add_column(sa.Column("id_protection", sa.Numeric(precision=12, scale=2), nullable=True))
        batch_op.add_column(sa.Column("redemption_fee", sa.Numeric(precision=12, scale=2), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("local_tld", schema=None) as batch_op:
        batch_op.drop_column("redemption_fee")
        batch_op.drop_column("id_protection")

    with op.batch_alter_table("local_service_addon", schema=None) as batch_op:
        batch_op.drop_column("hours_used")
        batch_op.drop_column("hours_included")

    with op.batch_alter_table("local_service", schema=None) as batch_op:
        batch_op.drop_column("suspension_reason")
        batch_op.drop_column("payment_method")
        batch_op.drop_column("bandwidth_limit_mb")
        batch_op.drop_column("bandwidth_used_mb")

    with op.batch_alter_table("local_server", schema=None) as batch_op:
        batch_op.drop_column("nameservers")
        batch_op.drop_column("ip_address")

    with op.batch_alter_table("local_domain", schema=None) as batch_op:
        batch_op.drop_column("transfer_requested")
        batch_op.drop_column("verification_open")
        batch_op.drop_column("registrant_changed")
        batch_op.drop_column("registrant_address")
        batch_op.drop_column("registrant_phone")
        batch_op.drop_column("registrant_organisation")

    with op.batch_alter_table("local_contact", schema=None) as batch_op:
        batch_op.drop_column("may_log_in")
        batch_op.drop_column("phone")

    with op.batch_alter_table("local_company", schema=None) as batch_op:
        batch_op.drop_column("funds_maximum")
        batch_op.drop_column("funds_minimum")
        batch_op.drop_column("gateways")
        batch_op.drop_column("payment_instructions")
        batch_op.drop_column("tax_id")
        batch_op.drop_column("address")

    with op.batch_alter_table("local_client", schema=None) as batch_op:
        batch_op.drop_column("since")
        batch_op.drop_column("allow_sso")
        batch_op.drop_column("time_zone")
        batch_op.drop_column("billing_contact_id")
        batch_op.drop_column("payment_method")
        batch_op.drop_column("tax_id")

    with op.batch_alter_table("local_affiliate", schema=None) as batch_op:
        batch_op.drop_column("link")

    op.drop_table("local_mailbox")
    op.drop_table("local_cancellation")
    op.drop_table("local_credit_entry")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_client_id"))

    op.drop_table("subscription")
    with op.batch_alter_table("sent_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_notice_client_id"))
        batch_op.drop_index(batch_op.f("ix_sent_notice_at"))

    op.drop_table("sent_notice")
    op.drop_table("one_time_link")
    op.drop_table("local_registry_entry")
    op.drop_table("local_promotion")
    op.drop_table("local_login")
    with op.batch_alter_table("article_feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_feedback_article_id"))

    op.drop_table("article_feedback")
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_change_client_id"))

    op.drop_table("address_change")
