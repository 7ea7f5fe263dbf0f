"""Who answers 谁负责 (岗位AB制, 假日值班制): the person, the post, and why it is this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.responsible import OnDutyReason as Why
from contracts.intake.responsible import ResolveResponsible
from kernel.calendar import day_words, due_words, local, local_day
from services.intake import areas, categories, facts, posts
from services.intake.policy import calendar
from services.intake.posts import Duty, OnDuty, Stint


@dataclass(frozen=True)
class Found:
    """Who is on duty, the post that should have it, and the post of daily work at the place."""

    on_duty: OnDuty
    expected: Duty
    usual: Duty | None
    at: datetime

    @property
    def why(self) -> Why:
        if self.on_duty.post != self.expected:
            return Why.SUPERVISOR
        if self.expected != self.usual:
            return Why.ROSTER
        stint = self.expected.holder(posts.A, self.at)
        return Why.HOLDER if stint and stint.person_id == self.on_duty.person_id else Why.STANDS_IN

    def words(self) -> str:
        """Why, for people: who is away until when, or which day it is."""
        post, name = self.on_duty.post.name, self.on_duty.name
        return {
            Why.HOLDER: f"{name}是{post}的A岗，现在在岗。",
            Why.STANDS_IN: f"{self._absent(self.expected)}由{post}的B岗{name}顶岗。",
            Why.ROSTER: f"{_day(self.at)}，{self._closed()}，由{post}{name}负责。{self._rostered()}",
            Why.SUPERVISOR: f"{self._absent(self.expected)}{self.expected.name}没有人在，由上级{post}{name}负责。",
        }[self.why]

    def _closed(self) -> str:
        return f"{self.usual.name}不在班" if self.usual else "这里没有日常岗位"

    def _rostered(self) -> str:
        """What the roster says, or who of it is away."""
        stint = self.expected.holder(posts.ROSTER, self.at)
        listed = stint is not None and stint.person_id == self.on_duty.person_id
        return "值班表排的是本人。" if listed else self._absent(self.expected)

    def _absent(self, duty: Duty) -> str:
        held = (duty.holder(rank, self.at) for rank in (posts.ROSTER, posts.A, posts.B))
        return "".join(_away(duty, stint, self.at) for stint in held if stint)


def find(session: Session, place: str, at: datetime) -> Found:
    """Errors: Conflict where nobody answers for the place."""
    on_duty = posts.require_on_duty(session, place, at)
    expected = next(posts.in_turn(session, place, at))
    return Found(on_duty, expected, posts.responsible(session, place), at)


def empty(session: Session, place: str, at: datetime) -> dict[str, Any] | None:
    """The post that should answer and has nobody, and who answers instead; None where it is held."""
    if posts.on_duty(session, place, at) is None:
        return None
    found = find(session, place, at)
    taken_by = facts.person(found.on_duty.person_id, found.on_duty.name)
    return {"post": found.expected.name, "taken_by": taken_by} if found.why is Why.SUPERVISOR else None


@asked(ResolveResponsible)
def answer(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Invalid for an unknown place or category; Conflict where no post is set."""
    place, at = command["area_path"], command["at"] or now
    areas.find(session, place, at)
    found = find(session, place, at)
    on_duty = found.on_duty
    return {
        "person": facts.person(on_duty.person_id, on_duty.name),
        "post": on_duty.post.name,
        "area_path": on_duty.post.path,
        "unit": on_duty.unit,
        "reason_code": found.why,
        "reason": found.words(),
        "lead_unit": _lead_unit(session, command["category"]),
    }


def _lead_unit(session: Session, category: str | None) -> str | None:
    return categories.find(session, category)["lead_unit"] if category else None


def _away(duty: Duty, stint: Stint, at: datetime) -> str:
    until = duty.away_until(stint.person_id, at)
    return f"{stint.name}请假到{due_words(until)}，" if until else ""


def _day(at: datetime) -> str:
    """2026年2月16日（春节，放假）."""
    day, known = local_day(at), calendar(at)
    kind = "工作日" if known.is_working(day) else "放假"
    return f"{day_words(day)}（{'，'.join(filter(None, [known.name(day), kind]))}，{local(at):%H:%M}）"
