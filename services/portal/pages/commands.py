"""POST of the forms: the same way to the services as the API, then back to the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request

from chassis.errors import Invalid, NotFound, ServiceError, Unauthenticated
from contracts.schema import CommandSchema
from kernel.codes import AttachmentKind
from services.portal.accounts.current import current_principal, now, process
from services.portal.api import reading
from services.portal.api.asking import ask
from services.portal.api.extras import FORM_OVERHEAD, LARGEST_UPLOAD
from services.portal.pages import case, csrf
from services.portal.pages.acting import Failure, target_of
from services.portal.pages.blueprint import blueprint
from services.portal.pages.fields import Kind, read
from services.portal.pages.forms import FORMS, KEY_OF, Form
from services.portal.uploads import keeping

MOST_FILES = 9
KINDS = {"image": AttachmentKind.PHOTO, "audio": AttachmentKind.AUDIO}
STAGES = {"report_result": "AFTER", "finish_task": "AFTER", "verify_hazard": "AFTER", "secure_hazard": "DURING"}
BACK = {"case": "/cases/{number}", "desk": "/tasks"}


@blueprint.post("/cases/<number>/do/<method>")
def do(number: str, method: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated; what the service refuses is shown on the page itself."""
    form = FORMS.get(method)
    if form is None:
        raise NotFound("没有这个操作")
    request.max_content_length = (LARGEST_UPLOAD * MOST_FILES if form.has_files else 0) + FORM_OVERHEAD
    csrf.check()
    try:
        send(form, values_of(form))
    except Unauthenticated:
        raise
    except ServiceError as error:
        failure = Failure(method, target_of(method, request.form), error, request.form, request.form.get("key", ""))
        return case.show(number, failure), error.status
    return back(number, form)


def send(form: Form, values: dict[str, Any]) -> Any:
    command = form.command
    known = command().fields
    told = {name: value for name, value in values.items() if name in known}
    answer = ask(
        command,
        told,
        idempotency_key=reading.key_of(request.form.get("key") or None),
        expected_version=version() if command.versioned else None,
    )
    with process().store.transaction() as session:
        keeping.attach(session, told, now())
    return answer


def version() -> int | None:
    """The version the form was drawn for; None where it says none. Errors: Invalid when it is no version."""
    told = request.form.get("version", "")
    found = reading.count(told)
    if told and found is None:
        raise Invalid.because({"version": ["版本号不对，请刷新页面后再试"]})
    return found


def values_of(form: Form) -> dict[str, Any]:
    """What was entered, what it is about, and the files, which are kept first."""
    entered = {field.name: read(field, request.form) for field in form.fields if field.kind is not Kind.FILES}
    kept = {field.name: _keep(field.name, form.command) for field in form.fields if field.kind is Kind.FILES}
    key = KEY_OF[form.method]
    return {**form.adapt(entered), **kept, key: request.form.get(key, "")}


def _keep(name: str, command: type[CommandSchema]) -> list[dict[str, Any]]:
    """The files of one field as attachments. Errors: TooLarge, UnsupportedMediaType."""
    sent = [each for each in request.files.getlist(name) if each.filename][:MOST_FILES]
    who, moment, stage = current_principal(), now(), STAGES.get(command.method, "DURING")
    found = []
    for each in sent:
        content = keeping.within(each.stream, LARGEST_UPLOAD)
        with process().store.transaction() as session:
            row = keeping.keep(session, who, content, moment)
        kind = KINDS.get(str(row["media_type"]).partition("/")[0], AttachmentKind.DOCUMENT)
        found.append({"sha256": row["sha256"], "kind": kind.value, "stage": stage})
    return found


def back(number: str, form: Form) -> Response:
    """To the page the form stood on, which then says that it is done."""
    place = BACK.get(request.form.get("back", "case"), BACK["case"]).format(number=number)
    return redirect(f"{place}?{urlencode({'done': form.method})}", 303)  # type: ignore[return-value]
