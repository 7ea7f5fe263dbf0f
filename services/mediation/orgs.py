"""Mediation organisations 调解组织: which one is in charge of a place, and who may mediate there."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.errors import Conflict
from services.mediation.tables import Member, Org


def in_charge(session: Session, area_path: str) -> Org | None:
    """The organisation nearest above the place; a statutory committee before any other body."""
    covering = select(Org).where(Org.active, func.text2ltree(area_path).op("<@")(Org.area_path))
    nearest = covering.order_by(Org.statutory.desc(), func.nlevel(Org.area_path).desc(), Org.code)
    return session.scalars(nearest.limit(1)).first()


def receiving(session: Session, area_path: str, account: str) -> Org | None:
    """The organisation that takes a case registered here: the registrar's own, else the one in charge."""
    own = _memberships(session, area_path, account)
    return own[0].org if own else in_charge(session, area_path)


HEADS = ("主任", "站长", "主持", "负责人")
"""Posts of who heads an organisation, the first named first."""


def head(org: Org | None) -> Member | None:
    """Who heads it, by post; None where the roster says of nobody."""
    heads = [one for one in org.members if one.active and one.post in HEADS] if org else []
    return min(heads, key=lambda one: HEADS.index(one.post or ""), default=None)


def on_duty(org: Org, day: date) -> Member | None:
    """Whose turn it is by the rota 值班; None on a day that is nobody's."""
    account = org.rota.get(str(day.isoweekday()))
    return next((one for one in org.members if one.account == account and one.active), None)


def available(session: Session, area_path: str) -> list[Member]:
    """Everybody `member_for` would answer for the place, each once."""
    present = in_charge(session, area_path)
    statutory = present is not None and present.statutory
    found = [one for one in _memberships(session, area_path) if one.org.statutory >= statutory]
    return list({one.account: one for one in reversed(found)}.values())[::-1]


def member_for(session: Session, area_path: str, mediator_id: str) -> Member:
    """The membership by which somebody may mediate in the place.

    A people's mediator is a member of a statutory committee (人民调解法 art. 13). Where no committee covers the
    place, a member of another body may conciliate; what comes of it is a civil settlement without art. 31–33.
    Errors: Conflict.
    """
    memberships = _memberships(session, area_path, mediator_id)
    if not memberships:
        raise Conflict("此人不是当地调解组织的在册成员", mediator_id=mediator_id)
    best = memberships[0]
    present = in_charge(session, area_path)
    if not best.org.statutory and present is not None and present.statutory:
        raise Conflict("当地设有人民调解委员会，调解员应为其成员", mediator_id=mediator_id, org=present.code)
    return best


def _memberships(session: Session, area_path: str, account: str | None = None) -> list[Member]:
    """Of one, or of everybody."""
    query = select(Member).join(Member.org).where(Member.active, Org.active)
    if account is not None:
        query = query.where(Member.account == account)
    covering = query.where(func.text2ltree(area_path).op("<@")(Org.area_path))
    nearest = (Org.statutory.desc(), func.nlevel(Org.area_path).desc(), Org.code, Member.account)
    return list(session.scalars(covering.order_by(*nearest)))
