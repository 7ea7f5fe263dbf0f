"""Evidence a program names is there, or its reply is refused; while nobody can say so, it waits."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chassis.errors import Unavailable
from chassis.identity import Principal
from services.dispatch.departments import connect
from services.dispatch.tables import Evidence, Task
from tests.unit.dispatch import world
from tests.unit.dispatch.department import all_there, envelope, kept, letter, reply, state, take, told
from tests.unit.dispatch.world import NOW, PHOTO

pytestmark = pytest.mark.rule("6")
OTHER = "cd" * 32


@pytest.fixture
def task(session):
    connect(session, Principal.service("dispatch"), "sifasuo", True, NOW)
    made = world.task_of(world.blown(session))
    reply(session, made, "sign")
    reply(session, made, "report_in", mode="PLACE")
    return made


def finished(session, task, keep, **file):
    content = envelope(task, "finish", result_text="已修复", evidence=[{**PHOTO, **file}])
    return take(session, letter(content, verb="finish"), keep=keep)


def nothing_there(question):
    return {
        "files": [{"sha256": f["sha256"], "kept_as": None, "problem": "所列文件尚未上传"} for f in question["files"]]
    }


def test_given_evidence_nobody_uploaded_when_finished_then_it_is_refused_and_the_task_stands(session, task):
    assert "INVALID" == finished(session, task, nothing_there)
    assert ("REPORTED_IN", ["evidence.0: 所列文件尚未上传"]) == (state(session, task), told(session)[-1]["errors"])


def test_given_evidence_sent_along_when_finished_then_it_is_named_as_it_was_kept_and_the_unit_is_its_uploader(
    session, task
):
    asked = []

    def keep(question):
        asked.append(question)
        return {"files": [{"sha256": PHOTO["sha256"], "kept_as": OTHER, "problem": None}]}

    assert "DONE" == finished(session, task, keep, content="AAAA")
    assert [
        {
            "by": "department.sifasuo",
            "case_number": task["case_number"],
            "files": [{"sha256": PHOTO["sha256"], "content": "AAAA"}],
        }
    ] == asked
    assert [OTHER] == list(session.scalars(select(Evidence.sha256).where(Evidence.task_id == task["id"])))


def test_given_a_portal_that_is_away_when_finished_then_the_reply_waits_and_nothing_is_lost(session, task):
    def away(_):
        raise Unavailable("消息总线暂时不可用", retry_after=2)

    before = len(kept(session))
    with pytest.raises(Unavailable):
        finished(session, task, away)
    assert ("REPORTED_IN", before) == (state(session, task), len(kept(session)))
    assert "DONE" == finished(session, task, all_there)


def test_given_evidence_that_is_no_base64_when_finished_then_it_is_refused_unasked(session, task):
    assert "INVALID" == finished(session, task, all_there, content="not base 64!")
    assert session.get(Task, task["id"]).finished_at is None
