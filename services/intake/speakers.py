"""Who speaks in a new appeal: the reporter, and whoever else may be called for her."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from chassis.errors import Invalid
from services.intake import residents
from services.intake.tables import Appeal, Person


def keep(session: Session, begun: Sequence[tuple[Appeal, dict[str, Any]]], now: datetime) -> None:
    """Of each appeal by its command; all are looked up with one question.

    Errors: Invalid when somebody speaks for nobody, or for a telephone the city has not.
    """
    parts = [(appeal, *each) for appeal, command in begun for each in _people(command, now)]
    kept = residents.keep_all(session, [person for _, _, person in parts], now)
    for appeal, command in begun:
        _name(appeal, "reporter", None)
        _name(appeal, "contact_person", None)
        _say_how(appeal, command.get("reporter"), command.get("contact_person"))
    for (appeal, part, _), person in zip(parts, kept, strict=True):
        _name(appeal, part, person)


def _people(command: dict[str, Any], now: datetime) -> list[tuple[str, dict[str, Any]]]:
    reporter, contact = command.get("reporter"), command.get("contact_person")
    if contact and not reporter:
        raise Invalid.because({"contact_person": ["匿名诉求不能有联系人"]})
    given = [(part, person) for part, person in (("reporter", reporter), ("contact_person", contact)) if person]
    place = command["area_path"]
    return [(part, residents.reachable(part, person, place, now)) for part, person in given]


def _say_how(appeal: Appeal, reporter: dict[str, Any] | None, contact: dict[str, Any] | None) -> None:
    """How they are reached; this belongs to the case, not to the person."""
    appeal.contact_preference = str(reporter["contact_preference"]) if reporter else None
    appeal.contact_relation = str(contact["relation"]) if contact else None
    appeal.contact_authorised = contact["authorised"] if contact else None


def _name(appeal: Appeal, part: str, person: Person | None) -> None:
    """Foreign key and object, without making the appeal an object of the session."""
    setattr(appeal, f"{part}_id", person and person.id)
    set_committed_value(appeal, part, person)
