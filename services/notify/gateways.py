"""The seam to the outside: a gateway takes one letter and either hands it over or says why not.

A new way out (an SMS provider, WeCom) is one more class with `channel_for` and `send`, added in `from_environment`.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import urlsplit

from chassis.settings import read
from kernel.codes import Audience, MessageChannel

SMTP_SECONDS = 10.0
PERMANENT = 500


class NotNow(Exception):
    """The way out is closed for the moment: try again."""


class Never(Exception):
    """No later try would help, e.g. nobody has that address."""


@dataclass(frozen=True)
class Letter:
    """What leaves the house. `address` is a telephone number for residents, an account id for staff and units."""

    message_id: str
    audience: Audience
    address: str
    title: str
    body: str


class Gateway(Protocol):
    """A way out."""

    def channel_for(self, audience: Audience) -> MessageChannel | None:
        """By which channel it reaches that audience, None when it does not."""

    def send(self, letter: Letter) -> None:
        """Hands the letter over. Errors: NotNow, Never."""


@dataclass(frozen=True)
class Smtp:
    """Mail to staff and units; text messages to residents through the operator's mail-to-SMS bridge.

    Addresses: `<account>@staff_domain`, `<telephone>@sms_domain`. The Message-ID is the message's own id, so a letter
    that was sent twice (see sending.py) can be told from two letters.
    """

    host: str
    port: int
    sender: str
    staff_domain: str
    sms_domain: str

    def channel_for(self, audience: Audience) -> MessageChannel | None:
        return MessageChannel.SMS if audience is Audience.RESIDENT else MessageChannel.EMAIL

    def send(self, letter: Letter) -> None:
        try:
            with smtplib.SMTP(self.host, self.port, timeout=SMTP_SECONDS) as server:
                server.send_message(self._mail(letter))
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(max(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(type(error).__name__) from error

    def _mail(self, letter: Letter) -> EmailMessage:
        domain = self.sms_domain if letter.audience is Audience.RESIDENT else self.staff_domain
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, f"{letter.address}@{domain}", letter.title
        mail["Message-ID"] = f"<{letter.message_id}@{self.sender.partition('@')[2]}>"
        mail.set_content(letter.body)
        return mail


def _refusal(code: int) -> NotNow | Never:
    return Never(f"smtp_{code}") if code >= PERMANENT else NotNow(f"smtp_{code}")


def from_environment() -> tuple[Gateway, ...]:
    """The gateways that are set up; none without SMTP_URL (smtp://host:port), and then nothing is sent."""
    url = read("SMTP_URL", "")
    if not url:
        return ()
    parts = urlsplit(url)
    if parts.scheme != "smtp" or not parts.hostname:
        raise ValueError("SMTP_URL should read smtp://host:port")
    sender, staff = read("SMTP_SENDER", "notify@shaodao.local"), read("SMTP_STAFF_DOMAIN", "staff.local")
    return (Smtp(parts.hostname, parts.port or smtplib.SMTP_PORT, sender, staff, read("SMTP_SMS_DOMAIN", "sms.local")),)


def choose(
    gateways: Sequence[Gateway], audience: Audience, preferred: Sequence[MessageChannel]
) -> tuple[Gateway, MessageChannel] | None:
    """The gateway for the first preferred channel one of them offers to that audience, else any that reaches it."""
    reach = [(gateway, channel) for gateway in gateways if (channel := gateway.channel_for(audience))]
    rank = {channel: no for no, channel in enumerate(preferred)}
    return min(reach, key=lambda offer: rank.get(offer[1], len(rank)), default=None)
