"""The table of routes against the contracts."""

from __future__ import annotations

from collections import Counter

import pytest

from contracts.rpc import dispatch, intake, mediation, notify
from contracts.schema import CommandSchema
from services.portal.api.route import Route
from services.portal.api.table import ROUTES

PACKAGES = (intake, dispatch, mediation, notify)


def commands() -> set[type[CommandSchema]]:
    """Every command a service answers: the concrete ones, which have an example."""
    found = (value for package in PACKAGES for value in vars(package).values() if isinstance(value, type))
    return {kind for kind in found if issubclass(kind, CommandSchema) and "example" in kind.__dict__}


def test_every_command_has_exactly_one_route() -> None:
    for_people = commands() - {mediation.SessionPlace}  # which notify alone may ask
    assert dict.fromkeys(for_people, 1) == dict(Counter(route.command for route in ROUTES))


def test_no_two_routes_share_method_and_path() -> None:
    assert [] == [key for key, times in Counter((route.method, route.path) for route in ROUTES).items() if times > 1]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.command.method)
def test_path_names_are_fields_of_the_command(route: Route) -> None:
    named = route.adapt({"key": "S1"}).keys() if route.adapt else route.ids
    assert set() == set(named) - set(route.command().fields)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.command.method)
def test_what_changes_something_is_a_post(route: Route) -> None:
    reads = route.command.method.startswith(("get_", "list_", "resolve_", "check_", "agreement_document"))
    assert ("GET" if reads else "POST") == route.method


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.command.method)
def test_places_of_new_things_are_made_from_the_answer(route: Route) -> None:
    names = {"number", "id"} & set(route.command.answer().fields)
    assert route.location is None or route.location.format(**dict.fromkeys(names, "x")).startswith("/api/")
