"""`python -m chassis.migrate SERVICE`: brings one service's database to the newest version.

`--autogenerate "message"` writes a migration from the difference between the tables and the database.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Literal

from alembic import command, context
from alembic.config import Config
from sqlalchemy import MetaData, create_engine

from chassis.sealing import Sealed
from chassis.settings import read
from chassis.store import Ltree, Moment

RENDERED = {Ltree: "Ltree()", Moment: "Moment()", Sealed: "Sealed()"}


def config_of(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path("services") / service / "migrations"))
    return config


def run_environment(metadata: MetaData) -> None:
    """What every service's migrations/env.py calls."""
    engine = create_engine(read("MIGRATION_DATABASE_URL"))
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=metadata, render_item=_render, compare_server_default=False
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    if kind == "type" and type(item) in RENDERED:
        autogen.imports.add(f"from {type(item).__module__} import {type(item).__name__}")
        return RENDERED[type(item)]
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("--autogenerate", metavar="MESSAGE")
    chosen = parser.parse_args()
    config = config_of(chosen.service)
    if chosen.autogenerate:
        command.revision(config, chosen.autogenerate, autogenerate=True)
    else:
        command.upgrade(config, "head")


if __name__ == "__main__":
    main()
