"""Providers over HTTP: their own code decides whether a letter was sent, a 200 alone does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from capability.posting import signature
from kernel.codes import Audience, MessageChannel
from services.notify.gateways import robots
from services.notify.gateways.base import Letter, Never, NotNow, Unsure
from services.notify.gateways.relayed import Relayed
from services.notify.gateways.robots import Robot
from services.notify.gateways.setting_up import from_environment
from tests.support.clock import FixedClock
from tests.unit.notify.mailbox import free_port
from tests.unit.notify.provider import open_provider

MOMENT = datetime(2024, 7, 8, 2, tzinfo=UTC)
SECONDS = int(MOMENT.timestamp())
LETTER = Letter("m-1", Audience.UNIT, "sifasuo", "新哨令", "编号W1，请签收。")
SECRET = "SEC-1"


@pytest.fixture
def provider():
    with open_provider() as opened:
        yield opened


def robot(kind, provider, secret=""):
    return Robot(kind, "sifasuo", f"{provider.url}/send?key=k", secret, FixedClock(MOMENT))


def signed(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def test_given_wecom_when_sent_then_title_and_words_are_its_text(provider):
    robot("wecom", provider).send(LETTER)
    ((path, _, content),) = provider.got
    assert ("/send?key=k", {"msgtype": "text", "text": {"content": "新哨令\n编号W1，请签收。"}}) == (path, content)


def test_given_a_long_text_when_sent_by_wecom_then_it_has_at_most_2048_bytes(provider):
    robot("wecom", provider).send(Letter("m", Audience.UNIT, "sifasuo", "题", "长" * 900))
    ((_, _, content),) = provider.got
    assert 2_048 >= len(content["text"]["content"].encode()) > 2_040


def test_given_a_secret_when_sent_by_dingtalk_then_time_and_signature_stand_in_the_address(provider):
    robot("dingtalk", provider, SECRET).send(LETTER)
    ((path, _, _),) = provider.got
    asked, moment = parse_qs(urlsplit(path).query), str(SECONDS * 1000)
    assert ([moment], [signed(SECRET, f"{moment}\n{SECRET}")]) == (asked["timestamp"], asked["sign"])


def test_given_a_secret_when_sent_by_feishu_then_time_and_signature_stand_in_the_body(provider):
    robot("feishu", provider, SECRET).send(LETTER)
    ((_, _, content),) = provider.got
    assert (str(SECONDS), signed(f"{SECONDS}\n{SECRET}", "")) == (content["timestamp"], content["sign"])


@pytest.mark.parametrize(
    ("kind", "status", "answer", "error"),
    [
        ("wecom", 200, {"errcode": 45009}, NotNow),
        ("wecom", 200, {"errcode": 93000}, Never),
        ("dingtalk", 200, {"errcode": 130101}, NotNow),
        ("dingtalk", 200, {"errcode": 310000}, Never),
        ("feishu", 200, {"code": 11232}, NotNow),
        ("feishu", 200, {"code": 19001}, Never),
        ("feishu", 200, {"StatusMessage": "success"}, NotNow),
        ("wecom", 200, b"<html>", NotNow),
        ("wecom", 200, ["errcode"], NotNow),
        ("wecom", 502, b"bad gateway", NotNow),
        ("wecom", 500, {"errcode": 0}, NotNow),
    ],
)
def test_given_an_answer_that_is_no_yes_when_sent_then_it_was_not_sent(provider, kind, status, answer, error):
    provider.says((status, answer))
    with pytest.raises(error):
        robot(kind, provider).send(LETTER)


def test_given_nobody_answers_when_sent_then_it_is_unsure_whether_it_left():
    with pytest.raises(Unsure):
        Robot("wecom", "sifasuo", f"http://127.0.0.1:{free_port()}/").send(LETTER)


def test_given_a_robot_when_asked_then_it_reaches_its_own_group_alone(provider):
    one = robot("wecom", provider)
    reached = [
        one.channel_for(*whom)
        for whom in ((Audience.UNIT, "sifasuo"), (Audience.UNIT, "x"), (Audience.RESIDENT, "sifasuo"))
    ]
    assert [MessageChannel.APP, None, None] == reached


def test_given_a_text_provider_when_sent_then_parts_number_and_signature_are_there(provider):
    sms = Relayed(MessageChannel.SMS, frozenset({Audience.RESIDENT}), provider.url, SECRET, clock=FixedClock(MOMENT))
    sms.send(Letter("m-2", Audience.RESIDENT, "13900000001", "已登记", "字" * 80, "receipt-1"))
    ((_, headers, content),) = provider.got
    assert ("m-2", "13900000001", "receipt-1", [67, 17]) == (
        content["id"], content["to"], content["receipt"], [len(part) for part in content["parts"]],
    )  # fmt: skip
    body = robots.orjson.dumps(content)
    assert signature(SECRET, "m-2", body, MOMENT)["Shaodao-Signature"] == headers["Shaodao-Signature"]


@pytest.mark.parametrize(("code", "error"), [(4004, Never), (1, NotNow)])
def test_given_a_text_provider_that_refuses_when_sent_then_its_code_tells_whether_to_try_again(provider, code, error):
    sms = Relayed(MessageChannel.SMS, frozenset({Audience.RESIDENT}), provider.url, SECRET, frozenset({4004}))
    provider.says((200, {"code": code}))
    with pytest.raises(error, match=f"sms_{code}"):
        sms.send(LETTER)


def test_given_a_file_of_gateways_when_set_up_then_each_row_is_a_way_out(monkeypatch, tmp_path):
    file = tmp_path / "gateways.yaml"
    file.write_text(
        "gateways:\n- {kind: SMS, url: 'https://sms.example/send', secret: s, never: [4004]}\n"
        "- {kind: CALL, url: 'https://voice.example/call', secret: s}\n"
        "- {kind: dingtalk, to: sifasuo, url: 'https://oapi.example/robot/send', secret: s}\n"
    )
    monkeypatch.setenv("GATEWAYS_FILE", str(file))
    monkeypatch.delenv("SMTP_URL", raising=False)
    sms, call, robot = from_environment()
    assert (MessageChannel.SMS, MessageChannel.CALL, "sifasuo") == (sms.channel, call.channel, robot.to)


@pytest.mark.parametrize(
    "row", ["{kind: pigeon, url: 'https://a'}", "{kind: wecom, url: 'ftp://a', to: x}", "{kind: SMS, url: 'https://a'}"]
)
def test_given_a_row_that_cannot_be_right_when_set_up_then_the_process_does_not_start(monkeypatch, tmp_path, row):
    file = tmp_path / "gateways.yaml"
    file.write_text(f"gateways:\n- {row}\n")
    monkeypatch.setenv("GATEWAYS_FILE", str(file))
    with pytest.raises(ValueError, match="GATEWAYS_FILE row 1"):
        from_environment()
