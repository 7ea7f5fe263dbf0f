"""A council goes into the calendar of a telephone, moves there when it moves, and goes when it is called off."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.pages.invitations import calendar, escaped, folded
from tests.unit.portal.pages.people import Pages

NUMBER = "C202407050201000017"
FOUND = {
    "number": NUMBER, "kind": "DEMOCRATIC", "subject": "共用围墙怎么办；修，还是拆",
    "starts_at": "2024-07-12T16:30:00Z", "place_text": "金茂花园院内, 东门\n凉亭旁",
    "invited": "两小区业主、党支部党员、微网格长、两家物业" * 3, "sequence": 0,
    "changed_at": "2024-07-05T01:00:00Z", "called_off": False,
}  # fmt: skip


def lines(content: str) -> list[str]:
    return content.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def of(**changed: Any) -> dict[str, str]:
    """The properties of the event."""
    event = lines(calendar({**FOUND, **changed}, "shaodao.example", f"https://shaodao.example/c/{NUMBER}"))
    inside = event[event.index("BEGIN:VEVENT") + 1 : event.index("END:VEVENT")]
    return dict(each.split(":", 1) for each in inside)


def test_given_a_council_after_midnight_in_china_when_asked_for_then_it_stands_on_its_own_day(pages: Pages) -> None:
    pages.peers.answers["get_council_invitation"] = FOUND
    answer = pages.browser().get(f"/c/{NUMBER}.ics")
    assert (200, "text/calendar; charset=utf-8") == (answer.status_code, answer.content_type)
    assert "DTSTART;TZID=Asia/Shanghai:20240713T003000" in lines(answer.text)


def test_given_signs_that_mean_something_when_written_then_each_is_escaped() -> None:
    assert ("民主议事会：共用围墙怎么办；修，还是拆", "金茂花园院内\\, 东门\\n凉亭旁") == (
        of()["SUMMARY"],
        of()["LOCATION"],
    )


def test_given_a_council_that_moved_or_is_off_when_asked_again_then_a_calendar_knows_it_and_follows() -> None:
    moved, off = of(sequence=1, starts_at="2024-07-19T11:00:00Z"), of(sequence=2, called_off=True)
    assert 1 == len({of()["UID"], moved["UID"], off["UID"]})
    assert [("0", "CONFIRMED"), ("1", "CONFIRMED"), ("2", "CANCELLED")] == [
        (each["SEQUENCE"], each["STATUS"]) for each in (of(), moved, off)
    ]


@pytest.mark.parametrize(("gone", "method"), [(False, "METHOD:PUBLISH"), (True, "METHOD:CANCEL")])
def test_given_a_council_when_it_is_off_then_the_file_takes_it_back(gone: bool, method: str) -> None:
    assert method in calendar({**FOUND, "called_off": gone}, "h", "https://h/c/1")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300))
def test_given_any_line_when_folded_then_no_piece_is_longer_than_75_octets_and_none_cuts_a_character(line: str) -> None:
    pieces = folded(line).encode().split(b"\r\n")
    assert all(len(piece) <= 75 and piece.decode() is not None for piece in pieces)
    assert line == folded(line).replace("\r\n ", "")


@given(st.text(max_size=100))
def test_given_any_words_when_escaped_then_they_end_no_line_and_no_value(words: str) -> None:
    assert escaped(words).splitlines() in ([], [escaped(words)])
