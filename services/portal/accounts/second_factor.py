"""The second factor of a login: a code of an authenticator app (TOTP, RFC 6238), or once each a recovery code on paper.

Whoever has set one up gives a code at every login, whichever way the login goes. Policy key `accounts.second_factor`
names roles that are held back until their holder has set one up.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, selectinload

from chassis import audit
from chassis.errors import Conflict, Invalid, Unauthenticated
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from chassis.settings import read
from kernel.calendar import local_day
from kernel.policy import DEFAULT, pack
from services.portal.accounts import passwords
from services.portal.accounts.tables import Account, RecoveryCode, SecondFactor

POLICY = "accounts.second_factor"
ISSUER = "哨到"
WINDOW = 1
"""Steps of 30 seconds by which the clock of a telephone may be wrong, either way (RFC 6238 §5.2)."""
RECOVERY_CODES = 10
DIGITS = re.compile(r"[0-9]{6}")
WRONG = "验证码不对或已经用过，请等手机上换了新的再试"


def required_of(account: Account, now: datetime) -> frozenset[str]:
    """Roles of the account, held today, that policy allows only with a second factor."""
    day = local_day(now)
    named = pack(read("POLICY_PACK", DEFAULT), day).value(POLICY)["roles"]
    return frozenset(grant.role for grant in account.grants if grant.role in named and grant.holds_on(day))


def held_back(session: Session, account: Account, now: datetime) -> frozenset[str]:
    """Roles that wait until the account has a second factor."""
    required = required_of(account, now)
    return required if required and not confirmed(session, account.id) else frozenset()


def confirmed(session: Session, account_id: str) -> bool:
    """Whether a code is asked for at login."""
    set_up = (SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None))
    return session.scalar(select(SecondFactor.account_id).where(*set_up)) is not None


def address_of(row: SecondFactor, username: str) -> str:
    """The `otpauth:` address that an app takes in: SHA-1, six digits, 30 seconds, which every app knows."""
    return pyotp.TOTP(row.secret).provisioning_uri(name=username, issuer_name=ISSUER)


def begin(session: Session, who: Principal, password: str | None, now: datetime) -> SecondFactor:
    """A new secret, which counts once `confirm` has seen a code of it. `password`: None where no password opened the
    session. Errors: Invalid for a wrong password; Conflict when one is set up already.
    """
    account = session.get_one(Account, who.id, with_for_update=True)
    if password is not None and not passwords.fits(account.password_hash, password):
        raise Invalid.because({"password": ["现在的密码不对"]})
    if confirmed(session, who.id):
        raise Conflict("已经设置了动态验证码")
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == who.id))
    row = SecondFactor(account_id=who.id, secret=pyotp.random_base32(), made_at=now, last_step=0)
    session.add(row)
    return row


def confirm(session: Session, who: Principal, code: str, now: datetime) -> list[str]:
    """The app is set up; the recovery codes, which nobody sees again. Errors: Invalid for a wrong code; Conflict."""
    row = _locked(session, who.id)
    if row is None or row.confirmed_at is not None:
        raise Conflict("请先开始设置动态验证码")
    if not _taken(row, plain(code), now):
        raise Invalid.because({"code": ["验证码不对：请核对手机时间是否准确，再输入新的验证码"]})
    row.confirmed_at = now
    audit.note(session, who, now, "set_second_factor", who.id, "设置动态验证码")
    return _new_codes(session, who.id)


def renew(session: Session, who: Principal, code: str, now: datetime) -> list[str]:
    """New recovery codes; the old ones are void. Errors: Invalid for a wrong code."""
    _prove(session, who, code, now)
    audit.note(session, who, now, "renew_recovery_codes", who.id, "换发恢复码")
    return _new_codes(session, who.id)


def end(session: Session, who: Principal, code: str, now: datetime) -> None:
    """No code is asked for any more. Errors: Conflict where policy requires one; Invalid for a wrong code."""
    account = session.get_one(Account, who.id, options=[selectinload(Account.grants)])
    if required_of(account, now):
        raise Conflict("您的岗位必须使用动态验证码，不能关闭")
    _prove(session, who, code, now)
    remove(session, who.id)
    audit.note(session, who, now, "end_second_factor", who.id, "关闭动态验证码")


def remove(session: Session, account_id: str) -> None:
    """What its owner or an administrator takes away."""
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def take(session: Session, who: Principal, told: str, now: datetime) -> None:
    """Takes a code of the app or a recovery code, each once. Errors: Unauthenticated, whatever is wrong with it."""
    row, code = _locked(session, who.id), plain(told)
    if row is None or row.confirmed_at is None:
        raise Unauthenticated(WRONG)
    if not (_taken(row, code, now) if DIGITS.fullmatch(code) else _recovered(session, who, code, now)):
        raise Unauthenticated(WRONG)


def left(session: Session, account_id: str) -> int:
    """Recovery codes that were not used."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def plain(code: str) -> str:
    """As it was meant: apps show a gap in the middle, Chinese keyboards type wide figures, paper has capitals."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).lower()[:64]


def _locked(session: Session, account_id: str) -> SecondFactor | None:
    return session.get(SecondFactor, account_id, with_for_update=True)


def _prove(session: Session, who: Principal, code: str, now: datetime) -> None:
    try:
        take(session, who, code, now)
    except Unauthenticated as error:
        raise Invalid.because({"code": [WRONG]}) from error


def _taken(row: SecondFactor, code: str, now: datetime) -> bool:
    """Whether it is a code of now that was not taken before; then it is taken."""
    try:
        step = pyotp.TOTP(row.secret).verify_and_get_timecode(code, for_time=now, valid_window=WINDOW)
    except OTPVerificationError:
        return False
    if step <= row.last_step:
        return False
    row.last_step = step
    return True


def _recovered(session: Session, who: Principal, code: str, now: datetime) -> bool:
    unused = (RecoveryCode.code_hash == _hash(who.id, code), RecoveryCode.used_at.is_(None))
    used = update(RecoveryCode).where(*unused).values(used_at=now).returning(RecoveryCode.code_hash)
    if session.scalar(used) is None:
        return False
    audit.note(session, who, now, "use_recovery_code", who.id, "用恢复码登录", left=left(session, who.id))
    return True


def _new_codes(session: Session, account_id: str) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [passwords.temporary() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=_hash(account_id, plain(code)), account_id=account_id) for code in codes)
    return codes


def _hash(account_id: str, code: str) -> str:
    return keyed_hash(f"recovery|{account_id}|{code}")
