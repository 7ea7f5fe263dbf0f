"""For residents: how far my case is, and what is posted where I live. No account, plain words, large print."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from flask import after_this_request, current_app, g, make_response, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import undefer

from chassis.errors import Invalid, NotFound, ServiceError
from kernel.numbers import normalise
from services.portal.accounts.current import SAFE, now, process
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.api.public import look_up
from services.portal.pages.blueprint import blueprint
from services.portal.pages.entrance import inside
from services.portal.problems import TooManyRequests
from services.portal.readmodel import entries
from services.portal.uploads.keeping import content_of
from services.portal.uploads.tables import Upload

LARGE = "shaodao_large"
A_YEAR = 365 * 24 * 3600


SIZES = {0: "标准字号", 1: "大字版", 2: "特大字"}
OFFERED = {0: (1,), 1: (2, 0), 2: (1, 0)}
"""What is offered beside each size."""


@blueprint.app_context_processor
def print_size() -> dict[str, Any]:
    """How large this person wants the print: remembered in a cookie, offered on every page."""
    size = g.get("large", size_of(request.cookies.get(LARGE)))
    return {"large": size, "sizes": [(each, SIZES[each]) for each in OFFERED[size]], "this_page": this_page()}


def size_of(told: str | None) -> int:
    """The standard size for what is none."""
    return next((size for size in SIZES if str(size) == told), 0)


def this_page() -> str:
    """Where the page at hand is found again; the first page for what only answers a form."""
    if request.method in SAFE:
        return request.full_path
    adapter = current_app.create_url_adapter(request)
    found = adapter is not None and adapter.test(request.path, method="GET")
    return request.path if found else "/"


def choose_print() -> bool:
    """Whether the form was sent to change the print alone; what was entered comes back with it."""
    chosen = request.form.get("print")
    if chosen is None:
        return False
    g.large = size_of(chosen)
    after_this_request(lambda response: _remembered(response, g.large))
    return True


def _remembered(response: Any, size: int) -> Any:
    response.set_cookie(LARGE, str(size), max_age=A_YEAR, samesite="Lax")
    return response


@blueprint.get("/public")
def public() -> str:
    return render_template("public.html", found=None, number=request.args.get("number", ""))


@blueprint.post("/public")
def look() -> Any:
    """The number and the tail come in the body, so that neither stands in an address or a log."""
    request.max_content_length = FORM_OVERHEAD
    number, tail = normalise(request.form.get("number", "")), request.form.get("phone_tail", "").strip()
    if choose_print() and not request.form.get("found"):
        return render_template("public.html", found=None, number=number, tail=tail)
    try:
        found = look_up({"number": number, "phone_tail": tail})
    except (NotFound, Invalid, TooManyRequests) as error:
        return render_template("public.html", found=None, number=number, error=plainly(error)), error.status
    return render_template(
        "public.html", found=found, number=number, tail=tail, steps=steps(found), moment=now(),
        proof=proof(found.get("result_attachments", ())),
    )  # fmt: skip


def steps(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What happened, of all services, in plain words; what intake itself tells, where the portal has nothing yet.

    Of a merged case intake tells all: it knows how the surviving one goes on, and what of it may be said.
    """
    if found.get("merged_into"):
        return list(found["steps"])
    with process().store.transaction() as session:
        told = entries.for_resident(entries.all_of(session, found["number"]))
    return told or found.get("steps", [])


def proof(files: Iterable[dict[str, Any]]) -> list[str]:
    """The pictures of the result, inside the page: who knows number and tail reads these files and no others."""
    wanted = [each["sha256"] for each in files]
    with process().store.transaction() as session:
        found = session.scalars(select(Upload).where(Upload.sha256.in_(wanted)).options(undefer(Upload.content)))
        kept = {row.sha256: row for row in found if row.media_type.startswith("image/")}
        return [picture for key in wanted if key in kept and (picture := _inline(kept[key]))]


def _inline(row: Upload) -> str:
    """Empty where the bytes are lost."""
    content = content_of(row)
    return f"data:{row.media_type};base64,{b64encode(content).decode()}" if content else ""


def plainly(error: ServiceError) -> str:
    if isinstance(error, Invalid):
        return "编号是一个字母加 18 位数字；电话后四位是 4 个数字。请对照回执再填一次。"
    return str(error)


@blueprint.get("/public/print-size")
def set_print_size() -> Any:
    """Chooses the size of the print, and goes back."""
    response = make_response(redirect(inside(request.args.get("next") or "/public"), 303))
    return _remembered(response, size_of(request.args.get("large")))
