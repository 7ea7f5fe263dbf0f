"""Saving, renaming and deleting a search. The account's row is locked first, so that two at once count as two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from chassis.settings import read
from kernel.calendar import local_day
from kernel.policy import DEFAULT, pack
from services.portal.accounts.tables import Account
from services.portal.saved.tables import SavedSearch


def listed(session: Session, who: Principal) -> Sequence[SavedSearch]:
    """By name."""
    mine = select(SavedSearch).where(SavedSearch.account_id == who.id)
    return session.scalars(mine.order_by(SavedSearch.name)).all()


def save(session: Session, who: Principal, name: str, query: str, now: datetime) -> SavedSearch:
    """Errors: Invalid for a name taken, or above policy key search.saved."""
    most, mine = int(pack(read("POLICY_PACK", DEFAULT), local_day(now)).value("search.saved")), _locked(session, who)
    taken = name in {each.name for each in mine}
    full = len(mine) >= most and f"最多保存 {most} 个查找，请先删去不用的"
    Invalid.where(name=TAKEN if taken else full)
    made = SavedSearch(account_id=who.id, name=name, query=query, saved_at=now)
    session.add(made)
    session.flush()
    return made


def rename(session: Session, who: Principal, key: UUID, name: str) -> SavedSearch:
    """Errors: NotFound for one of somebody else; Invalid for a name taken."""
    mine = _locked(session, who)
    found = _of(mine, key)
    Invalid.where(name=any(each.name == name for each in mine if each is not found) and TAKEN)
    found.name = name
    session.flush()
    return found


def delete(session: Session, who: Principal, key: UUID) -> None:
    """Errors: NotFound."""
    session.delete(_of(_locked(session, who), key))


TAKEN = "已有同名的查找，请换个名称"


def _locked(session: Session, who: Principal) -> Sequence[SavedSearch]:
    session.execute(select(Account.id).where(Account.id == who.id).with_for_update())
    return listed(session, who)


def _of(mine: Sequence[SavedSearch], key: UUID) -> SavedSearch:
    for each in mine:
        if each.id == key:
            return each
    raise NotFound("没有这个保存的查找")
