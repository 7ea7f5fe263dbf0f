"""The addresses of GeoReport v2, `/open311/v2/…`, each as .json and .xml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from chassis.errors import NotFound, ServiceError
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.open311 import reporting, requests, services, writing
from services.portal.problems import BY_STATUS, WORDS, Malformed
from services.portal.uploads.keeping import LARGEST_PHOTO

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")
FORM = "<any(json,xml):form>"
LARGEST = reporting.MOST_PHOTOS * LARGEST_PHOTO + FORM_OVERHEAD


@blueprint.get(f"/services.{FORM}")
def list_services(form: str) -> Response:
    return writing.answer("services", services.listed(services.known()), form)


@blueprint.get(f"/services/<code>.{FORM}")
def service_definition(code: str, form: str) -> Response:
    return writing.answer("service_definition", services.definition(code), form)


@blueprint.get(f"/requests.{FORM}")
def list_requests(form: str) -> Response:
    return writing.answer("service_requests", requests.listed(_told(), extended=_extended()), form)


@blueprint.post(f"/requests.{FORM}")
def post_request(form: str) -> Response:
    request.max_content_length = LARGEST
    return writing.answer("service_requests", reporting.report(request.values.to_dict()), form, 201)


@blueprint.get(f"/requests/<request_id>.{FORM}")
def one_request(request_id: str, form: str) -> Response:
    return writing.answer("service_requests", requests.one(request_id, extended=_extended()), form)


@blueprint.get(f"/tokens/<token>.{FORM}")
def of_token(token: str, form: str) -> Response:
    """Ids are given at once, so a token is an id. Errors: NotFound."""
    found = requests.one(token, extended=False)[0]["service_request_id"]
    return writing.answer("service_requests", [{"service_request_id": found, "token": token}], form)


@blueprint.route("/<path:rest>")
def nothing(rest: str) -> Response:
    raise NotFound("format must be json or xml, and the address one of GeoReport v2")


@blueprint.errorhandler(ServiceError)
def refused(error: ServiceError) -> Response:
    return writing.refusal(error)


@blueprint.errorhandler(HTTPException)
def refused_by_http(error: HTTPException) -> Response:
    status = error.code or 500
    return writing.refusal(BY_STATUS.get(status, Malformed)(WORDS.get(status, "")))


def _told() -> Mapping[str, Sequence[str]]:
    return dict(request.args.lists())


def _extended() -> bool:
    return request.args.get("extensions", "").lower() == "true"
