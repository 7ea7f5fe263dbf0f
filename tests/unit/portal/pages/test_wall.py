"""The wall of a street: every figure is that of the rows it opens, and who is on duty stands above them."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import NotFound, Unavailable
from services.portal.pages import todos
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.district import counted, put, random_district, rows_of
from tests.unit.portal.pages.people import Outline, Pages, account

STREET = "yinchuan.xingqing.lijingjie"
POST = {"area_path": STREET, "name": "街道诉求处置值班", "on_duty": {"id": "u-street", "name": "姜海涛"}}


@pytest.fixture
def walls(pages: Pages) -> Pages:
    pages.peers.answers |= {command.method: answers.page([]) for command in todos.BY_NUMBER.values()}
    pages.peers.answers["resolve_post"] = POST
    account(pages.store, "leader", "区领导", ("DISTRICT", "yinchuan.xingqing", None))
    return pages


@pytest.mark.parametrize(("user", "seed"), [("street", 1), ("leader", 2)])
def test_given_random_matters_when_the_wall_is_drawn_then_each_figure_is_that_of_its_rows(
    walls: Pages, user: str, seed: int
) -> None:
    put(walls, random_district(seed))
    browser = walls.as_user(user)
    told = counted(browser.get("/duty-wall").text)
    assert len(told) > 10
    assert told == {link: rows_of(browser, link) for link in told}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (POST, "值班：<strong>姜海涛</strong>（街道诉求处置值班）"),
        ({**POST, "on_duty": None}, "现在没有人值班"),
        (NotFound("没有"), "现在没有人值班"),
        (Unavailable("不通"), "值班人员暂时读不到"),
    ],
)
def test_given_somebody_or_nobody_on_duty_when_drawn_then_it_says_so_and_is_drawn_anew_by_itself(
    walls: Pages, answer: Any, words: str
) -> None:
    walls.peers.answers["resolve_post"] = answer
    html = walls.as_user("street").get("/duty-wall").text
    found = Outline(html)
    assert (True, True) == (words in html, '<meta http-equiv="refresh" content="30">' in html)
    assert ([], [], 1) == (found.inline, found.unbalanced, found.headings.count("h1"))


@pytest.mark.parametrize(("user", "address", "status"), [
    ("lishan", "/duty-wall", 403), ("street", "/duty-wall?at=yinchuan.xingqing.shandalu", 403),
    ("street", "/duty-wall?at=x!", 404),
])  # fmt: skip
def test_given_who_does_not_answer_for_the_place_when_asked_then_refused(
    walls: Pages, user: str, address: str, status: int
) -> None:
    assert status == walls.as_user(user).get(address).status_code


def test_given_nobody_logged_in_when_asked_then_the_login(walls: Pages) -> None:
    assert [303, 303] == [walls.browser().get(each).status_code for each in ("/duty-wall", "/styleguide")]
