"""What dispatch holds about a person: copied for the person, erased when intake orders it."""

from contracts.holdings import EXAMPLE_ERASED, CopyCommand, StoreErased, copy_of_resident


class CopyFromDispatch(CopyCommand):
    service = "dispatch"
    title = "派单中的个人信息"
    example = copy_of_resident()


class DispatchErased(StoreErased):
    source = "dispatch"
    title = "派单已删除"
    example = EXAMPLE_ERASED
