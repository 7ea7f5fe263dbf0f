"""Pictures of each role's desk and main page, small, for docs/screens: `python -m tests.browser.screens FOLDER`.

A world of its own is filled with the told cases up to the whistle; every picture is of what somebody then really sees.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image

from ops import lifecycle
from tests.browser import a1, a1_mediation, a4, chromium
from tests.browser.stage import DESKTOP, PHONE, Stage
from tests.stories import people
from tests.stories.steps import appeals
from tests.stories.talk import Story

LARGEST_BYTES, QUALITIES = 60_000, (80, 60, 45, 30, 20)
TALLEST, WIDEST = 1600, 900
"""Pixels of a page that are shown, what is below is left out; and of a picture."""


@dataclass(frozen=True)
class Picture:
    """`who` is nobody for residents; `size` 0 to 2 of the print; `{case}` in the address is the told case."""

    name: str
    who: str
    address: str
    words: str
    screen: tuple[int, int] = DESKTOP
    dark: bool = False
    size: int = 0


PICTURES = (
    Picture("resident-report", "", "/report", "居民：反映问题，先点地方", PHONE),
    Picture("resident-progress", "", "/public", "居民：办到哪了（特大字）", PHONE, size=2),
    Picture("grid-desk", "李珊", "/", "网格员：今日待办", PHONE),
    Picture("grid-desk-large", "李珊", "/", "网格员：今日待办（大字版）", PHONE, size=1),
    Picture("grid-outdoors", "李利", "/outdoors", "网格员：外出办事", PHONE),
    Picture("community-desk", "社区", "/", "社区：今日待办"),
    Picture("community-case", "社区", "/cases/{case}", "社区：一件事的全程"),
    Picture("street-desk", "街道", "/", "街道：今日待办"),
    Picture("street-duty-wall", "街道", "/duty-wall", "街道：值班大屏"),
    Picture("street-duty-wall-dark", "街道", "/duty-wall", "街道：值班大屏（深色）", dark=True),
    Picture("receiver-tasks", "司法所", "/tasks", "接哨员：本单位哨令"),
    Picture("receiver-desk", "司法所", "/", "接哨员：今日待办（深色）", PHONE, dark=True),
    Picture("mediator-desk", "石秀英", "/", "调解员：今日待办"),
    Picture("mediator-cases", "石秀英", "/mediations", "调解员：在办的调解"),
    Picture("followup-desk", "何静", "/", "回访员：今日待办"),
    Picture("seat-alarms", "丁香", "/pager-alarms", "呼叫坐席：呼叫屏"),
    Picture("volunteer-desk", "志愿者", "/", "志愿者：今日待办", PHONE),
    Picture("district-desk", "区指挥中心", "/", "区指挥中心：今日待办"),
    Picture("district-map", "区指挥中心", "/district", "区：地图"),
    Picture("district-flow", "区指挥中心", "/district/flow", "区：从渠道到办结"),
    Picture("district-rates", "区指挥中心", "/district/rates", "区：三率与考核"),
    Picture("district-days", "区指挥中心", "/district/days", "区：热点日历"),
    Picture("district-outcomes", "区指挥中心", "/district/outcomes", "区：关怀、调解、议事"),
    Picture("district-burden", "区指挥中心", "/district/burden", "区：减负"),
    Picture("find", "社区", "/find?open=true", "查找"),
    Picture("styleguide", "社区", "/styleguide", "页面样式"),
    Picture("styleguide-dark", "社区", "/styleguide", "页面样式（深色）", dark=True),
)


def filled(stage: Stage) -> None:
    """A4 to its end, A1 to the whistle that calls three units."""
    a4.told(stage)
    stage.story.set_time(2024, 7, 5, 9, 10)
    a1.reported(stage)
    a1.taken(stage)
    a1.handled(stage)
    a1_mediation.opened(stage)
    a1.called_for(stage)
    told = stage.story.number
    for title, place in OTHERS:
        calm = {"danger_flags": [], "damage_ongoing": False}
        appeals.register(stage.story, title=title, content=title, place_text=place, **calm)
        stage.story.later(hours=2)
    stage.story.number = told


OTHERS = (
    ("路灯不亮，晚上看不清路", "5号楼前"), ("楼道堆放杂物，轮椅过不去", "5号楼2单元"), ("垃圾三天没有清运", "小区南门"),
    ("井盖松动，走上去会响", "7号楼西侧"),
)  # fmt: skip


def taken(stage: Stage, folder: Path) -> None:
    """All pictures, and the index of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        (folder / f"{picture.name}.webp").write_bytes(small(photographed(stage, picture)))
    shown = (f"## {each.words}\n\n`{each.address}`\n\n![{each.words}]({each.name}.webp)\n" for each in PICTURES)
    (folder / "README.md").write_text(INDEX + "\n".join(shown))


INDEX = """# Screens

What each role sees first, while A1 (the sewage) waits for three units that were whistled for and A4 (the lamp post)
is done. Made by `.venv/bin/python -m tests.browser.screens docs/screens` in a world of its own, with the demo's names.

"""


def photographed(stage: Stage, picture: Picture) -> bytes:
    stage.size = picture.screen
    with somebody(stage, picture.who) as page:
        page.emulate_media(color_scheme="dark" if picture.dark else "light")
        if picture.size:
            page.goto(f"/public/print-size?large={picture.size}&next=/public")
        page.goto(picture.address.format(case=stage.story.number))
        if picture.name == "resident-progress":
            page.get_by_label("编号").fill(stage.story.number)
            page.get_by_label("电话后四位").fill(people.CHEN_TAIL)
            page.get_by_role("button", name="查一查").click()
        page.wait_for_load_state("load")
        return bytes(page.screenshot(full_page=True))


@contextmanager
def somebody(stage: Stage, who: str) -> Iterator[object]:
    with stage.staff(who) if who else stage.somebody() as visitor:
        yield visitor.page


def small(png: bytes) -> bytes:
    """As WebP, no larger than LARGEST_BYTES."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, TALLEST)))
    image.thumbnail((WIDEST, TALLEST))
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LARGEST_BYTES:
            return out.getvalue()
    raise ValueError(f"no quality makes {image.size} small enough")


def main() -> None:
    path = chromium.program()
    if path is None:
        raise SystemExit("no Chromium is installed: apt-get install chromium")
    with (
        lifecycle.running("screens", clock=True) as world,
        chromium.running(path) as browser,
        httpx.Client(base_url=world.portal_url, timeout=20, trust_env=False) as http,
    ):
        stage = Stage(browser, Story(world, http), size=DESKTOP)
        filled(stage)
        taken(stage, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
