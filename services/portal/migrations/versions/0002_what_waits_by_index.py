"""what waits by index

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 00:30:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0002'
down_revision: Union[str, Sequence[str], None] = '0001'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

INDEXES = [
    ('ix_task_row_check', 'task_row', 'updated_at', "state IN ('FINISHED', 'CONFIRMED')"),
    ('ix_task_row_objected', 'task_row', 'updated_at', "objected"),
    ('ix_whistle_row_approve', 'whistle_row', 'updated_at', "state = 'PENDING_APPROVAL'"),
    ('ix_follow_up_row_open', 'follow_up_row', 'start_by', "state IN ('DUE', 'TRYING')"),
]


def upgrade() -> None:
    """What waits on a desk is found without reading all that ever lay there."""
    for name, table, column, waits in INDEXES:
        op.create_index(name, table, [column], unique=False, postgresql_where=sa.text(waits))


def downgrade() -> None:
    for name, table, _, waits in INDEXES:
        op.drop_index(name, table_name=table, postgresql_where=sa.text(waits))
