"""Templates are complete, plain and free of personal data."""

from __future__ import annotations

import pytest

from kernel.masking import find_personal
from services.notify import templates
from tests.unit.notify.facts import shanghai

ALLOWED_BLANKS = {
    "link", "danger_flag", "first_contact_due",
    "number", "first_responder", "promise_at", "urgency", "due_at", "stage", "reason", "into_number", "result",
    "solved", "satisfied", "whistle_number", "drafted_by", "source_number", "kind", "units", "unit", "action",
    "sign_due", "report_due", "percent", "planned",
    "tries", "giver", "handler", "offered_to", "post", "failed",
    "level", "tasks", "rated", "waived", "reassigned", "mediation_number", "no",
    "starts_at", "was_starts_at", "place", "effective_at", "until", "remedies", "start_by", "title", "name", "body",
    "visited", "needing", "meeting_by", "decision",
    "matter", "materials", "delivery_way", "failure", "failures", "state", "hall_at",
    "answer_due", "back_name", "before", "checklist", "closes_at", "correct_by", "count", "days", "entered", "form",
    "from_number", "held_at", "item_no", "month", "nomination", "occasion", "of", "opens_at", "origin", "outcome",
    "recent", "reports", "review_at", "rhythm", "score", "settled", "stage_name", "station_name", "theme", "times",
    "topic", "total", "work_no",
    "items", "about_number", "cause", "community", "mediator", "minutes", "returns", "ruling", "told", "whistle",
    "new_due_at", "old_due_at", "term_no", "way", "ways", "danger", "was_solved",
}  # fmt: skip


def test_given_the_file_when_read_then_every_blank_is_a_number_a_time_a_label_or_a_masked_name():
    blanks = {blank for template in templates.FORMS.values() for blank in template.blanks}
    assert set() == blanks - ALLOWED_BLANKS


def test_given_the_file_when_read_then_no_template_holds_a_telephone_or_id_number():
    assert [] == [finding for one in templates.FORMS.values() for finding in find_personal(one.title + one.body)]


def test_given_the_file_when_read_then_only_what_cannot_wait_may_break_quiet_hours():
    loud = {key for key, template in templates.FORMS.items() if template.breaks_quiet}
    assert {
        "appeal_receipt", "appeal_assigned", "appeal_overdue", "appeal_urgency_raised", "appeal_joined",
        "appeal_extended", "mediation_extended", "appeal_reopened_unit", "whistle_unmanned",
        "whistle_task_assigned", "whistle_task_overdue", "pager_alarm_assigned", "pager_alarm_overdue",
        "whistle_task_linked", "whistle_task_overdue_linked", "whistle_task_link_asked",
        "whistle_task_rejected", "whistle_task_objection_decided", "whistle_task_let_off", "whistle_task_cancelled",
        "dispute_escalation_reported", "dispute_escalation_street",
        *(key for key in templates.FORMS if key.endswith("deadline_approaching")),
    } == loud  # fmt: skip


def test_given_values_when_filled_then_people_read_labels_and_the_wall_clock():
    _, body = templates.FORMS["mediation_session"].filled(
        {"mediation_number": "M1", "no": 2, "starts_at": shanghai(9, 15), "kind": None, "place": "社区"}
    )
    assert "第2次调解定于7月9日（周二）15:00（未填）" in body


def test_given_a_blank_nobody_filled_when_filled_then_it_is_a_fault():
    with pytest.raises(KeyError):
        templates.FORMS["appeal_closed"].filled({})
