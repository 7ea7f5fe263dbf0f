"""A resident reports something: tap the place, say what is wrong, perhaps a photo. No account, no script."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request

from chassis.errors import NotFound, ServiceError
from chassis.store import new_id
from contracts.intake.places import LocatePoint
from kernel.areas import is_path
from kernel.codes import AssetLabel, Channel, HazardKind
from kernel.points import Datum
from services.portal.api import public, reading
from services.portal.api.asking import ask_as_portal
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import places, posters
from services.portal.pages.beginning import tree
from services.portal.pages.blueprint import blueprint
from services.portal.pages.fields import paths
from services.portal.pages.public import choose_print
from services.portal.problems import KINDS, OTHER, TooManyRequests
from services.portal.uploads import keeping
from services.portal.uploads.keeping import LARGEST_PHOTO, Prepared

MOST_PHOTOS = 3
FEW_PHOTOS = MOST_PHOTOS * LARGEST_PHOTO + FORM_OVERHEAD
"""Bytes a form with photos may have."""
PLAIN = {"reporter.name": "name", "reporter.phone": "phone", "description": "content"}
"""Names of the form for fields of the report."""


@blueprint.get("/report")
def report() -> str:
    """First the place, then the form."""
    found = tree()
    if not request.args.get("here"):
        return render_template("where.html", base="/report", tree="/report", public=True, **found)
    return _form({"area_path": found["at"] or ""})


@blueprint.post("/report/here")
def here() -> Any:
    """Where the browser says it is, with its owner's consent: the form of that place, or the list with a word. The
    point is in the body, so that no log keeps it; nobody keeps it at all."""
    try:
        point = {name: float(request.form.get(name, "")) for name in ("lat", "lon")}
        found = ask_as_portal(LocatePoint, {**point, "datum": request.form.get("datum") or Datum.WGS84})
    except (ValueError, ServiceError):
        return render_template("where.html", base="/report", tree="/report", public=True, lost=True, **tree()), 404
    return redirect(f"/report?at={found['path']}&here=1", 303)


@blueprint.get("/r/<place>")
def scanned(place: str) -> str:
    """The form of the place whose code was scanned. Errors: NotFound for a place that is none."""
    return _form({"area_path": _known(place), "scanned": "1"})


@blueprint.get("/r/<place>/poster")
def poster(place: str) -> str:
    return posters.sheet(f"r/{_known(place)}", place, "井盖没了、电线掉了、路面塌了", "扫一扫，马上有人管")


def _known(place: str) -> str:
    if not is_path(place) or not public.exists(place):
        raise NotFound("没有这个地方，请核对二维码或地址")
    return place


@blueprint.post("/report")
def send_report() -> Any:
    """Large print is chosen without losing a word; everything else registers the report."""
    request.max_content_length = FEW_PHOTOS
    if choose_print():
        return _form(request.form)
    try:
        key = reading.key_of(request.form.get("key") or None)
        send = public.report_hazard if request.form.get("kind") else public.report
        receipt = send(_told(), key, sent_photos(), Channel.QR if request.form.get("scanned") else Channel.WEB)
    except ServiceError as error:
        return _form(request.form, error), error.status
    return render_template("reported.html", receipt=receipt), 201


def _told() -> dict[str, Any]:
    """A danger where a kind of danger was chosen."""
    form = request.form
    told = {
        "place_text": form.get("place_text", ""),
        "area_path": form.get("area_path", ""),
        "reporter": {"name": form.get("name", ""), "phone": form.get("phone", "").strip() or None},
    }
    if form.get("kind"):
        return {
            **told,
            "description": form.get("content", ""),
            "kind": form["kind"],
            "asset": form.get("asset") or None,
        }
    ticked = {name: bool(form.get(name)) for name in ("damage_ongoing", "secret")}
    return {**told, **ticked, "content": form.get("content", "")}


def sent_photos() -> list[Prepared]:
    """Errors: Invalid, TooLarge, UnsupportedMediaType."""
    sent = [each for each in request.files.getlist("photos") if each.filename][:MOST_PHOTOS]
    return [keeping.prepared(keeping.within(each.stream, LARGEST_PHOTO)) for each in sent]


def _form(entered: Any, error: ServiceError | None = None) -> str:
    area = str(entered.get("area_path", ""))
    told = paths(error.details.get("fields", {})) if error else {}
    wrong = {PLAIN.get(name, name): "；".join(texts) for name, texts in told.items()}
    return render_template(
        "report.html", entered=entered, key=entered.get("key") or str(new_id()), area=places.names([area])[area],
        wrong=wrong, error=_plain(error) if error else None, kinds=HazardKind.choices(), labels=AssetLabel.choices(),
    )  # fmt: skip


def _plain(error: ServiceError) -> str:
    if isinstance(error, TooManyRequests):
        return "这里报得太多了，请过一会儿再报，或者打电话。"
    return KINDS.get(error.code, OTHER).plain
