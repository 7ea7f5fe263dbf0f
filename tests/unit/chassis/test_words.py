"""A database that finds no Chinese words is refused, with the sentence that says how to make it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from chassis import words
from chassis.words import UnfitDatabase, refuse_wordless
from tests.support.postgres import TestServer
from tests.support.toy_world import REPOSITORY, key_pair
from tools import migrate

pytestmark = pytest.mark.rule("39")
UNFIT = {
    "C": "lc_ctype 'C' lc_collate 'C'",
    "C, with the built-in provider": "locale_provider builtin builtin_locale 'C.UTF-8' lc_ctype 'C' lc_collate 'C'",
}
FIT = "lc_ctype 'C.UTF-8' lc_collate 'C'"
Made = Callable[..., str]


@pytest.fixture
def made(postgres: TestServer) -> Iterator[Made]:
    """Makes a database with this locale, and pg_trgm in it; its address."""
    names: list[str] = []

    def make(locale: str, extension: str = "pg_trgm") -> str:
        names.append(f"words_{len(names)}")
        postgres._admin(f"create database {names[-1]} template template0 encoding 'UTF8' {locale}")
        with opened(postgres._url(names[-1])) as connection:
            connection.execute(text(f"create extension {extension}"))
            connection.commit()
        return postgres._url(names[-1])

    yield make
    for name in names:
        postgres._admin(f"drop database {name}")


def opened(url: str) -> Connection:
    return create_engine(url, poolclass=NullPool).connect()


@pytest.mark.parametrize("kind", UNFIT)
def test_given_a_database_that_makes_no_trigrams_when_checked_then_it_is_refused_and_told_how_to_make_it(made, kind):
    with opened(made(UNFIT[kind])) as connection, pytest.raises(UnfitDatabase) as refused:
        refuse_wordless(connection)
    said = str(refused.value)
    assert ("LC_CTYPE C:" in said, "CREATE DATABASE words_0 OWNER postgres TEMPLATE template0" in said) == (True, True)


def test_given_the_sentence_when_obeyed_then_the_database_is_taken(made):
    how = words.SENTENCE.partition("TEMPLATE template0 ENCODING 'UTF8' ")[2]
    with opened(made(how)) as connection:
        refuse_wordless(connection)


def test_given_a_database_that_makes_trigrams_or_needs_none_when_checked_then_it_is_taken(made):
    for url in (made(FIT), made(UNFIT["C"], extension="ltree")):
        with opened(url) as connection:
            refuse_wordless(connection)


def test_given_an_unfit_database_when_migrated_then_nothing_is_made_in_it(made, monkeypatch):
    url = made(UNFIT["C"])
    monkeypatch.setenv("MIGRATION_DATABASE_URL", url)
    with pytest.raises(UnfitDatabase):
        migrate.main(["notify"])
    with opened(url) as connection:
        assert 0 == connection.scalar(text("select count(*) from pg_tables where schemaname = 'public'"))


def test_given_an_unfit_database_when_a_service_starts_then_it_ends_at_once_and_says_how_to_make_it(made):
    private, public = key_pair()
    environment = {
        **os.environ, "DATABASE_URL": made(UNFIT["C"]), "AMQP_URI": "amqp://a:b@127.0.0.1:1/x",
        "SERVICES_PACKAGE": "tests.toys", "SIGNING_KEY": private,
        "TRUSTED_KEYS": json.dumps({"portal": {"issuer": "portal", "pem": public}}),
    }  # fmt: skip
    start = [sys.executable, "-W", "ignore", "-m", "bus.run", "things"]
    done = subprocess.run(start, env=environment, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    said = json.loads(done.stdout.splitlines()[-1])
    assert (1, "database_unfit", True) == (done.returncode, said["event"], "CREATE DATABASE" in said["error"])
