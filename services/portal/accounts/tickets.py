"""What stands for the first half of a login while the second factor is typed: sealed, so that nobody makes one, good
for five minutes, and worthless once the account has changed. No session exists before both halves are there.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from cryptography.exceptions import InvalidTag

from chassis.errors import Unauthenticated
from chassis.sealing import seal, unseal
from services.portal.accounts.arriving import Way
from services.portal.accounts.tables import Account

GOOD_FOR = timedelta(minutes=5)
OVER = "登录超时了，请重新输入用户名和密码"
PURPOSE = "code"


@dataclass(frozen=True)
class Held:
    """Whose login it is, which way it came, and how old the account's last change was."""

    account_id: str
    way: Way
    updated_at: datetime


def made(account: Account, way: Way, now: datetime) -> str:
    told = [PURPOSE, account.id, way, account.updated_at.isoformat(), (now + GOOD_FOR).isoformat()]
    return sealed(told)


def opened(ticket: str, now: datetime) -> Held:
    """Errors: Unauthenticated when forged, of another purpose, or too old."""
    purpose, account_id, way, updated_at, until = [*unsealed(ticket), *[""] * 5][:5]
    if purpose != PURPOSE or now >= datetime.fromisoformat(until):
        raise Unauthenticated(OVER)
    return Held(account_id, Way(way), datetime.fromisoformat(updated_at))


def sealed(told: list[str]) -> str:
    """In signs for forms and cookies."""
    return base64.urlsafe_b64encode(seal(orjson.dumps(told))).decode()


def unsealed(text: str) -> list[str]:
    """Empty for what was not sealed here."""
    try:
        told: list[str] = orjson.loads(unseal(base64.urlsafe_b64decode(text.encode())))
    except (binascii.Error, InvalidTag, KeyError, ValueError):
        return []
    return told
