"""What the migrations make is what the services' tables say."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, text

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


TRIGGERS = """
select pg_get_triggerdef(trigger.oid), function.prosrc from pg_trigger trigger
join pg_proc function on function.oid = tgfoid where not tgisinternal order by 1
"""


def triggers(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(" ".join(said.split()) for said in row) for row in connection.execute(text(TRIGGERS))]
    engine.dispose()
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_given_an_empty_database_when_migrated_then_its_triggers_are_those_of_the_tables(
    service, postgres, monkeypatch
):
    url = postgres.database(MetaData())
    monkeypatch.setenv("MIGRATION_DATABASE_URL", url)
    command.upgrade(config_of(service), "head")
    assert triggers(postgres.database(metadata_of(service))) == triggers(url)
