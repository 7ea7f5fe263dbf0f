"""The store itself keeps the invariants of domain §3.6, also against a program that forgets them."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.unit.intake.world import MA, WANG, register


def change(store, statement):
    with store.transaction() as session:
        session.execute(text(statement))


def test_given_an_appeal_when_its_first_responder_is_updated_by_sql_then_the_store_refuses(store):
    register(store)
    with pytest.raises(IntegrityError, match="first responder"):
        change(store, f"update appeal set first_responder_id = '{MA.id}'")


@pytest.mark.parametrize("column", ["lead_unit", "due_at", "handler_id"])
def test_given_an_assigned_appeal_when_it_loses_unit_deadline_or_handler_then_the_store_refuses(store, column):
    register(store)
    with pytest.raises(IntegrityError):
        change(store, f"update appeal set {column} = null")


def test_given_a_result_when_it_is_solved_without_evidence_then_the_store_refuses(store):
    register(store)
    with pytest.raises(IntegrityError, match="appeal_solved_has_evidence"):
        change(store, "update appeal set result_kind = 'SOLVED'")


def holders(store):
    with store.transaction() as session:
        return set(session.execute(text("select id from post_holder")).scalars())


def holder(store, rank, since, until="null"):
    change(
        store,
        "insert into post_holder (id, post_id, rank, person_id, person_name, valid_from, valid_to)"
        f" select gen_random_uuid(), id, '{rank}', '{WANG.id}', '王芳', '{since}', {until}"
        " from post where duty = 'GRID'",
    )


def test_given_a_post_with_a_holder_when_a_second_a_holder_comes_then_the_store_refuses(store):
    with pytest.raises(IntegrityError, match="post_holder_one_of_a_rank"):
        holder(store, "A", "2024-01-01")


def test_given_a_post_with_a_holder_when_another_held_it_before_then_both_stay(store):
    before = holders(store)
    holder(store, "A", "1990-01-01", "'1999-01-01'")
    assert before < holders(store)


def test_given_a_path_when_two_places_hold_it_on_one_day_then_the_store_refuses(store):
    with pytest.raises(IntegrityError, match="area_node_one_place_a_path"):
        change(
            store,
            "insert into area_node (code, valid_from, level, name, path, area4)"
            " values ('x', '2024-01-01', 'CITY', '别处', 'yinchuan', '0000')",
        )
