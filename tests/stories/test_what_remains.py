"""After the stories: the five invariants hold, and nothing personal lies where it may not.

Runs last in this folder (by name), over everything the other tests here have caused.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from contracts.listeners import LISTENERS, SERVICES
from kernel.masking import find_personal
from ops import rabbitmq_api
from ops.environment import database_url
from ops.waiting import wait_until
from ops.world import World
from tests.stories.sql import FACTS, one, rows, work_done
from tests.support.events import envelopes_in
from tools.trail import broken_link

pytestmark = pytest.mark.integration
STORES = ("intake", "dispatch", "mediation", "notify", "portal")
# an id may hold digits that look like a telephone number: UUIDs, and trace ids of 32 signs
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
ADDRESSES = ("301室", "401室")
NAMES = ("陈桂兰", "赵建军", "陈小华", "陈志明")


def quiet(world: World) -> None:
    """Waits until all words said have gone round."""
    for service in STORES:
        query = "select count(*) from outbox where sent_at is null"
        wait_until(lambda: one(world, service, query) == 0, seconds=60, what=f"outbox of {service}")  # noqa: B023
    queues = lambda: {n: q["messages"] for n, q in rabbitmq_api.queues(world).items() if q.get("messages")}  # noqa: E731
    wait_until(lambda: not queues(), seconds=60, what="empty queues", every=0.5)


def events(world: World) -> dict[str, dict[str, str]]:
    """Every published event: id → its source and name."""
    found = {}
    for service in SERVICES:
        for key, kind in rows(world, service, f"select id, type from {FACTS}"):
            found[key] = {"source": service, "name": kind.split(".")[-2]}
    return found


HEARD = """
select event_id from inbox
where event_id not in (select event_id from parked where state = 'DISCARDED' and event_id is not null)
"""
"""What a person gave up counts as heard, so that nobody runs it again."""


def test_given_the_stories_told_then_every_event_has_exactly_one_effect_a_listener(told_in):
    quiet(told_in)
    last: list[dict[str, list[str]]] = []

    def agreed() -> bool:
        last.append(unlike(told_in))
        return not any(last[-1].values())

    with suppress(TimeoutError):  # a message that is sent in between is one more event
        wait_until(agreed, seconds=60, what="one effect each", every=0.5, progress=lambda: work_done(told_in))
    assert {service: [] for service in SERVICES} == last[-1]


def unlike(world: World) -> dict[str, list[str]]:
    """By listener, the events that had no effect, more than one, or one though nobody said them."""
    published = events(world)
    assert published
    found = {}
    for listener in SERVICES:
        heard_names = {(event.source, event.name) for event in LISTENERS[listener]}
        wanted = Counter(
            key for key, event in published.items()
            if listener == "portal" or (event["source"], event["name"]) in heard_names
        )  # fmt: skip
        # a letter from outside has a slash in its id, and no service said it
        heard = Counter(key for (key,) in rows(world, listener, HEARD) if "/" not in key)
        found[listener] = sorted([*(wanted - heard), *(heard - wanted)])
    return found


def test_given_the_stories_told_then_every_case_is_on_a_page_and_nothing_is_parked(told_in):
    numbers = {
        n for (n,) in rows(told_in, "intake", "select case_number from appeal union select case_number from hazard")
    }
    pages = {n for (n,) in rows(told_in, "portal", "select number from matter where root")}
    parked = {
        service: one(told_in, service, "select count(*) from parked where state = 'PARKED'") for service in STORES
    }
    assert (set(), dict.fromkeys(STORES, 0)) == (numbers - pages, parked)


def personal(text: str) -> list[str]:
    text = ID.sub("", text)
    found = [text[each.start : each.end] for each in find_personal(text)]
    return found + [word for word in (*ADDRESSES, *NAMES) if word in text]


@pytest.mark.parametrize("service", STORES)
def test_given_the_stories_told_then_no_event_holds_personal_data(told_in, service):
    # what was replayed is emptied after its term
    bodies = [body for (body,) in rows(told_in, service, "select body from outbox where body <> ''")]
    told = [envelope["data"] for body in bodies for envelope in envelopes_in(body)]
    assert [] == [found for data in told for found in personal(json.dumps(data, ensure_ascii=False))]


def test_given_the_stories_told_then_no_log_holds_personal_data(told_in):
    # the broker writes no payload, and its addresses with ports and microseconds look like telephone numbers
    for log in (each for each in told_in.logs.glob("*.log") if each.name != "rabbitmq.log"):
        lines = log.read_text(errors="replace").splitlines()
        assert [] == [line for line in lines if personal(line)], log.name


def test_given_the_stories_told_then_a_case_is_found_in_every_log_by_its_number(told_in):
    agreed = "select case_number from mediation_case join agreement on agreement.case_id = mediation_case.id"
    helped = rows(told_in, "dispatch", "select case_number from whistle")
    numbers = {number for (number,) in rows(told_in, "mediation", agreed) if (number,) in helped}
    assert numbers
    lines = [line for log in told_in.logs.glob("*.log") for line in log.read_text(errors="replace").splitlines()]
    calls = [
        call for call in map(json.loads, (line for line in lines if '"event": "call"' in line)) if call["trace_id"]
    ]
    for service in ("intake", "dispatch", "mediation"):
        changed = {
            call.get("case_number") for call in calls if (service, "answered") == (call["service"], call["outcome"])
        }
        assert set() == numbers - changed, service


def test_given_the_stories_told_then_the_personal_columns_are_sealed(told_in):
    assert one(told_in, "intake", "select count(*) from person") > 0
    dump = str(rows(told_in, "intake", "select * from person"))
    assert [] == [word for word in NAMES if word in dump]


def test_given_the_stories_told_then_the_audit_chains_are_whole(told_in):
    for service in STORES:
        engine = create_engine(database_url(told_in, service))
        with Session(engine) as session:
            assert broken_link(session) is None
        engine.dispose()
