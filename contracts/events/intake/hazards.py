"""Facts of hazards 隐患."""

from contracts import samples
from contracts.events.intake.base import IntakeEvent
from contracts.fields import Code, Count, Id, Many, One, case_no
from contracts.schema import Example
from contracts.shapes import PersonRef
from kernel import codes


class HazardFact(IntakeEvent):
    """About one hazard; its number is the case number of all that follows."""

    hazard_id = Id()
    number = case_no()


def about_hazard(**more: object) -> Example:
    return {"hazard_id": samples.HAZARD, "number": samples.HAZARD_NO, **more}


class HazardReported(HazardFact):
    name = "hazard_reported"
    title = "隐患已上报"
    kind = Code(codes.HazardKind)
    level = Code(codes.HazardLevel)
    danger_flags = Many(Code(codes.DangerFlag))
    urgency = Code(codes.Urgency)
    photo_count = Count()
    reported_by = One(PersonRef)
    example = about_hazard(
        kind="ELECTRIC",
        level="MAJOR",
        danger_flags=["ELECTRIC_SHOCK"],
        urgency="EMERGENCY",
        photo_count=3,
        reported_by=samples.LI_SHAN,
    )


class HazardSecured(HazardFact):
    name = "hazard_secured"
    title = "隐患已临时管控"
    measure_code = Code(codes.MeasureCode)
    photo_count = Count()
    example = about_hazard(measure_code="CORDON", photo_count=1)


class HazardRemoved(HazardFact):
    name = "hazard_removed"
    title = "隐患已消除"
    verified_by = One(PersonRef)
    photo_count = Count()
    example = about_hazard(verified_by=samples.LI_SHAN, photo_count=2)
