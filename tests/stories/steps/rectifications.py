"""Sentences about a rectification 整改 and its look-backs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pytest_bdd import parsers, then, when

from ops.world import SERVICES
from tests.stories import people, sql
from tests.stories.steps.shops import OWNER, PHONE
from tests.stories.talk import Story, dot

GRID, COMMUNITY, STREET = "孙耿网格员", "孙耿社区", "孙耿街道"


def path(story: Story, verb: str = "") -> str:
    return f"/api/rectifications/{story.number}{verb}"


def seen(story: Story, who: str = "") -> Any:
    return story.ask(who or story.reader, path(story))


def becomes(story: Story, state: str) -> None:
    assert story.soon(state, lambda: seen(story)["state"] == state)


def on_desk(story: Story, who: str) -> bool:
    return story.number in [row["number"] for row in story.ask(who, "/api/desk")["items"]]


@when(parsers.parse('网格员给"{name}"建档，检查发现"{fault}"，店主拒签，发限期整改通知'))
def issued(story: Story, name: str, fault: str) -> None:
    story.reader, story.kept["grid"] = COMMUNITY, GRID
    shop = story.do(
        GRID, "/api/shops", name=name, trade="餐饮", area_path=people.SUNGENG_AREA, place_text="孙耿街12号",
        contact_name=OWNER, contact_phone=PHONE,
    )["number"]  # fmt: skip
    story.kept["shop"] = shop
    story.kept["fault"] = fault
    story.kept["asked"] = {
        "source_number": shop, "subject": name, "area_path": people.SUNGENG_AREA, "form": "NOTICE",
        "spots": [{"what": fault, "place_text": "后门", "photos": [story.photo(GRID, "BEFORE")]}],
        "delivery": "REFUSED", "delivery_note": "店主不签字，村委会两人在场", "delivered": [story.photo(GRID)],
    }  # fmt: skip
    story.number = story.do(GRID, "/api/rectifications", **story.kept["asked"])["number"]


@then("网格员不能责令改正，通知的期限是7月11日")
def no_power(story: Story) -> None:
    order = {**story.kept["asked"], "form": "ORDER", "legal_basis": "《消防法》第六十条"}
    story.try_to(lambda: story.do(GRID, "/api/rectifications", **order))
    assert (["form"], "2024-07-11T16:00:00Z") == (list((story.refusal or {})["errors"]), seen(story)["correct_by"])


@then("扫店里的码看得到要改什么，看不到店主是谁")
def on_door(story: Story) -> None:
    page = story.http.get(f"/s/{story.kept['shop']}").text
    assert (True, []) == (story.kept["fault"] in page, [word for word in (OWNER, PHONE, "后门") if word in page])


@when("店家扫码上传改好的照片，没有账号")
def proven(story: Story) -> None:
    files = {"photos": ("after.png", dot(), "image/png")}
    answer = story.http.post(f"/s/{story.kept['shop']}/proof", data={"notice": story.number}, files=files)
    assert (201, True) == (answer.status_code, "等工作人员来看" in answer.text), answer.text


@then("网格员的待办里有这件整改")
def to_verify(story: Story) -> None:
    assert story.soon("the proof on the desk", lambda: seen(story)["state"] == "PROVEN" and on_desk(story, GRID))


@when("网格员现场核实已改")
def verified(story: Story) -> None:
    story.do(GRID, path(story, "/verification"), spots=[1], photos=[story.photo(GRID, "AFTER")])


@then("哪天回头看，谁也看不到，总线上也没有")
def sealed(story: Story) -> None:
    shown = seen(story)
    assert ("WATCHED", None, []) == (shown["state"], shown["due_at"], shown["look_backs"])
    said = f"body like '%{story.number}%' and body like '%{day(story):%Y-%m-%d}%'"
    query = f"select count(*) from outbox where {said}"
    assert [0, 0] == [sql.one(story.world, store, query) for store in ("dispatch", "intake")]
    assert story.soon("nothing on the desk", lambda: not on_desk(story, COMMUNITY))


@then("日志里没有这一天，五个库里提到这件整改的每一行也没有")
def unwritten(story: Story) -> None:
    """A row as text is what a backup holds of it."""
    drawn, mine = f"{day(story):%Y-%m-%d}", f"select id::text from rectification where case_number = '{story.number}'"
    named = f"'({story.number}|{sql.one(story.world, 'dispatch', mine)})'"
    tables = "select quote_ident(relname) from pg_stat_user_tables"
    telling = f"count(*) filter (where t::text like '%{drawn}%')"
    naming = 0
    for store in SERVICES:
        looks = [
            f"select '{table}', count(*), {telling} from {table} t where t::text ~ {named}"
            for (table,) in sql.rows(story.world, store, tables)
        ]
        found = sql.rows(story.world, store, " union all ".join(looks))
        naming += sum(rows for _, rows, _ in found)
        assert [] == [table for table, _, tells in found if tells]
    assert naming > 5, "the matter itself was looked for in vain"
    assert [] == [path.name for path in story.world.folder.glob("logs/*") if drawn in path.read_text("utf-8")]


def day(story: Story) -> datetime:
    """What only the store's keeper with the key can read."""
    mine = f"rectification_id = (select id from rectification where case_number = '{story.number}')"
    query = f"select day from look_back where {mine} order by no desc"
    return datetime.fromisoformat(sql.unsealed(story.world, "dispatch", query))


@when("抽到的那天到了")
def comes(story: Story) -> None:
    there = day(story)
    story.set_time(there.year, there.month, there.day, 9, 0)
    becomes(story, "INSPECTED")


@then("社区的待办里有这件整改的回头看")
def to_look(story: Story) -> None:
    assert story.soon("the look-back on the desk", lambda: on_desk(story, COMMUNITY))


@when("网格员回头看，又堆上了")
def relapsed(story: Story) -> None:
    story.do(GRID, path(story, "/look-back/relapse"), spots=[1], photos=[story.photo(GRID)])


@then("升为第2级，重新限期，下次回头看快一倍")
def harder(story: Story) -> None:
    shown, today = seen(story), story.now().replace(tzinfo=None)
    assert ("ISSUED", 2) == (shown["state"], shown["level"])
    verified(story)
    assert 5 <= (day(story).date() - today.date()).days <= 20


@when("网格员核实改好，两次回头看都没有反弹")
def passed(story: Story) -> None:
    look_back_passed(story)


def look_back_passed(story: Story) -> None:
    """Every round of it."""
    for _ in range(2):
        comes(story)
        story.do(story.kept["grid"], path(story, "/look-back/pass"), photos=[story.photo(story.kept["grid"])])


@then("这件整改已经销号")
def closed(story: Story) -> None:
    assert "CLOSED" == seen(story)["state"]
    assert story.soon("an empty place on the desk", lambda: not on_desk(story, story.reader))


@when("到7月12日还没有改")
def unheeded(story: Story) -> None:
    story.set_time(2024, 7, 12, 9, 0)
    becomes(story, "WARNED")


@then("已经警告，不能移送没有执法权的物业")
def warned(story: Story) -> None:
    asked = {"unit": "hongbei-wuye", "legal_basis": "《消防法》第六十条"}
    story.try_to(lambda: story.do(COMMUNITY, path(story, "/enforcement-request"), **asked))
    assert ["unit"] == list((story.refusal or {})["errors"])


@when("社区移送消防救援大队，街道批准")
def handed_over(story: Story) -> None:
    asked = {"unit": "xiaofang", "legal_basis": "《消防法》第六十条"}
    story.whistle = story.do(COMMUNITY, path(story, "/enforcement-request"), **asked)["whistles"][0]
    whistle = story.blown(STREET)
    story.do(STREET, f"/api/whistles/{whistle['id']}/approval")


@then("消防救援大队的哨令上有这一处")
def on_task(story: Story) -> None:
    (task,) = story.blown(STREET)["tasks"]
    found = story.ask("消防救援大队", f"/api/tasks/{task['id']}")
    assert (["第1处：消防通道堆放货物"], "ASSIGNED") == ([part["name"] for part in found["parts"]], found["state"])
