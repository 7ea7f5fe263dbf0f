"""A row of a 12345 export becomes the command that registers an appeal, or the reasons why it cannot, by column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.intake.appeals import RegisterAppeal
from kernel import areas as paths
from kernel import telephone
from kernel.calendar import local_day
from kernel.codes import AreaLevel, Channel, ContactPreference, Nature, Source
from services.intake import areas, categories, posts
from services.intake.orders.layout import AREA, KEY, NEEDED, Cells, by_column, cut, dated
from services.intake.policy import rules
from services.intake.tables import AreaNode

Reasons = dict[str, str]
CUT = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
NATURES = {nature.label: nature for nature in Nature} | {"意见建议": Nature.SUGGESTION, "感谢": Nature.PRAISE}
UNNAMED = frozenset({"", "匿名", "无", "不详", "未知", "/", "-"})
CALLER = "来电人"
"""How somebody is addressed who left a telephone and no name."""
OVER = frozenset({"已办结", "办结", "已归档", "已关闭", "已完成", "作废", "已作废"})
LONGEST_TITLE, LONGEST_PLACE = 80, 200
LEVEL_ENDS = re.compile("(街道办事处|街道|地区|镇|乡|社区居委会|社区|居委会|村委会|村)$")
SPOKEN_OF = {
    "outside_number": KEY, "nature": "工单类型", "title": "标题", "content": "主要内容", "category": "三级分类",
    "area_path": AREA, "place_text": "小区点位", "reporter.name": CALLER, "reporter.phone": "电话", "reporter": CALLER,
}  # fmt: skip
"""The column that a field of the command comes from."""
READ = frozenset(SPOKEN_OF.values()) | {"村/社区"}
DAY = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}/\d{1,2}/(?:\d\d){1,2}|\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}",
    re.ASCII,
)
"""What spreadsheet programs make of 2-3-5 and 3-2, as they write it into a .csv."""
SCHEMA = RegisterAppeal()


@dataclass(frozen=True)
class Judged:
    """A row: the command it becomes, as JSON, or why it becomes none."""

    line: int
    outside_number: str | None
    command: dict[str, Any] | None
    reasons: Reasons


@dataclass
class Judge:
    """Judges the rows of one file, for one place; remembers what it has seen of the file."""

    session: Session
    base: str
    fallback: str | None
    headings: Sequence[str]
    now: datetime
    seen: dict[str, int] = field(default_factory=dict)
    _on_duty: dict[str, bool] = field(default_factory=dict)
    _inside: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def row(self, line: int, row: Sequence[Any]) -> Judged:
        cells, lost = by_column(self.headings, row)
        key = unicodedata.normalize("NFKC", cells.get(KEY, "")).strip()
        reasons: Reasons = {name: words for name, words in lost.items() if name in READ}
        command = self._command({name: cells.get(name, "").strip() for name in (*cells, *NEEDED)}, key, reasons)
        if key and KEY not in reasons and (first := self.seen.setdefault(key, line)) != line:
            reasons[KEY] = f"与第{first}行的工单编号相同"
        return Judged(line, key[:40] or None, None if reasons else command, reasons)

    def _command(self, cells: Cells, key: str, reasons: Reasons) -> dict[str, Any]:
        """The fields of the command that could be told; what could not be is put into `reasons`."""
        if CUT.fullmatch(key):
            reasons[KEY] = cut(key)
        elif not key and KEY not in reasons:
            reasons[KEY] = "没有工单编号"
        if cells.get("工单状态", "") in OVER or cells.get("办结时间"):
            reasons["工单状态"] = "已经办结，不再导入"
        if DAY.fullmatch(point := cells.get("小区点位", "")):
            reasons["小区点位"] = dated(point)
        place = self._place(cells, reasons)
        if AREA not in reasons and not self._answered(place):
            reasons[AREA] = "这里还没有设置责任岗位，请先设置，或写明村、社区"
        raw = {
            "outside_number": key,
            "channel": Channel.HOTLINE,
            "source": Source.HOTLINE,
            "nature": self._nature(cells, reasons),
            "category": self._category(cells, reasons),
            "area_path": place,
            "place_text": (cells.get("小区点位") or cells.get("村/社区") or cells[AREA])[:LONGEST_PLACE] or "未写明",
            "reporter": self._reporter(cells, reasons),
            **_words_of(cells),
        }
        return _checked(raw, reasons)

    def _nature(self, cells: Cells, reasons: Reasons) -> str:
        found = NATURES.get(cells["工单类型"])
        if found is None:
            reasons["工单类型"] = f"应为{'、'.join(Nature.labels())}"
        return found or Nature.HELP

    def _category(self, cells: Cells, reasons: Reasons) -> str:
        """By the narrowest name that the district knows, else what the uploader said."""
        given = [cells.get(name, "") for name in ("三级分类", "二级分类", "一级分类")]
        found = next((self._categories[name] for name in given if name in self._categories), self.fallback)
        if found is None:
            reasons["三级分类"] = "本区没有这个分类，也没有选对不上时归入哪一类"
        return found or "none"

    def _reporter(self, cells: Cells, reasons: Reasons) -> dict[str, Any] | None:
        name, phone = cells.get(CALLER, ""), cells.get("电话", "")
        if "*" in phone:
            reasons.setdefault("电话", "电话打了星号，联系不上来电人")
            return None
        if phone and "电话" not in reasons:
            try:
                phone = str(telephone.parse(phone, rules(self.now).value("telephone.area_code")))
            except telephone.InvalidTelephone as wrong:
                reasons["电话"] = cut(phone) if CUT.fullmatch(phone) else str(wrong)
                return None
        if name in UNNAMED and not phone:
            return None
        way = ContactPreference.CALL if phone else ContactPreference.VISIT
        return {"name": CALLER if name in UNNAMED else name, "phone": phone or None, "contact_preference": way}

    def _answered(self, place: str) -> bool:
        """Whether somebody answers for the place."""
        if place not in self._on_duty:
            self._on_duty[place] = posts.on_duty(self.session, place, self.now) is not None
        return self._on_duty[place]

    def _place(self, cells: Cells, reasons: Reasons) -> str:
        """The narrowest place below the base that the words name."""
        street = self._below(AreaLevel.STREET, self.base, cells[AREA])
        if street is None and (cells[AREA] and not self._is_base(cells[AREA])):
            reasons[AREA] = f"不在{self._names[self.base]}，或没有这个街乡镇"
            return self.base
        community = self._below(AreaLevel.COMMUNITY, street or self.base, cells.get("村/社区", ""))
        if community is None and cells.get("村/社区"):
            reasons["村/社区"] = f"{self._names[street or self.base]}没有这个村或社区"
            return street or self.base
        within = community or street or self.base
        return self._named_in(within, cells.get("小区点位", "")) if community else within

    def _below(self, level: AreaLevel, above: str, words: str) -> str | None:
        """The only place of a level that the words name, in full or without 街道, 社区 and the like."""
        there = self._levels.get(level, {})
        found = [path for path, name in there.items() if words and name in words and paths.is_within(path, above)]
        return found[0] if len(found) == 1 else None

    def _is_base(self, words: str) -> bool:
        return LEVEL_ENDS.sub("", self._names[self.base]) in words

    def _named_in(self, above: str, words: str) -> str:
        """The place below whose own name is the longest in the words, where only one is so named."""
        if above not in self._inside:
            inside = [
                (path, name) for path, name in self._names.items() if paths.is_within(path, above) and path != above
            ]
            self._inside[above] = sorted(inside, key=lambda each: -len(each[1]))
        named = [(path, name) for path, name in self._inside[above] if name in words]
        longest = [path for path, name in named if len(name) == len(named[0][1])]
        return longest[0] if len(longest) == 1 else above

    @cached_property
    def _categories(self) -> dict[str, str]:
        return {one["name"]: code for code, one in reversed(categories.tree(self.session).items())}

    @cached_property
    def _nodes(self) -> list[tuple[str, str, str]]:
        query = select(AreaNode.path, AreaNode.level, AreaNode.name).where(
            AreaNode.path.within(self.base), areas.holds_on(local_day(self.now))
        )
        return [(path, level, name) for path, level, name in self.session.execute(query)]

    @cached_property
    def _names(self) -> dict[str, str]:
        return {path: name for path, _, name in self._nodes}

    @cached_property
    def _levels(self) -> dict[str, dict[str, str]]:
        """Places by level, by the part of their name that everybody writes."""
        found: dict[str, dict[str, str]] = {}
        for path, level, name in self._nodes:
            found.setdefault(level, {})[path] = LEVEL_ENDS.sub("", name) or name
        return found


def _words_of(cells: Cells) -> Mapping[str, str]:
    """Title and matter; a title that is too long stays whole in the matter."""
    title, matter = cells.get("标题", ""), cells["主要内容"]
    if len(title) > LONGEST_TITLE:
        matter = f"{title}\n{matter}".strip()
    return {"title": (title or matter.partition("\n")[0])[:LONGEST_TITLE], "content": matter or title}


def _checked(raw: Mapping[str, Any], reasons: Reasons) -> dict[str, Any]:
    """The command as its contract loads it from anybody: what is good is kept so, and not read a second time."""
    given = {name: value for name, value in raw.items() if value is not None}
    try:
        given = SCHEMA.load(given)
    except ValidationError as wrong:
        for path, words in _flat(wrong.messages_dict):
            reasons.setdefault(SPOKEN_OF.get(path, path), words)
    return given


def _flat(messages: Any, before: str = "") -> list[tuple[str, str]]:
    if isinstance(messages, dict):
        return [each for name, more in messages.items() for each in _flat(more, f"{before}.{name}".lstrip("."))]
    return [(before, "；".join(str(each) for each in messages))]
