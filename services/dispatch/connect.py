"""`python -m services.dispatch.connect CODE on | off | webhook URL | no-webhook | letters WHO`: departments' programs.

on, off: it got, or lost, a queue of its own. webhook prints the secret that signs what is POSTed, once. letters prints
what the unit sent last, one a line (`*`: all units), for WHO, as the audit keeps it: only this program has the key.
"""

from __future__ import annotations

import sys

from chassis.clock import clock_from_environment
from chassis.errors import ServiceError
from chassis.identity import Principal
from chassis.settings import read
from chassis.store import Store
from services.dispatch import keeping, webhooks
from services.dispatch.departments import connect

WAYS = ("on", "off", "webhook", "no-webhook", "letters")


def reader(name: str) -> Principal:
    return Principal.service(name or "dispatch")


def main(unit_code: str, way: str, more: str = "") -> str | None:
    """A webhook's secret, or letters, else None. Errors: NotFound, Invalid (url), ValueError for another word."""
    if way not in WAYS:
        raise ValueError(f"one of {', '.join(WAYS)}, not {way}")
    who, now = Principal.service("dispatch"), clock_from_environment()()
    with Store(read("DATABASE_URL"), pool_size=1).transaction() as session:
        if way == "webhook":
            return webhooks.set_up(session, who, unit_code, more, now)
        if way == "letters":
            unit = None if unit_code == "*" else unit_code
            return "\n".join(
                body.decode("utf8", "replace") for _, body in keeping.read(session, reader(more), unit, now)
            )
        if way == "no-webhook":
            webhooks.take_down(session, who, unit_code, now)
        else:
            connect(session, who, unit_code, way == "on", now)
    return None


if __name__ == "__main__":
    try:
        print(main(*sys.argv[1:]) or "")
    except (ServiceError, ValueError) as error:
        sys.exit(f"{error} {getattr(error, 'details', '')}")
