"""Sentences about a joint meeting 联席会 and the task it decides."""

from __future__ import annotations

from typing import Any

from pytest_bdd import then, when

from tests.stories import people
from tests.stories.steps.campaigns import appeal, campaign, told
from tests.stories.talk import Story

CHAIR, STREET, BUILDER = "葛艳霞", "中兴路街道", "住建局"


def meeting(story: Story, verb: str = "") -> str:
    return f"/api/conferences/{story.kept['meeting']}{verb}"


def task(story: Story) -> dict[str, Any]:
    (found,) = story.blown(STREET)["tasks"]
    return found  # type: ignore[no-any-return]


def act(story: Story, who: str, verb: str, **more: Any) -> None:
    story.do(who, f"/api/tasks/{task(story)['id']}/{verb}", **more)


def tick(story: Story, parts: range) -> None:
    act(story, BUILDER, "parts", parts=list(parts), photos=[story.photo(BUILDER, "AFTER")])


@when("葛艳霞召集7月18日的联席会，请住建局参加")
def called(story: Story) -> None:
    asked = {
        "kind": "JOINT", "topic": "7月联席会", "area_path": people.QINYUAN, "held_at": "2024-07-18T15:00:00+08:00",
        "place_text": "社区会议室", "invited": ["zhujian"],
    }  # fmt: skip
    story.kept["meeting"] = story.do(CHAIR, "/api/conferences", **asked)["number"]


@then("议程上有这件诉求，吴启河知道哪天开会")
def on_agenda(story: Story) -> None:
    assert [story.number] == [one["item"] for one in story.ask(CHAIR, meeting(story))["agenda"]]
    assert story.soon("the day of the meeting", lambda: told(story, "7月18日"))


@when("中兴路街道在会上记下：8月31日前全部安装，为民专项经费出，住建局办")
def decided(story: Story) -> None:
    story.set_time(2024, 7, 18, 16, 0)
    words = {"decision": "DO", "until": "2024-08-31", "conclusion": "67个单元全部安装", "funding": "为民专项经费"}
    who = {"contractor": "zhujian", "campaign": campaign(story).rpartition("/")[2]}
    found = story.do(STREET, meeting(story, "/decisions"), item=story.number, **words, **who)
    story.whistle = found["agenda"][0]["whistle"]
    assert "HELD" == story.do(CHAIR, meeting(story, "/minutes"), minutes="全部安装，8月31日前办好")["state"]


@then("67个单元是一件哨令，进度是0/67")
def one_task(story: Story) -> None:
    assert ("KEY", 67, 0) == (story.blown(STREET)["kind"], len(task(story)["parts"]), task(story)["parts_done"])
    assert story.soon("waits for it", lambda: story.ask(CHAIR, appeal(story))["state"] == "WHISTLED")


@when("住建局签收、报到，先装好40个单元")
def begun(story: Story) -> None:
    act(story, BUILDER, "signature")
    act(story, BUILDER, "report-in", mode="PLACE")
    tick(story, range(1, 41))


@then("进度是40/67，还不能办结")
def not_done(story: Story) -> None:
    story.try_to(lambda: finish(story))
    assert (40, 409) == (task(story)["parts_done"], (story.refusal or {})["status"])


def finish(story: Story) -> None:
    act(story, BUILDER, "completion", result_text="67个单元全部装好", evidence=[story.photo(BUILDER, "AFTER")])


@when("8月20日8点其余27个单元装好，住建局办结，葛艳霞核实、赋分")
def done(story: Story) -> None:
    story.set_time(2024, 8, 20, 8, 0)
    tick(story, range(41, 68))
    finish(story)
    act(story, CHAIR, "confirmation")
    act(story, CHAIR, "rating", timeliness=20, attendance=20, effect=40, cooperation=20)
    assert story.soon("back at the grid worker's", lambda: story.ask(CHAIR, appeal(story))["state"] == "IN_PROGRESS")


@then("全社区的公示栏看得到这一项办好了")
def posted(story: Story) -> None:
    def there() -> bool:
        board = story.http.get("/api/notices", params={"area_path": f"{people.QINYUAN}.g4"}).json()
        return any("需求清单" in one["title"] and story.number in one["body"] for one in board["items"])

    assert story.soon("the notice", there)
