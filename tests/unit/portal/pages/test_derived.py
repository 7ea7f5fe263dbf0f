"""A capability no file of the portal names: desk, page, forms, lists and board, from its contract alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, NotFound
from chassis.standing import Standing
from contracts import registry
from contracts.notify.wishes import WishPosted
from kernel.numbers import KINDS, case_number
from services.portal.readmodel import kinds
from tests.unit.portal.api.pictures import picture
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages, account, hidden
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import COMMUNITY, Teller, at, iso, uid

NUMBER, OTHER = (case_number("X", date(2024, 7, 8), "0104", seq) for seq in (1, 2))
CASE = f"/cases/{NUMBER}"
PORTAL = Path(__file__).parents[4] / "services/portal"
STREET = "yinchuan.xingqing.lijingjie"
STEWARD, VOLUNTEER = {"id": "u-steward", "name": "楼长"}, {"id": "u-helper", "name": "马慧兰"}
WORDS = "想要一台收音机，一个人在家太静了"


def view(*commands: str, **more: Any) -> dict[str, Any]:
    told = {
        "id": uid("wish"), "number": NUMBER, "case_number": NUMBER, "version": 3, "area_path": COMMUNITY,
        "created_at": iso(70), "state": "OPEN", "wall_text": "老人想要一台收音机", "content": None, "for_whom": None,
        "place_text": None, "cost": "80.00", "posted_by": None, "claimer": None, "due_at": iso(90), "proof": [],
        "allowed_commands": list(commands),
    }  # fmt: skip
    return {**told, **more}


INSIDE = {"content": WORDS, "for_whom": "赵大爷", "place_text": "3号楼101", "posted_by": STEWARD}


@pytest.fixture
def wish(pages: Pages) -> Pages:
    """A wish on the wall, posted by a steward; a volunteer of the street, a community worker, one from elsewhere."""
    account(pages.store, "steward", "楼长", ("STEWARD", COMMUNITY, None))
    account(pages.store, "helper", "马慧兰", ("VOLUNTEER", STREET, None))
    account(pages.store, "other", "别处", ("VOLUNTEER", "yinchuan.xingqing.shandalu", None))
    account(pages.store, "wangfang", "王芳", ("COMMUNITY", COMMUNITY, "yinhong"))
    stands(pages, "OPEN", "role:VOLUNTEER")
    pages.peers.answers |= {
        "get_wish": view("claim_wish"), "list_wishes": answers.page([view()]),
        "list_wall": answers.page([{"number": NUMBER, "state": "OPEN", "wall_text": "老人想要一台收音机"}]),
    }  # fmt: skip
    return pages


def stands(pages: Pages, state: str, *waits: str, version: int = 1, **tally: str) -> None:
    event = Teller(NUMBER).say(70, WishPosted, uid("wish"))
    standing = Standing("WISH", state, NUMBER, due=at(90), waits=waits, tally={"first": "u-steward", **tally})
    tell(pages.store, [replace(event, id=uid(f"wish {version}"), aggregate_version=version, standing=standing)])


def claimed(pages: Pages) -> None:
    stands(pages, "CLAIMED", "person:u-helper", version=2, handler="u-helper")
    shown = view("fulfil_wish", "release_wish", state="CLAIMED", claimer=VOLUNTEER, **INSIDE)
    pages.peers.answers["get_wish"] = shown


def test_given_an_open_wish_when_a_volunteer_looks_then_it_waits_on_her_desk_by_its_words(wish: Pages) -> None:
    html, elsewhere = (wish.as_user(user).get("/").text for user in ("helper", "other"))
    there = ["待认领心愿", f'<a href="/cases/{NUMBER}">', "老人想要一台收音机"]
    assert (there, []) == tuple([each for each in there if each in page] for page in (html, elsewhere))


def test_given_an_open_wish_when_a_volunteer_opens_it_then_labels_and_form_and_nothing_that_came_empty(
    wish: Pages,
) -> None:
    html = wish.as_user("helper").get(CASE).text
    there = [
        "<h1>老人想要一台收音机</h1>",
        "待认领",
        "<dt>大约多少钱</dt><dd>80.00 元</dd>",
        "/do/claim_wish",
        "期限",
    ]
    absent = ["为谁", "送到哪里", "首问负责", "暂时读不到", "draft_whistle"]
    assert (there, []) == ([each for each in there if each in html], [each for each in absent if each in html])


@pytest.mark.parametrize(("user", "status"), [("steward", 200), ("helper", 200), ("other", 404), ("wangfang", 200)])
def test_given_a_claimed_wish_when_looked_at_then_those_who_have_it_in_hand_and_those_of_the_place_see_it(
    wish: Pages, user: str, status: int
) -> None:
    claimed(wish)
    assert status == wish.as_user(user).get(CASE).status_code


def test_given_a_claimed_wish_when_its_people_look_then_the_words_are_a_paragraph_and_people_have_names(
    wish: Pages,
) -> None:
    claimed(wish)
    html = wish.as_user("wangfang").get(CASE).text
    for each in (f'<p class="words">{WORDS}</p>', "<dt>为谁</dt><dd>赵大爷</dd>", "<dt>认领人</dt><dd>马慧兰</dd>"):
        assert each in html
    assert "/do/draft_whistle" not in html


@pytest.mark.parametrize("error", [Forbidden("无权"), NotFound("没有")])
def test_given_a_service_that_shows_her_nothing_when_opened_then_the_page_stands_without_alarm(
    wish: Pages, error: Exception
) -> None:
    wish.peers.answers["get_wish"] = error
    answer = wish.as_user("helper").get(CASE)
    assert (200, False) == (answer.status_code, "登记和办理内容暂时读不到" in answer.text)


def test_given_a_photo_of_what_was_done_when_sent_then_the_service_is_asked_by_number_and_the_photo_is_proof(
    wish: Pages,
) -> None:
    claimed(wish)
    helper = wish.as_user("helper")
    sent = {**hidden(helper.get(CASE).text, "fulfil_wish"), "proof": (BytesIO(picture("PNG")), "a.png")}
    wish.peers.answers["fulfil_wish"] = view()
    answer = helper.post(f"{CASE}/do/fulfil_wish", data=sent, headers=ORIGIN, content_type="multipart/form-data")
    call = next(call for call in wish.peers.calls if call.method == "fulfil_wish")
    assert (303, NUMBER, ["AFTER"], 3) == (
        answer.status_code, call.command["number"], [each["stage"] for each in call.command["proof"]],
        call.how["expected_version"],
    )  # fmt: skip


def test_given_a_wish_claimed_meanwhile_when_claimed_then_the_page_names_the_states_in_words(wish: Pages) -> None:
    helper = wish.as_user("helper")
    sent = {**hidden(helper.get(CASE).text, "claim_wish"), "promise_at": "2024-07-12T18:00"}
    wish.peers.answers["claim_wish"] = Conflict("已经有人认领", allowed_states=["OPEN"])
    html = helper.post(f"{CASE}/do/claim_wish", data=sent, headers=ORIGIN).text
    assert "只有这些状态可以办：待认领" in html


def test_given_a_steward_when_posting_then_places_are_offered_and_it_opens(wish: Pages) -> None:
    steward = wish.as_user("steward")
    page = steward.get("/new/post_wish").text
    wish.peers.answers["post_wish"] = view(**INSIDE)
    told = {"content": WORDS, "for_whom": "赵大爷", "place_text": "3号楼", "area_path": COMMUNITY, "agreed": "1"}
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = steward.post("/new/post_wish", data={**told, "csrf_token": token}, headers=ORIGIN)
    (sent,) = (call.command for call in wish.peers.calls if call.method == "post_wish")
    assert (True, 303, f"{CASE}?done=post_wish", True, 200) == (
        f'value="{COMMUNITY}"' in page, answer.status_code, answer.headers["Location"], sent["agreed"],
        steward.get(answer.headers["Location"]).status_code,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("user", "offered"),
    [
        ("steward", ["/new/report_hazard", "/new/post_wish"]),
        ("helper", ["/wishes"]),
        ("wangfang", ["/new/register_appeal", "/new/report_hazard", "/new/post_wish", "/whistles", "/wishes"]),
        ("hewenbin", ["/tasks"]),
    ],
)
def test_given_a_role_when_the_menu_is_drawn_then_what_its_commands_are_for(
    wish: Pages, user: str, offered: list[str]
) -> None:
    head = wish.as_user(user).get("/").text.partition("</nav>")[0]
    links = ["/new/register_appeal", "/new/report_hazard", "/new/post_wish", "/tasks", "/whistles", "/wishes"]
    assert offered == [each for each in links if f'href="{each}"' in head]


def test_given_the_list_when_filtered_and_turned_then_the_service_is_asked_and_only_what_opens_is_a_link(
    wish: Pages,
) -> None:
    rows = [view(), view(number=OTHER, state="CLAIMED", wall_text="想学用手机", claimer=VOLUNTEER)]
    wish.peers.answers["list_wishes"] = {"items": rows, "next_cursor": "further"}
    html = wish.as_user("helper").get("/wishes?state=CLAIMED&cursor=more").text
    (asked,) = (call.command for call in wish.peers.calls if call.method == "list_wishes")
    assert (["CLAIMED"], "more") == (asked["state"], asked["cursor"])
    assert (True, False, True, True) == (
        f'<a href="{CASE}">' in html, f"/cases/{OTHER}" in html, "?state=CLAIMED&amp;cursor=further" in html,
        "<dt>认领人</dt><dd>马慧兰</dd>" in html,
    )  # fmt: skip


def test_given_the_wall_when_anybody_looks_then_no_login_no_link_and_large_print(wish: Pages) -> None:
    browser = wish.browser()
    there = browser.get(f"/wall?at={COMMUNITY}&here=1").headers["Location"]
    browser.get(f"/public/print-size?large=1&next={there}")
    html = browser.get(there).text
    assert (f"/wall/{COMMUNITY}", True, True, False) == (
        there, "老人想要一台收音机" in html, 'class="public large"' in html, f"/cases/{NUMBER}" in html,
    )  # fmt: skip
    assert [404, 404] == [browser.get(f"/wall/{area}").status_code for area in ("no-such-place!", "nowhere.at.all")]


@pytest.mark.parametrize(
    ("user", "path"),
    [("helper", "/"), ("helper", CASE), ("wangfang", CASE), ("helper", "/wishes"), ("steward", "/new/post_wish"),
     (None, "/wall"), (None, f"/wall/{COMMUNITY}")],
)  # fmt: skip
def test_given_a_derived_page_when_drawn_then_its_markup_is_sound(wish: Pages, user: str | None, path: str) -> None:
    answer = (wish.as_user(user) if user else wish.browser()).get(path)
    found = Outline(answer.text)
    assert (200, 1, [], [], []) == (
        answer.status_code, found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced,
    )  # fmt: skip
    assert len(found.ids) == len(set(found.ids))


def test_given_the_letters_of_numbers_when_read_then_each_is_a_kind_of_matter() -> None:
    assert [KINDS[letter] for letter in KINDS] == [
        kinds.about(kinds.of_number(f"{letter}{'0' * 18}")).name for letter in KINDS
    ]
    assert ("", "事项") == (kinds.of_number(f"O{'0' * 18}"), kinds.about("PARLIAMENT").name)


def test_given_the_portal_when_read_then_no_file_of_it_names_what_is_derived() -> None:
    files = [file for file in PORTAL.rglob("*") if file.suffix in {".py", ".html", ".css", ".js"}]
    assert [] == [str(file) for file in files if "wish" in file.read_text().lower()]
    assert "WISH" in registry.MATTERS
