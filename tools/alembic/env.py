"""Alembic's entry into the tables of the service that is migrated."""

from alembic import context

from tools.migrate import run_environment

run_environment(context.config.attributes["metadata"])
