"""One command for several things of a list: each is sent for itself, and what was refused is told in its row."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Unavailable, VersionMismatch
from contracts import registry
from contracts.dispatch.tasks import SignTask, WhistleTaskAssigned
from services.portal.pages.fields import Kind
from services.portal.pages.together import TOGETHER
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages
from tests.unit.portal.readmodel import story
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import APPEAL_NO, HAZARD_NO, task_id

FIRST, SECOND = task_id(APPEAL_NO, "lijingjie-sifasuo"), task_id(HAZARD_NO, "lijingjie-sifasuo")
PICK = re.compile(r'name="pick" value="([^"]+)"')


def unsigned() -> list[dict[str, Any]]:
    signed = answers.task("lijingjie-sifasuo", "ASSIGNED", "sign_task", "object_task")
    return [signed, {**signed, "id": SECOND, "version": 9}]


def form(html: str) -> dict[str, Any]:
    """What a browser would send with everything ticked."""
    found = re.search(r'<form class="together".*?</form>', html, flags=re.S)
    assert found, "no form for several"
    sent: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[0]))
    return {**sent, "pick": [unescape(value) for value in PICK.findall(html)]}


def sent(pages: Pages) -> list[tuple[str, int | None]]:
    signed = [call for call in pages.peers.calls if call.method == "sign_task"]
    return [(call.command["task_id"], call.how["expected_version"]) for call in signed]


@pytest.fixture
def called(pages: Pages) -> Pages:
    """Two tasks of a unit that nobody has signed."""
    pages.peers.answers["list_tasks"] = answers.page(unsigned())
    for number, kind in ((APPEAL_NO, "appeal"), (HAZARD_NO, "hazard")):
        about = {"kind": kind.upper(), "id": story.uid(f"{kind} {number}"), "number": number}
        event = story.of_task(story.Teller(number), 73.2, WhistleTaskAssigned, "lijingjie-sifasuo", about)
        tell(pages.store, [replace(event, id=story.uid(f"again {event.subject}"), aggregate_version=8)])
    return pages


@pytest.mark.parametrize("address", ["/", "/tasks"])
def test_given_several_unsigned_when_ticked_and_sent_then_each_is_signed_as_it_was_drawn(
    called: Pages, address: str
) -> None:
    receiver = called.as_user("hewenbin")
    html = receiver.get(address).text
    answer = receiver.post("/together/sign_task", data=form(html), headers=ORIGIN)
    assert (200, True) == (answer.status_code, "2 件都办成了" in answer.text)
    assert {(FIRST, 7), (SECOND, 9)} == set(sent(called))
    assert ([], [], []) == (Outline(html).unlabelled, Outline(html).unbalanced, Outline(answer.text).unbalanced)


def test_given_one_is_refused_when_sent_together_then_the_others_are_done_and_its_row_says_why(called: Pages) -> None:
    def sign(command: dict[str, Any]) -> Any:
        if command["task_id"] == SECOND:
            raise Conflict("这件哨令已经签收", state="SIGNED", allowed_states=["ASSIGNED"])
        return answers.task("lijingjie-sifasuo", "SIGNED")

    called.peers.answers["sign_task"] = sign
    receiver = called.as_user("hewenbin")
    html = receiver.post("/together/sign_task", data=form(receiver.get("/").text), headers=ORIGIN).text
    for words in (
        "2 件里办成 1 件，1 件没有办成",
        "✕ 没有办成：这件哨令已经签收",
        "只有这些状态可以办：已送达",
        "✓ 已提交：签收",
    ):
        assert words in html


@pytest.mark.parametrize("error", [Unavailable("消息总线暂时不可用"), VersionMismatch("已经变了")])
def test_given_nothing_is_taken_when_sent_together_then_every_row_says_so(called: Pages, error: Exception) -> None:
    called.peers.answers["sign_task"] = error
    receiver = called.as_user("hewenbin")
    html = receiver.post("/together/sign_task", data=form(receiver.get("/").text), headers=ORIGIN).text
    assert 2 == html.count("✕ 没有办成")


def test_given_the_same_page_when_sent_twice_then_the_keys_are_the_same_and_one_each(called: Pages) -> None:
    receiver = called.as_user("hewenbin")
    told = form(receiver.get("/").text)
    for _ in range(2):
        receiver.post("/together/sign_task", data=told, headers=ORIGIN)
    keys = [call.how["idempotency_key"] for call in called.peers.calls if call.method == "sign_task"]
    assert (4, 2, True) == (len(keys), len(set(keys)), keys[:2] == keys[2:])


def test_given_nothing_ticked_when_sent_then_nothing_is_done_and_it_says_so(called: Pages) -> None:
    receiver = called.as_user("hewenbin")
    told = {**form(receiver.get("/").text), "pick": []}
    answer = receiver.post("/together/sign_task", data=told, headers=ORIGIN)
    assert ("没有打勾" in answer.text, []) == (True, sent(called))


@pytest.mark.parametrize(
    ("method", "changed", "status"),
    [
        ("finish_task", {}, 404),
        ("nonsense", {}, 404),
        ("sign_task", {"csrf_token": "x"}, 403),
        ("sign_task", {"pick": ["nonsense"]}, 422),
        ("sign_task", {"pick": ["a|x|b"]}, 422),
        ("sign_task", {"pick": [f"{no}|1|S" for no in range(101)]}, 422),
    ],
)
def test_given_what_no_page_offers_when_sent_then_a_named_error_and_nothing_is_done(
    called: Pages, method: str, changed: dict[str, Any], status: int
) -> None:
    receiver = called.as_user("hewenbin")
    told = {**form(receiver.get("/").text), **changed}
    assert status == receiver.post(f"/together/{method}", data=told, headers=ORIGIN).status_code
    assert [] == sent(called)


def test_given_one_alone_when_drawn_then_nothing_is_offered_for_several(pages: Pages) -> None:
    pages.peers.answers["list_tasks"] = answers.page(unsigned()[:1])
    assert 'class="together"' not in pages.as_user("hewenbin").get("/").text


def test_given_the_contracts_when_looked_through_then_what_is_done_together_takes_nothing_to_fill_in() -> None:
    declared = {name for name, command in registry.COMMANDS.items() if command.together}
    assert SignTask.method in {form.method for form in TOGETHER.values()}
    assert len(declared) == len(TOGETHER)
    assert [] == [form.method for form in TOGETHER.values() for each in form.fields if each.kind is not Kind.FIXED]
