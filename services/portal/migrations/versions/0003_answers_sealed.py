"""answers sealed

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-22 10:40:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '0003'
down_revision: Union[str, Sequence[str], None] = '0002'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """What was kept in clear is forgotten; from now on answers are sealed, and found by age."""
    op.execute('delete from answered')
    op.drop_column('answered', 'answer')
    op.add_column('answered', sa.Column('answer', sa.LargeBinary(), nullable=True))
    op.create_index('ix_answered_at', 'answered', ['answered_at'], unique=False)


def downgrade() -> None:
    """Answers in clear."""
    op.execute('delete from answered')
    op.drop_index('ix_answered_at', table_name='answered')
    op.drop_column('answered', 'answer')
    op.add_column('answered', sa.Column('answer', postgresql.JSONB(), nullable=True))
