"""Reporting, securing and verifying hazards."""

from contracts import samples
from contracts.fields import Code, Many, Text, area, case_no
from contracts.rpc.intake.base import HazardCommand, IntakeCommand
from contracts.rpc.paging import ListCommand
from contracts.shapes import files, point
from contracts.views.intake import HazardPage, HazardView
from kernel import codes


class ReportHazard(IntakeCommand):
    """Any danger flag makes it EMERGENCY."""

    title = "上报隐患"
    answer = HazardView
    kind = Code(codes.HazardKind)
    level = Code(codes.HazardLevel)
    danger_flags = Many(Code(codes.DangerFlag), most=20)
    area_path = area()
    place_text = Text(200)
    geo = point()
    description = Text(2000)
    photos = files()
    example = {
        "kind": "ELECTRIC",
        "level": "MAJOR",
        "danger_flags": ["ELECTRIC_SHOCK"],
        "area_path": samples.STAIRWELL,
        "place_text": "7号楼前路灯杆",
        "geo": {"lat": 36.68, "lon": 117.06},
        "description": "灯杆倾斜，根部开裂露筋，接线口破损，雨天有触电危险",
        "photos": [samples.PHOTO, samples.PHOTO, samples.PHOTO],
    }


class SecureHazard(HazardCommand):
    """A serious or major hazard needs a photo of the measure."""

    title = "临时管控隐患"
    measure_code = Code(codes.MeasureCode)
    note = Text(1000, optional=True)
    photos = files()
    example = {
        "number": samples.HAZARD_NO,
        "expected_version": 1,
        "measure_code": "CORDON",
        "note": "用树枝和木板围挡并引导行人绕行",
        "photos": [samples.PHOTO],
    }


class VerifyHazard(HazardCommand):
    """The grid worker has seen on site that the hazard is gone."""

    title = "现场核实隐患消除"
    note = Text(1000, optional=True)
    photos = files()
    example = {
        "number": samples.HAZARD_NO,
        "expected_version": 2,
        "note": "灯杆已扶正，接线已修复",
        "photos": [samples.PHOTO],
    }


class GetHazard(IntakeCommand):
    title = "查看隐患"
    answer = HazardView
    number = case_no()
    example = {"number": samples.HAZARD_NO}


class ListHazards(ListCommand):
    """Within the asker's areas."""

    service = "intake"
    title = "隐患列表"
    answer = HazardPage
    state = Many(Code(codes.HazardState), most=20)
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)
    example = {
        "cursor": None,
        "limit": 50,
        "state": ["REGISTERED", "SECURED"],
        "area_path": samples.COMMUNITY,
        "numbers": [samples.HAZARD_NO],
    }
