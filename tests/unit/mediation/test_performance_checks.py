"""Looking whether an agreement is kept: at its day where something is undone, a month later always, by one named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identity import Grant, Principal
from chassis.standing import standing_of
from contracts.mediation.performance_checks import GetCheck, RecordCheck
from services.mediation import dossier_parts, performance_checks
from services.mediation.performance_checks import LIFE
from services.mediation.tables import PerformanceCheck
from tests.unit.mediation.looking import OVER, late
from tests.unit.mediation.people import ELSEWHERE, LISHAN, SHI, STREET_OFFICER
from tests.unit.mediation.test_breaches import binding
from tests.unit.mediation.test_races import at_once

ARROWS = """
OPEN record_check DONE | OPEN called_off CALLED_OFF | OPEN late OPEN
"""
MONTH = OVER + timedelta(days=30)


def opened(world, moment):
    with world.store.transaction() as session:
        return performance_checks.open_due(session, SHI, moment)


def rows(world, look):
    with world.store.transaction() as session:
        return [look(row) for row in session.scalars(select(PerformanceCheck).order_by(PerformanceCheck.created_at))]


def record(world, number, who=SHI, kept="KEPT"):
    asked = {"number": number, "how": "ON_SITE", "kept": kept, "words": "双方都说和好了", "attachments": []}
    with world.store.transaction() as session:
        row = performance_checks.record(session, who, RecordCheck().load(asked), world.now)
        session.flush()
        return RecordCheck.answer().dump(LIFE.view(session, who, row))


def check(world):
    """The number of a check that waits."""
    late(world)
    assert 1 == opened(world, world.now)
    return rows(world, lambda row: row.number)[0]


def test_given_the_life_when_compared_with_what_is_written_then_the_arrows_are_the_same():
    written = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert written == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_an_undone_term_when_its_day_is_over_and_a_month_later_then_a_look_each_is_opened_once(world):
    binding(world)
    moments = (OVER - timedelta(seconds=1), OVER, OVER, MONTH - timedelta(seconds=1), MONTH, MONTH + timedelta(days=90))
    assert [0, 1, 0, 0, 1, 0] == [opened(world, moment) for moment in moments]
    assert [("DUE", "2024-08-31"), ("LATER", "2024-08-31")] == rows(world, lambda row: (row.occasion, str(row.day)))


def test_given_what_is_done_by_its_day_when_it_is_over_then_only_the_later_look_is_taken(world):
    key = binding(world)
    world.perform(key)
    assert (0, 1) == (opened(world, OVER), opened(world, MONTH))
    assert ["LATER"] == rows(world, lambda row: row.occasion)


def test_given_terms_of_two_days_when_they_pass_then_each_day_has_its_look_and_the_last_its_later_one(world):
    world.effective(
        terms=[world.term(due_at="2024-08-01T00:00:00+08:00"), world.term(due_at="2024-09-01T00:00:00+08:00")]
    )
    assert 3 == opened(world, MONTH)
    assert {("DUE", "2024-07-31"), ("DUE", "2024-08-31"), ("LATER", "2024-08-31")} == set(
        rows(world, lambda row: (row.occasion, str(row.day)))
    )


def test_given_what_was_to_be_done_on_the_spot_when_the_day_ends_undone_then_it_is_looked_at(world):
    world.effective()
    midnight = datetime(2024, 7, 9, 16, 0, tzinfo=UTC)
    assert (0, 1) == (opened(world, midnight - timedelta(seconds=1)), opened(world, midnight))


def test_given_a_look_when_opened_then_it_waits_for_the_mediator_with_a_limit(world):
    check(world)
    (stands,) = rows(world, standing_of)
    # opened 1 September, 7 days are Sunday 8 September: the limit ends with Monday the 9th
    assert (("person:u-shixiuying",), datetime(2024, 9, 9, 16, 0, tzinfo=UTC)) == (stands.waits, stands.due)
    assert [SHI.id] == [told["owner"]["id"] for told in world.said("performance_check_opened")]


def test_given_another_mediator_when_put_in_charge_then_the_look_goes_with_the_case(world):
    check(world)
    world.assign("u-maguangming", replace_reason="UNAVAILABLE")
    (stands,) = rows(world, standing_of)
    assert (("person:u-maguangming",), 1) == (stands.waits, len(world.said("performance_check_handed_over")))


def test_given_a_look_nobody_takes_when_its_limit_passes_then_it_is_told_and_still_waits(world):
    check(world)
    late_by = datetime(2024, 9, 9, 16, 0, 1, tzinfo=UTC)
    for _ in range(2):
        with world.store.transaction() as session:
            LIFE.end_due(session, SHI, late_by)
    assert (["OPEN"], 1) == (rows(world, lambda row: row.state), len(world.said("performance_check_overdue")))


def test_given_a_look_when_taken_then_what_was_said_is_sealed_and_stands_in_the_dossier(world):
    view = record(world, check(world), kept="PARTLY")
    assert ("DONE", "PARTLY", "双方都说和好了", SHI.id) == (
        view["state"], view["kept"], view["words"], view["done_by"]["id"],
    )  # fmt: skip
    assert "和好了" not in str(world.envelopes())
    paper = str(world.see(lambda case: list(dossier_parts.OPEN["回访记录"](case))))
    assert [True] * 3 == [words in paper for words in ("到期回访", "双方都说和好了", "部分履行")]


def test_given_a_look_when_taken_twice_then_conflict_and_it_is_told_once(world):
    number = check(world)
    record(world, number)
    with pytest.raises(Conflict):
        record(world, number)
    assert 1 == len(world.said("performance_checked"))


@pytest.mark.parametrize(("who", "refused"), [(LISHAN, Forbidden), (STREET_OFFICER, Forbidden), (ELSEWHERE, NotFound)])
def test_given_the_wrong_role_or_place_when_a_look_is_taken_down_then_refused(world, who, refused):
    number = check(world)
    with pytest.raises(refused):
        record(world, number, who)


def test_given_a_party_who_is_staff_when_she_looks_at_her_own_case_then_forbidden(world):
    number = check(world)
    with pytest.raises(Forbidden):
        record(world, number, Principal(str(world.chen_person), "陈*", SHI.grants))


def test_given_words_of_a_look_when_the_grid_worker_reads_then_she_does_not_see_them(world):
    number = check(world)
    record(world, number)
    with world.store.transaction() as session:
        row = LIFE.read(session, LISHAN, GetCheck().load({"number": number}))
        shown = GetCheck.answer().dump(LIFE.view(session, LISHAN, row))
    assert ("KEPT", None) == (shown["kept"], shown.get("words"))


def test_given_a_case_that_goes_to_court_then_open_looks_are_called_off_and_none_is_opened_again(world):
    key = late(world)
    opened(world, world.now)
    world.breach(key)
    world.to_court(key)
    assert (0, ["CALLED_OFF"]) == (opened(world, MONTH + timedelta(days=1)), rows(world, lambda row: row.state))


def test_given_two_clocks_at_once_then_each_look_is_opened_once(world):
    binding(world)
    assert [None, None] == at_once(*[lambda: opened(world, OVER)] * 2)
    assert (1, 1) == (len(rows(world, lambda row: row.id)), len(world.said("performance_check_opened")))


def test_given_the_role_of_a_mediator_elsewhere_when_she_asks_then_there_is_nothing(world):
    number = check(world)
    stranger = Principal("u-x", "旁人", (Grant("MEDIATOR", "yinchuan.jinfeng"),))
    with world.store.transaction() as session, pytest.raises(NotFound):
        LIFE.read(session, stranger, GetCheck().load({"number": number}))
