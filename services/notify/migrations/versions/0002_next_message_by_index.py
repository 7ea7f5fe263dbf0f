"""next message by index

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 00:10:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0002'
down_revision: Union[str, Sequence[str], None] = '0001'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

QUEUED = sa.text("state = 'QUEUED'")


def upgrade() -> None:
    """The next message to send is the first of an index, however many wait."""
    order = [sa.text('breaks_quiet DESC'), 'send_after', 'id']
    op.create_index('ix_message_next', 'message', order, unique=False, postgresql_where=QUEUED)
    op.drop_index('ix_message_due', table_name='message', postgresql_where=QUEUED)


def downgrade() -> None:
    """The index by time alone."""
    op.create_index('ix_message_due', 'message', ['send_after'], unique=False, postgresql_where=QUEUED)
    op.drop_index('ix_message_next', table_name='message', postgresql_where=QUEUED)
