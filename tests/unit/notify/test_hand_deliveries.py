"""Whom no text reaches is told in person: a message is delivered when the person was met, not when one was asked."""

from __future__ import annotations

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identity import Grant, Principal
from chassis.tables import AUDIT
from contracts import samples
from contracts.mediation.cases import MediationCaseOpened, MediationTerminated
from services.notify import hand_letters, receipts
from services.notify.hand_deliveries import LIFE, HandDelivery
from services.notify.ways import receipt
from tests.support import printed
from tests.support.events import names_said, said
from tests.unit.notify.facts import COMMUNITY, NOW, NUMBER, SERVICE, WANG_FANG, fact, messages, registered, tell
from tests.unit.notify.handing import CHEN, WALKER, asked_in_person, only, ways
from tests.unit.notify.posting import Intake
from tests.unit.notify.test_ways import send
from tests.unit.notify.wishing import do

ARROWS = """
OPEN record_hand_delivery DELIVERED | OPEN record_not_met OPEN | OPEN lost UNDELIVERED | OPEN late OPEN
"""
ELSEWHERE = Principal("u-away", "别处", (Grant("COMMUNITY", "yinchuan.xingqing.lijingjie.jingyuan", "jingyuan"),))


def of_message(store):
    (row,) = messages(store, "appeal_receipt")
    return row.state, row.channel


def letter(store, number, answer=None):
    """The PDF as answered, with intake in the place of a peer."""

    def ask(command, asked, deadline):
        if answer is None:
            raise NotFound("没有这个人")
        return answer

    with store.transaction() as session:
        return hand_letters.printed(session, WANG_FANG, {"number": number}, NOW, ask)


def test_given_the_life_when_compared_with_the_arrows_then_they_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.parametrize(
    ("contact", "wanted"),
    [({"contact_preference": "LETTER"}, "LETTER"), ({"contact_preference": "VISIT"}, "VISIT"),
     ({"contact_preference": "CALL", "phone": "09516012345"}, "CALL")],
)  # fmt: skip
def test_given_whom_no_text_reaches_when_the_community_is_asked_then_a_delivery_is_open_and_nothing_is_delivered(
    store, contact, wanted
):
    asked_in_person(store, **contact)
    row = only(store)
    assert ("OPEN", wanted, "陈*", NUMBER, samples.RESIDENT) == (
        row.state, row.wanted, row.masked_name, row.about_number, row.person_id,
    )  # fmt: skip
    assert ("SENT", "EMAIL") == of_message(store)


def test_given_a_party_known_by_name_only_when_the_request_leaves_then_a_delivery_is_open_in_its_words(store):
    registered(store)
    tell(store, fact(MediationCaseOpened, {}, 1, subject=samples.CASE))
    tell(store, fact(MediationTerminated, {}, 6, subject=samples.CASE))
    with store.transaction() as session:
        assert [] == session.scalars(select(HandDelivery)).all()
    send(store, *ways())
    row = only(store)
    assert ("VISIT", None, False) == (row.wanted, row.person_id, "请当面" in row.title)


def test_given_the_person_when_met_then_the_message_is_delivered_by_the_way_it_went(store):
    number = asked_in_person(store)
    done = do(store, "record_hand_delivery", WALKER, number=number, way="LETTER", proof=[])
    assert ("DELIVERED", None, "u-walker") == (done["state"], done["due_at"], done["done_by"]["id"])
    assert ("DELIVERED", "LETTER") == of_message(store)
    with store.transaction() as session:
        assert ["hand_delivered", "message_delivered"] == names_said(session)[-2:]


def test_given_nobody_at_home_three_times_when_recorded_then_the_message_was_not_delivered_and_the_street_knows(store):
    number = asked_in_person(store)
    states = [do(store, "record_not_met", WALKER, number=number, why="没人")["state"] for _ in range(3)]
    assert (["OPEN", "OPEN", "UNDELIVERED"], ("FAILED", "LETTER")) == (states, of_message(store))
    assert ["street-lijingjie"] == [row.recipient_id for row in messages(store, "hand_undelivered")]
    with pytest.raises(Conflict):
        do(store, "record_hand_delivery", WALKER, number=number, way="VISIT", proof=[])


def test_given_a_receipt_for_the_request_when_it_comes_then_the_person_is_not_told_by_that(store):
    asked_in_person(store)
    (row,) = messages(store, "appeal_receipt")
    command = {"message_id": row.id, "receipt": receipt(str(row.id), row.channel), "outcome": "DELIVERED"}
    with store.transaction() as session:
        receipts.report(session, SERVICE, command, NOW)
    assert ("SENT", "EMAIL") == of_message(store)


def test_given_a_limit_that_passes_when_the_clock_ticks_then_the_street_is_told_once(store):
    asked_in_person(store)
    for _ in range(2):
        with store.transaction() as session:
            LIFE.end_due(session, SERVICE, NOW + timedelta(days=3))
    assert ["street-lijingjie"] == [row.recipient_id for row in messages(store, "hand_delivery_overdue")]


def test_given_a_secret_reporter_when_somebody_is_asked_then_nothing_is_written_down(store):
    registered(store, secret=True)
    send(store, *ways(), ask=Intake({"phone": "09516012345"}))
    with store.transaction() as session:
        assert [] == session.scalars(select(HandDelivery)).all()


def test_given_who_is_complained_of_or_of_another_place_when_they_look_then_there_is_none(store):
    number = asked_in_person(store)
    with store.transaction() as session:
        session.scalars(select(HandDelivery)).one().against = ["u-walker"]
    for who in (WALKER, ELSEWHERE):
        with pytest.raises(NotFound):
            do(store, "get_hand_delivery", who, number=number)


def test_given_an_auditor_when_she_would_deliver_then_she_may_not(store):
    number = asked_in_person(store)
    with pytest.raises(Forbidden):
        do(store, "record_hand_delivery", Principal("u-a", "审计", (Grant("AUDITOR", COMMUNITY),)), number=number,
           way="VISIT", proof=[])  # fmt: skip


def test_given_a_letter_when_printed_then_it_bears_the_name_in_18_points_and_the_trail_knows(store):
    answer = letter(store, asked_in_person(store), CHEN)
    words = printed.text(answer)
    assert [] == [word for word in ("陈桂芳：", "您反映的事项已登记", NUMBER, "银虹社区") if word not in words]
    with store.transaction() as session:
        assert [("print_letter", "打印书信")] == session.execute(select(AUDIT.c.act, AUDIT.c.purpose)).all()
    assert {18.0} <= sizes(base64.b64decode(answer["content"]))


def test_given_whom_intake_does_not_know_when_printed_then_the_masked_name_stands_there(store):
    assert "陈*：" in printed.text(letter(store, asked_in_person(store)))


def test_given_a_delivery_when_told_then_no_name_is_on_the_bus(store):
    number = asked_in_person(store)
    letter(store, number, CHEN)
    do(store, "record_hand_delivery", WALKER, number=number, way="LETTER", proof=[])
    with store.transaction() as session:
        told = str([one for one in said(session) if "hand_" in one["type"]])
    assert [] == [word for word in ("陈", "13900000001") if word in told]


def sizes(content: bytes) -> set[float]:
    """The type sizes on the pages, in points."""
    found: set[float] = set()
    for page in PdfReader(BytesIO(content)).pages:
        page.extract_text(visitor_text=lambda text, matrix, at, font, size: found.add(round(float(size), 1)))
    return found
