"""Mail, by the operator's own server."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage

from kernel.codes import Audience, MessageChannel
from services.notify.gateways.base import Letter, Never, NotNow, Unsure

SMTP_SECONDS = 10.0
PERMANENT = 500
MAYBE_TWICE = "X-Shaodao-Maybe-Twice"


@dataclass(frozen=True)
class Smtp:
    """Mail to staff and units; text messages to residents through the operator's mail-to-SMS bridge.

    Addresses: `<account>@staff_domain`, `<telephone>@sms_domain`. The Message-ID is the message's own id, so a letter
    that was sent twice (see sending.py) can be told from two letters; the second also says so in a field.
    """

    host: str
    port: int
    sender: str
    staff_domain: str
    sms_domain: str
    audiences = frozenset(Audience)

    def channel_for(self, audience: Audience, address: str) -> MessageChannel | None:
        return MessageChannel.SMS if audience is Audience.RESIDENT else MessageChannel.EMAIL

    def send(self, letter: Letter) -> None:
        try:
            server = smtplib.SMTP(self.host, self.port, timeout=SMTP_SECONDS)
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(type(error).__name__) from error
        try:
            server.send_message(self._mail(letter))
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(max(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unsure(type(error).__name__) from error
        finally:
            _part(server)

    def _mail(self, letter: Letter) -> EmailMessage:
        domain = self.sms_domain if letter.audience is Audience.RESIDENT else self.staff_domain
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, f"{letter.address}@{domain}", letter.title
        mail["Message-ID"] = f"<{letter.message_id}@{self.sender.partition('@')[2]}>"
        if letter.maybe_twice:
            mail[MAYBE_TWICE] = "yes"
        mail.set_content(letter.body)
        return mail


def _part(server: smtplib.SMTP) -> None:
    """What was taken stays taken, also by a server that gives no answer to the farewell."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _refusal(code: int) -> NotNow | Never:
    return Never(f"smtp_{code}") if code >= PERMANENT else NotNow(f"smtp_{code}")
