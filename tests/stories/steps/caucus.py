"""Sentences about what one side says alone: who reads it, and where it is looked for in vain."""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PdfReader
from pytest_bdd import parsers, then, when

from ops.world import SERVICES
from tests.stories import people, sql
from tests.stories.steps import mediation
from tests.stories.talk import Story


def reads(story: Story, part: str) -> str:
    """The text of a part of the dossier, without blanks: a line may break anywhere."""
    answer = story.send(mediation.MEDIATOR, "GET", f"/api/mediations/{story.mediation()['id']}/dossier/{part}.pdf")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@when(parsers.parse('石秀英上门单独和邻居谈，邻居说"{words}"'))
def alone(story: Story, words: str) -> None:
    story.kept["words"] = words
    mediation.act(story, "talks", party_id=mediation.party(story, "RESPONDENT"), how="ON_SITE", words=words)
    assert [words] == [each["words"] for each in story.case["talks"]]


@then("石秀英在副卷里读得到这句话")
def inner(story: Story) -> None:
    assert story.kept["words"] in reads(story, "INNER")


@then("给陈阿姨看的正卷里没有这句话")
def openly(story: Story) -> None:
    found = reads(story, "OPEN")
    assert (True, False) == ("陈桂兰" in found, secret(story) in found)


@then("陈阿姨凭编号查询、看自己的信息、带走的一份里都没有这句话")
def hers(story: Story) -> None:
    seen = story.http.get(f"/api/public/cases/{story.number}", params={"phone_tail": people.CHEN_TAIL})
    form = {"number": story.number, "phone_tail": people.CHEN_TAIL}
    mine = [story.http.post("/public/mine", data={**form, "act": act}) for act in ("show", "json")]
    assert [200] * 3 == [answer.status_code for answer in (seen, *mine)]
    assert [] == [answer.url for answer in (seen, *mine) if secret(story) in written(answer.text)]


@then("总线、日志、通知和五个库的每一行里都没有这句话")
def nowhere(story: Story) -> None:
    story.soon("the talk on the timeline", lambda: "talk_recorded" in story.events(mediation.MEDIATOR))
    tables = "select coalesce(string_agg(quote_ident(relname), ' '), '') from pg_stat_user_tables"
    for store in SERVICES:
        for table in sql.one(story.world, store, tables).split():
            told = f"select count(*) from {table} t where t::text like '%{secret(story)}%'"
            assert (store, table, 0) == (store, table, sql.one(story.world, store, told))
    logs = [path for path in story.world.folder.glob("logs/*") if path.is_file()]
    assert [] == [path.name for path in logs if secret(story) in written(path.read_text("utf-8"))]


def secret(story: Story) -> str:
    """A piece that nobody else would say."""
    return str(story.kept["words"])[2:8]


def written(text: str) -> Any:
    """Also where it stands as JSON writes it for who reads ASCII alone."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
