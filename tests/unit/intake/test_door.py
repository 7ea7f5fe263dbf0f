"""At the door: errands and bookings by number and telephone tail, in plain words and with nobody's personal data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import NotFound
from contracts import registry
from tests.unit.intake.booking import book, window_at
from tests.unit.intake.erranding import CARD, NAME, PHONE, do
from tests.unit.intake.world import STRANGER

PROXY = {"name": "李红", "phone": "13900000702", "relation": "FAMILY", "authorised": True}


def errand(store: Any) -> str:
    return str(do(store, "register_errand", **{**CARD, "proxy": PROXY})["number"])


def booking(store: Any) -> str:
    with store.transaction() as session:
        window_at(session)
    return str(book(store, tail=701)["number"])


def looked_up(store: Any, number: str, tail: str) -> dict[str, Any]:
    command = registry.LOOK_UPS[number[0]]
    shown: dict[str, Any] = do(store, command.method, STRANGER, number=number, phone_tail=tail)
    return shown


@pytest.mark.parametrize(
    ("made", "tail", "title", "state"),
    [(errand, "0701", "代办：社保卡", "待受理"), (errand, "0702", "代办：社保卡", "待受理"),
     (booking, "0701", "预约：社区窗口，", "已预约")],
    ids=["applicant", "who speaks for her", "booking"],
)  # fmt: skip
def test_given_number_and_tail_when_looked_up_then_how_it_stands_and_no_personal_word(
    store: Any, made: Callable[[Any], str], tail: str, title: str, state: str
) -> None:
    number = made(store)
    shown = looked_up(store, number, tail)
    assert (number, True, state) == (shown["number"], shown["title"].startswith(title), shown["state_text"])
    assert [] == [word for word in (NAME, NAME[0], PHONE[:7], "4321", "301") if word in str(shown)]


@pytest.mark.parametrize("made", [errand, booking])
def test_given_a_wrong_tail_or_number_when_looked_up_then_both_look_the_same(
    store: Any, made: Callable[[Any], str]
) -> None:
    number = made(store)
    told = []
    for wrong in ((number, "9999"), (f"{number[:-2]}00", "0701")):
        with pytest.raises(NotFound) as refused:
            looked_up(store, *wrong)
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_given_every_kind_that_residents_look_up_then_it_needs_no_login_and_asks_for_number_and_tail() -> None:
    asked = {letter: set(command().fields) for letter, command in registry.LOOK_UPS.items()}
    assert {letter: {"number", "phone_tail"} for letter in "SYDK"} == asked
    assert all(command.public for command in registry.LOOK_UPS.values())
