"""Search over everything a person may see: each condition is one of the same index, the newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from capability import paging
from chassis.errors import Invalid
from chassis.identity import Principal
from kernel.calendar import at, end_of
from kernel.numbers import normalise
from services.portal.readmodel import lists, marks, scope, sights, terms
from services.portal.readmodel.tables import NUMBERED, PERIOD_SECONDS, Matter

NUMBER = re.compile(r"[A-Z]{1,2}[0-9]{4,18}[0-9A-Z]?")
A_DAY = 8
"""Figures a number is asked for with at least: those of its day."""
MOST_WORDS = 8
MIDNIGHT = time(0)
NEWEST_FIRST = (Matter.opened_at, Matter.id)
LOOKED_THROUGH = 3000
PERIODS = 2
BY_TIME = tuple(column.desc() for column in NEWEST_FIRST)
BY_TERMS = (text("matter.opened_at + interval '0' desc"), Matter.id.desc())
"""The same order; no index has the sum, so the planner cannot go by time."""

Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """What names mean that others keep: areas and categories called so, by the word that was asked for."""

    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    categories: Mapping[str, Sequence[str]] = field(default_factory=dict)


def page(session: Session, who: Principal, asked: Asked, named: Named, now: datetime) -> lists.Page:
    """Matters of every kind, open or closed, in cases `who` may see; the newest first. Errors: Invalid, by field."""
    query, numbered, limit = found(who, asked, named, now), select(Matter).where(NUMBERED), asked["limit"]
    if asked.get("cursor"):
        before = tuple_(*NEWEST_FIRST) < tuple_(*paging.opened(asked["cursor"], [datetime, str]))
        query, numbered = query.where(before), numbered.where(before)
    session.execute(lists.CUSTOM_PLAN)
    rows = newest(session, query, numbered, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], paging.sealed([last.opened_at, last.id]) if last else None


def newest(session: Session, query: Select[Matter], numbered: Select[Matter], most: int) -> list[Matter]:
    """What is frequent is found among the newest LOOKED_THROUGH of all that is `numbered`; else in the newest PERIODS,
    and what is rare in all of the time.

    One statement would do, were it not for the planner: it takes the parts of a word for independent, and so it reads
    and sorts a tenth of the city for a frequent word, or goes through all of it for what is rare at one place.
    """
    times = numbered.with_only_columns(Matter.opened_at).order_by(Matter.opened_at.desc()).limit(LOOKED_THROUGH + 1)
    recent = times.subquery().c.opened_at
    first, last, count = session.execute(select(func.max(recent), func.min(recent), func.count(recent))).one()
    if count <= LOOKED_THROUGH:
        return list(session.scalars(query.order_by(*BY_TIME).limit(most)))
    near = query.where(Matter.opened_at > last, within(period(last), period(first))).order_by(*BY_TIME)
    further = query.where(within(period(first) - PERIODS, period(first))).order_by(*BY_TERMS)
    for each in (near, further):
        rows = list(session.scalars(each.limit(most)))
        if len(rows) == most:
            return rows
    return list(session.scalars(query.order_by(*BY_TERMS).limit(most)))


def within(first: int, last: int) -> ColumnElement[bool]:
    """Opened in one of these periods."""
    found: ColumnElement[bool] = Matter.period.overlap(list(range(first, last + 1)))
    return found


def period(moment: datetime) -> int:
    """As the column."""
    return int(moment.timestamp() // PERIOD_SECONDS)


def found(who: Principal, asked: Asked, named: Named, now: datetime) -> Select[Matter]:
    """What `asked` finds; every filter narrows, every word of `q` has to fit. Errors: Invalid."""
    query = select(Matter).where(NUMBERED, sights.seen_by(who), scope.unconcerned(who))
    narrow: dict[str, Callable[[Any], Any]] = {
        "person": lambda name: _person(who, name),
        "kind": lambda kind: marks.is_any("kind", [kind]),
        "state": lambda states: marks.is_any("state", states),
        "open": lambda _: marks.still(open=asked["open"], over=asked.get("closed", False)),
        "closed": lambda _: marks.still(open=asked.get("open", False), over=asked["closed"]),
        "area_path": lambda place: sights.placed([place]),
        "due_from": lambda day: Matter.due_at >= at(day, MIDNIGHT),
        "due_to": lambda day: Matter.due_at < end_of(day),
        "overdue": lambda _: marks.still(open=True, over=False) & (Matter.due_at < now),
        "opened_from": lambda day: Matter.opened_at >= at(day, MIDNIGHT),
        "opened_to": lambda day: Matter.opened_at < end_of(day),
        "urgency": lambda code: Matter.urgency == code,
        "category": _of_category,
        "roots": lambda _: Matter.root.is_(True),
        "here": lambda _: Matter.area_path == asked.get("area_path"),
        "mark": marks.all_of,
    }
    query = query.where(*(_word(who, word, named) for word in split(asked.get("q") or "")))
    return query.where(*(condition(asked[name]) for name, condition in narrow.items() if asked.get(name)))


def _of_category(code: str) -> ColumnElement[bool]:
    """Of the category, or of one below it."""
    told = Matter.tally["category"].astext
    return or_(told == code, told.startswith(f"{code}.", autoescape=True))


def is_number(word: str) -> bool:
    """Whether it is the beginning of a number, however it is typed."""
    return bool(NUMBER.fullmatch(normalise(word)))


def split(asked: str) -> list[str]:
    """The words of a question; a number may be written with blanks. Errors: Invalid for too many."""
    if is_number(asked):
        return [normalise(asked)]
    words = asked.split()
    Invalid.where(q=len(words) > MOST_WORDS and f"最多写 {MOST_WORDS} 个词")
    return words


def _word(who: Principal, word: str, named: Named) -> ColumnElement[bool]:
    """By the beginning of a number, else by words of the timeline, a place, a category or a masked name."""
    if is_number(word):
        figures = sum(sign.isdigit() for sign in normalise(word))
        Invalid.where(q=figures < A_DAY and "编号请至少写到日期，如 S20240706")
        return Matter.number.startswith(normalise(word))
    ways = []
    if asked := sorted(terms.of_text(word)):
        ways.append(Matter.words.contains(asked))
    if places := named.places.get(word):
        ways.append(sights.placed(places))
    if categories := named.categories.get(word):
        ways.append(marks.is_any("category", categories))
    if terms.of_name(word):
        ways.append(_person(who, word))
    Invalid.where(q=not ways and f"“{word}”太短，请至少写两个字")
    return or_(*ways)


def _person(who: Principal, name: str) -> ColumnElement[bool]:
    """Errors: Invalid for what is nobody's name."""
    term = terms.of_name(name)
    Invalid.where(person=term is None and "应为姓名，如“陈桂兰”或“陈*兰”")
    return Matter.words.contains([term]) & sights.named_to(who)
