"""Names for the ids and codes of tallies: of staff as their accounts have them, of units as dispatch has them; of both
else as an event of the case gave them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.portal.accounts.tables import Account
from services.portal.readmodel.entries import unit_names
from services.portal.readmodel.tables import Entry, Matter

PEOPLE = ("handler", "first", "receiver", "mediator", "drafter")
"""What in a tally is the id of a member of staff."""


def of_people(session: Session, matters: Iterable[Matter]) -> dict[str, str]:
    """Names by id, of all whom these matters tell of."""
    told = list(matters)
    wanted = {matter.tally[each] for matter in told for each in PEOPLE if each in matter.tally}
    accounts = select(Account.id, Account.name).where(Account.id.in_(wanted))
    found = {row.id: row.name for row in session.execute(accounts)} if wanted else {}
    if fresh := wanted - found.keys():
        numbers = {matter.case_number for matter in told}
        acted = select(Entry.actor, Entry.actor_name).where(Entry.case_number.in_(numbers), Entry.actor.in_(fresh))
        found |= {row.actor: row.actor_name for row in session.execute(acted) if row.actor_name}
    return found


def of_units(session: Session, matters: Iterable[Matter], known: Mapping[str, str]) -> dict[str, str]:
    """`known`, and what it lacks of the units these matters tell of."""
    told = list(matters)
    if {code for matter in told for code in codes_of(matter)} <= known.keys():
        return dict(known)
    found = session.scalars(select(Entry).where(Entry.case_number.in_({matter.case_number for matter in told})))
    return {**unit_names(found), **known}


def codes_of(matter: Matter) -> list[str]:
    """The units a matter is with."""
    return [code for each in ("unit", "units") for code in matter.tally.get(each, "").split(",") if code]
