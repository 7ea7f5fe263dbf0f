"""A provider of text messages, calls or pushes that takes JSON over HTTP, signed as departments' webhooks are."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from capability.posting import post, signature
from chassis.clock import Clock, system_clock
from kernel.codes import Audience, MessageChannel
from services.notify.gateways.answering import READS, SECONDS, told_code
from services.notify.gateways.base import Letter, Never, NotNow
from services.notify.gateways.texts import as_text, sms_parts

READ_ALOUD = 500
"""Signs; nobody listens to more."""


@dataclass(frozen=True)
class Relayed:
    """One channel for some audiences. The other side answers `{"code": 0}` when it took the letter.

    `never`: its codes for which no later try would help, e.g. an unknown number.
    """

    channel: MessageChannel
    audiences: frozenset[Audience]
    url: str
    secret: str
    never: frozenset[int | str] = frozenset()
    clock: Clock = system_clock

    def channel_for(self, audience: Audience, address: str) -> MessageChannel | None:
        return self.channel if audience in self.audiences else None

    def send(self, letter: Letter) -> None:
        body = orjson.dumps(self._content(letter))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **signature(self.secret, letter.message_id, body, self.clock()),
        }
        code = told_code(post(self.url, body, headers, SECONDS, READS), "code")
        if code != 0:
            raise (Never if code in self.never else NotNow)(f"{self.channel.lower()}_{code}")

    def _content(self, letter: Letter) -> dict[str, object]:
        text = as_text(letter.title, letter.body)
        parts = sms_parts(text) if self.channel is MessageChannel.SMS else [text[:READ_ALOUD]]
        told: dict[str, object] = {
            "id": letter.message_id,
            "to": letter.address,
            "parts": parts,
            "receipt": letter.receipt,
        }
        return {**told, "maybe_twice": True} if letter.maybe_twice else told
