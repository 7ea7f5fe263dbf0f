"""Warm hand-over (A18): with the giver until a colleague takes it by name; the first responder stays for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.intake import handovers as say
from services.intake import handovers, posts
from tests.unit.intake.world import (
    LISHAN,
    LIU,
    MA,
    NOW,
    OTHER,
    WANG,
    WINDOW,
    ZHANG,
    assign,
    do,
    facts_of,
    names,
    register,
    stored,
)


def offer(store, number, to, who=LISHAN, now=NOW):
    return do(store, handovers.offer, say.OfferHandover, who, now, number=number, offered_to=to.id)


def accept(store, number, who, now=NOW):
    return do(store, handovers.accept, say.AcceptHandover, who, now, number=number)


def decline(store, number, who):
    return do(store, handovers.decline, say.DeclineHandover, who, number=number, reason="请找社区值班")


def people(store, number):
    """Handler, first responder and who is asked, as the store has them."""
    with stored(store, number) as appeal:
        return appeal.handler_id, appeal.first_responder_id, appeal.offered_to_id


def test_given_an_offer_when_nobody_has_taken_it_then_the_case_is_the_givers(store):
    number = register(store)["number"]
    view = offer(store, number, WANG)
    (fact,) = facts_of(store, "handover_offered")
    assert (LISHAN.id, "王芳", "IN_PROGRESS") == (view["handler"]["id"], view["offered_to"]["name"], view["state"])
    assert [f"person:{WANG.id}", f"person:{LISHAN.id}"] == fact["waits"].split()


def test_given_an_offer_when_taken_by_name_then_she_handles_it_and_the_first_responder_stays(store):
    number = register(store)["number"]
    offer(store, number, WANG)
    view = accept(store, number, WANG)
    assert (WANG.id, LISHAN.id, None) == people(store, number)
    assert ("IN_PROGRESS", "yinhong") == (view["state"], view["lead_unit"])
    assert ["appeal_assigned", "appeal_signed", "handover_accepted"] == names(store)[-3:]


@pytest.mark.row("S1.10")
def test_given_the_wrong_window_when_asked_then_it_registers_and_hands_over_and_stays_first_responder(store):
    number = register(store, WINDOW)["number"]
    offer(store, number, LISHAN, WINDOW)
    accept(store, number, LISHAN)
    assert (LISHAN.id, WINDOW.id, None) == people(store, number)
    assert "appeal_accepted" in names(store)


def test_given_an_offer_when_declined_then_the_giver_keeps_it_and_the_reason_is_among_the_records(store):
    number = register(store)["number"]
    offer(store, number, WANG)
    view = decline(store, number, WANG)
    assert (LISHAN.id, LISHAN.id, None) == people(store, number)
    assert "请找社区值班" == view["handling"][-1]["content"]
    assert "请找社区值班" not in str(facts_of(store, "handover_declined"))


def test_given_a_second_offer_when_made_then_the_first_is_void(store):
    number = register(store)["number"]
    offer(store, number, WANG)
    offer(store, number, ZHANG)
    with pytest.raises(Forbidden):
        accept(store, number, WANG)
    assert ZHANG.id == accept(store, number, ZHANG)["handler"]["id"]


def test_given_an_offer_when_the_case_is_assigned_to_another_then_it_is_void(store):
    number = register(store)["number"]
    offer(store, number, WANG)
    assign(store, number, to=MA)
    assert (MA.id, LISHAN.id, None) == people(store, number)


@pytest.mark.parametrize("to", [OTHER, LIU, LISHAN], ids=["elsewhere", "no post", "has it"])
def test_given_somebody_who_cannot_take_it_when_offered_then_it_is_refused_by_field(store, to):
    number = register(store)["number"]
    with pytest.raises(Invalid) as refused:
        offer(store, number, to)
    assert ["offered_to"] == list(refused.value.details["fields"])


def test_given_a_colleague_on_leave_when_offered_then_it_is_said_until_when(store):
    number = register(store)["number"]
    with store.transaction() as session:
        posts.record_leave(session, WANG.id, NOW - timedelta(days=1), NOW + timedelta(days=2), "test")
    with pytest.raises(Invalid) as refused:
        offer(store, number, WANG)
    assert ["此人请假到7月7日（周日）09:00，请转交给顶岗的人"] == refused.value.details["fields"]["offered_to"]


def test_given_a_handler_when_the_first_responder_wants_to_hand_over_then_only_the_handler_may(store):
    number = register(store)["number"]
    assign(store, number, to=MA)
    with pytest.raises(Forbidden):
        offer(store, number, WANG, LISHAN)
    assert "王芳" == offer(store, number, WANG, MA)["offered_to"]["name"]


def test_given_nobody_asked_when_taken_all_the_same_then_it_is_forbidden(store):
    number = register(store)["number"]
    with pytest.raises(Forbidden):
        accept(store, number, WANG)
    with pytest.raises(NotFound):
        accept(store, number, OTHER)


def test_given_an_offer_when_pressed_twice_at_once_then_one_takes_it_and_the_other_is_refused(store):
    number = register(store)["number"]
    offer(store, number, WANG)

    def press(_):
        try:
            return accept(store, number, WANG)["handler"]["id"]
        except (Forbidden, Conflict) as error:
            return type(error).__name__

    with ThreadPoolExecutor(2) as pool:
        assert ["Forbidden", WANG.id] == sorted(pool.map(press, range(2)), key=lambda one: one == WANG.id)
