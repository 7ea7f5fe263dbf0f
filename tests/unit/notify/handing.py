"""A receipt for somebody no text message reaches, and who takes it there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chassis.identity import Grant, Principal
from kernel.codes import Audience, MessageChannel
from services.notify.hand_deliveries import HandDelivery
from tests.unit.notify.facts import GRID, registered
from tests.unit.notify.posting import Intake
from tests.unit.notify.test_ways import Way, send

WALKER = Principal("u-walker", "网格员", (Grant("GRID", GRID),))
CHEN = {"name": "陈桂芳", "phone": "13900000001", "contact_preference": "LETTER"}


def ways() -> tuple[Way, Way]:
    """Texts for residents, mail for staff."""
    return Way(MessageChannel.SMS, Audience.RESIDENT), Way(MessageChannel.EMAIL, Audience.STAFF, Audience.UNIT)


def asked_in_person(store: Any, **contact: Any) -> str:
    """The number of the delivery of a receipt that went to whoever tells her."""
    registered(store)
    send(store, *ways(), ask=Intake({**CHEN, **contact}))
    return str(only(store).case_number)


def only(store: Any) -> HandDelivery:
    with store.transaction() as session:
        return session.scalars(select(HandDelivery)).one()
