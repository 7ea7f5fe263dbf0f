"""Inbox, answers, parking, audit and sealing, on a real database."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, func, select, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from chassis import answered, audit, closing, inbox, parked, sealing
from chassis.errors import Conflict, Invalid, NotFound, Unavailable
from chassis.identity import Principal
from chassis.store import add_chassis_tables, new_id
from chassis.tables import AUDIT, INBOX, OUTBOX, PARKED
from tools import parked as acts
from tools import trail

NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)
WHO = Principal("u-ops", "值班员")
METADATA = MetaData()
add_chassis_tables(METADATA)
MESSAGE = {
    "event_id": "e-1", "handler": "things.heard", "queue": "things.inbox", "body": b"{}",
    "headers": {}, "content_type": "application/json", "attempts": 5,
}  # fmt: skip


@pytest.fixture
def store(database):
    return database(METADATA)


def test_given_an_event_claimed_when_claimed_again_then_it_is_a_duplicate_for_that_handler_alone(store):
    with store.transaction() as session:
        claims = [inbox.first_time(session, handler, "e-1", NOW) for handler in ("a", "a", "b")]
    assert [True, False, True] == claims


def test_given_a_claim_rolled_back_when_delivered_again_then_it_counts_as_new(store):
    with pytest.raises(RuntimeError), store.transaction() as session:
        inbox.first_time(session, "a", "e-1", NOW)
        raise RuntimeError
    with store.transaction() as session:
        assert inbox.first_time(session, "a", "e-1", NOW)


def ask(store, payload, key="k-1", do=lambda session: {"no": 1}):
    return answered.once(store, answered.Request(WHO.id, "make", key, payload), NOW, do)


def test_given_an_answer_kept_when_the_table_is_read_then_it_tells_nothing(store):
    ask(store, {"who": "me"}, do=lambda session: {"phone": "13800000000"})
    with store.transaction() as session:
        ((kept,),) = session.execute(text("select answer from answered")).all()
    assert (False, {"phone": "13800000000"}) == (b"138" in kept, ask(store, {"who": "me"}))


def test_given_answers_when_a_week_is_over_then_they_are_forgotten_and_younger_stay(store):
    for number in range(3):
        ask(store, {}, key=f"old-{number}")
    later = NOW + answered.KEPT + timedelta(seconds=1)
    answered.once(store, answered.Request(WHO.id, "make", "young", {}), later, lambda session: {})
    forgotten = [answered.forget(store, later) for _ in range(2)]
    with store.transaction() as session:
        keys = list(session.execute(text("select key from answered")).scalars())
    assert ([3, 0], ["young"]) == (forgotten, keys)


def counting(session):
    """Work that shows: each time it is done, one row more."""
    inbox.first_time(session, "counting", str(new_id()), NOW)
    return {"no": done(session)}


def done(session):
    return session.execute(select(func.count()).select_from(INBOX)).scalar_one()


def test_given_an_answered_key_when_the_same_is_asked_then_the_same_is_answered_and_nothing_done(store):
    answers = [ask(store, {"a": 1}, do=counting) for _ in range(2)]
    with store.transaction() as session:
        assert ([{"no": 1}, {"no": 1}], 1) == (answers, done(session))


def test_given_an_answered_key_when_another_request_uses_it_then_it_is_refused(store):
    ask(store, {"a": 1})
    with pytest.raises(Conflict):
        ask(store, {"a": 2})


def test_given_an_answered_key_when_the_repetition_would_be_refused_then_the_first_answer_comes_again(store):
    def refuse(session):
        raise Conflict("已经办过")

    ask(store, {"a": 1})
    assert {"no": 1} == ask(store, {"a": 1}, do=refuse)


def test_given_a_request_that_failed_when_asked_again_then_it_is_done(store):
    def fail(session):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask(store, {"a": 1}, do=fail)
    assert {"no": 1} == ask(store, {"a": 1})


def test_given_two_same_requests_at_once_then_the_work_is_done_once(store):
    inside, answers = threading.Event(), []

    def slowly(session):
        answer = counting(session)
        inside.set()
        return answer

    first = threading.Thread(target=lambda: answers.append(ask(store, {"a": 1}, do=slowly)))
    first.start()
    assert inside.wait(10)
    answers.append(ask(store, {"a": 1}, do=slowly))
    first.join(10)
    with store.transaction() as session:
        assert ([{"no": 1}, {"no": 1}], 1) == (answers, done(session))


def park(store):
    with store.transaction() as session:
        parked.park(session, NOW, MESSAGE, "ValueError: no")
        return session.execute(select(PARKED.c.id)).scalar_one()


def test_given_a_parked_message_when_replayed_then_it_goes_out_to_its_own_service_alone(store):
    key = park(store)
    with store.transaction() as session:
        acts.replay(session, WHO, key, NOW)
        closing.write(session)
        sent = session.execute(select(OUTBOX.c.exchange, OUTBOX.c.body)).one()
        assert (("things.replay", "{}"), []) == (tuple(sent), acts.list_parked(session))


def test_given_a_replayed_message_when_replayed_again_then_it_is_refused(store):
    key = park(store)
    with store.transaction() as session:
        acts.replay(session, WHO, key, NOW)
        with pytest.raises(Conflict):
            acts.replay(session, WHO, key, NOW)


def test_given_no_reason_when_discarded_then_the_message_stays(store):
    key = park(store)
    with store.transaction() as session:
        with pytest.raises(Invalid):
            acts.discard(session, WHO, key, "  ", NOW)
        assert [key] == [row["id"] for row in acts.list_parked(session)]


def test_given_an_unknown_number_when_shown_then_it_is_not_found(store):
    with store.transaction() as session, pytest.raises(NotFound):
        acts.show(session, WHO, 99, NOW)


def test_given_acts_noted_then_the_chain_is_whole_and_a_change_shows(store):
    with store.transaction() as session:
        for number in range(3):
            audit.note(session, WHO, NOW, "looked", f"case-{number}", "复核", field="phone")
        assert trail.broken_link(session) is None
        session.execute(AUDIT.update().where(AUDIT.c.no == 2).values(purpose="别的"))
        assert 2 == trail.broken_link(session)


def test_given_a_sealed_column_then_the_database_holds_no_plain_text(store):
    sealed = sealing.seal(b"13900000001")
    with store.transaction() as session:
        stored = session.execute(text("select cast(:sealed as bytea)"), {"sealed": sealed}).scalar_one()
    assert (False, b"13900000001") == (b"139" in bytes(stored), sealing.unseal(bytes(stored)))


@given(st.text(max_size=60))
def test_given_any_text_when_sealed_and_unsealed_then_it_is_the_same(plain):
    assert plain == sealing.unseal(sealing.seal(plain.encode())).decode()


def test_given_ids_made_in_turn_then_they_sort_in_that_order_and_are_version_seven():
    ids = [new_id() for _ in range(200)]
    assert ({7}, sorted(ids)) == ({each.version for each in ids}, ids)


def test_given_a_row_the_database_refuses_when_it_is_told_then_no_value_is_in_the_words(store):
    with pytest.raises(IntegrityError) as refused, store.transaction() as session:
        session.execute(text("insert into peer_cursor (source, position) values ('13800000000', null)"))
    assert "null value in column" in str(refused.value)
    assert "13800000000" not in f"{refused.value.orig} {refused.value.args}"


def test_given_a_value_of_another_kind_when_it_is_told_then_it_is_not_quoted(store):
    with pytest.raises(DataError) as refused, store.transaction() as session:
        session.execute(text("select cast(:given as integer)"), {"given": "13800000000x"})
    assert "13800000000" not in f"{refused.value} {refused.value.orig}"


@pytest.mark.parametrize(
    ("statement", "passes"),
    [
        ("do $$ begin raise sqlstate '40001'; end $$", True),
        ("do $$ begin raise sqlstate '53100'; end $$", True),
        ("do $$ begin raise sqlstate '57P01'; end $$", True),
        ("do $$ begin raise sqlstate '25006'; end $$", True),
        ("do $$ begin raise sqlstate '54000'; end $$", False),
        ("do $$ begin raise sqlstate '55000'; end $$", False),
        ("select 1 / 0", False),
    ],
)
def test_given_an_error_of_the_server_then_only_what_passes_counts_as_a_database_away(store, statement, passes):
    with pytest.raises((Unavailable, DBAPIError)) as told, store.transaction() as session:
        session.execute(text(statement))
    assert passes == isinstance(told.value, Unavailable)
