"""Kept counts are what the rows count, whatever is done to the rows and whenever they are counted again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from random import Random

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import visitors

from capability import tallies
from capability.tallies import Source, Tally
from chassis.store import Ltree, Moment
from contracts.listeners import SERVICES
from tools.tables import metadata_of

TOYS = MetaData()
THING = Table(
    "thing", TOYS,
    Column("id", Integer, primary_key=True), Column("at", Moment), Column("path", Ltree), Column("kind", Text),
    Column("looks", Text),
)  # fmt: skip
PART = Table(
    "part", TOYS, Column("id", Integer, primary_key=True), Column("thing_id", ForeignKey("thing.id")),
    Column("good", Integer),
)  # fmt: skip
START = datetime(2024, 7, 1, 15, 30, tzinfo=UTC)
PATHS = ["a", "a.b", "a.b.c", "a.b.d.e", "a.x.c", "z.b.c"]


def count(begins, ends, place):
    """Things of each kind, and the good parts of them."""
    joined = select(tallies.key(THING.c.kind), tallies.counts(func.count(THING.c.id.distinct()), func.sum(PART.c.good)))
    which = (THING.c.at >= begins, THING.c.at < ends, tallies.inside(THING.c.path, place, 2))
    return joined.select_from(THING).outerjoin(PART, PART.c.thing_id == THING.c.id).where(*which).group_by(THING.c.kind)


BUCKET = f"SELECT {tallies.day('t.at')}, {tallies.top('t.path', 2)} FROM"
DAYS = tallies.keep(
    TOYS,
    Tally("toys", "1 day", count, (
        Source("thing", f"{BUCKET} r t", ("at", "path", "kind")),
        Source("part", f"{BUCKET} r JOIN thing t ON t.id = r.thing_id"),
    )),
)  # fmt: skip


@pytest.fixture
def store(database):
    return database(TOYS)


def answered(store):
    with store.transaction() as session:
        found = tallies.rows(DAYS, lambda _: ())
        which = found.c.period, found.c.place, found.c.key[1]
        rows = session.execute(select(*which, *tallies.sums(found, 2)).group_by(*which))
        return {tuple(row[:3]): tuple(row[3:]) for row in rows}


def counted(store):
    """The same by hand."""
    found: dict[tuple, tuple[int, int | None]] = {}
    with store.transaction() as session:
        parts = session.execute(select(PART)).all()
        for thing in session.execute(select(THING).where(THING.c.at.is_not(None))):
            day, place = (thing.at + timedelta(hours=8)).date(), ".".join(thing.path.split(".")[:2])
            good = [part.good for part in parts if part.thing_id == thing.id]
            number, sum_before = found.get((day, place, thing.kind), (0, None))
            known = [*([sum_before] if sum_before is not None else []), *good]
            found[day, place, thing.kind] = (number + 1, sum(known) if known else None)
    return found


def recounted(store):
    with store.transaction() as session:
        return tallies.recount(session, DAYS)


def marks(store):
    with store.transaction() as session:
        return session.scalar(select(func.count()).select_from(tallies.MARK))


def thing(store, no=1, at=START, path="a.b.c", kind="red"):
    with store.transaction() as session:
        session.execute(insert(THING).values(id=no, at=at, path=path, kind=kind))


def changes(chance):
    """One random thing somebody may do to the rows."""
    at = chance.choice([None, START, START + timedelta(hours=1), START + timedelta(days=chance.randrange(40))])
    values = {"at": at, "path": chance.choice(PATHS), "kind": chance.choice(["red", "blue"])}
    mine, no = THING.c.id.in_(chance.sample(range(30), chance.choice([1, 2, 12]))), chance.randrange(10**9)
    one = chance.choice(list(values))
    any_thing = select(THING.c.id).order_by(func.abs(THING.c.id - chance.randrange(30))).limit(1)
    of_one = select(literal(no), THING.c.id, literal(1)).where(mine).limit(1)
    return chance.choice([
        [insert(THING).values(id=no % 30, **values).on_conflict_do_nothing()],
        [update(THING).where(mine).values(**{one: values[one]})],
        [update(THING).values(looks="new")],
        [insert(PART).from_select(["id", "thing_id", "good"], of_one)],
        [update(PART).where(PART.c.id % 3 == no % 3).values(good=no % 4)],
        [update(PART).where(PART.c.id % 5 == no % 5).values(thing_id=any_thing.scalar_subquery())],
        [delete(PART).where(PART.c.thing_id.in_(select(THING.c.id).where(mine))), delete(THING).where(mine)],
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_given_any_history_of_rows_when_asked_at_any_time_then_the_answer_is_what_the_rows_count(store, seed):
    chance = Random(seed)
    for _ in range(60):
        with store.transaction() as session:
            for change in changes(chance):
                session.execute(change)
            if chance.random() < 0.2:
                session.rollback()
        if chance.random() < 0.3:
            recounted(store)
        assert counted(store) == answered(store)
    recounted(store)
    with store.transaction() as session:
        differing = tallies.differing(session, DAYS)
    assert ([], 0) == (differing, marks(store))


def test_given_a_change_that_is_not_yet_committed_when_counted_again_then_it_is_counted_later(store):
    thing(store)
    with store.transaction() as session:
        session.execute(update(THING).values(kind="blue"))
        recounted(store)
        before = answered(store)
    assert [(date(2024, 7, 1), "a.b", "red")] == list(before)
    assert [(date(2024, 7, 1), "a.b", "blue")] == list(answered(store))
    assert (1, 0) == (recounted(store), recounted(store))


def test_given_a_recount_that_goes_on_when_another_begins_then_that_leaves_it_alone(store):
    thing(store)
    with store.transaction() as session:
        first = tallies.recount(session, DAYS)
        second = recounted(store)
    assert (1, 0, counted(store)) == (first, second, answered(store))


def test_given_what_no_count_is_of_when_changed_then_nothing_is_counted_again(store):
    thing(store)
    recounted(store)
    with store.transaction() as session:
        session.execute(update(THING).values(looks="new"))
    assert 0 == recounted(store)


def test_given_rows_changed_without_triggers_when_all_is_marked_then_the_answer_is_right_again(store):
    thing(store)
    recounted(store)
    with store.transaction() as session:
        session.connection().exec_driver_sql("set local session_replication_role = replica")
        session.execute(update(THING).values(kind="blue"))
        session.execute(insert(THING).values(id=2, at=START, path="z", kind="red"))
    with store.transaction() as session:
        wrong = [(row.place, row.key, row.counts) for row in tallies.differing(session, DAYS)]
        tallies.mark_all(session, DAYS)
    expected = [("a.b", ["red"], [1, None]), ("a.b", ["blue"], [1, None]), ("z", ["red"], [1, None])]
    assert (expected, counted(store)) == ([wrong[0], *sorted(wrong[1:])], answered(store))


def test_given_many_buckets_when_counted_again_then_some_are_left_for_the_next_run(store, monkeypatch):
    monkeypatch.setattr(tallies, "AT_ONCE", 2)
    for no in range(3):
        thing(store, no, START + timedelta(days=no))
    assert [2, 1, 0] == [recounted(store) for _ in range(3)]


KEPT = [
    (service, tally)
    for service in SERVICES
    for tally in metadata_of(service).info.get(tallies.KEPT, ())
]  # fmt: skip


@pytest.mark.parametrize(("service", "tally"), KEPT, ids=[tally.name for _, tally in KEPT])
def test_given_a_tally_when_its_count_reads_a_column_then_a_change_of_it_marks_the_bucket(service, tally):
    tables = metadata_of(service).tables
    query, watched = tally.count(START, START, "a"), {source.table: source.columns for source in tally.sources}
    read = {
        (one.table.name, one.name)
        for one in visitors.iterate(query)
        if isinstance(one, Column) and one.table.name in tables and not one.primary_key
    }
    unseen = {(table, name) for table, name in read if table not in watched or name not in (watched[table] or [name])}
    assert set() == unseen
    assert import_module(f"services.{service}.service")
