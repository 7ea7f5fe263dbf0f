"""A right decides and says itself; what is composed of rights does both by its parts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from chassis.identity import Grant, Principal
from kernel.codes import Role
from kernel.rights import among, anywhere, at, everybody, named, of_unit, own, residents, services, when

ITEM = SimpleNamespace(area_path="a.b", handler_id="u-1", unit="fire", against=["fire", "u-9"], secret=True)


def person(id_="u-0", role="GRID", node="z", unit=None, kind="person"):
    return Principal(id_, "某某", (Grant(role, node, unit),), kind)


HANDLER = own("handler_id", words="承办人")
WORKERS = at(Role.GRID)
SECRET = when("保密的件", lambda item: item.secret)


@pytest.mark.parametrize(
    ("right", "who", "may"),
    [
        (at(Role.GRID), person(node="a"), True),
        (at(Role.GRID), person(node="a.b.c"), False),
        (at(Role.GRID), person(node="a", role="STREET"), False),
        (anywhere(Role.GRID), person(), True),
        (HANDLER, person("u-1"), True),
        (HANDLER, person("u-2"), False),
        (among("against", ""), person("u-9"), True),
        (among("against", ""), person(unit="fire"), True),
        (among("against", ""), person(), False),
        (of_unit("unit", ""), person(unit="fire"), True),
        (of_unit("unit", ""), person(unit="water"), False),
        (residents(), person(kind="resident"), True),
        (residents(), person(role="PROXY"), True),
        (residents(), person(), False),
        (services("notify"), Principal.service("notify"), True),
        (services("notify"), Principal.service("portal"), False),
        (services(), Principal.service("portal"), True),
        (everybody(), person(), True),
        (HANDLER | WORKERS, person(node="a"), True),
        (HANDLER | WORKERS, person(), False),
        (WORKERS.but(HANDLER), person("u-1", node="a"), False),
        (WORKERS.but(HANDLER), person("u-2", node="a"), True),
        (WORKERS.given(HANDLER), person("u-2", node="a"), False),
        (WORKERS.given(HANDLER), person("u-1", node="a"), True),
        (WORKERS.unless(SECRET, HANDLER), person("u-2", node="a"), False),
        (WORKERS.unless(SECRET, HANDLER), person("u-1"), True),
        (WORKERS.but(HANDLER).unless(when("", lambda item: False), HANDLER), person("u-1", node="a"), False),
    ],
)
def test_given_a_right_when_asked_then_it_decides(right, who, may):
    assert may is right.allows(who, ITEM)


def test_given_a_named_right_when_asked_then_the_service_s_test_decides():
    tests = {"friend": lambda who, item: who.id == "u-7"}
    right = named("friend", "好友")
    assert [True, False] == [right.allows(person(id_), ITEM, tests) for id_ in ("u-7", "u-8")]


def test_given_a_named_right_without_a_test_when_asked_then_it_is_a_fault():
    with pytest.raises(KeyError, match="friend"):
        named("friend", "好友").allows(person(), ITEM)


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (at(Role.GRID, Role.WINDOW), "该处的网格员、窗口值班"),
        (HANDLER | WORKERS, "承办人，或该处的网格员"),
        (WORKERS.but(HANDLER), "该处的网格员（承办人除外）"),
        ((HANDLER | WORKERS).but(named("x", "被投诉的一方")), "承办人，或该处的网格员；被投诉的一方均除外"),
        (WORKERS.given(SECRET), "该处的网格员（限保密的件）"),
        (WORKERS.unless(SECRET, HANDLER), "该处的网格员；保密的件，限承办人"),
        (services() | HANDLER, "承办人"),
        (HANDLER.but(services()), "承办人"),
    ],
)
def test_given_a_right_when_printed_then_it_says_itself(right, words):
    assert words == str(right)


@pytest.mark.parametrize(("secret", "roles"), [(True, (Role.STREET,)), (False, (Role.GRID,))])
def test_given_a_case_with_another_right_when_refused_then_the_roles_of_that_case_are_named(secret, roles):
    right = WORKERS.unless(SECRET, at(Role.STREET)).but(HANDLER)
    assert roles == right.chosen(person(), SimpleNamespace(secret=secret)).roles


def test_given_a_composed_right_when_refused_then_all_roles_that_would_do_are_named():
    right = (HANDLER | at(Role.GRID, Role.STREET) | at(Role.GRID)).but(at(Role.ADMIN))
    assert (Role.GRID, Role.STREET) == right.roles
