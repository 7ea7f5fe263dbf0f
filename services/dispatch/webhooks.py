"""Webhooks for units that only speak HTTP: claim → send → settle, each its own transaction; no row is locked while
somebody else is asked.

The same message as on the queue is POSTed. The delivery's id is the same on every attempt; the signature is HMAC-SHA256
of `<t>.<delivery id>.<body>` with the unit's secret, `t` being Unix seconds. 2xx is delivered; 408, 425, 429, 5xx and
a network that fails are tried again (Retry-After is respected); everything else, and the last pause, is FAILED: listed,
and sent again by `shaodao department redeliver`. A process that dies between send and settle leaves its claim behind:
after CLAIM the message is POSTed again, under the same id.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis import audit
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.store import Store, take
from services.dispatch.department_tables import Delivery, Webhook
from services.dispatch.tables import Unit
from services.dispatch.webhook_post import Answer, post

WAITING, DELIVERED, FAILED = "WAITING", "DELIVERED", "FAILED"
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600, 43200))
"""Waits between attempts: 8 attempts in about 21 hours. After the last the delivery has FAILED."""
LONGEST_WAIT = timedelta(hours=24)
"""Nobody's Retry-After keeps a whistle longer."""
CLAIM = timedelta(seconds=60)
"""Longer than the slowest POST."""
AT_ONCE = 8
AGAIN = frozenset({408, 425, 429})

Post = Callable[[str, bytes, dict[str, str]], Answer]


@dataclass(frozen=True)
class Claim:
    """A delivery somebody has promised to make before the claim runs out."""

    id: UUID
    attempt: int
    url: str
    secret: str
    body: str


def set_up(session: Session, who: Principal, unit_code: str, url: str, now: datetime) -> str:
    """Sends the unit's messages to `url` from now on; the new secret. Audited. Errors: NotFound, Invalid."""
    take(session, Unit, unit_code)
    at = urlsplit(url)
    if at.scheme not in ("http", "https") or not at.hostname or at.username or not url.isascii() or " " in url:
        raise Invalid.because({"url": ["应为 http 或 https 地址，不带账号"]})
    secret = secrets.token_hex(32)
    webhook = session.get(Webhook, unit_code) or Webhook(unit_code=unit_code)
    webhook.url, webhook.secret, webhook.active, webhook.set_at = url, secret, True, now
    session.add(webhook)
    audit.note(session, who, now, "webhook_set", f"unit:{unit_code}", "部门接入", host=at.hostname)
    return secret


def take_down(session: Session, who: Principal, unit_code: str, now: datetime) -> None:
    """No more messages go there; what waits has failed. Audited. Errors: NotFound."""
    take(session, Webhook, unit_code).active = False
    waiting = update(Delivery).where(Delivery.unit_code == unit_code, Delivery.state == WAITING)
    session.execute(waiting.values(state=FAILED, last_error="webhook taken down", settled_at=now))
    audit.note(session, who, now, "webhook_taken_down", f"unit:{unit_code}", "部门接入")


def deliver_due(store: Store, now: datetime, send: Post = post) -> int:
    """Makes every delivery that is due, up to AT_ONCE at the same time; how many went through."""
    with store.transaction() as session:
        claims = claim_due(session, now)
    if not claims:
        return 0
    with ThreadPoolExecutor(AT_ONCE) as several:
        answers = list(several.map(lambda claim: attempt(claim, now, send), claims))
    for claim, answer in zip(claims, answers, strict=True):
        with store.transaction() as session:
            settle(session, claim, answer, now)
    return sum(answer.delivered for answer in answers)


def claim_due(session: Session, now: datetime) -> list[Claim]:
    """The longest due, one a unit, so that a unit that does not answer holds up nobody else."""
    due = select(Delivery).where(Delivery.state == WAITING, Delivery.due_at <= now).order_by(Delivery.due_at)
    rows: dict[str, Delivery] = {}
    for row in session.scalars(due.limit(200).with_for_update(skip_locked=True)):
        if len(rows) < AT_ONCE:
            rows.setdefault(row.unit_code, row)
    claims = [_claimed(session, row, now) for row in rows.values()]
    return [claim for claim in claims if claim is not None]


def _claimed(session: Session, row: Delivery, now: datetime) -> Claim | None:
    webhook = session.get(Webhook, row.unit_code)
    if webhook is None or not webhook.active:
        row.state, row.last_error, row.settled_at = FAILED, "no webhook", now
        return None
    row.attempts += 1
    row.due_at = now + CLAIM
    return Claim(row.id, row.attempts, webhook.url, webhook.secret, row.message.body)


def attempt(claim: Claim, now: datetime, send: Post) -> Answer:
    """One POST."""
    body = claim.body.encode()
    return send(claim.url, body, headers(claim, body, int(now.timestamp())))


def headers(claim: Claim, body: bytes, t: int) -> dict[str, str]:
    """What proves the message to the department; see docs/departments.md."""
    signed = hmac.new(claim.secret.encode(), f"{t}.{claim.id}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "Shaodao-Delivery": str(claim.id),
        "Shaodao-Attempt": str(claim.attempt),
        "Shaodao-Signature": f"t={t},v1={signed}",
        "User-Agent": "shaodao-webhook/1",
    }


def settle(session: Session, claim: Claim, answer: Answer, now: datetime) -> None:
    """Writes down how it ended; nothing where somebody else has taken the delivery up meanwhile."""
    row = session.get(Delivery, claim.id, with_for_update=True)
    if row is None or row.state != WAITING or row.attempts != claim.attempt:
        return
    row.last_status, row.last_error = answer.status, answer.trouble
    if answer.delivered:
        row.state, row.settled_at = DELIVERED, now
    elif not _worth_another(answer) or row.attempts > len(PAUSES):
        row.state, row.settled_at = FAILED, now
    else:
        asked = min(answer.retry_after or timedelta(0), LONGEST_WAIT)
        row.due_at = now + max(PAUSES[row.attempts - 1], asked)


def _worth_another(answer: Answer) -> bool:
    return answer.status is None or answer.status >= 500 or answer.status in AGAIN


def list_deliveries(session: Session, unit_code: str | None, states: Sequence[str] = (FAILED,)) -> list[Delivery]:
    """The newest hundred, for operators."""
    query = select(Delivery).where(Delivery.state.in_(states)).order_by(Delivery.id.desc()).limit(100)
    return list(session.scalars(query.where(Delivery.unit_code == unit_code) if unit_code else query))


def redeliver(session: Session, who: Principal, delivery_id: Any, now: datetime) -> Delivery:
    """Begins a settled delivery again, under its id. Audited. Errors: NotFound, Conflict while it is under way."""
    row = session.get(Delivery, delivery_id, with_for_update=True)
    if row is None:
        raise NotFound(f"没有编号为 {delivery_id} 的投递")
    if row.state == WAITING:
        raise Conflict("该投递正在进行", state=row.state, allowed_states=[DELIVERED, FAILED])
    row.state, row.attempts, row.due_at, row.settled_at = WAITING, 0, now, None
    audit.note(session, who, now, "delivery_begun_again", f"delivery:{row.id}", "部门接入", unit=row.unit_code)
    return row
