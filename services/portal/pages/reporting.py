"""A resident reports something: tap the place, say what is wrong, perhaps a photo. No account, no script."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from chassis.errors import ServiceError
from chassis.store import new_id
from services.portal.api import public, reading
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import places
from services.portal.pages.beginning import tree
from services.portal.pages.blueprint import blueprint
from services.portal.pages.fields import paths
from services.portal.pages.public import choose_print
from services.portal.problems import KINDS, OTHER, TooManyRequests
from services.portal.uploads import keeping
from services.portal.uploads.keeping import LARGEST_PHOTO, Prepared

MOST_PHOTOS = 3
PLAIN = {"reporter.name": "name", "reporter.phone": "phone"}
"""Names of the form for fields of the report."""


@blueprint.get("/report")
def report() -> str:
    """First the place, then the form."""
    found = tree()
    if not request.args.get("here"):
        return render_template("where.html", base="/report", tree="/report", public=True, **found)
    return _form({"area_path": found["at"] or ""})


@blueprint.post("/report")
def send_report() -> Any:
    """Large print is chosen without losing a word; everything else registers the report."""
    request.max_content_length = MOST_PHOTOS * LARGEST_PHOTO + FORM_OVERHEAD
    if choose_print():
        return _form(request.form)
    try:
        key = reading.key_of(request.form.get("key") or None)
        receipt = public.report(_told(), key, _photos())
    except ServiceError as error:
        return _form(request.form, error), error.status
    return render_template("reported.html", receipt=receipt), 201


def _told() -> dict[str, Any]:
    form = request.form
    return {
        "content": form.get("content", ""),
        "place_text": form.get("place_text", ""),
        "area_path": form.get("area_path", ""),
        "damage_ongoing": bool(form.get("damage_ongoing")),
        "secret": bool(form.get("secret")),
        "reporter": {"name": form.get("name", ""), "phone": form.get("phone", "").strip() or None},
    }


def _photos() -> list[Prepared]:
    """Errors: Invalid, TooLarge, UnsupportedMediaType."""
    sent = [each for each in request.files.getlist("photos") if each.filename][:MOST_PHOTOS]
    return [keeping.prepared(keeping.within(each.stream, LARGEST_PHOTO)) for each in sent]


def _form(entered: Any, error: ServiceError | None = None) -> str:
    area = str(entered.get("area_path", ""))
    told = paths(error.details.get("fields", {})) if error else {}
    wrong = {PLAIN.get(name, name): "；".join(texts) for name, texts in told.items()}
    return render_template(
        "report.html", entered=entered, key=entered.get("key") or str(new_id()), area=places.names([area])[area],
        wrong=wrong, error=_plain(error) if error else None,
    )  # fmt: skip


def _plain(error: ServiceError) -> str:
    if isinstance(error, TooManyRequests):
        return "这里报得太多了，请过一会儿再报，或者打电话。"
    return KINDS.get(error.code, OTHER).plain
