"""Whatever is sealed, or names somebody, has a term of keeping, or says why it is kept (domain §4.8)."""

from __future__ import annotations

from importlib import import_module

import pytest
from sqlalchemy import inspect

from chassis.sealing import Sealed, SealedBytes, SealedJson
from contracts.listeners import SERVICES
from tools.tables import metadata_of

ROOMS = {name: f"services.{name}.retention" for name in SERVICES} | {"portal": "services.portal.readmodel.retention"}
SEALED = (Sealed, SealedBytes, SealedJson)
NAMES = frozenset({"person_key", "geo", "reporter_name", "recipient_name", "resident_name", "poster_name", "parties"})
"""Columns beside the masked ones that tell who somebody is, or where."""
OF_THE_CHASSIS = {"parked": "chassis.parked.forget", "answered": "chassis.answered.forget"}
"""Tables of every store with a term of their own, by what clears them."""


def terms_of(service):
    return import_module(ROOMS[service]).TERMS


def is_personal(column):
    return isinstance(column.type, SEALED) or "masked" in column.name or column.name in NAMES


def personal(service):
    """The columns of all tables of a store, each as `table.column`."""
    tables = (table for table in metadata_of(service).tables.values() if table.name not in OF_THE_CHASSIS)
    return {f"{table.name}.{column.name}" for table in tables for column in table.columns if is_personal(column)}


def named(attribute):
    return {f"{column.table.name}.{column.name}" for column in attribute.property.columns}


def of_table(model):
    return {f"{column.table.name}.{column.name}" for column in inspect(model).local_table.columns}


def cleared(terms):
    own = (getattr(term.model, name) for term in terms for name in term.clears)
    beside = (column for term in terms for column in term.takes)
    return set().union(*(named(each) for each in (*own, *beside)))


def kept(terms):
    return set().union(*(of_table(each) if isinstance(each, type) else named(each) for each in terms.kept))


@pytest.mark.parametrize("service", SERVICES)
def test_given_what_is_sealed_or_names_somebody_when_walked_then_it_has_a_term_or_says_why_it_is_kept(service):
    terms = terms_of(service)
    assert set() == personal(service) - cleared(terms) - kept(terms)


@pytest.mark.parametrize("service", SERVICES)
def test_given_what_is_kept_when_walked_then_it_has_no_term_and_a_reason(service):
    terms = terms_of(service)
    assert set() == kept(terms) & cleared(terms)
    assert [] == [str(each) for each, why in terms.kept.items() if len(why) < 5]


def test_given_tables_of_the_chassis_when_walked_then_only_those_named_hold_what_is_sealed():
    from chassis.tables import CHASSIS

    tables = metadata_of("intake").tables
    sealed = {name for name in CHASSIS.tables if any(is_personal(column) for column in tables[name].columns)}
    assert set(OF_THE_CHASSIS) == sealed
