"""own appeals by index

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 10:05:00

"""
from typing import Sequence, Union

from alembic import op

# revision identifiers, used by Alembic.
revision: str = '0002'
down_revision: Union[str, Sequence[str], None] = '0001'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """What somebody was first to answer, or registered, is found however many appeals there are."""
    op.create_index('ix_appeal_first_responder', 'appeal', ['first_responder_id', 'id'], unique=False)
    op.create_index('ix_appeal_registered_by', 'appeal', ['registered_by', 'id'], unique=False)


def downgrade() -> None:
    """Without the two indexes."""
    op.drop_index('ix_appeal_registered_by', table_name='appeal')
    op.drop_index('ix_appeal_first_responder', table_name='appeal')
