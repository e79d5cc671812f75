"""The desk and the local client area."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account_hold",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("client_id"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=320), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("arrival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("audit_client", ["client_id", "action", "at"], unique=False)
        batch_op.create_index("audit_ticket", ["ticket_id", "id"], unique=False)

    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "dialog",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject_key", sa.String(length=200), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("arrival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("learnt", sa.JSON(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("dialog", schema=None) as batch_op:
        batch_op.create_index("dialog_subject", ["client_id", "subject_key", "state"], unique=False)
        batch_op.create_index("dialog_ticket", ["ticket_id"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("conversation", sa.String(length=320), nullable=False),
        sa.Column("raw_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken_by", sa.String(length=120), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=24), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("inbox_once", ["fingerprint", "recipient"], unique=True)
        batch_op.create_index(
            "inbox_one_at_a_time",
            ["conversation"],
            unique=True,
            sqlite_where=sa.text("state = 'taken'"),
            postgresql_where=sa.text("state = 'taken'"),
        )
        batch_op.create_index("inbox_order", ["conversation", "state", "id"], unique=False)
        batch_op.create_index("inbox_waiting", ["state", "id"], unique=False)

    op.create_table(
        "journal",
        sa.Column(
            "arrival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("step", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("arrival_id", "step"),
    )
    op.create_table(
        "known_address",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=40), nullable=False),
        sa.Column("linked_by", sa.String(length=320), nullable=False),
        sa.Column("undeliverable", sa.Text(), nullable=False),
        sa.Column("undeliverable_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_table(
        "known_message_id",
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "ticket_id"),
    )
    op.create_table(
        "local_announcement",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "local_article",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "local_client",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("first_name", sa.String(length=255), nullable=False),
        sa.Column("last_name", sa.String(length=255), nullable=False),
        sa.Column("company", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("address1", sa.String(length=255), nullable=False),
        sa.Column("address2", sa.String(length=255), nullable=False),
        sa.Column("city", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("postcode", sa.String(length=255), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("phone", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("credit", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("email_preferences", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("local_client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_client_email_key"), ["email_key"], unique=False)

    op.create_table(
        "local_company",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("portal_url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "local_download",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("product_ids", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "local_network_issue",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("server_id", sa.String(length=40), nullable=True),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "local_product",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("product_group", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("addon", sa.Boolean(), nullable=False),
        sa.Column("upgrade_to", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "local_server",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("hostname", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "local_staff",
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("slack_id", sa.String(length=255), nullable=True),
        sa.Column("telegram_id", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("email_key"),
    )
    op.create_table(
        "local_tld",
        sa.Column("tld", sa.String(length=255), nullable=False),
        sa.Column("register", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("renew", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("transfer", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("years_max", sa.Integer(), nullable=False),
        sa.Column("lock_days_after_transfer", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tld"),
    )
    op.create_table(
        "mailbox_state",
        sa.Column("mailbox", sa.String(length=400), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("envelope_from", sa.String(length=320), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("participant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken_by", sa.String(length=120), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("bounced", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("outbox_said", ["kind", "created_at"], unique=False)
        batch_op.create_index("outbox_said_to", ["recipient", "automatic", "created_at"], unique=False)
        batch_op.create_index("outbox_ticket", ["ticket_id"], unique=False)
        batch_op.create_index("outbox_waiting", ["state", "due_at"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("also_departments", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.String(length=10), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=40), nullable=False),
        sa.Column("assignee", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged", sa.Boolean(), nullable=False),
        sa.Column("flooded", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ticket_client", ["client_id", "status"], unique=False)
        batch_op.create_index("ticket_status", ["status", "department"], unique=False)

    op.create_table(
        "local_affiliate",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("visitors", sa.Integer(), nullable=False),
        sa.Column("referrals", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("withdrawn", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id"),
    )
    op.create_table(
        "local_contact",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("first_name", sa.String(length=255), nullable=False),
        sa.Column("last_name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("email_preferences", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "id"),
    )
    with op.batch_alter_table("local_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_contact_email_key"), ["email_key"], unique=False)

    op.create_table(
        "local_domain",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("registrar", sa.String(length=255), nullable=False),
        sa.Column("registered", sa.Date(), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("next_due_date", sa.Date(), nullable=True),
        sa.Column("recurring_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("auto_renew", sa.Boolean(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("id_protection", sa.Boolean(), nullable=False),
        sa.Column("nameservers", sa.JSON(), nullable=False),
        sa.Column("auth_code", sa.String(length=255), nullable=False),
        sa.Column("transferred", sa.Date(), nullable=True),
        sa.Column("registrant_name", sa.String(length=255), nullable=False),
        sa.Column("registrant_email", sa.String(length=320), nullable=False),
        sa.Column("admin_name", sa.String(length=255), nullable=False),
        sa.Column("admin_email", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("local_domain", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_domain_client_id"), ["client_id"], unique=False)
        batch_op.create_index(
            "local_domain_held_once",
            ["name"],
            unique=True,
            sqlite_where=sa.text("status IN ('Active', 'Grace Period (Expired)', 'Redemption Period (Expired)')"),
            postgresql_where=sa.text("status IN ('Active', 'Grace Period (Expired)', 'Redemption Period (Expired)')"),
        )
        batch_op.create_index("local_domain_name", ["name"], unique=False)

    op.create_table(
        "local_email",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("template", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "position"),
    )
    op.create_table(
        "local_invoice",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=255), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("payment_method", sa.String(length=255), nullable=False),
        sa.Column("tax", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("credit", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("local_invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_invoice_client_id"), ["client_id"], unique=False)

    op.create_table(
        "local_order",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=255), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("payment_method", sa.String(length=255), nullable=False),
        sa.Column("invoice_id", sa.String(length=40), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("local_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_order_client_id"), ["client_id"], unique=False)

    op.create_table(
        "local_pay_method",
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=255), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=False),
        sa.Column("expires", sa.String(length=7), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "id"),
    )
    op.create_table(
        "local_product_price",
        sa.Column("product_id", sa.String(length=40), nullable=False),
        sa.Column("cycle", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["local_product.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("product_id", "cycle"),
    )
    op.create_table(
        "local_quote",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("local_quote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_quote_client_id"), ["client_id"], unique=False)

    op.create_table(
        "local_service",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.String(length=40), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("server_id", sa.String(length=40), nullable=True),
        sa.Column("username", sa.String(length=255), nullable=False),
        sa.Column("recurring_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("billing_cycle", sa.String(length=20), nullable=False),
        sa.Column("registered", sa.Date(), nullable=True),
        sa.Column("next_due_date", sa.Date(), nullable=True),
        sa.Column("disk_used_mb", sa.Integer(), nullable=True),
        sa.Column("disk_limit_mb", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["local_client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("local_service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_service_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_local_service_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_local_service_server_id"), ["server_id"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index("participant_address", ["address", "joined_at"], unique=False)
        batch_op.create_index("participant_once", ["ticket_id", "address"], unique=True)

    op.create_table(
        "ticket_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("by_desk", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(length=320), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("full_text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("assurance", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("arrival_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.create_index("ticket_message_order", ["ticket_id", "id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("inline", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["ticket_message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_message_id"), ["message_id"], unique=False)

    op.create_table(
        "local_invoice_item",
        sa.Column("invoice_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=255), nullable=False),
        sa.Column("relid", sa.String(length=40), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["local_invoice.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("invoice_id", "position"),
    )
    op.create_table(
        "local_quote_item",
        sa.Column("quote_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["quote_id"], ["local_quote.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("quote_id", "position"),
    )
    op.create_table(
        "local_service_addon",
        sa.Column("service_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("recurring_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("billing_cycle", sa.String(length=20), nullable=False),
        sa.Column("registered", sa.Date(), nullable=True),
        sa.Column("next_due_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["local_service.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "id"),
    )
    with op.batch_alter_table("local_service_addon", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_service_addon_product_id"), ["product_id"], unique=False)

    op.create_table(
        "local_transaction",
        sa.Column("invoice_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("gateway", sa.String(length=255), nullable=False),
        sa.Column("amount_in", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("amount_out", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["local_invoice.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("invoice_id", "id"),
    )


def downgrade() -> None:
    op.drop_table("local_transaction")
    with op.batch_alter_table("local_service_addon", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_service_addon_product_id"))

    op.drop_table("local_service_addon")
    op.drop_table("local_quote_item")
    op.drop_table("local_invoice_item")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_message_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.drop_index("ticket_message_order")

    op.drop_table("ticket_message")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index("participant_once")
        batch_op.drop_index("participant_address")

    op.drop_table("participant")
    with op.batch_alter_table("local_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_service_server_id"))
        batch_op.drop_index(batch_op.f("ix_local_service_product_id"))
        batch_op.drop_index(batch_op.f("ix_local_service_client_id"))

    op.drop_table("local_service")
    with op.batch_alter_table("local_quote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_quote_client_id"))

    op.drop_table("local_quote")
    op.drop_table("local_product_price")
    op.drop_table("local_pay_method")
    with op.batch_alter_table("local_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_order_client_id"))

    op.drop_table("local_order")
    with op.batch_alter_table("local_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_invoice_client_id"))

    op.drop_table("local_invoice")
    op.drop_table("local_email")
    with op.batch_alter_table("local_domain", schema=None) as batch_op:
        batch_op.drop_index("local_domain_name")
        batch_op.drop_index(
            "local_domain_held_once",
            sqlite_where=sa.text("status IN ('Active', 'Grace Period (Expired)', 'Redemption Period (Expired)')"),
            postgresql_where=sa.text("status IN ('Active', 'Grace Period (Expired)', 'Redemption Period (Expired)')"),
        )
        batch_op.drop_index(batch_op.f("ix_local_domain_client_id"))

    op.drop_table("local_domain")
    with op.batch_alter_table("local_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_contact_email_key"))

    op.drop_table("local_contact")
    op.drop_table("local_affiliate")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ticket_status")
        batch_op.drop_index("ticket_client")

    op.drop_table("ticket")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("outbox_waiting")
        batch_op.drop_index("outbox_ticket")
        batch_op.drop_index("outbox_said_to")
        batch_op.drop_index("outbox_said")

    op.drop_table("outbox")
    op.drop_table("mailbox_state")
    op.drop_table("local_tld")
    op.drop_table("local_staff")
    op.drop_table("local_server")
    op.drop_table("local_product")
    op.drop_table("local_network_issue")
    op.drop_table("local_download")
    op.drop_table("local_company")
    with op.batch_alter_table("local_client", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_client_email_key"))

    op.drop_table("local_client")
    op.drop_table("local_article")
    op.drop_table("local_announcement")
    op.drop_table("known_message_id")
    op.drop_table("known_address")
    op.drop_table("journal")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("inbox_waiting")
        batch_op.drop_index("inbox_order")
        batch_op.drop_index(
            "inbox_one_at_a_time", sqlite_where=sa.text("state = 'taken'"), postgresql_where=sa.text("state = 'taken'")
        )
        batch_op.drop_index("inbox_once")

    op.drop_table("inbox")
    with op.batch_alter_table("dialog", schema=None) as batch_op:
        batch_op.drop_index("dialog_ticket")
        batch_op.drop_index("dialog_subject")

    op.drop_table("dialog")
    op.drop_table("blob")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("audit_ticket")
        batch_op.drop_index("audit_client")

    op.drop_table("audit")
    op.drop_table("account_hold")
