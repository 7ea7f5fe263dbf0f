"""What a page says when something was not done, and what it does not offer at all."""

from __future__ import annotations

import re

import pytest

from chassis.errors import Conflict, Invalid
from services.portal.pages.forms import FORMS
from services.portal.problems import KINDS, OTHER
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Pages, hidden
from tests.unit.portal.readmodel.story import APPEAL_NO

CASE = f"/cases/{APPEAL_NO}"
FOR_PROGRAMS = re.compile(
    r"JSON|Bearer|Idempotency|Retry-After|Allow|ETag|If-Match|Authorization|cookie|roles|errors|凭证|头"
)
pytestmark = pytest.mark.rule("46")


def send(pages: Pages, method: str, error: Exception, **entered: str) -> str:
    lishan = pages.as_user("lishan")
    sent = {**hidden(lishan.get(CASE).text, method), **entered}
    pages.peers.answers[method] = error
    return lishan.post(f"{CASE}/do/{method}", data=sent, headers=ORIGIN).text


@pytest.mark.parametrize("code", [*KINDS, "other"])
def test_given_a_kind_of_problem_when_a_page_tells_it_then_in_words_of_people(code: str) -> None:
    plain = KINDS.get(code, OTHER).plain
    assert (True, None) == (len(plain) > 10, FOR_PROGRAMS.search(plain))


def test_given_an_address_that_is_none_when_opened_then_the_page_speaks_to_people(pages: Pages) -> None:
    html = pages.as_user("lishan").get("/cases/S000").text
    assert (True, None) == (KINDS["not_found"].plain in html, FOR_PROGRAMS.search(html.partition("<main")[2]))


def test_given_a_conflict_when_told_then_states_have_names(pages: Pages) -> None:
    html = send(pages, "confirm_task", Conflict("此件现在不能核实", allowed_states=["FINISHED"]))
    assert (False, True) == (
        "FINISHED" in html.partition("</header>")[2].partition("<header")[0],
        "此件现在不能核实" in html,
    )


def test_given_a_key_that_is_none_when_sent_then_the_page_asks_to_load_it_again(pages: Pages) -> None:
    html = send(pages, "record_contact", Invalid.because({}), how="PHONE", key="short")
    assert ("请刷新页面后再提交" in html, "ASCII" in html) == (True, False)


def test_given_a_refused_form_when_drawn_again_then_its_place_is_kept_and_the_wrong_field_is_first(
    pages: Pages,
) -> None:
    html = send(pages, "record_handling", Invalid.because({"content": ["长度应为 10 到 5000 个字"]}), content="短")
    (place,) = re.findall(r'<details class="act" open id="([^"]+)">', html)
    assert (1, 1) == (
        html.count(f'action="{CASE}/do/record_handling#{place}"'), len(re.findall(r"<textarea[^>]* autofocus", html)),
    )  # fmt: skip


def test_given_the_address_of_a_refused_form_when_opened_again_then_the_case(pages: Pages) -> None:
    answer = pages.as_user("lishan").get(f"{CASE}/do/record_handling")
    assert (303, CASE) == (answer.status_code, answer.headers["Location"])


def test_given_a_required_field_when_drawn_then_it_says_so(pages: Pages) -> None:
    html = pages.as_user("lishan").get(CASE).text
    (label, field) = re.findall(r"做了什么(.*?)</label>.*?<textarea([^>]*)>", html, flags=re.S)[0]
    assert (True, True) == ("必填" in label, " required" in field)


def test_given_a_choice_of_nothing_when_drawn_then_its_form_is_not_offered(pages: Pages) -> None:
    pages.peers.answers["get_case"] = {**answers.mediation("consent_to_helper"), "helpers": []}
    assert "/do/consent_to_helper" not in pages.as_user("lishan").get(CASE).text


@pytest.mark.rule("47")
def test_given_a_unit_to_name_when_objecting_or_deciding_then_it_is_chosen_by_name() -> None:
    fields = [field for form in FORMS.values() for field in form.fields if field.name.endswith("_unit")]
    view = {"units": {"gongdian": "供电公司"}}
    assert [[("gongdian", "供电公司")]] * 2 == [field.options(view) for field in fields]


@pytest.mark.rule("47")
def test_given_names_cannot_be_learned_when_drawn_then_no_code_stands_for_a_unit(pages: Pages) -> None:
    pages.peers.answers["list_units"] = answers.page([])
    assert "<dt>主办</dt><dd>单位名称暂时读不到" in pages.as_user("lishan").get(CASE).text
