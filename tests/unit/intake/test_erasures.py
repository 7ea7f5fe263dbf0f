"""A person is erased in five stores, which each report; what runs or has a term stays, with its reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, NotFound, Unavailable
from chassis.identity import Principal
from chassis.tables import AUDIT, ERASED, OUTBOX
from contracts.dispatch.holdings import DispatchErased
from contracts.intake import erasures as say
from contracts.mediation.holdings import MediationErased
from contracts.notify.holdings import NotifyErased
from services.intake import erasures
from services.intake.erasures import LIFE
from services.intake.tables import Appeal, Person
from tests.unit.intake.erasing import PHONE, YEARS_ON, approved, do, ended, filed, id_of, report, requested
from tests.unit.intake.filing import OLD_CHEN
from tests.unit.intake.world import CHEN, LISHAN, LIU, NOW, OTHER, WANG, facts_of, register

ARROWS = """
ASKED approve_erasure RUNNING | ASKED refuse_erasure REFUSED | ASKED withdraw_erasure WITHDRAWN | RUNNING reported DONE
"""
GONE = "（已删除）"
STORES = ["INTAKE", "DISPATCH", "MEDIATION", "NOTIFY", "PORTAL"]


def view(store, number):
    return do(store, "get_erasure", number=number)


def person(store, person_id):
    with store.transaction() as session:
        row = session.scalars(select(Person).where(Person.id == person_id)).one()
        return row.name, row.phone, row.home, row.phone_hash, row.birth_hash, row.masked_name


def words(store):
    with store.transaction() as session:
        return {text for row in session.scalars(select(Appeal)) for text in (row.title, row.content, row.place_text)}


def test_given_the_life_when_compared_with_its_arrows_then_they_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(start, name, move.target) for name, move in LIFE.moves.items() for start in move.sources}


def test_given_a_request_when_not_approved_then_nothing_is_touched(store):
    known = ended(store)
    requested(store, known)
    assert "陈桂英" == person(store, known)[0]
    assert [] == facts_of(store, "erasure_ordered")


def test_given_who_asked_when_approving_then_it_needs_another(store):
    number = requested(store, ended(store))
    with pytest.raises(Forbidden):
        do(store, "approve_erasure", WANG, YEARS_ON, number=number)


@pytest.mark.parametrize("who", [OTHER, CHEN])
def test_given_staff_of_elsewhere_or_a_resident_when_asking_then_there_is_nobody(store, who):
    with pytest.raises(NotFound):
        do(store, "ask_erasure", who, YEARS_ON, person_id=ended(store))


def test_given_two_requests_for_one_person_when_asked_at_once_then_one_is_open(store):
    known = ended(store)

    def ask(who):
        try:
            return do(store, "ask_erasure", who, YEARS_ON, person_id=known)["state"]
        except Exception as error:
            return type(error).__name__

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(ask, [WANG, LISHAN]))
    assert 1 == outcomes.count("ASKED")
    with pytest.raises(Conflict):
        requested(store, known)


def test_given_an_approved_request_when_looked_at_then_its_clock_runs_and_it_shows_who_is_missing(store):
    number = approved(store, ended(store))
    report(store, number, NotifyErased, DispatchErased)
    shown = view(store, number)
    assert ("RUNNING", ["INTAKE", "MEDIATION", "PORTAL"], True) == (
        shown["state"], shown["missing"], shown["due_at"] is not None,
    )  # fmt: skip


def test_given_all_stores_have_reported_when_looked_at_then_nothing_tells_who_it_was(store):
    known = ended(store)
    number = approved(store, known)
    report(store, number)
    shown = view(store, number)
    assert ("DONE", [], None) == (shown["state"], shown["missing"], shown["due_at"])
    assert (GONE, None, None, None, None, GONE) == person(store, known)
    assert {GONE} == words(store)
    assert STORES == [each["store"] for each in shown["stores"] if each["at"]]


def test_given_a_person_erased_when_reporting_again_then_it_is_a_new_record(store):
    known = ended(store)
    report(store, approved(store, known))
    assert known != filed(store, phone=PHONE)


def test_given_reports_that_come_twice_when_heard_then_they_change_nothing(store):
    number = approved(store, ended(store))
    report(store, number)
    before, told = view(store, number), len(facts_of(store))
    report(store, number)
    assert (before, told) == (view(store, number), len(facts_of(store)))


def test_given_a_person_erased_when_asked_for_again_then_there_is_nobody(store):
    known = ended(store)
    report(store, approved(store, known))
    for name in ("ask_erasure", "get_person", "correct_person"):
        with pytest.raises(NotFound):
            do(store, name, WANG, YEARS_ON, person_id=known)


def test_given_a_running_case_when_erased_then_it_stays_with_the_reason_and_the_person_too(store):
    known = filed(store, phone=PHONE)
    number = approved(store, known)
    report(store, number)
    kept = view(store, number)["stores"][0]["kept"]
    assert [("RUNNING", None)] == [(each["why"], each["until"]) for each in kept]
    assert ("陈桂英", PHONE) == person(store, known)[:2]


def test_given_a_case_closed_lately_when_erased_then_it_stays_for_its_term(store):
    known = ended(store)
    soon = NOW + timedelta(days=30)
    number = approved(store, known, soon)
    report(store, number, now=soon)
    kept = view(store, number)["stores"][0]["kept"]
    assert [("RETENTION", "2027-07")] == [(each["why"], each["until"][:7]) for each in kept]
    assert "陈桂英" == person(store, known)[0]


def test_given_one_old_and_one_running_case_when_erased_then_only_the_old_one_is_ordered_to_go(store):
    known = ended(store)
    assert known == filed(store, phone=PHONE)
    approved(store, known)
    (order,) = facts_of(store, "erasure_ordered")
    assert (1, False) == (len(order["data"]["numbers"]), order["data"]["whole"])


def test_given_a_case_registered_while_stores_were_erasing_when_the_last_reports_then_the_person_stays(store):
    known = ended(store)
    number = approved(store, known)
    filed(store, phone=PHONE)
    report(store, number)
    assert ("DONE", "陈桂英") == (view(store, number)["state"], person(store, known)[0])


def test_given_two_merged_records_when_erased_then_both_go(store):
    first, second = ended(store), ended(store, phone=None)
    do(store, "merge_persons", person_id=second, into_id=first)
    number = approved(store, second)
    report(store, number)
    assert [GONE, GONE] == [person(store, each)[0] for each in (first, second)]


def test_given_an_erasure_when_read_in_outbox_and_trail_then_no_name_and_no_telephone_is_there(store):
    report(store, approved(store, ended(store)))
    with store.transaction() as session:
        told = " ".join(session.scalars(select(OUTBOX.c.body)))
        trail = " ".join(str(row) for row in session.execute(select(AUDIT)))
        tombs = session.execute(select(ERASED.c.case_number)).scalars().all()
    assert not [secret for secret in (PHONE, "陈桂英", OLD_CHEN["home"]) if secret in told + trail]
    assert ("", 2) == (min(tombs), len(tombs))
    assert ["ask_erasure", "approve_erasure", "erased"] == [
        act for act in ("ask_erasure", "approve_erasure", "erased") if act in trail
    ]


def test_given_a_store_that_asks_who_it_is_when_erasing_then_it_hears_it_and_nobody_else_does(store):
    key = id_of(store, approved(store, ended(store)))
    with store.transaction() as session:
        told = erasures.identify(session, Principal.service("notify"), {"erasure_id": key}, YEARS_ON)
    assert [{"name": "陈桂英", "phone": PHONE}] == told["people"]
    with store.transaction() as session, pytest.raises(Forbidden):
        erasures.identify(session, WANG, {"erasure_id": key}, YEARS_ON)


def holdings(store, person_id, answer, who=WANG):
    with store.transaction() as session:
        asked = say.ShowHoldings().load({**say.ShowHoldings.example, "person_id": person_id})
        return say.ShowHoldings.answer().dump(erasures.show(session, who, asked, NOW, ask=answer))


def test_given_a_person_when_it_is_asked_what_is_held_then_every_store_answers_or_is_named_as_missing(store):
    def answer(command, question, deadline):
        if command.service == "mediation":
            raise Unavailable("调解暂时没有应答")
        return {"items": [{"what": command.title, "number": None, "at": "2024-07-08T01:00:00Z", "words": []}]}

    found = holdings(store, filed(store, phone=PHONE), answer)
    assert [False, False, True, False, False] == [each["missing"] for each in found["stores"]]
    texts = {word["text"] for item in found["stores"][0]["items"] for word in item["words"]}
    assert {"陈桂英", PHONE, "1941", OLD_CHEN["home"], "下水慢"} <= texts


def test_given_a_secret_case_when_asked_what_is_held_then_it_is_not_shown_to_who_may_not_know(store):
    known = filed(store, LISHAN, phone=PHONE)
    register(
        store, LISHAN, contact_person=None, secret=True, reporter={**OLD_CHEN, "phone": PHONE}, calm=True, title="举报"
    )
    nothing = {"items": []}
    seen = {who.name: "举报" in str(holdings(store, known, lambda *_, **__: nothing, who)) for who in (WANG, LISHAN)}
    assert {"王芳": False, "李珊": True} == seen


def test_given_the_street_when_refusing_then_the_reason_is_kept_and_nothing_is_erased(store):
    number = requested(store, ended(store))
    do(store, "refuse_erasure", LIU, YEARS_ON, number=number, refusal="卷宗保管期未满")
    assert ("REFUSED", "卷宗保管期未满") == (view(store, number)["state"], view(store, number)["refusal"])


def test_given_every_store_when_erasing_then_reports_in_any_order_end_alike(store):
    number = approved(store, ended(store))
    for contract in (None, NotifyErased, MediationErased, DispatchErased):
        report(store, number, contract)
    assert "DONE" == view(store, number)["state"]
