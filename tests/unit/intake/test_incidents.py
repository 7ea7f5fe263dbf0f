"""One incident: reports follow the leading appeal, hear one notice and one answer; a wrong one is taken out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert

from chassis.errors import Conflict, Forbidden, Invalid
from chassis.store import new_id
from contracts import registry, samples
from contracts.intake.likeness import UnmergeAppeal
from services.intake import incidents, likeness, plainly
from services.intake.tables import Incident
from tests.unit.intake import campaigning
from tests.unit.intake.world import (
    COMMUNITY,
    ELSEWHERE,
    GRID,
    LISHAN,
    LIU,
    NOTIFY,
    NOW,
    WANG,
    ZHANG,
    do,
    facts_of,
    names,
    register,
    state,
    stored,
)

ARROWS = {("DECLARED", "change_notice"), ("DECLARED", "end_incident"), ("DECLARED", "withdraw_incident")}
OUT = {"category": "old.lift", "damage_ongoing": False, "danger_flags": [], "title": "停水", "content": "家里停水了"}
NEIGHBOUR = {"name": "周女士", "phone": "13900000004"}
NOTICE = "主管道抢修，送水车在北门"


def command(name):
    return registry.command("intake", name)


def declared(store, who=WANG, lead=None, **more):
    lead = lead or register(store, LISHAN, **OUT)["number"]
    given = {"area_path": COMMUNITY, "category": "old.lift", "appeal_number": lead, "notice": NOTICE, **more}
    view = do(store, incidents.declare, command("declare_incident"), who, **{"expected_at": None, **given})
    return lead, view["number"]


def reported(store, who=ZHANG, **more):
    return register(store, who, NOW + timedelta(hours=1), **{**OUT, "reporter": NEIGHBOUR, **more})


def ended(store, number, who=WANG):
    given = {"result_text": "已恢复供水", "proof": [samples.PHOTO]}
    return do(store, incidents.end, command("end_incident"), who, NOW + timedelta(hours=3), number=number, **given)


def plain(store, number):
    with store.transaction() as session:
        return plainly.check_resident(session, NOTIFY, {"number": number, "phone_tail": "0004"}, NOW)


def test_given_the_life_when_compared_then_the_arrows_are_the_told_ones():
    assert ARROWS == {(str(source), name) for source, name, _ in incidents.LIFE.arrows()}


def test_given_an_incident_when_the_same_is_reported_then_it_follows_and_its_reporter_has_a_number_and_the_notice(
    store,
):
    lead, _ = declared(store)
    view = reported(store)
    told = plain(store, view["number"])
    assert ("MERGED", lead, NOTICE) == (state(store, view["number"]), told["merged_into"], told["next_text"])
    own = [fact["type"].split(".")[-2] for fact in facts_of(store) if fact["data"].get("number") == view["number"]]
    assert ("appeal_registered", "appeal_merged") == (own[0], own[-1])


@pytest.mark.parametrize(
    "more",
    [
        {"danger_flags": ["INJURY"]},
        {"secret": True},
        {"category": "other.advice"},
        {"area_path": campaigning.FIRST, "who": campaigning.GE},
    ],
    ids=["danger", "secret", "another category", "elsewhere"],
)
def test_given_an_incident_when_something_else_is_reported_then_it_goes_its_own_way(store, more):
    with store.transaction() as session:
        campaigning.furnish(session)
    declared(store)
    assert "MERGED" != state(store, reported(store, **more)["number"])


def test_given_an_incident_when_ended_then_one_result_answers_all_and_nothing_follows_any_more(store):
    lead, number = declared(store)
    reports = [reported(store)["number"], reported(store, reporter=None, contact_person=None)["number"]]
    view = ended(store, number)
    answer, later = plain(store, reports[0])["result_text"], reported(store)["number"]
    (result,) = facts_of(store, "appeal_result_reported")
    assert ("ENDED", "已恢复供水", lead, 2, ["MERGED", "MERGED"], "ASSIGNED") == (
        view["state"], answer, result["data"]["number"], facts_of(store, "incident_ended")[0]["data"]["reports"],
        [state(store, each) for each in reports], state(store, later),
    )  # fmt: skip


def test_given_a_report_that_is_another_matter_when_taken_out_then_it_goes_on_with_the_date_it_was_promised(store):
    declared(store)
    view = reported(store)
    given = {"number": view["number"], "reason": "只有这一户停水，是欠费"}
    do(store, likeness.unmerge, UnmergeAppeal, WANG, NOW + timedelta(hours=2), **given)
    with stored(store, view["number"]) as appeal:
        assert ("ASSIGNED", None, appeal.promise_at) == (appeal.state, appeal.merged_into, appeal.due_at)


def declared_elsewhere(store):
    """What another process has committed: this one has only the row to know it from."""
    lead = register(store, LISHAN, **OUT)
    given = {"area_path": COMMUNITY, "category": "old.lift", "notice": NOTICE, "lead_id": lead["id"]}
    by = {"declared_by_id": WANG.id, "declared_by_name": WANG.name, "case_number": samples.APPEAL_NO, "version": 1}
    row = {**given, **by, "id": new_id(), "state": "DECLARED", "lead_number": lead["number"]}
    with store.transaction() as session:
        session.execute(insert(Incident.__table__), row)


@pytest.mark.parametrize("declare", [declared, declared_elsewhere], ids=["this process", "another process"])
def test_given_reports_that_went_their_own_way_when_an_incident_is_declared_then_the_very_next_one_follows(
    store, declare
):
    before = reported(store)["number"]
    declare(store)
    assert ("ASSIGNED", "MERGED") == (state(store, before), reported(store)["state"])


def test_given_an_incident_not_committed_yet_when_reported_meanwhile_then_only_that_one_report_goes_its_own_way(store):
    lead = register(store, LISHAN, **OUT)["number"]
    with store.transaction() as session:
        contract = command("declare_incident")
        asked = {"area_path": COMMUNITY, "category": "old.lift", "appeal_number": lead, "notice": NOTICE}
        incidents.declare(session, WANG, contract().load({**asked, "expected_at": None}), NOW)
        session.flush()
        assert "ASSIGNED" == reported(store)["state"]
    assert "MERGED" == reported(store)["state"]


def test_given_a_new_notice_when_given_then_it_is_told_once_for_all(store):
    _, number = declared(store)
    reported(store)
    given = {"notice": "今晚八点来水", "expected_at": None}
    do(store, incidents.change_notice, command("change_notice"), WANG, number=number, **given)
    assert 2 == names(store).count("appeal_notice_given")
    assert "八点" not in str(facts_of(store))


def test_given_two_officers_when_they_declare_at_once_then_one_wins_and_the_other_hears_its_number(store):
    leads = [register(store, LISHAN, **OUT)["number"] for _ in range(2)]

    def tried(lead):
        try:
            return declared(store, lead=lead)[1]
        except Conflict as conflict:
            return conflict.details["number"]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(tried, leads))
    assert (1, 1) == (len(set(answers)), names(store).count("incident_declared"))


@pytest.mark.parametrize("case", ["elsewhere", "unknown", "secret"])
def test_given_an_appeal_that_cannot_lead_when_declared_then_the_field_says_why(store, case):
    lead = register(store, LISHAN, **{**OUT, "secret": case == "secret"})["number"]
    more = {"unknown": {"lead": samples.APPEAL_NO}, "elsewhere": {"area_path": ELSEWHERE, "who": LIU}}.get(case, {})
    with pytest.raises(Invalid) as refused:
        declared(store, **{"lead": lead, **more})
    assert ["appeal_number"] == list(refused.value.details["fields"])


def test_given_a_grid_worker_when_declaring_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        declared(store, LISHAN, area_path=GRID)
