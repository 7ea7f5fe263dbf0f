"""Makes views and their documentation from the table of routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from chassis.errors import Invalid
from contracts.tokens import FileContent
from services.portal.accounts.current import current_token
from services.portal.api import describing, public, reading
from services.portal.api.answering import as_file, as_json
from services.portal.api.asking import ask, holds_file, patience_with
from services.portal.api.route import ROUTES, Route


def blueprint() -> Blueprint:
    """All routes of the table below /api, each with its part of the OpenAPI document."""
    made = Blueprint("api", __name__, url_prefix="/api")
    for route in ROUTES:
        view = made.response(**describing.answer(route))(made.doc(**describing.operation(route))(view_of(route)))
        made.add_url_rule(
            route.path,
            route.command.method,
            view,
            methods=[route.method],
            parameters=describing.path_parameters(route),
            tags=[route.tag],
        )
    return made


def view_of(route: Route) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        answer = answer_of(route, ids)
        return as_file(answer) if route.command.file else as_json(answer, route.status, route.command.location)

    return view


def answer_of(route: Route, ids: dict[str, str]) -> Any:
    """What the service answers. Who is not logged in learns so before the body is looked at."""
    if route.command.public:
        told = values_of(route, ids)
        return public.look_up(told) if route.command.looks_up else public.posted(route.command, told)
    identity, values = current_token(), values_of(route, ids)
    return ask(
        route.command,
        values,
        identity=identity,
        idempotency_key=reading.idempotency_key(request) if route.method == "POST" else None,
        expected_version=reading.if_match(request) if route.command.versioned else None,
        patience=patience_with(route.command),
    )


def values_of(route: Route, ids: dict[str, str]) -> dict[str, Any]:
    """The command: what the path names, and the rest. Errors: Invalid when something is told twice."""
    named = route.fields_of(dict(ids))
    if holds_file(route.command):
        request.max_content_length = 2 * FileContent.most
    rest = reading.body(request) if route.method == "POST" else reading.query(request, route.command)
    if twice := sorted(named.keys() & rest.keys()):
        raise Invalid.because({name: ["已由地址给出，不能再填"] for name in twice})
    return {**rest, **named}
