"""Telephones: a table of spellings, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import telephone
from kernel.telephone import InvalidTelephone, TelephoneKind, parse, tail
from tests.data.tables import Score, rows

pytestmark = pytest.mark.rule("21")
CITY = "0951"
TABLE = rows("telephones.csv")
RIGHT = [row for row in TABLE if row["normal"]]
WRONG = [row for row in TABLE if not row["normal"]]


def reason(text: str) -> str:
    with pytest.raises(InvalidTelephone) as refused:
        parse(text, CITY)
    return str(refused.value)


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row["written"])
def test_given_a_spelling_then_it_has_one_normal_form_kind_and_extension(row: dict[str, str]) -> None:
    phone = parse(row["written"], CITY)
    assert (row["normal"], row["kind"], row["extension"] or None) == (str(phone), phone.kind, phone.extension)


@pytest.mark.parametrize("row", WRONG, ids=lambda row: row["written"])
def test_given_what_is_no_telephone_then_the_reason_is_said_in_chinese(row: dict[str, str]) -> None:
    assert row["refused"] in reason(row["written"])


def test_given_the_whole_table_then_its_figures_are_told_and_nothing_is_missed() -> None:
    score = Score("telephones")
    for row in TABLE:
        score.note(row["written"], wanted=bool(row["normal"]), got=_is_telephone(row["written"]))
    score.tell()
    assert ([], [], True) == (score.missed, score.wrong, len(TABLE) >= 60)


def _is_telephone(text: str) -> bool:
    try:
        return bool(parse(text, CITY))
    except InvalidTelephone:
        return False


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row["written"])
def test_given_a_normal_form_when_read_again_then_nothing_changes(row: dict[str, str]) -> None:
    assert row["normal"] == str(parse(row["normal"]))


def test_given_no_city_then_a_local_number_waits_for_one() -> None:
    assert ("6012345", TelephoneKind.LOCAL) == ((phone := parse("601-2345")).number, phone.kind)


@pytest.mark.parametrize(
    ("written", "takes"),
    [("13900139000", True), ("0951-6012345", False), ("4007001234", False), ("12345", False), ("+85261234567", False),
     ("13900139000转8012", False)],
)  # fmt: skip
def test_only_a_mobile_takes_an_sms(written: str, takes: bool) -> None:
    assert takes is parse(written).takes_sms


def test_given_an_extension_then_the_tail_is_that_of_the_number() -> None:
    assert "2345" == parse("0951-6012345转801").tail


@pytest.mark.parametrize("typed", ["2345", "２３４５", " 23 45 ", "2345\u200b", "23-45"])
def test_given_a_tail_as_people_type_it_then_its_digits_are_read(typed: str) -> None:
    assert "2345" == tail(typed)


@given(st.text(max_size=30))
def test_given_any_text_then_it_is_a_telephone_or_refused_with_a_reason(text: str) -> None:
    try:
        said = parse(text, CITY).number
    except InvalidTelephone as refusal:
        said = str(refusal)
    assert said


@given(st.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_given_eleven_figures_then_the_short_way_says_the_same_as_the_plan(digits: str) -> None:
    of_plan = telephone._judged(digits)
    wanted = of_plan if of_plan and of_plan.kind is TelephoneKind.MOBILE else None
    assert wanted == telephone.mobile(digits)
