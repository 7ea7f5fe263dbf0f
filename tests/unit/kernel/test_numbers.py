"""Case numbers and what their check digit catches."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kernel import numbers
from kernel.numbers import KINDS, CaseNumber, InvalidNumber, case_number, check, normalise, parse

NUMBERS = st.builds(
    case_number,
    st.sampled_from(list(KINDS)),
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    st.integers(1, 99_999),
)


def test_given_the_parts_then_the_number_holds_them_in_order() -> None:
    number = case_number("S", date(2024, 7, 9), "6401", 17)
    assert "S20240709640100017" == number[:-1]
    assert CaseNumber("S", date(2024, 7, 9), "6401", 17) == parse(number)


@given(NUMBERS)
def test_given_a_number_then_it_is_ours(number: str) -> None:
    assert check(number)
    assert len(numbers.kind_of(number)) + 18 == len(number)


@given(NUMBERS, st.integers(1, 18), st.integers(1, 9))
def test_given_a_number_when_any_single_digit_is_wrong_then_it_is_caught(number: str, place: int, off: int) -> None:
    place -= len(number)
    assume(number[place].isdigit())  # the check sign of the eleventh kind and on is a letter
    signs = list(number)
    signs[place] = str((int(number[place]) + off) % 10)
    assert not check("".join(signs))


@given(NUMBERS, st.integers(1, 17))
def test_given_a_number_when_any_two_neighbours_are_swapped_then_it_is_caught(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert not check(swapped)


@given(NUMBERS, st.sampled_from(list(KINDS)))
def test_given_a_number_when_the_kind_letter_is_wrong_then_it_is_caught(number: str, kind: str) -> None:
    own = numbers.kind_of(number)
    assume(kind != own and len(kind) == len(own))
    assert not check(kind + number[len(own) :])


@given(NUMBERS.filter(lambda number: len(numbers.kind_of(number)) == 2))
def test_given_a_kind_of_two_letters_when_the_first_is_lost_then_it_is_caught(number: str) -> None:
    assert not check(number[1:])


def test_given_how_people_type_it_then_it_is_brought_to_the_stored_form() -> None:
    number = case_number("S", date(2024, 7, 9), "6401", 17)
    typed = "ｓ２０２４ 0709-" + number[9:13] + " — " + number[13:]
    assert number == normalise(typed)


@pytest.mark.parametrize(
    ("kind", "area4", "seq"),
    [("O", "6401", 1), ("S", "640", 1), ("S", "６４０１", 1), ("S", "6401", 0), ("S", "6401", 100_000)],
)
def test_given_parts_that_fit_no_number_then_they_are_refused(kind: str, area4: str, seq: int) -> None:
    with pytest.raises(InvalidNumber):
        case_number(kind, date(2024, 7, 9), area4, seq)


@pytest.mark.parametrize("text", ["", "S", "X202407096401000171", "s202407096401000171", "S２０２４07096401000171"])
def test_given_other_text_then_it_is_no_number_of_ours(text: str) -> None:
    assert not check(text)


def test_given_a_day_that_does_not_exist_then_it_is_no_number_of_ours() -> None:
    assert not any(check(f"S20240230640100017{digit}") for digit in range(10))


LETTERS = "SYWMFABCDEGHIJKLNOPQRTUVXZ"
PAIRS = ["AB", "AC", "BC", "CB"]


@pytest.fixture(scope="module", params=[5, 9, 10, 11, 20, 21, 26])
def kinds(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    with pytest.MonkeyPatch.context() as patch:
        chosen = [*LETTERS[: request.param], *PAIRS]
        patch.setattr(numbers, "KINDS", dict.fromkeys(chosen, "类"))
        yield chosen


BODIES = st.tuples(st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.integers(0, 9999), st.integers(1, 99_999))


@pytest.mark.rule("38")
@given(BODIES, st.data())
def test_given_any_number_of_kinds_when_one_sign_is_wrong_then_it_is_caught(
    kinds: list[str], body: tuple[date, int, int], data: st.DataObject
) -> None:
    day, area, seq = body
    number = case_number(data.draw(st.sampled_from(kinds)), day, f"{area:04d}", seq)
    place = data.draw(st.integers(0, len(number) - 1))
    sign = data.draw(st.sampled_from("0123456789" + LETTERS).filter(lambda sign: sign != number[place]))
    assert check(number)
    assert not check(number[:place] + sign + number[place + 1 :])


@pytest.mark.rule("38")
@given(BODIES, st.data())
def test_given_any_number_of_kinds_when_two_neighbours_are_swapped_then_it_is_caught(
    kinds: list[str], body: tuple[date, int, int], data: st.DataObject
) -> None:
    day, area, seq = body
    number = case_number(data.draw(st.sampled_from(kinds)), day, f"{area:04d}", seq)
    place = data.draw(st.integers(0, len(number) - 2))
    assume(number[place] != number[place + 1])
    assert not check(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@pytest.mark.rule("38")
def test_given_the_kinds_there_are_then_their_numbers_keep_the_form_they_had() -> None:
    assert "S202407060104000018" == case_number("S", date(2024, 7, 6), "0104", 1)
