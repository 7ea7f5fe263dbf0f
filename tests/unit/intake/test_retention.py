"""A case that ended loses its words and its person with its term; a dry run counts in all stores and clears none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.erased import GONE
from chassis.errors import Forbidden, Unavailable
from chassis.identity import Grant, Principal
from chassis.tables import AUDIT
from contracts import registry
from services.intake import retention
from services.intake.service import IntakeService
from services.intake.tables import Appeal, Handling
from tests.unit.intake.erasing import PHONE, withdraw
from tests.unit.intake.filing import do, filed
from tests.unit.intake.world import INTAKE, NOW, WANG, register

AUDITOR = Principal("u-fanzheng", "范正", (Grant("AUDITOR", "yinchuan"),))
SOON, LATER = NOW + timedelta(days=1000), NOW + timedelta(days=1200)


def ended(store):
    filed(store, phone=PHONE)
    withdraw(store)


def clear(store, now):
    with store.transaction() as session:
        retention.TERMS.clear_due(session, INTAKE, now)


def away(*_, **__):
    raise Unavailable("没有应答")


def check(store, now, who=AUDITOR, ask=away):
    command = registry.command("intake", "check_retention")
    with store.transaction() as session:
        operation = IntakeService.entrypoints["check_retention"].operation
        return command.answer().dump(operation(session, who, command().load({}), now, ask=ask))["stores"]


def due(store, now, what="诉求"):
    return next(one["rows"] for one in check(store, now)[0]["items"] if one["what"] == what)


def appeals(store):
    with store.transaction() as session:
        rows = session.scalars(select(Appeal).order_by(Appeal.id)).all()
        return [(row.state, row.content == GONE, row.reporter_id is None) for row in rows]


def test_given_a_case_that_ended_when_its_term_runs_then_nothing_is_due_and_nothing_goes(store):
    ended(store)
    clear(store, SOON)
    assert (0, [("WITHDRAWN", False, False)]) == (due(store, SOON), appeals(store))


def test_given_a_case_that_ended_when_its_term_is_over_then_the_dry_run_counts_it_and_leaves_it(store):
    ended(store)
    assert (1, [("WITHDRAWN", False, False)]) == (due(store, LATER), appeals(store))


def test_given_a_term_that_is_over_when_cleared_twice_then_words_and_person_are_gone_and_the_trail_tells_it_once(store):
    ended(store)
    register(store, WANG, calm=True)
    for _ in range(2):
        clear(store, LATER)
    assert [("WITHDRAWN", True, True), ("ASSIGNED", False, False)] == appeals(store)
    with store.transaction() as session:
        trail = session.execute(select(AUDIT.c.subject, AUDIT.c.details).where(AUDIT.c.act == "retention")).all()
        told = {row.content for row in session.scalars(select(Handling))}
    assert [("person.keep_closed", {"what": "诉求", "cleared": 1})] == [tuple(one) for one in trail]
    assert set() == told - {GONE, None}
    assert 0 == due(store, LATER + timedelta(days=2000))


def test_given_a_cleared_case_when_read_then_it_still_shows_what_became_of_it(store):
    ended(store)
    clear(store, LATER)
    with store.transaction() as session:
        number = session.scalars(select(Appeal.case_number)).one()
    view = do(store, "get_appeal", WANG, LATER, number=number)
    assert ("WITHDRAWN", GONE, None) == (view["state"], view["title"], view["reporter"])


def test_given_stores_that_answer_or_not_when_checked_then_each_says_its_own_and_who_is_away_is_named(store):
    row = {"what": "哨单", "key": "person.keep_closed", "ended_before": "2021-07-08T00:00:00Z", "rows": 3}

    def ask(command, question, deadline):
        return {"items": [row]} if command.service == "dispatch" else away()

    told = [(one["store"], one["missing"], len(one["items"])) for one in check(store, NOW, ask=ask)]
    kinds = len(retention.TERMS)
    assert [("INTAKE", False, kinds), ("DISPATCH", False, 1), *((each, True, 0) for each in MISSING)] == told


MISSING = ("MEDIATION", "NOTIFY", "PORTAL")


def test_given_who_is_neither_auditor_nor_district_when_checked_then_it_is_refused(store):
    with pytest.raises(Forbidden):
        check(store, NOW, WANG)
