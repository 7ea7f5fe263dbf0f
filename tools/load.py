"""`python -m tools.load SERVICE FOLDER`: loads reference data (areas, units, accounts …) into one service's store."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from chassis.clock import clock_from_environment
from chassis.settings import read
from chassis.store import Store


def main(arguments: list[str]) -> None:
    """Loading twice changes nothing; a broken file changes nothing either."""
    service, folder = arguments
    reference = import_module(f"services.{service}.reference")
    with Store(read("DATABASE_URL"), pool_size=1).transaction() as session:
        reference.load(session, Path(folder), clock_from_environment()())


if __name__ == "__main__":
    main(sys.argv[1:])
