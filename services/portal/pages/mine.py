"""For residents: what is held about me, put right, consent withdrawn, a copy, erasure asked for. No account."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, render_template, request

from chassis.errors import Conflict, Invalid, NotFound, ServiceError
from contracts.intake.own_data import AskOwnErasure, CorrectOwnData, OwnDataCommand, ShowOwnData, WithdrawOwnConsent
from contracts.intake.persons import ConsentTo
from kernel.codes.base import label
from kernel.codes.holdings import Store
from services.portal.api.asking import LONG_PATIENCE_SECONDS
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.api.public import proven
from services.portal.orders.holdings import COLUMNS, rows_of
from services.portal.orders.writing import csv_lines
from services.portal.pages.blueprint import blueprint
from services.portal.pages.public import choose_print, plainly
from services.portal.problems import TooManyRequests

ACTS: dict[str, tuple[type[OwnDataCommand], tuple[str, ...], str]] = {
    "show": (ShowOwnData, (), ""),
    "correct": (CorrectOwnData, ("home", "birth_year"), "已经更正"),
    "withdraw": (WithdrawOwnConsent, ("to",), "已经撤回，以后不再这样使用"),
    "erase": (AskOwnErasure, ("ground",), "请求已经收到，社区核实后办理"),
}
"""What a button asks for, with which fields of the form, and what is said when it is done."""


@blueprint.get("/public/mine")
def mine() -> str:
    return render_template("mine.html", found=None, number="", tail="")


@blueprint.post("/public/mine")
def mine_shown() -> Any:
    """Number and tail come in the body with every button: no session stands for a proof."""
    request.max_content_length = FORM_OVERHEAD
    form = {name: value.strip() for name, value in request.form.items()}
    number, tail, act = form.get("number", ""), form.get("phone_tail", ""), form.get("act", "show")
    if choose_print():
        act = "show"
    command, names, said = ACTS.get(act, ACTS["show"])
    told = {name: form[name] for name in names if form.get(name)}
    if told.get("birth_year", "").isdigit():
        told["birth_year"] = int(told["birth_year"])  # type: ignore[assignment]
    proof = {"number": number, "phone_tail": tail}
    try:
        found = proven(lambda _: command, {**proof, **told}, LONG_PATIENCE_SECONDS)
    except (NotFound, Invalid, TooManyRequests, Conflict) as error:
        return _refused(error, proof)
    if act in ("json", "csv"):
        return _copy(found, act)
    return render_template("mine.html", found=found, number=number, tail=tail, said=said, **_words(found))


def _refused(error: ServiceError, proof: dict[str, str]) -> Any:
    named = error.details.get("fields", {}) if isinstance(error, Invalid) else {}
    why = "；".join(words for each in named.values() for words in each if each) if named else str(error)
    why = plainly(error) if "number" in named else why
    page = render_template("mine.html", found=None, number=proof["number"], tail=proof["phone_tail"], error=why)
    return page, error.status


def _words(found: dict[str, Any]) -> dict[str, Any]:
    stores = [{**store, "name": label(Store, store["store"])} for store in found["stores"]]
    return {"stores": stores, "consents": [(each["to"], label(ConsentTo, each["to"])) for each in found["consents"]]}


def _copy(found: dict[str, Any], form: str) -> Response:
    """For a program, or for a spreadsheet."""
    if form == "json":
        content, kind = orjson.dumps(found, option=orjson.OPT_INDENT_2), "application/json"
    else:
        content, kind = b"".join(csv_lines([COLUMNS, *rows_of(found)], "utf-8-sig")), "text/csv; charset=utf-8"
    headers = {"Content-Disposition": f"attachment; filename=my-data.{form}", "Cache-Control": "no-store"}
    return Response(content, content_type=kind, headers=headers)
