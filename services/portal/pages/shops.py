"""The page behind the code on a shop's door 一户一码, and the sheet with the code to print."""

from __future__ import annotations

from typing import Any

import segno
from flask import render_template, request

from contracts.intake.shops import GetShopRecord, ShopState
from kernel.numbers import normalise
from services.portal.api import public
from services.portal.pages import places
from services.portal.pages.blueprint import blueprint


@blueprint.get("/s/<number>")
def shop(number: str) -> str:
    """Errors: NotFound."""
    found = _record(number)
    state = ShopState(found["state"]).label
    return render_template("shop.html", shop=found, state=state, area=_area(found))


@blueprint.get("/s/<number>/poster")
def shop_poster(number: str) -> str:
    """The sheet for the door. Errors: NotFound."""
    found = _record(number)
    address = f"{request.host_url}s/{found['number']}"
    code = segno.make_qr(address, error="m").svg_data_uri(scale=8)
    heading, call = f"{found['name']}：门前五包", "扫一扫，看这家店的门前责任"
    return render_template(
        "poster.html", code=code, address=address, area=_area(found), heading=heading, call=call, opens="这家店的档案"
    )


def _record(number: str) -> dict[str, Any]:
    return public.posted(GetShopRecord, {"number": normalise(number)})


def _area(found: dict[str, Any]) -> str:
    path = str(found["area_path"])
    return places.names([path])[path]
