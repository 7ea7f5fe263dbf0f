"""The page a signed link of a letter opens: one task of a unit that has nothing but a mailbox. No account, no script.

Mail programs and scanners open links by themselves: a GET shows, only a form of the page acts. The token stands in the
query, which no log of ours holds, and never in a path. What is done goes by the same commands as from a desk, in the
name of the receiver the link was made for; dispatch says at each step whose link it is and what it is good for.
"""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlencode

from flask import after_this_request, redirect, render_template, request

from chassis.errors import Conflict, Invalid, NotFound, ServiceError
from chassis.identity import Grant, Principal
from chassis.sealing import keyed_hash
from contracts.dispatch.objections import ObjectTask
from contracts.dispatch.parts import TickParts
from contracts.dispatch.rating_appeals import AppealRating
from contracts.dispatch.task_links import LinkState, ReadTaskLink, SendTaskLink
from contracts.dispatch.tasks import FinishTask, GetTask, ProgressTask, ReportIn, SignTask
from kernel.codes import Role
from kernel.numbers import normalise
from services.portal.accounts import limits
from services.portal.accounts.current import now, process
from services.portal.api.asking import ask, ask_as_portal
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.pages import commands, csrf, places
from services.portal.pages.acting import Failure, actions, done
from services.portal.pages.blueprint import blueprint
from services.portal.pages.forms import FORMS, Form
from services.portal.pages.public import choose_print
from services.portal.pages.wording import said
from services.portal.problems import CrossSite, TooManyRequests
from services.portal.readmodel.entries import without_names

ACTS = frozenset(
    command.method for command in (SignTask, ObjectTask, ReportIn, ProgressTask, TickParts, FinishTask, AppealRating)
)  # fmt: skip
STEPS = {
    "sign_task": ("签收", "signed_at"),
    "report_in": ("报到", "reported_in_at"),
    "finish_task": ("办结", "finished_at"),
}
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
TOKEN = "k"

View = dict[str, Any]


@blueprint.get("/t")
def task_link() -> Any:
    """Shows, and changes nothing, however often."""
    _discreet()
    return _opened()


@blueprint.post("/t")
def task_link_print() -> Any:
    """Large print alone."""
    _discreet()
    request.max_content_length = FORM_OVERHEAD
    choose_print()
    return _opened()


@blueprint.post("/t/do/<method>")
def act_by_link(method: str) -> Any:
    """One step of the task. Errors: NotFound for no step, CrossSite for a form this page did not draw."""
    _discreet()
    request.max_content_length = FORM_OVERHEAD  # until it is known who sends
    form = FORMS.get(method) if method in ACTS else None
    if form is None:
        raise NotFound("没有这个操作")
    found, token = _found(), _token()
    if found is None or found["link"] != LinkState.OPEN:
        return _opened(found)
    request.max_content_length = commands.largest(form)
    if not hmac.compare_digest(_form_token(token).encode(), request.form.get(csrf.FIELD, "").encode()):
        raise CrossSite("页面已经过期，请回到上一页刷新后再提交")
    failure = _tried(form, found)
    if failure:
        return _page(found, failure), failure.error.status
    return redirect(f"/t?{urlencode({TOKEN: token, 'done': method})}", 303)


@blueprint.post("/t/again")
def new_link() -> Any:
    """A new letter to the roster, whoever asks; the answer is the same whether there is such a whistle or not."""
    _discreet()
    request.max_content_length = FORM_OVERHEAD
    number = normalise(request.form.get("number", ""))
    try:
        limits.spend(process().store, "task_link_address", limits.network(request.remote_addr), now())
        ask_as_portal(SendTaskLink, {"number": number})
    except Invalid:
        return _no_task("WRONG_NUMBER", 422, number)
    except TooManyRequests:
        return _no_task("TOO_OFTEN", 429, number)
    return _no_task("SENT", 200)


def _discreet() -> None:
    """Also on a page that says what went wrong."""

    def set_headers(response: Any) -> Any:
        response.headers.update(HEADERS)
        return response

    after_this_request(set_headers)


def _token() -> str:
    return request.args.get(TOKEN, "")


def _form_token(token: str) -> str:
    return keyed_hash(f"link|{token}")


def _found() -> View | None:
    """What dispatch knows of the link; None for one that is none."""
    try:
        found: View = ask_as_portal(ReadTaskLink, {"token": _token()})
    except (NotFound, Invalid):
        return None
    return found


def _opened(found: View | None = None) -> Any:
    found = found or _found()
    if found is None:
        return _no_task("BROKEN", 404)
    if found["link"] == LinkState.EXPIRED:
        return _no_task("EXPIRED", 410)
    return _page(found)


def _no_task(why: str, status: int, number: str = "") -> Any:
    """What is wrong with the link, and the way to a new one; nothing of any task."""
    page = render_template("task_link_none.html", why=why, number=number, viewer=lambda: None)
    return page, status


def _receiver(found: View) -> Principal:
    """Who acts: the holder, with the one role in the one unit the link is for."""
    holder = found["receiver"]
    grant = Grant(Role.RECEIVER, found["area_path"], found["unit"]["code"])
    return Principal(holder["id"], holder["name"], (grant,), "link")


def _tried(form: Form, found: View) -> Failure | None:
    """Whatever task the form names, it is the link's."""
    who = _receiver(found)
    try:
        commands.send(form, {**commands.values_of(form, who), form.key: found["task_id"]}, who)
    except ServiceError as error:
        return Failure(form.method, found["task_id"], error, request.form, request.form.get("key", ""))
    return None


def _page(found: View, failure: Failure | None = None) -> str:
    token, view = _token(), _task(found)
    offered = [each for each in actions(view, "task_id", failure) if each.form.method in ACTS] if view else []
    return render_template(
        "task_link.html", found=found, view=view, offered=offered, moment=now(), token=token, failure=failure,
        refused=_refused(failure, view) if failure else "", steps=_steps(view), viewer=lambda: None,
        csrf_token=lambda: _form_token(token), done=None if failure else done(request.args.get("done", "")),
    )  # fmt: skip


def _task(found: View) -> View | None:
    """The task as its receiver reads it; None where the link only shows how far it is. No version goes into the forms:
    a reminder in between is no reason to refuse."""
    if found["link"] != LinkState.OPEN:
        return None
    who = _receiver(found)
    view: View = without_names(
        ask(GetTask, {"task_id": found["task_id"]}, identity=process().signer.mint(who, now()), who=who)
    )
    return {
        **{name: value for name, value in view.items() if name != "version"},
        "units": places.units(process().own_identity()),
    }


def _steps(view: View | None) -> list[tuple[str, str]]:
    """What is done already, and when."""
    return [(word, said(view[moment])) for word, moment in STEPS.values() if view and view.get(moment)]


def _refused(failure: Failure, view: View | None) -> str:
    """A step done before is said to be done, whoever did it; nothing happened twice."""
    word, moment = STEPS.get(failure.method, ("", ""))
    if isinstance(failure.error, Conflict) and view and view.get(moment):
        return f"{said(view[moment])}已经{word}，没有重复办理"
    return failure.plain
