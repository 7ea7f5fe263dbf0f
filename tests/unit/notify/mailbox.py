"""A real SMTP server on this machine that keeps what it is given, and refuses when told to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

from services.notify.gateways.smtp import Smtp


class Mailbox:
    """aiosmtpd handler. `refuse` is the answer to RCPT or DATA while it is set."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.recipients: list[str] = []
        self.refuse_rcpt: str | None = None
        self.refuse_data: str | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refuse_rcpt:
            return self.refuse_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse_data:
            return self.refuse_data
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def open_mailbox() -> Iterator[tuple[Mailbox, Smtp]]:
    """The mailbox, and a gateway that leads there."""
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, Smtp("127.0.0.1", port, "notify@shaodao.local", "staff.local", "sms.local")
    finally:
        controller.stop()
