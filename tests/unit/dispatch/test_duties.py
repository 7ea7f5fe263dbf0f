"""The duty catalogue: imported whole or refused with a report by line, and a gate before every community (A16)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chassis.errors import Conflict, Forbidden, Invalid
from services.dispatch import duties, whistles
from services.dispatch.catalogue_tables import DutyItem
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import HEWENBIN, LIUWEI, NOW, RESIDENT, WANGFANG, do

TEXT = (Path(__file__).parents[3] / "data/district/duty_catalogue.yaml").read_text(encoding="utf8")
CANCELLED, ADMITTED = "Q12", "R4-4"


@pytest.fixture
def catalogue(session):
    return duties.import_catalogue(session, TEXT, NOW)


def counted(session):
    rows = session.execute(select(DutyItem.duty_list, func.count()).group_by(DutyItem.duty_list))
    return dict(rows.all())


def refused(session, text):
    with pytest.raises(Invalid) as error:
        duties.import_catalogue(session, text, NOW)
    return error.value.details["fields"]["catalogue"]


def line_of(text, part):
    return next(no for no, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.row("S4.6")
def test_given_the_list_when_imported_then_its_totals_are_those_told(session, catalogue):
    numbers = counted(session)
    assert (32, 17, 46) == (numbers["SELF"], numbers["ADMITTED"], numbers["CANCELLED"])


def test_given_the_same_list_when_imported_twice_then_nothing_changes(session, catalogue):
    before = counted(session)
    duties.import_catalogue(session, TEXT, NOW)
    assert before == counted(session)


def test_given_the_same_version_with_other_content_when_imported_then_it_is_refused(session, catalogue):
    with pytest.raises(Conflict):
        duties.import_catalogue(session, TEXT.replace("召集居民会议或居民代表会议", "改名"), NOW)


def without(part):
    return "\n".join(line for line in TEXT.splitlines() if part not in line)


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("code: Q46", "cancelled.items 应为 46，实为 45"),
        ("code: R4-4", "admitted.items 应为 17，实为 16"),
        ("code: Z1-1-3", "self.sub_items 应为 32，实为 31"),
    ],
)
@pytest.mark.row("S4.6")
def test_given_a_line_is_missing_when_imported_then_the_report_names_the_total_and_its_line(session, part, fault):
    faults = refused(session, without(part))
    section = fault.split(".")[0]
    assert [f"第 {line_of(TEXT, f'  {section}: {{')} 行：{fault}"] == faults
    assert {} == counted(session)


def test_given_a_code_twice_when_imported_then_both_lines_are_named(session):
    faults = refused(session, TEXT.replace("code: Q02,", "code: Q01,"))
    lines = line_of(TEXT, "code: Q02,"), line_of(TEXT, "code: Q01,")
    assert [f"第 {lines[0]} 行：Q01 与第 {lines[1]} 行重复"] == faults


def test_given_an_admitted_item_without_terms_when_imported_then_its_line_is_named(session):
    faults = refused(session, TEXT.replace(", terms: 只核对与报告，不拆除", ""))
    assert [f"第 {line_of(TEXT, 'code: R4-4')} 行：准入事项 R4-4 缺少准入条件 terms"] == faults


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version: x\nvalid_from: 2024-01-01\ntotals: {self: 3}\nself: 3\nadmitted: [a]\ncancelled: [b]\n",
        "version: x\nvalid_from: 2024-01-01\ntotals: {self: {}}\nself: 3\nadmitted: [a]\ncancelled: [b]\n",
        "- a list",
        "version: [",
        "version: x\nvalid_from: soon\n",
    ],
)
def test_given_something_else_when_imported_then_it_is_refused(session, text):
    assert refused(session, text)


def drafted(session, duty_item, units, who=WANGFANG, **more):
    return do(whistles.draft, session, who, world.drafting(duty_item=duty_item, units=units, **more), NOW)


@pytest.mark.row("S4.6")
def test_given_a_cancelled_item_when_it_would_reach_a_community_then_version_and_line_are_named(session, catalogue):
    with pytest.raises(Conflict) as error:
        drafted(session, CANCELLED, ["chengguan", "yinhong"])
    details = {key: error.value.details[key] for key in ("duty_item", "catalogue", "line")}
    expected = {"duty_item": CANCELLED, "catalogue": catalogue.version, "line": line_of(TEXT, "code: Q12")}
    assert expected == details
    assert [] == said(session)


@pytest.mark.row("S4.6")
def test_given_a_cancelled_item_when_it_goes_to_a_department_then_it_is_allowed(session, catalogue):
    assert CANCELLED == drafted(session, CANCELLED, ["chengguan"])["duty_item"]


def test_given_a_cancelled_item_when_an_emergency_names_it_for_a_community_then_it_is_refused_too(session, catalogue):
    with pytest.raises(Conflict):
        drafted(session, CANCELLED, ["yinhong"], kind="EMERGENCY")


def test_given_a_cancelled_item_when_reassigned_to_a_community_then_it_is_refused(session, catalogue):
    whistle = drafted(session, CANCELLED, ["sifasuo"], LIUWEI, level="STREET")
    task = world.objecting(session, world.task_of(whistle), HEWENBIN, proposed="yinhong")
    with pytest.raises(Conflict):
        world.decide(session, task, "UPHELD")


@pytest.mark.row("S4.6")
def test_given_an_admitted_item_when_a_community_helps_then_the_terms_go_with_its_task(session, catalogue):
    whistle = drafted(session, ADMITTED, ["chengguan", "yinhong"], LIUWEI, level="STREET")
    helped, lead = world.task_of(whistle, "yinhong"), world.task_of(whistle, "chengguan")
    assert ([True], []) == ([ADMITTED in note.text for note in helped["notes"]], lead["notes"])


def test_given_an_item_nobody_knows_when_drafting_then_it_is_invalid(session, catalogue):
    with pytest.raises(Invalid) as error:
        drafted(session, "X-1", ["sifasuo"])
    assert ["duty_item"] == list(error.value.details["fields"])


def test_given_no_catalogue_in_force_yet_when_an_item_is_named_then_it_is_invalid(session, catalogue):
    with pytest.raises(Invalid):
        duties.gate(session, CANCELLED, [], datetime(2023, 6, 1, tzinfo=UTC))


def test_given_staff_when_listing_then_one_list_is_shown_in_its_own_order(session, catalogue):
    page = duties.list_items(session, HEWENBIN, {"duty_list": "CANCELLED"}, NOW)
    assert ("Q01", 46) == (page["items"][0].code, len(page["items"]))


def test_given_a_resident_when_listing_then_it_is_forbidden(session, catalogue):
    with pytest.raises(Forbidden):
        duties.list_items(session, RESIDENT, {}, NOW)
