"""Delivering: claim → ask → send → settle; no row is locked while somebody else is asked.

AT_ONCE letters are under way at the same time: one who answers slowly holds up nobody else. What has left is settled in
the transaction that claims the next.

A process that dies between send and settle leaves its claims behind; after CLAIM_SECONDS another takes the messages up
and each may leave twice. So may what nobody answered to. No other way leads to sending twice, and losing it would be
worse: the second bears the id of the first, says itself that it may be one, and the row keeps that (`maybe_twice`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.errors import DeadlineExceeded, Fault, ServiceError, Unavailable
from chassis.identity import Principal
from chassis.store import Store
from contracts.notify.messages import Failure
from kernel.codes import Audience
from services.notify import digests
from services.notify.claims import Claim, claim_some
from services.notify.gateways.base import Gateway, Never, NotNow, Unsure
from services.notify.links import Links, link_words, linkless
from services.notify.messages import PLACE, TASK_LINK
from services.notify.settling import Outcome, expire, settle
from services.notify.ways import Full, Hand, hand_over

AT_ONCE = 64
"""Letters under way. A provider that lets 5 % hang for 5 s takes 25 of them at 100 letters a second."""

TROUBLES = 8
"""After so many in a row that may pass a run claims no more: who does not answer now is not asked fifty times."""

LINGER_SECONDS = 0.01
"""So long a letter that has ended waits for others: a transaction of several costs little more than one."""

RUN_SECONDS = 10.0
"""After this a run claims nothing more; the next goes on. A process that is told to stop waits for the run."""

Ask = Callable[[str], dict[str, Any]]
"""Number of a case, or person id → telephone and preferred way of its reporter, or of that person, as intake tells
them. Errors: those of chassis.errors."""

Where = Callable[[UUID], str]
"""Session id → the place mediation's session_place answers. Errors: those of chassis.errors."""


def nowhere(session_id: UUID) -> str:
    """Where nobody can be asked for a place, the message waits."""
    raise NotNow("no_place")


def send_due(
    store: Store,
    who: Principal,
    now: datetime,
    ask: Ask,
    gateways: Sequence[Gateway],
    where: Where = nowhere,
    links: Links = linkless,
) -> int:
    """Delivers what is due; returns how many left. Without a gateway everything stays queued.

    Ends when nothing is due, after TROUBLES in a row, or after RUN_SECONDS.
    """
    if not gateways:
        return 0
    with store.transaction() as session:
        expire(session, who, now)
        digests.gather(session, who, now)
    run = _Run(store, who, now, gateways)
    with ThreadPoolExecutor(AT_ONCE) as several:
        while run.goes_on():
            run.turn(lambda claim: several.submit(deliver, claim, ask, gateways, where, links))
    return run.sent


class _Run:
    """The letters under way, and how those before them fared."""

    def __init__(self, store: Store, who: Principal, now: datetime, gateways: Sequence[Gateway]) -> None:
        self._store, self._who, self._now, self._gateways = store, who, now, gateways
        self._ends = time.monotonic() + RUN_SECONDS
        self._under_way: dict[Future[Outcome], Claim] = {}
        self._begun, self._troubles = False, 0
        self.sent = 0

    def goes_on(self) -> bool:
        """Whether letters are under way, or may be claimed."""
        return bool(self._under_way) or not self._begun

    def turn(self, submit: Callable[[Claim], Future[Outcome]]) -> None:
        """Waits for the first that are done, settles them and claims as many others."""
        ended = [(self._under_way.pop(future), future.result()) for future in self._done()]
        for _, outcome in ended:
            self._troubles = self._troubles + 1 if outcome.may_pass else 0
        with self._store.transaction() as session:
            self.sent += settle(session, self._who, ended, self._now) if ended else 0
            claims = self._claims(session)
        self._under_way.update({submit(claim): claim for claim in claims})

    def _done(self) -> set[Future[Outcome]]:
        """Those that have ended a moment after the first has: they share its transaction."""
        if not self._under_way:
            return set()
        wait(self._under_way, return_when=FIRST_COMPLETED)
        return wait(self._under_way, timeout=LINGER_SECONDS).done

    def _claims(self, session: Session) -> list[Claim]:
        over = self._begun and (self._troubles >= TROUBLES or time.monotonic() > self._ends)
        self._begun = True
        return [] if over else claim_some(session, self._now, self._gateways, AT_ONCE - len(self._under_way))


def deliver(
    claim: Claim, ask: Ask, gateways: Sequence[Gateway], where: Where = nowhere, links: Links = linkless
) -> Outcome:
    """Asks for the address where it is a resident's, for the place of a session, for a link, and hands the letter over.

    Touches no database.
    """
    body = claim.message.body
    if claim.enough:
        return Outcome(trouble="enough_for_today", full=True)
    try:
        if PLACE in body:
            body = body.replace(PLACE, where(claim.message.subject_id))
        if TASK_LINK in body:
            body = body.replace(TASK_LINK, link_words(links(claim.message.subject_id, claim.address)))
        contact = ask(claim.address) if claim.message.audience == Audience.RESIDENT else None
        sent_by, instead = hand_over(Hand(claim, body, gateways), contact)
        return Outcome(sent_by=sent_by, instead=instead)
    except Full:
        return Outcome(trouble="enough_for_today", full=True)
    except NotNow as error:
        return Outcome(trouble=str(error), failure=Failure.TEMPORARY, unsure=isinstance(error, Unsure))
    except (Unavailable, DeadlineExceeded, Fault) as error:
        return Outcome(trouble=error.code, failure=Failure.TECHNICAL)
    except ServiceError as error:
        return Outcome(trouble=error.code, failure=Failure.PERMANENT)
    except Never as error:
        return Outcome(trouble=str(error), failure=Failure.PERMANENT)
