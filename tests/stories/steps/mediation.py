"""Sentences about mediation: willingness, sessions, agreement, remedies."""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PdfReader
from pytest_bdd import given, parsers, then, when

from tests.stories.steps import appeals, whistles
from tests.stories.talk import Story

MEDIATOR = "石秀英"


def act(story: Story, verb: str, **body: Any) -> dict[str, Any]:
    story.case = story.do(MEDIATOR, f"/api/mediations/{story.mediation()['id']}/{verb}", **body)
    return story.case


def opened(story: Story) -> dict[str, Any]:
    return story.soon("the mediation case", story.mediation)


def party(story: Story, side: str) -> str:
    return next(each["party_id"] for each in story.case["parties"] if each["side"] == side)


@then("调解案件已立案")
def case_opened(story: Story) -> None:
    assert "ACCEPTED" == opened(story)["state"]


@given("陈阿姨的诉求已经立案调解")
def in_mediation(story: Story) -> None:
    appeals.registered(story)
    appeals.identifies_dispute(story, 4800)
    opened(story)


@given("双方同意调解，石秀英被指定为调解员")
@when("双方同意调解，石秀英被指定为调解员")
def both_willing(story: Story) -> None:
    opened(story)
    for side, name in (("CLAIMANT", "陈桂兰"), ("RESPONDENT", "赵建军")):
        act(story, "willingness", party_id=party(story, side), willing="YES", how="PHONE")
        act(story, "parties", party_id=party(story, side), name=name, address="5号楼2单元")
    act(story, "mediator", mediator_id="u-shixiuying", how_chosen="APPOINTED")
    act(story, "rights-notice", party_ids=[each["party_id"] for each in story.case["parties"]], how="ON_SITE")


@when("7月6日10点在邻居家开第一次会，双方同意不提前通知，结果是对方拒绝赔偿")
def first_session(story: Story) -> None:
    story.set_time(2024, 7, 6, 10, 0)
    hold(story, "ON_SITE", "邻居家", "NO_AGREEMENT", reason_code="REFUSED_COMPENSATION")


def hold(story: Story, kind: str, place: str, outcome: str, **more: Any) -> None:
    schedule(story, kind, place, story.now().isoformat(), [], waived=True)
    record(story, outcome, **more)


def schedule(story: Story, kind: str, place: str, starts_at: str, helpers: list[str], *, waived: bool) -> None:
    act(story, "sessions", kind=kind, starts_at=starts_at, place_text=place, helper_ids=helpers, notice_waived=waived)
    story.session = max(story.case["sessions"], key=lambda each: each["session_no"])["session_id"]


def record(story: Story, outcome: str, **more: Any) -> None:
    present = [each["party_id"] for each in story.case["parties"]]
    verb = f"sessions/{story.session}/record"
    act(story, verb, outcome=outcome, record_text="双方到场，记录在案", present=present, **more)


@then(parsers.parse('调解案件的状态是"{state}"'))
def case_state(story: Story, state: str) -> None:
    assert state == story.soon(f"case {state}", lambda: story.mediation()["state"] == state and state)


@when("双方同意三位帮手参加调解")
def consent(story: Story) -> None:
    story.soon("three helpers", lambda: len(story.mediation()["helpers"]) == 3)
    for helper in list(story.case["helpers"]):
        for side in ("CLAIMANT", "RESPONDENT"):
            act(story, "helper-consents", party_id=party(story, side), helper_id=helper["helper_id"])


@when("调解员约定7月9日15点开第二次会")
def second_session(story: Story) -> None:
    helpers = [each["helper_id"] for each in story.mediation()["helpers"]]
    schedule(story, "JOINT", "银虹社区调解室", "2024-07-09T15:00:00+08:00", helpers, waived=False)


@then("陈阿姨和三个部门收到开会通知")
def invited(story: Story) -> None:
    sent(story, "mediation_session", "mediation_session_helper")


@then("7月9日13点1分他们又收到提醒")
def reminded(story: Story) -> None:
    story.set_time(2024, 7, 9, 13, 1)
    sent(story, "mediation_reminder", "mediation_reminder_helper")


def sent(story: Story, to_resident: str, to_helper: str) -> None:
    """The message has left: once for the resident, once for each of the three units."""

    def templates() -> list[str] | None:
        items = story.ask("社区", "/api/messages", case_number=story.number)["items"]
        left = [item["template"] for item in items if item["state"] == "SENT"]
        wanted = [each for each in left if each in (to_resident, to_helper)]
        return sorted(wanted) if wanted.count(to_helper) >= 3 and to_resident in wanted else None

    assert story.soon(f"{to_resident} sent", templates)


@when("第二次会议达成共识")
def agreed(story: Story) -> None:
    story.later(minutes=50)
    record(story, "AGREED")


@when(parsers.parse("调解员起草协议，赔偿{amount:d}元，当场付清"))
def drafted(story: Story, amount: int) -> None:
    term = {
        "obligor_party_id": party(story, "RESPONDENT"), "obligee_party_id": party(story, "CLAIMANT"),
        "content": "赔偿地板和墙面损失", "amount": f"{amount}.00", "method": "CASH", "due_at": None,
    }  # fmt: skip
    path = f"/api/mediations/{story.case['id']}/agreements"
    words = {"facts": "楼上住户将垃圾倒入马桶，致污水倒灌", "liability": "楼上住户承担全部责任"}
    made = story.do(MEDIATOR, path, **words, terms=[term], copies=3)
    story.agreement = made["id"]


def sign(story: Story, **body: Any) -> dict[str, Any]:
    return story.do(MEDIATOR, f"/api/agreements/{story.agreement}/signatures", **body)


def agreement(story: Story) -> dict[str, Any]:
    return next(each for each in story.mediation()["agreements"] if each["id"] == story.agreement)


@then("协议还没有生效")
def not_yet(story: Story) -> None:
    assert agreement(story)["effective_at"] is None


@when("双方按手印，调解员签字，调委会盖章")
def all_sign(story: Story) -> None:
    for side in ("CLAIMANT", "RESPONDENT"):
        sign(story, signer="PARTY", party_id=party(story, side), manner="FINGERPRINT")
    sign(story, signer="MEDIATOR", manner="SIGN")
    story.do(MEDIATOR, f"/api/agreements/{story.agreement}/seal")


@then("协议生效，司法确认可以申请到2024年8月8日")
def effective(story: Story) -> None:
    made = agreement(story)
    assert ("EFFECTIVE", True) == (made["state"], made["judicial_until"][:10] in ("2024-08-08", "2024-08-09"))


@then("协议书是一份中文PDF")
def document(story: Story) -> None:
    answer = story.send(MEDIATOR, "GET", f"/api/agreements/{story.agreement}/document.pdf")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    wanted = ("人民调解协议书", "陈桂兰", "赵建军", "4800", "司法确认")
    missing = [each for each in wanted if each not in words.replace(",", "")]
    assert ("application/pdf", []) == (answer.headers["Content-Type"], missing)


@when("赔偿款付清，有收据")
def performed(story: Story) -> None:
    path = f"/api/agreements/{story.agreement}/performance"
    story.do(MEDIATOR, path, term_no=1, proof="RECEIPT", attachments=[story.photo(MEDIATOR)])


@when("邻居表示不愿意调解")
def refuses(story: Story) -> None:
    act(story, "willingness", party_id=party(story, "RESPONDENT"), willing="NO", how="ON_SITE")


@then("双方收到其他救济途径的告知")
def remedies(story: Story) -> None:
    def told() -> list[str] | None:
        items = story.ask("社区", "/api/messages", case_number=story.number)["items"]
        # the neighbour left no telephone: the community is asked to tell him in person
        found = [item["template"] for item in items if item["template"] in ("mediation_remedies", "tell_in_person")]
        return sorted(found) if len(found) >= 2 else None

    assert ["mediation_remedies", "tell_in_person"] == story.soon("two remedies notices", told)


@when("有人还想再约一次会")
def one_more(story: Story) -> None:
    story.try_to(lambda: schedule(story, "JOINT", "调解室", story.now().isoformat(), [], waived=True))


@when("调解员终止调解")
def terminated(story: Story) -> None:
    act(story, "termination", reason="FAILED")


@when("三个部门签收并报到，协商没有达成协议")
def attended_without_agreement(story: Story) -> None:
    for unit in whistles.people.HELPERS:
        whistles.sign(story, unit)
        whistles.report_in(story, unit, "MEETING")
    hold(story, "JOINT", "银虹社区调解室", "NO_AGREEMENT", reason_code="REFUSED_COMPENSATION")
