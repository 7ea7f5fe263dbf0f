"""Cards show what the service answers now, though its event has not arrived yet."""

from __future__ import annotations

import pytest

from services.portal.pages.wording import said
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.story import APPEAL_NO, iso

pytestmark = pytest.mark.rule("48")


def test_given_a_task_just_signed_when_the_desk_is_drawn_then_state_clock_and_buttons_are_the_answers(
    pages: Pages,
) -> None:
    signed = answers.task("lijingjie-sifasuo", "SIGNED", "report_in", report_due=iso(103))
    pages.peers.answers["list_tasks"] = answers.page([signed])
    html = pages.as_user("hewenbin").get("/tasks").text
    card = html.partition(APPEAL_NO)[2].partition("</li>")[0]
    assert (True, True, False, True) == (
        "已签收" in card, said(iso(103)) in card, "/do/sign_task" in card, "/do/report_in" in card,
    )  # fmt: skip


def test_given_a_task_just_finished_when_the_desk_is_drawn_then_it_has_left(pages: Pages) -> None:
    pages.peers.answers["list_tasks"] = answers.page([])
    assert "没有未了结的哨令" in pages.as_user("hewenbin").get("/tasks").text


def test_given_a_case_without_clock_when_drawn_then_the_old_clock_of_events_is_not(pages: Pages) -> None:
    pages.peers.answers["get_appeal"] = answers.appeal(due_at=None, handler={"id": "u-new", "name": "新承办"})
    html = pages.as_user("lishan").get(f"/cases/{APPEAL_NO}").text
    assert (False, True) == ("<dt>期限</dt>" in html, "<dt>承办人</dt><dd>新承办" in html)
