"""Searches kept under a name: saved, opened from the desk, renamed, deleted; each only by whose they are."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from chassis.errors import Invalid
from chassis.identity import Principal
from services.portal.saved import keeping
from tests.unit.portal.pages.people import ORIGIN, Pages
from tests.unit.portal.readmodel.story import APPEAL_NO

MOST = 20
"""Policy key search.saved."""
QUERY = urlencode({"q": "险情", "kind": "APPEAL"})


def save(browser: Any, name: str = "险情", query: str = QUERY) -> Any:
    return browser.post("/api/searches", json={"name": name, "query": query}, headers=ORIGIN)


def names(browser: Any) -> list[str]:
    return [each["name"] for each in browser.get("/api/searches").json["items"]]


def test_given_a_search_when_saved_on_its_page_then_one_click_on_the_desk_asks_it_again(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    html = browser.get(f"/find?{QUERY}&cursor=").text
    form = dict(re.findall(r'name="(csrf_token|query)" value="([^"]+)"', html.partition('action="/find/saved"')[2]))
    sent = {"csrf_token": form["csrf_token"], "query": form["query"].replace("&amp;", "&"), "name": "我的险情"}
    assert 303 == browser.post("/find/saved", data=sent, headers=ORIGIN).status_code
    link = re.search(r'<a class="button" href="(/find\?[^"]+)">我的险情</a>', browser.get("/").text)
    assert link
    assert f'href="/cases/{APPEAL_NO}"' in browser.get(link[1].replace("&amp;", "&")).text


def test_given_a_saved_search_when_renamed_and_deleted_on_the_page_then_it_is(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    key = save(browser).json["id"]
    token = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/find").text)[1]}
    browser.post(f"/find/saved/{key}/name", data={**token, "name": "新名称"}, headers=ORIGIN)
    assert ["新名称"] == names(browser)
    browser.post(f"/find/saved/{key}/end", data=token, headers=ORIGIN)
    assert [] == names(browser)


@pytest.mark.parametrize(
    ("told", "field"),
    [({"name": "", "query": QUERY}, "name"), ({"name": "长" * 31, "query": QUERY}, "name"),
     ({"name": "空", "query": "cursor=x"}, "query"), ({"name": "错", "query": "state=NONE"}, "state"),
     ({"name": "错", "query": "colour=red"}, "colour"), ({"query": QUERY}, "name"),
     ({"name": "多", "query": QUERY, "more": 1}, "more")],
)  # fmt: skip
def test_given_bad_input_when_saved_then_the_field_says_why_and_nothing_is_kept(
    pages: Pages, told: dict[str, Any], field: str
) -> None:
    browser = pages.as_user("lishan")
    answer = browser.post("/api/searches", json=told, headers=ORIGIN)
    assert (422, [field], []) == (answer.status_code, list(answer.json["errors"]), names(browser))


def test_given_a_name_taken_when_saved_or_renamed_then_refused_by_the_name(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    save(browser)
    other = save(browser, "另一个").json["id"]
    renamed = browser.post(f"/api/searches/{other}/name", json={"name": "险情"}, headers=ORIGIN)
    assert [(422, ["name"])] * 2 == [(each.status_code, list(each.json["errors"])) for each in (save(browser), renamed)]


def test_given_somebody_elses_when_renamed_or_deleted_then_not_found(pages: Pages) -> None:
    key = save(pages.as_user("lishan")).json["id"]
    other = pages.as_user("lili")
    assert ([], 404, 404, 404) == (
        names(other), other.delete(f"/api/searches/{key}", headers=ORIGIN).status_code,
        other.post(f"/api/searches/{key}/name", json={"name": "x"}, headers=ORIGIN).status_code,
        other.delete("/api/searches/none", headers=ORIGIN).status_code,
    )  # fmt: skip


def test_given_one_place_left_when_two_are_saved_at_once_then_one_wins_and_the_other_is_told_why(pages: Pages) -> None:
    browser, who = pages.as_user("lishan"), Principal("u-lishan", "李珊", ())
    for no in range(MOST - 1):
        save(browser, f"第{no}个")

    def one(name: str) -> str:
        try:
            with pages.store.transaction() as session:
                keeping.save(session, who, name, QUERY, pages.clock())
        except Invalid as refused:
            return str(refused.details["fields"]["name"][0])
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(one, ("甲", "乙")))
    assert (["saved", f"最多保存 {MOST} 个查找，请先删去不用的"], MOST) == (told, len(names(browser)))


def test_given_a_search_for_somebody_when_saved_then_the_store_holds_no_clear_word_of_it(pages: Pages) -> None:
    save(pages.as_user("lishan"), query=urlencode({"person": "陈桂兰"}))
    with pages.store.transaction() as session:
        kept = session.scalar(text("select encode(query, 'escape') from saved_search"))
    assert ("陈桂兰" in kept, "person" in kept) == (False, False)
