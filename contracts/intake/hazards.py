"""Hazards 隐患: reported, secured, verified."""

from contracts import samples
from contracts.fields import Code, Count, Id, Many, Moment, One, Text, some
from contracts.intake.appeals import ReporterInput
from contracts.intake.base import DESKS, HAZARD_READERS, REPORTERS, WORKERS, IntakeCommand, IntakeEvent
from contracts.intake.views import ReporterView
from contracts.matters import Matter
from contracts.schema import Example, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, MaskedPerson, Page, PersonRef, files, point
from contracts.tokens import area, case_no
from kernel import codes
from kernel.codes import Hat, Role
from kernel.rights import at, everybody

TAG = "隐患"


class MeasureView(Shape):
    """An interim safety measure."""

    by = One(PersonRef)

    measure_code = Code(codes.MeasureCode)
    note = Text(1000, optional=True)
    photos = files()
    at = Moment()
    by = One(PersonRef)


class HazardSummary(AggregateView):
    """A row of a list."""

    about = Matter("HAZARD", "隐患", codes.HazardState, headline="{kind}隐患：{place_text}")
    state = Code(codes.HazardState)
    kind = Code(codes.HazardKind)
    level = Code(codes.HazardLevel)
    urgency = Code(codes.Urgency)
    danger_flags = Many(Code(codes.DangerFlag))
    place_text = Text(200)
    reported_by = One(PersonRef)


class HazardView(HazardSummary):
    """The whole hazard."""

    description = Text(2000)
    geo = point()
    photos = files()
    channel = Code(codes.Channel, optional=True)
    asset = Code(codes.AssetLabel, optional=True)
    reporter = One(ReporterView, optional=True, seen_by=DESKS)
    on_duty = One(PersonRef, optional=True)
    measures = some(MeasureView)
    verified_by = One(PersonRef, optional=True)
    verify_note = Text(1000, optional=True)
    verify_photos = files()
    removed_at = Moment(optional=True)


class HazardPage(Page):
    items = some(HazardSummary)


class HazardCommand(VersionedCommand):
    """Changes the hazard `number`."""

    service = "intake"
    answer = HazardView
    number = case_no()


class ReportHazard(IntakeCommand):
    """Any danger flag makes it EMERGENCY. `reporter`: whose word it is, where a resident says it or staff write it."""

    title = "上报隐患"
    main = True
    hat = Hat.WATCH
    route = "POST /hazards"
    outdoors = True
    by = REPORTERS
    hint = "任一危险标记即为紧急。"
    location = "/api/hazards/{number}"
    answer = HazardView
    description = Text(2000, label="什么隐患", help="一句话就行")
    area_path = area(label="在哪里")
    place_text = Text(200, label="具体位置", help="例如：2单元301室")
    kind = Code(codes.HazardKind, label="哪一类")
    level = Code(codes.HazardLevel, label="多严重")
    danger_flags = Many(Code(codes.DangerFlag), most=20, label="有没有危险", help="选一项即为紧急")
    photos = files(label="现场照片")
    asset = Code(codes.AssetLabel, optional=True, label="上面写的是哪家", help="看井盖、箱体上的字")
    channel = Code(codes.Channel, default=codes.Channel.PATROL, label="怎么知道的")
    reporter = One(ReporterInput, optional=True)
    geo = point()
    example = {
        "kind": "ELECTRIC",
        "level": "MAJOR",
        "danger_flags": ["ELECTRIC_SHOCK"],
        "area_path": samples.STAIRWELL,
        "place_text": "7号楼前路灯杆",
        "geo": {"lat": 36.68, "lon": 117.06},
        "description": "灯杆倾斜，根部开裂露筋，接线口破损，雨天有触电危险",
        "photos": [samples.PHOTO, samples.PHOTO, samples.PHOTO],
        "asset": "POWER",
        "channel": "PATROL",
        "reporter": {"name": "刘某某", "phone": "13900000003", "contact_preference": "CALL"},
    }


class SecureHazard(HazardCommand):
    """A serious or major hazard needs a photo of the measure."""

    title = "记临时管控"
    main = True
    route = "POST /hazards/<number>/measures"
    by = WORKERS
    hint = "较大和重大隐患须有管控照片。"
    measure_code = Code(codes.MeasureCode, label="措施")
    note = Text(1000, optional=True, label="说明")
    photos = files(label="现场照片")
    example = {
        "number": samples.HAZARD_NO,
        "expected_version": 1,
        "measure_code": "CORDON",
        "note": "用树枝和木板围挡并引导行人绕行",
        "photos": [samples.PHOTO],
    }


class VerifyHazard(HazardCommand):
    """The grid worker has seen on site that the hazard is gone."""

    title = "现场核实已消除"
    route = "POST /hazards/<number>/verification"
    by = WORKERS
    note = Text(1000, optional=True, label="现场情况")
    photos = files(label="现场照片")
    example = {
        "number": samples.HAZARD_NO,
        "expected_version": 2,
        "note": "灯杆已扶正，接线已修复",
        "photos": [samples.PHOTO],
    }


class NameOwner(HazardCommand):
    """Whose it is, seen on the spot or found out later: a danger is met first, whoever owns it (先处置，后定权属)."""

    title = "记权属"
    route = "POST /hazards/<number>/owner"
    by = at(Role.GRID, Role.COMMUNITY, Role.STREET, Role.DISTRICT)
    asset = Code(codes.AssetLabel, label="上面写的是哪家", help="看井盖、箱体上的字")
    example = {"number": samples.HAZARD_NO, "expected_version": 2, "asset": "TELECOM"}


class GetHazard(IntakeCommand):
    title = "查看隐患"
    route = "GET /hazards/<number>"
    by = HAZARD_READERS
    answer = HazardView
    number = case_no()
    example = {"number": samples.HAZARD_NO}


class ListHazards(ListCommand):
    """Within the asker's areas."""

    service = "intake"
    title = "隐患列表"
    route = "GET /hazards"
    by = everybody("登录的人，所列限本人可以查看的")
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


class HazardFact(IntakeEvent):
    """About one hazard; its number is the case number of all that follows."""

    hazard_id = Id()
    number = case_no()


def about_hazard(**more: object) -> Example:
    return {"hazard_id": samples.HAZARD, "number": samples.HAZARD_NO, **more}


class ReportedHazardFact(HazardFact):
    """`told_by`: the resident whose word it is, told what becomes of it."""

    told_by = One(MaskedPerson, optional=True)


class HazardReported(ReportedHazardFact):
    """`on_duty`: who is sent where a resident says it; a member of staff who reports is there already."""

    title = "隐患上报"
    for_staff = (
        "{reported_by}上报{level}隐患：{kind}[，有{danger_flags}][，照片{photo_count}张]，紧急程度“{urgency}”"
        "[，由值班的{on_duty}去看]。"
    )
    for_resident = "隐患（{kind}）已经上报，工作人员正在处理。"
    kind = Code(codes.HazardKind)
    level = Code(codes.HazardLevel)
    danger_flags = Many(Code(codes.DangerFlag))
    urgency = Code(codes.Urgency)
    photo_count = Count()
    reported_by = One(PersonRef)
    on_duty = One(PersonRef, optional=True)
    example = about_hazard(
        kind="ELECTRIC",
        level="MAJOR",
        danger_flags=["ELECTRIC_SHOCK"],
        urgency="EMERGENCY",
        photo_count=3,
        reported_by=samples.LI_SHAN,
        on_duty=None,
        told_by=None,
    )


class HazardSecured(ReportedHazardFact):
    title = "临时管控"
    for_staff = "已采取临时措施：{measure_code}[，照片{photo_count}张]。"
    for_resident = "现场已经采取措施（{measure_code}），请注意安全。"
    measure_code = Code(codes.MeasureCode)
    photo_count = Count()
    example = about_hazard(measure_code="CORDON", photo_count=1, told_by=None)


class HazardOwnerNamed(HazardFact):
    title = "记权属"
    for_staff = "查明权属：{asset}。"
    for_resident = None
    asset = Code(codes.AssetLabel)
    example = about_hazard(asset="TELECOM")


class HazardRemoved(ReportedHazardFact):
    title = "隐患消除"
    for_staff = "{verified_by}现场核实，隐患已消除[，照片{photo_count}张]。"
    for_resident = "隐患已经消除，工作人员到现场核实过了。"
    verified_by = One(PersonRef)
    photo_count = Count()
    example = about_hazard(verified_by=samples.LI_SHAN, photo_count=2, told_by=None)
