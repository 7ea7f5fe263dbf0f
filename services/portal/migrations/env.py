"""Alembic's entry into this service's tables."""

from chassis.migrate import run_environment
from services.portal.tables import Base

run_environment(Base.metadata)
