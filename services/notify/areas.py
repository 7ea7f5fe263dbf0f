"""Places by name, and the duty groups that answer for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import areas
from kernel.codes import AreaLevel, Audience, Role
from services.notify.tables import Area, SafePerson, Unit

GROUP_LEVELS = {
    Role.COMMUNITY: AreaLevel.COMMUNITY,
    Role.STREET: AreaLevel.STREET,
    Role.DISTRICT: AreaLevel.DISTRICT,
    Role.FOLLOWUP: AreaLevel.DISTRICT,
}
"""At which level of the tree a duty group of a role sits."""

WIDER = {Role.COMMUNITY: Role.STREET, Role.STREET: Role.DISTRICT}

USUAL_DEPTH = {AreaLevel.DISTRICT: 2, AreaLevel.STREET: 3, AreaLevel.COMMUNITY: 4}
"""Where the tree is not loaded: city, district, street, community, one label each."""

PUBLIC_LEVELS = frozenset(AreaLevel) - {AreaLevel.HOUSEHOLD}
"""A household is never named in public (domain §4.8)."""


@dataclass(frozen=True)
class Recipient:
    """Whom a message is for. Without `id` it is for the reporter of appeal `reporter_of`, not known yet.

    `number`, `place`: by which a reporter knows the appeal, and where it lies; of what was merged they are its own.
    `told_by`: who tells a person whom no message reaches.
    """

    audience: Audience
    id: str | None
    name: str
    secret: bool = False
    reporter_of: UUID | None = None
    number: str | None = None
    place: str | None = None
    told_by: Recipient | None = None

    @property
    def key(self) -> str:
        """What tells this recipient from others in a dedupe key, known already or not."""
        return f"reporter-{self.reporter_of}" if self.reporter_of else f"{self.audience}-{self.id}"


def person(id: object, name: str) -> Recipient:
    """A member of staff."""
    return Recipient(Audience.STAFF, str(id), name)


def unit(session: Session, code: str, name: str | None = None) -> Recipient:
    """A unit's own account. Its name is looked up where the event does not give it."""
    known = session.get(Unit, code) if name is None else None
    return Recipient(Audience.UNIT, code, name or (known.name if known else code))


def party(session: Session, about: dict[str, Any], path: str) -> Recipient:
    """A party of a dispute at a place; one whom intake does not know is told in person by the community.

    Nobody goes to the door of one who is protected: their messages are diverted (safe_calls.py).
    """
    if about["person_id"]:
        return Recipient(Audience.RESIDENT, str(about["person_id"]), about["masked_name"])
    if session.get(SafePerson, str(about["party_id"])):
        return Recipient(Audience.RESIDENT, str(about["party_id"]), about["masked_name"])
    community = group(session, Role.COMMUNITY, path)
    return Recipient(Audience.RESIDENT, str(about["party_id"]), about["masked_name"], told_by=community)


def keeper(session: Session, safe: SafePerson) -> Recipient:
    """Who may call a protected person: the mediator, else the community's duty group."""
    if safe.keeper_id:
        return person(safe.keeper_id, safe.keeper_name or "")
    return group(session, Role.COMMUNITY, safe.area_path)


def group(session: Session, role: Role, path: str) -> Recipient:
    """Everybody on duty with a role above a place, e.g. `street-lijingjie`; the mail server knows its members.

    For a place wider than the role's own it is the group of that place: a case of the street has no community.
    """
    level = GROUP_LEVELS[role]
    place = next((one for one in _upwards(session, path) if one.level == level), None)
    if place is not None:
        return Recipient(Audience.STAFF, f"{role.lower()}-{place.code}", f"{place.name}·{role.label}")
    if role in WIDER and areas.depth(path) < USUAL_DEPTH[level]:
        return group(session, WIDER[role], path)
    label = areas.labels(path)[: USUAL_DEPTH[level]][-1]
    return Recipient(Audience.STAFF, f"{role.lower()}-{label}", role.label)


def public_place(session: Session, path: str) -> tuple[str, str]:
    """The narrowest path that may be named in public, and its name from the community down."""
    known = [place for place in _upwards(session, path) if place.level in PUBLIC_LEVELS]
    if not known:
        return path, "本区域"
    names = [place.name for place in known if areas.rank(place.level) >= areas.rank(AreaLevel.COMMUNITY)]
    return known[-1].path, "".join(names or [known[-1].name])


def community(session: Session, path: str) -> tuple[str, str]:
    """The community that holds `path`, and its name; the path itself where none is known."""
    found = next((place for place in _upwards(session, path) if place.level == AreaLevel.COMMUNITY), None)
    return (found.path, found.name) if found else (path, "本区域")


def area4(session: Session, path: str) -> str:
    """The four characters a number carries for the nearest place that has them; 0000 where the tree is not loaded."""
    known = [place.area4 for place in _upwards(session, path) if place.area4]
    return known[-1] if known else "0000"


def _upwards(session: Session, path: str) -> list[Area]:
    """The known places that hold `path`, widest first, itself included."""
    holders = [*areas.ancestors(path), path]
    return list(session.scalars(select(Area).where(Area.path.in_(holders)).order_by(func.nlevel(Area.path))))
