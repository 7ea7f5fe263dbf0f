"""An export holds what its reader may see, masked, leaves a trace, and is known when it comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Forbidden
from chassis.identity import Grant
from chassis.tables import AUDIT
from services.intake.orders.layout import COLUMNS
from tests.unit.intake.sheeting import checked, do, xlsx_of
from tests.unit.intake.world import AUDITOR, CALLER, COMMUNITY, LISHAN, LIU, NOW, STREET, WANG, register, staff

DISTRICT = staff(61, "区", Grant("DISTRICT", "yinchuan.xingqing", "qu"))


def export(store, who=LIU, area_path=STREET, **asked):
    page = do(store, "list_orders", who, area_path=area_path, **asked)
    return [dict(zip(page["columns"], item["cells"], strict=True)) for item in page["items"]]


def trail(store):
    with store.transaction() as session:
        return session.execute(select(AUDIT.c.act, AUDIT.c.subject, AUDIT.c.principal_id, AUDIT.c.details)).all()


def test_given_an_appeal_when_exported_then_it_is_a_row_of_the_hotlines_layout(store):
    register(store, outside_number="NX202407050000000001")
    (row,) = export(store)
    assert list(COLUMNS) == list(row)
    assert ("NX202407050000000001", "求助", "办理中", "兴庆区丽景街街道", "银虹社区", "2024-07-05 09:00:00") == tuple(
        row[name] for name in ("工单编号", "工单类型", "工单状态", "被反映区/街乡镇", "村/社区", "创建时间")
    )


@pytest.mark.parametrize("who", [LIU, WANG, AUDITOR, DISTRICT])
def test_given_any_reader_when_exported_then_names_and_telephones_are_masked_everywhere(store, who):
    register(store, content="请打13912345678找陈桂兰", title="找13912345678")
    (row,) = export(store, who, COMMUNITY)
    assert ("139****0001", False) == (row["电话"], "13912345678" in str(row))


def test_given_a_secret_reporter_when_exported_then_nothing_is_said_of_the_caller(store):
    register(store, secret=True)
    (row,) = export(store)
    assert ("", "") == (row["来电人"], row["电话"])


def test_given_a_complaint_of_the_street_when_the_street_exports_then_it_is_not_there(store):
    register(store, nature="COMPLAINT", against_units=["lijingjie"])
    assert [] == export(store)


@pytest.mark.parametrize("who", [LISHAN, CALLER])
def test_given_whoever_does_not_answer_for_the_place_when_exporting_then_it_is_refused_without_a_trace(store, who):
    register(store)
    with pytest.raises(Forbidden):
        export(store, who)
    assert [] == trail(store)


def test_given_an_export_when_taken_then_the_audit_says_who_took_what(store):
    register(store)
    export(store, since="2024-07-01")
    assert [("export_orders", STREET, LIU.id, {"rows": 1, "since": "2024-07-01"})] == [
        tuple(row) for row in trail(store)
    ]


@pytest.mark.parametrize(
    ("days", "count"),
    [({"since": "2024-07-05", "until": "2024-07-05"}, 1), ({"since": "2024-07-06"}, 1), ({"until": "2024-07-04"}, 0)],
)
def test_given_days_when_exported_then_both_ends_count_in_local_time(store, days, count):
    register(store, now=NOW)
    register(store, now=NOW + timedelta(hours=16))
    assert count == len(export(store, **days))


def test_given_our_own_export_when_imported_then_every_row_is_known_and_nothing_changes(store):
    for number in ("NX202407050000000001", None):
        register(store, outside_number=number)
    rows = [list(row.values()) for row in export(store)]
    view = checked(store, xlsx_of(*rows))
    assert (2, 0, 0) == (view["already"], view["good"], view["bad"])


def test_given_more_than_a_page_when_exported_then_the_cursor_goes_on_and_each_page_leaves_a_trace(store):
    for _ in range(3):
        register(store)
    first = do(store, "list_orders", LIU, area_path=STREET, limit=2)
    rest = do(store, "list_orders", LIU, area_path=STREET, limit=2, cursor=first["next_cursor"])
    assert ([2, 1], None, 2) == ([len(each["items"]) for each in (first, rest)], rest["next_cursor"], len(trail(store)))
