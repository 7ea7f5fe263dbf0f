"""Complaints of staff and units: against whom one is, and where it lies so that they are not its judges.

信访工作条例 art. 30 and 济南市12345市民服务热线条例 art. 32; which categories and words count is policy intake.conduct.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kernel import areas as paths
from kernel.codes import Nature
from services.intake import areas, posts
from services.intake.areas import Area
from services.intake.policy import conduct
from services.intake.remembered import Remembered
from services.intake.tables import Post, PostHolder

_ACCUSING = frozenset({Nature.COMPLAINT, Nature.REPORT})


def against(session: Session, command: Mapping[str, Any], area: Area, now: datetime) -> list[str]:
    """Unit codes and person ids complained of, sorted; empty for what concerns no staff.

    What the registrar said counts; so do, in a complaint, a report or a secret matter, the names of those who hold
    posts at the place and the words for them. A complaint of conduct that names nobody is against the place's unit.
    """
    people = set(command["against_people"])
    units = set(command["against_units"])
    told = conduct(now)
    of_conduct = command["about_staff"] or _is_conduct(command, told["categories"])
    if of_conduct or command["secret"] or command["nature"] in _ACCUSING:
        words = f"{command['title']}\n{command['content']}"
        people |= _named(session, words, area.path, now)
        units |= _meant(session, words, area, told["words"], now)
    units |= units_of(session, people, now)
    if of_conduct and not units:
        units |= {unit for unit in [posts.unit_for(session, area.path)] if unit}
    return sorted(units | people)


def above(session: Session, complained_of: Collection[str], area: Area, now: datetime) -> Area:
    """Where the case lies: right above the seat of the unit complained of, else where it was reported.

    The seat is the widest area where the unit holds a post; of several units the widest counts. A unit that holds no
    post, such as a department, moves nothing. A seat without an area above keeps the case.
    """
    rows = session.execute(select(Post.unit, Post.area_path).where(Post.unit.in_(complained_of)))
    seats: dict[str, str] = {}
    for unit, path in rows:
        seats[unit] = min(seats.get(unit, path), path, key=paths.depth)
    if not seats:
        return area
    seat = min(seats.values(), key=paths.depth)
    return areas.find(session, paths.parent(seat) or seat, now)


def units_of(session: Session, people: Collection[str], now: datetime) -> set[str]:
    """The units in which these people hold posts now."""
    if not people:
        return set()
    query = select(Post.unit).join(PostHolder, PostHolder.post_id == Post.id)
    return set(session.scalars(query.where(PostHolder.person_id.in_(people), _holding(now))))


def _is_conduct(command: Mapping[str, Any], categories: Iterable[str]) -> bool:
    code = command["category"]
    within = any(code == each or code.startswith(f"{each}.") for each in categories)
    return within and command["nature"] != Nature.PRAISE


def _named(session: Session, words: str, place: str, now: datetime) -> set[str]:
    """Those whose names stand in the words and who hold a post at the place, above or below it."""
    around = _around.get(session, place)
    return {key for key, name, start, end in around if name in words and start <= now and (end is None or now < end)}


def _load_around(session: Session, place: str) -> list[tuple[str, str, datetime, datetime | None]]:
    around = or_(Post.area_path.within(place), Post.area_path.in_(paths.ancestors(place)))
    held = (PostHolder.person_id, PostHolder.person_name, PostHolder.valid_from, PostHolder.valid_to)
    query = select(*held).join(Post, Post.id == PostHolder.post_id).where(around)
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


_around = Remembered(_load_around)
forget = _around.forget


def _meant(session: Session, words: str, area: Area, by_level: Mapping[str, Iterable[str]], now: datetime) -> set[str]:
    """The units at the place that words such as 网格员 or 居委会 mean."""
    levels = {level for level, titles in by_level.items() if any(title in words for title in titles)}
    if not levels:
        return set()
    chain = [areas.find(session, path, now) for path in [*paths.ancestors(area.path), area.path]]
    found = {posts.unit_for(session, each.path) for each in chain if each.level in levels}
    return {unit for unit in found if unit} or {unit for unit in [posts.unit_for(session, area.path)] if unit}


def _holding(now: datetime) -> Any:
    return (PostHolder.valid_from <= now) & or_(PostHolder.valid_to.is_(None), PostHolder.valid_to > now)
