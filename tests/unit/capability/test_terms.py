"""Terms of keeping: how far back they reach, and that what the services declare can be carried out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from importlib import import_module

import pytest
from sqlalchemy import func, inspect, select

from capability import terms
from capability.terms import ended_before
from chassis.identity import Principal
from kernel import policy
from kernel.calendar import SHANGHAI
from services.dispatch import retention as of_dispatch
from services.intake import retention as of_intake
from services.mediation import retention as of_mediation
from services.notify import retention as of_notify
from services.portal.readmodel import retention as of_portal
from services.portal.tables import Base as PortalBase

STORES = {
    "intake": of_intake, "dispatch": of_dispatch, "mediation": of_mediation, "notify": of_notify, "portal": of_portal,
}  # fmt: skip
for each in ("intake", "dispatch", "mediation", "notify"):
    import_module(f"services.{each}.service")  # all rooms bring their tables before any test makes a store
ALL = [pytest.param(store, term, id=f"{name}-{term.what}") for name, store in STORES.items() for term in store.TERMS]
NOW = datetime(2024, 7, 8, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("retention.care_sheets", date(2023, 7, 8)),
        ("retention.messages", date(2021, 7, 8)),
        ("person.keep_dossier", date(2014, 7, 8)),
        ("retention.tracks", date(2024, 6, 8)),
    ],
)
def test_given_a_term_when_counted_back_then_it_ends_at_the_beginning_of_the_day(key, before):
    assert datetime.combine(before, time(), SHANGHAI) == ended_before(key, NOW)


def test_given_the_last_of_a_month_when_counted_back_then_it_is_a_day_that_there_was():
    leap = datetime(2024, 2, 29, 2, tzinfo=UTC)
    assert datetime(2023, 2, 28, tzinfo=SHANGHAI) == ended_before("retention.care_sheets", leap)


def pack_with(monkeypatch, limit):
    written = policy.parse_pack(
        {
            "name": "x", "title": "x", "release": "1", "locality": "x", "entries": [
                {"key": "retention.tracks", "limit": limit, "valid_from": date(2020, 1, 1), "basis": "A"},
            ],
        },
        "x", policy.pack(),
    )  # fmt: skip
    monkeypatch.setattr(terms, "pack", lambda name, day: written)


def test_given_a_place_without_a_limit_when_counted_back_then_it_keeps_for_ever(monkeypatch):
    pack_with(monkeypatch, None)
    assert None is ended_before("retention.tracks", NOW)


def test_given_a_limit_by_the_clock_when_counted_back_then_it_is_refused_by_name(monkeypatch):
    pack_with(monkeypatch, "4bh")
    with pytest.raises(ValueError, match=r"retention\.tracks"):
        ended_before("retention.tracks", NOW)


@pytest.mark.parametrize(("store", "term"), ALL)
def test_given_a_kind_when_looked_at_then_its_columns_are_there_and_what_is_emptied_may_be_empty(store, term):
    columns = {each.key: each.columns[0] for each in inspect(term.model).column_attrs}
    assert set() == (set(term.clears) | set(term.besides)) - set(columns)
    assert [] == [name for name, value in term.clears.items() if value is None and not columns[name].nullable]


def metadata_of(name):
    """With the tables of all rooms of the service."""
    if name == "portal":
        return PortalBase.metadata
    return inspect(STORES[name].TERMS[0].model).local_table.metadata


@pytest.mark.parametrize("name", STORES)
def test_given_a_store_when_counted_and_cleared_then_every_question_is_one_the_database_answers(database, name):
    whole, module = metadata_of(name), STORES[name]
    store = database(whole)
    with store.transaction() as session:
        terms.clear_due(session, Principal.service(name), module.TERMS, NOW)
        assert {0} == {one["rows"] for one in terms.due(session, module.TERMS, NOW)}
        assert 0 == session.scalar(select(func.count()).select_from(of_portal.erased.ERASED))


def test_given_a_store_when_listed_then_no_kind_is_named_twice():
    for module in STORES.values():
        names = [term.what for term in module.TERMS]
        assert sorted(set(names)) == sorted(names)
