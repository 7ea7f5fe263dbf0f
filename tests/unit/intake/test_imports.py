"""An import shows every row before any becomes an appeal; good rows go in once, whoever tries again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.numbers import check
from services.intake import categories, imports
from services.intake.imports import LIFE
from services.intake.tables import Appeal, Import, ImportRow, Person
from tests.support.counting import statements
from tests.support.events import names_said, said
from tests.unit.intake.sheeting import (
    CLERK,
    DISTRICT_CLERK,
    STRANGER,
    checked,
    counts,
    csv_of,
    do,
    imported,
    only_appeal,
    reasons,
    row,
    upload,
    xlsx_of,
)
from tests.unit.intake.world import INTAKE, LISHAN, NOW, STAIRWELL, WANG, register

ARROWS = """
UPLOADED checked CHECKED | CHECKED start_import IMPORTING | IMPORTING done DONE
UPLOADED withdraw_import WITHDRAWN | CHECKED withdraw_import WITHDRAWN
"""


def test_given_the_life_when_compared_with_what_was_asked_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def count(store, model):
    with store.transaction() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_given_a_file_when_previewed_then_neither_an_appeal_nor_a_person_is_written(store):
    view = checked(store, xlsx_of(row(1), row(2)))
    assert ("CHECKED", {"good": 2}, 0, 0) == (view["state"], counts(view), count(store, Appeal), count(store, Person))


def test_given_a_good_row_when_imported_then_it_is_an_appeal_like_any_other(store):
    view = imported(store, xlsx_of(row()))
    found = only_appeal(store)
    assert ("DONE", {"imported": 1}, "ASSIGNED", "HOTLINE", "HOTLINE", STAIRWELL) == (
        view["state"], counts(view), found.state, found.channel, found.source, found.area_path,
    )  # fmt: skip
    assert ("NX202407050000000001", True, True) == (found.outside_number, found.due_at > NOW, check(found.case_number))


def test_given_an_imported_order_when_looked_at_then_who_is_on_duty_is_the_first_responder_and_not_the_clerk(store):
    imported(store, xlsx_of(row()))
    found = only_appeal(store)
    assert (LISHAN.id, LISHAN.id, CLERK.id) == (found.first_responder_id, found.handler_id, found.registered_by)


def test_given_a_step_when_taken_then_it_is_told(store):
    imported(store, xlsx_of(row()))
    with store.transaction() as session:
        told = names_said(session)
    assert [
        "import_uploaded", "import_checked", "import_started",
        "appeal_registered", "appeal_accepted", "appeal_assigned", "import_done",
    ] == told  # fmt: skip


def test_given_the_same_file_when_imported_again_then_nothing_changes_and_that_is_said(store):
    content = xlsx_of(row(1), row(2))
    imported(store, content)
    again = checked(store, content)
    with pytest.raises(Conflict, match="好的行以前都登记过了，没有改变任何东西"):
        do(store, "start_import", number=again["number"])
    assert ({"already": 2}, 2, 1) == (counts(again), count(store, Appeal), count(store, Person))


def test_given_orders_another_import_registers_meanwhile_when_imported_then_they_are_there_already_and_not_bad(
    store, monkeypatch
):
    content = xlsx_of(row(1), row(2))
    later = checked(store, content)["number"]
    imported(store, content)
    known, looks = imports._known, list[int]()
    monkeypatch.setattr(imports, "_known", lambda *asked: known(*asked) if looks else looks.append(1) or {})
    do(store, "start_import", number=later)
    imports.import_rows(store, INTAKE, NOW)
    assert ({"already": 2}, 2) == (counts(do(store, "get_import", number=later)), count(store, Appeal))


def test_given_two_previews_of_one_file_when_both_are_confirmed_then_every_order_goes_in_once(store):
    content = xlsx_of(*(row(number) for number in range(5)))
    numbers = [checked(store, content)["number"] for _ in range(2)]
    for number in numbers:
        do(store, "start_import", number=number)
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(imports.import_rows, store, INTAKE, NOW) for _ in range(4)]:
            done.exception()
    imports.import_rows(store, INTAKE, NOW)
    views = [do(store, "get_import", number=number) for number in numbers]
    assert (5, [{"imported": 5}, {"already": 5}]) == (
        count(store, Appeal), sorted(map(counts, views), key=str, reverse=True),
    )  # fmt: skip


def test_given_an_import_that_stops_in_the_middle_when_it_goes_on_then_no_row_is_doubled(store, monkeypatch):
    monkeypatch.setattr(imports, "IMPORTED_TOGETHER", 2)
    number = checked(store, xlsx_of(*(row(number) for number in range(5))))["number"]
    do(store, "start_import", number=number)
    with monkeypatch.context() as cut:
        cut.setattr(imports.eventlet, "sleep", lambda _: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(RuntimeError):
            imports.import_rows(store, INTAKE, NOW)
    half = do(store, "get_import", number=number)
    imports.import_rows(store, INTAKE, NOW)
    assert ({"good": 3, "imported": 2}, 5) == (counts(half), count(store, Appeal))


def test_given_many_rows_when_imported_then_the_store_is_asked_as_often_as_for_one(store):
    """A statement more for each order is what made 50,000 of them slow."""

    def asked(*numbers):
        number = checked(store, xlsx_of(*(row(each, 电话=f"1390000{each:04d}") for each in numbers)))["number"]
        do(store, "start_import", number=number)
        with statements(store.engine) as found:
            imports.import_rows(store, INTAKE, NOW)
        return len(found)

    asked(1)
    assert asked(2) == asked(*range(3, 100))


def test_given_a_row_nobody_answers_for_any_more_when_imported_then_it_alone_stays_out_and_says_why(store):
    number = checked(store, xlsx_of(row(1), row(2, 三级分类="old.lift"), row(3)))["number"]
    do(store, "start_import", number=number)
    with store.transaction() as session:
        session.execute(text("update category set active = false where code = 'old.lift'"))
    categories.forget()
    imports.import_rows(store, INTAKE, NOW)
    view = do(store, "get_import", number=number)
    assert ("DONE", {"imported": 2, "bad": 1}, [3], 2) == (
        view["state"], counts(view), list(reasons(view)), count(store, Appeal),
    )  # fmt: skip


def test_given_an_order_registered_by_hand_when_its_row_comes_then_it_is_known(store):
    register(store, outside_number="NX202407050000000001")
    assert {"already": 1} == counts(checked(store, xlsx_of(row(1))))


def test_given_an_order_of_our_own_export_when_its_row_comes_then_it_is_known_by_our_number(store):
    number = register(store)["number"]
    assert {"already": 1} == counts(checked(store, xlsx_of(row(number))))


def test_given_a_number_that_is_taken_when_registered_by_hand_then_the_first_is_named(store):
    first = register(store, outside_number="NX202407050000000001")["number"]
    with pytest.raises(Conflict, match=first):
        register(store, outside_number="NX202407050000000001")


@pytest.mark.parametrize("who", [WANG, STRANGER, LISHAN])
def test_given_whoever_does_not_answer_for_the_street_when_uploading_then_it_is_refused(store, who):
    with pytest.raises(Forbidden):
        upload(store, csv_of(row()), who)


def test_given_somebody_elsewhere_when_looking_then_there_is_no_such_import(store):
    number = upload(store, csv_of(row()))["number"]
    for method in ("get_import", "list_import_rows"):
        with pytest.raises(NotFound):
            do(store, method, STRANGER, number=number)


def test_given_the_district_when_it_imports_then_every_street_gets_its_orders(store):
    number = upload(store, csv_of(row()), DISTRICT_CLERK, area_path="yinchuan.xingqing")["number"]
    imports.check_uploads(store, INTAKE, NOW)
    do(store, "start_import", DISTRICT_CLERK, number=number)
    imports.import_rows(store, INTAKE, NOW)
    assert (STAIRWELL, LISHAN.id) == (only_appeal(store).area_path, only_appeal(store).handler_id)


def test_given_every_row_when_listed_then_in_the_order_of_the_file(store):
    view = checked(store, csv_of(row(1), row(2, 工单类型="x"), row(3)))
    first = do(store, "list_import_rows", number=view["number"], limit=2)
    rest = do(store, "list_import_rows", number=view["number"], limit=2, cursor=first["next_cursor"])
    told = [(each["line"], each["state"]) for each in (*first["items"], *rest["items"])]
    assert [(2, "GOOD"), (3, "BAD"), (4, "GOOD")] == told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv_of(), "没有工单"),
        (xlsx_of(heading=["工单编号", "标题"]), "缺少这些列：工单类型、主要内容、被反映区/街乡镇"),
        (b"", "编码"),
        (b"%PDF-1.7", "编码"),
    ],
)
def test_given_what_is_no_list_of_orders_when_uploaded_then_it_is_refused_at_once(store, content, words):
    with pytest.raises(Invalid) as refused:
        upload(store, content)
    assert (words in str(refused.value.details["fields"]), 0) == (True, count(store, Import))


def test_given_an_import_when_it_is_over_then_what_was_read_of_people_is_gone(store):
    imported(store, csv_of(row(1)))
    do(store, "withdraw_import", number=checked(store, csv_of(row(2)))["number"])
    with store.transaction() as session:
        rows = session.scalar(select(func.count()).select_from(ImportRow).where(ImportRow.command.is_not(None)))
        files = session.scalar(select(func.count()).select_from(Import).where(Import.content.is_not(None)))
    assert (0, 0) == (rows, files)


def test_given_a_file_when_kept_then_no_name_and_no_telephone_stands_in_the_store_or_in_what_is_said(store):
    checked(store, csv_of(row(1)))
    with store.transaction() as session:
        kept = session.scalar(text("select string_agg(r::text, '') || (select string_agg(i::text, '') from import i)"
                                   " from import_row r"))  # fmt: skip
        told = str(said(session))
    assert not [word for word in ("陈先生", "13900000003") if word in kept or word in told]
