"""A certificate says what was confirmed; whoever is shown it can tell it from a made-up one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from chassis.errors import Conflict, Forbidden, NotFound
from services.notify.service_certificates import ServiceCertificate, hours
from tests.support.printed import text
from tests.unit.notify import serving
from tests.unit.notify.facts import NOW, SERVICE
from tests.unit.notify.serving import BEGAN, LEADER, MEMBER, WHAT, confirmed, founded, held, record_of, served
from tests.unit.notify.wishing import CLERK, do

pytestmark = pytest.mark.row("S2.7")
EARLIER = BEGAN - timedelta(hours=5)


@pytest.fixture
def store(store, monkeypatch):
    monkeypatch.setenv("PORTAL_URL", "https://portal.example")
    serving.furnish(store)
    return store


def paper(store, number, who=MEMBER, now=NOW):
    return text(do(store, "get_service_certificate", who, now, number=number))


def code_on(words):
    return re.search("校验码：([0-9A-Z-]+)", words)[1].replace("-", "")[:12]


def check(store, code):
    return do(store, "check_service_certificate", SERVICE, code=code)


def test_given_confirmed_hours_when_printed_then_who_what_how_long_and_the_check_code_stand_on_it(store):
    number = confirmed(store)
    words = paper(store, number)
    wanted = (
        MEMBER.name, "1小时30分钟，共1次", WHAT, "银虹先锋队", f"{CLERK.name}确认", "2024年7月8日", "银虹社区",
        "《志愿服务条例》第十九条", f"portal.example/certificates?code={code_on(words)}",
    )  # fmt: skip
    assert [] == [each for each in wanted if each not in words]


def test_given_records_when_the_last_is_printed_then_all_confirmed_before_it_count_and_no_others(store):
    confirmed(store, began=EARLIER)
    served(store, began=EARLIER - timedelta(hours=5))
    last = confirmed(store)
    assert "3小时，共2次" in paper(store, last)


def test_given_an_earlier_record_when_printed_then_later_ones_are_not_on_it(store):
    first = confirmed(store, began=EARLIER)
    confirmed(store)
    assert "1小时30分钟，共1次" in paper(store, first)


def test_given_what_nobody_confirmed_when_printed_then_it_is_refused(store):
    number = served(store)
    with pytest.raises(Conflict):
        paper(store, number)


def test_given_somebody_else_s_hours_when_another_volunteer_asks_then_they_do_not_find_them(store):
    number = record_of(store, founded_and_held(store), MEMBER)
    do(store, "confirm_service", CLERK, number=number)
    other = type(LEADER)("u-third", "志愿者丙", LEADER.grants)
    with pytest.raises(NotFound):
        paper(store, number, other)


def test_given_the_leader_who_recorded_it_when_they_print_the_member_s_paper_then_it_is_forbidden(store):
    number = confirmed(store)
    with pytest.raises(Forbidden):
        paper(store, number, LEADER)


def founded_and_held(store):
    team = founded(store, MEMBER)
    held(store, team, MEMBER)
    return team


def test_given_the_same_certificate_when_printed_again_later_then_it_is_the_same_paper(store):
    number = confirmed(store)
    first = paper(store, number)
    assert first == paper(store, number, CLERK, NOW + timedelta(days=9))
    with store.transaction() as session:
        assert 1 == session.scalar(select(func.count()).select_from(ServiceCertificate))


def test_given_more_is_confirmed_when_printed_then_it_is_another_certificate_and_both_are_true(store):
    number = confirmed(store)
    first = code_on(paper(store, number))
    confirmed(store, began=EARLIER)
    second = code_on(paper(store, number))
    assert [(90, 1), (180, 2)] == [
        (told["minutes"], told["times"]) for told in (check(store, first), check(store, second))
    ]


def test_given_a_code_when_checked_then_it_is_told_what_the_paper_must_say_and_no_name(store):
    told = check(store, code_on(paper(store, confirmed(store))))
    assert (90, "银虹社区", "2024-07-08") == (told["minutes"], told["place"], told["last_day"])
    assert (True, False) == ("*" in told["masked_name"], MEMBER.name in str(told))


def test_given_a_code_with_one_other_sign_when_checked_then_there_is_none(store):
    code = code_on(paper(store, confirmed(store)))
    with pytest.raises(NotFound):
        check(store, code[:-1] + ("0" if code[-1] != "0" else "1"))


@pytest.mark.parametrize(("minutes", "words"), [(1, "1分钟"), (60, "1小时"), (61, "1小时1分钟"), (0, "0分钟")])
def test_given_minutes_when_told_then_they_are_hours_and_minutes(minutes, words):
    assert words == hours(minutes)
