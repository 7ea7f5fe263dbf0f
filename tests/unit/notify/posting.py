"""Letters that are due, as the timer has them: claimed, asked about, sent and settled."""

from __future__ import annotations

from contracts.dispatch.tasks import WhistleTaskAssigned
from services.notify import claims, sending, settling
from tests.support.events import names_said, said
from tests.unit.notify.facts import NOW, SERVICE, fact, messages, tell

PHONE = "13900000001"


class Intake:
    """Answers reveal_contact, or fails, and remembers who was asked about."""

    def __init__(self, answer=None, error=None):
        self.answer = answer or {"masked_name": "陈*芳", "phone": PHONE, "contact_preference": "CALL"}
        self.error, self.asked = error, []

    def __call__(self, person_id):
        self.asked.append(person_id)
        if self.error:
            raise self.error
        return self.answer


def send(store, mail, now=NOW, ask=None):
    return sending.send_due(store, SERVICE, now, ask or Intake(), [mail[1]])


def whistle(store, now=NOW, kind="APPEAL"):
    tell(store, fact(WhistleTaskAssigned, {"kind": kind}), now)


def spoken(store, name=None):
    with store.transaction() as session:
        return said(session, name) if name else names_said(session)


def only(store):
    (row,) = messages(store)
    return row


def claim(store, mail, now=NOW):
    with store.transaction() as session:
        return next(iter(claims.claim_some(session, now, [mail[1]], 1)), None)


def settle(store, what, outcome, now=NOW):
    with store.transaction() as session:
        return settling.settle(session, SERVICE, [(what, outcome)], now)
