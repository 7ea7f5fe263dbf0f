"""What a table of news/ can name beside the event's own fields: conditions of a message, and words made for it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from kernel.calendar import last_day_words
from kernel.codes import Urgency
from services.notify.areas import Recipient
from services.notify.files import Heard
from services.notify.rules import QuietHours
from services.notify.tables import Message


def own_doing(heard: Heard, to: Recipient) -> bool:
    """It was the recipient who did it."""
    return heard.event.actor == to.id


def older_assignment(heard: Heard, to: Recipient) -> bool:
    """A newer one has been heard before."""
    return heard.event.aggregate_version < heard.appeal.handler_version


def may_be_objected_to(heard: Heard, to: Recipient) -> bool:
    """Withdrawn by staff on the reporter's behalf, who may still object."""
    return bool(heard.data["object_until"]) and not heard.data["by_complainant"]


def court_too_late(heard: Heard, to: Recipient) -> bool:
    """The court could have confirmed it, and can no more (人民调解法 art. 33)."""
    until = heard.data["judicial_until"]
    return until is not None and until < heard.event.time


def called_off(heard: Heard, to: Recipient) -> bool:
    """Nobody needs to come to a whistle that was called off."""
    return heard.whistle.settled


def emergency_said(heard: Heard, to: Recipient) -> bool:
    """The event itself says that it is one: an appeal's urgency, or the kind of a whistle."""
    return Urgency.EMERGENCY in (heard.data.get("urgency"), heard.data.get("kind"))


def emergency_case(heard: Heard, to: Recipient) -> bool:
    """The appeal is one."""
    return heard.appeal.urgency == Urgency.EMERGENCY


def emergency_task(heard: Heard, to: Recipient) -> bool:
    """The unit was told of its task at any hour."""
    told = select(Message.id).where(Message.subject_id == heard.data["task_id"], Message.breaks_quiet)
    return heard.session.scalars(told.where(Message.template == "whistle_task_assigned").limit(1)).first() is not None


def morning_too_late(heard: Heard, to: Recipient) -> bool:
    """The old date would be over when the quiet hours end (条例 art. 15: told before it)."""
    return QuietHours.on(heard.now).hold_beyond(heard.now, heard.data["old_due_at"])


def last_day_to_object(heard: Heard, to: Recipient) -> str:
    return last_day_words(heard.data["object_until"])


def once(heard: Heard, to: Recipient) -> str:
    """The cycle of what is told a recipient once of one matter."""
    return "1"


def subject(heard: Heard, to: Recipient) -> UUID:
    """What the event is about."""
    return UUID(heard.event.subject)
