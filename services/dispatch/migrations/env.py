"""Alembic's entry into this service's tables."""

from chassis.migrate import run_environment
from services.dispatch import department_tables  # noqa: F401 - puts its tables into the same metadata
from services.dispatch.tables import Base

run_environment(Base.metadata)
