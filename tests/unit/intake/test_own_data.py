"""One's own data, by number and telephone tail: covered where it tells who, put right, taken back, asked to go."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from chassis.identity import Principal
from contracts import registry
from services.intake import own_data
from services.intake.service import IntakeService
from services.intake.tables import Appeal, Consent, Person
from tests.unit.intake.erasing import PHONE, YEARS_ON, ended
from tests.unit.intake.filing import do
from tests.unit.intake.world import LIU, WANG, facts_of

PORTAL = Principal.service("portal")


def away(*_, **__):
    raise Unavailable("没有应答")


def own(store, method, who=PORTAL, tail=PHONE[-4:], number=None, ask=away, **more):
    with store.transaction() as session:
        number = number or session.query(Appeal.case_number).first()[0]
    command = registry.command("intake", method)
    loaded = command().load({"number": number, "phone_tail": tail, **more})
    with store.transaction() as session:
        operation = IntakeService.entrypoints[method].operation
        return command.answer().dump(operation(session, who, loaded, YEARS_ON, ask=ask))


def words(view):
    return {word["label"]: word["text"] for part in view["stores"] for item in part["items"] for word in item["words"]}


def test_given_the_right_tail_when_shown_then_every_store_is_there_and_what_tells_who_is_covered(store):
    ended(store)
    view = own(store, "show_own_data")
    told = words(view)
    assert (["INTAKE", "DISPATCH", "MEDIATION", "NOTIFY", "PORTAL"], [own_data.COVERED] * 2, True) == (
        [part["store"] for part in view["stores"]], [told["姓名"], told["电话"]], bool(told["内容"]),
    )  # fmt: skip
    assert [] == [secret for secret in ("陈桂英", PHONE) if secret in str(view)]


def test_given_stores_that_say_when_as_they_say_it_on_the_wire_then_the_moments_are_told_on(store):
    ended(store)
    when = "2024-07-08T01:00:00Z"
    item = {"what": "通知", "number": None, "at": when, "words": [], "newer": "ignored"}
    view = own(store, "show_own_data", ask=lambda *_, **__: {"items": [item]})
    assert [when] * 4 == [item["at"] for part in view["stores"][1:] for item in part["items"]]


@pytest.mark.parametrize("method", ["show_own_data", "ask_own_erasure", "withdraw_own_consent", "correct_own_data"])
def test_given_a_wrong_tail_when_asked_then_nothing_is_told_and_nothing_changes(store, method):
    known = ended(store)
    more = {"ask_own_erasure": {"ground": "PURPOSE_MET"}, "withdraw_own_consent": {"to": "WISH"}}
    more["correct_own_data"] = {"home": "别处"}
    with pytest.raises(NotFound):
        own(store, method, tail="9999", **more.get(method, {}))
    with store.transaction() as session:
        assert "别处" != session.get_one(Person, known).home


@pytest.mark.parametrize("who", [WANG, Principal.service("notify")])
def test_given_anybody_but_the_portal_when_asking_then_it_is_forbidden(store, who):
    ended(store)
    with pytest.raises(Forbidden):
        own(store, "show_own_data", who)


def test_given_a_new_home_when_corrected_then_it_stands_on_the_record_and_the_name_stays(store):
    known = ended(store)
    own(store, "correct_own_data", home="6号楼1单元101室")
    with store.transaction() as session:
        person = session.get_one(Person, known)
        assert ("6号楼1单元101室", "陈桂英") == (person.home, person.name)
    with pytest.raises(Invalid):
        own(store, "correct_own_data")


def test_given_a_consent_when_withdrawn_then_it_is_told_once_by_a_key_alone_and_notify_alone_learns_who_it_was(store):
    do(store, "give_consent", person_id=ended(store), to="CARE_CALLS", how="ORAL")
    for _ in range(2):
        own(store, "withdraw_own_consent", to="CARE_CALLS")
    (fact,) = facts_of(store, "consent_withdrawn")
    assert ({"consent_id", "to"}, "service:intake") == (set(fact["data"]), fact["actor"])
    key = fact["data"]["consent_id"]
    told = do(store, "identify_withdrawn", Principal.service("notify"), consent_id=key)["people"]
    assert [("陈桂英", PHONE)] == [(one["name"], one["phone"]) for one in told]
    with pytest.raises(Forbidden):
        do(store, "identify_withdrawn", consent_id=key)


def test_given_a_consent_in_force_when_notify_asks_whose_it_is_then_nobody_is_told(store):
    do(store, "give_consent", person_id=ended(store), to="CARE_CALLS", how="ORAL")
    with store.transaction() as session:
        key = session.query(Consent.id).scalar()
    with pytest.raises(NotFound):
        do(store, "identify_withdrawn", Principal.service("notify"), consent_id=key)


def test_given_a_consent_when_withdrawn_twice_then_it_is_over_and_no_error(store):
    do(store, "give_consent", person_id=ended(store), to="CARE_CALLS", how="ORAL")
    assert [{"to": "CARE_CALLS"}] == own(store, "show_own_data")["consents"]
    own(store, "withdraw_own_consent", to="CARE_CALLS")
    assert [] == own(store, "withdraw_own_consent", to="CARE_CALLS")["consents"]


def test_given_a_request_to_erase_when_asked_again_then_the_first_is_named_and_staff_decide(store):
    ended(store)
    number = own(store, "ask_own_erasure", ground="CONSENT_WITHDRAWN")["erasure"]
    with pytest.raises(Conflict):
        own(store, "ask_own_erasure", ground="CONSENT_WITHDRAWN")
    waiting = do(store, "get_erasure", number=number)
    assert ("ASKED", own_data.PROOF) == (waiting["state"], waiting["proof"])
    assert "RUNNING" == do(store, "approve_erasure", LIU, YEARS_ON, number=number)["state"]
