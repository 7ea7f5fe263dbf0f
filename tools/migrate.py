"""`python -m tools.migrate SERVICE`: brings one service's database to the newest version.

`--autogenerate "message"` writes a migration from the difference between the tables and the database.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from alembic import command, context
from alembic.config import Config
from sqlalchemy import MetaData, NullPool, create_engine

from chassis.settings import read
from chassis.words import refuse_wordless
from failover.addresses import of_database
from tools.tables import metadata_of


def versions_of(service: str) -> Path:
    return Path("services", service, "migrations", "versions")


def config_of(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(versions_of(service)))
    config.set_main_option("path_separator", "os")
    config.attributes["metadata"] = metadata_of(service)
    return config


def run_environment(metadata: MetaData) -> None:
    """Runs what alembic was asked for, on the database of MIGRATION_DATABASE_URL."""
    engine = create_engine(of_database(read("MIGRATION_DATABASE_URL")), poolclass=NullPool)
    with engine.connect() as connection:
        refuse_wordless(connection)
        connection.rollback()  # alembic commits no transaction that it did not begin
        context.configure(
            connection=connection, target_metadata=metadata, render_item=_render, compare_server_default=False
        )
        with context.begin_transaction():
            context.run_migrations()


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Column types of our own are written by name, with their import; SQLAlchemy's own as alembic does."""
    shape = type(item)
    if kind != "type" or shape.__module__.startswith("sqlalchemy."):
        return False
    autogen.imports.add(f"from {shape.__module__} import {shape.__name__}")
    return f"{shape.__name__}()"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("--autogenerate", metavar="MESSAGE")
    chosen = parser.parse_args(arguments)
    config = config_of(chosen.service)
    if chosen.autogenerate:
        number = len(list(versions_of(chosen.service).glob("*.py"))) + 1
        command.revision(config, chosen.autogenerate, autogenerate=True, rev_id=f"{number:04}")
    else:
        command.upgrade(config, "head")


if __name__ == "__main__":
    main()
