"""The page behind the code on a shop's door 一户一码, and the sheet with the code to print."""

from __future__ import annotations

from typing import Any

from flask import render_template

from contracts.intake.shops import GetShopRecord, ShopState
from kernel.numbers import normalise
from services.portal.api import public
from services.portal.pages import places, posters
from services.portal.pages.blueprint import blueprint


@blueprint.get("/s/<number>")
def shop(number: str) -> str:
    """Errors: NotFound."""
    found = _record(number)
    state, place = ShopState(found["state"]).label, str(found["area_path"])
    return render_template("shop.html", shop=found, state=state, area=places.names([place])[place])


@blueprint.get("/s/<number>/poster")
def shop_poster(number: str) -> str:
    """The sheet for the door. Errors: NotFound."""
    found = _record(number)
    heading, call = f"{found['name']}：门前五包", "扫一扫，看这家店的门前责任"
    return posters.sheet(f"s/{found['number']}", str(found["area_path"]), heading, call)


def _record(number: str) -> dict[str, Any]:
    return public.posted(GetShopRecord, {"number": normalise(number)})
