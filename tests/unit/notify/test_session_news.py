"""Sessions that move or fall away: nobody is reminded of what is no longer true; each message names time and place."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from contracts import samples
from contracts.mediation.agreements import AgreementDrafted
from contracts.mediation.cases import MediationCaseOpened
from contracts.mediation.sessions import MediationSessionHeld, MediationSessionMoved, MediationSessionScheduled
from services.notify import sending
from services.notify.gateways.base import NotNow
from services.notify.messages import PLACE
from services.notify.templates import CHANNELS, FORMS
from tests.unit.notify.facts import NOW, fact, messages, shanghai, tell

pytestmark = pytest.mark.rule("13")

MEETING, LATER = shanghai(9, 15), shanghai(11, 9)
WAITING = ("mediation_session", "mediation_reminder", "mediation_session_helper", "mediation_reminder_helper")


def hear(store, contract, version, **data):
    tell(store, fact(contract, data, version, subject=samples.CASE), NOW)


def opened(store):
    hear(store, MediationCaseOpened, 1)


def scheduled(store):
    hear(store, MediationSessionScheduled, 5, starts_at=MEETING.isoformat())


def moved(store):
    when = {"was_starts_at": MEETING.isoformat(), "starts_at": LATER.isoformat()}
    hear(store, MediationSessionMoved, 6, **when)


def held(store, outcome="ABANDONED"):
    hear(store, MediationSessionHeld, 7, outcome=outcome)


def drafted(store):
    hear(store, AgreementDrafted, 8)


def test_given_a_session_given_up_beforehand_then_reminders_go_and_everybody_invited_hears_it(store):
    opened(store)
    scheduled(store)
    held(store)
    assert [] == messages(store, *WAITING)
    assert {"mediation_session_called_off", "mediation_session_called_off_helper", "tell_in_person"} == {
        row.template for row in messages(store)
    }
    assert all("7月9日（周二）15:00" in row.body and "取消" in row.body for row in messages(store))


def test_given_a_session_that_was_held_then_nobody_is_reminded_or_told_it_falls_away(store):
    opened(store)
    scheduled(store)
    held(store, "NO_AGREEMENT")
    assert [] == messages(store)


def test_given_a_moved_session_then_only_the_new_time_is_told_and_called_to_mind(store):
    opened(store)
    scheduled(store)
    moved(store)
    assert [] == messages(store, "mediation_session", "mediation_session_helper")
    assert all("7月11日（周四）09:00" in row.body for row in messages(store))
    (notice,) = messages(store, "mediation_session_moved")
    assert "原定7月9日（周二）15:00" in notice.body
    assert [shanghai(10, 9), shanghai(11, 8)] == sorted(row.send_after for row in messages(store, "mediation_reminder"))


@pytest.mark.parametrize(
    "order", list(permutations((scheduled, moved, held))), ids=lambda order: "-".join(each.__name__ for each in order)
)
def test_given_facts_in_any_order_when_given_up_in_the_end_then_nobody_is_reminded(store, order):
    opened(store)
    for happen in order:
        happen(store)
    left = {row.template for row in messages(store)}
    assert set() == left - {"mediation_session_called_off", "mediation_session_called_off_helper", "tell_in_person"}
    assert all("取消" in row.body for row in messages(store))


def test_given_an_older_fact_heard_late_then_the_newer_time_stands(store):
    opened(store)
    moved(store)
    scheduled(store)
    assert [] == messages(store, "mediation_session")
    assert all("7月11日（周四）09:00" in row.body for row in messages(store))


def test_given_an_accord_when_drafted_then_sessions_still_to_come_are_called_off(store):
    opened(store)
    scheduled(store)
    drafted(store)
    assert [] == messages(store, *WAITING)
    assert 3 == sum("取消" in row.body for row in messages(store))


def test_given_the_templates_then_every_message_about_a_session_names_time_and_place():
    about = [form for key, form in FORMS.items() if key.startswith(("mediation_session", "mediation_reminder"))]
    assert 8 == len(about)
    assert [] == [form.key for form in about if not {"starts_at", "place"} <= form.blanks]


def test_given_a_message_about_a_session_when_it_leaves_then_it_names_the_place_and_none_is_kept(store):
    opened(store)
    scheduled(store)
    (row,) = messages(store, "mediation_session_helper")
    gateway, asked = Gateway(), list[UUID]()

    def where(session_id: UUID) -> str:
        asked.append(session_id)
        return "银虹社区调解室"

    outcome = sending.deliver(claim(row), lambda _: {}, [gateway], where)
    assert (None, [row.subject_id], PLACE in row.body) == (outcome.trouble, asked, True)
    assert ["地点：银虹社区调解室" in letter.body for letter in gateway.letters] == [True]


def test_given_mediation_does_not_answer_then_the_message_waits_instead_of_leaving_without_its_place(store):
    opened(store)
    scheduled(store)
    (row,) = messages(store, "mediation_session_helper")
    gateway = Gateway()

    def where(session_id: UUID) -> str:
        raise NotNow("away")

    outcome = sending.deliver(claim(row), lambda _: {}, [gateway], where)
    assert ("away", True, []) == (outcome.trouble, outcome.may_pass, gateway.letters)


class Gateway:
    """Carries every letter and keeps it."""

    def __init__(self):
        self.letters = []

    def channel_for(self, audience, address):
        return CHANNELS[audience][0]

    def send(self, letter):
        self.letters.append(letter)


def claim(row):
    return sending.Claim(row.id, row, row.recipient_id)


def test_given_a_moment_when_moved_twice_then_the_last_one_counts(store):
    opened(store)
    scheduled(store)
    moved(store)
    again = {"was_starts_at": LATER.isoformat(), "starts_at": (LATER + timedelta(days=1)).isoformat()}
    hear(store, MediationSessionMoved, 9, **again)
    assert all("7月12日（周五）09:00" in row.body for row in messages(store))
