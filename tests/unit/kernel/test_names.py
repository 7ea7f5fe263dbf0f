"""Names: a table of spellings, what is no name, and surnames of two signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from kernel.masking import mask_name
from kernel.names import COMPOUND_SURNAMES, is_none, key, refuse_none, tidy
from tests.data.tables import Score, rows

pytestmark = pytest.mark.rule("24")
TABLE = rows("names.csv")
NAMES = [row for row in TABLE if row["kind"] == "name"]


@pytest.mark.parametrize("row", NAMES, ids=lambda row: row["written"])
def test_given_two_spellings_of_one_name_then_they_are_matched_by_one_form(row: dict[str, str]) -> None:
    assert key(row["same_as"]) == key(row["written"])


def test_given_the_names_of_two_people_then_their_forms_differ() -> None:
    people = {row["same_as"] for row in NAMES}
    assert len(people) == len({key(name) for name in people})


@pytest.mark.parametrize("row", NAMES, ids=lambda row: row["written"])
def test_given_a_name_then_screens_show_its_edges_only(row: dict[str, str]) -> None:
    assert row["masked"] == mask_name(row["written"])


def test_given_the_whole_table_then_names_and_none_are_told_apart_and_the_figures_printed() -> None:
    score = Score("words that are no name")
    for row in TABLE:
        score.note(row["written"], wanted=row["kind"] == "none", got=is_none(row["written"]))
    score.tell()
    assert ([], []) == (score.missed, score.wrong)


def test_given_no_name_where_one_is_asked_for_then_the_way_out_is_said() -> None:
    with pytest.raises(ValidationError) as refused:
        refuse_none("不愿透露")
    assert "匿名登记" in refused.value.messages[0]


@given(st.text(max_size=20))
def test_given_any_text_then_tidying_twice_changes_nothing_and_keeps_the_form(text: str) -> None:
    assert (tidy(text), key(text)) == (tidy(tidy(text)), key(tidy(text)))


def test_given_the_list_then_every_surname_has_two_signs() -> None:
    assert [] == [surname for surname in COMPOUND_SURNAMES if len(surname) != 2]
    assert {"欧阳", "司寇", "巫马", "贺兰", "纳兰", "歐陽"} <= COMPOUND_SURNAMES
