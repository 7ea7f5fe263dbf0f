"""Identity numbers: a table, and what the checksum catches."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kernel.id_number import InvalidIdNumber, check_sign, parse
from tests.data.tables import rows

pytestmark = pytest.mark.rule("22")
TODAY = date(2026, 11, 28)
TABLE = rows("id_numbers.csv")
BODIES = st.builds(
    lambda region, born, order: f"{region}{born:%Y%m%d}{order:03d}",
    st.integers(100000, 999999),
    st.dates(date(1850, 1, 1), TODAY),
    st.integers(0, 999),
)


@pytest.mark.parametrize("row", [row for row in TABLE if row["normal"]], ids=lambda row: row["written"])
def test_given_a_right_number_then_its_form_and_birthday_are_read(row: dict[str, str]) -> None:
    found = parse(row["written"], TODAY)
    assert (row["normal"], date.fromisoformat(row["birth"])) == (found.number, found.birth)


@pytest.mark.parametrize("row", [row for row in TABLE if row["refused"]], ids=lambda row: row["written"])
def test_given_a_wrong_number_then_the_reason_is_said(row: dict[str, str]) -> None:
    with pytest.raises(InvalidIdNumber) as refused:
        parse(row["written"], TODAY)
    assert row["refused"] in str(refused.value)


@given(BODIES)
def test_given_any_district_and_birthday_then_only_the_checksum_counts(body: str) -> None:
    assert body == parse(body + check_sign(body), TODAY).number[:-1]


@given(BODIES, st.sampled_from("0123456789X"))
def test_given_another_check_sign_then_it_is_refused(body: str, sign: str) -> None:
    assume(sign != check_sign(body))
    with pytest.raises(InvalidIdNumber):
        parse(body + sign, TODAY)
