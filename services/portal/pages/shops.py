"""The page behind the code on a shop's door 一户一码: its record, what it is to put right, the sheet with the code."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from chassis.errors import DeadlineExceeded, NotFound, ServiceError, Unavailable
from contracts.dispatch.rectification_views import Form
from contracts.dispatch.rectifications import ListOpenNotices, ProveRectification
from contracts.intake.shops import GetShopRecord, ShopState
from kernel.numbers import normalise
from services.portal.api import public
from services.portal.pages import places, posters
from services.portal.pages.blueprint import blueprint
from services.portal.pages.reporting import FEW_PHOTOS, sent_photos


@blueprint.get("/s/<number>")
def shop(number: str) -> str:
    """Errors: NotFound."""
    return _page(number)


@blueprint.post("/s/<number>/proof")
def send_proof(number: str) -> Any:
    """The owner shows that it is put right; somebody comes to see. Errors: NotFound."""
    request.max_content_length = FEW_PHOTOS
    try:
        notice = normalise(request.form.get("notice", ""))
        if notice not in {one["number"] for one in _notices(normalise(number))}:
            raise NotFound("没有找到这张整改通知")
        public.prove(ProveRectification, notice, request.form.get("note") or None, sent_photos())
    except ServiceError as error:
        return _page(number, error), error.status
    return _page(number, sent=notice), 201


@blueprint.get("/s/<number>/poster")
def shop_poster(number: str) -> str:
    """The sheet for the door. Errors: NotFound."""
    found = _record(number)
    heading, call = f"{found['name']}：门前五包", "扫一扫，看这家店的门前责任"
    return posters.sheet(f"s/{found['number']}", str(found["area_path"]), heading, call)


def _page(number: str, error: ServiceError | None = None, sent: str = "") -> str:
    found = _record(number)
    state, place = ShopState(found["state"]).label, str(found["area_path"])
    fields = error.details.get("fields", {}) if error else {}
    wrong = "；".join(str(said) for texts in fields.values() for said in texts) or (str(error) if error else "")
    return render_template(
        "shop.html", shop=found, state=state, area=places.names([place])[place], notices=_notices(found["number"]),
        forms=dict(Form.choices()), wrong=wrong, sent=sent,
    )  # fmt: skip


def _notices(number: str) -> list[dict[str, Any]]:
    """What is to be put right; nothing while nobody can say: the record stands."""
    try:
        return list(public.posted(ListOpenNotices, {"number": number})["items"])
    except (Unavailable, DeadlineExceeded):
        return []


def _record(number: str) -> dict[str, Any]:
    return public.posted(GetShopRecord, {"number": normalise(number)})
