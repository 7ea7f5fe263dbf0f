"""Many clocks that end at once are told with few questions."""

from __future__ import annotations

from datetime import timedelta

from services.intake import overdue
from tests.support.counting import statements
from tests.unit.intake.world import INTAKE, NOW, names, register


def raised(store, now):
    with store.transaction() as session, statements(store.engine) as found:
        overdue.raise_due(session, INTAKE, now)
    return len([said for said in found if said.startswith("SELECT")])


def reported(store, no):
    reporter = {"name": f"陈桂{no}", "phone": f"1390000040{no}", "contact_preference": "CALL"}
    register(store, reporter=reporter)


def test_given_more_appeals_that_are_late_when_raised_then_no_more_is_asked_of_the_database(store):
    reported(store, 1)
    one = raised(store, NOW + timedelta(days=40))
    for no in range(2, 5):
        reported(store, no)
    more = raised(store, NOW + timedelta(days=40))
    assert (one, True) == (more, names(store).count("appeal_overdue") >= 4)
