"""volunteers and call sheets

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-29 21:50:00

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
from chassis.store import Ltree
from chassis.store import Moment
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision: str = '0004'
down_revision: Union[str, Sequence[str], None] = '0003'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

LATEST_FIRST = "(r.week - date '0001-01-01' + 1) * 1440"
KNOWN = f"update care_call c set on_sheet = 1439 - {LATEST_FIRST} from care_round r where r.id = c.round_id"
NEEDED = 'update care_call set needing = true where difficulties is not null'


def _root() -> list[sa.Column]:
    return [
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('area_path', Ltree(), nullable=False),
        sa.Column('case_number', sa.String(), nullable=False),
        sa.Column('created_at', Moment(), server_default=sa.text('now()'), nullable=False),
        sa.Column('updated_at', Moment(), server_default=sa.text('now()'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
    ]


def _root_indexes(table: str) -> None:
    op.create_index(f'ix_{table}_area', table, ['area_path'], unique=False, postgresql_using='gist')
    op.create_index(op.f(f'ix_{table}_case_number'), table, ['case_number'], unique=False)


def upgrade() -> None:
    """Teams, records and certificates of service; calls in the order of the sheet.

    A call that the old code opens meanwhile stands at the end of the sheets.
    """
    op.create_table('volunteer_team',
    *_root(),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('leader_id', sa.String(), nullable=False),
    sa.Column('leader_name', sa.String(), nullable=False),
    sa.Column('sides', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('next_what', sa.String(), nullable=True),
    sa.Column('next_at', Moment(), nullable=True),
    sa.Column('next_place', sa.String(), nullable=True),
    sa.Column('next_risks', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    _root_indexes('volunteer_team')
    op.create_table('team_member',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.String(), nullable=False),
    sa.Column('person_name', sa.String(), nullable=False),
    sa.Column('membership', sa.String(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['volunteer_team.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('team_id', 'person_id')
    )
    op.create_table('service_record',
    *_root(),
    sa.Column('volunteer_id', sa.String(), nullable=False),
    sa.Column('volunteer_name', sa.String(), nullable=False),
    sa.Column('recorder_id', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('source_number', sa.String(), nullable=False),
    sa.Column('deed', sa.String(), nullable=False),
    sa.Column('team', sa.String(), nullable=True),
    sa.Column('began_at', Moment(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('confirmed_by_id', sa.String(), nullable=True),
    sa.Column('confirmed_by_name', sa.String(), nullable=True),
    sa.Column('refusal', sa.String(), nullable=True),
    sa.Column('clock_from', Moment(), nullable=True),
    sa.Column('due_at', Moment(), nullable=True),
    sa.Column('warn_at', Moment(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('deed', 'volunteer_id')
    )
    _root_indexes('service_record')
    for column in ('source_number', 'volunteer_id', 'warn_at'):
        op.create_index(op.f(f'ix_service_record_{column}'), 'service_record', [column], unique=False)
    op.create_table('service_certificate',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('area_path', Ltree(), nullable=False),
    sa.Column('volunteer_id', sa.String(), nullable=False),
    sa.Column('volunteer_name', sa.String(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('records', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('issued_at', Moment(), nullable=False),
    sa.PrimaryKeyConstraint('code')
    )
    op.create_index(op.f('ix_service_certificate_volunteer_id'), 'service_certificate', ['volunteer_id'], unique=False)
    op.add_column('care_call', sa.Column('on_sheet', sa.Integer(), server_default='0', nullable=False))
    op.add_column('care_call', sa.Column('needing', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.execute(KNOWN)
    op.execute(NEEDED)
    op.create_index(op.f('ix_care_call_on_sheet'), 'care_call', ['on_sheet'], unique=False)
    op.create_index('ix_hand_delivery_person', 'hand_delivery', ['person_id'], unique=False)


def downgrade() -> None:
    """Without them."""
    op.drop_index('ix_hand_delivery_person', table_name='hand_delivery')
    op.drop_index(op.f('ix_care_call_on_sheet'), table_name='care_call')
    op.drop_column('care_call', 'needing')
    op.drop_column('care_call', 'on_sheet')
    for table in ('service_certificate', 'service_record', 'team_member', 'volunteer_team'):
        op.drop_table(table)
