"""六员: what each hat begins is what a steward may do, one tap away."""

from __future__ import annotations

import re

import pytest

from contracts.intake.campaigns import RecordVisit
from kernel.codes import Hat, Role
from services.portal.pages.beginning import BEGINS as BEGINNING
from services.portal.pages.hats import BEGINS
from tests.unit.portal.pages.people import Outline, Pages, account

COMMUNITY = "yinchuan.xingqing.lijingjie.yinhong"


@pytest.mark.row("S4.22")
def test_given_six_hats_when_compared_with_rights_then_a_steward_may_begin_each() -> None:
    begun = {hat: command for hat, command in BEGINS.items() if command.method in BEGINNING}
    assert (set(Hat), {Hat.COLLECTOR}) == (set(BEGINS), set(Hat) - set(begun))
    assert [] == [hat for hat, command in begun.items() if Role.STEWARD not in command.by.roles]
    assert Role.STEWARD in RecordVisit.by.roles


@pytest.mark.row("S4.22")
def test_given_a_steward_when_the_page_is_opened_then_each_hat_is_one_link_and_others_are_refused(pages: Pages) -> None:
    account(pages.store, "steward", "楼长", ("STEWARD", COMMUNITY, None))
    html = pages.as_user("steward").get("/hats").text
    found = Outline(html)
    drawn = re.findall(r'href="(/[^"]+)"><strong>(\w+)<small>', html)
    assert [hat.label for hat in Hat] == [name for _, name in drawn]
    assert 6 == len({address for address, _ in drawn})
    assert ([], [], 1) == (found.unbalanced, found.inline, found.headings.count("h1"))
    assert 403 == pages.as_user("street").get("/hats").status_code
