"""The addresses of GeoReport v2, `/open311/v2/…`, each as .json and .xml; also for pages of other sites to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from chassis.errors import NotFound, ServiceError
from services.portal.api.extras import FORM_OVERHEAD
from services.portal.open311 import discovery, reporting, requests, services, writing
from services.portal.problems import BY_STATUS, WORDS, Malformed
from services.portal.uploads.keeping import LARGEST_PHOTO

blueprint = Blueprint("open311", __name__, url_prefix="/open311")
FORM = "<any(json,xml):form>"
BASES = ("/v2/", "/v2//")
"""Clients join an endpoint that ends with a slash to a path that begins with one."""
View = Callable[..., Response]
LARGEST = reporting.MOST_PHOTOS * LARGEST_PHOTO + FORM_OVERHEAD


def _at(path: str, method: str = "GET", bases: Sequence[str] = BASES) -> Callable[[View], View]:
    def added(view: View) -> View:
        for base in bases:
            blueprint.add_url_rule(f"{base}{path}.{FORM}", view_func=view, methods=[method])
        return view

    return added


@_at("discovery", bases=("/", *BASES))
def discover(form: str) -> Response:
    return writing.answer("discovery", discovery.document(), form)


@_at("services")
def list_services(form: str) -> Response:
    return writing.answer("services", services.listed(services.known()), form)


@_at("services/<code>")
def service_definition(code: str, form: str) -> Response:
    return writing.answer("service_definition", services.definition(code), form)


@_at("requests")
def list_requests(form: str) -> Response:
    return writing.answer("service_requests", requests.listed(_told(), extended=_extended()), form)


@_at("requests", "POST")
def post_request(form: str) -> Response:
    request.max_content_length = LARGEST
    return writing.answer("service_requests", reporting.report(reporting.posted()), form, 201)


@_at("requests/<request_id>")
def one_request(request_id: str, form: str) -> Response:
    return writing.answer("service_requests", requests.one(request_id, extended=_extended()), form)


@_at("tokens/<token>")
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


@blueprint.after_request
def open_to_pages(response: Response) -> Response:
    """What everybody may read, a page of another site may read too. Writes from there stay refused."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _told() -> Mapping[str, Sequence[str]]:
    return dict(request.args.lists())


def _extended() -> bool:
    return request.args.get("extensions", "").lower() == "true"
