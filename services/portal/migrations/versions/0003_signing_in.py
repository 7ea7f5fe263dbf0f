"""signing in: second factors, outside logins, sessions people can tell apart, tokens of programs

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.sealing import Sealed
from chassis.store import Moment

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """The columns have defaults of the server: processes of the old code go on opening sessions meanwhile."""
    _sessions()
    _factors()
    _programs()


def _owner() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE")


def _sessions() -> None:
    made = sa.text("gen_random_uuid()")
    op.add_column("session", sa.Column("id", sa.Uuid(), server_default=made, nullable=False))
    op.add_column("session", sa.Column("seen_at", Moment(), nullable=True))
    op.add_column("session", sa.Column("way", sa.String(), server_default="PASSWORD", nullable=False))
    op.add_column("session", sa.Column("network", sa.String(), server_default="", nullable=False))
    op.add_column("session", sa.Column("device", sa.String(), server_default="", nullable=False))
    op.create_unique_constraint("session_id_key", "session", ["id"])


def _factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("secret", Sealed(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _owner(),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        _owner(),
        sa.PrimaryKeyConstraint("code_hash"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "outside_login",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", Moment(), nullable=False),
        _owner(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject"),
        sa.UniqueConstraint("account_id", "issuer"),
    )


def _programs() -> None:
    op.create_table(
        "program_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("seen_at", Moment(), nullable=True),
        _owner(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_program_token_account_id", "program_token", ["account_id"])
    op.create_index("ix_program_token_expires_at", "program_token", ["expires_at"])
    op.create_table(
        "spent",
        sa.Column("counted_for", sa.String(), nullable=False),
        sa.Column("window", Moment(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("counted_for", "window"),
    )
    op.create_index("ix_spent_window", "spent", ["window"])


def downgrade() -> None:
    for table in ("spent", "program_token", "outside_login", "recovery_code", "second_factor"):
        op.drop_table(table)
    for column in ("id", "seen_at", "way", "network", "device"):
        op.drop_column("session", column)
