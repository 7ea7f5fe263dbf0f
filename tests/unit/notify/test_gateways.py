"""The way out over SMTP, against a real server."""

from __future__ import annotations

import pytest

from kernel.codes import Audience, MessageChannel
from services.notify.gateways import setting_up
from services.notify.gateways.base import Letter, Never, NotNow, offers
from services.notify.gateways.smtp import Smtp
from tests.unit.notify.mailbox import free_port, open_mailbox

LETTER = Letter("m-1", Audience.RESIDENT, "13900000001", "您反映的事项已登记", "编号S1，请留意。")


@pytest.fixture
def mail():
    with open_mailbox() as (mailbox, smtp):
        yield mailbox, smtp


def test_given_a_resident_when_sent_then_the_letter_goes_to_the_text_bridge_with_the_messages_id(mail):
    mailbox, smtp = mail
    smtp.send(LETTER)
    (letter,) = mailbox.letters
    assert (["13900000001@sms.local"], "<m-1@shaodao.local>") == (mailbox.recipients, letter["Message-ID"])
    assert (LETTER.title, LETTER.body) == (letter["Subject"], letter.get_content().strip())


def test_given_staff_when_sent_then_the_letter_goes_to_their_account(mail):
    mailbox, smtp = mail
    smtp.send(Letter("m-2", Audience.STAFF, "u-lishan", "甲", "乙"))
    assert ["u-lishan@staff.local"] == mailbox.recipients


@pytest.mark.parametrize(
    ("where", "answer", "error"),
    [
        ("refuse_rcpt", "550 no such user", Never),
        ("refuse_rcpt", "450 try later", NotNow),
        ("refuse_data", "554 not here", Never),
        ("refuse_data", "451 busy", NotNow),
    ],
)
def test_given_a_refusal_when_sent_then_it_is_told_whether_to_try_again(mail, where, answer, error):
    mailbox, smtp = mail
    setattr(mailbox, where, answer)
    with pytest.raises(error) as refusal:
        smtp.send(LETTER)
    assert f"smtp_{answer[:3]}" == str(refusal.value)


def test_given_nobody_listening_when_sent_then_try_again():
    with pytest.raises(NotNow):
        Smtp("127.0.0.1", free_port(), "a@b", "staff.local", "sms.local").send(LETTER)


def test_given_no_setting_when_asked_then_there_is_no_way_out(monkeypatch):
    monkeypatch.delenv("SMTP_URL", raising=False)
    assert () == setting_up.from_environment()


def test_given_a_setting_when_asked_then_it_leads_there(monkeypatch):
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example:2525")
    (smtp,) = setting_up.from_environment()
    assert ("mail.example", 2525) == (smtp.host, smtp.port)


def test_given_another_scheme_when_asked_then_the_process_does_not_start(monkeypatch):
    monkeypatch.setenv("SMTP_URL", "http://mail.example")
    with pytest.raises(ValueError, match="SMTP_URL"):
        setting_up.from_environment()


class OnlyApp:
    """A gateway that reaches staff by app."""

    audiences = frozenset({Audience.STAFF})

    def channel_for(self, audience, address):
        return MessageChannel.APP if audience is Audience.STAFF else None


def test_given_two_gateways_when_offered_then_the_preferred_channel_comes_first_and_the_other_after_it():
    smtp, app = Smtp("h", 25, "a@b", "s", "r"), OnlyApp()
    preferred = (MessageChannel.APP, MessageChannel.EMAIL)
    both = [(app, MessageChannel.APP), (smtp, MessageChannel.EMAIL)]
    assert both == offers([smtp, app], Audience.STAFF, "u-lishan", preferred)
    assert [(smtp, MessageChannel.SMS)] == offers([smtp, app], Audience.RESIDENT, "139", preferred)
    assert [] == offers([app], Audience.RESIDENT, "139", preferred)
