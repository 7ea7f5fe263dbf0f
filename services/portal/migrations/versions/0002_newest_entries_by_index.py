"""newest entries by index

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-29 22:15:00

"""
from typing import Sequence, Union

from alembic import op

# revision identifiers, used by Alembic.
revision: str = '0002'
down_revision: Union[str, Sequence[str], None] = '0001'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """What came since is found without going through the timelines of all cases."""
    op.create_index('ix_entry_newest', 'entry', ['seq'], unique=False)


def downgrade() -> None:
    """Without the index."""
    op.drop_index('ix_entry_newest', table_name='entry')
