"""Posts 岗位: every place always has somebody who answers for it (岗位AB制, 假日值班制)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.intake.places import ResolvePost
from kernel import areas as paths
from kernel.calendar import OFF_HOURS, is_open
from kernel.codes import AreaLevel
from services.intake import areas, facts
from services.intake.policy import calendar
from services.intake.remembered import Remembered
from services.intake.tables import AreaNode, Post, PostHolder, PostLeave

A, B, ROSTER = "A", "B", "R"
"""The holders of a post, and who stands in its roster for a day: that one comes first."""
WINDOW = "WINDOW"
WIDE = frozenset({AreaLevel.CITY, AreaLevel.DISTRICT})
"""Places of which a resident may say no more; their centre finds the rest."""


@dataclass(frozen=True)
class Stint:
    """A stretch of time of one person."""

    person_id: str
    name: str
    rank: str
    start: datetime
    end: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True)
class Duty:
    """A post with all who ever held it and when they were away."""

    path: str
    duty: str
    name: str
    unit: str
    hours: str
    holders: tuple[Stint, ...]
    leaves: tuple[tuple[str, datetime, datetime], ...]

    def holder(self, rank: str, at: datetime) -> Stint | None:
        return next((stint for stint in self.holders if stint.rank == rank and stint.holds(at)), None)

    def present(self, at: datetime) -> Stint | None:
        """Who stands in the roster for the day, else the A-holder, or B while A is away; nobody when all are."""
        for rank in (ROSTER, A, B):
            stint = self.holder(rank, at)
            if stint and self.away_until(stint.person_id, at) is None:
                return stint
        return None

    def away_until(self, person_id: str, at: datetime) -> datetime | None:
        """Until when the person is on leave; None for one who is there."""
        return max(
            (until for key, start, until in self.leaves if key == person_id and start <= at < until), default=None
        )


@dataclass(frozen=True)
class OnDuty:
    """Who takes what comes in now, and for which unit."""

    person_id: str
    name: str
    unit: str
    post: Duty


def on_duty(session: Session, place: str, at: datetime, apart_from: Collection[str] = ()) -> OnDuty | None:
    """The nearest person at work, from the place upwards; None where the tree has a gap.

    Outside the hours of the nearest post, and while both its holders are away, that is the duty roster of the areas
    above, and at last the supervisors there. Units and people in `apart_from` are passed over.
    """
    for duty in in_turn(session, place, at):
        stint = None if duty.unit in apart_from else duty.present(at)
        if stint and stint.person_id not in apart_from:
            return OnDuty(stint.person_id, stint.name, duty.unit, duty)
    return None


def held_by(session: Session, place: str, person_id: str, at: datetime) -> OnDuty | None:
    """The nearest post that answers for the place and that the person holds at the time, at work or not."""
    held = ((duty, duty.holder(rank, at)) for duty in _chains.get(session, place) for rank in (A, B))
    return next(
        (OnDuty(who.person_id, who.name, duty.unit, duty) for duty, who in held if who and who.person_id == person_id),
        None,
    )


def require_on_duty(session: Session, place: str, at: datetime, apart_from: Collection[str] = ()) -> OnDuty:
    """As `on_duty`. Errors: Conflict where nobody answers for the place: a gap the street has to close."""
    found = on_duty(session, place, at, apart_from)
    if found is None:
        raise Conflict("该区域还没有设置责任岗位，请联系街道", area_path=place)
    return found


def responsible(session: Session, place: str) -> Duty | None:
    """The nearest post of daily work above the place: the one whose A and B are named on the contact card."""
    return next((duty for duty in _chains.get(session, place) if duty.hours != OFF_HOURS), None)


def holds_post(session: Session, place: str, person_id: str, at: datetime) -> Duty | None:
    """The post nearest to the place if the person holds it as A at the time."""
    duty = responsible(session, place)
    stint = duty.holder(A, at) if duty else None
    return duty if stint and stint.person_id == person_id else None


def unit_for(session: Session, place: str) -> str | None:
    """The unit that leads where nothing else is said: that of the nearest post."""
    duty = responsible(session, place)
    return duty.unit if duty else None


@asked(ResolvePost)
def resolve(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Who answers for a place. Errors: Invalid for an unknown place; Conflict where no post is set."""
    place, at = command["area_path"], command["at"] or now
    areas.find(session, place, at)
    duty = responsible(session, place)
    if duty is None:
        raise Conflict("该区域还没有设置责任岗位，请联系街道", area_path=place)
    found = on_duty(session, place, at)
    return {
        "area_path": duty.path,
        "name": duty.name,
        "unit": duty.unit,
        "holder": _ref(duty.holder(A, at)),
        "deputy": _ref(duty.holder(B, at)),
        "on_duty": facts.person(found.person_id, found.name) if found else None,
    }


def name_of(session: Session, person_id: str, unit: str, at: datetime) -> str | None:
    """The display name of somebody who holds a post of the unit now."""
    held = select(PostHolder.person_name).join(Post, Post.id == PostHolder.post_id)
    return session.scalar(held.where(PostHolder.person_id == person_id, Post.unit == unit, _holds(at)).limit(1))


def record_leave(session: Session, person_id: str, start: datetime, until: datetime, by: str) -> None:
    """The person is away from `start` to `until`; what comes in meanwhile goes to B."""
    session.add(PostLeave(person_id=person_id, from_at=start, until=until, recorded_by=by))
    session.flush()
    forget()


def deputy_of(session: Session, person_id: str, unit: str, at: datetime) -> Stint | None:
    """Who stands in for somebody on leave: the other holder of a post of the unit that both hold, if not away too.

    None while the person is not on leave, or where nobody stands in.
    """
    if not is_away(session, person_id, at):
        return None
    own = select(PostHolder.post_id).join(Post, Post.id == PostHolder.post_id)
    shared = own.where(PostHolder.person_id == person_id, Post.unit == unit, _holds(at))
    others = select(PostHolder).where(PostHolder.post_id.in_(shared), PostHolder.person_id != person_id, _holds(at))
    for one in session.scalars(others.order_by(PostHolder.rank, PostHolder.person_id)):
        if not is_away(session, one.person_id, at):
            return Stint(one.person_id, one.person_name, one.rank, one.valid_from, one.valid_to)
    return None


def is_away(session: Session, person_id: str, at: datetime) -> bool:
    """Whether a leave of the person holds at the time."""
    return away_until(session, person_id, at) is not None


def away_until(session: Session, person_id: str, at: datetime) -> datetime | None:
    """When the leave of the person that holds at the time ends."""
    held = (PostLeave.person_id == person_id, PostLeave.from_at <= at, PostLeave.until > at)
    return session.scalar(select(func.max(PostLeave.until)).where(*held))


def _holds(at: datetime) -> Any:
    return (PostHolder.valid_from <= at) & or_(PostHolder.valid_to.is_(None), PostHolder.valid_to > at)


def in_turn(session: Session, place: str, at: datetime) -> Iterator[Duty]:
    """Posts that are manned at the time, nearest first; then those that should be reached all the same."""
    return iter(_turns.get(session, (place, at)))


def _turn(session: Session, key: tuple[str, datetime]) -> list[Duty]:
    """One case asks three times at its moment, an import for all its rows."""
    (place, at), known = key, calendar(key[1])
    posts = [(duty, is_open(duty.hours, at, known)) for duty in _chains.get(session, place)]
    manned = {duty.path for duty, opened in posts if opened}
    first = (duty for duty, opened in posts if opened or (duty.hours == OFF_HOURS and duty.path not in manned))
    return [*first, *(duty for duty, _ in posts)]


def _load(session: Session, place: str) -> list[Duty]:
    """Posts at the place and above, nearest first; windows only serve those who come to them.

    Above the streets there may be none: then the nearest centre below answers, so that nobody is sent away who says
    no more than the city or the district.
    """
    above = [*paths.ancestors(place), place]
    posts = session.scalars(select(Post).where(Post.area_path.in_(above), Post.duty != WINDOW)).all()
    if not posts and _is_wide(session, place):
        posts = _nearest_below(session, place)
    held: dict[Any, list[PostHolder]] = {}
    for holder in session.scalars(select(PostHolder).where(PostHolder.post_id.in_([post.id for post in posts]))):
        held.setdefault(holder.post_id, []).append(holder)
    people = {holder.person_id for holders in held.values() for holder in holders}
    leaves = session.scalars(select(PostLeave).where(PostLeave.person_id.in_(people))).all() if people else []
    duties = [_duty(post, held.get(post.id, []), leaves) for post in posts]
    return sorted(duties, key=lambda duty: (-paths.depth(duty.path), duty.hours == OFF_HOURS, duty.duty))


def _is_wide(session: Session, place: str) -> bool:
    levels = session.scalars(select(AreaNode.level).where(AreaNode.path == place))
    return not WIDE.isdisjoint(levels)


def _nearest_below(session: Session, place: str) -> Sequence[Post]:
    found = session.scalars(select(Post).where(Post.area_path.within(place), Post.duty != WINDOW)).all()
    nearest = min((paths.depth(post.area_path) for post in found), default=0)
    first = min((post.area_path for post in found if paths.depth(post.area_path) == nearest), default=None)
    return [post for post in found if post.area_path == first]


def _duty(post: Post, holders: Iterable[PostHolder], leaves: Iterable[PostLeave]) -> Duty:
    stints = tuple(Stint(h.person_id, h.person_name, h.rank, h.valid_from, h.valid_to) for h in holders)
    people = {stint.person_id for stint in stints}
    away = tuple((leave.person_id, leave.from_at, leave.until) for leave in leaves if leave.person_id in people)
    return Duty(post.area_path, post.duty, post.name, post.unit, post.hours, stints, away)


_chains = Remembered(_load)
_turns = Remembered(_turn)


def forget() -> None:
    """After posts or leaves changed in this process."""
    _chains.forget()
    _turns.forget()


def _ref(stint: Stint | None) -> facts.Ref | None:
    return facts.person(stint.person_id, stint.name) if stint else None
