"""The main menu: derived, in few groups, and nothing in it that its reader may not open."""

from __future__ import annotations

import re

import pytest

from chassis.errors import NotFound
from contracts import registry
from kernel.codes import STAFF_ROLES, Role
from services.portal.pages import menu
from services.portal.pages.derived import BOARDS, LISTS
from services.portal.pages.forms import BEGINNING
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Outline, Pages, account

MOST_SHOWN = 14
STREET = "yinchuan.xingqing.lijingjie"
ENTRY = re.compile(r'<nav aria-label="主菜单">.*?</nav>', re.S)


def somebody(role: Role) -> object:
    class Somebody:
        roles = frozenset({role})

    return Somebody()


def all_of(found: menu.Menu) -> list[str]:
    return [item.address for item in (*found.first, *(item for group in found.groups for item in group.items))]


@pytest.mark.parametrize("role", [role for role in Role if role in STAFF_ROLES])
def test_given_a_role_when_its_menu_is_made_then_few_words_stand_in_line_and_nothing_twice(role: Role) -> None:
    found = menu.of(somebody(role))  # type: ignore[arg-type]
    assert len(found.first) + len(found.groups) <= MOST_SHOWN
    assert len(all_of(found)) == len(set(all_of(found)))


def test_given_what_is_declared_when_all_menus_are_read_then_every_form_list_and_board_is_somewhere() -> None:
    declared = {f"/new/{form.method}" for form in BEGINNING} | {f"/{each.page}" for each in (*LISTS, *BOARDS)}
    offered = {each for role in Role for each in all_of(menu.of(somebody(role)))}  # type: ignore[arg-type]
    assert set() == declared - offered


def test_given_services_with_lists_when_grouped_then_each_has_its_heading() -> None:
    assert {each.service for each in LISTS} == set(menu.SUBJECTS)
    assert set(menu.SUBJECTS) < {command.service for command in registry.COMMANDS.values()}


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.COMMUNITY, Role.STEWARD, Role.CARE, Role.VOLUNTEER])
def test_given_a_menu_when_each_entry_is_opened_then_none_is_refused_or_missing(pages: Pages, role: Role) -> None:
    account(pages.store, "somebody", "某人", (role, STREET, "yinhong"))
    lists = {command.method: answers.page([]) for command in (*LISTS, *BOARDS)}
    reports = {"first_day": "2024-07-01", "last_day": "2024-07-31", "version": "default/1", "figures": []}
    named = ("report_rates", "report_appraisal", "report_supervisions", "report_crossings", "report_returned",
             "report_re_calls", "report_care_coverage")  # fmt: skip
    pages.peers.answers |= {**lists, **dict.fromkeys(named, reports), "list_wordings": answers.page([]),
                            "list_outlines": answers.page([]), "list_orders": answers.page([]),
                            "resolve_post": NotFound("没有"), "list_post_leaves": answers.page([])}  # fmt: skip
    browser = pages.as_user("somebody")
    found = ENTRY.search(browser.get("/").text)
    drawn = re.findall(r'href="([^"]+)"', found[0] if found else "")
    assert len(drawn) > len(BOARDS)
    assert [] == [(each, status) for each in drawn if (status := browser.get(each).status_code) >= 400]


def test_given_the_page_of_a_group_when_drawn_then_its_heading_says_so_and_the_markup_is_sound(pages: Pages) -> None:
    pages.peers.answers["list_wishes"] = answers.page([])
    html = pages.as_user("street").get("/wishes").text
    assert (1, True) == (html.count('<summary class="here">关怀</summary>'), 'name="menu"' in html)
    assert [] == Outline(html).unbalanced
