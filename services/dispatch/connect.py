"""`python -m services.dispatch.connect CODE on|off`: a department got, or lost, a queue of its own."""

from __future__ import annotations

import sys

from chassis.clock import clock_from_environment
from chassis.identity import Principal
from chassis.settings import read
from chassis.store import Store
from services.dispatch.departments import connect


def main(unit_code: str, switch: str) -> None:
    """Errors: NotFound for an unknown unit, ValueError for another word than on or off."""
    if switch not in ("on", "off"):
        raise ValueError(f"on or off, not {switch}")
    with Store(read("DATABASE_URL"), pool_size=1).transaction() as session:
        connect(session, Principal.service("dispatch"), unit_code, switch == "on", clock_from_environment()())


if __name__ == "__main__":
    main(*sys.argv[1:])
