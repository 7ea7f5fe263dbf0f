"""Looking things up in the read model: cases by number, place or masked name, whistles, and clocks of first contact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session, defer

from chassis.identity import Principal
from kernel.masking import mask_name
from kernel.numbers import normalise
from services.portal.readmodel import scope
from services.portal.readmodel.lists import OPEN_CASES
from services.portal.readmodel.tables import CasePage, TimelineEntry, WhistleRow

NUMBER = re.compile(r"[A-Z]\d{4,18}")
NAME = re.compile(r"[\u3400-\u9fff·]{1,3}\*?[\u3400-\u9fff]{0,2}|[\u3400-\u9fff]\*+")
MOST = 50


def cases(session: Session, who: Principal, words: str, places: Sequence[str], *, closed: bool) -> Sequence[CasePage]:
    """Cases in sight, the newest first: by the beginning of a number, by `places`, or by a masked name.

    A name finds nobody who asked for secrecy, and only at places `who` answers for.
    """
    query = select(CasePage).where(scope.visible(who)).options(defer(CasePage.facts), defer(CasePage.last_versions))
    if words:
        query = query.where(_fits(who, words, places))
    if not words or closed:
        query = query.where(not_(CasePage.state.in_(OPEN_CASES)) if closed else CasePage.state.in_(OPEN_CASES))
    return session.scalars(query.order_by(CasePage.opened_at.desc(), CasePage.number).limit(MOST)).all()


def _fits(who: Principal, words: str, places: Sequence[str]) -> ColumnElement[bool]:
    number = normalise(words)
    if NUMBER.fullmatch(number):
        return CasePage.number.startswith(number)
    by_place = or_(false(), *(CasePage.area_path.within(place) for place in places))
    return or_(by_place, _named(who, words)) if NAME.fullmatch(words) else by_place


def _named(who: Principal, words: str) -> ColumnElement[bool]:
    masked = words if "*" in words else mask_name(words)
    told = (TimelineEntry.name == "appeal_registered", TimelineEntry.data["reporter"]["masked_name"].astext == masked)
    mine = scope.within(CasePage.area_path, scope.nodes(who, scope.OF_PLACE))
    return and_(not_(CasePage.secret), mine, CasePage.number.in_(select(TimelineEntry.case_number).where(*told)))


def whistles(session: Session, who: Principal, *, states: Iterable[str]) -> Sequence[WhistleRow]:
    """Whistles of the cases `who` answers for, the newest first; the first responder's too, wherever blown."""
    mine = scope.within(CasePage.area_path, scope.nodes(who, scope.OF_PLACE))
    seen = select(CasePage.number).where(scope.visible(who), or_(mine, CasePage.first_responder_id == who.id))
    query = select(WhistleRow).where(WhistleRow.case_number.in_(seen), WhistleRow.state.in_(list(states)))
    return session.scalars(query.order_by(WhistleRow.updated_at.desc()).limit(MOST * 2)).all()


def whistles_of(session: Session, number: str) -> Sequence[WhistleRow]:
    query = select(WhistleRow).where(WhistleRow.case_number == number)
    return session.scalars(query.order_by(WhistleRow.whistle_number.desc())).all()


def in_mediation(session: Session, who: Principal) -> Sequence[CasePage]:
    """Cases in sight whose mediation goes on, at the places where `who` mediates."""
    going = and_(CasePage.mediation_state.is_not(None), CasePage.mediation_state.not_in(["CLOSED", "TERMINATED"]))
    mine = scope.within(CasePage.area_path, scope.nodes(who, scope.OF_DISPUTES))
    query = select(CasePage).where(scope.visible(who), going, mine)
    return session.scalars(query.options(defer(CasePage.facts)).order_by(CasePage.opened_at).limit(MOST)).all()


CONTACT = ("appeal_registered", "appeal_urgency_raised", "appeal_first_contacted")


def contact_clocks(session: Session, numbers: Sequence[str]) -> dict[str, datetime]:
    """When the resident has to be reached, by number, of those nobody has reached yet."""
    told = select(TimelineEntry).where(TimelineEntry.case_number.in_(numbers), TimelineEntry.name.in_(CONTACT))
    found: dict[str, Any] = {}
    reached = set()
    for entry in session.scalars(told):
        if entry.name == "appeal_first_contacted" or entry.data.get("anonymous"):
            reached.add(entry.case_number)
        elif due := entry.data.get("first_contact_due"):
            found[entry.case_number] = min(found.get(entry.case_number, due), due)
    return {number: datetime.fromisoformat(due) for number, due in found.items() if number not in reached}
