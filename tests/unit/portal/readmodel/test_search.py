"""Search over all matters: what fits, who finds it, page by page, and by which index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text, update

from chassis.errors import Invalid
from chassis.identity import Grant, Principal
from chassis.store import Store
from contracts.dispatch.whistles import WhistleBlown
from contracts.intake.appeals import AppealRegistered
from services.portal.readmodel import scope, search, shapes, terms
from services.portal.readmodel.search import Named
from services.portal.readmodel.tables import Matter
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import APPEAL_NO, COMMUNITY, HAZARD_NO, Teller, a1, a4, at, register, uid

CITY, MEDIATION_NO, WHISTLE_NO = "yinchuan.xingqing", "M202407060104000010", "W202407060104000019"
DISTRICT = Principal("u-district", "区", (Grant("DISTRICT", CITY),))
GRID_WORKER = Principal("u-lishan", "李珊", (Grant("GRID", f"{COMMUNITY}.g3", "yinhong"),))
CALLED = Principal("u-receiver", "贺文彬", (Grant("RECEIVER", CITY, "lijingjie-sifasuo"),))
MEDIATOR = Principal("u-shixiuying", "石秀英", (Grant("MEDIATOR", CITY, "yinhong-tiaowei"),))
CALLER = Principal("u-hejing", "何静", (Grant("FOLLOWUP", CITY, "zhihui"),))
STRANGER = Principal("u-far", "外区", (Grant("COMMUNITY", "yinchuan.jinfeng"), Grant("RECEIVER", CITY, "gongdian")))
EVERYBODY = (DISTRICT, GRID_WORKER, CALLED, MEDIATOR, CALLER, STRANGER)
NOBODY_NAMED = Named()


def found(store: Store, who: Principal = DISTRICT, named: Named = NOBODY_NAMED, **asked: Any) -> list[str]:
    """The numbers, as they come; filters as the query string has them."""
    loaded = shapes.SearchMatters().load(asked)
    with store.transaction() as session:
        return [matter.number for matter in search.page(session, who, loaded, named, at(200))[0]]


@pytest.fixture
def told(store: Store) -> Store:
    tell(store, [*a1(), *a4()])
    return store


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"q": "险情"}, {APPEAL_NO}),  # two signs in the middle of a sentence of the timeline
        ({"q": "排除 首次联系"}, {APPEAL_NO}),  # from two entries
        ({"q": "围挡"}, {HAZARD_NO}),
        ({"q": "围挡 险情"}, set()),
        ({"q": "街派出所"}, {WHISTLE_NO}),  # a unit, by part of its name
        ({"q": "ｓ2024 0706"}, {APPEAL_NO}),
        ({"q": MEDIATION_NO.lower()}, {MEDIATION_NO}),
        ({"q": "陈*"}, {APPEAL_NO, MEDIATION_NO}),
        ({"person": "赵敏"}, {APPEAL_NO, MEDIATION_NO}),
        ({"person": "围挡"}, set()),
        ({"kind": "HAZARD"}, {HAZARD_NO}),
        ({"state": ["CLOSED"], "kind": "APPEAL"}, {APPEAL_NO}),
        ({"state": ["SECURED", "RATED"]}, {HAZARD_NO, WHISTLE_NO}),
        ({"closed": True, "q": "调解"}, {APPEAL_NO, MEDIATION_NO}),
        ({"open": True, "kind": "HAZARD"}, {HAZARD_NO}),
        ({"area_path": f"{CITY}.shandalu"}, {HAZARD_NO, WHISTLE_NO}),
        ({"due_to": "2024-07-08"}, {WHISTLE_NO}),
        ({"due_from": "2024-07-09", "due_to": "2024-07-09"}, {WHISTLE_NO}),
        ({"due_from": "2030-01-01"}, set()),
        ({"overdue": True}, {WHISTLE_NO}),
    ],
)
def test_given_the_told_cases_when_searched_then_what_fits_is_found(
    told: Store, asked: dict[str, Any], numbers: set[str]
) -> None:
    assert numbers == set(found(told, **asked))


def test_given_tasks_that_are_over_when_the_overdue_are_searched_then_only_what_still_waits_for_somebody(
    told: Store,
) -> None:
    assert [WHISTLE_NO] == found(told, overdue=True)


def test_given_names_that_others_keep_when_searched_then_they_find_places_and_categories(told: Store) -> None:
    named = Named({"洪北": [f"{CITY}.shandalu.hongbei"]}, {"洪北": [], "下水": ["housing.drain.blocked"]})
    assert ({HAZARD_NO, WHISTLE_NO}, []) == (
        set(found(told, named=named, q="洪北")), found(told, named=named, q="洪北 首问负责"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"q": "堵"}, "q"), ({"q": "，。"}, "q"), ({"q": " ".join(["险情"] * 9)}, "q"), ({"q": "S2024"}, "q"),
     ({"person": "x1"}, "person"), ({"cursor": "x"}, "cursor"), ({"cursor": "MjAyNC0wNy0wNQ=="}, "cursor")],
)  # fmt: skip
def test_given_what_cannot_be_searched_when_asked_then_the_field_says_why(
    told: Store, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        found(told, **asked)
    assert [field] == list(refused.value.details["fields"])


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.id)
@pytest.mark.parametrize("hours", [1, 3, 73, 110, 200])
def test_given_a_case_at_any_stage_when_searched_then_whoever_sees_it_finds_all_of_it_and_nobody_else(
    store: Store, who: Principal, hours: float
) -> None:
    tell(store, [event for event in [*a1(), *a4()] if event.time <= at(hours)])
    with store.transaction() as session:
        cases = scope.seen_of(session, who, [APPEAL_NO, HAZARD_NO])
        numbered = select(Matter.number).where(Matter.case_number.in_(cases), Matter.number != "")
        assert sorted(session.scalars(numbered)) == sorted(found(store, who, limit=200))


def test_given_who_was_called_for_help_when_searching_a_name_then_nothing_and_words_find_the_case(told: Store) -> None:
    assert ([], [], True) == (
        found(told, CALLED, q="陈*"), found(told, CALLED, person="陈*"), APPEAL_NO in found(told, CALLED, q="险情"),
    )  # fmt: skip


def test_given_a_case_of_which_secrecy_was_asked_when_searched_then_words_find_it_and_no_name_does(
    store: Store,
) -> None:
    tell(store, a1(secret=True))
    assert ([], True) == (found(store, person="赵*"), APPEAL_NO in found(store, q="险情"))


def test_given_a_complaint_when_who_it_is_about_searches_then_nothing(store: Store) -> None:
    told = Teller()
    told.say(0, AppealRegistered, uid("complaint"), against=["u-lishan"], reporter=None, secret=True)
    tell(store, told.events)
    assert ([], [APPEAL_NO]) == (found(store, GRID_WORKER), found(store, DISTRICT))


def test_given_what_belongs_to_a_case_when_it_comes_first_then_it_is_found_once_its_case_is_known(store: Store) -> None:
    told, appeal = Teller(), uid("appeal")
    register(told, appeal)
    about = {"kind": "APPEAL", "id": appeal, "number": told.number}
    told.say(1, WhistleBlown, uid("whistle"), source=about)
    *rest, blown = told.events
    tell(store, [blown])
    assert [] == found(store, GRID_WORKER)
    tell(store, rest)
    assert [WHISTLE_NO, APPEAL_NO] == found(store, GRID_WORKER)


def test_given_all_of_the_told_case_then_no_term_is_a_name_that_is_not_masked(told: Store) -> None:
    with told.transaction() as session:
        named = {word for row in session.scalars(select(Matter)) for word in row.words if word.startswith(terms.NAME)}
    assert {"name:陈*", "name:赵*"} == named


@pytest.mark.parametrize("looked_through", [1, 3, 3000])
def test_given_many_when_paged_then_each_comes_once_the_newest_first(
    store: Store, monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    """However few are looked through in the order of time, and however long ago the rest is."""
    monkeypatch.setattr(search, "LOOKED_THROUGH", looked_through)
    months = (0, 0, 1, 1, 4, 30, 31)
    numbers = [f"S202407060104{no:05d}0" for no in range(len(months))]
    for number, month in zip(numbers, months, strict=True):
        told = Teller(number)
        register(told, uid(number))
        tell(store, told.events[: 1 + month % 2])
        with store.transaction() as session:
            session.execute(update(Matter).where(Matter.number == number).values(opened_at=at(-720 * month)))
    assert [sorted(numbers), sorted(numbers[2:4] + numbers[6:])] == [
        sorted(_read(store, "诉求", months)), sorted(_read(store, "受理", (1, 1, 31)))
    ]  # fmt: skip


def _read(store: Store, words: str, months: Sequence[int]) -> list[str]:
    """All pages of two, which are in order of time."""
    read, cursor = list[Matter](), None
    with store.transaction() as session:
        while cursor or not read:
            asked = {"limit": 2, "cursor": cursor, "q": words}
            rows, cursor = search.page(session, DISTRICT, asked, NOBODY_NAMED, at(9))
            read += rows
        assert [at(-720 * month) for month in months] == [matter.opened_at for matter in read]
        return [matter.number for matter in read]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="下水道堵塞路灯ab1２，。 ", max_size=12), st.integers(0, 9), st.integers(2, 6))
def test_given_any_text_when_a_part_of_it_is_asked_then_all_its_terms_are_of_the_text(
    whole: str, start: int, length: int
) -> None:
    part = whole[start : start + length]
    han = "".join(sign for sign in part if sign in "下水道堵塞路灯")
    assert han != part or terms.of_text(part) <= terms.of_text(whole)


MANY = """
insert into matter (id, kind, number, case_number, root, parent, state, due_at, waits, desks, urgency, secret, against,
  tally, area_path, version, opened_at, updated_at, opens, sights, marks, words)
select 'x' || n, kind, 'S2023' || lpad(n::text, 14, '0'), 'S' || n, root, parent, state, due_at, waits, desks, urgency,
  secret, against, tally, area_path, version, opened_at - n * interval '1 hour', updated_at, opens, sights, marks,
  case when n % 1000 = 0 then words else array['诉求', '登记', 'w' || n] end
from matter, generate_series(1, 20000) n where number = :number
"""


@pytest.fixture
def many(store: Store) -> Store:
    told = Teller()
    register(told, uid("one"))
    tell(store, told.events)
    with store.transaction() as session:
        session.execute(text(MANY), {"number": APPEAL_NO})
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze matter"))  # also what the index has not sorted in yet costs a plan
    return store


@pytest.mark.parametrize(
    ("asked", "index"),
    [({"q": "派单"}, "ix_matter_found"), ({"q": "派单", "state": ["IN_PROGRESS"]}, "ix_matter_found"),
     ({"person": "陈*"}, "ix_matter_found"), ({"q": "S2023000000001"}, "ix_matter_number"),
     ({"q": "诉求"}, "ix_matter_recent")],
)  # fmt: skip
def test_given_many_matters_when_searched_then_by_index(many: Store, asked: dict[str, Any], index: str) -> None:
    plans = explained(many, asked)
    assert (True, False) == (index in plans, "Seq Scan on matter " in plans)


def explained(store: Store, asked: dict[str, Any]) -> str:
    """The plans of all that is asked of the database for one page."""
    said: list[tuple[str, Any]] = []
    with store.transaction() as session:
        connection = session.connection()
        note = lambda *told: said.append(told[2:4])  # noqa: E731
        event.listen(connection, "before_cursor_execute", note)
        search.page(session, DISTRICT, {"limit": 50, **asked}, NOBODY_NAMED, at(9))
        event.remove(connection, "before_cursor_execute", note)
        plans = [
            connection.exec_driver_sql(f"explain {query}", values) for query, values in said if "from" in query.lower()
        ]
        return "\n".join(line for plan in plans for line in plan.scalars())
