"""The OpenAPI document, and the readable pages made from it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from services.portal.api import describing
from services.portal.api.route import ROUTES, Route

UNDOCUMENTED = {"/api/openapi.json", "/api/docs", "/api/docs.css"}


@pytest.fixture
def document(visitor: FlaskClient) -> dict[str, Any]:
    told: dict[str, Any] = visitor.get("/api/openapi.json").json
    return told


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    verbs = ("get", "post", "put", "patch", "delete")
    return [item[verb] for item in document["paths"].values() for verb in verbs if verb in item]


def references(told: Any) -> set[str]:
    if isinstance(told, list):
        return set().union(*map(references, told))
    if not isinstance(told, dict):
        return set()
    own = {told["$ref"]} if isinstance(told.get("$ref"), str) else set()
    return own.union(*map(references, told.values()))


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert ("3.1.0", []) == (document["openapi"], [str(error) for error in OPENAPI_31_VALIDATOR.iter_errors(document)])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    known = {f"#/components/{kind}/{name}" for kind, items in document["components"].items() for name in items}
    assert set() == references(document) - known


def test_every_address_of_the_api_is_in_it(application: Flask, document: dict[str, Any]) -> None:
    # Given
    rules = {re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule) for rule in application.url_map.iter_rules()}
    # When
    served = {rule for rule in rules if rule.startswith("/api/")} - UNDOCUMENTED
    # Then
    assert served == set(document["paths"])


def test_operation_ids_are_unique_and_everything_has_a_summary(document: dict[str, Any]) -> None:
    told = operations(document)
    assert (len(told), []) == (len({one["operationId"] for one in told}), [one for one in told if not one["summary"]])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.command.method)
def test_a_route_is_described_from_its_command(document: dict[str, Any], route: Route) -> None:
    # Given
    told = document["paths"][route.open_path][route.method.lower()]
    # When
    names = {parameter.get("name") for parameter in told["parameters"]} | set(route.ids)
    if route.method == "POST":
        shape = told["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        names |= set(document["components"]["schemas"][shape].get("properties", {}))
    # Then
    taken = {"expected_version"} | route.taken
    assert set(route.command().fields) - taken <= names


@pytest.mark.parametrize("route", [one for one in ROUTES if one.method == "POST"], ids=lambda one: one.command.method)
def test_examples_of_requests_hold(route: Route) -> None:
    assert {} == describing.body_schema(route).validate(describing.body_example(route))


def test_the_pages_show_every_operation_and_nothing_from_outside(
    visitor: FlaskClient, document: dict[str, Any]
) -> None:
    # When
    page = visitor.get("/api/docs").text
    # Then
    assert [] == [one["operationId"] for one in operations(document) if f'id="{one["operationId"]}"' not in page]
    assert [] == re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert ("curl" in page, "<script" in page, "style=" in page) == (True, False, False)


def test_every_link_within_the_page_leads_somewhere(visitor: FlaskClient) -> None:
    # When
    page = visitor.get("/api/docs").text
    # Then
    assert set() == set(re.findall(r'href="#([^"]+)"', page)) - set(re.findall(r'id="([^"]+)"', page))


def test_the_style_sheet_is_ours(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/docs.css")
    assert (200, "text/css; charset=utf-8") == (answer.status_code, answer.content_type)
