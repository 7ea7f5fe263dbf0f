"""`python -m bus.run SERVICE` or `SERVICE.PART`: one process of one service."""

from __future__ import annotations

import os
import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # known, and answered in ADR 1

import eventlet  # noqa: E402

eventlet.monkey_patch()

import signal  # noqa: E402
import sys  # noqa: E402
from importlib import import_module  # noqa: E402
from typing import Any  # noqa: E402

from amqp.exceptions import AccessRefused, NotFound  # noqa: E402
from kombu import pools  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from sqlalchemy import text  # noqa: E402

from bus import green, lenient  # noqa: E402
from bus.service import Program  # noqa: E402
from chassis.process import CONFIG_KEY, Process  # noqa: E402
from chassis.settings import read  # noqa: E402
from chassis.store import Store  # noqa: E402
from chassis.telemetry.logs import configure, log  # noqa: E402
from chassis.words import UnfitDatabase, refuse_wordless  # noqa: E402

green.install()
lenient.install()

GRACE_SECONDS = 25


def program_class(name: str) -> type[Program]:
    """The one Program in services/NAME/service.py, or services/NAME/PART/service.py for `NAME.PART`.

    Tests keep theirs in another package.
    """
    module = import_module(f"{read('SERVICES_PACKAGE', 'services')}.{name}.service")
    found = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Program)]
    return next(value for value in found if value.__module__ == module.__name__)


def prove(store: Store) -> None:
    """Others go on while the database is asked, else every query would stop the process; and it finds Chinese words.

    Errors: RuntimeError; UnfitDatabase.
    """
    with store.engine.connect() as connection:
        if not green.overlaps(lambda: connection.execute(text("select 1"))):
            raise RuntimeError("database calls block the event loop: is bus.green installed?")
        refuse_wordless(connection)


def serve(name: str) -> int:
    """Runs until told to stop. 0 after a clean stop, 1 when it could not start or broke."""
    configure(name, os.environ.get("LOG_LEVEL", "INFO"))
    process = Process.of(name.partition(".")[0])
    try:
        prove(process.store)
    except UnfitDatabase as error:
        log.critical("database_unfit", error=str(error))
        return 1
    pools.set_limit(process.settings.max_workers * 2)
    config = {
        "AMQP_URI": process.settings.amqp_uri,
        "max_workers": process.settings.max_workers,
        CONFIG_KEY: process,
    }
    runner = ServiceRunner(config)
    runner.add_service(program_class(name))
    return _run(runner)


def _run(runner: Any) -> int:
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(_stop, runner))
    signal.signal(signal.SIGINT, lambda *_: eventlet.spawn_n(_stop, runner))
    try:
        runner.start()
        log.info("started")
        runner.wait()
    except (AccessRefused, NotFound) as error:
        log.critical("broker_refused", error=str(error))
        return 1
    except Exception:
        log.exception("stopped_by_error")
        return 1
    log.info("stopped")
    return 0


def _stop(runner: Any) -> None:
    log.info("stopping")
    with eventlet.Timeout(GRACE_SECONDS, False):
        runner.stop()
        return
    log.error("grace_exceeded", seconds=GRACE_SECONDS)
    os._exit(1)


def leave(status: int) -> None:
    """Ends the process without tidying its modules.

    All is committed and said. A program that steps back (nice) was seen to wait so long for the time to tidy up, on a
    machine that has none left, that it was killed for it after a clean stop.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(serve(sys.argv[1]))
