"""六员: what each hat begins is what a steward may do, one tap away."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from chassis.errors import NotFound
from chassis.standing import Standing
from contracts.intake.campaigns import CampaignOpened, RecordVisit
from kernel.codes import Hat, Role
from kernel.numbers import case_number
from services.portal.pages.beginning import BEGINS as BEGINNING
from services.portal.pages.hats import BEGINS
from services.portal.readmodel import kinds
from tests.unit.portal.pages.people import Outline, Pages, account
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import APPEAL_NO, Teller, uid

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


@pytest.mark.parametrize(("node", "status"), [("g3.b5u2", 200), ("g4.b1u1", 404)])
def test_given_visits_of_a_grid_when_a_steward_opens_them_then_only_one_whose_stairwell_lies_in_it(
    pages: Pages, node: str, status: int
) -> None:
    number = case_number("Z", date(2024, 7, 8), "0104", 1)
    event = Teller(number, area=f"{COMMUNITY}.g3").say(70, CampaignOpened, uid("campaign"))
    standing = Standing("CAMPAIGN", "OPEN", number, waits=("person:u-lishan",))
    tell(pages.store, [replace(event, standing=standing)])
    account(pages.store, "steward", "楼长", ("STEWARD", f"{COMMUNITY}.{node}", None))
    pages.peers.answers["get_campaign"] = NotFound("没有")
    steward = pages.as_user("steward")
    assert (status, 404) == (
        steward.get(f"/cases/{number}").status_code,
        steward.get(f"/cases/{APPEAL_NO}").status_code,
    )


def test_given_what_is_walked_when_derived_then_it_is_campaigns() -> None:
    assert {"CAMPAIGN"} == kinds.WALKED
