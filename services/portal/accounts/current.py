"""Who asks, now: what pages and API share. Everything here needs a Flask request made by the portal's process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from flask import current_app, g, request
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from chassis.errors import Unauthenticated
from chassis.identity import Principal
from chassis.process import Process
from kernel.calendar import local_day
from services.portal.accounts import limits, passwords, programs, second_factor, tickets
from services.portal.accounts.arriving import Arrival, Way, coarse, device_of
from services.portal.accounts.sessions import Known, Sessions, digest, end_session, open_session, principal_of
from services.portal.accounts.tables import Account, SessionRow
from services.portal.problems import CodeWanted, CrossSite

COOKIE = "shaodao_session"
EXTENSION = "shaodao.sessions"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def process() -> Process:
    """The process that took the request."""
    return cast(Process, request.environ["shaodao.process"])


def peers() -> Any:
    """The services to ask: `peers().intake.ask(…)`."""
    return request.environ["shaodao.peers"]


def now() -> datetime:
    """The portal's clock."""
    return process().clock()


def presented_token() -> str | None:
    """The session token of the request: the Authorization header goes before the cookie."""
    return bearer_token() or cookie_token()


def cookie_token() -> str | None:
    """The token of a browser's session: of the one just opened by this request, else of its cookie."""
    return g.get("opened_session") or request.cookies.get(COOKIE)


def had_session() -> bool:
    """Whether the cookie is that of a session of ours, ended or not: its sender is no stranger."""
    token = cookie_token()
    with process().store.transaction() as session:
        return bool(token) and session.get(SessionRow, digest(token or "")) is not None


def bearer_token() -> str | None:
    """Errors: Unauthenticated when there is an Authorization header that is not Bearer."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("请用 Bearer 方式提供登录凭证")
    return token.strip()


def current_session() -> Known:
    """Errors: Unauthenticated when there is no session, or it is forged, expired or ended; CrossSite."""
    token = presented_token()
    if not token:
        raise Unauthenticated("请先登录")
    if request.method not in SAFE and "Authorization" not in request.headers:
        require_origin()
    known = sessions().find(process().store, token, now())
    if known.scopes is not None:
        programs.admit(process().store, known, now())
    return known


def require_origin() -> None:
    """A write that rides on the cookie must say that it comes from this site, as every browser does. Errors: CrossSite.

    That what it says is true of this site has been checked before (api.around).
    """
    if not {"Origin", "Sec-Fetch-Site"} & set(request.headers.keys()):
        raise CrossSite("用 cookie 登录时，写操作须从本站页面发起；程序请用 Bearer 凭证")


def current_principal() -> Principal:
    """Errors: as `current_session`."""
    return current_session().principal


def still_asking() -> Callable[[], Principal]:
    """Who asks, for what goes on after the request: asked again, it notices an end of the session and of grants.

    Errors: as `current_session`, at once and at each later look.
    """
    current_session()
    found, store, token, clock = sessions(), process().store, presented_token() or "", process().clock
    return lambda: found.find(store, token, clock()).principal


def current_token() -> str:
    """The signed identity services verify; it speaks for the session's principal and never for more."""
    return current_session().identity(process().signer, now())


def sessions() -> Sessions:
    return cast(Sessions, current_app.extensions[EXTENSION])


def login(
    session: Session, username: str, password: str, moment: datetime, code: str | None = None
) -> tuple[str, Principal]:
    """A new session's token, and who it is. Errors: Unauthenticated, TooManyRequests; CodeWanted as `enter`.

    Wrong passwords count per user and address and per address, in transactions of their own.
    """
    store, address, name = process().store, limits.network(request.remote_addr), username.strip().lower()
    spent = [limits.spend(store, "login", f"{name}|{address}", moment)]
    spent.append(limits.spend(store, "login_address", address, moment))
    account = _account(session, Account.username == name) if "\x00" not in name else None
    if not passwords.fits(account.password_hash if account else None, password) or account is None:
        raise Unauthenticated("用户名或密码不对")
    limits.give_back(store, *spent)
    return enter(session, account, Way.PASSWORD, moment, code)


def enter(
    session: Session, account: Account, way: Way, moment: datetime, code: str | None = None
) -> tuple[str, Principal]:
    """A new session of somebody known, and who it is. Errors: CodeWanted with a ticket when a second factor is set up
    and no `code` came; Unauthenticated for a wrong one; TooManyRequests.
    """
    who = principal_of(account, local_day(moment), second_factor.held_back(session, account, moment))
    if second_factor.confirmed(session, account.id):
        if not code:
            raise CodeWanted.holding(tickets.made(account, way, moment))
        prove(session, who, code, moment)
    arrival = Arrival(way, coarse(request.remote_addr), device_of(request.user_agent.string))
    token, _ = open_session(session, account, arrival, moment)
    return token, who


def enter_with_ticket(session: Session, ticket: str, code: str, moment: datetime) -> tuple[str, Principal]:
    """The second half of a login. Errors: Unauthenticated, TooManyRequests."""
    held = tickets.opened(ticket, moment)
    account = _account(session, Account.id == held.account_id)
    if account is None or account.updated_at != held.updated_at:
        raise Unauthenticated(tickets.OVER)
    return enter(session, account, held.way, moment, code)


def prove(session: Session, who: Principal, code: str, moment: datetime) -> None:
    """Takes a code of the second factor; wrong ones count per account and address, and per account.

    Errors: Unauthenticated, TooManyRequests.
    """
    store, address = process().store, limits.network(request.remote_addr)
    spent = [limits.spend(store, "code", f"{who.id}|{address}", moment)]
    spent.append(limits.spend(store, "code_account", who.id, moment))
    second_factor.take(session, who, code, moment)
    limits.give_back(store, *spent)


def _account(session: Session, mine: ColumnElement[bool]) -> Account | None:
    return session.scalars(
        select(Account).where(mine, Account.active).options(selectinload(Account.grants))
    ).one_or_none()


def forget() -> None:
    """What this process remembers of the request's session is read anew."""
    sessions().forget(digest(presented_token() or ""))


def logout(session: Session, moment: datetime) -> None:
    """Ends the session of the request, if there is one."""
    if token := presented_token():
        end_session(session, token, moment)
        sessions().forget(digest(token))
