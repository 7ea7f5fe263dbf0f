"""A code on a wall opens the report of its place; what is dangerous is reported as a danger."""

from __future__ import annotations

import pytest

from contracts import samples
from tests.unit.portal.pages.people import ORIGIN, Pages
from tests.unit.portal.readmodel.story import HAZARD_NO, STAIRWELL

COVER = {
    "key": "a-key-of-the-test", "area_path": STAIRWELL, "content": "井盖没了", "place_text": "东门外", "scanned": "1",
    "kind": "MANHOLE", "asset": "TELECOM", "name": "刘大爷", "phone": "13900000311",
}  # fmt: skip
RECEIPT = {"number": HAZARD_NO, "created_at": samples.NOON, "on_duty": samples.LI_SHAN}


def sent(pages: Pages, **more: str) -> tuple[int, str, list[dict[str, object]]]:
    pages.peers.answers["report_hazard"] = RECEIPT
    answer = pages.browser().post("/report", data={**COVER, **more}, headers=ORIGIN)
    told = [call.command for call in pages.peers.calls if call.method == "report_hazard"]
    return answer.status_code, answer.text, told


def test_given_a_scanned_code_when_opened_then_the_form_is_that_of_the_place(pages: Pages) -> None:
    page = pages.browser().get(f"/r/{STAIRWELL}").text
    assert (True, True) == ("5号楼2单元" in page, 'name="scanned" value="1"' in page)


@pytest.mark.parametrize("path", ["/r/yinchuan.nowhere", "/r/..", "/r/yinchuan.nowhere/poster"])
def test_given_a_code_of_no_place_when_opened_then_it_is_not_found(pages: Pages, path: str) -> None:
    assert 404 == pages.browser().get(path).status_code


def test_given_a_danger_when_sent_then_it_is_reported_as_one_and_the_number_shown(pages: Pages) -> None:
    status, page, (told,) = sent(pages)
    assert (201, True, True) == (status, HAZARD_NO in page, "李珊" in page)
    assert ("MANHOLE", "TELECOM", "QR", "SERIOUS", "13900000311") == (
        told["kind"], told["asset"], told["channel"], told["level"], told["reporter"]["phone"],  # type: ignore[index]
    )  # fmt: skip


def test_given_a_danger_without_words_when_sent_then_it_is_refused_beside_the_field(pages: Pages) -> None:
    status, page, told = sent(pages, content=" ")
    assert (422, True, []) == (status, 'id="content-wrong"' in page, told)


def test_given_nobody_on_duty_when_sent_then_the_receipt_says_who_will_come(pages: Pages) -> None:
    pages.peers.answers["report_hazard"] = {**RECEIPT, "on_duty": None}
    answer = pages.browser().post("/report", data=COVER, headers=ORIGIN)
    assert "社区值班人员" in answer.text


def test_given_the_number_of_a_hazard_when_looked_up_then_hazards_are_asked(pages: Pages) -> None:
    pages.peers.answers["check_hazard"] = {
        "number": HAZARD_NO, "state": "SECURED", "state_text": "现场已经看护起来", "title": "井盖缺失",
        "registered_at": samples.NOON, "first_responder_name": "李珊", "steps": [],
    }  # fmt: skip
    page = pages.browser().post("/public", data={"number": HAZARD_NO, "phone_tail": "0311"}, headers=ORIGIN).text
    assert "现场已经看护起来" in page


def test_given_a_place_when_its_poster_is_opened_then_the_code_and_its_address_are_there(pages: Pages) -> None:
    page = pages.browser().get(f"/r/{STAIRWELL}/poster").text
    assert (True, True) == ("data:image/svg+xml" in page, f"/r/{STAIRWELL}" in page)
