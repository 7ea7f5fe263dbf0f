"""Group robots 群机器人 of WeCom, DingTalk and Feishu: one address, one group of staff.

Each answers 200 also when it sent nothing: only its own code in the body tells (run with Apprise 2.2.0, which takes
200 for sent; ADR 19). WeCom counts bytes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import orjson

from capability.posting import post
from chassis.clock import Clock, system_clock
from kernel.codes import Audience, MessageChannel
from services.notify.gateways.answering import READS, SECONDS, told_code
from services.notify.gateways.base import Letter, Never, NotNow
from services.notify.gateways.texts import cut

AGAIN = "（可能重复）"
"""Before a text that may have been shown before: a robot's message has no id."""

Told = tuple[str, dict[str, Any]]
"""The address, and what is posted there."""


@dataclass(frozen=True)
class Provider:
    """What one provider's robots want and say. `code`: the field of the answer that is 0 when it was sent.

    `most`: bytes of a text. `lost`: its codes for a robot that is gone or refuses us; any other is tried again.
    """

    say: Callable[[str, str, str, int], Told]
    code: str
    most: int
    lost: frozenset[int]


def _wecom(url: str, secret: str, text: str, seconds: int) -> Told:
    return url, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(url: str, secret: str, text: str, seconds: int) -> Told:
    """Signed over milliseconds and the secret, with the secret as key; both in the address."""
    if secret:
        moment = str(seconds * 1000)
        sign = quote_plus(_sign(secret, f"{moment}\n{secret}".encode()))
        url = f"{url}&timestamp={moment}&sign={sign}"
    return url, {"msgtype": "text", "text": {"content": text}}


def _feishu(url: str, secret: str, text: str, seconds: int) -> Told:
    """Signed with seconds and secret as the key of an empty text; both in the body."""
    signed = {"timestamp": str(seconds), "sign": _sign(f"{seconds}\n{secret}", b"")} if secret else {}
    return url, {**signed, "msg_type": "text", "content": {"text": text}}


def _sign(key: str, text: bytes) -> str:
    return base64.b64encode(hmac.new(key.encode(), text, hashlib.sha256).digest()).decode()


PROVIDERS: Mapping[str, Provider] = {
    "wecom": Provider(_wecom, "errcode", 2_048, frozenset({93000, 40008, 40058})),
    "dingtalk": Provider(_dingtalk, "errcode", 20_000, frozenset({300001, 310000, 400101})),
    "feishu": Provider(_feishu, "code", 20_000, frozenset({19001, 19021, 19022, 19024})),
}


@dataclass(frozen=True)
class Robot:
    """Reaches one recipient: the unit or duty group `to`."""

    provider: str
    to: str
    url: str
    secret: str = ""
    clock: Clock = system_clock
    audiences = frozenset({Audience.STAFF, Audience.UNIT})

    def channel_for(self, audience: Audience, address: str) -> MessageChannel | None:
        return MessageChannel.APP if audience in self.audiences and address == self.to else None

    def send(self, letter: Letter) -> None:
        kind = PROVIDERS[self.provider]
        mark = AGAIN if letter.maybe_twice else ""
        text = mark + cut(f"{letter.title}\n{letter.body}", kind.most - len(mark.encode()))
        url, content = kind.say(self.url, self.secret, text, int(self.clock().timestamp()))
        headers = {"Content-Type": "application/json; charset=utf-8"}
        code = told_code(post(url, orjson.dumps(content), headers, SECONDS, READS), kind.code)
        if code != 0:
            raise (Never if code in kind.lost else NotNow)(f"{self.provider}_{code}")
