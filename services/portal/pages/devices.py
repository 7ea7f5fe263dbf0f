"""Where one is logged in, and how to end that from elsewhere."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request

from chassis.errors import NotFound
from services.portal.accounts import current, devices
from services.portal.accounts.arriving import Way
from services.portal.accounts.current import now, process
from services.portal.accounts.tables import SessionRow
from services.portal.api.devices import key_of
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import csrf
from services.portal.pages.blueprint import blueprint

DONE = {"one": "已让那台设备退出", "others": "其他设备都已退出"}


@blueprint.get("/me/devices")
def own_devices() -> str:
    known = current.current_session()
    with process().store.transaction() as session:
        found = [line_of(each) for each in devices.listed(session, known.principal.id, now())]
    return render_template("devices.html", found=found, mine=known.id, done=DONE.get(request.args.get("done", "")))


def line_of(row: SessionRow) -> dict[str, Any]:
    """One session as the pages show it."""
    told = {name: getattr(row, name) for name in ("id", "device", "network", "created_at", "seen_at")}
    return {**told, "way": Way(row.way).label}


@blueprint.post("/me/devices/<act>")
def own_devices_do(act: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated."""
    request.max_content_length = FORM_OVERHEAD
    known = current.current_session()
    csrf.check()
    if act not in DONE:
        raise NotFound("没有这个操作")
    with process().store.transaction() as session:
        if act == "others":
            devices.end_others(session, known.principal, known.id, now())
        else:
            key = key_of(request.form.get("session", ""))
            devices.end_one(session, known.principal, known.principal.id, key, now())
    current.sessions().known.clear()
    return redirect(f"/me/devices?done={act}", 303)
