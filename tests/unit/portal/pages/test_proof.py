"""Proof of "solved": shown to those who may read the case, the resident among them."""

from __future__ import annotations

import hashlib

import pytest

from services.portal.api.files import item_of
from services.portal.uploads.tables import Upload
from tests.unit.portal.api.fakes import NOW
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Pages
from tests.unit.portal.readmodel.story import APPEAL_NO, HAZARD_NO

PHOTO = b"\x89PNG\r\n\x1a\n after"
PROOF = {"sha256": hashlib.sha256(PHOTO).hexdigest(), "kind": "PHOTO", "stage": "AFTER", "caption": None}
pytestmark = pytest.mark.rule("45")


def kept(pages: Pages) -> None:
    told = {
        "size": len(PHOTO),
        "media_type": "image/png",
        "uploaded_by": "u-lishan",
        "brought_by": ["u-lishan"],
        "uploaded_at": NOW,
    }
    with pages.store.transaction() as session:
        session.add(Upload(sha256=PROOF["sha256"], content=PHOTO, **told))


def address(number: str) -> str:
    return f"/api/matters/{number}/attachments/{item_of(number, str(PROOF['sha256']))}"


@pytest.mark.parametrize(
    ("number", "method", "view"),
    [
        (APPEAL_NO, "get_appeal", answers.appeal(attachments=[], result_attachments=[PROOF])),
        (HAZARD_NO, "get_hazard", answers.hazard(photos=[], verify_photos=[PROOF])),
    ],
)
def test_given_proof_of_the_result_when_staff_look_then_the_page_leads_to_it(
    pages: Pages, number: str, method: str, view: answers.View
) -> None:
    pages.peers.answers[method] = view
    user = "lishan" if number == APPEAL_NO else "lili"
    assert address(number) in pages.as_user(user).get(f"/cases/{number}").text


def test_given_a_performed_term_when_staff_look_then_its_proof_is_there(pages: Pages) -> None:
    made = answers.agreement()
    made["terms"][0]["attachments"] = [PROOF]
    pages.peers.answers["get_case"] = answers.mediation(agreements=(made,))
    assert address(APPEAL_NO) in pages.as_user("lishan").get(f"/cases/{APPEAL_NO}").text


def test_given_a_photo_of_the_result_when_the_resident_asks_then_it_is_on_the_page(pages: Pages) -> None:
    kept(pages)
    pages.peers.answers["check_resident"] = answers.resident_view(result_attachments=[PROOF])
    asked = {"number": APPEAL_NO, "phone_tail": "0001"}
    html = pages.browser().post("/public", data=asked, headers=ORIGIN).text
    assert 1 == html.count('src="data:image/png;base64,')
