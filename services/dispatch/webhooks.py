"""Webhooks for units that only speak HTTP: claim → send → settle, each its own transaction; no row is locked while
somebody else is asked. Units take turns; an address that fails rests and holds up nobody else.

The same message as on the queue is POSTed. The delivery's id is the same on every attempt; the signature is HMAC-SHA256
of `<t>.<delivery id>.<body>` with the unit's secret, `t` being Unix seconds of the real clock. 2xx is delivered; 408,
425, 429, 5xx and a network that fails are tried again (Retry-After is respected); everything else, and the last pause,
is FAILED: listed, and sent again by `shaodao department redeliver`. A process that dies between send and settle leaves
its claim behind: after CLAIM the message is POSTed again, under the same id.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from capability.posting import Answer, post, signature
from chassis import audit
from chassis.clock import Clock, system_clock
from chassis.entrypoints import every
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.store import Store, take
from services.dispatch.department_tables import Delivery, Webhook
from services.dispatch.tables import Unit

WAITING, DELIVERED, FAILED = "WAITING", "DELIVERED", "FAILED"
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21600, 43200))
"""Waits between attempts: 8 attempts in about 21 hours. After the last the delivery has FAILED."""
LONGEST_WAIT = timedelta(hours=24)
"""Nobody's Retry-After keeps a whistle longer."""
PATIENCE = sum(PAUSES, timedelta(0))
"""What an address that answers nothing has been due for that long has FAILED, tried or not."""
RESTS = PAUSES[:4]
"""How long an address is not asked after 1, 2, 3, 4 and more failures in a row."""
CLAIM = timedelta(seconds=60)
"""Longer than the slowest POST."""
AT_ONCE = 8
MOST_A_TICK = 200
LOOK_AGAIN_SECONDS = 1.0
"""How often it is looked for what became due while a slow address is waited for."""
AGAIN = frozenset({408, 425, 429})

Post = Callable[[str, bytes, dict[str, str]], Answer]


@dataclass(frozen=True)
class Claim:
    """A delivery somebody has promised to make before the claim runs out."""

    id: UUID
    unit: str
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
    webhook = session.get(Webhook, unit_code, with_for_update=True) or Webhook(unit_code=unit_code)
    webhook.url, webhook.secret, webhook.active, webhook.set_at = url, secret, True, now
    webhook.failures, webhook.open_at = 0, now
    session.add(webhook)
    audit.note(session, who, now, "webhook_set", f"unit:{unit_code}", "部门接入", host=at.hostname)
    return secret


def take_down(session: Session, who: Principal, unit_code: str, now: datetime) -> None:
    """No more messages go there; what waits has failed. Audited. Errors: NotFound."""
    take(session, Webhook, unit_code).active = False
    waiting = update(Delivery).where(Delivery.unit_code == unit_code, Delivery.state == WAITING)
    session.execute(waiting.values(state=FAILED, last_error="webhook taken down", settled_at=now))
    audit.note(session, who, now, "webhook_taken_down", f"unit:{unit_code}", "部门接入")


@every(seconds=2, transaction=False)
def deliver_webhooks(store: Store, who: Principal, now: datetime, *, clock: Clock) -> None:
    deliver_due(store, clock)


def deliver_due(store: Store, clock: Clock, send: Post = post) -> int:
    """Makes the deliveries that are due, AT_ONCE at the same time, one a unit, turn by turn; how many went through.

    While one unit is slow to answer the others go on. Ends when nothing is due, at the latest after MOST_A_TICK.
    """
    through, begun = 0, 0
    under_way: dict[Future[Answer], Claim] = {}
    with ThreadPoolExecutor(AT_ONCE) as several:
        while True:
            while begun < MOST_A_TICK and len(under_way) < AT_ONCE and (claim := _claimed(store, clock())):
                under_way[several.submit(attempt, claim, send)] = claim
                begun += 1
            if not under_way:
                return through
            for done in wait(under_way, LOOK_AGAIN_SECONDS, FIRST_COMPLETED).done:
                through += _settled(store, under_way.pop(done), done.result(), clock())


def _claimed(store: Store, now: datetime) -> Claim | None:
    with store.transaction() as session:
        return claim_next(session, now)


def _settled(store: Store, claim: Claim, answer: Answer, now: datetime) -> bool:
    with store.transaction() as session:
        settle(session, claim, answer, now)
    return answer.delivered


def claim_next(session: Session, now: datetime) -> Claim | None:
    """Of the units that may be asked and have something due, the one whose last turn is longest ago: its longest due.

    However much waits for one unit, it has one delivery under way and one turn in each round.
    """
    due = select(Delivery).where(Delivery.state == WAITING, Delivery.due_at <= now)
    waits = due.where(Delivery.unit_code == Webhook.unit_code).exists()
    ready = (
        select(Webhook).where(Webhook.active, Webhook.open_at <= now, waits).order_by(Webhook.asked_at.nulls_first())
    )
    webhook = session.scalar(ready.limit(1).with_for_update(of=Webhook, skip_locked=True))
    if webhook is None:
        return None
    mine = due.where(Delivery.unit_code == webhook.unit_code).order_by(Delivery.due_at, Delivery.id)
    row = session.scalars(mine.limit(1)).one()
    row.attempts += 1
    webhook.asked_at, row.due_at, webhook.open_at = now, now + CLAIM, now + CLAIM
    return Claim(row.id, row.unit_code, row.attempts, webhook.url, webhook.secret, row.message.body)


def attempt(claim: Claim, send: Post) -> Answer:
    """One POST. It is signed with the real time, whatever a drill says the time is: its reader has a clock, too."""
    body = claim.body.encode()
    return send(claim.url, body, headers(claim, body, system_clock()))


def headers(claim: Claim, body: bytes, moment: datetime) -> dict[str, str]:
    """What proves the message to the department; see docs/departments.md."""
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "Shaodao-Attempt": str(claim.attempt),
        "User-Agent": "shaodao-webhook/1",
        **signature(claim.secret, str(claim.id), body, moment),
    }


def settle(session: Session, claim: Claim, answer: Answer, now: datetime) -> None:
    """Writes down how it ended; nothing where somebody else has taken the delivery up meanwhile."""
    webhook = session.get(Webhook, claim.unit, with_for_update=True)
    row = session.get(Delivery, claim.id, with_for_update=True)
    if webhook is None or row is None or row.state != WAITING or row.attempts != claim.attempt:
        return
    row.last_status, row.last_error = answer.status, answer.trouble
    if answer.delivered:
        row.state, row.settled_at = DELIVERED, now
    elif not _worth_another(answer) or row.attempts > len(PAUSES):
        row.state, row.settled_at = FAILED, now
    else:
        asked = min(answer.retry_after or timedelta(0), LONGEST_WAIT)
        row.due_at = now + max(PAUSES[row.attempts - 1], asked)
    _rest(session, webhook, answer, now)


def _rest(session: Session, webhook: Webhook, answer: Answer, now: datetime) -> None:
    """An address that fails rests, longer each time; whatever is due for it waits meanwhile and spends no attempt."""
    if not _worth_another(answer):
        webhook.failures, webhook.open_at = 0, now
        return
    webhook.failures += 1
    webhook.open_at = now + RESTS[min(webhook.failures, len(RESTS)) - 1]
    if webhook.failures > len(RESTS):
        too_old = [Delivery.unit_code == webhook.unit_code, Delivery.state == WAITING, Delivery.due_at < now - PATIENCE]
        failed = {"state": FAILED, "last_error": f"no answer at all for {PATIENCE}", "settled_at": now}
        session.execute(update(Delivery).where(*too_old).values(failed))


def _worth_another(answer: Answer) -> bool:
    return answer.status is None or answer.status >= 500 or answer.status in AGAIN


def list_deliveries(session: Session, unit_code: str | None, states: Sequence[str] = (FAILED,)) -> list[Delivery]:
    """The newest hundred, for operators."""
    query = select(Delivery).where(Delivery.state.in_(states)).order_by(Delivery.id.desc()).limit(100)
    return list(session.scalars(query.where(Delivery.unit_code == unit_code) if unit_code else query))


def redeliver(session: Session, who: Principal, delivery_id: Any, now: datetime) -> Delivery:
    """Begins a settled delivery again, under its id. Audited. Errors: NotFound, Conflict while it is under way."""
    row = session.get(Delivery, delivery_id)
    if row is None:
        raise NotFound(f"没有编号为 {delivery_id} 的投递")
    webhook = take(session, Webhook, row.unit_code)
    session.refresh(row, with_for_update=True)
    if row.state == WAITING:
        raise Conflict("该投递正在进行", state=row.state, allowed_states=[DELIVERED, FAILED])
    row.state, row.attempts, row.due_at, row.settled_at = WAITING, 0, now, None
    if webhook.failures:
        webhook.failures, webhook.open_at = 0, now
    audit.note(session, who, now, "delivery_begun_again", f"delivery:{row.id}", "部门接入", unit=row.unit_code)
    return row
