"""A mailbox for the profile `mail`: takes every mail of the project in and keeps it as a file. No mail leaves."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from aiosmtpd.controller import Controller

from ops.mailbox import Keeper

FOLDER, PORT = Path("/mail"), 8025


def main() -> None:
    """Serves until SIGTERM."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    controller = Controller(Keeper(FOLDER), hostname="0.0.0.0", port=PORT, enable_SMTPUTF8=True)
    controller.start()
    stopped.wait()
    controller.stop()


if __name__ == "__main__":
    main()
