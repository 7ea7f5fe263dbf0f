"""The same command for several things of a list: each is sent and answered for itself, and what was refused is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request

from chassis.errors import Invalid, NotFound, ServiceError, Unauthenticated
from services.portal.accounts.current import current_principal
from services.portal.api import reading
from services.portal.api.asking import ask
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import csrf
from services.portal.pages.acting import Failure
from services.portal.pages.blueprint import blueprint
from services.portal.pages.forms import FORMS, Form

MOST = 100
BETWEEN = "|"
BACK = {"desk": "/", "tasks": "/tasks"}
TOGETHER = {form.method: form for form in FORMS.values() if form.command.together}


@dataclass(frozen=True)
class Pick:
    """One thing that can be ticked: what would be done to it, as it stood when it was drawn."""

    method: str
    target: str
    version: int | None
    number: str

    @property
    def value(self) -> str:
        return BETWEEN.join((self.target, "" if self.version is None else str(self.version), self.number))


@dataclass(frozen=True)
class Outcome:
    """What became of it; `wrong` is empty where it was done."""

    number: str
    wrong: str


def pick(view: Mapping[str, Any] | None, number: str) -> Pick | None:
    """What can be done to it together with others; `number` is its case's."""
    allowed = set((view or {}).get("allowed_commands", ()))
    form = next((form for form in TOGETHER.values() if form.method in allowed), None)
    if form is None or view is None:
        return None
    return Pick(form.method, str(view["number" if form.key == "number" else "id"]), view.get("version"), number)


def offered(picks: list[Pick | None]) -> list[Form]:
    """The forms for what can be ticked more than once."""
    methods = [each.method for each in picks if each]
    return [form for method, form in TOGETHER.items() if methods.count(method) > 1]


@blueprint.get("/together/<method>")
def come_back_together(method: str) -> Any:
    """The address of what was done, opened again: the desk."""
    return redirect(BACK["desk"], 303)


@blueprint.post("/together/<method>")
def do_together(method: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated, Invalid; what the service refuses of one stands in its row."""
    form = TOGETHER.get(method)
    if form is None:
        raise NotFound("这个操作不能一次办几件")
    request.max_content_length = FORM_OVERHEAD
    current_principal()
    csrf.check()
    picked = [_read(method, told) for told in dict.fromkeys(request.form.getlist("pick"))]
    Invalid.where(pick=len(picked) > MOST and f"一次最多 {MOST} 件，您选了 {len(picked)} 件")
    told = [_done(form, each) for each in picked]
    back = BACK.get(request.form.get("back", ""), BACK["desk"])
    return render_template("together.html", form=form, told=told, back=back)


def _read(method: str, told: str) -> Pick:
    """Errors: Invalid for what no page of ours offers."""
    target, version, number = (*told.split(BETWEEN), "", "")[:3]
    known = reading.count(version)
    Invalid.where(pick=(not target or not number or (version and known is None)) and "选项不对，请刷新页面后再试")
    return Pick(method, target, known, number)


def _done(form: Form, each: Pick) -> Outcome:
    """Sending the page's form twice has one effect. Errors: Unauthenticated."""
    key = reading.key_of(f"{request.form.get('key', '')}.{each.target}")
    try:
        ask(form.command, {form.key: each.target}, idempotency_key=key, expected_version=each.version)
    except Unauthenticated:
        raise
    except ServiceError as error:
        failure = Failure(form.method, each.target, error)
        states = f"；只有这些状态可以办：{'、'.join(failure.states)}" if failure.states else ""
        return Outcome(each.number, f"{failure.plain}{states}")
    return Outcome(each.number, "")
