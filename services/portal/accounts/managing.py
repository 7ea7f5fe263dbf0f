"""Accounts are made, ended and given new passwords: by administrators at their place, and by people for themselves.

Every act leaves an audit row; no password is in it. A password that somebody else has set is good for one login.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, not_, or_, select, update
from sqlalchemy.orm import Session, selectinload

from chassis import audit
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identity import Principal
from chassis.store import new_id
from kernel.areas import is_path, is_within
from kernel.calendar import local_day
from kernel.codes import STAFF_ROLES, Role
from services.portal.accounts import passwords
from services.portal.accounts.tables import Account, GrantRow, SessionRow

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")
LONGEST_NAME = 40
MOST = 200


def places_of(who: Principal) -> list[str]:
    """Where `who` administers. Errors: Forbidden for nobody's administrator."""
    who.require(Role.ADMIN)
    return sorted({grant.node for grant in who.grants if grant.role == Role.ADMIN})


def listed(session: Session, who: Principal, words: str = "") -> Sequence[Account]:
    """Accounts all of whose roles lie at the administrator's places, by name. Errors: Forbidden."""
    places = places_of(who)
    held = GrantRow.account_id == Account.id
    inside = or_(*(GrantRow.node.within(place) for place in places))
    mine = and_(exists().where(held), not_(exists().where(held, not_(inside))))
    query = select(Account).where(mine, Account.kind == "person").options(selectinload(Account.grants))
    if words:
        query = query.where(or_(Account.name.contains(words, autoescape=True), Account.username == words.lower()))
    return session.scalars(query.order_by(Account.active.desc(), Account.username).limit(MOST)).all()


def administered(session: Session, who: Principal, account_id: str) -> Account:
    """The account, locked. Errors: NotFound for an account that is not wholly at the administrator's places."""
    places = places_of(who)
    found = session.get(Account, account_id, options=[selectinload(Account.grants)], with_for_update={"of": Account})
    inside = found and found.grants and all(any(is_within(row.node, place) for place in places) for row in found.grants)
    if found is None or not inside:
        raise NotFound("没有这个账号，或不归您管理")
    return found


def make(session: Session, who: Principal, told: dict[str, Any], now: datetime) -> tuple[Account, str]:
    """A new account with one role, and its first password. Errors: Forbidden, Invalid by field."""
    username = str(told.get("username") or "").strip().lower()
    _refuse_odd(session, who, username, told)
    password = passwords.temporary()
    account = Account(
        id=f"u-{new_id()}", username=username, name=str(told["name"]).strip(), kind="person",
        unit=told.get("unit") or None, password_hash=passwords.hashed(password), must_change=True,
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(account)
    session.flush()
    _grant(session, account, told, local_day(now))
    audit.note(session, who, now, "make_account", account.id, "新建账号", role=told["role"], node=told["node"])
    return account, password


def end(session: Session, who: Principal, account_id: str, now: datetime) -> Account:
    """Nobody logs in with it any more, and who is logged in is out. Errors: NotFound, Forbidden, Conflict."""
    account = administered(session, who, account_id)
    if account.id == who.id:
        raise Conflict("不能停用自己的账号")
    account.active, account.updated_at = False, now
    end_sessions(session, account.id, now)
    audit.note(session, who, now, "end_account", account.id, "停用账号")
    return account


def resume(session: Session, who: Principal, account_id: str, now: datetime) -> tuple[Account, str]:
    """An ended account may be used again, with a new password. Errors: NotFound, Forbidden."""
    account = administered(session, who, account_id)
    account.active = True
    audit.note(session, who, now, "resume_account", account.id, "恢复账号")
    return account, _reset(session, account, now)


def reset(session: Session, who: Principal, account_id: str, now: datetime) -> tuple[Account, str]:
    """A password for one login; all sessions end. Errors: NotFound, Forbidden."""
    account = administered(session, who, account_id)
    audit.note(session, who, now, "reset_password", account.id, "重置密码")
    return account, _reset(session, account, now)


def change(session: Session, who: Principal, old: str, new: str, now: datetime) -> None:
    """The own password; every other session ends, this one too. Errors: Invalid by field."""
    account = session.get(Account, who.id)
    if account is None or not passwords.fits(account.password_hash, old):
        raise Invalid.because({"old": ["现在的密码不对"]})
    passwords.refuse_weak(new, account.username)
    if old == new:
        raise Invalid.because({"password": ["新密码和现在的一样"]})
    account.password_hash, account.must_change, account.updated_at = passwords.hashed(new), False, now
    end_sessions(session, account.id, now)
    audit.note(session, who, now, "change_password", account.id, "修改密码")


def end_sessions(session: Session, account_id: str, now: datetime, but: UUID | None = None) -> None:
    """All of them, or all but one."""
    mine = (SessionRow.account_id == account_id, SessionRow.revoked_at.is_(None), SessionRow.id.is_distinct_from(but))
    session.execute(update(SessionRow).where(*mine).values(revoked_at=now))


def _reset(session: Session, account: Account, now: datetime) -> str:
    password = passwords.temporary()
    account.password_hash, account.must_change, account.updated_at = passwords.hashed(password), True, now
    end_sessions(session, account.id, now)
    return password


def _refuse_odd(session: Session, who: Principal, username: str, told: dict[str, Any]) -> None:
    if USERNAME.fullmatch(username) is None:
        raise Invalid.because({"username": ["用户名是 3 到 32 个小写字母、数字、点或横线，以字母开头"]})
    if not 0 < len(str(told.get("name") or "").strip()) <= LONGEST_NAME:
        raise Invalid.because({"name": [f"请写姓名，最多 {LONGEST_NAME} 个字"]})
    if session.scalar(select(Account.id).where(Account.username == username)):
        raise Invalid.because({"username": ["这个用户名已经有人用了"]})
    _refuse_role(who, told)


def _refuse_role(who: Principal, told: dict[str, Any]) -> None:
    """Errors: Invalid; Forbidden for a place the administrator does not answer for."""
    if told.get("role") not in {role.value for role in STAFF_ROLES}:
        raise Invalid.because({"role": ["请选择角色"]})
    node = str(told.get("node") or "")
    if not is_path(node):
        raise Invalid.because({"node": ["请选择地方"]})
    if not any(is_within(node, place) for place in places_of(who)):
        raise Forbidden("只能授予本人管理范围之内的角色", place=node)


def _grant(session: Session, account: Account, told: dict[str, Any], day: date) -> None:
    where = {"node": str(told["node"]), "unit": told.get("unit") or None}
    session.add(GrantRow(account_id=account.id, role=str(told["role"]), **where, valid_from=day))
