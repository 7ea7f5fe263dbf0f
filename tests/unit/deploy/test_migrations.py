"""What the migrations make is what the services' tables say."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine

from contracts.listeners import SERVICES
from tools.migrate import config_of
from tools.tables import metadata_of


@pytest.mark.parametrize("service", SERVICES)
def test_given_an_empty_database_when_migrated_then_it_differs_in_nothing_from_the_tables(
    service, postgres, monkeypatch
):
    url = postgres.database(MetaData())
    monkeypatch.setenv("MIGRATION_DATABASE_URL", url)
    command.upgrade(config_of(service), "head")
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": False})
        assert [] == compare_metadata(context, metadata_of(service))
    engine.dispose()
