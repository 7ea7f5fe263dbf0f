"""What the desk can do, by program through broker, relay and portal: parts, a further body, large files by link."""

from __future__ import annotations

import json
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from shaodao_kit import FilesRefused, OrderFiles, evidence

from tests.integration.departments.test_consumers import node
from tests.integration.departments.test_replying import PNG, ordered
from tests.integration.departments.whistling import lamp_pole, reaches, task
from tests.stories import people
from tests.stories.steps.hazards import report
from tests.stories.steps.whistles import blow

pytestmark = pytest.mark.integration
BY_NODE = """
import { readFile, writeFile } from 'node:fs/promises';
import { OrderFiles } from './department.js';
const files = new OrderFiles(process.argv[2], { files: { path: process.argv[3] } });
const named = await files.upload(await readFile(process.argv[4]));
await writeFile('empty', String((await files.items()).length));
process.stdout.write(JSON.stringify(named));
"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Larger than any reply."""
    out = BytesIO()
    Image.effect_noise((1000, 1000), 120).save(out, "JPEG", quality=95)
    path = tmp_path / "photo.jpg"
    path.write_bytes(out.getvalue())
    assert len(out.getvalue()) > 256 * 1024
    return path


def come(plug, task_id):
    plug.reply("sign", task_id)
    plug.reply("report_in", task_id, mode="PLACE")


def test_given_a_photo_larger_than_a_reply_when_brought_by_link_then_it_proves_the_work_and_is_read_back(
    story, power, district, photo
):
    task_id = lamp_pole(story)
    path = ordered(power, task_id)["data"]["files"]["path"]
    files = OrderFiles(district.portal_url, path)
    come(power, task_id)
    named = files.upload(photo)
    power.reply("finish", task_id, result_text="底座和接线已修复", evidence=[named])
    done = reaches(story, task_id, "FINISHED")
    (item,) = files.items()
    kept = files.download(item)
    assert ([named["sha256"]], named["sha256"], True) == (
        [file["sha256"] for file in done["evidence"]], item["sha256"], len(kept) > 256 * 1024,
    )  # fmt: skip
    with pytest.raises(FilesRefused) as late:
        files.upload(photo)
    assert 409 == late.value.status


def test_given_a_link_of_one_order_when_bent_to_another_then_nothing_opens(story, power, district):
    one, other = lamp_pole(story), lamp_pole(story)
    path = ordered(power, one)["data"]["files"]["path"]
    with pytest.raises(FilesRefused) as refused:
        OrderFiles(district.portal_url, path.replace(one, other)).items()
    assert 404 == refused.value.status


def test_given_the_node_kit_when_it_brings_a_photo_then_the_portal_has_it(story, power, district, photo, tmp_path):
    command, _ = node(tmp_path)
    folder = Path(command[1]).parent
    (folder / "bring.js").write_text(BY_NODE)
    task_id = lamp_pole(story)
    path = ordered(power, task_id)["data"]["files"]["path"]
    argv = ["node", "bring.js", district.portal_url, path, str(photo)]
    done = subprocess.run(argv, cwd=folder, capture_output=True, timeout=60, text=True)
    assert 0 == done.returncode, done.stderr
    come(power, task_id)
    power.reply("finish", task_id, result_text="已修复", evidence=[json.loads(done.stdout)])
    reaches(story, task_id, "FINISHED")


def test_given_parts_and_a_further_body_when_worked_on_by_program_then_finish_waits_for_all_of_it(story, power, police):
    report(story, "李利", "路灯杆倾斜，根部开裂，接线口损坏，下雨有触电危险")
    blow(
        story, "李利", kind="EMERGENCY", reason="灯杆有触电危险", asked_action="HANDLE_ON_SITE",
        area_path=people.LAMP_AREA, recipients=[{"unit": people.UNITS["供电公司"], "role": "LEAD"}],
        parts=["底座", "接线"],
    )  # fmt: skip
    task_id = story.tasks["供电公司"]
    assert ["底座", "接线"] == ordered(power, task_id)["data"]["parts"]
    come(power, task_id)
    power.reply("tick_parts", task_id, parts=[1, 2], photos=[evidence(PNG)])
    power.reply("call_further", task_id, unit="lijingjie-paichusuo", asked="维持秩序")
    changes = [power.heard()["data"] for _ in range(2)]
    assert ["PARTS_DONE", "FURTHER_CALLED"] == [each["change"] for each in changes]
    further = police.heard()["data"]
    assert "gongdian" == further["called_by"]["code"]
    power.reply("finish", task_id, result_text="已修复", evidence=[evidence(PNG)])
    assert ("CONFLICT", "REPORTED_IN") == (power.heard_refusal()["code"], task(story, task_id)["state"])
    come(police, further["task_id"])
    police.reply("finish", further["task_id"], result_text="秩序正常", evidence=[evidence(PNG)])
    reaches(story, further["task_id"], "FINISHED")
    power.reply("finish", task_id, result_text="已修复", evidence=[evidence(PNG)])
    reaches(story, task_id, "FINISHED")
