"""Before an appeal is registered its form shows suggestions; a person adopts one, without any script."""

from __future__ import annotations

from chassis.errors import Unavailable
from tests.unit.portal.pages.people import ORIGIN, Pages
from tests.unit.portal.pages.test_beginning import token
from tests.unit.portal.readmodel.story import APPEAL_NO, STAIRWELL

FORM, LOOK = "/new/register_appeal", "/new/register_appeal/suggestions"
ENTERED = {"content": "路灯不亮，晚上看不见", "area_path": STAIRWELL, "place_text": "楼前", "danger_flags:FIRE": "1"}
SUGGESTED = {"code": "housing.drain.blocked", "name": "下水堵塞", "words": ["下水堵"], "cases": [APPEAL_NO]}
ALIKE = {"number": APPEAL_NO, "title": "下水堵了", "score": 77, "reasons": ["同一天"], "state": "ASSIGNED"}


def looked(pages: Pages, **more: str) -> str:
    known = {"items": [{"code": "housing.drain.blocked", "parent": None, "name": "下水堵塞"}]}
    pages.peers.answers |= {"suggest_category": {"items": [SUGGESTED]}, "find_alike": {"items": [ALIKE]}}
    pages.peers.answers["list_categories"] = known
    browser = pages.as_user("lishan")
    known = {"csrf_token": token(browser.get(FORM).text)}
    answer = browser.post(LOOK, data={**known, **ENTERED, **more}, headers=ORIGIN)
    assert 200 == answer.status_code
    return str(answer.text)


def test_given_words_when_looked_at_then_category_words_and_what_is_alike_stand_beside_the_form(pages: Pages) -> None:
    html = looked(pages)
    assert [True] * 6 == [
        each in html
        for each in (
            "下水堵塞",
            "依据：下水堵",
            "相似度77",
            "同一天",
            ENTERED["content"],
            f'value="{STAIRWELL}" selected',
        )
    ]
    assert "register_appeal" not in [call.method for call in pages.peers.calls]


def test_given_a_suggestion_when_adopted_then_it_is_chosen_and_the_rest_stands(pages: Pages) -> None:
    html = looked(pages, adopted="housing.drain.blocked")
    assert [True] * 3 == [
        each in html
        for each in ('value="housing.drain.blocked" selected', "楼前", 'name="danger_flags:FIRE" value="1" checked')
    ]


def test_given_no_service_when_looked_at_then_the_form_stands_as_it_was(pages: Pages) -> None:
    away = Unavailable("消息总线暂时不可用")
    pages.peers.answers |= {"suggest_category": away, "find_alike": away}
    browser = pages.as_user("lishan")
    answer = browser.post(LOOK, data={"csrf_token": token(browser.get(FORM).text), **ENTERED}, headers=ORIGIN)
    assert (200, True) == (answer.status_code, ENTERED["content"] in answer.text)
