"""Counts kept beside the rows they are of: a statistic of a whole city reads buckets, not rows.

A bucket is a period and a place. Whatever changes a row marks the row's buckets in the same transaction, by trigger, so
that no way of writing is forgotten. A timer counts marked buckets again; who asks meanwhile counts them from the rows,
in one statement with the kept ones. Nothing is ever added to a count, so none can drift, in whatever order events come.

A row's bucket may be told by another row (a clock's by its task): who changes either holds that one locked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Index,
    MetaData,
    Select,
    Subquery,
    Table,
    Text,
    and_,
    cast,
    delete,
    event,
    except_,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session

from chassis.store import Ltree, Moment

ZONE = "Asia/Shanghai"
AT_ONCE = 200
"""Buckets counted again in one transaction."""
SECONDS = 60
KEPT = "tallies"

Count = Callable[[Any, Any, Any], Any]
"""`count(begins, ends, place)`: selects the `key` and the `counts` (below) of one bucket's rows."""
Within = Callable[[FromClause], Sequence[ColumnElement[bool]]]
"""Which buckets are asked for, by the columns `period` and `place`."""


@dataclass(frozen=True)
class Source:
    """A table whose rows are counted. `buckets` selects the periods and places of changed rows, which it calls `r`.

    `columns` are those that tell what is counted and where; none: an update of any counts.
    """

    table: str
    buckets: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """Counts by period (`step` long: `1 day`, `1 year`) and place, kept by `keep`."""

    name: str
    step: str
    count: Count
    sources: tuple[Source, ...]


def day(column: str) -> str:
    """SQL: the day of a moment, as a period."""
    return f"({column} AT TIME ZONE '{ZONE}')::date"


def year(column: str) -> str:
    """SQL: the year of a moment, as a period: its first day."""
    return f"date_trunc('year', {column} AT TIME ZONE '{ZONE}')::date"


def top(column: str, depth: int) -> str:
    """SQL: the first labels of a path, as a place. `inside` is the same asked of a row."""
    return f"subltree({column}, 0, least(nlevel({column}), {depth}))::text"


def cut(path: Any, depth: int) -> ColumnElement[str]:
    """The first labels of a path, in words an index may have."""
    most: ColumnElement[int] = literal_column(str(int(depth)))
    return func.subltree(path, literal_column("0"), func.least(func.nlevel(path), most), type_=Ltree)


def inside(path: Any, place: Any, depth: int) -> ColumnElement[bool]:
    """Whether `place` is what `top` makes of the path."""
    return cut(path, depth) == cast(place, Ltree)


def below(place: Any, path: str) -> ColumnElement[bool]:
    """Whether the place of a bucket is this path or lies below it: as texts, of which the database keeps statistics."""
    return or_(place == path, place.startswith(f"{path}.", autoescape=True))


def key(*parts: Any) -> ColumnElement[Any]:
    return cast(array([cast(part, Text) for part in parts]), ARRAY(Text)).label("key")


def counts(*parts: Any) -> ColumnElement[Any]:
    return cast(array([cast(part, BigInteger) for part in parts]), ARRAY(BigInteger)).label("counts")


def sums(counted: FromClause, many: int) -> list[ColumnElement[int]]:
    """Of the first `many` counts."""
    return [cast(func.sum(counted.c.counts[no]), BigInteger) for no in range(1, many + 1)]


def _tables(metadata: MetaData) -> tuple[Table, Table]:
    if "tally" in metadata.tables:
        return metadata.tables["tally"], metadata.tables["tally_mark"]
    told: list[tuple[str, Any]] = [("name", Text), ("period", Date), ("place", Text)]
    kept = Table(
        "tally", metadata, *(Column(name, kind, primary_key=True) for name, kind in told),
        Column("key", ARRAY(Text), primary_key=True), Column("counts", ARRAY(BigInteger), nullable=False),
    )  # fmt: skip
    marks: list[Column[Any]] = [Column(name, kind, nullable=False) for name, kind in told]
    return kept, Table("tally_mark", metadata, *marks, Index("ix_tally_mark", "name", "period", "place"))


TALLY, MARK = _tables(MetaData())
COLUMNS = (TALLY.c.period, TALLY.c.place, TALLY.c.key, TALLY.c.counts)


def keep(metadata: MetaData, tally: Tally) -> Tally:
    """Keeps it in the store of these tables; its migration executes the same statements."""
    _tables(metadata)
    metadata.info.setdefault(KEPT, []).append(tally)
    for source in tally.sources:
        for statement in statements(tally, source):
            made = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(metadata.tables[source.table], "after_create", made)
    return tally


def statements(tally: Tally, source: Source) -> tuple[str, str]:
    """What marks the buckets of a row of this table, before and after any change."""
    name, of = f"tally_{tally.name}_{source.table}", f" OF {', '.join(source.columns)}" if source.columns else ""
    mark = _mark(tally, source)
    return (
        f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    WITH r AS (SELECT OLD.*) {mark};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    WITH r AS (SELECT NEW.*) {mark};
  END IF;
  RETURN NULL;
END $$
""",
        f"CREATE TRIGGER {name} AFTER INSERT OR DELETE OR UPDATE{of} ON {source.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {name}()",
    )


def _mark(tally: Tally, source: Source) -> str:
    return (
        f"INSERT INTO tally_mark (name, period, place) SELECT DISTINCT '{tally.name}', b.period, b.place"
        f" FROM ({source.buckets}) AS b (period, place) WHERE b.period IS NOT NULL AND b.place IS NOT NULL"
    )


def rows(tally: Tally, within: Within) -> Subquery:
    """`period`, `place`, `key` and `counts` as this very moment's rows have them."""
    asked = MARK.c.name == tally.name, *within(MARK)
    marked = exists().where(*(MARK.c[name] == TALLY.c[name] for name in ("name", "period", "place")))
    fresh = select(*COLUMNS).where(TALLY.c.name == tally.name, *within(TALLY), ~marked)
    return union_all(fresh, _counted(tally, _buckets(tally, MARK, *asked))).subquery("counted")


def _buckets(tally: Tally, of: FromClause, *asked: ColumnElement[bool]) -> Subquery:
    """Each once, with the moments its period begins and ends."""
    begins = cast(of.c.period, DateTime)
    ends = begins + literal_column(f"interval '{tally.step}'")
    moments = (func.timezone(ZONE, begins).label("begins"), func.timezone(ZONE, ends).label("ends"))
    return select(of.c.period, of.c.place, *moments).where(*asked).distinct().subquery("bucket")


def _counted(tally: Tally, buckets: Subquery) -> Select[Any]:
    """Counted from the rows. The bucket's columns are named outright: a select inside `count` may not bring the table
    they are of along."""
    begins, ends = (literal_column(f"bucket.{name}", Moment()) for name in ("begins", "ends"))
    again = tally.count(begins, ends, literal_column("bucket.place", Text())).lateral("again")
    columns = (buckets.c.period, buckets.c.place, again.c.key, again.c.counts)
    return select(*columns).select_from(buckets.join(again, true()))


def recount(session: Session, tally: Tally) -> int:
    """Counts marked buckets again; how many. One at a time does: another finds nothing to do.

    The marks go before the rows are read, so what is changed meanwhile has a mark that stays.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(f"tally {tally.name}")))):
        return 0
    some = select(MARK.c.period, MARK.c.place).where(MARK.c.name == tally.name).distinct().limit(AT_ONCE)
    found = session.execute(some).all()
    if found:
        _replace(session, tally, [one.period for one in found], [one.place for one in found])
    return len(found)


def _replace(session: Session, tally: Tally, periods: list[Any], places: list[str]) -> None:
    given = func.unnest(cast(periods, ARRAY(Date)), cast(places, ARRAY(Text)))
    chosen = given.table_valued(Column("period", Date), Column("place", Text), name="given").render_derived()
    buckets = _buckets(tally, chosen)
    for table in (MARK, TALLY):
        those = tuple_(table.c.period, table.c.place).in_(select(buckets.c.period, buckets.c.place))
        session.execute(delete(table).where(and_(table.c.name == tally.name, those)))
    counted = _counted(tally, buckets).add_columns(literal(tally.name).label("name"))
    session.execute(insert(TALLY).from_select(["period", "place", "key", "counts", "name"], counted))


def mark_all(session: Session, tally: Tally) -> None:
    """Marks every bucket there is: after rows were changed with triggers switched off."""
    for source in tally.sources:
        session.connection().exec_driver_sql(f"WITH r AS (SELECT * FROM {source.table}) {_mark(tally, source)}")
    known = select(TALLY.c.name, TALLY.c.period, TALLY.c.place).where(TALLY.c.name == tally.name).distinct()
    session.execute(insert(MARK).from_select(["name", "period", "place"], known))


def differing(session: Session, tally: Tally) -> list[Any]:
    """Period, place, key and counts where what would be answered is not what all rows count. It reads all rows."""
    known = [f"SELECT period, place FROM {table} WHERE name = '{tally.name}'" for table in ("tally", "tally_mark")]
    told = [
        f"SELECT * FROM (WITH r AS (SELECT * FROM {source.table}) {source.buckets}) AS b (period, place)"
        for source in tally.sources
    ]
    every = text(" UNION ".join([*known, *told])).columns(Column("period", Date), Column("place", Text))
    told_of = every.subquery("every")
    buckets = _buckets(tally, told_of, told_of.c.place.is_not(None), told_of.c.period.is_not(None))
    answered, true_ones = rows(tally, lambda _: ()), _counted(tally, buckets).subquery("true_ones")
    sides = select(answered), select(true_ones)
    return [row for one in (sides, sides[::-1]) for row in session.execute(except_(*one))]
