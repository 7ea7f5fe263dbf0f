"""What the grass roots find, at a door or on their round, becomes a case of its own with one command."""

from contracts.fields import Code, Many, One, Text
from contracts.intake.appeals import ReporterInput
from contracts.schema import StrictShape
from contracts.shapes import files
from contracts.tokens import category_code
from kernel import codes
from kernel.codes.base import Code as Codes


class CameOf(Codes):
    APPEAL = "APPEAL", "诉求"
    HAZARD = "HAZARD", "隐患"


class Found(StrictShape):
    place_text = Text(200, label="具体位置", help="例如：2单元301室")
    danger_flags = Many(Code(codes.DangerFlag), most=20, label="有没有危险", help="选一项即为紧急")


class FoundAppeal(Found):
    """Its source is 主动发现. A quarrel or a household in need is told by the category, and goes on from there."""

    content = Text(5000, label="什么事", help="一句话就行")
    category = category_code(label="哪一类")
    nature = Code(codes.Nature, label="性质")
    reporter = One(ReporterInput, optional=True)


class FoundHazard(Found):
    description = Text(2000, label="什么隐患", help="一句话就行")
    kind = Code(codes.HazardKind, label="哪一类")
    level = Code(codes.HazardLevel, label="多严重")
    photos = files(label="现场照片")
