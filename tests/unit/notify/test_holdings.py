"""What notify holds of a person goes when intake orders it, and no old event brings it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis import erased
from chassis.errors import Unavailable
from chassis.identity import Principal
from chassis.tables import AUDIT
from contracts.intake.appeals import AppealRegistered
from contracts.intake.erasures import ErasureOrdered
from contracts.intake.incidents import AppealNoticeGiven
from contracts.notify.holdings import CopyFromNotify
from contracts.samples import MERGED_NO
from services.notify import holdings
from services.notify.assistance import Assistance
from services.notify.care_profiles import CareProfile
from services.notify.care_rounds import CareCall
from services.notify.tables import AppealFile, FollowUp, Message
from services.notify.wishes import Wish
from tests.support.delivering import failing, twice
from tests.support.events import hear, names_said, said
from tests.unit.notify import assisting, caring, pressing, stewarding, wishing
from tests.unit.notify.facts import NOW, NUMBER, SERVICE, fact, registered, tell, with_follow_up
from tests.unit.notify.test_ending_news import ITSELF, OTHER, merged_second

GONE = "（已删除）"
NOTICE = "appeal_notice_given"
GRANDMOTHER = {"name": "马 秀英", "phone": "139-0000-0301"}
RESIDENT = ErasureOrdered.example["person_ids"][0]


def order(*numbers, whole=True):
    told = {"numbers": list(numbers), "whole": whole}
    return hear(ErasureOrdered, told, case_number=ErasureOrdered.example["number"])


def erase(session, who, event, now, people=(GRANDMOTHER,)):
    holdings.HELD.erase(session, who, event, now, ask=lambda *_, **__: {"people": list(people)})


def rows(store, model):
    with store.transaction() as session:
        return session.scalars(select(model)).all()


def reported(store):
    with store.transaction() as session:
        return [(fact["data"]["cleared"], fact["data"]["kept"]) for fact in said(session, "notify_erased")]


def test_given_an_old_person_on_the_list_when_erased_then_the_calls_end_and_nothing_tells_who_it_was(store):
    caring.called(store)
    twice(store, erase, order(), NOW)
    (profile,), (call,) = rows(store, CareProfile), rows(store, CareCall)
    assert call.birthday is None  # it was hers that Friday
    assert ("ENDED", GONE, GONE, GONE, GONE, None, None) == (
        profile.state, profile.name, profile.masked_name, profile.phone, profile.place_text, profile.emergency,
        profile.person_key,
    )  # fmt: skip
    assert [(2, [])] == reported(store)
    with store.transaction() as session:
        assert "care_profile_ended" in names_said(session)


def test_given_a_pairing_and_a_pager_when_asking_for_a_copy_then_both_are_told_and_erased_once_they_have_ended(store):
    caring.furnish(store)
    pairing, pager = stewarding.paired(store, **GRANDMOTHER), pressing.pager(store, **GRANDMOTHER)
    asked = {"people": [GRANDMOTHER], "person_ids": [], "numbers": []}
    copy = wishing.do(store, "copy_from_notify", Principal.service("intake"), **asked)
    told = {item["what"] for item in copy["items"]}
    assert {"结对帮扶", "呼叫器"} <= told
    twice(store, erase, order(), NOW)
    assert {pairing, pager} == {kept["number"] for kept in reported(store)[0][1]}


@pytest.mark.parametrize(
    "people", [[{"name": "马秀英", "phone": "13900000399"}], [{"name": "马秀英", "phone": None}], []]
)
def test_given_a_name_alone_or_another_telephone_when_erased_then_nobody_is_touched(store, people):
    caring.called(store)
    with store.transaction() as session:
        erase(session, SERVICE, order(), NOW, people)
    assert ["马秀英"] == [profile.name for profile in rows(store, CareProfile)]


def test_given_a_commit_that_fails_when_erasing_then_nothing_is_gone(store):
    caring.called(store)
    failing(store, erase, order(), NOW)
    assert (["马秀英"], []) == ([profile.name for profile in rows(store, CareProfile)], reported(store))


def test_given_intake_that_does_not_answer_when_erasing_then_it_comes_again(store):
    def away(*_, **__):
        raise Unavailable("没有应答")

    with store.transaction() as session, pytest.raises(Unavailable):
        holdings.HELD.erase(session, SERVICE, order(), NOW, ask=away)


def test_given_an_open_follow_up_when_erased_then_it_stays_and_is_named(store):
    with_follow_up(store)
    (row,) = rows(store, FollowUp)
    twice(store, erase, order(row.case_number), NOW)
    ((_, kept),) = reported(store)
    assert ([(row.number, "RUNNING")], row.resident_name) == (
        [(each["number"], each["why"]) for each in kept], rows(store, FollowUp)[0].resident_name,
    )  # fmt: skip


def test_given_a_case_that_was_told_of_when_erased_then_files_and_messages_name_nobody(store):
    with_follow_up(store)
    (row,) = rows(store, FollowUp)
    twice(store, erase, order(row.case_number), NOW)
    names = {each.recipient_name for each in rows(store, Message) if each.audience == "RESIDENT"}
    assert ({GONE}, {GONE}) == (names, {each.reporter_name for each in rows(store, AppealFile)})


def test_given_a_reporter_whose_case_was_merged_when_asking_for_a_copy_and_erased_then_what_was_told_of_the_other_too(
    store,
):
    registered(store)
    merged_second(store)
    tell(store, fact(AppealNoticeGiven, dict(ITSELF), 12), NOW)
    about = {"people": [], "person_ids": [OTHER], "numbers": [MERGED_NO]}
    with store.transaction() as session:
        items = holdings.HELD.copy(session, Principal.service("intake"), CopyFromNotify().load(about), NOW)["items"]
    assert "您反映的事正在统一处置" in {word["text"] for item in items for word in item["words"]}
    event = hear(ErasureOrdered, {**order(MERGED_NO).data, "person_ids": [OTHER]}, case_number=MERGED_NO)
    twice(store, erase, event, NOW)
    told = {row.case_number: row.recipient_name for row in rows(store, Message) if row.template == NOTICE}
    assert (GONE, False) == (told[MERGED_NO], GONE == told[NUMBER])


def test_given_an_old_event_when_replayed_after_erasing_then_the_name_does_not_come_back(store):
    twice(store, erase, order("S202407060104000018"), NOW)
    for number in ("S202407060104000018", "S202407050001000011"):
        event = hear(AppealRegistered, case_number=number)
        with store.transaction() as session:
            assert GONE == erased.without_names(session, event).data["reporter"]["masked_name"]


def test_given_one_case_of_two_erased_when_an_event_of_the_other_comes_then_it_still_names_the_person(store):
    twice(store, erase, order("S202407060104000018", whole=False), NOW)
    named = {}
    for number in ("S202407060104000018", "S202407050001000011"):
        with store.transaction() as session:
            event = hear(AppealRegistered, case_number=number)
            named[number] = erased.without_names(session, event).data["reporter"]["masked_name"]
    assert {"S202407060104000018": GONE, "S202407050001000011": "陈*"} == named


def test_given_an_erasure_when_done_then_the_trail_tells_it_without_a_name(store):
    caring.called(store)
    twice(store, erase, order(), NOW)
    with store.transaction() as session:
        (row,) = session.execute(select(AUDIT).where(AUDIT.c.act == "erase"))
    assert (2, False) == (row.details["cleared"], "马秀英" in str(row))


def test_given_intake_when_asking_for_a_copy_then_it_gets_it_in_words(store):
    caring.called(store)
    asked = CopyFromNotify().load({"people": [GRANDMOTHER], "person_ids": [RESIDENT], "numbers": []})
    with store.transaction() as session:
        items = holdings.HELD.copy(session, Principal.service("intake"), asked, NOW)["items"]
    assert {"马秀英", "13900000301", "1940-07-05"} <= {word["text"] for item in items for word in item["words"]}


WANG = {"name": "王国祥", "phone": "139 0000 0401"}
GRANNY = {"name": "马奶奶", "phone": "13900000402"}
LONG_AFTER = NOW + timedelta(days=366 * 20)


def with_help(store):
    """An application that was taken back, and a wish that was."""
    applied = assisting.applied(store)
    assisting.do(store, "withdraw_assistance", number=applied)
    wished = wishing.posted(store, phone=GRANNY["phone"])
    wishing.do(store, "withdraw_wish", number=wished)
    return applied, wished


def test_given_assistance_and_a_wish_when_the_person_asks_then_both_are_told_without_the_telephone_of_a_wish(store):
    with_help(store)
    asked = CopyFromNotify().load({"people": [WANG, GRANNY], "person_ids": [RESIDENT], "numbers": []})
    with store.transaction() as session:
        items = holdings.HELD.copy(session, Principal.service("intake"), asked, NOW)["items"]
    told = {item["what"]: {word["label"]: word["text"] for word in item["words"]} for item in items}
    assert ("糖尿病，没有工作", "想要一副老花镜") == (told["社会救助"]["情况"], told["微心愿"]["心愿"])
    assert "13900000402" not in str(told)


def test_given_assistance_and_a_wish_when_erased_then_they_stay_for_their_terms_and_go_after_them(store):
    applied, wished = with_help(store)
    with store.transaction() as session:
        erase(session, SERVICE, order(), NOW, (WANG, GRANNY))
    with store.transaction() as session:
        again = replace(order(), data={**order().data, "number": "Q20350101010400001G"})
        erase(session, SERVICE, again, LONG_AFTER, (WANG, GRANNY))
    (cleared, kept), (later, rest) = reported(store)
    (case,), (wish,) = rows(store, Assistance), rows(store, Wish)
    assert (0, {applied, wished}, 2, []) == (cleared, {each["number"] for each in kept}, later, rest)
    assert {GONE, None} == {
        case.name, case.phone, case.circumstances, case.person_key, wish.content, wish.for_whom, wish.person_key,
    }  # fmt: skip
