"""Beside an appeal stand those that may be the same matter, with the reasons, and one tap merges."""

from __future__ import annotations

from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import a1

NUMBER, OTHER = "S202407060104000075", "S202407060104000083"
ALIKE = {
    "number": OTHER, "state": "IN_PROGRESS", "title": "下水道堵了", "score": 83, "created_at": "2024-07-05T01:00:00Z",
    "area_path": "yinchuan", "reasons": ["同一楼门单元", "同一天", "都提到“下水道堵”“倒灌”"],
}  # fmt: skip


def page(pages: Pages, *commands: str) -> str:
    tell(pages.store, list(a1(number=NUMBER))[:3])
    known = answers.appeal(*commands, number=NUMBER, state="IN_PROGRESS")
    pages.peers.answers |= {"get_appeal": known, "list_alike": {"items": [ALIKE]}}
    return pages.as_user("lishan").get(f"/cases/{NUMBER}").text


def test_given_an_open_appeal_when_looked_at_then_what_may_be_the_same_stands_there_with_its_reasons(
    pages: Pages,
) -> None:
    html = page(pages, "merge_appeal")
    assert (True, True, True) == (
        "可能是同一件事" in html, "都提到“下水道堵”“倒灌”" in html,
        f'name="into_number" value="{OTHER}"' in html,
    )  # fmt: skip


def test_given_who_may_not_merge_when_looking_then_there_is_nothing_to_tap(pages: Pages) -> None:
    html = page(pages)
    assert (True, False) == ("可能是同一件事" in html, 'name="into_number"' in html)
