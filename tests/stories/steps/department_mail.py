"""Sentences about a department that has nothing but a mailbox: its real letters, and the page their link opens."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import Any

import httpx
import pytest
from pytest_bdd import given, then, when

from ops import department_mail
from tests.stories import people, sql
from tests.stories.talk import Story, dot

UNIT, DEPUTY = "供电公司", "u-jiangbo"
RECEIVER = "u-wuqiang"
LINK = re.compile(r"^http\S+/t\?k=\S+$", re.MULTILINE)

WHY = "接哨10分钟到场，50分钟修好，及时项不应扣分"


def letters(story: Story) -> dict[str, list[str]]:
    """What everybody was written about the whistle, by address."""
    found: dict[str, list[str]] = {}
    for file in sorted((story.world.folder / "mail").glob("*.eml")):
        mail: Any = message_from_bytes(file.read_bytes(), policy=policy.default)
        if story.whistle in str(mail["Subject"]):
            found.setdefault(str(mail["X-Envelope-To"]).partition("@")[0], []).append(mail.get_content())
    return found


def links(story: Story) -> dict[str, list[str]]:
    """The links in them; of whom has none, nothing."""
    found = {to: [link for text in texts for link in LINK.findall(text)] for to, texts in letters(story).items()}
    return {to: each for to, each in found.items() if each}


def opened(story: Story, link: str | None = None) -> httpx.Response:
    return story.http.get(link or story.kept["link"])


def sent(story: Story, method: str, html: str, **entered: Any) -> httpx.Response:
    """The form of the page, filled in as a browser would, the answer after the redirect."""
    action, form = re.findall(rf'<form[^>]*action="(/t/do/{method}\?[^"#]*)[^>]*>(.*?)</form>', html, flags=re.S)[0]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    files = {name: ("after.png", dot(), "image/png") for name, value in entered.items() if value is dot}
    words = {name: value for name, value in entered.items() if name not in files}
    origin = {"Origin": story.world.portal_url}
    return story.http.post(
        action, data={**hidden, **words}, files=files or None, headers=origin, follow_redirects=True
    )  # fmt: skip


def done(story: Story, method: str, **entered: Any) -> None:
    answer = sent(story, method, opened(story).text, **entered)
    assert 200 == answer.status_code, answer.text


@given("供电公司只有邮箱")
def mail_only(story: Story) -> None:
    if story.world.external("postgres"):
        pytest.skip("this world's mailbox lies in a container of its own")
    department_mail.switch(story.world, people.UNITS[UNIT], on=True)


@then("吴强收到一封信，信里有供电公司这件哨令的链接，别人的信里没有链接")
def letter_came(story: Story) -> None:
    found = story.soon("the letter", lambda: links(story))
    assert ({RECEIVER}, 1) == (set(found), len(found[RECEIVER]))
    story.kept["link"] = found[RECEIVER][0]
    assert story.kept["link"].startswith(f"{story.world.portal_url}/t?k=")


@when("邮件系统的查毒程序把链接打开了3次")
def scanned(story: Story) -> None:
    answers = [opened(story), story.http.head(story.kept["link"]), opened(story)]
    assert [200] * 3 == [each.status_code for each in answers]
    assert {"no-referrer"} == {each.headers["Referrer-Policy"] for each in answers}


@when("吴强打开链接，看到要他做什么，点了两次签收")
def signs_twice(story: Story) -> None:
    html = opened(story).text
    assert [] == [word for word in ("抢修灯杆", "7号楼旁", "灯杆有触电危险") if word not in html]
    answers = [sent(story, "sign_task", html) for _ in range(2)]
    assert [200, 200] == [each.status_code for each in answers]
    story.kept["page"] = answers[1].text


@then("页面说已经签收")
def says_signed(story: Story) -> None:
    assert (True, True) == ("已提交：签收" in story.kept["page"], "已经办了" in story.kept["page"])
    signed = [name for name in story.events("李利") if name == "whistle_task_signed"]
    assert 1 == len(signed)


@when("过了10分钟，吴强在页面上报到")
def arrives(story: Story) -> None:
    story.later(minutes=10)
    done(story, "report_in", mode="PLACE")


@when("吴强在页面上记一条进展，再附照片办结")
def finishes(story: Story) -> None:
    done(story, "progress_task", note="底座已经加固")
    done(story, "finish_task", result_text="底座和接线已修复，灯杆扶正", evidence=dot)


@then("审计里写着这几步是凭信中链接办的，人是吴强")
def audited(story: Story) -> None:
    query = (
        f"select act from audit where subject = 'task:{story.tasks[UNIT]}' and purpose = '凭信中链接办理' "
        f"and principal_id = '{RECEIVER}' order by no"
    )
    steps = ("signed", "reported_in", "progressed", "completed")
    assert [f"whistle_task_{step}" for step in steps] == [act for (act,) in sql.rows(story.world, "dispatch", query)]


@then("链接不在任何事件、日志和通知的存底里")
def kept_nowhere(story: Story) -> None:
    token = story.kept["link"].partition("k=")[2]
    for service, table, column in (
        ("dispatch", "outbox", "body"), ("notify", "outbox", "body"), ("notify", "message", "body"),
        ("dispatch", "audit", "details::text"), ("dispatch", "answered", "answer::text"),
        ("portal", "outbox", "body"),
    ):  # fmt: skip
        assert 0 == sql.one(story.world, service, f"select count(*) from {table} where {column} like '%{token}%'")
    logs = [file for file in story.world.folder.rglob("*.log") if file.is_file()]
    assert ([], True) == ([file.name for file in logs if token.encode() in file.read_bytes()], bool(logs))


@then("吴强收到写着赋分的信，凭信里的链接申诉")
def appeals(story: Story) -> None:
    story.kept["link"] = story.soon(
        "the letter about the rating", lambda: set(links(story)[RECEIVER]) - {story.kept["link"]}
    ).pop()
    done(story, "appeal_rating", reason=WHY)
    written = story.ask("李利", f"/api/tasks/{story.tasks[UNIT]}")["rating_appeal"]
    assert (WHY, RECEIVER) == (written["reason"], written["appealed_by"]["id"])
    assert "已经了结" in opened(story).text


@when("链接被改了一个字，打开的页面说不能用，并教人怎样再要一个")
def changed(story: Story) -> None:
    link = story.kept["link"]
    page = opened(story, link[:-3] + ("A" if link[-3] != "A" else "B") + link[-2:])
    assert (404, True, True, False) == (
        page.status_code, "被改动过" in page.text, "再寄一个链接" in page.text, "灯杆" in page.text,
    )  # fmt: skip


@when("有人填哨单编号请求再寄，连着两次")
def asks_again(story: Story) -> None:
    form, origin = {"number": story.whistle}, {"Origin": story.world.portal_url}
    answers = [story.http.post("/t/again", data=form, headers=origin) for _ in range(2)]
    assert [200, 200] == [each.status_code for each in answers]


@then("只给供电公司名册上的接哨员各寄了一封新的信，新链接能用")
def sent_again(story: Story) -> None:
    def both() -> dict[str, list[str]] | None:
        found = links(story)
        return found if {RECEIVER, DEPUTY} <= set(found) and len(found[RECEIVER]) > 1 else None

    found = story.soon("the new letters", both)
    assert found is not None
    assert {RECEIVER: 2, DEPUTY: 1} == {to: len(each) for to, each in found.items()}
    story.kept["link"] = found[RECEIVER][1]
    assert "灯杆有触电危险" in opened(story).text


@when("供电公司不再凭信件办理")
def no_more(story: Story) -> None:
    department_mail.switch(story.world, people.UNITS[UNIT], on=False)


@then("原来的链接只说不能再凭信件办理")
def over(story: Story) -> None:
    page = opened(story).text
    assert (True, False, False) == ("不再凭信件办理" in page, "灯杆" in page, "/t/do/" in page)
