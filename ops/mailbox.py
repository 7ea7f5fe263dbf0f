"""A local mailbox: takes every mail in by SMTP and keeps it as a file. `python -m ops.mailbox FOLDER PORT`."""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from ops.ports import LOOPBACK
from ops.secret import write_private


class Keeper:
    """Writes each mail to <nanoseconds>.eml, its envelope as two headers on top."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        body = envelope.content.decode("utf8", errors="replace")
        write_private(self._folder / f"{time.time_ns()}.eml", head + body)
        return "250 Message accepted for delivery"


def main(folder: str, port: str) -> None:
    """Serves until SIGTERM."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    controller = Controller(Keeper(Path(folder)), hostname=LOOPBACK, port=int(port), enable_SMTPUTF8=True)
    controller.start()
    stopped.wait()
    controller.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
