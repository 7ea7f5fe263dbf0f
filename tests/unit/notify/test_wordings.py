"""Whoever answers for the words reads beforehand what would be sent and how long it is; messages keep the version."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chassis.errors import Forbidden
from kernel.codes import MessageChannel
from services.notify import templates, wordings
from services.notify.gateways.base import Letter
from services.notify.gateways.relayed import Relayed
from services.notify.tables import Message
from tests.unit.notify.caring import called
from tests.unit.notify.stewarding import OFFICER
from tests.unit.notify.wishing import RESIDENT, do


def listed(store, **asked):
    return do(store, "list_wordings", OFFICER, **asked)["items"]


def test_given_the_tables_when_listed_then_every_message_is_there_the_longest_first(store):
    items = listed(store)
    assert sorted(templates.FORMS) == sorted({one["template"] for one in items})
    assert sorted((one["units"] for one in items), reverse=True) == [one["units"] for one in items]


def test_given_a_message_of_an_event_when_previewed_then_it_reads_as_it_would_leave_with_its_length(store):
    (one,) = listed(store, template="care_call_unanswered")
    assert ("今天上门", "社区工作者") == (one["event"], one["to"])
    assert one["sample"].startswith("有老人1次没接电话，请今天上门。关怀电话")
    assert "{" not in one["sample"]


@pytest.mark.parametrize(("entry", "form"), wordings.all_forms(), ids=lambda one: getattr(one, "key", ""))
def test_given_any_message_when_previewed_then_its_parts_are_those_that_would_be_sent(entry, form):
    text = wordings.sample(entry, form)
    title, body = text.split("。", 1)
    sent = Relayed(MessageChannel.SMS, frozenset(), "", "")._content(Letter("1", "RESIDENT", "1", title, body))["parts"]
    assert (text, len(sent)) == ("".join(sent), len(wordings.sms_parts(text)))


def test_given_other_words_when_made_a_template_then_it_is_another_version_and_the_same_are_the_same():
    one, same, other = (templates.Template("x", "标题", body).version for body in ("甲", "甲", "乙"))
    assert (True, False, 8) == (one == same, one == other, len(one))


def test_given_a_message_when_queued_then_it_keeps_the_version_of_its_words(store):
    called(store)
    with store.transaction() as session:
        kept = {row.template: row.wording for row in session.scalars(select(Message))}
    assert {key: templates.FORMS[key].version for key in kept} == kept


def test_given_a_resident_when_asking_for_the_words_then_it_is_refused(store):
    with pytest.raises(Forbidden):
        do(store, "list_wordings", RESIDENT)


def test_given_all_messages_when_previewed_then_none_needs_more_than_two_text_messages():
    assert [] == [
        form.key for entry, form in wordings.all_forms() if len(wordings.sms_parts(wordings.sample(entry, form))) > 2
    ]
