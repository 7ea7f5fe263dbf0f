"""An answer with its legal basis is offered where the words fit, as long as its owner answers for it and no longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.mediation import hints
from services.mediation.knowledge import LIFE
from services.mediation.tables import Base, Knowledge
from tests.support.events import said
from tests.unit.mediation.listing import GAO, GIVEN_KNOWLEDGE, furnish, known
from tests.unit.mediation.people import COMMUNITY, ELSEWHERE, LISHAN, SHI, STAIRWELL, STREET_OFFICER, WANG, staff
from tests.unit.mediation.receiving import SERVICE, WEDNESDAY, do

ARROWS = """
CURRENT review_due REVIEW | REVIEW expired EXPIRED
CURRENT revise_knowledge CURRENT | REVIEW revise_knowledge CURRENT | EXPIRED revise_knowledge CURRENT
CURRENT renew_knowledge CURRENT | REVIEW renew_knowledge CURRENT | EXPIRED renew_knowledge CURRENT
CURRENT hand_over_knowledge CURRENT | REVIEW hand_over_knowledge REVIEW | EXPIRED hand_over_knowledge EXPIRED
CURRENT withdraw_knowledge WITHDRAWN | REVIEW withdraw_knowledge WITHDRAWN | EXPIRED withdraw_knowledge WITHDRAWN
"""
XU = staff("u-xuning", "许宁", "LAWYER", COMMUNITY)
JUSTICE = staff("u-hewenbin", "贺文彬", "LAWYER", "yinchuan.xingqing.lijingjie")
ROOF = "楼上装修把我家房顶震裂了，怎么维权"
LAST = date(2025, 7, 10)
REMINDED = datetime.fromisoformat("2025-06-11T00:00:00+08:00")
OVER = datetime.fromisoformat("2025-07-11T00:00:00+08:00")
NEW = {
    **{name: GIVEN_KNOWLEDGE[name] for name in ("question", "keywords")},
    "answer_text": "改为先鉴定",
    "legal_basis": "民法典第1165条",
}


@pytest.fixture
def store(database):
    store = database(Base.metadata)
    furnish(store)
    return store


def found(store, words=ROOF, area=STAIRWELL, who=LISHAN, now=WEDNESDAY):
    return [row["number"] for row in do(store, "find_knowledge", who, now, words=words, area_path=area)["items"]]


def tick(store, now):
    with store.transaction() as session:
        LIFE.end_due(session, SERVICE, now)
        LIFE.warn(session, SERVICE, now)


def told(store, *names):
    with store.transaction() as session:
        return [(name, one["waits"]) for name in names for one in said(session, name)]


def test_given_the_life_when_compared_with_what_is_written_then_the_arrows_are_the_same():
    written = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert written == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S0.13")
@pytest.mark.parametrize(
    "words", [ROOF, "上面邻居在装修，天花板裂了", "房顶　漏了", "楼上装修破坏了房顶，能通过什么方式维权？"]
)
def test_given_an_entry_when_somebody_says_it_in_their_own_words_then_it_is_offered(store, words):
    number = known(store)
    known(store, question="物业费涨价没有开业主大会，可以不交吗", keywords=["物业费"])
    assert number == found(store, words)[0]


@pytest.mark.parametrize("words", ["物业费涨价", "怎么办", "？？", "12345"])
def test_given_words_of_something_else_when_looked_for_then_nothing_is_offered(store, words):
    known(store)
    assert [] == found(store, words)


def test_given_two_entries_when_one_has_the_keyword_then_it_comes_first_with_the_reason(store):
    known(store, question="房屋装修要不要报备", keywords=["报备"])
    number = known(store)
    items = do(store, "find_knowledge", LISHAN, words=ROOF, area_path=STAIRWELL)["items"]
    assert (number, ["装修", "房顶"]) == (items[0]["number"], items[0]["reasons"])


def test_given_an_entry_of_one_community_when_asked_elsewhere_then_it_is_not_offered(store):
    known(store)
    assert [] == found(store, area="yinchuan.xingqing.funingjie.zhongsi.g1", who=ELSEWHERE)


@pytest.mark.row("S0.13")
def test_given_a_legal_question_when_read_by_its_lawyer_then_the_entry_stands_beside_it(store):
    number = known(store)
    question = do(
        store, "ask_legal_question", LISHAN, topic="HOUSING", question=ROOF, area_path=STAIRWELL,
    )["number"]  # fmt: skip
    offered = [[row["number"] for row in do(store, "get_legal_question", who, now, number=question)["knowledge"]]
               for who, now in ((GAO, WEDNESDAY), (GAO, OVER))]  # fmt: skip
    assert [[number], []] == offered


@pytest.mark.row("S0.13")
def test_given_a_case_when_its_mediator_opens_it_then_the_entry_stands_beside_it_until_the_case_is_over(world):
    furnish(world.store)
    world.mediating()
    says = {"claimant_says": "下水道堵塞，污水返上来", "respondent_says": "没有往里扔东西"}
    do(world.store, "record_issue", SHI, world.now, case_id=str(world.case_id), kind="CAUSE", **says)
    number = known(world.store, keywords=["堵塞"], question="下水道堵塞返水谁来赔")
    shown = lambda: do(world.store, "get_case", SHI, world.now, case_id=str(world.case_id))  # noqa: E731
    before = [row["number"] for row in shown()["knowledge"]]
    world.terminate()
    assert ([number], []) == (before, shown()["knowledge"])


@pytest.mark.row("S0.13")
def test_given_an_entry_a_month_before_its_end_when_the_timer_runs_twice_then_its_owner_has_it_once_and_it_is_offered(
    store,
):
    number = known(store)
    tick(store, REMINDED - timedelta(seconds=1))
    assert [] == told(store, "knowledge_review_due", "mediation_deadline_approaching")
    assert None is do(store, "get_knowledge", GAO, number=number)["due_at"]
    tick(store, REMINDED)
    tick(store, REMINDED)
    assert [("knowledge_review_due", f"person:{GAO.id}")] == told(store, "knowledge_review_due")
    shown = do(store, "get_knowledge", GAO, number=number)
    assert ("REVIEW", OVER, [number]) == (
        shown["state"], datetime.fromisoformat(shown["due_at"]), found(store, now=REMINDED),
    )  # fmt: skip


def test_given_an_entry_under_review_when_its_time_runs_out_then_its_owner_is_warned_on_the_way(store):
    known(store)
    tick(store, REMINDED)
    tick(store, OVER - timedelta(days=2))
    assert [("mediation_deadline_approaching", f"person:{GAO.id}")] == told(store, "mediation_deadline_approaching")


@pytest.mark.row("S0.13")
@pytest.mark.parametrize("ticks", [0, 1, 2])
def test_given_an_entry_that_is_over_when_looked_for_then_it_is_not_offered_even_before_the_timer(store, ticks):
    number = known(store)
    tick(store, REMINDED)
    before = found(store, now=OVER - timedelta(seconds=1))
    for _ in range(ticks):
        tick(store, OVER)
    assert ([number], [], min(ticks, 1)) == (before, found(store, now=OVER), len(told(store, "knowledge_expired")))


def test_given_an_expired_entry_when_its_owner_renews_it_then_it_is_offered_for_another_year(store):
    number = known(store)
    tick(store, REMINDED)
    tick(store, OVER)
    shown = do(store, "renew_knowledge", GAO, OVER, number=number)
    assert ("CURRENT", "2026-07-11", [number]) == (shown["state"], shown["expires_on"], found(store, now=OVER))


def test_given_an_entry_renewed_while_in_force_when_its_old_end_comes_then_it_is_still_in_force(store):
    number = known(store)
    do(store, "renew_knowledge", GAO, WEDNESDAY + timedelta(days=100), number=number)
    tick(store, REMINDED)
    assert "CURRENT" == do(store, "get_knowledge", GAO, number=number)["state"]


def test_given_an_entry_when_revised_by_the_justice_office_then_every_version_is_kept_with_who_wrote_it(store):
    number = known(store)
    shown = do(store, "revise_knowledge", JUSTICE, number=number, **NEW)
    kept = [(one["no"], one["answer"], one["written_by"]["id"]) for one in shown["versions"]]
    assert [(2, "改为先鉴定", JUSTICE.id), (1, GIVEN_KNOWLEDGE["answer_text"], GAO.id)] == kept
    assert ("改为先鉴定", 2, GAO.id) == (shown["answer"], shown["version_no"], shown["owner"]["id"])


@pytest.mark.parametrize(
    ("last", "right"), [(date(2024, 7, 9), False), (date(2024, 7, 10), True), (LAST, True), (date(2025, 7, 11), False)]
)
def test_given_a_last_day_when_written_then_it_is_no_day_gone_by_and_no_later_than_the_policy_says(store, last, right):
    if right:
        number = known(store, expires_on=last.isoformat())
        assert last.isoformat() == do(store, "get_knowledge", GAO, number=number)["expires_on"]
    else:
        with pytest.raises(Invalid) as refused:
            known(store, expires_on=last.isoformat())
        assert ["expires_on"] == list(refused.value.details["fields"])


@pytest.mark.parametrize("who", [LISHAN, WANG, SHI, STREET_OFFICER], ids=["grid", "community", "mediator", "street"])
def test_given_somebody_who_is_no_legal_helper_when_writing_then_forbidden(store, who):
    with pytest.raises(Forbidden):
        do(store, "write_knowledge", who, **GIVEN_KNOWLEDGE)


def test_given_a_telephone_in_an_answer_when_written_then_the_field_is_named(store):
    with pytest.raises(Exception, match="answer_text"):
        known(store, answer_text="请打13900000601找丁大爷")


def test_given_an_entry_when_handed_over_then_only_to_the_pool_of_the_place_and_the_new_owner_is_awaited(store):
    number = known(store)
    with pytest.raises(Conflict):
        do(store, "hand_over_knowledge", GAO, number=number, owner_id="u-liguanglin")
    do(store, "hand_over_knowledge", STREET_OFFICER, number=number, owner_id=XU.id)
    tick(store, REMINDED)
    assert [("knowledge_review_due", f"person:{XU.id}")] == told(store, "knowledge_review_due")
    with pytest.raises(Forbidden):
        do(store, "renew_knowledge", GAO, number=number)


def test_given_an_entry_withdrawn_when_looked_for_then_it_is_gone_with_the_reason_kept(store):
    number = known(store)
    shown = do(store, "withdraw_knowledge", GAO, number=number, reason="条文已修改")
    assert ("WITHDRAWN", "条文已修改", []) == (shown["state"], shown["reason"], found(store))
    tick(store, OVER)
    assert [] == told(store, "knowledge_expired", "knowledge_review_due")


@pytest.mark.parametrize(
    ("who", "seen"), [(LISHAN, True), (STREET_OFFICER, True), (ELSEWHERE, False)], ids=["grid", "street", "elsewhere"]
)
def test_given_an_entry_when_read_then_those_of_the_place_and_of_the_grids_in_it_see_it(store, who, seen):
    number = known(store)
    if seen:
        assert number == do(store, "get_knowledge", who, number=number)["number"]
    else:
        with pytest.raises(NotFound):
            do(store, "get_knowledge", who, number=number)


@given(
    st.lists(st.text("房顶漏水装修堵塞邻居物业费的了吗", max_size=12), max_size=6),
    st.text("房顶漏水装修堵塞邻居物业费的了吗", max_size=20),
)
def test_given_any_entries_when_scored_then_something_alike_is_asked_for_and_a_keyword_outweighs_pairs(
    questions, words
):
    rows = [
        Knowledge(question=each, keywords=["漏水"] if "漏" in each else [], grams=sorted(hints.grams(each)))
        for each in questions
    ]
    often = hints.Counter(pair for row in rows for pair in row.grams)
    said_ = hints.grams(words)
    scores = [hints._score(row, words, said_, often) for row in rows]
    for row, (met, weight) in zip(rows, scores, strict=True):
        assert (met, weight) >= (0, 0.0)
        assert not (met == 0 and weight > 0 and len(said_ & set(row.grams)) < hints.ENOUGH)


def test_given_what_is_written_when_told_then_no_event_holds_it(store):
    known(store)
    with store.transaction() as session:
        spoken = str(said(session))
    assert [] == [word for word in ("固定证据", "房顶", "民法典") if word in spoken]
