"""Whether a database can find Chinese words at all: searches go by trigrams (pg_trgm), and some databases make none."""

from __future__ import annotations

from sqlalchemy import Connection, text

INSTALLED = text("select 1 from pg_extension where extname = 'pg_trgm'")
TRIGRAMS = text("select cardinality(show_trgm('下水道堵塞'))")
NAMED = text("select datname, pg_get_userbyid(datdba), datctype from pg_database where datname = current_database()")
SENTENCE = (
    "the database {name} was made with LC_CTYPE {ctype}: PostgreSQL takes no Chinese sign for a letter there, and "
    "every search by words finds nothing. Make it anew and load a dump of it: CREATE DATABASE {name} OWNER {owner} "
    "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
)


class UnfitDatabase(RuntimeError):
    """The database cannot do what the services promise; the message says how it must be made."""


def refuse_wordless(connection: Connection) -> None:
    """Called before migrations and at every start. Errors: UnfitDatabase; nothing where pg_trgm is not used."""
    if connection.execute(INSTALLED).first() is None or connection.execute(TRIGRAMS).scalar_one():
        return
    name, owner, ctype = connection.execute(NAMED).one()
    raise UnfitDatabase(SENTENCE.format(name=name, owner=owner, ctype=ctype))
