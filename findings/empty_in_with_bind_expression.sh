#!/bin/sh
# SQLAlchemy: an empty IN over a type with `bind_expression` becomes SQL that no database takes.
#
# Guess: `column.in_([])` is always valid SQL and finds nothing, as it does for every built-in type (since 1.4).
# Seen, SQLAlchemy 2.1.9 (2.0.58 alike): the placeholder of the empty list lands inside the function:
#   SQLite      p IN (lower(SELECT 1 FROM (SELECT 1) WHERE 1!=1))   OperationalError, near "SELECT"
#   PostgreSQL  p IN (lower(NULL) AND (1 != 1))                     argument of AND must be type boolean
# So a list that is empty once (no place chosen, nobody found) turns a question into a fault. ltree, PostGIS and
# encrypted columns are commonly mapped like this. A type that sets `render_bind_cast` writes valid SQL for every list.
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install sqlalchemy==2.1.9 psycopg-binary==3.3.9 psycopg==3.3.9
"$place/venv/bin/python" - <<'PYTHON'
import sys

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import UserDefinedType


class Function(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_):
        return "TEXT"

    def bind_expression(self, value):
        return sa.func.lower(value)


class Cast(UserDefinedType):
    cache_ok = render_bind_cast = True

    def get_col_spec(self, **_):
        return "TEXT"


def written(kind, engine, values):
    table = sa.table("t", sa.column("p", kind()))
    asked = sa.select(table).where(table.c.p.in_(values))
    return str(asked.compile(engine, compile_kwargs={"render_postcompile": True})).split("WHERE ", 1)[1]


postgres = sa.create_engine("postgresql+psycopg://nobody@nowhere/nothing")
sqlite = sa.create_engine("sqlite://")
table = sa.Table("t", sa.MetaData(), sa.Column("p", Function()))
table.create(sqlite)
try:
    with sqlite.connect() as connection:
        raised = str(connection.execute(sa.select(table).where(table.c.p.in_([]))).all())
except OperationalError as error:
    raised = str(error.orig)
seen = {
    "SQLAlchemy": sa.__version__,
    "one value": written(Function, postgres, ["a"]),
    "empty, PostgreSQL": written(Function, postgres, []),
    "empty, SQLite": raised,
    "empty with render_bind_cast": written(Cast, postgres, []),
}
for what, text in seen.items():
    print(f"{what}: {text}")
expected = ["t.p IN (lower(NULL) AND (1 != 1))", 'near "SELECT": syntax error', "t.p IN (NULL) AND (1 != 1)"]
sys.exit(list(seen.values())[2:] != expected)
PYTHON
