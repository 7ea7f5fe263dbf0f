"""The contact card 连心卡 of a place: who answers for it, the office to call, a code to scan."""

from __future__ import annotations

from flask import render_template

from chassis.errors import NotFound
from contracts.dispatch.catalogue import ListUnits
from contracts.intake.places import ResolvePost
from kernel.areas import is_path
from services.portal.accounts.current import current_principal
from services.portal.api import public
from services.portal.pages import places, posters
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import gather


@blueprint.get("/card/<place>")
def card(place: str) -> str:
    """Printed by staff, handed to residents. Errors: Unauthenticated; NotFound for no place, or one nobody answers
    for."""
    current_principal()
    known = is_path(place) and public.exists(place)
    found = gather({"post": (ResolvePost, {"area_path": place}), "units": (ListUnits, {})}) if known else {}
    if not found or not found["post"]:
        raise NotFound("没有这个地方，或者这里还没有设置责任岗位")
    post, units = found["post"].data, (found["units"].data or {"items": []})["items"]
    office = next((one for one in units if one["code"] == post["unit"]), None)
    code, address = posters.code_of(f"r/{place}")
    area = places.names([place])[place]
    return render_template("card.html", post=post, office=office, code=code, address=address, area=area)
