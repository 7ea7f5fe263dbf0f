"""One account as its administrator sees it: sessions, second factor, login by a provider, tokens of programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request

from chassis import audit
from chassis.errors import NotFound, ServiceError
from chassis.identity import Principal
from services.portal.accounts import devices, links, managing, outside, programs, second_factor
from services.portal.accounts.current import current_principal, now, process
from services.portal.accounts.current import sessions as remembered
from services.portal.accounts.tables import Account
from services.portal.api import devices as sessions_api
from services.portal.api import programs as tokens_api
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import csrf
from services.portal.pages.accounts import plain, wrong_of
from services.portal.pages.blueprint import blueprint
from services.portal.pages.devices import line_of

DONE = {"end_session": "已退出", "end_sessions": "都已退出", "no_code": "动态验证码已取消，本人登录后可以重新设置",
        "link": "已绑定", "unlink": "已解除", "end_token": "凭证已停用"}  # fmt: skip


@blueprint.get("/accounts/<account_id>")
def account(account_id: str) -> str:
    return _page(account_id)


@blueprint.post("/accounts/<account_id>/<act>")
def one_account_do(account_id: str, act: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated, Forbidden; what is wrong with fields is shown on the page."""
    request.max_content_length = FORM_OVERHEAD
    who = current_principal()
    csrf.check()
    if act not in ACTS:
        raise NotFound("没有这个操作")
    try:
        with process().store.transaction() as session:
            managing.administered(session, who, account_id)
            ACTS[act](session, who, account_id)
    except ServiceError as error:
        if "fields" not in error.details:
            raise
        return _page(account_id, error), error.status
    remembered().known.clear()
    return redirect(f"/accounts/{account_id}?done={act}", 303)


def _no_code(session: Any, who: Principal, account_id: str) -> None:
    """For a lost telephone. Its sessions end, and policy asks for a new one where it must."""
    second_factor.remove(session, account_id)
    managing.end_sessions(session, account_id, now())
    audit.note(session, who, now(), "remove_second_factor", account_id, "取消动态验证码")


def _end_session(session: Any, who: Principal, account_id: str) -> None:
    devices.end_one(session, who, account_id, sessions_api.key_of(request.form.get("session", "")), now())


def _end_sessions(session: Any, who: Principal, account_id: str) -> None:
    devices.end_all(session, who, account_id, now())


def _link(session: Any, who: Principal, account_id: str) -> None:
    links.link(session, who, account_id, _issuer(), request.form.get("subject", ""), now())


def _unlink(session: Any, who: Principal, account_id: str) -> None:
    links.unlink(session, who, account_id, _issuer(), now())


def _end_token(session: Any, who: Principal, account_id: str) -> None:
    programs.end(session, who, account_id, tokens_api.key_of(request.form.get("token", "")), now())


ACTS: dict[str, Callable[[Any, Principal, str], None]] = {
    "end_session": _end_session, "end_sessions": _end_sessions, "no_code": _no_code, "link": _link,
    "unlink": _unlink, "end_token": _end_token,
}  # fmt: skip


def _issuer() -> str:
    """Errors: NotFound where there is no provider."""
    found = outside.provider()
    if found is None:
        raise NotFound("这里没有统一登录")
    return found.issuer


def _page(account_id: str, error: ServiceError | None = None) -> str:
    who, found = current_principal(), outside.provider()
    with process().store.transaction() as session:
        seen: Account = managing.administered(session, who, account_id)
        told = {
            "name": seen.name,
            "username": seen.username,
            "sessions": [line_of(each) for each in devices.listed(session, account_id, now())],
            "has_code": second_factor.confirmed(session, account_id),
            "subject": links.subject_of(session, account_id, found.issuer) if found else None,
            "tokens": list(programs.listed(session, account_id, now())),
        }
        session.expunge_all()
    done = DONE.get(request.args.get("done", ""))
    return render_template(
        "account.html", id=account_id, provider=found, wrong=wrong_of(error), error=plain(error), done=done,
        entered=request.form, **told,
    )  # fmt: skip
