"""Residents are masked; whoever sees more needs role, scope and purpose, and leaves a trace."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from marshmallow import ValidationError
from sqlalchemy import select

from chassis.errors import Forbidden, Invalid, NotFound
from chassis.identity import Grant, Principal
from chassis.tables import AUDIT
from contracts.intake.appeals import GetAppeal
from contracts.intake.endings import WithdrawAppeal
from contracts.intake.residents import (
    CheckResident,
    FindAddress,
    FindAddresses,
    ResidentCaseView,
    RevealContact,
)
from services.intake import endings, plainly, reading, residents, views
from services.intake.tables import Person
from tests.unit.intake.test_working import handle
from tests.unit.intake.world import (
    AUDITOR,
    CALLER,
    CHEN,
    ELSEWHERE,
    LISHAN,
    NOTIFY,
    OTHER,
    STAIRWELL,
    STRANGER,
    WANG,
    WINDOW,
    do,
    facts_of,
    register,
    solve,
    stored,
)
from tools.trail import broken_link


def reveal(store, who, view, person="reporter"):
    return do(store, residents.reveal, RevealContact, who, person_id=str(view[person]["person_id"]))


def trail(store):
    with store.transaction() as session:
        assert broken_link(session) is None
        return [(row.principal_id, row.act, row.purpose) for row in session.execute(select(AUDIT))]


@pytest.mark.parametrize("who", [LISHAN, WANG, CALLER, AUDITOR, NOTIFY])
def test_given_role_and_scope_when_a_contact_is_revealed_then_an_audit_row_says_who_and_why(store, who):
    answer = reveal(store, who, register(store))
    assert ("陈阿姨", "13900000001") == (answer["name"], answer["phone"])
    assert [(who.id, "reveal_contact", "回访电话")] == trail(store)


def test_given_the_contact_person_when_revealed_then_the_same_rules_hold(store):
    assert "13900000002" == reveal(store, LISHAN, register(store), "contact_person")["phone"]


@pytest.mark.rule("4")
@pytest.mark.parametrize("who", [OTHER, STRANGER, WINDOW, CHEN])
def test_given_no_role_or_scope_when_a_contact_is_asked_for_then_there_is_nobody_and_no_trace(store, who):
    view = register(store)
    with pytest.raises(NotFound):
        reveal(store, who, view)
    assert [] == trail(store)


def test_given_an_ended_case_when_staff_ask_for_the_contact_then_it_is_forbidden(store):
    view = register(store)
    do(store, endings.withdraw_appeal, WithdrawAppeal, WANG, number=view["number"])
    with pytest.raises(Forbidden):
        reveal(store, LISHAN, view)


def test_given_a_secret_reporter_when_asked_for_then_only_the_first_responder_and_the_auditor_get_it(store):
    view = register(store, secret=True)
    assert "13900000001" == reveal(store, LISHAN, view)["phone"]
    for who in (WANG, CALLER, NOTIFY):
        with pytest.raises(Forbidden):
            reveal(store, who, view)


def test_given_a_secret_reporter_when_the_case_is_read_then_reporter_and_speaker_are_hidden(store):
    number = register(store, secret=True)["number"]
    seen = {who.name: do(store, reading.get_appeal, GetAppeal, who, number=number) for who in (WANG, LISHAN)}
    assert {"王芳": (None, None, True), "李珊": (True, True, True)} == {
        name: (view["reporter"] and True, view["contact_person"] and True, view["secret"])
        for name, view in seen.items()
    }


def test_given_nobody_when_revealed_then_it_is_not_found(store):
    with pytest.raises(NotFound):
        do(store, residents.reveal, RevealContact, LISHAN)


def check(store, number, tail="0001"):
    return do(store, plainly.check_resident, CheckResident, STRANGER, number=number, phone_tail=tail)


@pytest.mark.parametrize("tail", ["0001", "0002"])
def test_given_number_and_tail_when_checked_then_the_reporter_or_speaker_reads_plain_words(store, tail):
    number = register(store)["number"]
    handle(store, number)
    view = ResidentCaseView().dump(check(store, number, tail))
    assert ("正在办理", "李珊", "2024-07-05T03:00:00Z") == (
        view["state_text"],
        view["first_responder_name"],
        view["promise_at"],
    )
    assert ["已登记，李珊负责到底", "工作人员已与您联系", "险情已经排除"] == [step["text"] for step in view["steps"]]


def test_given_a_case_with_personal_words_when_checked_then_none_of_them_are_shown(store):
    number = register(store)["number"]
    handle(store, number, content="电话 13900000002 已打")
    shown = str(check(store, number))
    assert [] == [word for word in ("1390000", "陈", "301", "已打") if word in shown]


def test_given_a_wrong_tail_or_number_when_checked_then_both_look_the_same(store):
    number = register(store)["number"]
    errors = []
    for wrong in ((number, "9999"), ("S202407050101000010", "0001")):
        with pytest.raises(NotFound) as refusal:
            check(store, *wrong)
        errors.append((str(refusal.value), refusal.value.details))
    assert errors[0] == errors[1]


def test_given_a_result_when_checked_then_it_is_told(store):
    number = register(store)["number"]
    solve(store, number, result_text="已疏通")
    view = check(store, number)
    assert ("已疏通", None, "办理结果：已解决") == (view["result_text"], view["next_text"], view["steps"][-1]["text"])


def named(phone, name="陈阿姨"):
    return {"name": name, "phone": phone, "contact_preference": "CALL"}


@pytest.mark.rule("21")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("13900139000", "+86 139-0013-9000"),
        ("6012345", "０９５１—６０１２３４５"),
        ("09516012345", "0951 6012345 转 801"),
    ],
)
def test_given_one_number_in_two_spellings_when_registered_then_it_is_one_person(store, first, second):
    views = [register(store, reporter=named(phone), contact_person=None) for phone in (first, second)]
    assert 1 == len({view["reporter"]["person_id"] for view in views})


@pytest.mark.rule("21")
def test_given_a_local_number_when_registered_then_the_city_stands_before_it(store):
    view = register(store, reporter=named("601 2345 转 801"), contact_person=None)
    assert ("09516012345转801", "0951*****45") == (
        reveal(store, LISHAN, view)["phone"],
        view["reporter"]["masked_phone"],
    )


@pytest.mark.rule("21")
def test_given_a_local_number_the_city_has_not_when_registered_then_the_field_says_why(store):
    with pytest.raises(Invalid) as refusal:
        register(store, reporter=named("60123456"), contact_person=None)
    assert {"reporter": {"phone": ["区号 0951 后的号码应为 7 位，现在是 8 位"]}} == refusal.value.details["fields"]


@pytest.mark.rule("21")
def test_given_an_extension_when_the_tail_is_asked_then_it_is_that_of_the_number(store):
    number = register(store, reporter=named("0951-6012345转801"), contact_person=None)["number"]
    assert number == check(store, number, "2345")["number"]


@pytest.mark.rule("24")
@pytest.mark.parametrize(
    ("first", "second"), [("王伟", "王　伟"), ("阿卜杜拉·买买提", "阿卜杜拉•买买提"), ("John Smith", "JOHN  SMITH")]
)
def test_given_one_name_in_two_spellings_when_registered_then_it_is_one_person(store, first, second):
    views = [register(store, reporter=named("13900139000", name), contact_person=None) for name in (first, second)]
    assert 1 == len({view["reporter"]["person_id"] for view in views})


@pytest.mark.rule("24")
@pytest.mark.parametrize("name", ["匿名", "不愿透露姓名", "无名氏"])
def test_given_words_that_name_nobody_when_registered_then_they_are_no_name(store, name):
    with pytest.raises(ValidationError) as refused:
        register(store, reporter=named("13900139000", name), contact_person=None)
    assert "匿名登记" in refused.value.messages_dict["reporter"]["name"][0]


def of(name="陈阿姨", preference="CALL"):
    return {"name": name, "phone": "13900000001", "contact_preference": preference}


@pytest.mark.rule("3")
def test_given_an_unproved_report_in_somebodys_name_when_taken_then_her_own_cases_keep_their_way(store):
    mine = register(store, reporter=of(), contact_person=None)
    theirs = register(store, STRANGER, channel="WEB", reporter=of(preference="LETTER"), contact_person=None)
    seen = [do(store, residents.address, FindAddress, NOTIFY, number=view["number"]) for view in (mine, theirs)]
    assert ["CALL", "LETTER"] == [answer["contact_preference"] for answer in seen]


@pytest.mark.rule("3")
def test_given_an_unproved_report_in_somebodys_name_when_taken_then_no_field_of_hers_changes(store):
    view = register(store, reporter=of(), contact_person=None)
    with store.transaction() as session:
        before = dict(session.execute(select(Person.__table__)).one()._mapping)
    register(store, STRANGER, channel="WEB", reporter=of(preference="VISIT"), contact_person=None)
    with store.transaction() as session:
        after = dict(session.execute(select(Person.__table__)).one()._mapping)
    assert before == after
    assert str(before["id"]) == str(view["reporter"]["person_id"])


@pytest.mark.rule("2")
def test_given_a_secret_reporter_when_the_sender_asks_then_it_gets_the_telephone_and_no_name(store):
    number = register(store, secret=True)["number"]
    answer = do(store, residents.address, FindAddress, NOTIFY, number=number)
    assert {"masked_name": None, "phone": "13900000001", "contact_preference": "CALL"} == answer
    assert [(NOTIFY.id, "find_address", "回访电话")] == trail(store)


@pytest.mark.rule("2")
def test_given_a_secret_result_when_the_caller_of_another_unit_asks_then_the_telephone_alone_is_shown(store):
    number = register(store, secret=True)["number"]
    with pytest.raises(Forbidden):
        do(store, residents.address, FindAddress, CALLER, number=number)
    solve(store, number)
    answer = do(store, residents.address, FindAddress, CALLER, number=number)
    assert (None, "13900000001") == (answer["masked_name"], answer["phone"])
    assert None is do(store, reading.get_appeal, GetAppeal, CALLER, number=number)["reporter"]


@pytest.mark.rule("2")
@pytest.mark.parametrize(("who", "error"), [(WANG, Forbidden), (OTHER, NotFound), (STRANGER, NotFound)])
def test_given_a_secret_result_when_others_ask_for_the_address_then_they_get_none(store, who, error):
    number = register(store, secret=True)["number"]
    solve(store, number)
    with pytest.raises(error):
        do(store, residents.address, FindAddress, who, number=number)


@pytest.mark.rule("2")
@pytest.mark.parametrize(("given", "expected"), [({"secret": True}, False), ({"reporter": None}, True)])
def test_given_who_is_known_when_told_then_only_nobody_is_anonymous(store, given, expected):
    number = register(store, contact_person=None, **given)["number"]
    solve(store, number)
    said = [fact["data"] for name in ("appeal_registered", "appeal_result_reported") for fact in facts_of(store, name)]
    assert [(expected, None, None)] * 2 == [
        (data["anonymous"], data.get("reporter"), data.get("resident")) for data in said
    ]


@pytest.mark.rule("4")
def test_given_a_resident_with_a_full_name_when_withdrawing_then_it_is_kept_masked(store):
    resident = Principal(str(UUID(int=77)), "陈桂芳", (Grant("RESIDENT", STAIRWELL),), "resident")
    number = register(store, resident, channel="WEB")["number"]
    do(store, endings.withdraw_appeal, WithdrawAppeal, resident, number=number)
    with stored(store, number) as appeal:
        assert "陈*芳" == appeal.ending.by_name
    assert "陈桂芳" not in str(facts_of(store))


@pytest.mark.rule("4")
def test_given_a_reading_role_elsewhere_when_taking_part_here_then_words_need_a_role_here(store):
    number = register(store)["number"]
    both = Principal(CALLER.id, "回访员", (*CALLER.grants, Grant("COMMUNITY", ELSEWHERE, "jingyuan")))
    assert views.WITHHELD == do(store, reading.get_appeal, GetAppeal, both, number=number)["content"]


def test_given_letters_to_several_when_asked_at_once_then_each_is_answered_as_alone_and_who_is_found_is_noted(store):
    mine, stranger = register(store, reporter=of(), contact_person=None), str(uuid4())
    person = str(mine["reporter"]["person_id"])
    asked = [mine["number"], stranger, person]
    items = do(store, residents.addresses, FindAddresses, NOTIFY, addresses=asked)["items"]
    assert asked == [each["address"] for each in items]
    assert [("13900000001", None), (None, "not_found"), ("13900000001", None)] == [
        (each.get("reached", {}).get("phone"), each.get("refused")) for each in items
    ]
    assert ["find_address", "reveal_contact"] == [act for _, act, _ in trail(store)]
    with pytest.raises(Forbidden):
        do(store, residents.addresses, FindAddresses, WANG, addresses=asked)
