"""The list of what is archived: which closed mediations there are, until when each is kept, and for whom."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from marshmallow import ValidationError
from pypdf import PdfReader

from chassis.errors import Conflict, Forbidden
from contracts.mediation.archives import GetArchive, ListArchive
from services.mediation import archives
from services.mediation.tables import Base
from tests.unit.mediation.people import COMMUNITY, ELSEWHERE, LISHAN, RESIDENT, SHI, STAIRWELL, STREET_OFFICER, WANG
from tests.unit.mediation.station import Station


@pytest.fixture
def world(database):
    return Station(database(Base.metadata))


def closed(world, *, at=None):
    """A mediation that came to nothing, and its number."""
    world.walk_in(SHI, area_path=STAIRWELL)
    world.now = at or world.now + timedelta(hours=1)
    world.terminate(case_id=world.case_id)
    return world.see(lambda case: case.mediation_number)


def listed(world, who=SHI, **asked):
    with world.store.transaction() as session:
        answer = archives.list_archive(session, who, ListArchive().load(asked), world.now)
        return ListArchive.answer().dump(answer)["items"]


def text(world, year=2024, who=SHI, place=COMMUNITY):
    command = GetArchive().load({"area_path": place, "year": year})
    with world.store.transaction() as session:
        answer = GetArchive.answer().dump(archives.printed(session, who, command, world.now))
    pages = PdfReader(BytesIO(b64decode(answer["content"]))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_given_a_closed_case_when_listed_then_it_is_kept_for_ten_years_from_its_end(world):
    number = closed(world)
    (line,) = listed(world)
    assert (number, "2034-07", False) == (line["number"], line["kept_until"][:7], line["is_over"])
    world.now = datetime(2034, 8, 1, tzinfo=UTC)
    assert [True] == [line["is_over"] for line in listed(world)]


def test_given_open_cases_and_another_year_when_listed_then_only_what_was_closed_in_the_local_year_stands_there(world):
    first = closed(world, at=datetime(2024, 12, 31, 15, 59, tzinfo=UTC))
    second = closed(world, at=datetime(2024, 12, 31, 16, 0, tzinfo=UTC))
    world.walk_in(SHI, area_path=STAIRWELL)
    years = (2023, 2024, 2025, None)
    assert [[], [first], [second], [second, first]] == [
        [line["number"] for line in listed(world, year=year)] for year in years
    ]


@pytest.mark.parametrize(("who", "count"), [(SHI, 1), (WANG, 1), (STREET_OFFICER, 1), (ELSEWHERE, 0), (RESIDENT, 0)])
def test_given_somebody_when_listed_then_only_of_their_own_places(world, who, count):
    closed(world)
    assert count == len(listed(world, who))


def test_given_two_closed_cases_when_printed_twice_then_each_stands_there_once_in_order_without_a_name(world):
    numbers = [closed(world) for _ in range(2)]
    printed = [text(world) for _ in range(2)]
    assert printed[0] == printed[1]
    assert [1, 1] == [printed[0].count(number) for number in numbers]
    assert (True, True) == (printed[0].index(numbers[0]) < printed[0].index(numbers[1]), "共2卷" in printed[0])


@pytest.mark.parametrize(("who", "error"), [(LISHAN, Forbidden), (ELSEWHERE, Forbidden), (RESIDENT, Forbidden)])
def test_given_somebody_who_keeps_no_dossiers_of_the_place_when_printed_then_forbidden(world, who, error):
    closed(world)
    with pytest.raises(error):
        text(world, who=who)


def test_given_nothing_closed_or_too_much_when_printed_then_the_list_says_so(world, monkeypatch):
    with pytest.raises(Conflict, match="没有归档"):
        text(world)
    for _ in range(2):
        closed(world)
    monkeypatch.setattr(archives, "MOST", 1)
    with pytest.raises(Conflict, match="分地方"):
        text(world)


@pytest.mark.parametrize("asked", [{"year": 1999}, {"year": 2101}, {"year": "去年"}, {"years": 2024}])
def test_given_what_is_no_year_when_asked_then_invalid(asked):
    with pytest.raises(ValidationError) as refused:
        ListArchive().load(asked)
    assert set(asked) == set(refused.value.messages)
