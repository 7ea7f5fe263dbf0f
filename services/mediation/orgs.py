"""Mediation organisations 调解组织: which one is in charge of a place, and who may mediate there."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.errors import Conflict
from services.mediation.tables import Member, Org


def in_charge(session: Session, area_path: str) -> Org | None:
    """The organisation nearest above the place; a statutory committee before any other body."""
    covering = select(Org).where(Org.active, func.text2ltree(area_path).op("<@")(Org.area_path))
    nearest = covering.order_by(Org.statutory.desc(), func.nlevel(Org.area_path).desc(), Org.code)
    return session.scalars(nearest.limit(1)).first()


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


def _memberships(session: Session, area_path: str, account: str) -> list[Member]:
    query = (
        select(Member)
        .join(Member.org)
        .where(Member.account == account, Member.active, Org.active)
        .where(func.text2ltree(area_path).op("<@")(Org.area_path))
        .order_by(Org.statutory.desc(), func.nlevel(Org.area_path).desc(), Org.code)
    )
    return list(session.scalars(query))
