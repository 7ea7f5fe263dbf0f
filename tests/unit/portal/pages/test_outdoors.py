"""Pages that a phone may keep, and forms that a script sends later: who is named, what is answered."""

from __future__ import annotations

import pytest

from chassis.errors import Invalid
from contracts.intake.shops import GetShop
from contracts.registry import READS
from tests.unit.portal.pages.people import ORIGIN, Pages
from tests.unit.portal.readmodel.story import STAIRWELL

JSON = {**ORIGIN, "Accept": "application/json"}
HAZARD = {
    "key": "a-key-of-the-test", "area_path": STAIRWELL, "place_text": "门口", "description": "台阶断裂",
    "kind": "STRUCTURE", "level": "GENERAL",
}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/outdoors", True),
        ("/new/report_hazard", True),
        ("/", False),
        ("/me", False),
        ("/new/report_hazard?at=yinchuan", False),
    ],
)
def test_given_a_page_when_drawn_then_only_those_for_outdoors_name_whose_they_are(
    pages: Pages, address: str, kept: bool
) -> None:
    answer = pages.as_user("lishan").get(address)
    assert (200, kept) == (answer.status_code, "X-Outdoors" in answer.headers)


def test_given_nobody_logged_in_when_asked_who_it_is_then_nobody(pages: Pages) -> None:
    assert {"who": "", "token": ""} == pages.browser().get("/outdoors/session").json


def test_given_a_form_sent_by_a_script_when_taken_then_its_address_is_the_answer(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    pages.peers.answers["report_hazard"] = {"number": "Y202407080101000013"}
    token = browser.get("/outdoors/session").json["token"]
    answer = browser.post("/new/report_hazard", data={**HAZARD, "csrf_token": token}, headers=JSON)
    assert {"at": "/cases/Y202407080101000013?done=report_hazard"} == answer.json


def test_given_a_form_sent_by_a_script_when_refused_then_the_fields_say_why(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    token = browser.get("/outdoors/session").json["token"]
    pages.peers.answers["report_hazard"] = Invalid.because({"kind": ["请选哪一类"]})
    told = {**HAZARD, "csrf_token": token}
    answer = browser.post("/new/report_hazard", data=told, headers=JSON)
    assert (422, "invalid", {"kind": "请选哪一类"}) == (answer.status_code, answer.json["code"], answer.json["wrong"])


def test_given_a_form_of_an_ended_session_when_sent_by_a_script_then_it_waits_for_a_new_one(pages: Pages) -> None:
    ended = pages.browser().post("/new/report_hazard", data=HAZARD, headers=JSON)
    other = pages.as_user("lishan").post("/new/report_hazard", data={**HAZARD, "csrf_token": "old"}, headers=JSON)
    assert (401, 403, "cross_site") == (ended.status_code, other.status_code, other.json["code"])


def test_given_the_service_worker_when_fetched_then_it_is_a_script_at_the_root(pages: Pages) -> None:
    answer = pages.browser().get("/sw.js")
    assert (200, True) == (answer.status_code, "javascript" in answer.content_type)


def test_given_a_shop_when_staff_read_it_then_it_is_the_whole_record_and_not_the_public_one() -> None:
    assert GetShop is READS["SHOP"]
