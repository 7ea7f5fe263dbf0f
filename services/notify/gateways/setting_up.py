"""The ways out of this process, as the operator set them up.

SMTP_URL (smtp://host:port) with SMTP_SENDER, SMTP_STAFF_DOMAIN, SMTP_SMS_DOMAIN; GATEWAYS_FILE, a YAML file of the
others (it holds secrets):

    gateways:
    - {kind: SMS, url: …, secret: …, never: [4004]}
    - {kind: CALL, url: …, secret: …}
    - {kind: wecom, to: sifasuo, url: …}
    - {kind: dingtalk, to: community-yinhong, url: …, secret: …}
"""

from __future__ import annotations

import smtplib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chassis.settings import read
from kernel.codes import Audience, MessageChannel
from kernel.reference import read_yaml
from services.notify.gateways.base import Gateway
from services.notify.gateways.relayed import Relayed
from services.notify.gateways.robots import PROVIDERS, Robot
from services.notify.gateways.smtp import Smtp

REACHED = {
    MessageChannel.SMS: frozenset({Audience.RESIDENT}),
    MessageChannel.CALL: frozenset({Audience.RESIDENT}),
    MessageChannel.APP: frozenset({Audience.STAFF, Audience.UNIT}),
}
"""Whom a provider's channel reaches; a resident's app is no way out, for nobody must have one."""


def from_environment() -> tuple[Gateway, ...]:
    """The gateways that are set up; without any nothing is sent. Errors: ValueError naming the setting and the row."""
    return (*_others(read("GATEWAYS_FILE", "")), *_smtp(read("SMTP_URL", "")))


def _smtp(url: str) -> tuple[Gateway, ...]:
    if not url:
        return ()
    parts = urlsplit(url)
    if parts.scheme != "smtp" or not parts.hostname:
        raise ValueError("SMTP_URL should read smtp://host:port")
    sender, staff = read("SMTP_SENDER", "notify@shaodao.local"), read("SMTP_STAFF_DOMAIN", "staff.local")
    return (Smtp(parts.hostname, parts.port or smtplib.SMTP_PORT, sender, staff, read("SMTP_SMS_DOMAIN", "sms.local")),)


def _others(file: str) -> tuple[Gateway, ...]:
    rows = read_yaml(Path(file))["gateways"] if file else []
    return tuple(_gateway(no, row) for no, row in enumerate(rows, 1))


def _gateway(no: int, row: dict[str, Any]) -> Gateway:
    """Errors: ValueError naming the row."""
    try:
        kind, rest = row["kind"], {key: value for key, value in row.items() if key != "kind"}
        if urlsplit(rest["url"]).scheme not in ("http", "https"):
            raise ValueError("url should be http or https")
        if kind in PROVIDERS:
            return Robot(kind, **rest)
        channel = MessageChannel(kind)
        return Relayed(channel, REACHED[channel], rest["url"], rest["secret"], frozenset(rest.get("never", ())))
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"GATEWAYS_FILE row {no}: {type(error).__name__}: {error}") from error
