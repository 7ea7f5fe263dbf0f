"""A legal question reaches the lawyer on duty at once, is answered in time, and helps the next who asks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import yaml

from chassis.errors import Conflict, Forbidden
from chassis.identity import Grant, Principal
from services.mediation import reference
from services.mediation.legal import LIFE
from services.mediation.tables import Base
from tests.support.events import said
from tests.unit.mediation.people import DISTRICT, staff
from tests.unit.mediation.receiving import SERVICE, WEDNESDAY, do, furnish

ARROWS = """
ASKED pass_on_question ASKED | OVERDUE pass_on_question ASKED | ASKED overdue OVERDUE
ASKED answer_legal_question ANSWERED | OVERDUE answer_legal_question ANSWERED
ANSWERED publish_legal_answer PUBLISHED | PUBLISHED expired EXPIRED | EXPIRED renew_legal_answer PUBLISHED
PUBLISHED withdraw_legal_answer WITHDRAWN | EXPIRED withdraw_legal_answer WITHDRAWN
"""
ZHONGSI = "yinchuan.xingqing.funingjie.zhongsi"
LAWYER = staff("u-liguanglin", "李广林", "LAWYER", ZHONGSI)
CHU = staff("u-chuqiuju", "褚秋菊", "COMMUNITY", ZHONGSI)
FENG = staff("u-fengchunyan", "冯春燕", "GRID", f"{ZHONGSI}.g1")
RESIDENT = Principal("7d1d0d0e-0000-7000-8000-000000000009", "丁*", (Grant("RESIDENT", f"{ZHONGSI}.g1"),), "resident")
ROOF = {"topic": "HOUSING", "question": "楼上装修破坏了房顶，能通过什么方式维权？", "area_path": f"{ZHONGSI}.g1.b1"}
PUBLIC = {"public_question": "楼上装修损坏房顶怎么维权", "public_answer": "先固定证据，可调解，也可以起诉"}
NOON = WEDNESDAY + timedelta(hours=1)
SATURDAY = datetime.fromisoformat("2024-07-13T10:00:00+08:00")


@pytest.fixture
def store(database):
    store = database(Base.metadata)
    furnish(store)
    return store


def asked(store, who=RESIDENT, now=WEDNESDAY, **more):
    return do(store, "ask_legal_question", who, now, **{**ROOF, **more})


def published(store):
    number = asked(store)["number"]
    do(store, "answer_legal_question", LAWYER, number=number, words="楼上应恢复原状、赔偿")
    do(store, "publish_legal_answer", CHU, number=number, **PUBLIC)
    return number


def told(store, name):
    with store.transaction() as session:
        return [one["data"] for one in said(session, name)]


def end_due(store, now):
    with store.transaction() as session:
        LIFE.end_due(session, SERVICE, now)


def shown(store):
    nobody = Principal("anonymous", "", (), "resident")
    return [row["number"] for row in do(store, "list_legal_answers", nobody, area_path=ZHONGSI)["items"]]


def test_given_the_life_when_compared_with_what_is_written_then_the_arrows_are_the_same():
    written = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert written == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S0.15")
def test_given_a_question_when_asked_then_the_lawyer_on_duty_has_it_with_the_reasons_and_a_short_limit(store):
    view = asked(store, dialect="宁夏话")
    reasons = ["今天值班", "公益律师", "擅长房屋装修", "会说宁夏话", "手上0件"]
    assert (LAWYER.id, reasons) == (view["answerer"]["id"], view["reasons"])
    assert datetime.fromisoformat("2024-07-10T15:00:00+08:00") == datetime.fromisoformat(view["due_at"])


@pytest.mark.row("S0.12")
def test_given_the_pool_when_asked_for_in_a_grid_then_its_own_come_with_those_around_it_the_best_first(store):
    rows = do(store, "list_legal_helpers", FENG, area_path=f"{ZHONGSI}.g1", topic="CONSUMER")["items"]
    assert [("李广林", "LAWYER"), ("冯春燕", "LEGAL_PERSON"), ("吴思雨", "POLICE")] == [
        (row["name"], row["kind"]) for row in rows
    ]
    assert ["擅长消费维权", "手上0件"] == rows[1]["reasons"]


def test_given_a_busy_lawyer_when_another_is_as_able_then_the_one_with_less_to_do_is_asked(store):
    yinhong = {"area_path": "yinchuan.xingqing.lijingjie.yinhong.g3.b5", "topic": "OTHER"}
    lishan = staff("u-lishan", "李珊", "GRID", "yinchuan.xingqing.lijingjie.yinhong.g3")
    turns = [asked(store, lishan, SATURDAY, **yinhong)["answerer"]["id"] for _ in range(3)]
    assert ["u-gaoyuan", "u-xuning", "u-gaoyuan"] == turns


@pytest.mark.row("S0.12", "S0.15")
def test_given_an_answer_when_given_then_the_asker_reads_it_and_who_asked_for_them_is_told(store):
    number = asked(store, FENG, name="丁大爷", phone="13900000601")["number"]
    do(store, "answer_legal_question", LAWYER, NOON, number=number, words="楼上应恢复原状、赔偿")
    assert "楼上应恢复原状、赔偿" == do(store, "get_legal_question", FENG, number=number)["answer"]
    assert [FENG.id] == [one["taken_down_by"]["id"] for one in told(store, "legal_question_answered")]


@pytest.mark.row("S0.15")
def test_given_no_answer_in_time_when_the_timer_runs_twice_then_overdue_once_and_another_begins_anew(store):
    number = asked(store)["number"]
    late = WEDNESDAY + timedelta(days=1)
    end_due(store, late)
    end_due(store, late)
    assert [number] == [one["number"] for one in told(store, "legal_question_overdue")]
    view = do(store, "pass_on_question", CHU, late, number=number, helper_id="u-fengchunyan")
    assert ("ASKED", "u-fengchunyan", True) == (
        view["state"], view["answerer"]["id"], datetime.fromisoformat(view["due_at"]) > late,
    )  # fmt: skip


def test_given_somebody_who_is_not_in_the_pool_when_passed_on_then_conflict(store):
    number = asked(store)["number"]
    with pytest.raises(Conflict):
        do(store, "pass_on_question", CHU, number=number, helper_id="u-gaoyuan")


def test_given_an_answer_when_its_own_lawyer_publishes_it_then_forbidden(store):
    number = asked(store)["number"]
    do(store, "answer_legal_question", LAWYER, number=number, words="可以调解")
    with pytest.raises(Forbidden):
        do(store, "publish_legal_answer", LAWYER, number=number, **PUBLIC)


@pytest.mark.row("S0.12")
def test_given_a_published_answer_when_a_year_has_passed_then_it_leaves_the_board_until_its_owner_has_looked(store):
    number = published(store)
    assert [number] == shown(store)
    end_due(store, WEDNESDAY + timedelta(days=370))
    assert ([], [LAWYER.id]) == (shown(store), [one["answerer"]["id"] for one in told(store, "legal_answer_expired")])
    do(store, "renew_legal_answer", LAWYER, number=number, public_answer=PUBLIC["public_answer"])
    assert [number] == shown(store)


def test_given_what_was_asked_when_told_or_posted_then_nobody_finds_who_asked(store):
    number = asked(store, FENG, name="丁大爷", phone="13900000601")["number"]
    do(store, "answer_legal_question", LAWYER, number=number, words="楼上应恢复原状、赔偿")
    do(store, "publish_legal_answer", CHU, number=number, **PUBLIC)
    with store.transaction() as session:
        spoken = str(said(session))
    nobody = Principal("anonymous", "", (), "resident")
    posted = str(do(store, "list_legal_answers", nobody, area_path=ZHONGSI))
    assert [] == [word for word in ("丁大爷", "13900000601", "房顶，能", "恢复原状") if word in spoken + posted]


def test_given_a_pool_with_a_subject_that_is_none_when_loaded_then_it_is_named(store, tmp_path):
    raw = yaml.safe_load((DISTRICT / reference.HELPERS).read_text(encoding="utf8"))
    raw["helpers"][0]["skills"] = ["MAGIC"]
    (tmp_path / reference.HELPERS).write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf8")
    (tmp_path / reference.FILE).write_text((DISTRICT / reference.FILE).read_text(encoding="utf8"), encoding="utf8")
    with pytest.raises(ValueError, match="李广林"), store.transaction() as session:
        reference.load(session, tmp_path, WEDNESDAY)
