"""POST of the forms: the same way to the services as the API, then back to the page."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, redirect, request

from chassis.errors import Invalid, NotFound, ServiceError, Unauthenticated
from chassis.identity import Principal
from contracts.tokens import FileContent
from kernel.codes import AttachmentKind, AttachmentStage
from services.portal.accounts.current import current_principal, had_session, now, process
from services.portal.api import reading
from services.portal.api.asking import ask, patience_with
from services.portal.api.extras import FORM_OVERHEAD, LARGEST_UPLOAD
from services.portal.pages import beginning, case, csrf, entrance
from services.portal.pages.acting import Failure, target_of
from services.portal.pages.blueprint import blueprint
from services.portal.pages.fields import Field, Kind, read
from services.portal.pages.forms import FORMS, SHOWN_ONCE, Form
from services.portal.problems import wants_json
from services.portal.uploads import keeping

MOST_FILES = 9
KINDS = {"image": AttachmentKind.PHOTO, "audio": AttachmentKind.AUDIO, "video": AttachmentKind.VIDEO}
SHOWN_AFTER = frozenset({"report_result", "verify_hazard"})
"""Their files show what was reached, though none is required."""
BACK = {"case": "/cases/{number}", "desk": "/tasks"}


@blueprint.get("/cases/<number>/do/<method>")
def come_back(number: str, method: str) -> Response:
    """The address of a refused form, opened again: the page it stood on."""
    return redirect(f"/cases/{quote(number)}", 303)  # type: ignore[return-value]


@blueprint.post("/cases/<number>/do/<method>")
def do(number: str, method: str) -> Any:
    """Errors: NotFound, CrossSite, Unauthenticated; what the service refuses is shown on the page itself."""
    form = FORMS.get(method)
    if form is None or not form.key:
        raise NotFound("没有这个操作")
    if late := too_late(form, f"/cases/{quote(number)}"):
        return late
    answer, failure = tried(form)
    if failure and wants_json():
        return failure.document, failure.error.status
    if failure:
        return case.show(number, failure), failure.error.status
    return case.show(number, shown=answer) if method in SHOWN_ONCE else back(number, form)


@blueprint.post("/new/<method>")
def begin(method: str) -> Any:
    """Registers something new, or shows what an answer without a page of its own says. Errors: as `do`."""
    form = FORMS.get(method)
    if form is None or form.key:
        raise NotFound("没有这个操作")
    if late := too_late(form, f"/new/{method}"):
        return late
    answer, failure = tried(form)
    if failure and wants_json():
        return failure.document, failure.error.status
    if failure:
        return beginning.show(method, failure), failure.error.status
    if "number" not in answer:
        return beginning.show(method, entered=request.form, found=beginning.found(form, answer))
    return taken(f"/cases/{answer['number']}?{urlencode({'done': method})}")


def too_late(form: Form, to: str) -> Any:
    """The login page with the form in it, where the session has ended. Errors: Unauthenticated, CrossSite."""
    request.max_content_length = FORM_OVERHEAD  # until it is known who sends: strangers' forms are small or not read
    try:
        current_principal()
    except Unauthenticated:
        if wants_json() or not had_session():
            raise
        request.max_content_length = largest(form)
        return entrance.again(to, form.method, request.form, bool(request.files))
    request.max_content_length = largest(form)
    csrf.check()
    return None


def tried(form: Form) -> tuple[Any, Failure | None]:
    """What the service answers, or what it did not take. Errors: Unauthenticated."""
    try:
        return send(form, values_of(form)), None
    except Unauthenticated:
        raise
    except ServiceError as error:
        target = target_of(form.method, request.form)
        return None, Failure(form.method, target, error, request.form, request.form.get("key", ""))


def largest(form: Form) -> int:
    """Bytes a form may have with its files."""
    return (LARGEST_UPLOAD * MOST_FILES if form.has_files else 0) + FORM_OVERHEAD


def send(form: Form, values: dict[str, Any], sender: Principal | None = None) -> Any:
    """In the name of `sender`, whom a signed link names; else of the session."""
    command = form.command
    known = command().fields
    told = {name: value for name, value in values.items() if name in known}
    key = reading.key_of(request.form.get("key") or None)
    return ask(
        command,
        told,
        identity=process().signer.mint(sender, now()) if sender else None,
        who=sender,
        idempotency_key=key if command.keeps_answer else None,
        expected_version=version() if command.versioned else None,
        patience=patience_with(command),
    )


def version() -> int | None:
    """The version the form was drawn for; None where it says none. Errors: Invalid when it is no version."""
    told = request.form.get("version", "")
    found = reading.count(told)
    if told and found is None:
        raise Invalid.because({"version": ["版本号不对，请刷新页面后再试"]})
    return found


def values_of(form: Form, sender: Principal | None = None) -> dict[str, Any]:
    """What was entered, what it is about, and the files, kept first as brought by `sender` or the session."""
    entered = [field for field in form.fields if field.kind not in (Kind.FILES, Kind.FILE)]
    told = {field.name: read(field, request.form) for field in entered}
    for field in form.fields:
        told |= _content(field.name) if field.kind is Kind.FILE else {}
    files = [field for field in form.fields if field.kind is Kind.FILES]
    kept = {field.name: _keep(field.name, stage(form, field), sender) for field in files}
    key = form.key
    return {**form.adapt(told), **kept, **({key: request.form.get(key, "")} if key else {})}


def stage(form: Form, field: Field) -> AttachmentStage:
    """What is required is proof of what was done."""
    if not form.key:
        return AttachmentStage.BEFORE
    after = field.required or form.method in SHOWN_AFTER
    return AttachmentStage.AFTER if after else AttachmentStage.DURING


def _content(name: str) -> dict[str, Any]:
    """The one file of a field, as the command takes it, with its name. Errors: TooLarge."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return {}
    content = keeping.within(sent.stream, FileContent.most)
    return {name: b64encode(content).decode(), "file_name": sent.filename[-200:]}


def _keep(name: str, at: AttachmentStage, sender: Principal | None) -> list[dict[str, Any]]:
    """The files of one field as attachments. Errors: Invalid for too many, or a broken one; as `keeping.prepared`."""
    sent = [each for each in request.files.getlist(name) if each.filename]
    if len(sent) > MOST_FILES:
        raise Invalid.because({name: [f"一次最多 {MOST_FILES} 个文件，您选了 {len(sent)} 个"]})
    who, moment = sender or current_principal(), now()
    found = []
    for each in sent:
        prepared = keeping.prepared(keeping.within(each.stream, LARGEST_UPLOAD))
        with process().store.transaction() as session:
            row = keeping.keep(session, who, prepared, moment)
        kind = KINDS.get(str(row["media_type"]).partition("/")[0], AttachmentKind.DOCUMENT)
        found.append({"sha256": row["sha256"], "kind": kind.value, "stage": at.value})
    return found


def back(number: str, form: Form) -> Any:
    """To the page the form stood on, which then says that it is done."""
    place = BACK.get(request.form.get("back", "case"), BACK["case"]).format(number=number)
    return taken(f"{place}?{urlencode({'done': form.method})}")


def taken(at: str) -> Any:
    """To the page that says so; to a script, its address."""
    return {"at": at} if wants_json() else redirect(at, 303)
