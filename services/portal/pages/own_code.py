"""The own second factor: set up with an app, codes on paper for a lost telephone, given up again. No scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from flask import render_template, request

from chassis.errors import NotFound, ServiceError
from services.portal.accounts import current, limits, managing, second_factor
from services.portal.accounts.arriving import Way
from services.portal.accounts.current import now, process
from services.portal.accounts.sessions import Known
from services.portal.accounts.tables import Account, SecondFactor
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import csrf
from services.portal.pages.accounts import plain, wrong_of
from services.portal.pages.blueprint import blueprint


@blueprint.get("/me/code")
def own_code() -> str:
    return _page(current.current_session())


@blueprint.post("/me/code/<act>")
def own_code_do(act: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated; what was refused is shown on the page. Wrong tries are counted."""
    request.max_content_length = FORM_OVERHEAD
    known = current.current_session()
    csrf.check()
    if act not in ACTS:
        raise NotFound("没有这个操作")
    store = process().store
    try:
        spent = limits.spend(store, "code", f"{known.principal.id}|own", now())
        with store.transaction() as session:
            codes = ACTS[act](session, known)
    except ServiceError as error:
        return _page(known, error=error), error.status
    limits.give_back(store, spent)
    current.forget()
    return _page(current.current_session(), codes=codes)


def _begin(session: Any, known: Known) -> None:
    password = request.form.get("password", "") if known.way == Way.PASSWORD else None
    second_factor.begin(session, known.principal, password, now())


def _confirm(session: Any, known: Known) -> list[str]:
    """Sessions that were opened without it end; this one has just shown that it has it."""
    codes = second_factor.confirm(session, known.principal, request.form.get("code", ""), now())
    managing.end_sessions(session, known.principal.id, now(), but=known.id)
    return codes


def _renew(session: Any, known: Known) -> list[str]:
    return second_factor.renew(session, known.principal, request.form.get("code", ""), now())


def _end(session: Any, known: Known) -> None:
    second_factor.end(session, known.principal, request.form.get("code", ""), now())


ACTS: dict[str, Callable[[Any, Known], list[str] | None]] = {
    "begin": _begin, "confirm": _confirm, "renew": _renew, "end": _end,
}  # fmt: skip


def _page(known: Known, codes: list[str] | None = None, error: ServiceError | None = None) -> str:
    who = known.principal
    with process().store.transaction() as session:
        account, row = session.get_one(Account, who.id), session.get(SecondFactor, who.id)
        address = second_factor.address_of(row, account.username) if row else ""
        left = second_factor.left(session, who.id)
    pending = row is not None and row.confirmed_at is None
    shown = {"picture": picture_of(address), "secret": fours(row.secret)} if row and pending else {}
    return render_template(
        "own_code.html", known=known, row=row, pending=pending, left=left, codes=codes, wrong=wrong_of(error),
        error=plain(error), ask_password=known.way == Way.PASSWORD, **shown,
    )  # fmt: skip


def picture_of(address: str) -> str:
    """The code an app scans, as an address of a picture."""
    return segno.make_qr(address, error="m", mode="byte").svg_data_uri(scale=5)


def fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
