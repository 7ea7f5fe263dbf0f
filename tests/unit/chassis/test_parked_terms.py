"""What lies parked is sealed, opened on the record, and has a term."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import LargeBinary, func, select, text, type_coerce, update

from chassis import inbox, outbox, parked, sealing
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.parked import Terms
from chassis.tables import AUDIT, OUTBOX, PARKED
from tests.toys.things.tables import Base
from tools import parked as settling
from tools import reseal

pytestmark = pytest.mark.rule("5")
NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)
WHO = Principal("u-ops", "值班员")
TERMS = Terms(settled=90, body=365, warning=30)
SECRET = "陈桂兰 13900139000".encode()
DAY = timedelta(days=1)


@pytest.fixture
def store(database):
    return database(Base.metadata)


@pytest.fixture(autouse=True)
def own_keys() -> Iterator[None]:
    yield
    sealing.forget_keys()


def park(session, event_id: str = "e-1", at: datetime = NOW) -> int:
    message = {
        "event_id": event_id, "handler": "things.heard", "queue": "things.inbox", "body": SECRET,
        "headers": {"x-sender": "department.a", "x-phone": "13900139000"}, "content_type": "text/plain", "attempts": 1,
    }  # fmt: skip
    assert parked.park(session, at, message, "ValueError: no")
    return int(session.execute(select(func.max(PARKED.c.id))).scalar_one())


def forget(store, now: datetime) -> None:
    with store.transaction() as session:
        parked.forget(session, now, TERMS)


def test_given_a_parked_message_when_the_table_is_read_then_neither_body_nor_headers_tell_anything(store):
    with store.transaction() as session:
        park(session)
        dump = session.execute(text("select parked::text from parked")).scalar_one()
        raw = bytes(session.execute(select(type_coerce(PARKED.c.body, LargeBinary))).scalar_one())
        assert (False, False) == ("13900139000" in dump, SECRET in raw)


def test_given_parked_messages_when_listed_then_nothing_sealed_is_opened(store):
    with store.transaction() as session:
        park(session)
        (row,) = settling.list_parked(session)
    assert (False, False) == ("body" in row, "headers" in row)


def test_given_a_parked_message_when_shown_and_replayed_then_it_is_opened_and_the_audit_says_by_whom(store):
    with store.transaction() as session:
        key = park(session)
        body = settling.show(session, WHO, key, NOW)["body"]
        settling.replay(session, WHO, key, NOW)
        acts = list(session.execute(select(AUDIT.c.principal_id, AUDIT.c.act, AUDIT.c.subject)))
    subject = f"parked:{key}"
    assert (SECRET, [("u-ops", "parked_shown", subject), ("u-ops", "parked_replayed", subject)]) == (body, acts)


def test_given_a_new_sealing_key_when_resealed_then_bodies_that_are_no_text_are_sealed_anew(store, monkeypatch):
    with store.transaction() as session:
        key = park(session)
        session.execute(update(PARKED).values(body=b"\xff\xfe"))
    keys = json.loads(os.environ["SEAL_KEYS"])
    monkeypatch.setenv("SEAL_KEYS", json.dumps({"k2": next(iter(keys.values())), **keys}))
    sealing.forget_keys()
    with store.transaction() as session:
        resealed = reseal.reseal_column(session, Base.metadata.tables["parked"], "body")
        assert (1, b"\xff\xfe") == (resealed, settling.show(session, WHO, key, NOW)["body"])


def test_given_a_replay_that_has_left_then_its_copy_in_the_outbox_is_emptied(store):
    with store.transaction() as session:
        settling.replay(session, WHO, park(session), NOW)
    forget(store, NOW)  # not sent yet: it must still go out
    with store.transaction() as session:
        kept = session.execute(select(OUTBOX.c.body)).scalar_one()
        session.execute(update(OUTBOX).values(sent_at=NOW, sent_no=1))
    forget(store, NOW)
    with store.transaction() as session:
        assert (SECRET.decode(), "") == (kept, session.execute(select(OUTBOX.c.body)).scalar_one())


def test_given_a_settled_message_when_its_term_is_over_then_it_is_forgotten_and_its_event_stays_heard(store):
    with store.transaction() as session:
        settling.discard(session, WHO, park(session), "不再需要", NOW)
    forget(store, NOW + 90 * DAY)
    with store.transaction() as session:
        before = session.execute(select(func.count()).select_from(PARKED)).scalar_one()
    forget(store, NOW + 91 * DAY)
    with store.transaction() as session:
        after = session.execute(select(func.count()).select_from(PARKED)).scalar_one()
        assert (1, 0, False) == (before, after, inbox.first_time(session, "things.heard", "e-1", NOW))


def test_given_a_message_replayed_and_not_sent_yet_when_its_term_is_over_then_it_is_kept(store):
    with store.transaction() as session:
        settling.replay(session, WHO, park(session), NOW)
    forget(store, NOW + 91 * DAY)
    with store.transaction() as session:
        assert 1 == session.execute(select(func.count()).select_from(PARKED)).scalar_one()


def test_given_an_open_message_when_its_longer_term_is_over_then_only_its_body_is_forgotten_after_a_warning(store):
    with store.transaction() as session:
        key = park(session)
        warned = [parked.ending(session, NOW + days * DAY, TERMS) for days in (335, 336)]
    forget(store, NOW + 365 * DAY)
    with store.transaction() as session:
        kept = settling.show(session, WHO, key, NOW)["body"]
    forget(store, NOW + 366 * DAY)
    with store.transaction() as session:
        row = settling.show(session, WHO, key, NOW)
        left = (row["event_id"], row["error"], row["state"], row["body"], row["headers"])
        assert ([0, 1], SECRET) == (warned, kept)
        assert ("e-1", "ValueError: no", "PARKED", None, None) == left
        with pytest.raises(Invalid):
            settling.replay(session, WHO, key, NOW)
        settling.discard(session, WHO, key, "内容已过期", NOW)


def test_given_terms_in_the_settings_when_read_then_they_hold(monkeypatch):
    monkeypatch.setenv("PARKED_BODY_DAYS", "10")
    assert Terms(settled=90, body=10, warning=30) == Terms.from_environment()


def test_given_a_fact_that_was_no_replay_when_terms_are_looked_after_then_its_log_is_untouched(store):
    with store.transaction() as session:
        park(session)
        outbox.enqueue(session, NOW, "01909000-0000-7000-8000-000000000001", "things.events", "x", "s", "{}")
    with store.transaction() as session:
        session.execute(update(OUTBOX).values(sent_at=NOW, sent_no=1))
    forget(store, NOW + 400 * DAY)
    with store.transaction() as session:
        assert "{}" == session.execute(select(OUTBOX.c.body)).scalar_one()
